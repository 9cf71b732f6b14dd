"""What passages have to do with the numbered thing that a question names: "ward 217", "grade 3", "CD28".

Neither the search nor the reader tells numbers apart: a row for ward 122 answers a question about ward 217 as well as its own.
So what is said of another thing of the kind is not read, what is said of the right one is read first, and where the documents
name only others, there is no answer. A word and a number count only where the documents have that word before some number.

A number at the beginning of a sentence ("4.2 …", "3. …") names a clause or step too. Every list has its step 3: of several, the
one counts whose heading has the question's words; and a list without what is asked for is read like any other text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.designations import Designation, Relation, asked_designations, find_designations, spellings
from assistant.marks import Mark, sentence_marks
from assistant.numbered import ITEM_MARKED, NUMBERED, SECTION_MARKED
from corpus import Passage, Span
from corpus.blocks import BLANK_LINE
from corpus.document import HEADING_SEPARATOR, innermost_heading
from corpus.passages import leans
from corpus.text_tables import COLUMN_SEPARATOR
from index import Retrieved
from index.lexical import content_stems, stems

_SECTIONS = frozenset("section chapter part paragraph article item step clause rule".split())
"""Nouns that are left out where the headings of their kind begin with a number: "2.1 Consent"."""

_NUMBERED_HEADING = re.compile(r"[\s#*]{0,10}(?:§\s{0,3})?(\d{1,4}(?:\.\d{1,4}){0,5})[.)]?\s{1,10}\S")
_CELLS = re.compile(r"[|;\t]")
_MOST_CELLS = 30
_MOST_ASKED = 8
_LIST_NOUNS = ITEM_MARKED - SECTION_MARKED
_ABOUT_IT = re.compile(r"\W*(?:who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_ASKING = frozenset(
    "say said state read mean tell describ explain do done come requir differ differenc between compar contrast".split()
)
"""Stems of words that ask what a numbered thing is, and do not say of which list it is."""

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
        whole: The sentences that are all that is asked for, in the order of the passages: "What does clause 4.2 say?"
    """

    items: tuple[Retrieved, ...]
    is_missing: bool = False
    named: Mapping[tuple[str, Span], frozenset[int]] = field(default_factory=dict)
    count: int = 0
    first: frozenset[str] = frozenset()
    others: frozenset[tuple[str, Span]] = frozenset()
    whole: tuple[tuple[Retrieved, Span], ...] = ()

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
    subject = _subject(question, asked)
    nouns = frozenset(stems(" ".join(one.kind for one in asked)))
    sheets = [_Sheet(item, asked) for item in retrieved]
    _place(sheets, subject, nouns)
    known = [place for place, one in enumerate(asked) if _counts(place, one, sheets, subject)]
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
    whole = () if _ABOUT_IT.match(question) else _whole(sheets, items, known, subject)
    return Designated(items, False, named, len(known), first, others, whole)


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


def _counts(place: int, one: Designation, sheets: Sequence[_Sheet], subject: frozenset[str]) -> bool:
    """Whether the documents have the noun before numbers; of a word that is no usual one for that, two or the very number.

    What was counted to, "the third step", must be the number of something that is about the question's words, if it has any.
    """
    if one.is_counted:
        naming = [sheet for sheet in sheets if place in sheet.led and not sheet.is_elsewhere]
        return bool(naming) and (not subject or any(sheet.about(subject, whole=True) for sheet in naming))
    told = [*(sheet.mentions for sheet in sheets), *(sheet.numbering(one, subject) for sheet in sheets)]
    mentions = {mention.key: mention for some in told for mention in some if mention.kind == one.kind}
    relations = {one.relation(mention) for mention in mentions.values()}
    if Relation.NAMES in relations:
        return True
    return Relation.OTHER in relations and (one.is_sure or len(mentions) > 1)


def _subject(question: str, asked: Sequence[Designation]) -> frozenset[str]:
    """Return the stems of a question's words that tell of which list or text it is, not which part of it or what is asked."""
    names = {stem for one in asked for stem in stems(f"{one.kind} {one.written}")}
    return frozenset(stem for stem in content_stems(question) if not stem.isdecimal()) - names - _ASKING


