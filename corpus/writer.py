"""Puts together the text of a file and its structure, so that every offset is right by construction."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from corpus.blocks import Block, BlockKind
from corpus.document import Extract, Line, PageKind, Skipped, Span

_SPACES = re.compile(r"[ \t\xa0\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile("[\xad\u200b-\u200f\u2060\ufeff]")  # soft hyphens, joiners, marks of direction
_LIGATURES = re.compile("[\ufb00-\ufb06]")  # a person who types "finding" must find it


def clean(text: str, *, keep_lines: bool = False) -> str:
    """Return text as it is stored: no control characters or halves of surrogate pairs, ligatures written out, spaces joined.

    :param keep_lines: Keep line ends and the spaces that indent, as in code; else the text becomes one line.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.rstrip() if keep_lines else text.strip()  # as most cells of large tables are
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n"))
    text = _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    text = "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    if not keep_lines:
        return _SPACES.sub(" ", text.replace("\n", " ")).strip()
    return "\n".join(line.rstrip() for line in text.expandtabs(4).split("\n")).strip("\n")


class TextWriter:
    """Writes a document block by block. Blocks without words are left out."""

    def __init__(self, page_kind: PageKind = PageKind.PAGE) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._open: Block | None = None
        self._page_kind = page_kind
        self._first_part = 0  # of the open block
        self._pages: list[int] = []
        self._placed = 0  # pages whose first words have come
        self._page_names: list[str] = []
        self._skipped: list[Skipped] = []
        self._lines: list[Line] = []

    @property
    def length(self) -> int:
        """Characters written so far."""
        return self._length

    @property
    def pages(self) -> int:
        """Pages begun so far."""
        return len(self._pages)

    def page(self, name: str = "") -> None:
        """Begin the next page, slide or sheet; it may begin in the middle of a block (between two `add`)."""
        self._pages.append(-1)  # where it begins is known when its first words come
        self._page_names.append(clean(name))

    def skip(self, reason: str, page: int | None = None, *, on_purpose: bool = False) -> None:
        """Note that something is not in the text.

        :param page: The page it is about; the one at hand if None, or the file if there are no pages.
        :param on_purpose: It says nothing of its own, as a running header.
        """
        self._skipped.append(Skipped(reason, page if page is not None else (len(self._pages) or None), on_purpose))

    def heading(self, text: str, level: int) -> None:
        """Write a heading; smaller levels stand above larger ones."""
        text = clean(text)
        self._whole(BlockKind.HEADING, text, level=level, title=text)

    def paragraph(self, text: str) -> None:
        """Write a paragraph as one line."""
        self._whole(BlockKind.PARAGRAPH, clean(text))

    def item(self, text: str, *, level: int = 0, mark: str = "•", numbered: bool = False) -> None:
        """Write a list item as one line.

        :param level: How deep the list stands in others, from 0.
        :param mark: What stands before it: a bullet, which is never quoted; or with `numbered` its number ("2."), which is.
        """
        text = clean(text)
        if text:
            self.open(BlockKind.ITEM, level=2 * level, numbered=numbered)
            if mark:
                self.add(f"{mark} ")
            if not numbered:
                self.begin_content()
            self.add(text)
            self.close()

    def row(self, cells: Sequence[tuple[str, str]], *, title: str = "") -> None:
        """Write a table row with its column names: "Drug: BCG; Dose: 5 mg". Empty cells are left out.

        :param cells: Column name (may be empty) and value of each cell.
        :param title: What the table is called, for passages that begin below its caption; see `Block`.
        """
        pairs = [(clean(name).rstrip(":"), clean(value)) for name, value in cells]
        text = "; ".join(f"{name}: {value}" if name else value for name, value in pairs if value)
        self._whole(BlockKind.ROW, text, title=clean(title))

    def code(self, text: str) -> None:
        """Write text whose lines and indentation matter."""
        self._whole(BlockKind.CODE, clean(text, keep_lines=True))

    def _whole(self, kind: BlockKind, text: str, *, level: int = 0, title: str = "") -> None:
        if text.strip():
            self.open(kind, level=level, title=title)
            self.add(text)
            self.close()

    # In parts, for a block that is on two pages or whose lines have places

    def open(self, kind: BlockKind, *, level: int = 0, numbered: bool = False, title: str = "") -> None:
        """Begin a block that is written in parts; `close` ends it. A heading's title is its text if none is given."""
        self._open = Block(kind, -1, -1, -1, level, title, numbered)

    def add(self, text: str, *, box: tuple[float, float, float, float] | None = None) -> Span:
        """Write a part of the open block as it is (see `clean`) and return its span.

        :param box: Where it is seen on the page at hand.
        """
        assert self._open is not None, "open a block first"
        if self._open.start < 0 and text:
            if self._blocks:
                before = self._blocks[-1].kind
                alike = before is self._open.kind and before in (BlockKind.ITEM, BlockKind.ROW)
                self._write("\n" if alike else "\n\n")
            self._open = replace(self._open, start=self._length, content=self._length)
            self._first_part = len(self._parts)
        start = self._length
        if text:
            self._pages[self._placed :] = [start] * (len(self._pages) - self._placed)
            self._placed = len(self._pages)
        self._write(text)
        if box is not None and text.strip():
            self._lines.append(Line(start, self._length, len(self._pages), box))
        return start, self._length

    def begin_content(self) -> None:
        """Say that the open block's own words begin here: what was added before is its mark, which is never quoted."""
        assert self._open is not None, "open a block first"
        if self._open.start >= 0:
            self._open = replace(self._open, content=self._length)

    def close(self) -> None:
        """End the open block; one without words is left out, and its parts must not be white space alone."""
        assert self._open is not None, "open a block first"
        if self._open.start >= 0:
            block = replace(self._open, end=self._length)
            if block.kind is BlockKind.HEADING and not block.title:
                block = replace(block, title="".join(self._parts[self._first_part :]))
            self._blocks.append(block)
        self._open = None

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def extract(self) -> Extract:
        """Return what was written."""
        starts = [start if start >= 0 else self._length for start in self._pages]
        ends = [*starts[1:], self._length]
        return Extract(
            text="".join(self._parts),
            blocks=tuple(self._blocks),
            pages=tuple(zip(starts, ends, strict=True)) if starts else (),
            page_kind=self._page_kind,
            page_names=tuple(self._page_names) if any(self._page_names) else (),
            skipped=tuple(self._skipped),
            lines=tuple(self._lines),
        )
