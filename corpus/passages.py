"""Cuts a document into passages: along its structure, each with its place and its heading path.

Blocks of one section are packed until a passage is full; an item is never cut from itself, a paragraph that is too long
is cut between sentences, and a sentence that leans on the one before it ("It mainly includes …") is kept with it. Passages
do not overlap. A heading line stands at the beginning of the passage that follows it, so that no character of the
document is left out, but it is never among the sentences that may be quoted. A passage that begins among the rows of a table
has the table's caption or column names, which stand in a passage before it, at the end of its heading path; it ends where
the table ends.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.blocks import Block, BlockKind
from corpus.document import HEADING_SEPARATOR, Document, PageKind, Passage, Span
from corpus.sentences import trim
from corpus.structure import block_sentences, document_blocks, is_fragment
from corpus.tokens import TokenCounter, count_tokens

SPLITTER_VERSION = "5"
"""Raised whenever the same text would be cut differently, so that an index made before is seen to be out of date."""

MAX_TOKENS = 200
"""Word pieces of a passage and its heading path: what a reader's window of 256 leaves beside a question of 50."""

TARGET_TOKENS = MAX_TOKENS
"""Blocks are packed up to this size; a single block may go on to `MAX_TOKENS`."""

MAX_HEADING_TOKENS = 40
"""Of a longer heading path the last headings are kept: the nearest says most."""

_TABLE_TOKENS = 28
"""Of a table's name as many words are kept; the rest of `MAX_HEADING_TOKENS` is for the headings."""

PageAt = Callable[[int], int | None]
"""Gives the page of an offset."""

_LEANING = frozenset("it they this these those such he she its their including both".split())
_FIRST_WORD = re.compile(
    r"[\W_]*(?:\d[\d.]*\W*\s)?[\W_]*(?:(?P<pointing>the (?:former|latter)\b)|(?P<word>[^\W\d_]+))", re.IGNORECASE
)
"""After marks, emphasis and a number; of "It's", the first part."""


@dataclass(frozen=True)
class _Piece:
    """A part of a section that is not cut further: its span, its cost in word pieces, what may be quoted from it."""

    start: int
    end: int
    tokens: int
    sentences: tuple[Span, ...]
    is_fragment: bool = False
    """A list item of a few words, which says nothing without its neighbours: "Chinese name", "immunity therapy"."""
    table: str | None = None
    """The name of the table of which it is a row, empty if that has none; None if it is no row."""


def split_passages(
    document: Document, *, target_tokens: int = TARGET_TOKENS, max_tokens: int = MAX_TOKENS, count: TokenCounter = count_tokens
) -> list[Passage]:
    """Return the passages of a document in reading order.

    Together they hold every character that is not white space; none is empty and none overlaps another. With its heading
    path a passage has at most `max_tokens` word pieces by `count`, save where one unbroken word alone has more.
    """
    text = document.text
    passages: list[Passage] = []
    for heading, blocks in _sections(document, document_blocks(document)):
        paths = _paths(heading, blocks, count)
        path_tokens = max(tokens for _, tokens in paths.values())
        room = max(max_tokens - path_tokens, 16)
        # The last heading line opens the first passage of its section: leave room for it in a block that gets cut.
        pieces = _pieces(text, blocks, max(room - path_tokens, 16), count)
        for start, end, sentences in _pack(pieces, target_tokens, room, document.page_at):
            passages.append(_passage(document, start, end, paths[_table_title(blocks, start)][0], sentences))
    return passages


def _passage(document: Document, start: int, end: int, heading: str, sentences: tuple[Span, ...]) -> Passage:
    return Passage(
        id=f"{document.id}:{start}-{end}",
        document_id=document.id,
        start=start,
        end=end,
        heading=heading,
        text=document.text[start:end],
        page=document.page_at(start),
        sentences=sentences,
    )


