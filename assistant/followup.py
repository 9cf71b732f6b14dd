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
from assistant.terms.conversation import WORD, runs_of
from index.lexical import STOP_WORDS

MOST = 6
"""Ways in all: each costs a search."""

_REFUSAL = re.compile(
    r"(?:no+|nope|sorry|oh|oops|well|wrong(?: \w+)?|not (?:that|this|those)(?: one)?|that[’']s not what i \w+)\b[\s,.:;!-]*",
    re.I,
)
_MEANT = re.compile(
    r"\bi (?:actually )?(?:mean|meant|was (?:talking|asking) about|want to know about|should have said)\b[\s,:]*(?:about )?",
    re.I,
)
_OPENING = re.compile(r"(?:and|but|or|so|then|also)\b[\s,]*", re.I)
_ABOUT = re.compile(r"(?:what|how) about\b\s*", re.I)
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.I)
_PREPOSITION = re.compile(r"(?:about|after|at|before|by|for|from|in|of|on|to|under|with|without)\b", re.I)
_ASKS = re.compile(
    r"\b(?:am|are|can|could|did|do|does|had|has|have|how|is|may|was|were|what|when|where|which|who|why|will|would)\b", re.I
)
_AUXILIARY = re.compile(r"\b(?:can|could|did|do|does|may|must|shall|should|will|would)\b", re.I)
_PRONOUN = re.compile(r"\b(?:it|they|them|these|those|this|that|ones?)\b(?![’'])", re.I)
_POSSESSIVE = re.compile(r"\b(?:its|their)\b", re.I)
_NO_SUBJECT = frozenset(
    "call called example instance kind kinds mean means named sort sorts type types use used uses way ways work works".split()
)
_SHORT = 9  # words of a follow-up that has no verb and takes that of the question before
_TURNS_BACK = 3


def rewordings(question: Question) -> list[str]:
    """Return ways to say a follow-up in full, the likelier first; none where nothing can be put in.

    At most `MOST` - 1: the question as it was asked is the other way.
    """
    asked = [_core(_joined(turn)) for turn in question.history if turn.role == "user"][-_TURNS_BACK:]
    if not asked:
        return []
    text = _core(question.text)
    ways = [*_into_frame(text, asked[-1]), *_for_pronoun(text, [*reversed(asked)], _last_answer(question.history))]
    return [way for way in dict.fromkeys(ways) if way != question.text][: MOST - 1]


def is_correction(text: str) -> bool:
    """Whether a turn takes back what was asked ("no, I mean the hormones"): its words replace some, and want no others."""
    return _MEANT.search(text) is not None or _REFUSAL.match(text) is not None


def _joined(turn: Turn) -> str:
    return " ".join(turn.content.split())


def _last_answer(history: Sequence[Turn]) -> str:
    """Return the first sentence or so of what was answered last; empty if nothing was."""
    answered = (turn for turn in reversed(history) if turn.role == "assistant" and not is_decline(turn))
    answer = next((_joined(turn) for turn in answered), "")
    return re.split(r"(?<=[.!?;:])\s", answer, maxsplit=1)[0]


def _core(text: str) -> str:
    """Return a question without what only ties it to the one before: "no, I mean", "and", "what about"."""
    text = text.strip()
    if meant := [*_MEANT.finditer(text)]:
        after = text[meant[-1].end() :].strip(" .,!?")
        text = after or text[: meant[-1].start()].strip(" .,!?")  # "by the preparation, I should have said"
    for opening in (_REFUSAL, _OPENING, _ABOUT):
        if (match := opening.match(text)) and match.end() < len(text):
            text = text[match.end() :]
    return text


def _into_frame(text: str, before: str) -> Iterator[str]:
    """Yield the question before with what is asked now, if that has no verb, in the place of each of its phrases."""
    new = text.rstrip(" ?.!")
    if _ASKS.search(new) or not 0 < len(WORD.findall(new)) <= _SHORT:
        return
    if preposition := _PREPOSITION.match(new):
        for match in re.finditer(rf"\b{preposition.group()}\b[^,;?.!]*", before, re.I):
            yield before[: match.start()] + new + before[match.end() :]
    for start, end in _phrases(before):
        yield before[:start] + _ARTICLE.sub("", new, count=1) + before[end:]


def _for_pronoun(text: str, asked: Sequence[str], answer: str) -> Iterator[str]:
    """Yield the question with what was asked and answered before in the place of its pronoun."""
    pronoun, ending = _PRONOUN.search(text), ""
    if not pronoun:
        pronoun, ending = _POSSESSIVE.search(text), "'s"
    if not pronoun:
        return
    subjects = [before[start:end] for before in asked for start, end in _phrases(before)]
    said = [answer[start:end] for start, end in _phrases(answer)]
    # What a sentence is about stands at its beginning, what it says of it at its end.
    for subject in dict.fromkeys([*subjects[:3], *said[-1:], *said[:1], *subjects[3:]]):
        yield text[: pronoun.start()] + subject + ending + text[pronoun.end() :]


def _phrases(text: str) -> list[tuple[int, int]]:
    """Return the runs of words that carry a subject, each from its first letter to its last.

    Where a question ends with its verb ("What do worker bees build?"), that is no part of the last one.
    """
    words = ((match.span(), match.group().lower()) for match in WORD.finditer(text))
    found = [*runs_of(text, (word for word in words if word[1] not in STOP_WORDS and word[1] not in _NO_SUBJECT))]
    if found and len(found[-1]) > 1:
        (first, _), *_, (last, _) = found[-1]
        if not text[last[1] :].strip(" ?.!") and _AUXILIARY.search(text[: first[0]]):
            found[-1].pop()
    return [(run[0][0][0], run[-1][0][1]) for run in found]
