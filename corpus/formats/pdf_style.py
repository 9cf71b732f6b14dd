"""What is usual in a document: the size of its text, the distance of its lines; and what is a heading, measured against it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from corpus.formats.pdf_layout import Flow, Region
from corpus.formats.pdf_lines import Line, is_caption
from corpus.formats.pdf_parts import BULLET, LARGER, SECTION, closes, leads

LONG_COLUMN = 8  # lines: a shorter column does not show how wide it is
_TYPED = re.compile(r"mono|courier|consol|menlo|typewriter|cmtt|cour\b", re.IGNORECASE)
_KNOWN = frozenset(
    "abstract summary background introduction aim aims objective objectives methods results discussion conclusion conclusions "
    "references bibliography acknowledgements acknowledgments acknowledgement funding appendix contents keywords "
    "limitations".split()
)
_FEW_WORDS = 5  # of a heading in italics; a name with its place has a comma besides
_HEADING_LETTERS, _HEADING_LINES = 220, 4


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
    return "".join(one for one in SECTION.sub("", text, count=1).lower() if one.isalnum())


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
            if len(region.lines) >= LONG_COLUMN:
                edges.add((round(min(line.left for line in region.lines)), round(right_edge(region.lines))))
            for line in region.lines:
                typed += len(line.text) if is_typed(line) else 0
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


def right_edge(lines: list[Line]) -> float:
    """Return where the lines of a column end, leaving aside a few that stick out."""
    ends = sorted(line.right for line in lines)
    return ends[int(0.9 * (len(ends) - 1))] if len(ends) >= LONG_COLUMN else ends[-1]


def is_typed(line: Line) -> bool:
    """Whether a line is set in a typewriter font."""
    return _TYPED.search(line.font.name) is not None


def is_heading(lines: list[Line], style: Style) -> bool:
    """Whether lines that stand by themselves are a heading: in the outline, larger or bolder than the text, or known as one."""
    if len(lines) > _HEADING_LINES or sum(len(line.text) for line in lines) > _HEADING_LETTERS:
        return False
    text = " ".join(line.text for line in lines)
    letters = sum(one.isalpha() for one in text)
    if letters < 2 or letters < 0.4 * len(text.replace(" ", "")):
        return False
    first = lines[0]
    if first.note:
        return False
    if style.titles and squeezed(text) in style.titles and not leads(text):
        return True
    if is_caption(text) or leads(text) or first.bullet or BULLET.match(text) or text.endswith((",", ";", "-")):
        return False
    size = max(line.size for line in lines)
    if size >= LARGER * style.size and size >= style.size + 0.8:
        return not (len(lines) > 2 and closes(text))
    ends = text.endswith(".") and not SECTION.match(text)
    if size < 0.9 * style.size or len(lines) > 2 or ends:
        return False
    if all(line.bold for line in lines) and not style.bold:
        return len(text) <= 160
    is_known = text.strip(" :").lower() in _KNOWN
    is_capitals = len(lines) == 1 and letters >= 4 and text.upper() == text and len(text) <= 80
    is_slanted = any(mark in first.font.name.lower() for mark in ("ital", "obli", "cmti"))
    is_numbered = SECTION.match(text) is not None and len(text) <= 100
    is_few = len(lines) == 1 and len(text.split()) <= _FEW_WORDS and text[0].isupper() and text.replace(" ", "").isalpha()
    return is_known or is_capitals or (is_slanted and (is_numbered or is_few))
