"""Rows of tables that answer by an amount ("which is the cheapest?"), looked for in the whole table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.extremes import picked_rows, picks_rows
from assistant.rows import row_cells, shown_heading, table_cells, table_columns
from corpus import Passage, Span
from index import Retrieved


def compared(
    question: str, retrieved: Sequence[Retrieved], passages: Callable[[str], Sequence[Passage]]
) -> tuple[tuple[Retrieved, Span], ...]:
    """Return the rows of the first table found that a question picks by an amount, in reading order; mostly none.

    :param passages: Gives all passages of a document by its name.
    """
    if not picks_rows(question):
        return ()
    tables_of: dict[str, dict[str, list[tuple[Passage, Span]]]] = {}
    for item in retrieved:
        tables = {_table(item.passage, span) for span in item.passage.sentences if _cells(item.passage, span)}
        if not tables:
            continue
        known = {one.passage.id: one for one in retrieved}
        if item.document not in tables_of:
            tables_of[item.document] = _tables(passages(item.document))
        for table, rows in tables_of[item.document].items():
            if table not in tables:
                continue
            cells = {number: _cells(passage, span) for number, (passage, span) in enumerate(rows)}
            if picked := picked_rows(question, cells, f"{item.document} {table}"):
                places = (rows[number] for number in sorted(picked))
                return tuple((known.get(passage.id) or replace(item, passage=passage), span) for passage, span in places)
    return ()


def _tables(passages: Sequence[Passage]) -> dict[str, list[tuple[Passage, Span]]]:
    """Return the rows of the tables of a document, by what stands above them."""
    found: defaultdict[str, list[tuple[Passage, Span]]] = defaultdict(list)
    for passage in passages:
        for span in passage.sentences:
            if _cells(passage, span):
                found[_table(passage, span)].append((passage, span))
    return found


def _table(passage: Passage, span: Span) -> str:
    """Return the heading path of a row, with the names of its columns."""
    heading = shown_heading(passage, span)
    cells = row_cells(passage.between(*span))
    return f"{heading}\n{' '.join(cells)}" if cells else heading


def _cells(passage: Passage, span: Span) -> dict[str, str]:
    """Return the cells of a row by column; none if a sentence is no row."""
    text = passage.between(*span)
    return table_cells(text, table_columns(passage).get(span, ())) or row_cells(text)
