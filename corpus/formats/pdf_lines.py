"""Words of a page put together to lines: stretches of text on one baseline without a gap as wide as between columns.

Words join in the order of the file first, which is the order of reading within a line for nearly every program; what that
leaves apart (a superscript drawn later, a bullet and its text) joins by place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from corpus.formats.pdf_page import Box, Font, Word

_SCRIPT = 0.86  # of the size of the text: a smaller sign off its baseline is a superscript or subscript
_LIFT = 0.65  # em: how far it stands off
_GAP = 1.0  # em: a wider gap parts columns, unless the file holds the words together
_GAP_UNWRITTEN = 0.4  # em: so where the file writes its spaces, and has none here
_CELLS = 5  # that begin at one place make a column
_GAP_CELL = 0.5  # em: the gap that a cell which leaves none is taken to leave
_WRITTEN = 0.3  # of the words have a space before them in a file that writes its spaces
_GAP_SPACED, _GAP_SOURCE, _GAP_TAG = 1.3, 1.5, 5.0  # em: so by a written space, in one text object, in one marked content
_SPACE = 0.17  # em
_MAX_REACH = 30.0  # points: so far above and below its baseline, at most, a line is looked for that goes on it
_MARK_GAP = 4.5  # em between a bullet or number and its text
_BULLET = re.compile(r"[•◦▪▫■□●○‣⁃∙·–—*✓✔➢➤►▶❖♦-]$")
_NUMBER = re.compile(r"(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\[\d{1,3}\]|\d{1,2}(?:\.\d{1,2}){1,4}\.?|\d{1,2})$")


_Gap = Callable[["_Stretch", "_Stretch"], float | None]
"""Returns the gap between two lines that belong together, else None."""
_CAPTION = re.compile(
    r"(?:Supplementary\s+)?(?:Figure|Fig\.?|Table|Tab\.?|Box|Scheme|Abbildung|Abb\.|Tabelle|Tableau)\s*[A-Z]?\d",
    re.IGNORECASE,
)


def is_caption(text: str) -> bool:
    """Whether a line begins like the caption of a figure or table: "Table 2. Adverse events"."""
    return _CAPTION.match(text) is not None


@dataclass(slots=True)
class Line:
    """A stretch of text on one baseline.

    Attributes:
        text: Its words with their spaces.
        left, right: Its ends, in points.
        base: Baseline of its main words.
        font: That of most of its characters.
        bold: Whether all its words are bold.
        extent: Its box in points, with all of its letters.
        tags: The marked contents its words come from.
        page: Number of the page, counted from 1.
        box: What to mark on a picture of the page, as fractions of it; set when the page is laid out.
        column: Left and right end of the column it stands in; set when the page is laid out.
        bullet: Whether a bullet that is no letter is drawn before it.
        note: Whether it stands below the short rule that parts notes from the text.
    """

    text: str
    left: float
    right: float
    base: float
    font: Font
    bold: bool
    extent: Box
    tags: frozenset[int]
    page: int = 0
    box: Box = (0.0, 0.0, 0.0, 0.0)
    column: tuple[float, float] = (0.0, 0.0)
    bullet: bool = False
    note: bool = False

    @property
    def size(self) -> float:
        """Font size in points."""
        return self.font.size

    @property
    def top(self) -> float:
        """Where its letters begin; a bit lower than its box, so that lines set tight do not overlap."""
        return self.base - 0.7 * self.font.size

    @property
    def bottom(self) -> float:
        """Where its letters end, likewise."""
        return self.base + 0.15 * self.font.size


def joined(lines: list[Line]) -> Line:
    """Return lines that stand beside each other as one, from left to right."""
    lines = sorted(lines, key=lambda one: one.left)
    main = max(lines, key=lambda one: len(one.text))
    extents = [line.extent for line in lines]
    return replace(
        main,
        text=" ".join(line.text for line in lines),
        left=lines[0].left,
        right=max(line.right for line in lines),
        bold=all(line.bold for line in lines),
        extent=united(extents),
        box=united([line.box for line in lines]),
        tags=frozenset().union(*(line.tags for line in lines)),
        bullet=lines[0].bullet,
    )


def united(boxes: list[Box]) -> Box:
    """Return the box around boxes."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


