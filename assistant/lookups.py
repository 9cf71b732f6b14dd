"""What has to be looked up for a question: one that compares or joins two things is looked up for each of them.

"What is the difference between a vaccine and an antibody?" is nearest to a passage that names both, and the two passages
that say what each of them is are what answers it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.passages import leans

_A, _B = r"(?P<a>\S.{0,80}?)", r"(?P<b>\S.{0,80}?)"
_END = r"[?.!]*$"
_BETWEEN = r"(?:differences?|distinctions?|similarit(?:y|ies)|contrast|comparison|relation(?:ship)?s?) between"
_COMPARISONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_BETWEEN} {_A},? and {_B}{_END}",
        rf"\b(?:compare|contrast) {_A},? (?:and|with|to|against|versus|vs\.?) {_B}{_END}",
        rf"\b(?:distinguish|differentiate) {_A},? from {_B}{_END}",
        rf"\bhow (?:do|does|did|is|are|was|were) {_A} (?:differ|different|compared?|distinguished) (?:from|to|with) {_B}{_END}",
        rf"\bhow (?:do|does|did) {_A} and {_B} (?:differ|compare|relate)\b[^?]*{_END}",
        rf"^{_A} (?:versus|vs\.?) {_B}{_END}",
    )
)
_QUESTION_WORD = r"(?:what|how|when|where|who|whom|whose|which|why)\b"
_VERB = r"(?:is|are|was|were|does|do|did|can|could|has|have|should|will)"
_SUBJECT = r"(?:it|he|she|they|we|you|i|one|this|that|these|those|there|its|his|her|their|my|your|our|the|an?|any)"
# A verb needs its own subject: "Who found it and was honoured for it?" is one question with two conditions.
_OPENING = rf"(?:{_QUESTION_WORD}|{_VERB} {_SUBJECT}\b)"
_JOINED = re.compile(rf"\?\s+(?=\S)|,? and (?={_OPENING})", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_COMMON = frozenset("the a an of in on at for and or".split())
_LEAST_WORDS = 3  # of a question that was joined to another


@dataclass(frozen=True)
class Lookups:
    """What to look up besides the question itself.

    Attributes:
        questions: One for each thing; empty for most questions.
        is_comparison: Whether the answer needs all of them.
    """

    questions: tuple[str, ...] = ()
    is_comparison: bool = False


def find_lookups(question: str) -> Lookups:
    """Return what a question compares or joins."""
    for pattern in _COMPARISONS:
        match = pattern.search(question)
        if match:
            first, second = _side(match["a"]), _side(match["b"])
            sides = (_completed(first, second), _headed(first, second))
            return Lookups(tuple(f"What is {side}?" for side in sides), True)
    parts = [part.strip(" ,") for part in _JOINED.split(question)]
    if len(parts) < 2 or any(len(part.split()) < _LEAST_WORDS for part in parts):
        return Lookups()
    whole = [part if part.endswith("?") else f"{part}?" for part in parts]
    # "… and how are they used?" says nothing without what it was joined to.
    return Lookups(tuple(f"{whole[0]} {part}" if place and _leans(part) else part for place, part in enumerate(whole)))


def _side(text: str) -> str:
    return _ARTICLE.sub("", text.strip(" ,\"'“”"))


def _completed(first: str, second: str) -> str:
    """Return the first side with the noun that it shares with the second: "active" and "passive immunotherapy"."""
    words = second.split()
    if len(first.split()) == 1 and len(words) == 2 and first.islower() and _is_describing(first) and _is_describing(words[0]):
        return f"{first} {words[1]}"
    return first


def _headed(first: str, second: str) -> str:
    """Return the second side with what is asked of the first: "weight of the AquaPress 300" and "AquaPress 500".

    Only where both are things of one name, since "the treatment of cancer and the immune system" are two subjects.
    """
    head, of, thing = first.rpartition(" of ")
    if of and " of " not in second and set(_side(thing).lower().split()) & set(second.lower().split()) - _COMMON:
        return f"{head} of {second}"
    return second


def _is_describing(word: str) -> bool:
    """Whether a word looks like an adjective, by its ending."""
    return word.lower().endswith(("ive", "al", "ic", "ous", "ar", "ed", "ary", "ory", "ible", "able", "ent", "ant", "specific"))


def _leans(text: str) -> bool:
    words = re.findall(r"[^\W_]+", text.lower())
    return any(leans(word, ((0, len(word)),)) for word in words)
