"""False names: each function changes one in a sentence, or returns None where it has none."""

from __future__ import annotations

import random
import re

from eval.tampering.facts import NAME, Fact

_CODE = re.compile(r"(?<![\w-])(?:[A-Z]{2,}-?\d{1,3}|[A-Z]{2,6}s?|[A-Z]\d{1,4}[A-Z]?\d?)(?![\w-])")
_TERM = re.compile(r"\b[a-z]{4,}(?:cin|mab|vir|tide|azole|olol|pril|statin|itis|oma|osis|emia)\b(?<!diagnosis)(?<!prognosis)")
_SUBJECT = re.compile(
    r"[A-Z][\w-]*[a-z](?:tine|burg|land|ton|ia|son|ez|man|co|in|el|is|on|er|us)(?= (?:is|was|has|had|began|won|became|did)\b)"
)
_JOINING = frozenset("and or as well the s with".split())
_OPENERS = frozenset(
    "this there these later another number version question reason person season nation union area media data".split()
)
_TERMS = ("adenosine", "rituximab", "ribavirin", "trypsin", "aldolase", "bronchitis", "lymphoma", "fibrosis", "uremia")


def other_name(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Put a name of elsewhere in the document in the place of one."""
    found = list(NAME.finditer(text))
    if not found or not fact.names:
        return None
    match = rng.choice(found)
    return text[: match.start()] + rng.choice(fact.names) + text[match.end() :]


def other_code(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Change a letter or a digit of an abbreviation or code."""
    found = list(_CODE.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    code = match.group()
    at = max(place for place, character in enumerate(code) if character.isupper() or character.isdigit())
    row = "0123456789" if code[at].isdigit() else "ABCDEFGHIKLMNPRSTVWX"
    other = code[:at] + rng.choice([one for one in row if one != code[at]]) + code[at + 1 :]
    return None if other in fact.quote else text[: match.start()] + other + text[match.end() :]


def other_term(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Put another substance or illness in the place of one that has a name of one word."""
    found = list(_TERM.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    return text[: match.start()] + rng.choice([one for one in _TERMS if one not in fact.quote]) + text[match.end() :]


def other_subject(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Put a name of elsewhere in the document in the place of the one with which the sentence begins."""
    match = _SUBJECT.match(text)
    if match is None or match.group().lower() in _OPENERS or not fact.names:
        return None
    return rng.choice(fact.names) + text[match.end() :]


def exchanged_names(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Exchange two names of the sentence, unless they only stand side by side."""
    pattern = "|".join(re.escape(name) for name in sorted(fact.own_names, key=len, reverse=True))
    names = list(re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-])", text)) if pattern else []
    pairs = [
        (one, two)
        for place, one in enumerate(names)
        for two in names[place + 1 : place + 3]
        if not _are_alike(one.group(), two.group()) and _are_apart(text, one, two)
    ]
    if not pairs:
        return None
    one, two = rng.choice(pairs)
    return text[: one.start()] + two.group() + text[one.end() : two.start()] + one.group() + text[two.end() :]


def _are_apart(text: str, one: re.Match[str], two: re.Match[str]) -> bool:
    """Whether what stands between two names says which is which: "A and B", "A, B" and "stage A, stage B" do not."""
    before = re.findall(r"[a-z]+", text[: one.start()])[-1:]
    between = re.findall(r"[a-z]+", text[one.end() : two.start()])
    return any(word not in (*_JOINING, *before) for word in between)


def _are_alike(one: str, two: str) -> bool:
    """Whether two names have a word in common, or one that begins as one of the other: "Seljuk" and "Seljuks"."""
    first, second = (re.findall(r"[a-z0-9]+", re.sub(r"[^\x00-\x7f]", "", name.lower())) for name in (one, two))
    return any(left[:4] == right[:4] for left in first for right in second)