def _sections(document: Document, blocks: list[Block]) -> Iterator[tuple[list[str], list[Block]]]:
    """Yield each run of blocks under one heading path; the headings that open it come first in the run.

    A slide or sheet stands by itself, a page does not: its text goes on over the next.
    """
    path: list[tuple[int, str]] = []
    section: list[Block] = []
    for block in blocks:
        if document.page_kind is not PageKind.PAGE and section:
            if document.page_at(block.start) != document.page_at(section[-1].start):
                yield [title for _, title in path], section
                section = []
        if block.kind is BlockKind.HEADING:
            if section and section[-1].kind is not BlockKind.HEADING:
                yield [title for _, title in path], section
                section = []
            path = [(level, title) for level, title in path if level < block.level] + [(block.level, block.title)]
        section.append(block)
    if section:
        yield [title for _, title in path], section


def _heading_path(titles: list[str], count: TokenCounter) -> tuple[str, int]:
    """Join titles, from the last one back, as long as they fit; return the path and its word pieces."""
    titles = [" ".join(title.split()) for title in titles if title.strip()]
    for first in range(len(titles)):
        path = HEADING_SEPARATOR.join(titles[first:])
        tokens = count([path])[0]
        if tokens <= MAX_HEADING_TOKENS:
            return path, tokens
    return "", 0


def _paths(titles: list[str], blocks: list[Block], count: TokenCounter) -> dict[str, tuple[str, int]]:
    """Return the heading paths (and their word pieces) of a section's passages: by the table they begin in, or for none ""."""
    paths = {"": _heading_path(titles, count)}
    for title in {block.title for block in blocks if block.kind is BlockKind.ROW and block.title}:
        words = title.split()[:_TABLE_TOKENS]
        sizes = count([" ".join(words[:length]) for length in range(1, len(words) + 1)])
        kept = sum(size <= _TABLE_TOKENS for size in sizes)
        paths[title] = _heading_path([*titles, " ".join(words[:kept])], count)
    return paths


def _table_title(blocks: list[Block], start: int) -> str:
    """Return the name of the table among whose rows `start` lies; empty if it is not in one."""
    block = blocks[max(0, bisect_right(blocks, start, key=lambda block: block.start) - 1)]
    return block.title if block.kind is BlockKind.ROW else ""


def _pieces(text: str, blocks: Iterable[Block], room: int, count: TokenCounter) -> list[_Piece]:
    """Turn blocks into pieces that fit, cutting only those that do not."""
    blocks = list(blocks)
    pieces: list[_Piece] = []
    for block, tokens in zip(blocks, count([text[block.start : block.end] for block in blocks]), strict=True):
        sentences = tuple(block_sentences(text, block))
        table = block.title if block.kind is BlockKind.ROW else None
        if tokens <= room:
            pieces.append(_Piece(block.start, block.end, tokens, sentences, is_fragment(text, block), table))
        else:
            pieces.extend(replace(piece, table=table) for piece in _cut_block(text, block, sentences, room, count))
    return list(_with_heads(blocks, pieces, room))


def _with_heads(blocks: list[Block], pieces: list[_Piece], room: int) -> Iterator[_Piece]:
    """Join the head of a table, and the line below it, to its first row."""
    lines = {block.start for before, block in pairwise(blocks) if before.kind is BlockKind.ROW and block.kind is BlockKind.RULE}
    held: list[_Piece] = []
    for position, piece in enumerate(pieces):
        after = pieces[position + 1] if position + 1 < len(pieces) else None
        held.append(piece)
        is_head = after is not None and (after.start in lines or piece.start in lines)
        if not is_head or after is None or sum(one.tokens for one in held) + after.tokens > room:
            yield _one(held)
            held = []


def _one(pieces: list[_Piece]) -> _Piece:
    if len(pieces) == 1:
        return pieces[0]
    sentences = tuple(span for piece in pieces for span in piece.sentences)
    tokens = sum(piece.tokens for piece in pieces)
    return _Piece(pieces[0].start, pieces[-1].end, tokens, sentences, table=pieces[0].table)