@dataclass(slots=True)
class _Stretch:
    """Words that are becoming a line."""

    words: list[Word]
    left: float
    right: float
    base: float
    font: Font
    text: str
    is_cell: bool = False

    @property
    def size(self) -> float:
        return self.font.size

    @property
    def bold(self) -> bool:
        return all(word.font.bold for word in self.words if any(one.isalnum() for one in word.text))

    def line(self) -> Line:
        extent = united([(word.left, word.top, word.right, word.bottom) for word in self.words])
        tags = frozenset(word.tag for word in self.words)
        return Line(self.text, self.left, self.right, self.base, self.font, self.bold, extent, tags)


def _stretch(words: list[Word]) -> _Stretch:
    counts: dict[Font, int] = {}
    for word in words:
        counts[word.font] = counts.get(word.font, 0) + len(word.text)
    font = max(counts, key=lambda font: (counts[font], font.size))
    base = max((len(word.text), word.base) for word in words if word.font == font)[1]
    parts = [words[0].text]
    for before, word in zip(words, words[1:], strict=False):
        gap = word.left - before.right
        if word.spaced or gap > _SPACE * max(before.font.size, word.font.size):
            parts.append(" ")
        parts.append(word.text)
    left, right = min(word.left for word in words), max(word.right for word in words)
    return _Stretch(words, left, right, base, font, "".join(parts))


def find_lines(words: list[Word]) -> list[Line]:
    """Return the lines of words that all run to the right, from the top down."""
    written = sum(word.spaced for word in words) > _WRITTEN * len(words)
    widest = _GAP_UNWRITTEN if written else _GAP
    lines: list[_Stretch] = []
    current: list[Word] = []
    main: Word | None = None
    for word in words:
        if main is not None and _follows(current[-1], main, word, widest):
            current.append(word)
            if word.font.size > main.font.size:
                main = word
        else:
            if current:
                lines.append(_stretch(current))
            current, main = [word], word
    if current:
        lines.append(_stretch(current))
    if written:
        lines = _cut_at_columns(lines)
    lines = _join(lines, _is_beside, _GAP_UNWRITTEN)
    lines = _join(lines, _is_marked, _MARK_GAP)
    return [one.line() for one in sorted(lines, key=lambda one: (one.base, one.left))]


def _follows(before: Word, main: Word, word: Word, widest: float) -> bool:
    """Whether a word goes on the line that ends with `before`, and whose largest word is `main`.

    :param widest: The widest gap, in em, where nothing in the file holds them together.
    """
    size = max(main.font.size, word.font.size)
    off = abs(word.base - main.base)
    ratio = min(main.font.size, word.font.size) / size
    if off > (_LIFT * size if ratio <= _SCRIPT else 0.15 * size) and abs(word.base - before.base) > 0.1 * before.font.size:
        return False
    if off > _LIFT * size:
        return False
    gap = word.left - before.right
    if word.source == before.source:
        widest = _GAP_SOURCE
    elif word.spaced:
        widest = _GAP_SPACED
    if word.tag >= 0 and word.tag == before.tag:
        widest = _GAP_TAG
    return -0.4 * size <= gap <= widest * size


def _cut_at_columns(lines: list[_Stretch]) -> list[_Stretch]:
    """Cut lines where a word begins below others that begin anew: in the cells of a sheet that leave no gap.

    Only a text object that has no written space before it may begin a cell.
    """
    starts: Counter[int] = Counter()
    for line in lines:
        starts[round(2 * line.left)] += 1
        for before, word in zip(line.words, line.words[1:], strict=False):
            starts[round(2 * word.left)] += _may_begin_cell(before, word)
    made: list[_Stretch] = []
    for line in lines:
        begin = 0
        for place in range(1, len(line.words)):
            before, word = line.words[place - 1], line.words[place]
            here = round(2 * word.left)
            if _may_begin_cell(before, word) and sum(starts[here + step] for step in (-1, 0, 1)) >= _CELLS:
                cell = _stretch(line.words[begin:place])
                cell.right = min(cell.right, word.left - _GAP_CELL * word.font.size)
                made.append(cell)
                begin = place
        made.append(line if begin == 0 else _stretch(line.words[begin:]))
        made[-1].is_cell = begin > 0
    return made


