"""What the odds of the reader mean for a question that is read in a conversation, fitted on conversations that are held back.

There a question is short, what was said before stands beside it, and each of several ways to look it up finds something: the
same odds promise less than for a question that stands alone.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.calibration import Calibration
from assistant.extractive import ExtractiveEngine
from assistant.history import NOT_FOUND
from assistant.question import Question
from assistant.question import Turn as Said
from assistant.reader.choice import make_reader
from assistant.reader.conversations import Conversation
from assistant.resolver import Resolver
from assistant.talk.kinds import recognise
from corpus import Document, make_document
from corpus.document import HEADING_SEPARATOR
from index import Embedder, PassageIndex

ALONE = (1.0, 0.0)
"""Scale and shift that change nothing."""


@dataclass(frozen=True)
class Asked:
    """A question that was read in a conversation: the odds that it is answered, and whether its document answers it."""

    odds: float
    answerable: bool


def observe_spoken(
    conversations: Sequence[Conversation], name: str, calibration: Calibration, embedder: Embedder, folder: Path
) -> list[Asked]:
    """Ask every follow-up of its document, after what was asked and answered before it, as the reader called `name` reads it.

    What stands alone, or is no question, is left out, since it is not read in its conversation.
    """
    index = PassageIndex(folder / "conversations", embedder, create=True)
    documents = {one.group: document_of(one) for one in conversations}
    index.add(list(documents.values()))
    reader = make_reader(name, embedder, index, calibration.sentence_weights)
    resolver = Resolver(index, ExtractiveEngine(index, reader, replace(calibration, spoken=ALONE)))
    found: list[Asked] = []
    for number, one in enumerate(conversations, 1):
        history: tuple[Said, ...] = ()
        for turn in one.turns:
            question = Question(turn.question, history, (documents[one.group].name,))
            ways = resolver.ways(question)
            if turn.before and len(ways) > 1 and recognise(turn.question, is_first=False) is None:
                confidence = resolver.decide(question)[1].confidence
                found.append(Asked(math.log(confidence / (1.0 - confidence)), bool(turn.evidence)))
            said = " ".join(one.sections[at][1][start:end] for at, start, end in turn.evidence) or NOT_FOUND
            history = (*history, Said("user", turn.question), Said("assistant", said, ways[0]))
        if number % 20 == 0 or number == len(conversations):
            sys.stderr.write(f"conversations: {number} of {len(conversations)}\n")
    index.close()
    return found


def document_of(conversation: Conversation) -> Document:
    """Return the document that a conversation is about, its sections under their headings."""
    parts = (f"# {heading.split(HEADING_SEPARATOR)[-1]}\n\n{text}\n" for heading, text in conversation.sections)
    return make_document(f"{conversation.group}.md", "\n".join(parts), media_type="text/markdown")


def fit_spoken(asked: Sequence[Asked], calibration: Calibration) -> tuple[Calibration, dict[str, float]]:
    """Scale and shift the odds of what is read in a conversation to what they mean (Platt 1999); return it with figures.

    A sixth of these questions has no answer, half as many as where the threshold was set: who has got an answer mostly goes on
    about what is there.
    """
    odds = np.array([[one.odds] for one in asked])
    labels = np.array([one.answerable for one in asked])
    if len(set(labels)) < 2:
        return calibration, {"questions": len(asked)}
    model = LogisticRegression(C=1.0).fit(odds, labels)
    scale, shift = float(model.coef_[0][0]), float(model.intercept_[0])
    fitted = replace(calibration, spoken=(scale, shift)) if scale > 0.0 else calibration
    answered = np.array([fitted.probability(one.odds, is_spoken=True) for one in asked]) >= fitted.threshold
    before = np.array([fitted.probability(one.odds) for one in asked]) >= fitted.threshold
    return fitted, {
        "auroc": round(float(roc_auc_score(labels, odds[:, 0])), 3),
        "answered": round(float(answered[labels].mean()), 3),
        "false answers": round(float(answered[~labels].mean()), 3),
        "answered without": round(float(before[labels].mean()), 3),
        "false answers without": round(float(before[~labels].mean()), 3),
        "questions": len(asked),
    }
