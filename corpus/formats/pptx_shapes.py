"""Shapes of a slide, what they are and where they lie, in the order a person reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from lxml import etree

from corpus.formats.ooxml import local

_MAX_DEPTH = 50  # groups within groups
_SLACK = 0.1  # of a shape's size: so much may lie over a neighbour that still comes after it
_NARROW = 0.6  # of the right column's width, where the left one only labels it
_LOW = 0.6  # of the next row's height, where a row heads the columns below it
_MAX_CUT = 2_000  # shapes; more are no page that a person laid out, and cutting takes the square of their number
_TITLES = ("title", "ctrTitle")
_OF_THE_PAGE = ("dt", "ftr", "sldNum", "hdr")


class Kind(StrEnum):
    """What a shape is."""

    TEXT = "text"
    TABLE = "table"
    CHART = "chart"
    DIAGRAM = "diagram"
    PICTURE = "picture"
    MEDIA = "video or sound"
    GROUP = "group"
    INK = "drawing by hand"
    OBJECT = "embedded object"


@dataclass(frozen=True)
class Box:
    """Where a shape lies on its slide, in English metric units."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape; a group when it has members.

    Attributes:
        kind: What it is.
        element: Its XML.
        placeholder: What it stands in for: "title", "body", …; empty for one of its own.
        styles: Where its text's properties are looked for, after its own.
        box: Where it lies, if that is known.
        members: Of a group, in reading order.
    """

    kind: Kind
    element: etree._Element
    placeholder: str = ""
    styles: tuple[etree._Element, ...] = ()
    box: Box | None = None
    members: tuple[Shape, ...] = ()

    @property
    def is_title(self) -> bool:
        """Whether it is the slide's title."""
        return self.placeholder in _TITLES


class Layout:
    """What a slide inherits.

    :param layout: The slide's layout, if it has one.
    :param master: The layout's master, if it has one.
    :param defaults: Text styles of what is no placeholder.
    """

    def __init__(
        self, layout: etree._Element | None, master: etree._Element | None, defaults: etree._Element | None = None
    ) -> None:
        self.kind = layout.get("type", "") if layout is not None else ""
        self._roots = [root for root in (layout, master) if root is not None]
        self._texts = master.find("{*}txStyles") if master is not None else None
        self._above: dict[tuple[str, str], list[etree._Element]] = {}
        self._defaults = (defaults,) if defaults is not None else ()

    def above(self, placeholder: etree._Element) -> list[etree._Element]:
        """Return the placeholders that one inherits from, the nearest first."""
        key = placeholder.get("idx", "0"), placeholder.get("type", "obj")
        if key not in self._above:
            self._above[key] = self._find(*key)
        return self._above[key]

    def _find(self, index: str, kind: str) -> list[etree._Element]:
        found = []
        for root in self._roots:
            candidates = list(root.iterfind("{*}cSld/{*}spTree/{*}sp"))
            marks = [(one, mark) for one in candidates if (mark := _placeholder(one)) is not None]
            same = [one for one, mark in marks if mark.get("idx", "0") == index and local(root) == "sldLayout"]
            alike = [one for one, mark in marks if _family(mark.get("type", "obj")) == _family(kind)]
            nearest = next(iter(same or alike), None)
            if nearest is not None:
                found.append(nearest)
                kind = next((mark.get("type", kind) for one, mark in marks if one is nearest), kind)
        return found

    def styles(self, placeholder: etree._Element | None) -> tuple[etree._Element, ...]:
        """Return the text styles of a placeholder, or of a shape of its own, the nearest first."""
        if placeholder is None:
            return self._defaults
        lists = [style for one in self.above(placeholder) for style in one.iterfind("{*}txBody/{*}lstStyle")]
        name = {"title": "titleStyle", "body": "bodyStyle"}.get(_family(placeholder.get("type", "obj")), "otherStyle")
        last = self._texts.find(f"{{*}}{name}") if self._texts is not None else None
        return (*lists, last) if last is not None else tuple(lists)