def _may_begin_cell(before: Word, word: Word) -> bool:
    """Whether a word may begin a cell that leaves no gap after the one before: where no word goes on (a kerned one may)."""
    if word.source == before.source or word.spaced or word.left < before.right - 0.5 or abs(word.base - before.base) > 0.5:
        return False
    last, first = before.text[-1], word.text[0]
    if last.isalpha() and first.isalpha():
        return last.islower() and first.isupper()
    return not (last.isdigit() and first.isdigit()) and last.isalnum() and first.isalnum()


def _is_beside(line: _Stretch, other: _Stretch) -> float | None:
    """Return the gap if `other` goes on `line` at its right, where the file has them apart."""
    if other.is_cell:
        return None
    size = max(line.size, other.size)
    is_script = min(line.size, other.size) <= _SCRIPT * size
    off = abs(line.base - other.base)
    gap = other.left - line.right
    if is_script:
        return gap if off <= _LIFT * size and -0.3 * size <= gap <= 0.35 * size else None
    return gap if off <= 0.12 * size and -0.3 * size <= gap <= _GAP_UNWRITTEN * size else None


def _is_marked(line: _Stretch, other: _Stretch) -> float | None:
    """Return the gap if `line` is a bullet or number, and `other` its text."""
    size = max(line.size, other.size)
    gap = other.left - line.right
    if abs(line.base - other.base) > 0.35 * size or not -0.1 * size <= gap <= _MARK_GAP * size or len(line.text) > 12:
        return None
    if _BULLET.match(line.text):
        return gap
    if not _NUMBER.match(line.text) or not other.text[:1].isalpha():
        return None
    is_plain = line.text.replace(".", "").isdigit() and not line.text.endswith(".")
    # A plain number may be the first cell of a row, or count the lines in the margin.
    return gap if not is_plain or (line.bold and other.bold) or (line.size <= _SCRIPT * other.size and gap <= size) else None


def _join(lines: list[_Stretch], gap_of: _Gap, widest: float) -> list[_Stretch]:
    """Join each line with the nearest one that goes on it, from the left to the right.

    :param widest: The widest gap, in em of the largest text, that is asked about.
    """
    if not lines:
        return []
    lines = sorted(lines, key=lambda line: line.left)
    by_base = sorted(range(len(lines)), key=lambda number: lines[number].base)
    bases = [lines[number].base for number in by_base]
    following: dict[int, int] = {}
    taken: set[int] = set()
    largest = max(line.size for line in lines)
    reach, farthest = min(_LIFT * largest, _MAX_REACH), widest * largest
    for number, line in enumerate(lines):
        best: tuple[float, int] | None = None
        for place in range(bisect_left(bases, line.base - reach), len(bases)):
            other = by_base[place]
            if bases[place] > line.base + reach:
                break
            left = lines[other].left
            if left < line.left or left > line.right + farthest or other == number or other in taken:
                continue
            gap = gap_of(line, lines[other])
            if gap is not None and (best is None or abs(gap) < best[0]):
                best = abs(gap), other
        if best is not None and best[1] not in following:
            following[number] = best[1]
            taken.add(best[1])
    made = []
    for number in range(len(lines)):
        if number in taken:
            continue
        chain, seen = [lines[number]], {number}
        while number in following and following[number] not in seen:
            number = following[number]
            seen.add(number)
            chain.append(lines[number])
        made.append(chain[0] if len(chain) == 1 else _stretch([word for line in chain for word in line.words]))
    return made
