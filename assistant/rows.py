"""Rows of tables that are about other things than a question names: "the dose of BCG" is not in the row of mitomycin.

Neighbouring rows read alike, and a reader of prose takes them together. Where a question names what one row is about, the other
rows of its table are not cited.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.designations import Designation, Relation, asked_designations, find_designations
from assistant.listing import DENYING
from corpus import Passage, Span
from corpus.blocks import Block, BlockKind
from corpus.document import HEADING_SEPARATOR, innermost_heading
from corpus.structure import find_blocks
from corpus.text_tables import CELL_MARKS, COLUMN_SEPARATOR, GAP, pipe_cells
from index import Retrieved
from index.lexical import STOP_WORDS, content_stems, stems

_CELL = re.compile(r"([^:;\n]{1,80}): (\S[^\n]*)")
_LONGEST_KEY = 6  # words of a value that says what its row is about, in the first column
_LONGEST_OTHER = 3  # in another column
_VERBS = "is|are|was|were|has|have|had|do|does|did|can|could|may|must|will|would|should"
_NOUN = rf"(?: (?!(?:{_VERBS})\b)[^\W\d_]+){{1,3}}"
_SOUGHT = re.compile(
    rf"\W*(?:(?:in|at|for|with|of|on) )?(?:(?:which|how many)(?P<noun>{_NOUN})|what(?P<one>{_NOUN})(?= (?:{_VERBS})\b))(?! \d)",
    re.IGNORECASE,
)
_DENIED = re.compile(rf"{DENYING}|\b(?:neither|other)\b", re.IGNORECASE)


def row_cells(text: str) -> dict[str, str]:
    """Return the cells of a row as `corpus.writer` writes it ("Drug: BCG; Dose: 5 mg"), by column; none if it is no row.

    What stands after a semicolon and has no name is part of the cell before: "Services: Repair; advice".
    """
    cells: list[tuple[str, str]] = []
    for part in text.split("; "):
        if found := _CELL.fullmatch(part):
            cells.append((found[1].strip(), found[2].strip()))
        elif cells and ": " not in part and "\n" not in part:
            cells[-1] = (cells[-1][0], f"{cells[-1][1]}; {part.strip()}")
        else:
            return {}
    return dict(cells) if len(cells) > 1 else {}


def table_cells(text: str, columns: Sequence[str]) -> dict[str, str]:
    """Return the cells of a row in pipes, or parted by tabs or wide gaps, by column; none if it has other cells than columns.

    A row in pipes may have one cell more, its first: columns without a name are not among those of a heading.
    """
    lines = [line.strip() for line in text.splitlines()]
    is_piped = all(line.startswith("|") or len(pipe_cells(line)) > 1 for line in lines)
    split = [pipe_cells(line) if is_piped else GAP.split(line) for line in lines]
    if len(columns) < 2 or len({len(cells) for cells in split}) != 1 or (len(lines) > 1 and not is_piped):
        return {}
    cells = [" ".join(parts).strip(CELL_MARKS) for parts in zip(*split, strict=True)]
    names = ["", *columns] if is_piped and len(cells) == len(columns) + 1 else list(columns)
    return {name: cell for name, cell in zip(names, cells, strict=True) if cell} if len(names) == len(cells) else {}


@lru_cache(maxsize=256)  # it is asked for each row of a passage
def table_columns(passage: Passage) -> Mapping[Span, tuple[str, ...]]:
    """Return the column names of the table of each sentence that may be a row of one, none for the head of a table itself.

    They stand in the head of the table, or, where the passage begins below it, at the end of its heading path.
    """
    if not any("|" in line or GAP.search(line.strip()) for line in passage.text.splitlines()):
        return {}
    last = tuple(innermost_heading(passage.heading).split(COLUMN_SEPARATOR))
    if table_cells(passage.text.splitlines()[0], last):
        return dict.fromkeys(passage.sentences, last)  # such a passage ends with its table
    columns: dict[int, tuple[str, ...]] = {}
    above: Block | None = None  # a row, rules below it aside
    for block in find_blocks(passage.text):
        if block.kind is BlockKind.ROW and block.title:
            columns[block.start] = tuple(block.title.split(COLUMN_SEPARATOR))
            if above and not above.title:
                columns[above.start] = ()
        if block.kind is not BlockKind.RULE:
            above = block if block.kind is BlockKind.ROW else None
    places = {span[0] - passage.start: span for span in passage.sentences}
    return {places[start]: names for start, names in columns.items() if start in places}


def shown_heading(passage: Passage, span: Span) -> str:
    """Return the heading path of a sentence, which for a row of a table ends with the names of its columns."""
    named = COLUMN_SEPARATOR.join(table_columns(passage).get(span, ()))
    is_row = bool(named) and bool(table_cells(passage.between(*span), named.split(COLUMN_SEPARATOR)))
    if not is_row or passage.heading.endswith(named):
        return passage.heading
    return HEADING_SEPARATOR.join(filter(None, (passage.heading, named)))


def about_rows(question: str, retrieved: Sequence[Retrieved], most: int) -> tuple[Retrieved, ...]:
    """Return passages whose rows about other things than the question names are no longer among their sentences.

    Nor is the head of a table, which says nothing by itself.

    :param most: How many of the first passages are looked at.
    """
    places: list[tuple[Retrieved, Span]] = []
    rows: list[_Row] = []
    gone: set[tuple[str, Span]] = set()
    for item in retrieved[:most]:
        columns = table_columns(item.passage)
        for span in item.passage.sentences:
            text = item.passage.between(*span)
            names = columns.get(span)
            if names == ():
                gone.add((item.passage.id, span))
            cells = table_cells(text, names) if names else {}
            table: Hashable = (item.document, names) if cells else (item.document, item.passage.heading)
            places.append((item, span))
            rows.append(_Row(table, cells or row_cells(text), is_kept=bool(cells)))
    gone |= {(places[place][0].passage.id, places[place][1]) for place in _sort(question, rows).others}
    return tuple(
        replace(item, passage=replace(item.passage, sentences=tuple(one for one in item.passage.sentences if one not in out)))
        if (out := {span for key, span in gone if key == item.passage.id})
        else item
        for item in retrieved
    )


@dataclass(frozen=True)
class _Row:
    """A sentence that may be a row: its table, and its cells by column, none if it is no row.

    Attributes:
        is_kept: Whether it stays where a question names no row, but a kind that several are, or an amount ("as tablets").
    """

    table: Hashable
    cells: dict[str, str]
    is_kept: bool = False


@dataclass(frozen=True)
class Rows:
    """What became of the sentences that are rows, by their places in what was given.

    Attributes:
        named: Those that are about what the question names.
        others: Those of the same tables that are about something else.
    """

    named: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()


def sort_rows(question: str, sentences: Sequence[tuple[Hashable, str]]) -> Rows:
    """Return which rows a question is about, and which of their tables it is not.

    :param sentences: Of each, the table it may be of, and its text; what is no row is in neither.
    """
    return _sort(question, [_Row(table, row_cells(text)) for table, text in sentences])


def _sort(question: str, sentences: Sequence[_Row]) -> Rows:
    tables: defaultdict[tuple[Hashable, bool], dict[int, dict[str, str]]] = defaultdict(dict)
    for place, row in enumerate(sentences):
        if row.cells:
            tables[row.table, row.is_kept][place] = row.cells
    asked = frozenset(content_stems(question)) | frozenset(stems(question)) - STOP_WORDS
    ranges = [one for one in asked_designations(question) if one.is_range]
    sought = _sought(question)
    named: set[int] = set()
    others: set[int] = set()
    for (_, is_kept), rows in tables.items():
        of_table, not_of_table = _sorted(rows, asked, ranges, sought, is_kept=is_kept)
        named |= of_table
        others |= not_of_table
    return Rows(frozenset(named), frozenset(others))


def _sought(question: str) -> tuple[str, ...]:
    """Return the stems of what a question asks which it is of, or how many: "which rooms"; none if it denies something.

    Verbs may follow in them: "which rooms cost".
    """
    found = None if _DENIED.search(question) else _SOUGHT.match(question)
    return tuple(content_stems(found["noun"] or found["one"])) if found is not None else ()


def _sorted(
    rows: dict[int, dict[str, str]],
    asked: frozenset[str],
    ranges: Sequence[Designation],
    sought: Sequence[str],
    *,
    is_kept: bool,
) -> tuple[set[int], set[int]]:
    """Return the rows of one table that are named, and those that are not where some are.

    Where it is asked which rows have something ("which rooms have a bath"), a word of the first column names none of them, and
    a kind that several are of does.

    :param sought: What is asked for (see `_sought`).
    :param is_kept: As in `_Row`.
    """
    columns = list(dict.fromkeys(name for cells in rows.values() for name in cells))
    is_sought = bool(sought) and not any(
        sought[0] in stems(f"{name} {cells[name]}") for cells in rows.values() for name in columns[1:] if name in cells
    )
    named, others = set(rows), set[int]()
    is_any = False
    for position, column in enumerate(columns):
        values = {place: cells[column] for place, cells in rows.items() if column in cells}
        longest = _LONGEST_OTHER if position else _LONGEST_KEY
        if len(values) < 2 or any(len(value.split()) > longest for value in values.values()):
            continue
        if is_kept and position and not is_any and not is_sought and _says_kinds(values.values()):
            continue
        if not position and is_sought and not set(sought).isdisjoint(stems(column)):
            continue
        found = _named(column, values, asked, is_first=position == 0) | _within(column, values, ranges)
        if found and len(found) < len(values):
            is_any = True
            named &= found | (rows.keys() - values.keys())
            others |= values.keys() - found
    return (named - others, others) if is_any and named - others else (set(), set())


def _says_kinds(values: Collection[str]) -> bool:
    """Whether the values of a column are kinds or amounts ("tablet", "5 days"), which are not what its rows are about."""
    return len(set(values)) < len(values) or any(map(str.isdigit, "".join(values)))


def _named(column: str, values: dict[int, str], asked: frozenset[str], *, is_first: bool) -> set[int]:
    """Return the rows whose value in a column has a word of the question that not all of its values have.

    A number counts only together with the name of its column ("grade 2"): alone it may be anything. In the first column, a
    value of which a part is named is not meant where another has more of the question: "hand tools" beside "power tools".
    """
    words = {place: frozenset(stems(value)) for place, value in values.items()}
    shared = frozenset.intersection(*words.values())
    is_column_asked = bool(asked & frozenset(stems(column)))
    found: dict[int, frozenset[str]] = {}
    for place, held in words.items():
        telling = (held & asked) - shared
        letters = {word for word in telling if not word.isdecimal()}
        if letters or (telling and is_column_asked and is_first):
            found[place] = telling
    return {
        place
        for place, telling in found.items()
        if not is_first or words[place] <= asked or not any(telling < other for other in found.values())
    }


def _within(column: str, values: dict[int, str], ranges: Sequence[Designation]) -> set[int]:
    """Return the rows whose value in a column names something within a range that the question names: E2 in "E1 to E3"."""
    kinds = {one.kind for one in ranges}
    if not kinds:
        return set()
    mentions = {place: find_designations(f"{column}: {value}", kinds) for place, value in values.items()}
    return {
        place
        for place, named in mentions.items()
        if any(one.relation(mention) is Relation.NAMES for one in ranges for mention in named)
    }
