"""A follow-up put into the question before it: "And a drill?" after "How long may I keep a ladder?"

Nothing here understands language: what is asked now takes the place of each of the phrases of what was asked before. Which of
these ways to say it is meant, if any, is for others to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.terms.conversation import WORD, runs_of
from index.lexical import STOP_WORDS

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
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.I)
PREPOSITION = re.compile(r"(?:about|after|at|before|by|for|from|in|of|on|to|under|with|without)\b", re.I)
_ASKS = re.compile(
    r"\b(?:am|are|can|could|did|do|does|had|has|have|how|is|may|was|were|what|when|where|which|who|why|will|would)\b", re.I
)
_AUXILIARY = re.compile(r"\b(?:can|could|did|do|does|may|must|shall|should|will|would)\b", re.I)
_NO_SUBJECT = frozenset(
    "call called example instance kind kinds mean means named sort sorts type types use used uses way ways work works".split()
)
_SHORT = 9  # words of a follow-up that has no verb and takes that of the question before


def is_correction(text: str) -> bool:
    """Whether a turn takes back what was asked ("no, I mean the hormones"): its words replace some, and want no others."""
    return _MEANT.search(text) is not None or _REFUSAL.match(text) is not None


def core(text: str) -> str:
    """Return a question without what only ties it to the one before: "no, I mean", "and", "what about"."""
    text = text.strip()
    if meant := [*_MEANT.finditer(text)]:
        after = text[meant[-1].end() :].strip(" .,!?")
        text = after or text[: meant[-1].start()].strip(" .,!?")  # "by the preparation, I should have said"
    for opening in (_REFUSAL, _OPENING, _ABOUT):
        if (match := opening.match(text)) and match.end() < len(text):
            text = text[match.end() :]
    return text


def is_phrase(text: str) -> bool:
    """Whether a follow-up, without its mark, has no verb that asks, and takes that of the question before."""
    return not _ASKS.search(text) and 0 < len(WORD.findall(text)) <= _SHORT


def frames(text: str, before: str) -> Iterator[str]:
    """Yield the question before with what is asked now, if that has no verb, in the place of each of its phrases."""
    new = text.rstrip(" ?.!")
    if not is_phrase(new):
        return
    if preposition := PREPOSITION.match(new):
        for match in re.finditer(rf"\b{preposition.group()}\b[^,;?.!]*", before, re.I):
            yield before[: match.start()] + new + before[match.end() :]
    for start, end in phrases(before):
        yield before[:start] + without_article(new) + before[end:]


def without_article(phrase: str) -> str:
    """Return a phrase without the article that it begins with, since what it replaces kept its own."""
    return _ARTICLE.sub("", phrase)


def phrases(text: str) -> list[tuple[int, int]]:
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
