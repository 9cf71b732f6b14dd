"""What of a file was read and what was not, in the words that the page and the commands share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.display import counted, one_line
from corpus.document import Document, PageKind, Span

_RANGES = 8  # ranges of pages that are written out for one reason
_REASONS = 8  # reasons that are written out
_REASON_CHARACTERS = 160
_IN_PART = "parts of "


@dataclass(frozen=True)
class Gap:
    """Something that was not read, for one reason.

    Attributes:
        reason: Why: "a picture without text (scanned?)".
        where: On which pages, in words: "page 3", "parts of pages 5–6"; empty if it is about the whole file.
        pages: The same as ranges of numbers, first and last page, counted from 1.
    """

    reason: str
    where: str = ""
    pages: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """How much of a file was read.

    Attributes:
        characters: Of its text.
        pages: Pages of the file; 0 where the format has none.
        pages_read: Those of them with text.
        page_kind: What they are.
        gaps: What was not read: by pages first, then what is about the whole file.
        left_out: What was not read on purpose, since it says nothing of its own.
    """

    characters: int
    pages: int = 0
    pages_read: int = 0
    page_kind: PageKind = PageKind.PAGE
    gaps: tuple[Gap, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def size(self) -> str:
        """How much there is: "12 pages, 34,567 characters"."""
        pages = f"{counted(self.pages, self.page_kind.value)}, " if self.pages else ""
        return f"{pages}{counted(self.characters, 'character')}"

    @property
    def pages_unread(self) -> int:
        """How many pages have something on them of which nothing was read."""
        whole = (gap.pages for gap in self.gaps if not gap.where.startswith(_IN_PART))
        return len({page for ranges in whole for first, last in ranges for page in range(first, last + 1)})

    @property
    def unread(self) -> str:
        """What was not read: "page 3 (a picture without text (scanned?)), pages 5–6 (…)"; empty if all was."""
        parts = [f"{gap.where} ({gap.reason})" if gap.where else gap.reason for gap in self.gaps[:_REASONS]]
        if len(self.gaps) > _REASONS:
            parts.append(f"and more, for {counted(len(self.gaps) - _REASONS, 'other reason')}")
        return ", ".join(parts)

    def __str__(self) -> str:
        unread = f"; not read: {self.unread}" if self.gaps else ""
        return f"{self.size}{unread}" + (f"; left out: {', '.join(self.left_out[:_REASONS])}" if self.left_out else "")


def describe(document: Document) -> str:
    """Return how much of a document was read: "12 pages, 34,567 characters; not read: page 3 (…), pages 5–6 (…)"."""
    return str(coverage(document))


def coverage(document: Document) -> Coverage:
    """Return how much of a document was read.

    A page without text is wholly unread; of a page with text, a part. What is noted several times counts once.
    """
    has_text = [bool(document.text[start:end].strip()) for start, end in document.pages]
    noted: dict[tuple[str, bool], set[int]] = {}
    whole: dict[str, None] = {}
    left_out: dict[str, None] = {}
    for one in document.skipped:
        reason = _shortened(one.reason)
        if one.on_purpose:
            left_out[reason] = None
        elif one.page is None:
            whole[reason] = None
        else:
            in_part = one.page <= len(has_text) and has_text[one.page - 1]
            noted.setdefault((reason, in_part), set()).add(one.page)
    gaps = [
        Gap(reason, (_IN_PART if in_part else "") + _named(document, sorted(pages)), _ranges(sorted(pages)))
        for (reason, in_part), pages in sorted(noted.items(), key=lambda item: (min(item[1]), item[0]))
    ]
    return Coverage(
        characters=len(document.text),
        pages=len(document.pages),
        pages_read=sum(has_text),
        page_kind=document.page_kind,
        gaps=(*gaps, *(Gap(reason) for reason in whole)),
        left_out=tuple(left_out),
    )


def _shortened(reason: str) -> str:
    reason = one_line(reason)
    return reason if len(reason) <= _REASON_CHARACTERS else f"{reason[: _REASON_CHARACTERS - 1]}…"


def _ranges(pages: Iterable[int]) -> tuple[Span, ...]:
    """Join page numbers in order into ranges of first and last."""
    ranges: list[Span] = []
    for page in pages:
        if ranges and ranges[-1][1] == page - 1:
            ranges[-1] = (ranges[-1][0], page)
        else:
            ranges.append((page, page))
    return tuple(ranges)


def _named(document: Document, pages: Sequence[int]) -> str:
    """Return pages in words: "page 3", "pages 3, 5–6", "sheets Prices, Costs"."""
    kind = document.page_kind.value
    if any(document.page_names):
        parts = [one_line(document.page_label(page)).removeprefix(f"{kind} ") for page in pages]
    else:
        parts = [str(first) if first == last else f"{first}–{last}" for first, last in _ranges(pages)]
    shown = ", ".join(parts[:_RANGES]) + (", …" if len(parts) > _RANGES else "")
    return f"{kind}{'' if len(pages) == 1 else 's'} {shown}"
