"""The document beside the answer: its own characters, in order, with every sentence in an element of its own.

A citation is a pair of offsets. Each piece of the text carries its offsets as `data-start` and `data-end`, so that the
browser finds a citation without searching for words, and highlights exactly what was cited.
"""

from __future__ import annotations

import base64
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus import Document, Passage, Span
from corpus.blocks import Block, BlockKind
from corpus.display import counted
from corpus.structure import document_blocks
from page.html import attributes, escape
from page.pictures import Mark

SHOWN = 300_000
"""Characters of a document that are shown at once; browsers grow slow on more. A citation outside brings its own part."""

_DEEPEST = 6  # levels of nested items that are set apart


_WALK = (
    '<div class="walk" role="group" aria-label="Footnotes of this answer" hidden>'
    '<button type="button" data-step="-1" title="Key: p" aria-label="Previous footnote">‹</button><span></span>'
    '<button type="button" data-step="1" title="Key: n" aria-label="Next footnote">›</button></div>'
    '<button type="button" class="link" hidden>Copy link</button>'
    '<button type="button" class="back" hidden>Back to the answer</button>'
)
"""What helps to go about between an answer and its source; the browser shows it once a footnote is chosen."""


@dataclass(frozen=True)
class Picture:
    """A page as it looks.

    Attributes:
        page: Its number, counted from 1.
        webp: The picture; empty if it could not be drawn.
        marks: What is marked on it.
        words: What stands on the page, for who cannot see it; or why it could not be drawn.
    """

    page: int
    webp: bytes
    marks: Sequence[Mark] = ()
    words: str = ""


def render_source(
    names: Sequence[str],
    document: Document,
    passages: Sequence[Passage],
    *,
    around: int = 0,
    shown: int = SHOWN,
    has_pictures: bool = False,
    picture: Picture | None = None,
) -> str:
    """Return the pane of one document.

    :param names: All documents, to choose from.
    :param document: The one shown.
    :param passages: Its passages: their sentences are what can be highlighted.
    :param around: An offset that must be among what is shown.
    :param shown: How many characters to show at most (to the end of a block).
    :param has_pictures: Whether its pages can be shown as they look.
    :param picture: One of them, shown instead of the text.
    """
    part = ""
    if picture is None:
        blocks = document_blocks(document)
        start, end = _window(document.text, blocks, around, shown)
        sentences = sorted(span for passage in passages for span in passage.sentences if start <= span[0] < end)
        held = [block for block in blocks if start <= block.start < end]
        text = _render_text(document, held, sentences, start, end)
        inside = f'<div class="text" dir="auto">{text}</div>'
        part = "" if end - start == len(document.text) else f", characters {start + 1:,} to {end:,} of them shown"
    else:
        inside = _render_picture(document, picture)
    pages = f"{counted(len(document.pages), document.page_kind.value)}, " if document.pages else ""
    facts = f"{pages}{len(document.text):,} characters, {counted(len(passages), 'passage')}{part}"
    what = "Text" if picture is None else "Page"
    carried = attributes(
        data_document=document.name, data_page=picture.page if picture is not None else "", aria_label="Source"
    )
    return (
        f'<section class="source"{carried}>'
        f'<header class="source-head">{_chooser(names, document.name)}<p class="facts">{facts}</p>'
        f"{_views(is_text=picture is None) if has_pictures else ''}"
        f"{_WALK}</header>"
        f'<div class="source-scroll" tabindex="0" role="region"{attributes(aria_label=f"{what} of {document.name}")}>'
        f"{inside}</div></section>"
    )


def _views(*, is_text: bool) -> str:
    """Return the two ways to look at a document."""
    buttons = "".join(
        f'<button type="button" class="view"{attributes(data_view=view, aria_pressed=str(on).lower())}>{label}</button>'
        for view, label, on in (("text", "Text", is_text), ("page", "Page", not is_text))
    )
    return f'<div class="views" role="group" aria-label="Show as">{buttons}</div>'


def _render_picture(document: Document, picture: Picture) -> str:
    last = len(document.pages)
    label = document.page_label(picture.page)
    turning = "".join(
        f'<button type="button" class="turn-page"{attributes(data_page=page, disabled=not 1 <= page <= last)}>{words}</button>'
        for page, words in ((picture.page - 1, "Previous page"), (picture.page + 1, "Next page"))
    )
    head = f'<div class="paging"><span>{escape(label)} of {last}</span>{turning}</div>'
    if not picture.webp:
        return f'{head}<p class="no-source">{escape(picture.words)}</p>'
    data = base64.b64encode(picture.webp).decode("ascii")
    boxes = "".join(
        f'<i class="box" style="left:{100 * box.left:.2f}%;top:{100 * box.top:.2f}%;width:{100 * box.width:.2f}%;'
        f'height:{100 * box.height:.2f}%"></i>'
        for box in picture.marks
    )
    alt = attributes(src=f"data:image/webp;base64,{data}", alt=f"{label} of {document.name}: {picture.words}")
    return f'{head}<div class="sheet"><img{alt}>{boxes}</div>'


