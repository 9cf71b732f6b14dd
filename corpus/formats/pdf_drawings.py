"""The drawings of a page: ruled lines, bullets, pictures."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

from corpus.formats.pdf_page import Box, PageContent, Place

_MAX_OBJECTS = 20_000  # drawings of a page that are looked at; maps and plots have more, and are no tables
_MAX_SEGMENTS = 400  # of one drawing
_MAX_DEPTH = 4  # of drawings in drawings
_DOT = 8.0  # points: a larger drawing is no bullet
_THIN = 3.0  # points: a thicker bar is no ruled line

_Matrix = tuple[float, float, float, float, float, float]


def read_drawings(page: Any, place: Place, content: PageContent) -> None:
    """Add the ruled lines, small round drawings and pictures of a page that PDFium has loaded."""
    budget = _MAX_OBJECTS
    stack = [
        (pdfium.FPDFPage_GetObject(page, index), 0, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
        for index in range(min(pdfium.FPDFPage_CountObjects(page), budget))
    ]
    while stack and budget > 0:
        handle, depth, outer = stack.pop()
        budget -= 1
        kind = pdfium.FPDFPageObj_GetType(handle) if handle else pdfium.FPDF_PAGEOBJ_UNKNOWN
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            content.pictures.append(_bounds(handle, place, outer))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            _read_path(handle, place, outer, content)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            inner = _combined(_matrix(handle), outer)
            stack.extend(
                (pdfium.FPDFFormObj_GetObject(handle, index), depth + 1, inner)
                for index in range(min(pdfium.FPDFFormObj_CountObjects(handle), budget))
            )


def _matrix(handle: Any) -> _Matrix:
    found = pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0)
    pdfium.FPDFPageObj_GetMatrix(handle, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _combined(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _moved(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(handle: Any, place: Place, outer: _Matrix) -> Box:
    values = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(handle, *values)
    left, bottom, right, top = (value.value for value in values)
    x1, y1 = place.point(*_moved(outer, left, bottom))
    x2, y2 = place.point(*_moved(outer, right, top))
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _read_path(handle: Any, place: Place, outer: _Matrix, content: PageContent) -> None:
    """Add the level and upright edges of a drawing; a thin bar counts once, by its middle."""
    count = pdfium.FPDFPath_CountSegments(handle)
    if not 1 <= count <= _MAX_SEGMENTS:
        return
    matrix = _combined(_matrix(handle), outer)
    left, top, right, bottom = _bounds(handle, place, outer)
    if max(right - left, bottom - top) <= _DOT:
        content.dots.append((left, top, right, bottom))
        return
    if bottom - top <= _THIN < right - left:
        content.level_rules.append(((top + bottom) / 2, left, right))
        return
    if right - left <= _THIN < bottom - top:
        content.upright_rules.append(((left + right) / 2, top, bottom))
        return
    start = before = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(handle, index)
        if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = place.point(*_moved(matrix, x.value, y.value))
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and before is not None:
            _add_edge(before, point, content)
        before = point if kind != pdfium.FPDF_SEGMENT_BEZIERTO else None
        if pdfium.FPDFPathSegment_GetClose(segment) and start is not None and before is not None:
            _add_edge(before, start, content)


def _add_edge(one: tuple[float, float], other: tuple[float, float], content: PageContent) -> None:
    (x1, y1), (x2, y2) = one, other
    if abs(y1 - y2) < 1 and abs(x1 - x2) > _THIN:
        content.level_rules.append(((y1 + y2) / 2, min(x1, x2), max(x1, x2)))
    elif abs(x1 - x2) < 1 and abs(y1 - y2) > _THIN:
        content.upright_rules.append(((x1 + x2) / 2, min(y1, y2), max(y1, y2)))
