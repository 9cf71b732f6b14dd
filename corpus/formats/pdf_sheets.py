"""A page of a PDF as lines: which way its text runs, what stands on it, what of it is not read."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2.raw as pdfium

from corpus.formats.pdf_characters import read_words
from corpus.formats.pdf_drawings import read_drawings
from corpus.formats.pdf_fields import read_fields
from corpus.formats.pdf_lines import Line, find_lines
from corpus.formats.pdf_margins import Sheet, shortened
from corpus.formats.pdf_page import PageContent, Place, Word, turned, turned_back
from corpus.formats.pdf_tables import Rules

_SCANNED = "a picture without text (scanned?)"
_FEW_LETTERS = 30  # on a page with a picture over most of it: a stamp or page number on a scan
_WIDE_PICTURE = 0.4  # of the page
_NOTES_BELOW, _NOTES_RULE = 0.3, 0.45  # of the page's height and width: where a rule over notes stands, and how long it is
_NOTE_SIGN = re.compile(r"\(?(?:\d{1,3}|[*†‡§¶]{1,3}|[a-z])[.)]?\s*[^\W\d_]")
_MAX_BULLETS = 300  # drawn on a page; more dots are a plot
_APART = 0.2  # em between words
_BULLET_REACH = 3.0  # em between a drawn bullet and its item


def read_sheet(document: Any, form: Any, number: int) -> tuple[Sheet, Rules, list[str]]:
    """Return the lines of a page, its ruled lines, and what of it is not read.

    :param document: PDFium's handle of the document; likewise `form`, of its form, or None.
    :param number: Which page, from 0.
    """
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        return Sheet([], 1.0, 1.0), Rules(), ["a page that is damaged"]
    if form:
        pdfium.FORM_OnAfterLoadPage(page, form)  # without this no box is checked
    try:
        content = _content(page, form)
    finally:
        if form:
            pdfium.FORM_OnBeforeClosePage(page, form)
        pdfium.FPDF_ClosePage(page)
    notes = list(content.notes)
    lines, rules, aside = _upright(content, number + 1)
    if aside:
        notes.append(f"text that is turned (in the margin or a drawing): “{shortened(aside)}”")
    letters = sum(len(line.text) for line in lines)
    covered = max((_share(box, content) for box in content.pictures), default=0.0)
    if (not letters and content.pictures and not content.notes) or (letters < _FEW_LETTERS and covered > _WIDE_PICTURE):
        notes.append(_SCANNED)
    return Sheet(lines, content.width, content.height), rules, notes


def _content(page: Any, form: Any) -> PageContent:
    place = Place.of(page)
    width, height = place.size
    content = PageContent(max(width, 1.0), max(height, 1.0))
    read_words(page, place, content)
    read_fields(page, form, place, content)
    read_drawings(page, place, content)
    return content


def _share(box: tuple[float, float, float, float], content: PageContent) -> float:
    width = min(box[2], content.width) - max(box[0], 0)
    height = min(box[3], content.height) - max(box[1], 0)
    return max(width, 0) * max(height, 0) / (content.width * content.height)


def _upright(content: PageContent, page: int) -> tuple[list[Line], Rules, str]:
    """Return the lines of the direction that most of a page's text runs in, as if the page were turned to read it.

    Text in other directions (a stamp in the margin, labels of a figure) is returned as words only.
    """
    letters = {turn: sum(len(word.text) for word in content.words if word.turn == turn) for turn in (0, 1, 2, 3)}
    main = max(letters, key=lambda turn: letters[turn])
    words: list[Word] = [word for word in content.words if word.turn == main]
    aside = _run_together([word for word in content.words if word.turn != main])
    rules = Rules(content.level_rules, content.upright_rules)
    if main:
        words = turned(words, main, content.width, content.height)
        rules = Rules()
    lines = find_lines(words)
    dots = content.dots if not main and len(content.dots) <= _MAX_BULLETS else []
    for line in lines:
        left, top, right, bottom = turned_back(line.extent, main, content.width, content.height)
        line.page = page
        line.box = (
            _fraction(left, content.width),
            _fraction(top, content.height),
            _fraction(right, content.width),
            _fraction(bottom, content.height),
        )
        line.bullet = any(
            0 < line.left - dot[2] < _BULLET_REACH * line.size and line.top - 1 < (dot[1] + dot[3]) / 2 < line.bottom + 1
            for dot in dots
        )
    _mark_notes(lines, rules, content)
    return lines, rules, aside


def _run_together(words: list[Word]) -> str:
    """Return words of any direction as text."""
    parts = [word.text for word in words[:1]]
    for before, word in zip(words, words[1:], strict=False):
        across = max(word.left - before.right, before.left - word.right)
        down = max(word.top - before.bottom, before.top - word.bottom)
        parts.append(" " if word.spaced or max(across, down) > _APART * word.font.size else "")
        parts.append(word.text)
    return "".join(parts)


def _mark_notes(lines: list[Line], rules: Rules, content: PageContent) -> None:
    """Mark the lines below a short rule at the left of a column, in the lower part of a page, that begin with a note's sign."""
    for y, left, right in rules.level:
        if y < _NOTES_BELOW * content.height or not 20 < right - left < _NOTES_RULE * content.width:
            continue
        below = sorted((line for line in lines if line.base > y and line.left > left - 3), key=lambda line: line.base)
        beside = [other for other in rules.level if abs(other[0] - y) < 3]
        if not below or len(beside) > 1 or below[0].top - y > 2 * below[0].size or abs(below[0].left - left) > 20:
            continue
        if _NOTE_SIGN.match(below[0].text):
            for line in below:
                line.note = line.left < below[0].left + content.width / 2


def _fraction(place: float, whole: float) -> float:
    return round(min(max(place / whole, 0.0), 1.0), 4)