def _place(sheets: Sequence[_Sheet], subject: frozenset[str], nouns: frozenset[str]) -> None:
    """Tell the sheets what their places among lists mean: whether the numbers before their sentences count.

    They do where the list, or the text of a section, has what is asked for. Of several that do, one is another list where the
    headings of a second have all its words of the question, its nouns among them, and more; without any in headings, their
    texts are compared.
    """
    lists: dict[tuple[str, str], list[_Sheet]] = {}
    for sheet in sheets:
        if sheet.led:
            lists.setdefault(sheet.section, []).append(sheet)
    words = {key: frozenset[str]().union(*(one.about(subject | nouns) for one in some)) for key, some in lists.items()}
    if not any(words.values()):
        words = {key: frozenset[str]().union(*(one.about(subject, whole=True) for one in some)) for key, some in lists.items()}
    led = {key: frozenset[int]().union(*(one.led for one in some)) for key, some in lists.items()}
    elsewhere = {
        key for key in lists if all(any(at in led[two] and words[key] < words[two] for two in lists) for at in led[key])
    }
    listed = frozenset[str]().union(*(sheet.listed for some in lists.values() for sheet in some))
    for sheet in sheets:
        sheet.place(sheet.section in lists, sheet.section in elsewhere, listed)


def _whole(
    sheets: Sequence[_Sheet], items: Sequence[Retrieved], known: Sequence[int], subject: frozenset[str]
) -> tuple[tuple[Retrieved, Span], ...]:
    """Return the sentences that begin with or stand under all that is asked for, where nothing but it is asked."""
    fitting = {sheet.item.passage.id: sheet for sheet in sheets if sheet.about(subject) == subject and not sheet.is_elsewhere}
    found = [
        (item, span, places)
        for item in items
        if (sheet := fitting.get(item.passage.id)) is not None
        for span, places in sheet.leading_spans()
    ]
    is_whole = frozenset[int]().union(*(places for _, _, places in found)).issuperset(known)
    return tuple((item, span) for item, span, _ in found) if is_whole else ()


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
        self.is_elsewhere = False
        self._asked = asked
        self._kinds = {one.kind for one in asked}
        self._heeds = bool(self.led)  # whether the numbers before sentences count: here, if one of them is asked for
        self._listed = self.listed if self._heeds else frozenset()

    def place(self, heeds: bool, is_elsewhere: bool, listed: frozenset[str]) -> None:
        """Take in what its place among lists tells, before it is asked for what depends on that.

        :param heeds: Whether the numbers before sentences count.
        :param is_elsewhere: Whether what they name is that of another list than the question's.
        :param listed: Nouns of which lists have what is asked for, so that the numbers of headings are none of theirs.
        """
        self.is_elsewhere = is_elsewhere
        self._heeds = heeds
        self._listed = listed | (self.listed if heeds else frozenset())

    @property
    def listed(self) -> frozenset[str]:
        """Nouns of list items that its sentences begin with or stand under."""
        return frozenset(mention.kind for some in self._leading for mention in some) & _LIST_NOUNS

    @property
    def section(self) -> tuple[str, str]:
        """The document and the headings that it stands under."""
        return self.item.document, self._passage.heading

    def about(self, subject: frozenset[str], *, whole: bool = False) -> frozenset[str]:
        """Return which of some stems are in its headings or the name of its document; or in all of it."""
        words = f"{self.item.document} {self._passage.heading}{f' {self._passage.text}' if whole else ''}"
        return subject.intersection(stems(words.replace("_", " ")))

    def numbering(self, one: Designation, subject: frozenset[str]) -> list[Designation]:
        """Return what its numbers name where they tell that there is no such thing, though they name only others.

        Sections do; list items only where all that is asked is what the headings say.
        """
        is_telling = len(one.low) > 1 or (subject and self.about(subject) == subject)
        return [mention for some in self._marked for mention in some] if is_telling else []

    @cached_property
    def _marked(self) -> list[list[Designation]]:
        """What the numbers before each sentence name, of the kinds that are asked for."""
        kinds = self._kinds & (SECTION_MARKED | ITEM_MARKED)
        if not kinds:
            return [[] for _ in self._passage.sentences]
        marks = sentence_marks(self._passage)
        in_headings = {mention.kind for some in self._titles for mention in some}
        has_sections = bool(self._numbers) or any(mark.is_section for some in marks for mark in some)
        items = {kind for kind in kinds & ITEM_MARKED if kind not in in_headings and (kind in _LIST_NOUNS or not has_sections)}
        return [[one for mark in some for one in _named_by(mark, kinds & SECTION_MARKED, items)] for some in marks]

    @cached_property
    def _leading(self) -> list[list[Designation]]:
        """What each sentence begins with or stands under: "Step 3: …", "3. …", of the kinds that have such numbers."""
        kinds = self._kinds & (SECTION_MARKED | ITEM_MARKED)
        found: list[list[Designation]] = []
        for span, marked in zip(self._passage.sentences, self._marked, strict=True):
            start = "".join(self._text(span).lower().split())[:80].lstrip("#*_([")
            own = find_designations(self._text(span)[:80], kinds) if kinds else []
            found.append([*marked, *(one for one in own if start.startswith("".join(one.written.lower().split())))])
        return found

    def leading_spans(self) -> list[tuple[Span, frozenset[int]]]:
        """Return the sentences that begin with or stand under a designation, with which of them."""
        spans = [
            (span, frozenset(place for place, one in enumerate(self._asked) if Relation.NAMES in map(one.relation, leading)))
            for span, leading in zip(self._passage.sentences, self._leading, strict=True)
        ]
        return [(span, places) for span, places in spans if places]

    @cached_property
    def led(self) -> frozenset[int]:
        """Which of the designations its sentences begin with or stand under."""
        return frozenset[int]().union(*(places for _, places in self.leading_spans()))

    @property
    def _passage(self) -> Passage:
        return self.item.passage

    def _text(self, span: Span) -> str:
        return self._passage.between(*span)

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
        title = innermost_heading(self._passage.heading)
        return title.split(COLUMN_SEPARATOR) if COLUMN_SEPARATOR in title else title.split()[:1]

    def _cell(self, column: str, cell: str) -> list[Designation]:
        return find_designations(f"{column}: {cell}", self._kinds) if len(column) + len(cell) < 100 else []

    @cached_property
    def _titles(self) -> list[list[Designation]]:
        """What the words of the headings name, the innermost first."""
        return [find_designations(one, self._kinds) for one in reversed(self._passage.heading.split(HEADING_SEPARATOR))]

    @cached_property
    def _numbers(self) -> list[str]:
        """The numbers that headings begin with, the innermost first."""
        start = self._passage.sentences[0][0] if self._passage.sentences else self._passage.start
        lines = self._passage.between(self._passage.start, start).splitlines()
        return [match[1] for line in reversed(lines) if (match := _NUMBERED_HEADING.match(line)) is not None]

    @cached_property
    def _heading(self) -> list[list[Designation]]:
        """What the headings name, the innermost first; a list's own numbers come before theirs."""
        kinds = (self._kinds & _SECTIONS) - self._listed
        sections = [[one for kind in kinds for one in find_designations(f"{kind} {number}", kinds)] for number in self._numbers]
        return [*sections, *self._titles]

    @cached_property
    def mentions(self) -> list[Designation]:
        """Everything that it names, of the kinds that are asked for."""
        marked = self._marked if self._heeds else []
        return [one for some in (*self._own, *marked, *self._heading) for one in some]

    @cached_property
    def _relations(self) -> dict[str, list[tuple[Relation, frozenset[int]]]]:
        return {kind: [*self._of_kind(kind)] for kind in self._kinds}

    def _of_kind(self, kind: str) -> Iterator[tuple[Relation, frozenset[int]]]:
        """Yield what each sentence has to do with what is asked for of a kind."""
        heading = next((said for some in self._heading if (said := self._said(kind, some))[0] is not Relation.NEITHER), _NONE)
        before, carried, end = _NONE, _NONE, self._passage.start
        for span, own, marked, leading in zip(self._passage.sentences, self._own, self._marked, self._leading, strict=True):
            if BLANK_LINE.search(self._text((end, span[0]))):
                carried = _NONE
            said = self._said(kind, [*own, *marked] if self._heeds else own)
            if self.is_elsewhere and self._said(kind, leading)[0] is Relation.NAMES:
                said = (Relation.OTHER, frozenset())
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


def _named_by(mark: Mark, sections: Collection[str], items: Collection[str]) -> list[Designation]:
    """Return what a mark names, as one of each kind that has such numbers."""
    kinds = sections if mark.is_section else items
    return [one for kind in sorted(kinds) for one in find_designations(f"{kind} {mark.number}", {kind})]


def _cells(text: str) -> list[str]:
    """Return the cells of a table row; a sentence is one cell."""
    return [cell.strip(" *_`") for cell in _CELLS.split(text.strip().strip("|"), _MOST_CELLS)]