def _cut_block(text: str, block: Block, sentences: tuple[Span, ...], room: int, count: TokenCounter) -> Iterator[_Piece]:
    """Cut a block that is too long: between sentences, and a sentence that is still too long between words."""
    units: list[_Piece] = []
    cursor = block.start
    for start, end in sentences or ((block.start, block.end),):
        quotable = bool(sentences)
        parts = list(_cut_words(text, start, end, room, count))
        for part_start, part_end, tokens in parts:
            # What stands before the first sentence (a bullet) stays with it, so that no character is lost.
            units.append(_Piece(min(cursor, part_start), part_end, tokens, ((part_start, part_end),) if quotable else ()))
            cursor = part_end
    yield from _join_units(text, units, room)


def _join_units(text: str, units: list[_Piece], room: int) -> Iterator[_Piece]:
    """Join sentences into pieces of at most `room`, breaking before a sentence that does not lean on the last one."""
    while units:
        tokens, stop = 0, 0
        while stop < len(units) and (stop == 0 or tokens + units[stop].tokens <= room):
            tokens += units[stop].tokens
            stop += 1
        cut = stop
        while stop < len(units) and cut > 1 and leans(text, units[cut].sentences):
            cut -= 1
        if cut <= 1 or stop == len(units):
            cut = stop
        taken, units = units[:cut], units[cut:]
        spans = tuple(span for unit in taken for span in unit.sentences)
        start, end = trim(text, taken[0].start, taken[-1].end)
        yield _Piece(start, end, sum(unit.tokens for unit in taken), spans)


def leans(text: str, sentences: tuple[Span, ...]) -> bool:
    """Whether the first of `sentences` needs the one before it to be understood ("It mainly includes …")."""
    if not sentences:
        return False
    first = _FIRST_WORD.match(text[slice(*sentences[0])])
    return first is not None and (first["pointing"] is not None or first["word"].lower() in _LEANING)


def _cut_words(text: str, start: int, end: int, room: int, count: TokenCounter) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, tokens) of parts of at most `room` word pieces, halving between words as often as needed."""
    tokens = count([text[start:end]])[0]
    if tokens <= room or end - start <= 1:
        yield start, end, tokens
        return
    middle = (start + end) // 2
    spaces = [text.rfind(" ", start + 1, middle), text.find(" ", middle, end - 1)]
    cut = min((space for space in spaces if space > 0), key=lambda space: abs(space - middle), default=middle)
    for left, right in (trim(text, start, cut), trim(text, cut, end)):
        if left < right:
            yield from _cut_words(text, left, right, room, count)


def _pack(pieces: list[_Piece], target: int, room: int, page_at: PageAt) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """Join neighbouring pieces while they stay within `target`.

    What may not be quoted (a heading) goes with the piece that follows it, if both fit into `room`. A passage that begins
    among the rows of a table ends with them: its heading path names their columns.
    """
    packed: list[_Piece] = []
    tokens = 0
    for piece in pieces:
        is_opening = not any(before.sentences for before in packed)
        is_full = tokens + piece.tokens > (room if is_opening else min(target, room))
        is_past_table = bool(packed and packed[0].table and piece.sentences) and piece.table != packed[0].table
        if packed and (is_full or is_past_table):
            yield _joined(packed, page_at)
            packed, tokens = [], 0
        packed.append(piece)
        tokens += piece.tokens
    if packed:
        yield _joined(packed, page_at)


def _joined(pieces: list[_Piece], page_at: PageAt) -> tuple[int, int, tuple[Span, ...]]:
    """Join pieces; neighbouring fragments of a list on one page are quoted as one, a label with its value."""
    sentences: list[Span] = []
    before: _Piece | None = None
    for piece in pieces:
        is_near = before is not None and before.is_fragment and page_at(before.start) == page_at(piece.start)
        if is_near and piece.is_fragment:
            sentences[-1] = (sentences[-1][0], piece.sentences[-1][1])
        else:
            sentences.extend(piece.sentences)
        before = piece
    return pieces[0].start, pieces[-1].end, tuple(sentences)
