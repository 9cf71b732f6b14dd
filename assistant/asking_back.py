"""Asking back: a question that nothing answers and that does not say what it is about is met with what it may be about.

"How much is it?" as a first question, or "What is the origin of this breed?" after talk of something else, has no answer that
could be checked. What was found nearest names the candidates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.answer import Answer
from assistant.extractive import Decision
from assistant.question import Question
from assistant.terms.conversation import words_of
from corpus.document import innermost_heading
from index.lexical import content_stems

MOST = 4
"""Candidates that are named."""

_FEW_WORDS = 2  # that carry a subject: of more, the question itself says what it is about
_NAMED_WITH_VERB = 2
_CLAUSE = re.compile(r"[,;:.?!]|\b(?:and|or|but|if|when|while|because)\b")
_UNCLEAR = re.compile(
    r"\b(?:(?P<pronoun>it|they|them|its|their|he|she|him|her|his)|(?P<shown>(?:this|that|these|those)(?:\s+(?P<noun>[^\W_]+))?))"
    r"(?![\w’'])",
    re.IGNORECASE,
)
_ASKING = re.compile(r"^(?:what|who) (?:is|are|was|were) (?:(?:the|an|a) )?|[?.!:\s]+$", re.IGNORECASE)


@dataclass(frozen=True)
class Unclear:
    """What a question leaves open.

    Attributes:
        phrase: The words that could be anything: "it", "this breed".
        start: Where they stand in the question.
        end: One past their last character.
    """

    phrase: str
    start: int
    end: int


def find_unclear(text: str, said: str) -> Unclear | None:
    """Return the pronoun, or "this" with its noun, that neither the question nor what was said before explains.

    :param text: The question as it was resolved: a pronoun that is still there was not.
    :param said: The conversation before it.
    """
    match = _UNCLEAR.search(text)
    if match is None or _is_explained(text[: match.start()]):
        return None
    noun = match["noun"]
    if noun and (found := content_stems(noun)):
        return None if set(found) & set(content_stems(said)) else Unclear(match["shown"], match.start(), match.end())
    phrase = match["pronoun"] or match["shown"].split()[0]
    is_open = len(list(words_of(text))) <= _FEW_WORDS
    return Unclear(phrase, match.start(), match.start() + len(phrase)) if is_open else None


def _is_explained(before: str) -> bool:
    """Whether something was named before a pronoun: with a verb ("a bee loses its") or in another clause ("a bee, and its")."""
    words = [span for span, _ in words_of(before)]
    return len(words) >= _NAMED_WITH_VERB or any(_CLAUSE.search(before, end) for _, end in words)


def asked_back(question: Question, blank: Answer, decision: Decision) -> Answer | None:
    """Return the answer that asks back, or None where the question says what it is about or is answered."""
    if decision.answered or question.searched_for is not None:
        return None
    unclear = find_unclear(blank.searched_for, "\n".join(turn.content for turn in question.history))
    if unclear is None:
        return None
    candidates = subjects(decision)
    if not candidates:
        return None
    before, after = blank.searched_for[: unclear.start], blank.searched_for[unclear.end :]
    named = ", ".join(f"“{one}”" for one in candidates)
    reply = f"What do you mean by “{unclear.phrase}”? Nearest in the documents: {named}."
    return replace(blank, reply=reply, options=tuple(f"{before}{one}{after}" for one in candidates))


def subjects(decision: Decision) -> list[str]:
    """Return what the passages found are about, by their headings, the nearest first; without headings nothing is named."""
    named = [innermost_heading(item.passage.heading) for item in decision.retrieved]
    cleaned = [" ".join(_ASKING.sub("", heading).split()) for heading in named]
    return [*dict.fromkeys(one for one in cleaned if content_stems(one))][:MOST]
