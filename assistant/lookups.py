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
_WITH = r"with(?! (?:regard|respect)\b)"
_TO = rf"(?:from|to|{_WITH})"
_COMPARISONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_BETWEEN} {_A},? and {_B}{_END}",
        rf"\b(?:compare|contrast) {_A},? (?:and|{_WITH}|to|against|versus|vs\.?) {_B}{_END}",
        rf"\b(?:distinguish|differentiate) {_A},? from {_B}{_END}",
        rf"\bhow (?:do|does|did|is|are|was|were) {_A} (?:differ|different|compared?|distinguished) {_TO} {_B}{_END}",
        rf"\bhow (?:do|does|did) {_A} and {_B} (?:differ|compare|relate)\b(?P<tail>[^?]*?){_END}",
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
_RESPECT = re.compile(
    r",? (?:in (?:terms|respect) of|with (?:regard|respect) to|as regards|regarding|concerning|when it comes to) \S.*$",
    re.IGNORECASE,
)
"""What two things are compared in: it belongs to both."""

_IN = re.compile(r" in (?:the |their )?[a-z]+(?: [a-z]+)?$")
"""The same in short, "mitosis and meiosis in plants", unless the first has an "in" of its own."""

_QUALITIES = (
    r"(?:prices?|doses?|dosages?|costs?|fees?|weights?|(?:side[- ])?effects?|reactions?|sizes?|lengths?|heights?|widths?|"
    r"depths?|ages?|onset|duration|uses?|usage|speeds?|power|capacity|capacities|rates?|safety|efficacy|effectiveness|"
    r"potency|toxicity|numbers?|colou?rs?|actions?|mechanisms?|indications|contraindications|symptoms|causes|risks?|"
    r"benefits?|advantages|disadvantages|features|properties)"
)
_QUALITY = re.compile(rf"(?:^|[\s-]){_QUALITIES}$", re.IGNORECASE)
_PLURAL = re.compile(r"\w{2}[^\Wsui]s$")
_BARE = re.compile(r"(?:(?:that|those) )?(?P<preposition>of|for|in|with|by|from|at|on|to|during|under) \S", re.IGNORECASE)
_CLAUSE = re.compile(
    r"(?:which|who|whose|that|where|when|as|but|if|or|so|such|like|including|especially|particularly|namely)\b", re.IGNORECASE
)
_HEAD = re.compile(
    r"(?!(?:th(?:is|at|ese|ose)|its|his|her|their|my|your|our|all|any|each|every|some|no)\b)([a-z][^A-Z]*?) (?:of|for) "
)
_COMMA = re.compile(r",\s+")
_SIDE_WORDS = 4  # of a thing that stands in a row of them
_MOST_SIDES = 6  # each of them is searched for and read
# "… and which by thiazides" has no verb; "and which of them …" is a question.
_ELLIPSIS = re.compile(
    rf"(?!.*\b{_VERB}\b)"
    r"(?:which|what) (?:by|with|in|for|from|"
    r"of(?! (?:the|this|that|these|those|them|it|us|you|its|his|her|their|my|your|our)\b))\b",
    re.IGNORECASE,
)
_NAME = r"[A-Z][\w-]*(?: [A-Z0-9][\w-]*){0,3}"
_NAMES = re.compile(rf"(?<!between )(?<=[\w,] )(?P<row>{_NAME}(?:, {_NAME}){{0,4}}),? and (?P<b>{_NAME})")
"""Things that are named, after the first word: "do Zetapin and Doloprex have"."""

_KINDS = frozenset(
    "Ward Wards Unit Clinic House Hotel School Street Road Hospital Centre Center Library Team Department".split()
)
_COMMON = frozenset("the a an of in on at for and or".split())
_LEAST_WORDS = 3  # of a question that was joined to another


@dataclass(frozen=True)
class Lookups:
    """What to look up besides the question itself.

    Attributes:
        questions: One for each thing; empty for most questions.
        is_comparison: Whether the answer needs all of them.
        row: The names in a row that were taken for several things; a text that has them so may call one thing by them.
    """

    questions: tuple[str, ...] = ()
    is_comparison: bool = False
    row: str = ""


def find_lookups(question: str) -> Lookups:
    """Return what a question compares or joins, or asks of several things by their names."""
    for pattern in _COMPARISONS:
        match = pattern.search(question)
        if match:
            sides = _sides(match, question)
            return Lookups(sides, True) if len(sides) <= _MOST_SIDES else Lookups()
    if named := _named_sides(question):
        return named
    parts = [part.strip(" ,") for part in _JOINED.split(question)]
    if len(parts) < 2 or any(len(part.split()) < _LEAST_WORDS for part in parts):
        return Lookups()
    if any(_ELLIPSIS.match(part) for part in parts[1:]):
        return Lookups()
    whole = [part if part.endswith("?") else f"{part}?" for part in parts]
    # "… and how are they used?" says nothing without what it was joined to.
    return Lookups(tuple(f"{whole[0]} {part}" if place and _leans(part) else part for place, part in enumerate(whole)))


