"""Lines in reading order made into headings, paragraphs, items and rows, over columns and pages.

Sizes and weights are judged against the body text, that is, the size of most letters of the document. A line begins a
paragraph where it is set off, indented, of another font, or where its first word would have fitted on the line before.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from corpus.blocks import BlockKind
from corpus.formats.pdf_layout import Flow, Region
from corpus.formats.pdf_lines import Line, is_caption
from corpus.formats.pdf_tables import Table

_BULLET = re.compile(r"[•◦▪▫■□●○‣⁃∙·*✓✔➢➤►▶❖♦]\s+(?=\S)|[–—-]\s+(?=\S)")
_NUMBER = re.compile(r"(?:\((?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\)|\[\d{1,3}\]|(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)])\s+(?=\S)")
_SECTION = re.compile(r"(?:Chapter|Section|Part|Appendix)?\s*((?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])")
_TABLE = re.compile(r"(?:Supplementary\s+)?(?:Table|Tab\.?|Tabelle|Tableau)\s*[A-Z]?\d", re.I)
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡§¶]{1,3}|[a-z])[.)]?\s*(?=\S)")
_END = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*(?:\s*\[?\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\]?)?$")
_CLOSED = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?:\[?\d{1,3}(?:[,–-]\d{1,3})*\]?)?$")
_HYPHENS = ("-", "‐", "\xad")
_TYPED = re.compile(r"mono|courier|consol|menlo|typewriter|cmtt|cour\b", re.IGNORECASE)
_DASHES = "-–—*·"
_KNOWN = frozenset(
    "abstract summary background introduction aim aims objective objectives methods results discussion conclusion conclusions "
    "references bibliography acknowledgements acknowledgments acknowledgement funding appendix contents keywords "
    "limitations".split()
)
_LEADER = re.compile(r"(?:\.\s?){4,}\s*[\w.-]{0,7}$")
"""Dots that lead to a page number, at the end of a line."""
_LARGER = 1.08  # times the body text: a heading's size
_SMALLER = 0.93  # times the body text: that of notes and captions
_SAME = 0.08  # of a size: sizes that differ by less are one
_HEADING_LETTERS, _HEADING_LINES = 220, 4
_INDENT = 0.7  # em
_SET_OFF = 1.3  # times the usual distance of lines
_LONG_COLUMN = 8  # lines
_LEVELS = 9
_LOOK_AHEAD = 15  # parts between the halves of a paragraph


@dataclass(slots=True)
class Part:
    """A block that is becoming one.

    Attributes:
        kind: What it is.
        lines: Its lines; of a row, all of its cells'.
        cells: Of a row, the name of each column and the lines of the cell.
        caption: Of a row, the part that is the caption of its table.
        level: Of a heading, from 1; of an item, how deep it stands in others, from 0.
        mark: Of an item, its bullet or number, which the first line no longer has; empty where the bullet is drawn.
        numbered: Whether that is a number.
        opens, closes: Whether it is the first and the last of its column.
        full: Whether its last line goes to the end of the column.
        floats: Whether it stands by itself between the lines of the text: a caption, a note, a row.
    """

    kind: BlockKind
    lines: list[Line]
    cells: list[tuple[str, list[Line]]] = field(default_factory=list)
    caption: Part | None = None
    level: int = 0
    mark: str = ""
    numbered: bool = False
    opens: bool = False
    closes: bool = False
    full: bool = False
    floats: bool = False

    @property
    def first_page(self) -> int:
        """The page its first line is on."""
        return self.lines[0].page

    @property
    def last_page(self) -> int:
        """The page its last line is on."""
        return self.lines[-1].page

    @property
    def text(self) -> str:
        """Its words, for looking at."""
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Style:
    """What is usual in a document.

    Attributes:
        size: Of the body text, in points.
        bold: Whether the body text is bold.
        leading: Size, in half points, → the usual distance of baselines.
        titles: Titles of the outline, in lower case without spaces.
        edges: Left and right ends of its longer columns.
        typed: Whether the body text is of a typewriter font.
    """

    size: float
    bold: bool
    leading: dict[int, float]
    titles: frozenset[str] = frozenset()
    edges: tuple[tuple[float, float], ...] = ()
    typed: bool = False

    def distance(self, size: float) -> float:
        """Return the usual distance of baselines of lines of a size."""
        return self.leading.get(round(2 * size), 1.25 * size)


def squeezed(text: str) -> str:
    """Return text without spaces, signs and section numbers, in lower case, to compare titles."""
    return "".join(one for one in _SECTION.sub("", text, count=1).lower() if one.isalnum())


def find_style(pages: list[list[Region]], titles: frozenset[str]) -> Style:
    """Return what is usual in the running text of a document."""
    letters: Counter[tuple[float, bool]] = Counter()
    distances: defaultdict[int, list[float]] = defaultdict(list)
    edges: set[tuple[float, float]] = set()
    typed = 0
    for regions in pages:
        for region in regions:
            if not isinstance(region, Flow):
                continue
            before = None
            if len(region.lines) >= _LONG_COLUMN:
                edges.add((round(min(line.left for line in region.lines)), round(_right_edge(region.lines))))
            for line in region.lines:
                typed += len(line.text) if _TYPED.search(line.font.name) else 0
                letters[round(2 * line.size) / 2, line.bold] += len(line.text)
                if before is not None and abs(before.size - line.size) < 0.5 and 0 < line.base - before.base < 4 * line.size:
                    distances[round(2 * line.size)].append(line.base - before.base)
                before = line
    if not letters:
        return Style(10.0, False, {}, titles)
    sizes: Counter[float] = Counter()
    for (size, _), count in letters.items():
        sizes[size] += count
    size = sizes.most_common(1)[0][0]
    bold = letters[size, True] > letters[size, False]
    leading = {key: sorted(found)[int(0.3 * len(found))] for key, found in distances.items() if len(found) >= 4}
    return Style(size, bold, leading, titles, tuple(edges), typed > 0.5 * letters.total())


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
                is_small = part.floats and part.lines[0].size < _SMALLER * style.size and part.kind is not BlockKind.HEADING
                is_low = part.closes or bool(notes)
                is_note = part.lines[0].note or (is_small and is_low and _NOTE.match(part.mark or part.text))
                (notes if is_note else parts).append(part)
        parts.extend(notes)
    _set_levels(parts)
    _set_captions(parts)
    return _join_broken(parts, style)


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
    right = _right_edge(lines)
    if len(lines) < _LONG_COLUMN:  # too few to show how wide their column is
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


def _right_edge(lines: list[Line]) -> float:
    """Return where the lines of a column end, leaving aside a few that stick out."""
    ends = sorted(line.right for line in lines)
    return ends[int(0.9 * (len(ends) - 1))] if len(ends) >= _LONG_COLUMN else ends[-1]


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
    return line.bullet or _BULLET.match(line.text) is not None or _NUMBER.match(line.text) is not None


def _is_typed(line: Line) -> bool:
    return _TYPED.search(line.font.name) is not None


def _begins(current: list[Line], line: Line, after: Line | None, right: float, leading: float, style: Style) -> bool:
    """Whether a line begins a new part after the lines of `current`."""
    first, before = current[0], current[-1]
    em = line.size
    if not style.typed and (_is_typed(line) or _is_typed(before)):
        return not (_is_typed(line) and _is_typed(before) and 0 < line.base - before.base < 2 * em)
    if _LEADER.search(before.text) or line.note != before.note:
        return True
    unfinished = not _END.search(before.text)
    runs_on = unfinished and line.text[:1].islower() and not _starts_item(line)
    if abs(line.size - before.size) > _SAME * max(line.size, before.size):
        return True
    distance = line.base - before.base
    usual = max(leading if abs(line.size - style.size) < 0.5 else style.distance(line.size), 1.05 * em)
    if distance <= 0.3 * em or distance > _SET_OFF * usual + (0.3 * em if runs_on else 0):
        return True
    if line.bold != before.bold and not (runs_on or (before.bold and not _fits(before, line, right) and unfinished)):
        return True
    if line.bullet or (_BULLET.match(line.text) and line.text[0] not in _DASHES):
        return True
    if _BULLET.match(line.text):  # or a dash within a sentence
        is_next = first.text[0] == line.text[0] and abs(first.left - line.left) < 0.3 * em
        return is_next or (not runs_on and (_fits(before, line, right) or abs(line.left - before.left) > 0.3 * em))
    if before.text.endswith(_HYPHENS) and line.text[:1].islower():
        return False
    is_item = _starts_item(first)
    if _NUMBER.match(line.text) and _is_next_number(first, before, line, right):
        return True
    if line.bold and line.size > _LARGER * style.size:
        return False  # a title of several lines, broken where its author liked
    if is_caption(line.text) and not unfinished:
        return True
    return _is_indented_anew(current, line, after, right, is_item=is_item, runs_on=runs_on)


def _is_next_number(first: Line, before: Line, line: Line, right: float) -> bool:
    """Whether a number at the beginning of a line marks an item, and is not one of the sentence before."""
    own, new = _NUMBER.match(first.text), _NUMBER.match(line.text)
    if own is not None and new is not None and abs(first.left - line.left) < line.size:
        counted = [int("".join(filter(str.isdecimal, found.group())) or -1) for found in (own, new)]
        return -1 in counted or counted[1] == counted[0] + 1
    return bool(_END.search(before.text)) or _fits(before, line, right)


def _is_indented_anew(
    current: list[Line], line: Line, after: Line | None, right: float, *, is_item: bool, runs_on: bool
) -> bool:
    """Whether indentation, or room left on the line before, shows that a line begins a paragraph."""
    first, before = current[0], current[-1]
    step = line.left - before.left
    indent = _INDENT * line.size
    is_centred = abs((line.left + line.right) - (before.left + before.right)) < 0.6 * line.size and abs(step) > 1
    if is_centred and (line.left - line.column[0]) > line.size:
        return bool(_CLOSED.search(before.text))
    if is_item:
        if line.left > first.left + 0.4 * line.size:  # hanging under its text
            return len(current) > 1 and step > indent and not runs_on
        is_flush = len(current) > 1 and step < -indent
        return not runs_on and (is_flush or bool(_END.search(before.text)) or _fits(before, line, right))
    if runs_on:
        return False
    if step > indent:
        if after is not None and abs(after.left - line.left) < 0.3 * line.size and len(current) == 1:
            # A hanging indent, as in a list of references.
            return bool(_CLOSED.search(before.text)) and _fits(before, line, right)
        return True
    if step < -indent:
        return len(current) > 1
    return _fits(before, line, right) and (bool(_END.search(before.text)) or not line.text[:1].islower())


def _part(lines: list[Line], right: float, style: Style) -> Part:
    """Make lines a heading, an item or a paragraph."""
    first, last = lines[0], lines[-1]
    full = right - last.right < 0.12 * (right - min(line.left for line in lines)) + last.size
    small = first.size < _SMALLER * style.size
    if not style.typed and len(lines) > 1 and all(map(_is_typed, lines)):
        return Part(BlockKind.CODE, lines, floats=True)
    floats = small or first.note or is_caption(first.text)
    if _is_heading(lines, style):
        return Part(BlockKind.HEADING, lines)
    bullet, number = _BULLET.match(first.text), _NUMBER.match(first.text)
    if first.bullet:
        return Part(BlockKind.ITEM, lines, mark="•", full=full, floats=floats)
    if bullet is not None or number is not None:
        found = bullet or number
        assert found is not None
        rest = replace(first, text=first.text[found.end() :])
        mark = found.group().strip()
        return Part(BlockKind.ITEM, [rest, *lines[1:]], mark=mark, numbered=bullet is None, full=full, floats=floats)
    is_label = len(lines) == 1 and not full and not _END.search(last.text) and not first.text[:1].islower()
    return Part(BlockKind.PARAGRAPH, lines, full=full, floats=floats or is_label)


def _is_heading(lines: list[Line], style: Style) -> bool:
    text = " ".join(line.text for line in lines)
    letters = sum(one.isalpha() for one in text)
    if len(lines) > _HEADING_LINES or len(text) > _HEADING_LETTERS or letters < 2 or letters < 0.4 * len(text.replace(" ", "")):
        return False
    first = lines[0]
    if first.note:
        return False
    if style.titles and squeezed(text) in style.titles and not _LEADER.search(text):
        return True
    if is_caption(text) or _LEADER.search(text) or first.bullet or _BULLET.match(text) or text.endswith((",", ";", "-")):
        return False
    size = max(line.size for line in lines)
    if size >= _LARGER * style.size and size >= style.size + 0.8:
        return not (len(lines) > 2 and _CLOSED.search(text))
    ends = text.endswith(".") and not _SECTION.match(text)
    if size < 0.9 * style.size or len(lines) > 2 or ends:
        return False
    if all(line.bold for line in lines) and not style.bold:
        return len(text) <= 160
    is_known = text.strip(" :").lower() in _KNOWN
    is_capitals = len(lines) == 1 and letters >= 4 and text.upper() == text and len(text) <= 80
    is_slanted = any(mark in first.font.name.lower() for mark in ("ital", "obli", "cmti"))
    return is_known or is_capitals or (is_slanted and _SECTION.match(text) is not None and len(text) <= 100)


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
    number = _SECTION.match(part.text)
    return -round(size), not all(line.bold for line in part.lines), number.group(1).count(".") + 1 if number else 1


# Over columns and pages


def _join_broken(parts: list[Part], style: Style) -> list[Part]:
    """Join paragraphs that columns and pages break.

    What stands between the halves (a table, a caption, notes) goes before the paragraph if it is on the page where that
    begins, else after it; where neither leaves it on its own page, the halves stay apart.
    """
    made: list[Part] = []
    gone: set[int] = set()
    for place, part in enumerate(parts):
        if place in gone:
            continue
        following = place
        before: list[Part] = []
        after: list[Part] = []
        while (found := _other_half(parts, following, part, gone)) is not None:
            between = [number for number in range(following + 1, found) if number not in gone]
            half = parts[found]
            early = [parts[number] for number in between if parts[number].last_page <= part.first_page]
            late = [parts[number] for number in between if parts[number].last_page > part.first_page]
            if any(one.first_page < half.last_page for one in (*after, *late)):
                break
            before.extend(early)
            after.extend(late)
            gone.update((*between, found))
            part = replace(part, lines=[*part.lines, *half.lines], closes=half.closes, full=half.full)
            following = found
        made.extend((*before, part, *after))
    return made


def _other_half(parts: list[Part], place: int, part: Part, gone: set[int]) -> int | None:
    """Return where a paragraph that its column broke off goes on, or None."""
    last = part.lines[-1]
    if part.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or not part.closes or part.floats:
        return None
    if _END.search(last.text):
        return None
    full = part.full or last.text.endswith(_HYPHENS)
    for number in range(place + 1, min(place + 1 + _LOOK_AHEAD, len(parts))):
        other = parts[number]
        if number in gone:
            continue
        if other.last_page > part.last_page + 1:
            return None
        same = abs(other.lines[0].size - last.size) <= _SAME * last.size and other.lines[0].bold == last.bold
        if other.kind is BlockKind.PARAGRAPH and same and other.opens and not is_caption(other.text):
            start = other.lines[0]
            indented = start.left > min(line.left for line in other.lines) + _INDENT * start.size
            return number if start.text[:1].islower() or (full and not indented) else None
        if not other.floats:
            return None
    return None
