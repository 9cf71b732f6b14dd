"""The numbers of a chart, which Office stores with it so that it can be drawn: one row for each category or point."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml import etree

from corpus.formats.number_format import format_number
from corpus.formats.ooxml import local
from corpus.writer import TextWriter

Points = dict[int, str]
"""Values by their place in the series."""


@dataclass(frozen=True)
class _Series:
    name: str
    categories: Points
    values: Points
    sizes: Points
    is_points: bool
    """Whether what stands in `categories` are numbers on an axis, as in a scatter chart."""


@dataclass(frozen=True)
class Chart:
    """What a chart says.

    Attributes:
        title: What stands above it.
        axes: Titles of the value axes, if there are several; that of a single one, which holds the unit, is in the names.
        rows: Name and value of each cell; names may be empty.
    """

    title: str
    axes: tuple[str, ...] = ()
    rows: list[list[tuple[str, str]]] = field(default_factory=list)


def read_chart(root: etree._Element) -> Chart:
    """Read a chart from its part of the archive; one whose numbers are only in another file has no rows."""
    area = root.find("{*}chart/{*}plotArea")
    title = _title(root.find("{*}chart/{*}title"))
    if area is None:
        return Chart(title)
    plots = [one for one in area if local(one).endswith("Chart")]
    series = [_series(one) for plot in plots for one in plot.iterfind("{*}ser")]
    titles = [(local(axis), _title(axis.find("{*}title"))) for axis in area if local(axis).endswith("Ax")]
    across = next((text for kind, text in titles if kind in ("catAx", "dateAx") and text), "")
    upward = [text for kind, text in titles if kind not in ("catAx", "dateAx")]
    if any(one.is_points for one in series):
        x, y = (*upward, "", "")[:2]
        rows = [row for one in series for row in _points(one, x or "x", y or "y")]
        return Chart(title, (), rows)
    units = [text for text in upward if text]
    if len(units) == 1:
        series = [replace(one, name=_with_unit(one.name, units[0])) for one in series]
        units = []
    return Chart(title, tuple(units), _categories(series, across))


def write_chart(chart: Chart, writer: TextWriter) -> None:
    """Write a chart: its title, its axes' titles, its rows."""
    writer.paragraph(chart.title)
    for text in chart.axes:
        writer.paragraph(text)
    for row in chart.rows:
        writer.row(row, title=chart.title)


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if name and name != unit else unit


def _categories(series: list[_Series], across: str) -> list[list[tuple[str, str]]]:
    """Return a row for each category, with the values of all series that share the categories."""
    rows: list[list[tuple[str, str]]] = []
    waiting = list(series)
    while waiting:
        shared = waiting[0].categories
        alike = [one for one in waiting if one.categories == shared or not one.categories]
        waiting = [one for one in waiting if one.categories != shared and one.categories]
        for place in sorted({place for one in alike for place in one.values}):
            rows.append([(across, shared.get(place, "")), *((one.name, one.values.get(place, "")) for one in alike)])
    return rows


def _points(series: _Series, x: str, y: str) -> list[list[tuple[str, str]]]:
    return [
        [("", series.name), (x, series.categories.get(place, "")), (y, value), ("size", series.sizes.get(place, ""))]
        for place, value in series.values.items()
    ]


def _series(element: etree._Element) -> _Series:
    is_points = element.find("{*}yVal") is not None
    return _Series(
        name=" ".join(_values(element.find("{*}tx")).values()) or _text(element.find("{*}tx/{*}v")),
        categories=_values(element.find("{*}xVal" if is_points else "{*}cat")),
        values=_values(element.find("{*}yVal" if is_points else "{*}val")),
        sizes=_values(element.find("{*}bubbleSize")),
        is_points=is_points,
    )


def _values(element: etree._Element | None) -> Points:
    """Return the stored values below an element; of categories in several levels the outer ones first ("2023 May")."""
    if element is None:
        return {}
    levels = list(element.iter("{*}lvl"))
    if levels:
        inner, *outer = [_cache(level) for level in levels]
        return {place: " ".join([*(_last(level, place) for level in reversed(outer)), text]) for place, text in inner.items()}
    return next((_cache(one) for one in element.iter("{*}strCache", "{*}numCache", "{*}strLit", "{*}numLit")), {})


def _last(level: Points, place: int) -> str:
    """Return the outer category over a place: the last one that begins at it or before."""
    return level[max((one for one in level if one <= place), default=place)] if level and min(level) <= place else ""


def _cache(element: etree._Element) -> Points:
    code = _text(element.find("{*}formatCode")) or "General"
    points: Points = {}
    for one in element.iterfind("{*}pt"):
        place, value = one.get("idx", ""), _text(one.find("{*}v"))
        if not place.isdigit() or len(place) > 9 or not value.strip():
            continue
        if local(element).startswith("num"):
            try:
                value = format_number(float(value), one.get("formatCode", code))
            except ValueError:
                pass  # such as #N/A, which is shown as it is
        points[int(place)] = value
    return points


def _title(element: etree._Element | None) -> str:
    if element is None:
        return ""
    cached = _values(element.find("{*}tx"))
    paragraphs = ["".join(run.text or "" for run in one.iter("{*}t")) for one in element.iterfind("{*}tx/{*}rich/{*}p")]
    return " ".join([*cached.values(), *paragraphs]).strip()


def _text(element: etree._Element | None) -> str:
    return (element.text or "") if element is not None else ""
