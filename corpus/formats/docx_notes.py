"""The footnotes and endnotes of a Word document, which stand in parts of their own."""

from __future__ import annotations

from lxml import etree

from corpus.formats.docx_names import attribute
from corpus.formats.line import note_mark
from corpus.formats.list_marks import Numerals, write_number
from corpus.formats.ooxml import is_true


class Notes:
    """Footnotes or endnotes, by their ids, and how far they are counted.

    :param root: Of the part that holds them, if there is one.
    :param numerals: How they are numbered.
    """

    def __init__(self, root: etree._Element | None, numerals: Numerals) -> None:
        self._elements = {attribute(one, "id"): one for one in (root if root is not None else ())}
        self._numerals = numerals
        self._count = 0

    def take(self, reference: etree._Element) -> tuple[str, etree._Element | None]:
        """Return the mark of the note that is referred to, and its element; None if it is missing or was taken before.

        The mark is empty where the text that follows is the mark.
        """
        mark = ""
        if not is_true(attribute(reference, "customMarkFollows")):
            self._count += 1
            mark = note_mark(write_number(self._count, self._numerals))
        return mark, self._elements.pop(attribute(reference, "id"), None)
