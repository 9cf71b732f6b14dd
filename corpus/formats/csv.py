"""Tables as text: values parted by commas, semicolons, tabs or bars.

What parts them is found by reading the beginning in each way: the right one gives the most rows of the same length. Values
stay as they are written. A file has no pages.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from corpus.document import Extract
from corpus.formats.grid import Cell, Row, looks_typed
from corpus.formats.sheet_tables import TableWriter
from corpus.formats.text import decode
from corpus.limits import Limits
from corpus.refusals import damaged
from corpus.writer import TextWriter

_DELIMITERS = "\t;|,"  # of two that fit as well, the earlier: a comma is also found within numbers and sentences
_NAMED = re.compile(r"\ufeff?\"?sep=(.)\"?[ \t]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)  # Excel's own line
_SAMPLE = 100_000
_SAMPLE_ROWS = 200


def read(data: bytes, name: str, limits: Limits) -> Extract:
    """Read a table; each row with its column names.

    :raises DocumentError: the bytes are not text, or it is too long.
    """
    text = decode(data, name)
    named = _NAMED.match(text)
    if named:
        text = text[named.end() :]
    delimiter = named.group(1) if named else find_delimiter(text[:_SAMPLE])
    writer = TextWriter()
    try:
        rows = _rows(text, delimiter, limits)
    except csv.Error as error:
        raise damaged(name, "CSV", str(error)) from error
    TableWriter(writer, level=1, name=name, limits=limits).write(rows, split_columns=False)
    return writer.extract()


def find_delimiter(sample: str) -> str:
    """Return what parts the values of each row; a comma if nothing does.

    :param sample: The beginning of the file.
    """
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        if delimiter not in sample:
            continue
        try:
            widths = Counter(len(row) for row in islice(_records(sample, delimiter, is_quoted=True), _SAMPLE_ROWS) if row)
        except csv.Error:  # a field beyond the module's limit: not by this one
            continue
        width, count = max(widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]), default=(1, 0))
        score = count / widths.total() if width > 1 else 0.0
        if score > best_score + 0.05:
            best, best_score = delimiter, score
    return best


def _rows(text: str, delimiter: str, limits: Limits) -> list[Row]:
    csv.field_size_limit(max(limits.characters, 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, line, spans = [], 0, 0
    for number, values in enumerate(reader, 1):
        spans, line = reader.line_num - line, reader.line_num
        rows.append(_row(number, values))
    if spans > 1 and text.count('"') % 2:  # a quotation mark that nothing closes has swallowed the rest
        rows = [_row(number, values) for number, values in enumerate(_records(text, delimiter, is_quoted=False), 1)]
    return [row for row in rows if row.cells]


def _records(text: str, delimiter: str, *, is_quoted: bool) -> Iterator[list[str]]:
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)


def _row(number: int, values: list[str]) -> Row:
    stripped = ((column, value.strip()) for column, value in enumerate(values))
    return Row(number, {column: Cell(value, looks_typed(value)) for column, value in stripped if value})
