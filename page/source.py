"""The document beside the answer: its own characters, in order, with every sentence in an element of its own.

A citation is a pair of offsets. Each piece of the text carries its offsets as `data-start` and `data-end`, so that the
browser finds a citation without searching for words, and highlights exactly what was cited.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from corpus import Document, Passage, Span
from corpus.blocks import Block, BlockKind
from corpus.display import counted
from corpus.structure import document_blocks
from page.html import attributes, escape

SHOWN = 300_000
"""Characters of a document that are shown at once; browsers grow slow on more. A citation outside brings its own part."""

_DEEPEST = 6  # levels of nested items that are set apart


def render_source(
    names: Sequence[str], document: Document, passages: Sequence[Passage], *, around: int = 0, shown: int = SHOWN
) -> str:
    """Return the pane of one document.

    :param names: All documents, to choose from.
    :param document: The one shown.
    :param passages: Its passages: their sentences are what can be highlighted.
    :param around: An offset that must be among what is shown.
    :param shown: How many characters to show at most (to the end of a block).
    """
    blocks = document_blocks(document)
    start, end = _window(document.text, blocks, around, shown)
    sentences = sorted(span for passage in passages for span in passage.sentences if start <= span[0] < end)
    text = _render_text(document.text, [block for block in blocks if start <= block.start < end], sentences, start, end)
    part = "" if end - start == len(document.text) else f", characters {start + 1:,} to {end:,} of them shown"
    facts = f"{len(document.text):,} characters, {counted(len(passages), 'passage')}{part}"
    return (
        f'<section class="source"{attributes(data_document=document.name, aria_label="Source")}>'
        f'<header class="source-head">{_chooser(names, document.name)}<p class="facts">{facts}</p>'
        '<button type="button" class="back" hidden>Back to the answer</button></header>'
        f'<div class="source-scroll" tabindex="0" role="region"{attributes(aria_label=f"Text of {document.name}")}>'
        f'<div class="text" dir="auto">{text}</div></div>'
        '<footer class="source-foot">Add your own: <code>python -m index add FILE</code>, then reload this page</footer>'
        "</section>"
    )


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


def _render_text(text: str, blocks: Sequence[Block], sentences: Sequence[Span], start: int, end: int) -> str:
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
            written.append(
                _render_block(text, block, _inside(sentences, block), ranks, is_title=block.start == blocks[0].start)
            )
            cursor = block.end
        written.append("</div>" if is_list else "")
    written.append(escape(text[cursor:end]))
    return "".join(written)


def _inside(sentences: Sequence[Span], block: Block) -> Sequence[Span]:
    """Return the sentences that a block has a part of: fragments of a list are quoted as one, across its items."""
    first = bisect_right(sentences, block.start, key=lambda span: span[1])
    return sentences[first : bisect_left(sentences, (block.end, 0))]


def _render_block(text: str, block: Block, sentences: Iterable[Span], ranks: dict[int, int], *, is_title: bool) -> str:
    inner = "".join(_render_pieces(text, block, sentences))
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


def _render_pieces(text: str, block: Block, sentences: Iterable[Span]) -> Iterator[str]:
    """Yield a block's characters: sentences and what stands between them as pieces, white space between as it is."""
    yield _piece(text, block.start, block.content, "mark")
    cursor = block.content
    for start, end in sentences:
        start, end = max(start, cursor), min(end, block.end)
        if start < end:
            yield _piece(text, cursor, start, "rest")
            yield _piece(text, start, end, "sentence")
            cursor = end
    yield _piece(text, cursor, block.end, "rest")


def _piece(text: str, start: int, end: int, kind: str) -> str:
    inner = escape(text[start:end])
    return f'<span class="{kind}" data-start="{start}" data-end="{end}">{inner}</span>' if text[start:end].strip() else inner