def render_no_source(message: str) -> str:
    """Return the pane when there is no document to show."""
    return f'<section class="source"><p class="no-source">{escape(message)}</p></section>'


def _chooser(names: Sequence[str], shown: str) -> str:
    if len(names) < 2:
        return f'<h2 class="source-name"><bdi>{escape(shown)}</bdi></h2>'
    options = "".join(
        f"<option{attributes(value=name, selected=name == shown)}>{escape(name)}</option>" for name in dict.fromkeys(names)
    )
    return f'<h2 class="source-name"><select class="chooser" aria-label="Document shown">{options}</select></h2>'


def _window(text: str, blocks: Sequence[Block], around: int, shown: int) -> Span:
    """Return the part of `text` to show: all of it, or whole blocks around an offset."""
    if len(text) <= shown:
        return 0, len(text)
    starts = [block.start for block in blocks]
    first = max(0, bisect_left(starts, max(0, around - shown // 2) + 1) - 1)
    last = max(first + 1, bisect_left(starts, starts[first] + shown))
    return (0 if first == 0 else starts[first]), (starts[last] if last < len(starts) else len(text))


def _render_text(document: Document, blocks: Sequence[Block], sentences: Sequence[Span], start: int, end: int) -> str:
    text = document.text
    breaks = _page_starts(document, start, end)
    ranks = {level: rank for rank, level in enumerate(sorted({b.level for b in blocks if b.kind is BlockKind.HEADING}))}
    written: list[str] = []
    cursor = start
    for is_list, group in groupby(blocks, key=lambda block: block.kind is BlockKind.ITEM):
        members = list(group)
        written.append(escape(text[cursor : members[0].start]))
        cursor = members[0].start
        written.append('<div class="items" role="list">' if is_list else "")
        for block in members:
            written.append(escape(text[cursor : block.start]))
            if block.start in breaks:
                written.append(breaks.pop(block.start))
            inner = "".join(_render_pieces(text, block, _inside(sentences, block), breaks))
            written.append(_render_block(block, inner, ranks, is_title=block.start == blocks[0].start))
            cursor = block.end
        written.append("</div>" if is_list else "")
    written.append(escape(text[cursor:end]))
    return "".join(written)


def _page_starts(document: Document, start: int, end: int) -> dict[int, str]:
    """Return what is shown where a page begins. It has no text, since offsets count in the document's own characters."""
    return {
        first: f'<span class="page-start" role="separator"{attributes(data_label=label, aria_label=label)}></span>'
        for number, (first, last) in enumerate(document.pages, 1)
        if start <= first < min(end, last) and (label := document.page_label(number))
    }


def _inside(sentences: Sequence[Span], block: Block) -> Sequence[Span]:
    """Return the sentences that a block has a part of: fragments of a list are quoted as one, across its items."""
    first = bisect_right(sentences, block.start, key=lambda span: span[1])
    return sentences[first : bisect_left(sentences, (block.end, 0))]


def _render_block(block: Block, inner: str, ranks: dict[int, int], *, is_title: bool) -> str:
    if block.kind is BlockKind.HEADING:
        rank = ranks[block.level]
        tag = f"h{min(6, 3 + rank)}"  # the page has h1, the pane h2
        kind = "title" if is_title else f"rank-{min(rank, 3)}"
        return f'<{tag} class="block heading {kind}">{inner}</{tag}>'
    if block.kind is BlockKind.ITEM:
        depth = min(block.level // 2, _DEEPEST)
        kind = "" if block.content > block.start else " bare"
        return f'<div class="block item{kind}" role="listitem" style="--depth: {depth}">{inner}</div>'
    return f'<div class="block {block.kind.value}">{inner}</div>'


def _render_pieces(text: str, block: Block, sentences: Iterable[Span], breaks: dict[int, str]) -> Iterator[str]:
    """Yield a block's characters: sentences and what stands between them as pieces, white space between as it is.

    Where a page begins inside, what stands there is cut in two.

    :param breaks: What to show at the beginning of a page, by its offset.
    """

    def cut(start: int, end: int, kind: str) -> Iterator[str]:
        inside = [place for place in breaks if start <= place < end]
        for first, last in zip([start, *inside], [*inside, end], strict=True):
            yield breaks.get(first, "") if first in inside else ""
            yield _piece(text, first, last, kind)

    yield _piece(text, block.start, block.content, "mark")
    cursor = block.content
    for start, end in sentences:
        start, end = max(start, cursor), min(end, block.end)
        if start < end:
            yield from cut(cursor, start, "rest")
            yield from cut(start, end, "sentence")
            cursor = end
    yield from cut(cursor, block.end, "rest")


def _piece(text: str, start: int, end: int, kind: str) -> str:
    inner = escape(text[start:end])
    return f'<span class="{kind}" data-start="{start}" data-end="{end}">{inner}</span>' if text[start:end].strip() else inner
