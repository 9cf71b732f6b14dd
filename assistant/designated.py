"""What passages have to do with the numbered thing that a question names: "ward 217", "grade 3", "CD28".

Neither the search nor the reader tells numbers apart: a row for ward 122 answers a question about ward 217 as well as its own.
So what is said of another thing of the kind is not read, what is said of the right one is read first, and where the documents
name only others, there is no answer. A word and a number count only where the documents have that word before some number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.designations import Designation, Relation, asked_designations, find_designations, spellings
from assistant.numbered import NUMBERED
from corpus import Passage, Span
from corpus.document import HEADING_SEPARATOR
from corpus.passages import leans
from index import Retrieved

_SECTIONS = frozenset("section chapter part paragraph article item step".split())
"""Nouns that are left out where the headings of their kind begin with a number: "2.1 Consent"."""

_NUMBERED_HEADING = re.compile(r"[\s#*]{0,10}(\d{1,4}(?:\.\d{1,4}){0,5})[.)]?\s{1,10}\S")
PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
"""What stands between two paragraphs."""

_CELLS = re.compile(r"[|;\t]")
_COLUMNS = " | "  # between the names of columns at the end of a heading path
_MOST_CELLS = 30
_MOST_ASKED = 8

Finder = Callable[[str], Sequence[Retrieved]]
"""Finds passages by some words."""


@dataclass(frozen=True)
class Designated:
    """Passages beside the designations of a question.

    Attributes:
        items: The passages, without the sentences about other things; those with nothing left come last.
        is_missing: Whether the documents name others of the kind, and not all that is asked for.
        named: What each sentence of a passage names, by passage id and place: the numbers of the designations.
        count: How many designations count.
        first: Ids of passages that together name all that is asked for, which are read in any case.
        others: The sentences about other things, by passage id and place.
    """

    items: tuple[Retrieved, ...]
    is_missing: bool = False
    named: Mapping[tuple[str, Span], frozenset[int]] = field(default_factory=dict)
    count: int = 0
    first: frozenset[str] = frozenset()
    others: frozenset[tuple[str, Span]] = frozenset()

    def names(self, item: Retrieved, span: Span) -> frozenset[int]:
        """Return which of the designations a sentence names."""
        return self.named.get((item.passage.id, span), frozenset())


def designated(question: str, retrieved: Sequence[Retrieved], most: int) -> Designated:
    """Return what passages have to do with the designations of a question; the passages alone without any.

    :param most: How many of the first passages are read.
    """
    asked = asked_designations(question)[:_MOST_ASKED]
    if not asked:
        return Designated(tuple(retrieved))
    sheets = [_Sheet(item, asked) for item in retrieved]
    known = [place for place, one in enumerate(asked) if _counts(one, sheets)]
    if not known:
        return Designated(tuple(retrieved))
    kinds = {asked[place].kind for place in known}
    named = {
        (sheet.item.passage.id, span): sheet.named(position)
        for sheet in sheets
        for position, span in enumerate(sheet.item.passage.sentences)
    }
    narrowed = [sheet.narrowed(kinds) for sheet in sheets]
    others = frozenset(
        (item.passage.id, span)
        for item, left in zip(retrieved, narrowed, strict=True)
        for span in set(item.passage.sentences).difference(left.passage.sentences)
    )
    if not frozenset[int]().union(*named.values()).issuperset(known):
        return Designated(tuple(retrieved), True, named, len(known), others=others)
    items, first = _ordered(narrowed, known, named, most)
    return Designated(items, False, named, len(known), first, others)


def with_named(question: str, retrieved: Sequence[Retrieved], find: Finder) -> list[Retrieved]:
    """Return passages with those that name what a question names and are not among them, which are looked up by its words."""
    items = list(retrieved)
    for one in asked_designations(question)[:_MOST_ASKED]:
        if any(_Sheet(item, [one]).names_any for item in items):
            continue
        held = {item.passage.id for item in items}
        fresh = [item for item in find(spellings(one)) if item.passage.id not in held]
        last = min((item.score for item in items), default=0.0)
        items += [replace(item, score=last) for item in fresh if _Sheet(item, [one]).mentions]
    return [replace(item, rank=rank) for rank, item in enumerate(items, 1)]


def _counts(one: Designation, sheets: Sequence[_Sheet]) -> bool:
    """Whether the documents have the noun before numbers; of a word that is no usual one for that, two or the very number."""
    mentions = {mention.key: mention for sheet in sheets for mention in sheet.mentions if mention.kind == one.kind}
    relations = {one.relation(mention) for mention in mentions.values()}
    if Relation.NAMES in relations:
        return True
    return Relation.OTHER in relations and (one.is_sure or len(mentions) > 1)


def _ordered(
    items: Sequence[Retrieved], asked: Sequence[int], named: Mapping[tuple[str, Span], frozenset[int]], most: int
) -> tuple[tuple[Retrieved, ...], frozenset[str]]:
    """Return the passages in an order in which the first ones name all that is asked for, and those of them that do.

    Those with nothing left come last. The others stay in the order of the search: where a thing is what all of them are about,
    the one that names it most is not the one that answers.
    """
    naming = {
        item.passage.id: frozenset[int]().union(*(named[item.passage.id, span] for span in item.passage.sentences))
        for item in items
    }
    left = [item for item in items if item.passage.sentences]
    first: list[Retrieved] = []
    for place in asked:
        if not any(place in naming[item.passage.id] for item in first):
            first += [item for item in left if place in naming[item.passage.id]][:1]
    late = [item for item in first if item not in left[:most]]
    top = max(item.score for item in items)
    ordered = [*(replace(item, score=top) for item in late), *(item for item in left if item not in late)]
    ordered += [replace(item, score=0.0) for item in items if not item.passage.sentences]
    ranked = tuple(replace(item, rank=rank) for rank, item in enumerate(ordered, 1))
    return ranked, frozenset(item.passage.id for item in first)


class _Sheet:
    """A passage, sentence by sentence, beside the designations that are asked for."""

    def __init__(self, item: Retrieved, asked: Sequence[Designation]) -> None:
        self.item = item
        self._asked = asked
        self._kinds = {one.kind for one in asked}

    @property
    def _passage(self) -> Passage:
        return self.item.passage

    def _text(self, span: Span) -> str:
        return self._passage.text[span[0] - self._passage.start : span[1] - self._passage.start]

    @cached_property
    def _own(self) -> list[list[Designation]]:
        """What each sentence itself names, of the kinds that are asked for."""
        header: list[str] = []
        found: list[list[Designation]] = []
        for span in self._passage.sentences:
            text = self._text(span)
            cells = _cells(text)
            own = find_designations(text, self._kinds)
            if len(cells) > 1:
                columns = header if len(header) == len(cells) else self._columns
                own = [*own, *(one for pair in zip(columns, cells, strict=False) for one in self._cell(*pair))]
                if not any(map(str.isdigit, "".join(cells))):
                    header = cells
            found.append(own)
        return found

    @cached_property
    def _columns(self) -> list[str]:
        """The names of the columns at the end of the heading path; the first word where they are not parted."""
        title = self._passage.heading.rsplit(HEADING_SEPARATOR, 1)[-1]
        return title.split(_COLUMNS) if _COLUMNS in title else title.split()[:1]

    def _cell(self, column: str, cell: str) -> list[Designation]:
        return find_designations(f"{column}: {cell}", self._kinds) if len(column) + len(cell) < 100 else []

    @cached_property
    def _heading(self) -> list[list[Designation]]:
        """What the headings name, the innermost first."""
        found = [find_designations(one, self._kinds) for one in reversed(self._passage.heading.split(HEADING_SEPARATOR))]
        start = self._passage.sentences[0][0] if self._passage.sentences else self._passage.start
        lines = self._passage.text[: start - self._passage.start].splitlines()
        numbers = [match[1] for line in reversed(lines) if (match := _NUMBERED_HEADING.match(line)) is not None]
        kinds = self._kinds & _SECTIONS
        sections = [[one for kind in kinds for one in find_designations(f"{kind} {number}", kinds)] for number in numbers]
        return [*sections, *found]

    @cached_property
    def mentions(self) -> list[Designation]:
        """Everything that it names, of the kinds that are asked for."""
        return [one for some in (*self._own, *self._heading) for one in some]

    @cached_property
    def _relations(self) -> dict[str, list[tuple[Relation, frozenset[int]]]]:
        return {kind: [*self._of_kind(kind)] for kind in self._kinds}

    def _of_kind(self, kind: str) -> Iterator[tuple[Relation, frozenset[int]]]:
        """Yield what each sentence has to do with what is asked for of a kind."""
        heading = next((said for some in self._heading if (said := self._said(kind, some))[0] is not Relation.NEITHER), _NONE)
        before, carried, end = _NONE, _NONE, self._passage.start
        for span, own in zip(self._passage.sentences, self._own, strict=True):
            if PARAGRAPH.search(self._text((end, span[0]))):
                carried = _NONE
            said = self._said(kind, own)
            is_leaning = before is not _NONE and leans(self._text(span), ((0, span[1] - span[0]),))
            if said[0] is not Relation.NEITHER:
                carried = said
            if said[0] is Relation.OTHER and is_leaning and before[0] is Relation.NAMES:
                said = before
            elif said[0] is Relation.NEITHER and is_leaning:
                said = before
            elif said[0] is Relation.NEITHER:
                is_carried = carried[0] is Relation.OTHER and kind in NUMBERED and heading[0] is not Relation.NAMES
                said = carried if is_carried else heading
            before, end = said, span[1]
            yield said

    def _said(self, kind: str, mentions: Sequence[Designation]) -> tuple[Relation, frozenset[int]]:
        of_kind = [mention for mention in mentions if mention.kind == kind]
        named: set[int] = set()
        is_other = False
        for place, one in enumerate(self._asked):
            relations = {one.relation(mention) for mention in of_kind}
            if Relation.NAMES in relations:
                named.add(place)
            is_other = is_other or Relation.OTHER in relations
        return (Relation.NAMES, frozenset(named)) if named else (Relation.OTHER, frozenset()) if is_other else _NONE

    def named(self, position: int) -> frozenset[int]:
        """Return which of the designations a sentence names."""
        return frozenset[int]().union(*(relations[position][1] for relations in self._relations.values()))

    @property
    def names_any(self) -> bool:
        """Whether a sentence names one of them."""
        return any(self.named(position) for position in range(len(self._passage.sentences)))

    def narrowed(self, kinds: set[str]) -> Retrieved:
        """Return the passage without the sentences about other things of some kinds."""
        kept = tuple(
            span
            for position, span in enumerate(self._passage.sentences)
            if all(self._relations[kind][position][0] is not Relation.OTHER for kind in kinds)
        )
        return replace(self.item, passage=replace(self._passage, sentences=kept))


_NONE: tuple[Relation, frozenset[int]] = (Relation.NEITHER, frozenset())


def _cells(text: str) -> list[str]:
    """Return the cells of a table row; a sentence is one cell."""
    return [cell.strip(" *_`") for cell in _CELLS.split(text.strip().strip("|"), _MOST_CELLS)]