def find_shapes(root: etree._Element, layout: Layout) -> list[Shape]:
    """Return the shapes of a slide in reading order, the title first; page numbers, dates and footers are left out.

    :param root: The slide.
    """
    tree = root.find("{*}cSld/{*}spTree")
    shapes = list(_walk(tree, layout, (1.0, 1.0, 0.0, 0.0), 0)) if tree is not None else []
    titles = [one for one in shapes if one.is_title]
    return [*titles, *_leaves(_ordered([one for one in shapes if not one.is_title]))]


def _ordered(shapes: list[Shape]) -> list[Shape]:
    return [*in_order([one for one in shapes if one.box]), *(one for one in shapes if one.box is None)]


def _leaves(shapes: Sequence[Shape]) -> Iterator[Shape]:
    for shape in shapes:
        if shape.kind is Kind.GROUP:
            yield from _leaves(shape.members)
        else:
            yield shape


def in_order(shapes: Sequence[Shape]) -> Iterator[Shape]:
    """Yield shapes in reading order: column by column where columns are apart, else row by row.

    The page is cut along empty strips, first into columns, then into rows, as often as it can be (an XY cut); but first into
    rows where shapes stand in a grid whose rows belong together: see `_reads_across`.
    """
    pending = [list(shapes)]
    while pending:
        group = pending.pop()
        if len(group) < 2:
            yield from group
            continue
        is_cut = len(group) <= _MAX_CUT
        columns = _strips(group, across=True) if is_cut else [group]
        rows = _strips(group, across=False) if is_cut else [group]
        if len(columns) > 1 and not (len(rows) > 1 and _reads_across(columns, rows)):
            pending.extend(reversed(columns))
        elif len(rows) > 1:
            pending.extend(reversed(rows))
        else:
            yield from sorted(group, key=lambda one: (one.box.top, one.box.left) if one.box else (0.0, 0.0))


def _reads_across(columns: list[list[Shape]], rows: list[list[Shape]]) -> bool:
    """Whether shapes that can be cut both ways are read row by row.

    So are labels on the left with what they label on the right; cards in a grid, unless the upper ones are low, as headings
    above columns are; and columns that lie below each other rather than side by side.
    """
    if any(_span(left)[1] <= _span(right)[0] or _span(right)[1] <= _span(left)[0] for left, right in pairwise(columns)):
        return True
    if any(len(column) != len(rows) for column in columns):
        return False
    widths = [max(one.box.width for one in column if one.box) for column in columns]
    heights = [max(one.box.height for one in row if one.box) for row in rows]
    return (len(columns) == 2 and widths[0] < _NARROW * widths[1]) or heights[0] >= _LOW * heights[1]


def _span(shapes: list[Shape]) -> tuple[float, float]:
    """Return where shapes begin and end from top to bottom."""
    boxes = [one.box for one in shapes if one.box]
    return min(box.top for box in boxes), max(box.bottom for box in boxes)


def _strips(shapes: list[Shape], *, across: bool) -> list[list[Shape]]:
    """Part shapes where an empty strip runs between them, from side to side or from top to bottom."""

    def span(shape: Shape) -> tuple[float, float]:
        box = shape.box or Box(0, 0, 0, 0)
        low, high = (box.left, box.right) if across else (box.top, box.bottom)
        return low, high - _SLACK * (high - low)

    ordered = sorted(shapes, key=span)
    strips = [[ordered[0]]]
    reach = span(ordered[0])[1]
    for shape in ordered[1:]:
        low, high = span(shape)
        if low >= reach:
            strips.append([shape])
        else:
            strips[-1].append(shape)
        reach = max(reach, high)
    return strips


Transform = tuple[float, float, float, float]
"""Scale across and down, then shift right and down: from a group's measure to the slide's."""


