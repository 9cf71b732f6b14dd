"""Follow-ups said in full: ways to look up a question that leans on the conversation.

Nothing here understands language: it puts what was talked about in the place of a pronoun ("How often is it injected?"), or
what is asked now into the frame of what was asked before ("And by specificity?", "no, I meant the hormones"). Most of what
comes of it is nonsense, but its words find passages; the question is then read as it was asked (see `reader.spoken`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.history import is_decline
from assistant.question import Question, Turn
from assistant.terms.frames import core, frames, phrases

MOST = 6
"""Ways in all: each costs a search."""

_PRONOUN = re.compile(r"\b(?:it|they|them|these|those|this|that|ones?)\b(?![’'])", re.I)
_POSSESSIVE = re.compile(r"\b(?:its|their)\b", re.I)
_TURNS_BACK = 3


def rewordings(question: Question) -> list[str]:
    """Return ways to say a follow-up in full, the likelier first; none where nothing can be put in.

    At most `MOST` - 1: the question as it was asked is the other way.
    """
    asked = [core(_joined(turn)) for turn in question.history if turn.role == "user"][-_TURNS_BACK:]
    if not asked:
        return []
    text = core(question.text)
    ways = [*frames(text, asked[-1]), *_for_pronoun(text, [*reversed(asked)], _last_answer(question.history))]
    return [way for way in dict.fromkeys(ways) if way != question.text][: MOST - 1]


def _joined(turn: Turn) -> str:
    return " ".join(turn.content.split())


def _last_answer(history: Sequence[Turn]) -> str:
    """Return the first sentence or so of what was answered last; empty if nothing was."""
    answered = (turn for turn in reversed(history) if turn.role == "assistant" and not is_decline(turn))
    answer = next((_joined(turn) for turn in answered), "")
    return re.split(r"(?<=[.!?;:])\s", answer, maxsplit=1)[0]


def _for_pronoun(text: str, asked: Sequence[str], answer: str) -> Iterator[str]:
    """Yield the question with what was asked and answered before in the place of its pronoun."""
    pronoun, ending = _PRONOUN.search(text), ""
    if not pronoun:
        pronoun, ending = _POSSESSIVE.search(text), "'s"
    if not pronoun:
        return
    subjects = [before[start:end] for before in asked for start, end in phrases(before)]
    said = [answer[start:end] for start, end in phrases(answer)]
    # What a sentence is about stands at its beginning, what it says of it at its end.
    for subject in dict.fromkeys([*subjects[:3], *said[-1:], *said[:1], *subjects[3:]]):
        yield text[: pronoun.start()] + subject + ending + text[pronoun.end() :]
