"""Tables of word processors: which cell governs which place, which rows name the columns, and what a row says.

Nothing in such a file says for certain what a table means, so signs are weighed: rows marked as headings, cells over several
columns or rows, bold type, a label with a colon. A table that only arranges text on the page is not a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Content = TypeVar("Content")

MAX_COLUMNS = 1_000
_LABEL = 80  # characters; a row of one cell that is longer is a remark, and governs nothing
_MOSTLY = 0.6
_YEAR = re.compile(r"(?:18|19|20|21)\d\d")
_LARGE = 600  # characters of a cell that holds a text, not a value


@dataclass(eq=False)
class Cell(Generic[Content]):
    """A cell, which may govern several columns and rows.

    Attributes:
        content: What stands in it.
        text: Its words, on one line.
        columns: How many columns it is wide.
        rows: How many rows it is high.
        is_bold: Whether all of its words are bold.
        holds_structure: Whether headings or tables stand in it.
    """

    content: list[Content] = field(default_factory=list)
    text: str = ""
    columns: int = 1
    rows: int = 1
    is_bold: bool = False
    holds_structure: bool = False


Row = list[Cell[Content]]
Pairs = list[tuple[str, str]]


def lay_out(rows: list[Row[Content]]) -> list[Row[Content]]:
    """Return the rows with each cell in every place that it governs; all are of one length, filled with empty cells."""
    grid: list[Row[Content]] = []
    above: dict[int, tuple[Cell[Content], int]] = {}  # column → the cell that reaches down, and for how many more rows
    for row in rows:
        line: Row[Content] = []
        below: dict[int, tuple[Cell[Content], int]] = {}
        waiting = list(reversed(row))
        while (waiting or any(column >= len(line) for column in above)) and len(line) < MAX_COLUMNS:
            column = len(line)
            if column in above:
                cell, left = above.pop(column)
                if left > 1:
                    below[column] = (cell, left - 1)
                line.append(cell)
            elif waiting:
                cell = waiting.pop()
                for place in range(column, min(column + max(cell.columns, 1), MAX_COLUMNS)):
                    if place in above:  # it overlaps one from above, which is malformed: the narrower reading
                        break
                    if cell.rows > 1:
                        below[place] = (cell, cell.rows - 1)
                    line.append(cell)
            else:
                line.append(Cell())
        above = below
        grid.append(line)
    width = max(map(len, grid), default=0)
    for line in grid:
        line.extend(Cell() for _ in range(width - len(line)))
    return grid


def is_layout(grid: list[Row[Content]]) -> bool:
    """Whether a table only arranges its contents: one row or column, or cells that hold whole texts."""
    if len(grid) < 2 or len(grid[0]) < 2:
        return True
    cells = [cell for cell in {id(cell): cell for line in grid for cell in line}.values() if cell.text]
    large = sum(cell.holds_structure or len(cell.text) > _LARGE for cell in cells)
    columns = sum(any(line[column].text for line in grid) for column in range(len(grid[0])))
    return columns < 2 or 2 * large >= len(cells)


def count_headers(grid: list[Row[Content]], marked: int) -> int:
    """Return how many rows name the columns.

    :param marked: How many the file says that do.
    """
    if 0 < marked < len(grid):
        return marked
    first = grid[0]
    if _names_rows(grid):
        return 0
    high = max((cell.rows for cell in first if cell.text), default=1)
    if 1 < high < len(grid) and any(cell.rows == 1 and cell.columns > 1 for cell in first):
        return high
    if any(_is_value(cell.text) and not cell.is_bold and not _YEAR.fullmatch(cell.text) for cell in first):
        return 0
    is_wide = any(left is right and left.text for left, right in zip(first, first[1:], strict=False))
    is_named_again = not any(_is_value(cell.text) for cell in grid[1]) and _distinct(grid[1]) > _distinct(first)
    return 2 if is_wide and is_named_again and len(grid) > 2 else 1


def _names_rows(grid: list[Row[Content]]) -> bool:
    """Whether the first column says what stands in its row and nothing says what stands in a column: "Dose: | 5 mg"."""
    labels = [line[0] for line in grid if line[0].text]
    if not labels or grid[0][0] not in labels:
        return False
    if all(cell.text.endswith((":", "：")) for cell in labels):
        return True
    others = [cell for cell in grid[0][1:] if cell.text]
    if any(cell.is_bold for cell in others):
        return False
    if len(grid[0]) == 2 and len(labels) == len(grid) > 2:
        # Below a name stand things of its kind; in a form some are numbers and some are not.
        values = [line[1].text for line in grid[1:] if line[0] is not line[1]]
        if 0 < sum(value[:1].isdigit() for value in values) < _MOSTLY * len(values):
            return True
    return all(cell.is_bold for cell in labels) and not all(cell.is_bold for line in grid for cell in line if cell.text)


def _is_value(text: str) -> bool:
    return sum(character.isdigit() for character in text) * 2 > len(text)


def _distinct(line: Row[Content]) -> int:
    return len({id(cell) for cell in line if cell.text})


def column_names(headers: list[Row[Content]]) -> list[str]:
    """Return the name of each column: the words above it from top to bottom, each once."""
    return [" ".join(dict.fromkeys(cell.text for cell in column if cell.text)) for column in zip(*headers, strict=True)]


def banner(line: Row[Content]) -> str:
    """Return the words of a row that is one cell over all columns, empty if it is not such a row."""
    return line[0].text if len(line) > 1 and line[0].text and all(cell is line[0] for cell in line) else ""


def governs(words: str) -> bool:
    """Whether a row of one cell stands over the rows that follow, as a label does and a remark does not."""
    return len(words) <= _LABEL and not words.endswith((".", "!", "?", "。"))


def row_pairs(line: Row[Content], names: list[str], label: str) -> Pairs:
    """Return the column name and value of each cell of a row.

    A cell over several columns is there under each name, or once if they have none.

    :param label: What stands over this row and others, in a row of its own.
    """
    pairs: Pairs = [("", label)] if label else []
    if not any(names) and len(line) == 2 and line[0] is not line[1] and line[0].text:
        return [*pairs, (line[0].text, line[1].text)] if line[1].text else [*pairs, ("", line[0].text)]
    seen: set[tuple[int, str]] = set()
    for name, cell in zip(names or [""] * len(line), line, strict=True):
        if (id(cell), name) not in seen:
            seen.add((id(cell), name))
            pairs.append((name, cell.text))
    return pairs
