"""Tables in plain text and Markdown: each row is a block, and knows the names of its columns.

Four kinds are found: pipe tables (GitHub Flavored Markdown, "Tables (extension)"), grid tables (`+---+`, as Pandoc and
reStructuredText write them), columns below a line of names and a line of dashes (Pandoc, "simple_tables"), and lines whose
cells are parted by tabs or stand in columns. The text stays as it is, since all
offsets count in it; so the names of the columns cannot be written into the rows. They are the `title` of each row's block,
and a passage that begins below the head of its table has them in its heading path.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.blocks import Block, BlockKind
from corpus.document import Span
from corpus.markdown import trimmed_block

_DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
COLUMN_SEPARATOR = " | "
"""Stands between the names of columns in a row's `title`, and so at the end of a heading path."""

CELL_MARKS = "*_` "
"""What may stand around the words of a cell."""

GAP = re.compile(r"(?:\t| {2,})[ \t]*")
"""What stands between the cells of an aligned table."""

_PIPE = re.compile(r"(?<!\\)(?:\\\\)*\|")
_GRID = re.compile(r"\+(?:[-=:]+\+)+$")
_DASHED = re.compile(r"[ \t]*-{2,}(?:[ \t]+-{2,})+$")
_MARK = re.compile(r"\s*(?:[-*+•‣▪◦·–—>#]|\(?\w{1,3}[.)])[ \t]")
_INTERRUPTS = re.compile(r"[ \t]*(?:>|#{1,6}[ \t]|```|~~~|[-*+][ \t])")
_LEAST_LINES = 3  # of an aligned table; two may be chance


def table_at(text: str, lines: Sequence[Span], position: int) -> list[list[Block]]:
    """Return the blocks of the table that begins with a line, for each of its lines; empty if none begins there.

    :param lines: Spans of all lines of `text`, with their line ends.
    :param position: Index of the line in `lines`.
    """
    line = _line(text, lines, position)
    if "|" in line and position + 1 < len(lines):
        return _pipe_table(text, lines, position)
    if line.lstrip().startswith("+-"):
        return _grid_table(text, lines, position)
    if _DASHED.match(_line(text, lines, position + 1)) and line.strip() and not _is_rule(line):
        return _dashed_table(text, lines, position)
    return _aligned_table(text, lines, position) if "\t" in line.strip() or "  " in line.strip() else []


def _line(text: str, lines: Sequence[Span], position: int) -> str:
    if position >= len(lines):
        return ""
    start, end = lines[position]
    return text[start:end].rstrip()


def _block(text: str, kind: BlockKind, lines: Sequence[Span], title: str = "") -> Block:
    """Return the block of some lines that follow each other."""
    return replace(trimmed_block(text, kind, lines[0][0], lines[-1][1]), title=title)


def pipe_cells(line: str) -> list[str]:
    """Return the cells of a row of a pipe table; an escaped pipe is part of a cell."""
    line = line.strip()
    ends = [found.end() for found in _PIPE.finditer(line)]
    starts = [0, *ends]
    cells = [line[start : end - 1] for start, end in zip(starts, [*ends, len(line) + 1], strict=True)]
    if line.startswith("|"):
        cells = cells[1:]
    if ends and ends[-1] == len(line):
        cells = cells[:-1]
    return [cell.strip() for cell in cells]


def _names(cells: Sequence[str]) -> str:
    names = (cell.replace("\\|", "|").strip(CELL_MARKS) for cell in cells)
    return COLUMN_SEPARATOR.join(name for name in names if name)


def _pipe_table(text: str, lines: Sequence[Span], position: int) -> list[list[Block]]:
    delimiters = _line(text, lines, position + 1).strip()
    if not _DELIMITERS.match(delimiters):
        return []
    head = pipe_cells(_line(text, lines, position))
    if len(head) != len(pipe_cells(delimiters)) or "|" not in delimiters + _line(text, lines, position):
        return []
    made = [[_block(text, BlockKind.ROW, lines[position : position + 1])]]
    made.append([_block(text, BlockKind.RULE, lines[position + 1 : position + 2])])
    title = _names(head)
    for place in range(position + 2, len(lines)):
        line = _line(text, lines, place)
        if "|" not in line or _INTERRUPTS.match(line):
            break
        made.append([_block(text, BlockKind.ROW, lines[place : place + 1], title)])
    return made


