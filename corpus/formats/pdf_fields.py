"""What is filled in on a page: form fields, and text typed on it as a note.

PDFium does not count these among the text of the page, though readers show them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium

from corpus.formats.pdf_page import Font, PageContent, Place, Word

_MAX_FIELDS = 2_000  # of a page
_CHOICES = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
_WRITTEN = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
_SIZE = 9.0  # points: of a field's text where its box does not tell


def read_fields(page: Any, form: Any, place: Place, content: PageContent) -> None:
    """Add the words of filled fields and typed notes of a page that PDFium has loaded, where they stand.

    :param form: PDFium's handle of the document's form, or None.
    """
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_FIELDS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            text = _text(annotation, form)
            box = pdfium.FS_RECTF()
            if text and pdfium.FPDFAnnot_GetRect(annotation, box):
                _add_words(text, place.box(box.left, box.bottom, box.right, box.top), content)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _text(annotation: Any, form: Any) -> str:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        return _wide(lambda buffer, length: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, length))
    if kind != pdfium.FPDF_ANNOT_WIDGET or not form:
        return ""
    field = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if field in _CHOICES:
        return "☒" if pdfium.FPDFAnnot_IsChecked(form, annotation) else ""
    if field in _WRITTEN:
        return _wide(lambda buffer, length: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, length))
    return ""


def _wide(ask: Callable[[Any, int], int]) -> str:
    """Return a text that PDFium gives as UTF-16, after it has been asked how long it is."""
    length = ask(None, 0)
    if length <= 2:
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    ask(buffer, length)
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace")


def _add_words(text: str, box: tuple[float, float, float, float], content: PageContent) -> None:
    left, top, right, bottom = box
    lines = [line for line in text.splitlines() if line.strip()]
    height = (bottom - top) / max(len(lines), 1)
    size = min(_SIZE, max(height, 1.0))
    for number, line in enumerate(lines):
        upper = top + number * height
        words = line.split()
        step = (right - left) / max(len(line), 1)
        at = left
        for word in words:
            wide = min(step * len(word), 0.6 * size * len(word))
            base = upper + 0.5 * (height + 0.7 * size)
            content.words.append(
                Word(word, at, upper, at + wide, upper + height, base, Font(size, False, ""), 0, word is not words[0], -1, -1)
            )
            at += wide + min(step, 0.3 * size)
