"""Parts of a document: blocks that are becoming one; and what the beginnings and ends of lines say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.blocks import BlockKind
from corpus.formats.pdf_lines import Line

BULLET = re.compile(r"[•◦▪▫■□●○‣⁃∙·*✓✔➢➤►▶❖♦]\s+(?=\S)|[–—-]\s+(?=\S)")
"""A bullet at the beginning of a line."""
NUMBER = re.compile(r"(?:\((?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\)|\[\d{1,3}\]|(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)])\s+(?=\S)")
"""The number or letter of an item at the beginning of a line."""
SECTION = re.compile(r"(?:Chapter|Section|Part|Appendix)?\s*((?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])")
"""The number of a section at the beginning of a line."""
HYPHENS = ("-", "‐", "\xad")
LARGER = 1.08  # times the body text: a heading's size
SMALLER = 0.93  # times the body text: that of notes and captions
SAME = 0.08  # of a size: sizes that differ by less are one
_REFERENCES = r"\[?\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,9}\]?"
_END = re.compile(rf"[.!?:;…。！？][\"'”’»)\]]*(?:\s?{_REFERENCES})?$")
_CLOSED = re.compile(rf"[.!?…。！？][\"'”’»)\]]*(?:{_REFERENCES})?$")
_LEADER = re.compile(r"(?:\.\s?){4,}\s*[\w.-]{0,7}$")
_LAST = 60  # letters that are looked at


def ends(text: str) -> bool:
    """Whether a line ends like a sentence, a clause or an announcement; numbers of references may follow."""
    return _END.search(text[-_LAST:]) is not None


def closes(text: str) -> bool:
    """Whether a line ends like a sentence."""
    return _CLOSED.search(text[-_LAST:]) is not None


def leads(text: str) -> bool:
    """Whether dots at the end of a line lead to a page number."""
    return _LEADER.search(text[-_LAST:]) is not None


@dataclass(slots=True)
class Part:
    """A block that is becoming one.

    Attributes:
        kind: What it is.
        lines: Its lines; of a row, all of its cells'.
        cells: Of a row, the name of each column and the lines of the cell.
        caption: Of a row, the part that is the caption of its table.
        level: Of a heading, from 1; of an item, how deep it stands in others, from 0.
        mark: Of an item, its bullet or number, which the first line no longer has; empty where the bullet is drawn.
        numbered: Whether that is a number.
        opens, closes: Whether it is the first and the last of its column.
        full: Whether its last line goes to the end of the column.
        floats: Whether it stands by itself between the lines of the text: a caption, a note, a row.
    """

    kind: BlockKind
    lines: list[Line]
    cells: list[tuple[str, list[Line]]] = field(default_factory=list)
    caption: Part | None = None
    level: int = 0
    mark: str = ""
    numbered: bool = False
    opens: bool = False
    closes: bool = False
    full: bool = False
    floats: bool = False

    @property
    def first_page(self) -> int:
        """The page its first line is on."""
        return self.lines[0].page

    @property
    def last_page(self) -> int:
        """The page its last line is on."""
        return self.lines[-1].page

    @property
    def text(self) -> str:
        """Its words, for looking at."""
        return " ".join(line.text for line in self.lines)