def _named_sides(question: str) -> Lookups | None:
    """Return the question for each thing of a row of names: "What does parking cost at Hilltop and Lakeside?"."""
    rows = list(_NAMES.finditer(question))
    if len(rows) != 1 or "?" in question[: rows[0].end()]:
        return None
    row = rows[0]
    *others, first = row["row"].split(", ")
    names = [*others, first if others else _completed(first, row["b"]), row["b"]]
    sides = tuple(f"{question[: row.start()]}{name}{question[row.end() :]}" for name in names)
    return Lookups(sides, True, row[0])


def _sides(match: re.Match[str], question: str) -> tuple[str, ...]:
    """Return a question for each of the things that are compared, in words that stand alone."""
    tail = (match.groupdict().get("tail") or "").rstrip()
    after = _RESPECT.search(tail) or _IN.search(tail)
    respect = after or (None if _RESPECT.search(match["a"]) else _RESPECT.search(match["b"]))
    if respect is None and " in " not in match["a"]:
        respect = _IN.search(match["b"])
    last = _side(match["b"] if after or not respect else match["b"][: respect.start()])
    is_row = question[match.end("a") : match.start("b")].strip(" ,").lower().split()[0] == "and"
    pieces = _row(match["a"]) if is_row and "," not in last else [match["a"]]
    first, *others = (_side(piece) for piece in pieces)
    sides = [_completed(first, last) if not others else first]
    sides += [_headed(first, side, is_row=bool(others)) for side in (*others, last)]
    said = respect[0].lstrip(",") if respect else ""
    return tuple(_asked(side, said) for side in sides)


def _row(text: str) -> list[str]:
    """Return the things of a row, "furosemide, torasemide"; what else has commas is one."""
    pieces = [piece for piece in _COMMA.split(text) if piece.strip(" ,")]
    is_row = all(len(piece.split()) <= _SIDE_WORDS and not _CLAUSE.match(piece) for piece in pieces[1:])
    return pieces if is_row and pieces else [text]


def _asked(side: str, respect: str) -> str:
    """Return the question for a side: "What are the prices of gold?"."""
    head = _HEAD.match(side)
    if head:
        return f"What {'are' if _PLURAL.search(head[1]) else 'is'} the {side}{respect}?"
    return f"What {'are' if respect and _PLURAL.search(side) else 'is'} {side}{respect}?"


def _side(text: str) -> str:
    return _ARTICLE.sub("", text.strip(" ,\"'“”"))


def _completed(first: str, second: str) -> str:
    """Return the first side with the noun that it shares with the second: "active" and "passive immunotherapy"."""
    words = second.split()
    if len(first.split()) != 1 or len(words) != 2:
        return first
    is_alike = first.islower() and _is_describing(first) and _is_describing(words[0])
    is_named = first[:1].isupper() and words[1] in _KINDS  # "Cedar and Birch Ward"
    return f"{first} {words[1]}" if is_alike or is_named else first


def _headed(first: str, second: str, is_row: bool = False) -> str:
    """Return the second side with what is asked of the first: "weight of the AquaPress 300" and "AquaPress 500".

    Only where both are names or things of one name, or the first is a quality that both have, since "the treatment of cancer
    and the immune system" are two subjects.

    :param is_row: Whether there are more than two sides.
    """
    if bare := _BARE.match(second):  # "dose of ibuprofen" and "of naproxen"
        head, preposition, _ = first.rpartition(f" {bare['preposition'].lower()} ")
        return f"{head} {second[bare.start('preposition') :]}" if preposition else second
    head, of, thing = first.rpartition(" of ")
    if not of or " of " in second:
        return second
    is_several = is_row and head.islower() and bool(_PLURAL.search(head))
    is_quality = (is_several or bool(_QUALITY.search(head))) and not _QUALITY.search(second)
    is_alike = bool(set(_side(thing).lower().split()) & set(second.lower().split()) - _COMMON)
    is_named = head.islower() and re.fullmatch(_NAME, thing) and re.fullmatch(_NAME, second)  # "dress code of Lakeside"
    return f"{head} of {second}" if is_quality or is_alike or is_named else second


def _is_describing(word: str) -> bool:
    """Whether a word looks like an adjective, by its ending."""
    return word.lower().endswith(("ive", "al", "ic", "ous", "ar", "ed", "ary", "ory", "ible", "able", "ent", "ant", "specific"))


def _leans(text: str) -> bool:
    words = re.findall(r"[^\W_]+", text.lower())
    return any(leans(word, ((0, len(word)),)) for word in words)