def _grid_table(text: str, lines: Sequence[Span], position: int) -> list[list[Block]]:
    """Return the rows of a grid table, each of which may be several lines."""
    stop = position
    while stop < len(lines) and (line := _line(text, lines, stop)).lstrip()[:1] in ("+", "|"):
        if line.lstrip().startswith("+") and not _GRID.match(line.strip()):
            break
        stop += 1
    rules = [place for place in range(position, stop) if _GRID.match(_line(text, lines, place).strip())]
    if len(rules) < 2 or stop - position < _LEAST_LINES:
        return []
    head_end = next((place for place in rules if "=" in _line(text, lines, place)), position)
    head = [pipe_cells(_line(text, lines, place)) for place in range(position + 1, head_end) if place not in rules]
    width = max(map(len, head), default=0)
    title = _names([" ".join(row[column] for row in head if column < len(row)).strip() for column in range(width)])
    made: list[list[Block]] = []
    for before, after in zip(rules, [*rules[1:], stop], strict=True):
        made.append([_block(text, BlockKind.RULE, lines[before : before + 1])])
        if after > before + 1:
            row = _block(text, BlockKind.ROW, lines[before + 1 : after], title if before >= head_end else "")
            made += [[row], *([] for _ in range(after - before - 2))]
    return made


def _dashed_table(text: str, lines: Sequence[Span], position: int) -> list[list[Block]]:
    """Return the rows of a table whose names stand above a line of dashes, which shows where its columns begin."""
    starts = [found.start() for found in re.finditer("-+", _line(text, lines, position + 1))]
    head = _line(text, lines, position)
    title = _names([head[start:end] for start, end in zip([0, *starts[1:]], [*starts[1:], len(head)], strict=True)])
    made = [[_block(text, BlockKind.ROW, lines[position : position + 1])]]
    made.append([_block(text, BlockKind.RULE, lines[position + 1 : position + 2])])
    for place in range(position + 2, len(lines)):
        line = _line(text, lines, place)
        if not line.strip():
            break
        if _is_rule(line):
            made.append([_block(text, BlockKind.RULE, lines[place : place + 1])])
            break
        made.append([_block(text, BlockKind.ROW, lines[place : place + 1], title)])
    return made if len(made) > 2 else []


def _aligned_table(text: str, lines: Sequence[Span], position: int) -> list[list[Block]]:
    """Return the rows of a table whose cells are parted by tabs, or begin in the same column in each line."""
    columns = _columns(_line(text, lines, position))
    stop = position
    while stop < len(lines) and columns and _columns(line := _line(text, lines, stop), columns, "\t" in line.strip()):
        stop += 1
    if stop - position < _LEAST_LINES:
        return []
    rows = [_line(text, lines, place) for place in range(position, stop)]
    words = [row for row in rows if not _is_rule(row)]
    has_head = len(words) > 1 and not any(map(str.isdigit, words[0])) and any(map(str.isdigit, "".join(words[1:])))
    title = _names(GAP.split(words[0].strip())) if has_head else ""
    made = []
    for place, row in zip(range(position, stop), rows, strict=True):
        kind = BlockKind.RULE if _is_rule(row) else BlockKind.ROW
        is_below = kind is BlockKind.ROW and row is not words[0]
        made.append([_block(text, kind, lines[place : place + 1], title if is_below else "")])
    return made


def _is_rule(row: str) -> bool:
    return set(row) <= set("-=+|: \t") and ("--" in row or "==" in row)


def _columns(line: str, wanted: Sequence[Span] = (), by_number: bool = False) -> list[Span]:
    """Return the columns that the cells of a line take; empty if it has one cell, or other cells than `wanted`.

    :param wanted: Columns of another line: each cell has to begin or end where that one's does.
    :param by_number: Whether as many cells are enough, as with tabs.
    """
    inner = line.strip()
    if not inner or _MARK.match(line):
        return []
    shift = len(line) - len(line.lstrip())
    gaps = [found.span() for found in GAP.finditer(inner)]
    starts = [shift, *(shift + end for _, end in gaps)]
    ends = [*(shift + start for start, _ in gaps), len(line)]
    columns = list(zip(starts, ends, strict=True))
    if len(columns) < 2 or (wanted and len(columns) != len(wanted)):
        return []
    aligned = all(one[0] == other[0] or one[1] == other[1] for one, other in zip(columns, wanted or columns, strict=True))
    return columns if aligned or by_number else []
