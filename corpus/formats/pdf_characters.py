"""The words of a page, from PDFium's characters.

PDFium is asked once per character for its code and box; fonts, sizes and baselines belong to a text object, and are asked
for once per object, since a call costs half a microsecond.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from corpus.formats.pdf_page import Font, PageContent, Place, Word

_Edges = tuple[list[float], list[float], list[float], list[float]]
"""Left, top, right and bottom end of each character, as displayed."""

_SPACE, _SPACE_ALONE = 0.15, 0.22  # em: the gap of a space, where PDFium sees one too, and where it does not
_TRACKED = 0.12  # em between letters that are set apart
_SPACES = frozenset((9, 10, 13, 32, 0xA0, 0x202F, 0x205F, 0x3000, *range(0x2000, 0x200B)))
_HYPHEN = 2  # PDFium's code for a hyphen at the end of a line
_UNREADABLE = 0xFFFD
_GARBLED = 0.3  # share of unreadable characters above which a font's text is left out
_BOLD = ("bold", "black", "heavy", "demi", "medi", "cmbx", "cmssbx", "sfbx", "ecbx")
_SYMBOLS = dict(zip(range(0xF061, 0xF07B), map(ord, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"), strict=True)) | {
    0xF044: 0x394, 0xF057: 0x3A9, 0xF0B1: 0xB1, 0xF0A3: 0x2264, 0xF0B3: 0x2265, 0xF0B4: 0xD7, 0xF0B0: 0xB0, 0xF0AE: 0x2192,
    0xF02D: 0x2212, 0xF02B: 0x2B, 0xF03D: 0x3D, 0xF03C: 0x3C, 0xF03E: 0x3E, 0xF0A5: 0x221E, 0xF0B9: 0x2260, 0xF0BB: 0x2248,
}  # fmt: skip
"""The Symbol font as old word processors write it → Unicode."""
_BULLETS = frozenset((0xF0B7, 0xF0A7, 0xF0D8, 0xF076, 0xF0A8, 0xF06E, 0xF071, 0xF0FC, 0xF0E8))
"""Bullets of the Symbol and Wingdings fonts."""


@dataclass(slots=True)
class _Source:
    """A text object: what all its characters share."""

    font: Font
    turn: int
    base: float
    tag: int
    number: int
    letters: int = 0


def read_words(page: Any, place: Place, content: PageContent) -> None:
    """Add the words of a page that PDFium has loaded, in the order of the file, and notes of what cannot be read."""
    text_page = pdfium.FPDFText_LoadPage(page)
    if text_page:
        try:
            _read_characters(text_page, place, content)
        finally:
            pdfium.FPDFText_ClosePage(text_page)


def _read_characters(text_page: Any, place: Place, content: PageContent) -> None:
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return
    boxes: Any = (pdfium.FS_RECTF * count)()
    first, get_box, reference = boxes[0], pdfium.FPDFText_GetLooseCharBox, ctypes.byref
    for index in range(count):
        get_box(text_page, index, reference(first, 16 * index))
    get_code, get_object = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetTextObject
    codes = [get_code(text_page, index) for index in range(count)]
    pointers = [
        ctypes.addressof(pointer.contents) if (pointer := get_object(text_page, index)) else 0 for index in range(count)
    ]
    found = np.frombuffer(boxes, dtype=np.float32).reshape(count, 4).astype(np.float64)  # left, top, right, bottom
    xs, ys = place.point(found[:, [0, 2]], found[:, [1, 3]])
    edges = (xs.min(axis=1).tolist(), ys.min(axis=1).tolist(), xs.max(axis=1).tolist(), ys.max(axis=1).tolist())
    reader = _Sources(text_page, place)
    sources: list[_Source | None] = [None] * count
    previous, source = 0, None
    for index, pointer in enumerate(pointers):
        if pointer != previous:
            source = reader.of(pointer, index) if pointer else None
            previous = pointer
        sources[index] = source
        if source is not None:
            source.letters += 1
    _mark_unreadable(text_page, codes, sources)
    _cut_words(codes, sources, edges, content)


class _Sources:
    """Looks up text objects, each once."""

    def __init__(self, text_page: Any, place: Place) -> None:
        self._text_page = text_page
        self._place = place
        self._known: dict[int, _Source] = {}
        self._fonts: dict[int, tuple[str, bool]] = {}

    def of(self, pointer: int, index: int) -> _Source:
        if pointer not in self._known:
            self._known[pointer] = self._read(index, len(self._known))
        return self._known[pointer]

    def _read(self, index: int, number: int) -> _Source:
        handle = pdfium.FPDFText_GetTextObject(self._text_page, index)
        matrix = pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0)
        pdfium.FPDFText_GetMatrix(self._text_page, index, matrix)
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(self._text_page, index, x, y)
        turn = self._place.direction(matrix.a, matrix.b)
        across, down = self._place.point(x.value, y.value)
        size = pdfium.FPDFText_GetFontSize(self._text_page, index) * math.hypot(matrix.c, matrix.d)
        name, bold = self._font(handle)
        if pdfium.FPDFTextObj_GetTextRenderMode(handle) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE:
            bold = True  # letters made bold by drawing their outlines too
        base = down if turn in (0, 2, -1) else across
        font = Font(round(max(abs(size), 0.5), 1), bold, name)
        return _Source(font, turn, base, pdfium.FPDFPageObj_GetMarkedContentID(handle), number)

    def _font(self, handle: Any) -> tuple[str, bool]:
        font = pdfium.FPDFTextObj_GetFont(handle)
        if not font:
            return "", False
        key = ctypes.addressof(font.contents)
        if key not in self._fonts:
            length = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
            buffer = ctypes.create_string_buffer(max(length, 1))
            pdfium.FPDFFont_GetBaseFontName(font, buffer, length)
            name = buffer.value.decode("utf-8", "replace").split("+", 1)[-1]
            self._fonts[key] = name, any(mark in name.lower() for mark in _BOLD)
        return self._fonts[key]


def _mark_unreadable(text_page: Any, codes: list[int], sources: list[_Source | None]) -> None:
    """Replace, in place, codes that PDFium could not make into letters, and old codes of symbols and bullets."""
    has_error = pdfium.FPDFText_HasUnicodeMapError
    suspect: dict[int, bool] = {}
    for index, (code, source) in enumerate(zip(codes, sources, strict=True)):
        if source is None:
            continue
        if source.number not in suspect:
            suspect[source.number] = has_error(text_page, index) == 1
        if code == _HYPHEN and not suspect[source.number]:
            codes[index] = 0x2D
        elif 0xE000 <= code <= 0xF8FF:
            symbol = _SYMBOLS.get(code) if "symbol" in source.font.name.lower() else None
            codes[index] = symbol or (0x2022 if code in _BULLETS else _UNREADABLE)
        elif (code < 32 and code not in (9, 10, 13)) or (suspect[source.number] and has_error(text_page, index) == 1):
            codes[index] = _UNREADABLE
        elif 0xD800 <= code < 0xDC00 and index + 1 < len(codes) and 0xDC00 <= codes[index + 1] < 0xE000:
            codes[index] = 0x10000 + ((code - 0xD800) << 10) + (codes[index + 1] - 0xDC00)
            codes[index + 1] = 0x200B  # half of a pair; what is invisible is dropped when the text is cleaned
        elif 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            codes[index] = _UNREADABLE


def _cut_words(codes: list[int], sources: list[_Source | None], edges: _Edges, content: PageContent) -> None:
    """Cut the characters into words, at spaces and where font, direction or baseline change."""
    garbled = _garbled_fonts(codes, sources)
    seen = _on_page(edges, content)
    run = _Run(False)  # characters of one line, of one font
    before: _Source | None = None
    outside = 0
    space = hint = False  # the file has a space here; PDFium sees one
    for index, source in enumerate(sources):
        if source is None:
            hint = True
            continue
        if codes[index] in _SPACES:
            space = True
            continue
        if not seen[index]:
            outside += 1
            continue
        if source is not before:
            if source.font.name in garbled:
                continue
            if (
                before is None
                or source.font != before.font
                or source.turn != before.turn
                or abs(source.base - before.base) > 0.1 * source.font.size
            ):
                run.cut(codes, sources, edges, content.words)
                run = _Run(space)
            before = source
        if run.indices and (space or hint):
            (run.spaces if space else run.hints).add(index)
        run.indices.append(index)
        space = hint = False
    run.cut(codes, sources, edges, content.words)
    if garbled:
        content.notes.append("text in a font that does not say which letters its signs are")
    if outside > 3:
        content.notes.append("text outside the visible part of the page")


def _on_page(edges: _Edges, content: PageContent) -> list[bool]:
    lefts, tops, rights, bottoms = map(np.array, edges)
    across, down = (lefts + rights) / 2, (tops + bottoms) / 2
    inside = (across >= -2) & (across <= content.width + 2) & (down >= -2) & (down <= content.height + 2)
    made: list[bool] = inside.tolist()
    return made


def _garbled_fonts(codes: list[int], sources: list[_Source | None]) -> set[str]:
    """Return the names of the fonts whose text is mostly unreadable."""
    if _UNREADABLE not in codes:
        return set()
    counts: dict[str, list[int]] = {}
    for code, source in zip(codes, sources, strict=True):
        if source is not None and code != 32:
            count = counts.setdefault(source.font.name, [0, 0])
            count[0] += 1
            count[1] += code == _UNREADABLE
    return {name for name, (all_of, bad) in counts.items() if bad > 3 and bad > _GARBLED * all_of}


class _Run:
    """Characters of one font and baseline, one after the other."""

    def __init__(self, spaced: bool) -> None:
        self.indices: list[int] = []
        self.spaces: set[int] = set()
        """Characters that the file has a space before."""
        self.hints: set[int] = set()
        """Characters that PDFium sees a space before."""
        self._spaced = spaced

    def cut(self, codes: list[int], sources: list[_Source | None], edges: _Edges, words: list[Word]) -> None:
        """Add its words: cut at spaces that the file has, and at gaps that look like one."""
        if not self.indices:
            return
        lefts, tops, rights, bottoms = edges
        begin = 0
        for end in self._ends(sources, edges):
            part = self.indices[begin:end]
            source = sources[part[0]]
            assert source is not None
            first, last = part[0], part[-1]
            if source.turn == 0:  # one font on one baseline: all boxes are as high
                box = lefts[first], tops[first], max(rights[last], lefts[first]), bottoms[first]
            else:
                box = (
                    min([lefts[index] for index in part]),
                    min([tops[index] for index in part]),
                    max([rights[index] for index in part]),
                    max([bottoms[index] for index in part]),
                )
            text = "".join([chr(codes[index]) for index in part])
            spaced = self._spaced if begin == 0 else first in self.spaces
            words.append(Word(text, *box, source.base, source.font, source.turn, spaced, source.number, source.tag))
            begin = end

    def _ends(self, sources: list[_Source | None], edges: _Edges) -> list[int]:
        """Return where words end."""
        source = sources[self.indices[0]]
        assert source is not None
        size = source.font.size
        near, far = ((0, 2), (1, 3), (2, 0), (3, 1), (0, 2))[source.turn]
        sign = -1 if source.turn in (2, 3) else 1
        starts, stops = edges[near], edges[far]
        gaps = [sign * (starts[after] - stops[one]) for one, after in zip(self.indices, self.indices[1:], strict=False)]
        within = [gap for gap, index in zip(gaps, self.indices[1:], strict=True) if index not in self.spaces]
        usual = sorted(within)[len(within) // 2] if len(within) > 3 else 0.0
        extra = usual if usual > _TRACKED * size else 0.0  # letters that are set apart
        ends = []
        for place, index in enumerate(self.indices[1:], 1):
            gap = gaps[place - 1]
            before, here = sources[self.indices[place - 1]], sources[index]
            if here is not before and here is not None and before is not None and min(before.letters, here.letters) > 2:
                ends.append(place)  # perhaps another cell; a line puts the parts of a word together again
                continue
            least = extra + size * (_SPACE if index in self.hints else _SPACE_ALONE)
            if index in self.spaces or gap >= least or gap <= -1.5 * size:
                ends.append(place)
        return [*ends, len(self.indices)]
