"""What a paragraph of RTF is, by its style, its outline level, its list, or a bullet that someone typed."""

from __future__ import annotations

import re

from corpus.blocks import BlockKind
from corpus.formats.flow import Text
from corpus.formats.headings import heading_of_style, is_caption_style, is_code_style, is_contents_style
from corpus.formats.rtf_state import Paragraph

BULLET = "•"

_TYPED_MARK = re.compile(r"\s*([^\s\f\v]{1,8})[ \xa0]*\t")
_TYPED_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxlIVXL]{1,6})[.)]+")
_BULLETS = "•◦▪‣–—-*·○●■□"
_INDENT = 360  # twips of one level, where the level is not said
_BODY_LEVEL = 9  # the outline level of what is no heading


class StyleSheet:
    """The styles of a document, by their numbers."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._outlines: dict[int, int] = {}

    def add_name(self, style: int, part: str) -> None:
        """Add to a style's name; it ends with a semicolon."""
        self._names[style] = self._names.get(style, "") + part

    def set_outline(self, style: int, level: int) -> None:
        """Say what outline level a style has."""
        self._outlines[style] = level

    def is_contents(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph is of a table of contents."""
        return is_contents_style(self._name(paragraph))

    def classify(self, text: Text, paragraph: Paragraph, mark: str) -> None:
        """Find out what a paragraph is.

        :param mark: What the program wrote before it, as the mark of a list item.
        """
        mark = " ".join(mark.split())
        is_numbered = any(one.isalnum() for one in mark) and mark != "o"  # in Courier, Word's bullet of the second level
        heading = self._heading(paragraph)
        if heading is not None and text.words:
            text.kind, text.level, text.mark = BlockKind.HEADING, heading, mark if is_numbered else ""
        elif mark:
            text.kind, text.level = BlockKind.ITEM, paragraph.list_level
            text.mark, text.is_numbered = mark if is_numbered else BULLET, is_numbered
        elif paragraph.first < 0 and (typed := _TYPED_MARK.match(text.text)):
            _classify_typed(text, paragraph, typed.group(1), typed.end())
        elif is_caption_style(self._name(paragraph)):
            text.is_caption = True
        elif is_code_style(self._name(paragraph)):
            text.kind = BlockKind.CODE

    def _name(self, paragraph: Paragraph) -> str:
        return self._names.get(paragraph.style, "").split(";")[0].strip().lower()

    def _heading(self, paragraph: Paragraph) -> int | None:
        level = self._outlines.get(paragraph.style) if paragraph.outline is None else paragraph.outline
        if level is not None and 0 <= level < _BODY_LEVEL:
            return level + 1
        return heading_of_style(self._name(paragraph))


def _classify_typed(text: Text, paragraph: Paragraph, mark: str, end: int) -> None:
    """Take a bullet or number, typed before a tab that hangs, as the mark of an item."""
    is_numbered = _TYPED_NUMBER.fullmatch(mark) is not None
    if is_numbered or mark in _BULLETS:
        text.kind, text.is_numbered = BlockKind.ITEM, is_numbered
        text.mark = mark if is_numbered else BULLET
        text.level = min(max(paragraph.left // _INDENT - 1, 0), 8)
        text.text = text.text[end:]
        text.asides = [(max(position - end, 0), content) for position, content in text.asides]
