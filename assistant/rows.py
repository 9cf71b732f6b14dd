"""Rows of tables that are about other things than a question names: "the dose of BCG" is not in the row of mitomycin.

Neighbouring rows read alike, and a reader of prose takes them together. Where a question names what one row is about, the other
rows of its table are not cited.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from assistant.designations import Designation, Relation, asked_designations, find_designations
from index import Retrieved
from index.lexical import STOP_WORDS, content_stems, stems

_CELL = re.compile(r"([^:;\n]{1,80}): ([^;\n]+)(?:; |$)")
_ROW = re.compile(r"(?:[^:;\n]{1,80}: [^;\n]+; )+[^:;\n]{1,80}: [^;\n]+")
_LONGEST_KEY = 6  # words of a value that says what its row is about, in the first column
_LONGEST_OTHER = 3  # in another column


def row_cells(text: str) -> dict[str, str]:
    """Return the cells of a row as `corpus.writer` writes it ("Drug: BCG; Dose: 5 mg"), by column; none if it is no row."""
    return {name.strip(): value.strip() for name, value in _CELL.findall(text)} if _ROW.fullmatch(text) else {}


def about_rows(question: str, retrieved: Sequence[Retrieved], most: int) -> tuple[Retrieved, ...]:
    """Return passages whose rows about other things than the question names are no longer among their sentences.

    :param most: How many of the first passages are looked at.
    """
    looked = retrieved[:most]
    places = [(item, span) for item in looked for span in item.passage.sentences]
    texts = [item.passage.text[start - item.passage.start : end - item.passage.start] for item, (start, end) in places]
    tables = [(item.document, item.passage.heading) for item, _ in places]
    others = sort_rows(question, list(zip(tables, texts, strict=True))).others
    if not others:
        return tuple(retrieved)
    gone = {(places[place][0].passage.id, places[place][1]) for place in others}
    return tuple(
        replace(item, passage=replace(item.passage, sentences=tuple(one for one in item.passage.sentences if one not in out)))
        if (out := {span for key, span in gone if key == item.passage.id})
        else item
        for item in retrieved
    )


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
    tables: defaultdict[Hashable, dict[int, dict[str, str]]] = defaultdict(dict)
    for place, (table, text) in enumerate(sentences):
        if cells := row_cells(text):
            tables[table][place] = cells
    asked = frozenset(content_stems(question)) | frozenset(stems(question)) - STOP_WORDS
    ranges = [one for one in asked_designations(question) if one.is_range]
    named: set[int] = set()
    others: set[int] = set()
    for rows in tables.values():
        of_table, not_of_table = _sorted(rows, asked, ranges)
        named |= of_table
        others |= not_of_table
    return Rows(frozenset(named), frozenset(others))


def _sorted(rows: dict[int, dict[str, str]], asked: frozenset[str], ranges: Sequence[Designation]) -> tuple[set[int], set[int]]:
    """Return the rows of one table that are named, and those that are not where some are."""
    columns = dict.fromkeys(name for cells in rows.values() for name in cells)
    named, others = set(rows), set[int]()
    is_any = False
    for position, column in enumerate(columns):
        values = {place: cells[column] for place, cells in rows.items() if column in cells}
        longest = _LONGEST_OTHER if position else _LONGEST_KEY
        if len(values) < 2 or any(len(value.split()) > longest for value in values.values()):
            continue
        found = _named(column, values, asked, is_first=position == 0) | _within(column, values, ranges)
        if found and len(found) < len(values):
            is_any = True
            named &= found | (rows.keys() - values.keys())
            others |= values.keys() - found
    return (named - others, others) if is_any and named - others else (set(), set())


def _named(column: str, values: dict[int, str], asked: frozenset[str], *, is_first: bool) -> set[int]:
    """Return the rows whose value in a column has a word of the question that not all of its values have.

    A number counts only together with the name of its column ("grade 2"): alone it may be anything.
    """
    words = {place: frozenset(stems(value)) for place, value in values.items()}
    shared = frozenset.intersection(*words.values())
    is_column_asked = bool(asked & frozenset(stems(column)))
    found: set[int] = set()
    for place, held in words.items():
        telling = (held & asked) - shared
        letters = {word for word in telling if not word.isdecimal()}
        if letters or (telling and is_column_asked and is_first):
            found.add(place)
    return found


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
