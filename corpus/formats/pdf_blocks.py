"""Lines in reading order made into headings, paragraphs, items and rows, over columns and pages.

Sizes and weights are judged against the body text, that is, the size of most letters of the document. A line begins a
paragraph where it is set off, indented, of another font, or where its first word would have fitted on the line before.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.blocks import BlockKind
from corpus.formats.pdf_joining import join_broken
from corpus.formats.pdf_layout import Region
from corpus.formats.pdf_lines import Line, is_caption
from corpus.formats.pdf_parts import BULLET, HYPHENS, LARGER, NUMBER, SAME, SECTION, SMALLER, Part, closes, ends, leads
from corpus.formats.pdf_style import LONG_COLUMN, Style, is_heading, is_typed, right_edge
from corpus.formats.pdf_tables import Table

_TABLE = re.compile(r"(?:Supplementary\s+)?(?:Table|Tab\.?|Tabelle|Tableau)\s*[A-Z]?\d", re.IGNORECASE)
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡§¶]{1,3}|[a-z])[.)]?\s*(?=\S)")
_DASHES = "-–—*·"
_INDENT = 0.7  # em
_SET_OFF = 1.3  # times the usual distance of lines
_LEVELS = 9


def find_parts(pages: list[list[Region]], style: Style) -> list[Part]:
    """Return the parts of a document in reading order; the page of their lines never goes back."""
    parts: list[Part] = []
    table: Table | None = None
    for regions in pages:
        notes: list[Part] = []
        for region in regions:
            if isinstance(region, Table):
                table = _continued(region, table)
                parts.extend(_table_parts(table))
                continue
            for part in _flow_parts(region.lines, style):
                is_small = part.floats and part.lines[0].size < SMALLER * style.size and part.kind is not BlockKind.HEADING
                is_low = part.closes or bool(notes)
                is_note = part.lines[0].note or (is_small and is_low and _NOTE.match(part.mark or part.text))
                (notes if is_note else parts).append(part)
        parts.extend(notes)
    _find_captions(parts, style)
    _set_levels(parts)
    _set_captions(parts)
    return join_broken(parts)


# Tables


def _continued(table: Table, before: Table | None) -> Table:
    """Give a table without names those of the table before it, if it stands in the same columns."""
    if table.names or before is None or not before.names or len(table.columns) != len(before.columns):
        return table
    same = sum(abs(one - other) < 4 for one, other in zip(table.columns, before.columns, strict=True))
    return replace(table, names=before.names) if same == len(table.columns) else table


def _table_parts(table: Table) -> list[Part]:
    made = []
    for row in table.rows:
        lines = [line for cell in row for line in cell]
        names = table.names or [""] * len(row)
        cells = [(name, cell) for name, cell in zip(names, row, strict=True) if cell]
        if lines:
            made.append(Part(BlockKind.ROW, lines, cells, floats=True))
    return made


def _find_captions(parts: list[Part], style: Style) -> None:
    """Make a heading that is no larger or bolder than the text, right above a table, the caption that it is."""
    for part, after in zip(parts, parts[1:], strict=False):
        first = part.lines[0]
        is_plain = not first.bold and first.size < LARGER * style.size
        if part.kind is BlockKind.HEADING and after.kind is BlockKind.ROW and is_plain:
            part.kind, part.floats = BlockKind.PARAGRAPH, True


def _set_captions(parts: list[Part]) -> None:
    """Give the rows of each table its caption: the part before them, else the one after them."""
    begin = 0
    while begin < len(parts):
        end = begin
        while end < len(parts) and parts[end].kind is BlockKind.ROW:
            end += 1
        if end > begin:
            around = (parts[begin - 1 : begin], parts[end : end + 1])
            caption = next((one for near in around for one in near if _TABLE.match(one.text)), None)
            for part in parts[begin:end]:
                part.caption = caption
        begin = end + 1


# One column


def _flow_parts(lines: list[Line], style: Style) -> list[Part]:
    """Cut the lines of a column into parts."""
    parts: list[Part] = []
    left = min(line.left for line in lines)
    right = right_edge(lines)
    if len(lines) < LONG_COLUMN:  # too few to show how wide their column is
        right = max([right, *(end for start, end in style.edges if abs(start - left) < 3 and end - right < 0.5 * (end - left))])
    leading = _leading(lines, style)
    current: list[Line] = []
    for place, line in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else None
        if current and _begins(current, line, after, right, leading, style):
            parts.append(_part(current, right, style))
            current = []
        current.append(line)
    if current:
        parts.append(_part(current, right, style))
    for part in parts:  # notes at the foot and captions at the head stand outside the text
        part.opens = True
        if not part.floats:
            break
    for part in reversed(parts):
        part.closes = True
        if not part.floats:
            break
    _set_depths(parts)
    return parts


def _leading(lines: list[Line], style: Style) -> float:
    distances = sorted(
        after.base - before.base
        for before, after in zip(lines, lines[1:], strict=False)
        if abs(before.size - after.size) < 0.5 and after.base > before.base
    )
    size = sorted(line.size for line in lines)[len(lines) // 2]
    own = distances[int(0.3 * len(distances))] if len(distances) >= 5 else 1e9
    return min(own, style.leading.get(round(2 * size), 1e9), 3 * size) if distances else style.distance(size)


def _fits(before: Line, line: Line, right: float) -> bool:
    """Whether the first word of a line would have fitted on the line before."""
    first = line.text.split(maxsplit=1)[0]
    width = (line.right - line.left) * len(first) / max(len(line.text), 1)
    return before.right + width + 0.6 * line.size < right


def _starts_item(line: Line) -> bool:
    return line.bullet or BULLET.match(line.text) is not None or NUMBER.match(line.text) is not None


def _begins(current: list[Line], line: Line, after: Line | None, right: float, leading: float, style: Style) -> bool:
    """Whether a line begins a new part after the lines of `current`."""
    first, before = current[0], current[-1]
    em = line.size
    if not style.typed and (is_typed(line) or is_typed(before)):
        return not (is_typed(line) and is_typed(before) and 0 < line.base - before.base < 2 * em)
    if leads(before.text) or line.note != before.note:
        return True
    unfinished = not ends(before.text)
    runs_on = unfinished and line.text[:1].islower() and not _starts_item(line)
    if abs(line.size - before.size) > SAME * max(line.size, before.size):
        return True
    distance = line.base - before.base
    usual = max(leading if abs(line.size - style.size) < 0.5 else style.distance(line.size), 1.05 * em)
    if distance <= 0.3 * em or distance > _SET_OFF * usual + (0.3 * em if runs_on else 0):
        return True
    if line.bold != before.bold and not (runs_on or (before.bold and not _fits(before, line, right) and unfinished)):
        return True
    if line.bullet or (BULLET.match(line.text) and line.text[0] not in _DASHES):
        return True
    if BULLET.match(line.text):  # or a dash within a sentence
        is_next = first.text[0] == line.text[0] and abs(first.left - line.left) < 0.3 * em
        return is_next or (not runs_on and (_fits(before, line, right) or abs(line.left - before.left) > 0.3 * em))
    if before.text.endswith(HYPHENS) and line.text[:1].islower():
        return False
    is_item = _starts_item(first)
    if NUMBER.match(line.text) and _is_next_number(first, before, line, right):
        return True
    if line.bold and line.size > LARGER * style.size:
        return False  # a title of several lines, broken where its author liked
    if is_caption(line.text) and not unfinished:
        return True
    return _is_indented_anew(current, line, after, right, is_item=is_item, runs_on=runs_on)


def _is_next_number(first: Line, before: Line, line: Line, right: float) -> bool:
    """Whether a number at the beginning of a line marks an item, and is not one of the sentence before."""
    own, new = NUMBER.match(first.text), NUMBER.match(line.text)
    if own is not None and new is not None and abs(first.left - line.left) < line.size:
        counted = [int("".join(filter(str.isdecimal, found.group())) or -1) for found in (own, new)]
        return -1 in counted or counted[1] == counted[0] + 1
    return ends(before.text) or _fits(before, line, right)


def _is_indented_anew(
    current: list[Line], line: Line, after: Line | None, right: float, *, is_item: bool, runs_on: bool
) -> bool:
    """Whether indentation, or room left on the line before, shows that a line begins a paragraph."""
    first, before = current[0], current[-1]
    step = line.left - before.left
    indent = _INDENT * line.size
    is_centred = abs((line.left + line.right) - (before.left + before.right)) < 0.6 * line.size and abs(step) > 1
    if is_centred and (line.left - line.column[0]) > line.size:
        return closes(before.text)
    if is_item:
        if line.left > first.left + 0.4 * line.size:  # hanging under its text
            return len(current) > 1 and step > indent and not runs_on
        is_flush = len(current) > 1 and step < -indent
        return not runs_on and (is_flush or ends(before.text) or _fits(before, line, right))
    if runs_on:
        return False
    if step > indent:
        if after is not None and abs(after.left - line.left) < 0.3 * line.size and len(current) == 1:
            # A hanging indent, as in a list of references.
            return closes(before.text) and _fits(before, line, right)
        return True
    if step < -indent:
        return len(current) > 1
    if ends(before.text):  # a column of short lines does not show how wide it is
        return _fits(before, line, max(right, line.column[1]))
    return _fits(before, line, right) and not line.text[:1].islower()


def _part(lines: list[Line], right: float, style: Style) -> Part:
    """Make lines a heading, an item or a paragraph."""
    first, last = lines[0], lines[-1]
    edge = max(right, first.column[1])
    full = edge - last.right < 0.12 * (edge - min(line.left for line in lines)) + last.size
    small = first.size < SMALLER * style.size
    if not style.typed and len(lines) > 1 and all(map(is_typed, lines)):
        return Part(BlockKind.CODE, lines, floats=True)
    floats = small or first.note or is_caption(first.text)
    if is_heading(lines, style):
        return Part(BlockKind.HEADING, lines)
    bullet, number = BULLET.match(first.text), NUMBER.match(first.text)
    if first.bullet:
        return Part(BlockKind.ITEM, lines, mark="•", full=full, floats=floats)
    if bullet is not None or number is not None:
        found = bullet or number
        assert found is not None
        rest = replace(first, text=first.text[found.end() :])
        mark = found.group().strip()
        return Part(BlockKind.ITEM, [rest, *lines[1:]], mark=mark, numbered=bullet is None, full=full, floats=floats)
    is_label = len(lines) == 1 and not full and not ends(last.text) and not first.text[:1].islower()
    return Part(BlockKind.PARAGRAPH, lines, full=full, floats=floats or is_label)


def _set_depths(parts: list[Part]) -> None:
    """Set how deep each item of a column stands in others, by its indentation among its neighbours."""
    stack: list[float] = []
    for part in parts:
        if part.kind is not BlockKind.ITEM:
            if part.kind is BlockKind.HEADING:
                stack = []
            continue
        left = part.lines[0].left
        while stack and left < stack[-1] - 0.5 * part.lines[0].size:
            stack.pop()
        if not stack or left > stack[-1] + 0.5 * part.lines[0].size:
            stack.append(left)
        part.level = len(stack) - 1


def _set_levels(parts: list[Part]) -> None:
    """Set the level of each heading: by size, then weight, then how many numbers it has."""
    keys = []
    for part in parts:
        if part.kind is BlockKind.HEADING:
            keys.append((part, _rank(part)))
    order = {key: place + 1 for place, key in enumerate(sorted({key for _, key in keys}))}
    for part, key in keys:
        part.level = min(order[key], _LEVELS)


def _rank(part: Part) -> tuple[float, bool, int]:
    size = max(line.size for line in part.lines)
    number = SECTION.match(part.text)
    return -round(size), not all(line.bold for line in part.lines), number.group(1).count(".") + 1 if number else 1