def _walk(tree: etree._Element, layout: Layout, transform: Transform, depth: int) -> Iterator[Shape]:
    for element in tree:
        if local(element) == "AlternateContent":  # a shape that newer programs know, before what older ones are given instead
            choices = element.find("{*}Choice")
            if choices is not None and depth < _MAX_DEPTH:
                yield from _walk(choices, layout, transform, depth + 1)
        elif local(element) == "grpSp":
            if depth < _MAX_DEPTH and not _is_hidden(element):
                yield from _group(list(_walk(element, layout, _inner(element, transform), depth + 1)), element)
        elif not _is_hidden(element):
            kind = _kind(element)
            mark = _placeholder(element)
            if kind is None or (mark is not None and mark.get("type") in _OF_THE_PAGE):
                continue
            name = mark.get("type", "obj") if mark is not None else ""
            yield Shape(kind, element, name, layout.styles(mark), _box(element, mark, layout, transform))


def _group(members: list[Shape], element: etree._Element) -> Iterator[Shape]:
    """Yield a group, which is read as one, in the box of all that is in it."""
    boxes = [one.box for one in members if one.box]
    if members and boxes:
        around = Box(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )
        yield Shape(Kind.GROUP, element, box=around, members=tuple(_ordered(members)))
    else:
        yield from members


def _kind(element: etree._Element) -> Kind | None:
    name = local(element)
    if name == "sp":
        has_words = any((one.text or "").strip() for one in element.iterfind("{*}txBody//{*}t"))
        if not has_words and element.find("{*}spPr/{*}blipFill") is not None:
            return Kind.PICTURE
        return Kind.TEXT
    if name == "pic":
        marks = {local(one) for one in element.iterfind("{*}nvPicPr/{*}nvPr//*")}
        return Kind.MEDIA if marks & {"videoFile", "audioFile", "media", "wavAudioFile", "quickTimeFile"} else Kind.PICTURE
    if name == "contentPart":
        return Kind.INK
    if name != "graphicFrame":
        return None
    for one in element.iterfind("{*}graphic/{*}graphicData/*"):
        inner = {"tbl": Kind.TABLE, "chart": Kind.CHART, "relIds": Kind.DIAGRAM}.get(local(one))
        return inner or Kind.OBJECT
    return Kind.OBJECT


def _is_hidden(element: etree._Element) -> bool:
    return any(one.get("hidden") in ("1", "true") for one in element.iterfind("./*/{*}cNvPr"))


def _placeholder(element: etree._Element) -> etree._Element | None:
    return next(element.iterfind("./*/{*}nvPr/{*}ph"), None)


def _family(kind: str) -> str:
    if kind in _TITLES:
        return "title"
    return kind if kind in _OF_THE_PAGE else "body"


def _box(element: etree._Element, mark: etree._Element | None, layout: Layout, transform: Transform) -> Box | None:
    owners = [element, *(layout.above(mark) if mark is not None else [])]
    for owner in owners:
        frame = owner.find("{*}xfrm") if local(owner) == "graphicFrame" else owner.find("{*}spPr/{*}xfrm")
        place = _place(frame, "off", "ext")
        if place is not None:
            across, down, right, lower = transform
            left, top, width, height = place
            left, top = left * across + right, top * down + lower
            return Box(left, top, left + width * across, top + height * down)
    return None


def _inner(group: etree._Element, transform: Transform) -> Transform:
    """Return the transform of what stands in a group."""
    frame = group.find("{*}grpSpPr/{*}xfrm")
    outside, inside = _place(frame, "off", "ext"), _place(frame, "chOff", "chExt")
    if outside is None or inside is None:
        return transform
    across, down, right, lower = transform
    wide = outside[2] / inside[2] if inside[2] else 1.0
    high = outside[3] / inside[3] if inside[3] else 1.0
    return (
        across * wide,
        down * high,
        right + across * (outside[0] - inside[0] * wide),
        lower + down * (outside[1] - inside[1] * high),
    )


def _place(frame: etree._Element | None, corner: str, size: str) -> tuple[float, float, float, float] | None:
    at = frame.find(f"{{*}}{corner}") if frame is not None else None
    extent = frame.find(f"{{*}}{size}") if frame is not None else None
    if at is None or extent is None:
        return None
    try:
        return float(at.get("x", "0")), float(at.get("y", "0")), float(extent.get("cx", "0")), float(extent.get("cy", "0"))
    except ValueError:
        return None
