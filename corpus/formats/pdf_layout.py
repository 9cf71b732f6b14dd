"""The order in which a page is read: from columns, what spans them, and tables.

A page is cut like in the recursive XY-cut (Ha, Haralick and Phillips, "Recursive X-Y cut using bounding boxes of connected
components", 1995), but level cuts are made first and then taken back where they part one column layout. Lines that
overlap in height are a strip. Strips are gathered, from the top down, into bands: as long as at least one gutter of white
runs through all of them. What crosses every gutter (a title, a wide figure's caption, text in one column) ends a band. A band
with gutters is a table, or columns that are each read down before the next and are cut again in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median

from corpus.formats.pdf_lines import Line, is_caption, joined
from corpus.formats.pdf_tables import Gutter, Rules, Table, find_table, line_columns

_GUTTER = 0.8  # em: the narrowest white between columns
_GUTTER_LEFT = 0.4  # em: what may be left of it where a line is longer than those above
_MAX_DEPTH = 8
_PROSE_LETTERS, _PROSE_FILL, _PROSE_LINES = 16, 0.55, 3
_HEADING_LINES = 3  # at most so many lines of a heading are taken out of the column above


@dataclass(slots=True)
class Flow:
    """Lines of one column, from the top down."""

    lines: list[Line]


Region = Flow | Table
"""A part of a page that is read as a whole."""


@dataclass(slots=True)
class _Strip:
    """Lines that overlap in height."""

    lines: list[Line]
    top: float
    bottom: float


_Band = tuple[list[_Strip], list[Gutter]]
"""Strips, and the gutters that run through all of them."""


def read_layout(lines: list[Line], rules: Rules) -> list[Region]:
    """Return the regions of a page in reading order; every line is in exactly one."""
    merged: list[Region] = []
    for region in _read(lines, rules, 0):
        last = merged[-1] if merged else None
        if isinstance(region, Flow) and isinstance(last, Flow) and last.lines[-1].column == region.lines[0].column:
            last.lines.extend(region.lines)
        else:
            merged.append(region)
    return merged


def _read(lines: list[Line], rules: Rules, depth: int) -> Iterable[Region]:
    if not lines:
        return
    strips = _strips(lines)
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    for band, gutters in _bands(strips):
        inside = [line for strip in band for line in strip.lines]
        if not gutters or depth >= _MAX_DEPTH:
            yield _flow(band, (left, right))
            continue
        columns = _columns(inside, gutters)
        tail: list[_Strip] = []
        is_prose = all(_is_prose(column) for column in columns)
        if not is_prose:
            tail = _tail(band, gutters)
            inside = [line for strip in band[: len(band) - len(tail)] for line in strip.lines]
        table = None
        if not _is_index(columns):
            table = find_table(inside, gutters, rules, is_sure=not is_prose and _is_aligned(_columns(inside, gutters)))
        if table is not None:
            yield table
            if tail:
                yield _flow(tail, (left, right))
        elif is_prose or (len(band) > 1 and (_is_index(columns) or not _is_aligned(columns))):
            widest = max(gutters, key=lambda gutter: gutter[1] - gutter[0])
            whole = [line for strip in band for line in strip.lines]
            for column in _columns(whole, gutters if is_prose else [widest]):
                yield from _read(column, rules, depth + 1)
        else:
            yield _flow(band, (left, right))


def _strips(lines: list[Line]) -> list[_Strip]:
    strips: list[_Strip] = []
    for line in sorted(lines, key=lambda one: one.top):
        if strips and line.top < strips[-1].bottom:
            strips[-1].lines.append(line)
            strips[-1].bottom = max(strips[-1].bottom, line.bottom)
        else:
            strips.append(_Strip([line], line.top, line.bottom))
    return strips


def _bands(strips: list[_Strip]) -> list[_Band]:
    """Gather strips into bands, each with its gutters; without any, its lines are one column."""
    bands: list[_Band] = []
    band: list[_Strip] = []
    gutters: list[Gutter] = []
    taken: list[Gutter] = []
    for strip in strips:
        own = _spans(strip.lines)
        own_gutters = _gaps(own, strip.lines)
        together = _spans_united([*taken, *own])
        left = _shared(band, gutters, own_gutters, _gaps(together, strip.lines, _GUTTER_LEFT), strip) if gutters else []
        if band and not gutters and not own_gutters:
            band.append(strip)
            taken = together
            continue
        if band and gutters and left and not _is_wide_heading(band, strip, strips, left):
            band.append(strip)
            gutters, taken = left, together
            continue
        carried: list[_Strip] = []
        if gutters:
            carried = _trailing_heading(band, gutters)
            band = band[: len(band) - len(carried)]
            bands.append((band, gutters))
            if carried and own_gutters:
                bands.append((carried, []))
                carried = []
        elif band:
            carried = _leading_lines(band, strip, own_gutters)
            band = band[: len(band) - len(carried)]
            if band:
                bands.append((band, []))
        band = [*carried, strip]
        taken = _spans([line for part in band for line in part.lines])
        gutters = _gaps(taken, strip.lines) if own_gutters else []
    if band:
        bands.append((band, gutters))
    return bands


def _shared(band: list[_Strip], gutters: list[Gutter], own: list[Gutter], left: list[Gutter], strip: _Strip) -> list[Gutter]:
    """Return the gutters that a strip leaves to a band, if it is of the same columns, else none."""
    if own and not any(min(a[1], b[1]) - max(a[0], b[0]) >= 0.5 * (b[1] - b[0]) for a in own for b in left):
        return []
    if not own and len(band) == 1:  # one line under a row: a caption or a title, if it stands across
        line = strip.lines[0]
        if any(min(line.right, end) - max(line.left, start) > 0.6 * (end - start) for start, end in gutters):
            return []
    return left


def _leading_lines(band: list[_Strip], strip: _Strip, gutters: list[Gutter]) -> list[_Strip]:
    """Return the last strips of a band that already stand in one of the columns below it.

    They do if they are beyond the first gutter, or if they fill the first column and are set as tight as its text.
    """
    left, right = gutters[0]
    opening = [line for line in strip.lines if line.right <= left]
    size = median(line.size for line in strip.lines)
    carried: list[_Strip] = []
    below = strip.top
    for part in reversed(band):
        ends = max(line.right for line in part.lines)
        if any(abs(line.size - size) > 0.15 * size for line in part.lines):
            break  # a title
        if min(line.left for line in part.lines) < right - 1:
            line = part.lines[0]
            alike = [one for one in opening if abs(one.size - line.size) < 0.5 and abs(one.left - line.left) < 3]
            fills = ends <= left and ends - line.left > 0.8 * (left - line.left) and len(line.text) > 2 * _PROSE_LETTERS
            if not (fills and alike and below - part.bottom < 1.1 * line.size):
                break
        carried.insert(0, part)
        below = part.top
    return carried


def _spans(lines: list[Line]) -> list[Gutter]:
    return _spans_united([(line.left, line.right) for line in lines])


def _spans_united(spans: list[Gutter]) -> list[Gutter]:
    made: list[Gutter] = []
    for left, right in sorted(spans):
        if made and left <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], right))
        else:
            made.append((left, right))
    return made


def _gaps(spans: list[Gutter], lines: list[Line], least: float = _GUTTER) -> list[Gutter]:
    least *= min(line.size for line in lines)
    return [
        (before[1], after[0])
        for before, after in zip(spans, spans[1:], strict=False)
        if after[0] - before[1] >= max(least, 3.0)
    ]


def _is_wide_heading(band: list[_Strip], strip: _Strip, strips: list[_Strip], gutters: list[Gutter]) -> bool:
    """Whether a strip is a heading over all columns that is too short to cross a gutter.

    It stands alone in the first column, larger than the text there, while columns to its right go on above and below.
    """
    line = strip.lines[0]
    if len(strip.lines) != 1 or line.right > gutters[0][0]:
        return False
    sizes = [one.size for part in band for one in part.lines if one.right <= gutters[0][0]]
    if not sizes or line.size < 1.1 * median(sizes):
        return False
    place = next(number for number, one in enumerate(strips) if one is strip)
    around = [part.lines for part in (strips[place - 1], *strips[place + 1 : place + 2])]
    return len(around) == 2 and all(any(one.left >= gutters[0][1] for one in part) for part in around)


def _trailing_heading(band: list[_Strip], gutters: list[Gutter]) -> list[_Strip]:
    """Return the last strips of a band that are a heading or caption of what follows it over all columns."""
    usual = median(one.size for part in band for one in part.lines)
    carried: list[_Strip] = []
    for strip in reversed(band[-_HEADING_LINES:]):
        line = strip.lines[0]
        is_title = line.bold or line.size > 1.1 * usual or is_caption(line.text)
        if len(strip.lines) > 1 or line.right > gutters[0][0] or not is_title:
            break
        carried.insert(0, strip)
    return carried if len(carried) < len(band) else []


def _tail(band: list[_Strip], gutters: list[Gutter]) -> list[_Strip]:
    """Return the last strips of a band that are text below a table: lines alone, in the first column or set off."""
    last = max((place for place, strip in enumerate(band) if len(strip.lines) > 1), default=0)
    for place in range(last + 1, len(band)):
        line = band[place].lines[0]
        distance = band[place].top - band[place - 1].bottom
        runs_on = line.text[:1].islower() and distance < 0.6 * line.size
        if distance > line.size or (line.right <= gutters[0][0] and not runs_on):
            return band[place:]
    return []


def _columns(lines: list[Line], gutters: list[Gutter]) -> list[list[Line]]:
    return [column for column in line_columns(lines, gutters) if column]


def _is_prose(lines: list[Line]) -> bool:
    """Whether a column holds running text: several lines of many letters that mostly fill it."""
    if len(lines) < _PROSE_LINES:
        return False
    width = max(line.right for line in lines) - min(line.left for line in lines)
    filled = sum(line.right - line.left for line in lines) / (len(lines) * width)
    return filled >= _PROSE_FILL and median(len(line.text) for line in lines) >= _PROSE_LETTERS


def _is_index(columns: list[list[Line]]) -> bool:
    """Whether most lines lead with dots to a page number."""
    lines = [line for column in columns for line in column]
    return sum("...." in line.text.replace(" ", "") for line in lines) > 0.4 * len(lines)


def _is_aligned(columns: list[list[Line]]) -> bool:
    """Whether most lines of the shortest column share a baseline with a line of each other column."""
    columns = sorted(columns, key=len)
    shortest = columns[0]
    for other in columns[1:]:
        bases = [line.base for line in other]
        found = sum(any(abs(line.base - base) < 0.2 * line.size for base in bases) for line in shortest)
        if found < 0.6 * len(shortest):
            return False
    return True


def _flow(band: list[_Strip], column: tuple[float, float]) -> Flow:
    """Return the lines of a band in one column; what stands beside each other on a baseline becomes one line."""
    lines: list[Line] = []
    for strip in band:
        rows: list[list[Line]] = []
        for line in sorted(strip.lines, key=lambda one: one.base):
            if rows and abs(rows[-1][0].base - line.base) < 0.3 * line.size:
                rows[-1].append(line)
            else:
                rows.append([line])
        lines.extend(joined(row) if len(row) > 1 else row[0] for row in rows)
    return Flow([replace(line, column=column) for line in lines])
