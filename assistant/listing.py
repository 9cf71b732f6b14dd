"""How much a question asks for: one thing, or a list.

A question for the kinds or parts of what a section is about is answered by all of the section's items.
A reader scores sentences one by one, and an item ("(3) Cytokines including …") often shares no word with the question; that
it belongs to the answer is said by the document's form: it stands in the section that the question names, or in one list with
a sentence that answers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.answer import CIRCLED, TOUCHING
from corpus import Span
from corpus.blocks import BLANK_LINE, BULLETS
from corpus.document import HEADING_SEPARATOR, innermost_heading
from index import Retrieved
from index.lexical import content_stems

_ASKS_FOR_LIST = re.compile(
    r"\b(?:list|name|enumerate|all|every|each|kinds?|types?|forms?|ways|categor(?:y|ies)|class(?:es|ified|ification)|examples?|"
    r"methods|parts|steps|stages|items|elements|components|members|varieties|belongs?|includes?|comprises?|consists?|"
    r"covered|divided|subdivided)\b|^(?:what|which)\b.*\bare (?:the|there)\b",
    re.IGNORECASE,
)
_ASKS_FOR_SEVERAL = re.compile(
    r"\bwhich (?:of the )?(?:\w+ ){0,2}?(?!(?:does|has|was|its|always)\b)\w+[^\Wsiu]s\b|"
    r"\bwhat (?:\w+ )?(?!(?:does|has|was|its)\b)\w+[^\Wsiu]s (?:are|do|did|have|can|may|must|should|will|would|were)\b",
    re.IGNORECASE,
)
_ASKS_FOR_ONE = re.compile(
    r"(?:^|[,.;:!?–—-]\s+|\b(?:know|tell (?:me|us)|say|wonder(?:ing)?|ask|explain|out|sure|remember|idea)\s+)"
    r"(?:(?:and|but|so|then|also|by|for|in|at|on|to|from|of|with|since|until|about|within|after|before|under|over|up)\s+){0,3}"
    r"(?:who|whom|whose|when|where|"
    r"how (?:much|many|long|old|often|far|late|early|soon|big|large|tall|fast|high|likely|heavy|deep|wide|thick|hot|cold|warm|"
    r"quickly|near|close|common|expensive)|"
    r"which (?!\w+s\b)\w+|what (?:is|was) the)\b",
    re.IGNORECASE,
)
_ASKS_FOR_STEPS = re.compile(
    r"\bwhat (?:do|does|should|must|shall|can|could|would|am|are|is) .*\bdo\b|\bwhat to do\b|^how to\b|"
    r"\bhow (?:do|can|should|could|must) (?:i|we|you|one)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:differ\w*|compar\w*|versus|vs|both|and)\b", re.IGNORECASE)
DENYING = r"\b(?:not|never|no|none|cannot|without|except)\b|n[’']t\b"
"""Matches words that deny, in any case."""

_DENIES = re.compile(DENYING, re.IGNORECASE)
_EITHER = re.compile(r"\bor\b", re.IGNORECASE)
_NUMBER = r"\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4}"
_ENUMERATED = re.compile(rf"(?P<open>\(?)(?P<number>{_NUMBER})(?P<close>[.)])(?:\s|{TOUCHING})|(?P<circled>[{CIRCLED}])")
_BULLET = re.compile(rf"(?:^|\n)[ \t]*([{BULLETS}])[ \t]+\Z")
_NEXT_ITEM = re.compile(rf"\n[ \t]*(?:[{BULLETS}][ \t]+|[{CIRCLED}]|\(?(?:{_NUMBER})[.)](?:[ \t]+|{TOUCHING}))")
"""Between short items that stand in one sentence (see `corpus.passages`)."""

_ROMAN = {roman: value for value, roman in enumerate("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv".split(), 1)}
_ALIKE = 6  # first letters by which two stems are taken for one word: "classifi" and "classif"
_LEAST_ITEMS = 2
_NEAR = 8  # characters of white space between two passages that follow one another
_ASKING = (
    "list name enumerate kind type form way category class classified classification example method part step stage "
    "item element thing component member variety belong include comprise consist cover divide subdivide sort "
    "different various several explain main possible available exist exists there following follows give given tell "
    "show mention mentioned describe described distinguish distinguished called make made know known document text "
    "section two three four five six seven eight nine ten"
)
"""Words that ask for a list, or announce one, and say nothing of what is in it."""

Place = tuple[Retrieved, Span]


@dataclass
class ItemList:
    """The items of a list that stand together, in order.

    Attributes:
        items: Their places.
        lead: The sentence before the first; None where the list opens its section.
    """

    items: list[Place] = field(default_factory=list)
    lead: Place | None = None

    @property
    def introduction(self) -> Place | None:
        """The sentence that announces the list: the one before it, if it ends in a colon."""
        return self.lead if self.lead and _is_announcing(self.lead) else None

    @property
    def places(self) -> list[Place]:
        """The introduction and the items."""
        return [*([self.introduction] if self.introduction else []), *self.items]

    def __len__(self) -> int:
        return sum(_count(place) for place in self.items)

    def cited(self, places: set[tuple[str, Span]]) -> int:
        """Return how many items are among these places."""
        return sum(_count(place) for place in self.items if _key(place) in places)


@dataclass(frozen=True)
class AskedLists:
    """What the lists that were found have to do with an answer.

    Attributes:
        wanted: The lists that belong to it, the one that matters most first.
        denied: Places of those that do not: they say the contrary of what is asked, or stand beside the one that is named.
    """

    wanted: tuple[ItemList, ...] = ()
    denied: frozenset[tuple[str, Span]] = frozenset()

    def cut_short(self, places: set[tuple[str, Span]]) -> str:
        """Return the notice that a list is longer than what is cited of it; empty if none is."""
        for listed in self.wanted:
            if (cited := listed.cited(places)) < len(listed):
                return f"The list has {len(listed)} items, of which {cited} are cited."
        return ""


def asks_for_list(question: str) -> bool:
    """Whether a question asks for several things of a kind."""
    return _ASKS_FOR_LIST.search(question) is not None


def asks_for_several(question: str) -> bool:
    """Whether a question asks for a list, or for each of the things of which something is so ("which rules apply")."""
    return asks_for_list(question) or _ASKS_FOR_SEVERAL.search(question) is not None


def asks_for_one(question: str) -> bool:
    """Whether a question asks for one thing, such as a person, a place, a time or a number, and not for several."""
    return bool(_ASKS_FOR_ONE.search(question)) and not asks_for_list(question) and not _SEVERAL.search(question)


def asked_lists(question: str, retrieved: Sequence[Retrieved], cited: Sequence[Place]) -> AskedLists:
    """Return the lists that belong to an answer: that of the section which is named, and those of which a part is cited.

    :param cited: What is cited, the best first.
    """
    lists = find_lists(retrieved)
    named = _named_list(question, retrieved, lists)
    parts = [one for one in lists if one is not named and _is_wanted(question, one, cited)]
    if named:  # what it asks for is there already
        titles = _titles(retrieved)
        parts = [
            one for one in parts if _is_within(one, named) or not _beyond(question, one) - titles[one.items[0][0].document]
        ]
    ranks = {_key(place): rank for rank, place in enumerate(cited)}
    parts.sort(key=lambda one: min(ranks.get(_key(place), len(ranks)) for place in one.places))
    wanted: list[ItemList] = []
    denied: list[ItemList] = []
    for one in [*([named] if named else []), *parts]:
        contrary = _contrary(question, one, lists)
        chosen, other = (one, contrary) if contrary is None or _is_asked(question, one) else (contrary, one)
        wanted += [chosen] if chosen not in wanted else []
        denied += [other] if other else []
    if named:
        denied += [one for one in lists if _is_beside(one, named) and not (cited and _key(cited[0]) in map(_key, one.places))]
        wanted = [one for one in wanted if one not in denied]
    return AskedLists(tuple(wanted), frozenset(_key(place) for one in denied for place in one.places))


def find_lists(retrieved: Sequence[Retrieved]) -> list[ItemList]:
    """Return the lists of the passages: at least two items with marks of one family.

    A list ends at a sentence without a mark that begins a paragraph or announces another list; a numbered one goes on where
    its numbers do.
    """
    sections: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
    for item in retrieved:
        sections[item.document, item.passage.heading] += [(item, span) for span in item.passage.sentences]
    found = [one for places in sections.values() for one in _lists(sorted(places, key=lambda place: place[1]))]
    return [one for one in found if len(one) >= _LEAST_ITEMS]


def _lists(places: Sequence[Place]) -> list[ItemList]:
    """Return the lists of a section, single items among them."""
    found: list[ItemList] = []
    last: dict[str, tuple[ItemList, frozenset[int]]] = {}  # of each family the list that is open, and its last number
    broken: set[str] = set()
    before: Place | None = None
    for place in places:
        family, number = _mark(place)
        is_parted = before is not None and not _follows(before, place)
        if is_parted or not family and _ends_items(before, place):
            broken |= last.keys()
        if family:
            made, said = last.get(family, (ItemList(), frozenset[int]()))
            if family not in last or not _goes_on(said, number, family in broken):
                made = ItemList([], None if is_parted else before)
                found.append(made)
            made.items.append(place)
            broken.discard(family)
            last[family] = made, _mark(place, is_last=True)[1]
        before = place
    return found


def _goes_on(said: frozenset[int], number: frozenset[int], is_broken: bool) -> bool:
    """Whether an item belongs to the list of the one before it, by their numbers; bullets have none."""
    if not number:
        return not is_broken
    return any(one - 1 in said for one in number) or not is_broken and max(number) > min(said, default=0) and 1 not in number


def _ends_items(before: Place | None, place: Place) -> bool:
    """Whether a sentence without a mark is more than the rest of an item."""
    if before is None or _is_announcing(place):
        return True
    between = _between(before, place)
    return between is None or BLANK_LINE.search(between) is not None


def _is_announcing(place: Place) -> bool:
    return _text(place).rstrip("*_ ").endswith(":")


def _follows(before: Place, place: Place) -> bool:
    """Whether nothing but white space and marks stands between two sentences."""
    between = _between(before, place)
    if between is not None:
        return not re.search(r"\w", between)
    return place[0].passage.start - before[0].passage.end <= _NEAR


def _between(before: Place, place: Place) -> str | None:
    """Return what stands between two sentences; None if they are of two passages."""
    (item, (_, start)), (other, (end, _)) = before, place
    if item.passage.id != other.passage.id:
        return None
    return item.passage.between(start, end)


def _mark(place: Place, is_last: bool = False) -> tuple[str, frozenset[int]]:
    """Return how an item is marked, and what its number may be: of "()", ")", "." or "①", or of its bullet none; else "".

    :param is_last: Whether the number of the last of several short items is meant, not of the first.
    """
    item, span = place
    start = span[0] - item.passage.start
    match = _ENUMERATED.match(item.passage.text, start)
    if not match:
        bullet = _BULLET.search(item.passage.text, 0, start)
        return (bullet[1] if bullet else ""), frozenset()
    family = _family(match)
    if is_last:
        *_, final = [0, *(one.end() for one in _NEXT_ITEM.finditer(_text(place)))]
        begin = _text(place).rfind("\n", 0, final) + 1 if final else 0
        match = _ENUMERATED.match(_text(place)[begin:].lstrip()) or match
    if match["circled"]:
        return family, frozenset([ord(match["circled"]) - ord("①") + 1])
    number = match["number"].lower()
    if number.isdigit():
        return family, frozenset([int(number)])
    letter = [ord(number) - ord("a") + 1] if len(number) == 1 else []
    return family, frozenset([*letter, *([_ROMAN[number]] if number in _ROMAN else [])])


def _family(match: re.Match[str]) -> str:
    return "①" if match["circled"] else match["open"] + match["close"]


def _named_list(question: str, retrieved: Sequence[Retrieved], lists: Sequence[ItemList]) -> ItemList | None:
    """Return the list of the section that a question for a list names, if it asks for no more than the section says it is.

    Of the passages found whose innermost heading is named in the question, the one that has most of its words tells the
    section, without those that name the document; of its lists, the one whose introduction, or for the first the heading, is
    nearest the question.
    """
    if not asks_for_list(question):
        return None
    asked = _words(question)
    titles = _titles(retrieved)
    sections = [item for item in retrieved if _is_named(item.passage.heading, asked)]
    if not sections:
        return None
    section = max(sections, key=lambda item: _covered(item, asked, titles[item.document]))
    heading = _words(innermost_heading(section.passage.heading))
    place = (section.document, section.passage.heading)
    there = [one for one in lists if (one.items[0][0].document, one.items[0][0].passage.heading) == place]
    there = [one for one in there if len(one.items) >= _LEAST_ITEMS or one.introduction]  # not a name beside its value
    nearness: list[tuple[float, float, int]] = []
    for one in there:
        lead = _alike(asked, _words(_text(one.lead))) if one.lead else 0.0
        nearness.append((max(lead, _alike(asked, heading) if one is there[0] else 0.0), lead, len(one)))
    best = there[max(range(len(there)), key=lambda rank: nearness[rank])] if there else None
    return best if best and not _beyond(question, best) - titles[section.document] else None


def _covered(item: Retrieved, asked: frozenset[str], title: frozenset[str]) -> tuple[int, int]:
    """Return how many words of a question the innermost heading has that do not name the document, and how many all have."""
    heading = item.passage.heading
    return len(asked & _words(innermost_heading(heading)) - title), len(asked & (_words(heading) | title))


def _titles(retrieved: Sequence[Retrieved]) -> dict[str, frozenset[str]]:
    """Return the words of the name of each document, and of its first heading where its beginning was found."""
    titles = {item.document: _words(item.document) for item in retrieved}
    for item in retrieved:
        if item.passage.start <= _NEAR:
            titles[item.document] |= _words(item.passage.heading.split(HEADING_SEPARATOR, 1)[0])
    return titles


def _is_wanted(question: str, one: ItemList, cited: Sequence[Place]) -> bool:
    """Whether a list of which a part is cited belongs to the answer as a whole."""
    keys = [_key(place) for place in cited]
    introduction = _key(one.introduction) if one.introduction else None
    items = [place for place in cited if _key(place) in {_key(item) for item in one.items}]
    is_best = bool(keys) and keys[0] == introduction
    is_list = asks_for_several(question) or _ASKS_FOR_STEPS.search(question) is not None
    if not is_best and (asks_for_one(question) or not is_list):
        return False
    telling = items[:1] if is_best and asks_for_one(question) else [] if is_best else list(cited[:1])
    if telling and _is_picked(question, one, telling[0]):
        return False
    if introduction in keys:
        return True
    telling_words = _words(question) - _asking()
    if len(items) >= _LEAST_ITEMS:
        return bool(telling_words & _named_words(one))
    return bool(items) and _key(items[0]) == keys[0] and bool(telling_words & _announced(one))


def _is_picked(question: str, one: ItemList, place: Place) -> bool:
    """Whether a sentence has a word of the question that the list as a whole does not: what is asked is said by it alone."""
    common = frozenset.intersection(*(_words(_text(item)) for item in one.items))
    return bool((_beyond(question, one) & _words(_text(place))) - (common if len(one.items) > 1 else frozenset()))


def _is_beside(one: ItemList, named: ItemList) -> bool:
    """Whether a list is another one of the section whose list is asked for, and no part of that."""
    return one is not named and _share_section(one, named) and not _is_within(one, named)


def _is_within(one: ItemList, named: ItemList) -> bool:
    """Whether a list stands among the items of another."""
    is_among = one.lead in named.items or named.items[0][1] < one.items[0][1] < named.items[-1][1]
    return is_among and _share_section(one, named)


def _share_section(one: ItemList, another: ItemList) -> bool:
    (item, _), (other, _) = one.items[0], another.items[0]
    return (item.document, item.passage.heading) == (other.document, other.passage.heading)


def _contrary(question: str, one: ItemList, lists: Sequence[ItemList]) -> ItemList | None:
    """Return the list that says the contrary of this one, where the question is in their own words, for one of them."""
    if one.introduction is None or _beyond(question, one) or _SEVERAL.search(question) or _EITHER.search(question):
        return None
    said = _text(one.introduction)
    words = _words(said) - _asking()
    for other in lists:
        if other.introduction and other.introduction[0].document == one.introduction[0].document:
            contrary = _text(other.introduction)
            is_alike = bool(words) and _words(contrary) - _asking() == words
            if is_alike and bool(_DENIES.search(said)) != bool(_DENIES.search(contrary)):
                return other
    return None


def _is_asked(question: str, one: ItemList) -> bool:
    return one.introduction is not None and bool(_DENIES.search(question)) == bool(_DENIES.search(_text(one.introduction)))


def _beyond(question: str, one: ItemList) -> frozenset[str]:
    """Return the telling words of a question that neither the headings nor the introduction of a list have."""
    return _words(question) - _asking() - _named_words(one)


def _named_words(one: ItemList) -> frozenset[str]:
    item = one.items[0][0]
    return _words(f"{item.document} {item.passage.heading}") | _announced(one)


def _announced(one: ItemList) -> frozenset[str]:
    """Return the words of the introduction of a list and of the heading right above it."""
    said = _text(one.introduction) if one.introduction else ""
    return _words(f"{innermost_heading(one.items[0][0].passage.heading)} {said}")


def _is_named(heading: str, asked: frozenset[str]) -> bool:
    words = _words(innermost_heading(heading))
    return bool(words) and words <= asked


def _words(text: str) -> frozenset[str]:
    return frozenset(stem[:_ALIKE] for stem in content_stems(text))


@lru_cache(maxsize=1)
def _asking() -> frozenset[str]:
    return _words(_ASKING)


def _alike(some: frozenset[str], others: frozenset[str]) -> float:
    return len(some & others) / max(1, len(some | others))


def _text(place: Place) -> str:
    item, span = place
    return item.passage.between(*span)


def _key(place: Place) -> tuple[str, Span]:
    return place[0].document, place[1]


def _count(place: Place) -> int:
    """Return how many items a sentence is: short ones that follow one another are one."""
    return 1 + len(_NEXT_ITEM.findall(_text(place)))
