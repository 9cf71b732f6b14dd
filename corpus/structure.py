"""The structure of a text: headings, list items and paragraphs, found line by line.

One pass makes blocks out of lines; a second one finds the headings that no mark announces: the title, short bare lines ("Basic
Information") and short list items that stand over longer ones ("- 2. Cell Therapy"). Blocks are in reading order, do not
overlap, and hold every character that is not white space.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.blocks import BLANK_LINE, BULLETS, Block, BlockKind
from corpus.document import Document, Span
from corpus.markdown import goes_on, markdown_block_at, trimmed_block, without_attributes
from corpus.sentences import CAPTION, find_sentences, trim
from corpus.text_tables import table_at

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_ATX = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(?=\S)(.+)")
_SETEXT = re.compile(r"[ ]{0,3}(=+|-{3,})\s*$")
_RULE = re.compile(r"\s*(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,}|={3,})$")
_FENCE = re.compile(r"[ ]{0,3}(```+|~~~+)")
_FENCE_ANYWHERE = re.compile(r"[ \t]*(?:[-*+][ \t]+|\d{1,3}[.)][ \t]+)?(```+|~~~+)")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?=\S)(.+?)(?<=\S)\1:?\s*$")
_BULLET = re.compile(rf"\s*[{BULLETS}][ \t]+(?=\S)")
_NUMBER = re.compile(r"\s*(?:\((?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})\)|(?:\d{1,3}|[A-Za-z])[.)])[ \t]*(?=\s\S|(?<=\))\S)\s*")
_SECTION_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)+\.?|\d+[.)]|\(?[A-Za-z0-9]{1,3}[.)])\s+")
_DOTTED_NUMBER = re.compile(r"\s*\d{1,3}(?:\.\d{1,3})+\.?\s+(?=[^\W\d_])")
_CAPTION = re.compile(rf"{CAPTION}\b", re.IGNORECASE)
_FULL_STOP = re.compile(r"[.!?…。！？][\"”’»)\]]{0,2}$")  # what follows a colon is an entry of a list
_TERMINAL = tuple(".;:!?,。！？；：，…")
_ASKING = ("?", "？")

_LEVEL_TITLE = 9  # below every Markdown heading
_LEVEL_BARE = 10  # below the title
_LEVEL_ITEM = 20  # below every bare line
_LABEL_WORDS, _LABEL_CHARACTERS = 10, 80
_SENTENCE_WORDS = 8
_FRAGMENT_WORDS = 4
_WRAP = 45  # a line of fewer characters than this was not wrapped by an editor
_WIDEST = 120  # nor a line of more
_LOOK_BACK = 4000  # characters of a block in which such a line is looked for
_POEM = 3  # so many bare lines in a row are verse, a table or an address, not headings
_SECTIONS = frozenset(
    "abstract aim aims background contents definitions foreword general introduction objective objectives overview preface "
    "purpose scope summary".split()
)
"""What a first line says that is the name of a section, and not the document's."""


def document_blocks(document: Document) -> list[Block]:
    """Return the blocks of a document: those its file names, or, where a format has none, those found in its text."""
    if document.blocks is not None:
        return list(document.blocks)
    return find_blocks(document.text, markdown=document.media_type == "text/markdown")


def find_blocks(text: str, markdown: bool = False) -> list[Block]:
    """Return the blocks of `text`, in order.

    With `markdown`, bare short lines are paragraphs, as Markdown has it, and its own constructs are found (`corpus.markdown`).
    """
    blocks = list(_scan(text, markdown))
    return list(_promote_items(text, blocks if markdown else list(_promote_lines(text, blocks))))


def block_sentences(text: str, block: Block) -> list[Span]:
    """Return what may be quoted from a block: its sentences; code or a table row as a whole; of headings and rules nothing."""
    if block.kind in (BlockKind.HEADING, BlockKind.RULE):
        return []
    if block.kind in (BlockKind.CODE, BlockKind.ROW):
        return [(block.start, block.end)]
    return find_sentences(text, block.content, block.end)


def _lines(text: str) -> Iterator[Span]:
    for match in _LINE.finditer(text):
        if match.start() < match.end():
            yield match.span()


def _scan(text: str, markdown: bool) -> Iterator[Block]:
    """Yield blocks by their marks and by empty lines, before unmarked headings are looked for."""
    lines = list(_lines(text))
    current: Block | None = None
    position = 0
    while position < len(lines):
        start, end = lines[position]
        if current is not None and not _continues(text, current, start, end, markdown):
            yield current
            current = None
        if not text[start:end].strip():
            position += 1
        elif made := _special_at(text, lines, position, markdown):
            if current is not None:
                yield current
                current = None
            for blocks in made:
                yield from blocks
            position += len(made)
        else:
            current = _extended(text, current, start, end)
            position += 1
            if current.kind is BlockKind.HEADING:  # nothing goes on after it
                yield current
                current = None
    if current is not None:
        yield current


def _special_at(text: str, lines: list[Span], position: int, markdown: bool) -> list[list[Block]]:
    """Return the blocks of what begins with a line and is read by rules of its own, for each of its lines."""
    return (
        _code_at(text, lines, position, markdown)
        or (markdown_block_at(text, lines, position) if markdown else [])
        or table_at(text, lines, position)
    )


def _code_at(text: str, lines: list[Span], position: int, markdown: bool) -> list[list[Block]]:
    """Return fenced code; if it is never closed, what follows the fence is code to the end."""
    start, end = lines[position]
    mark = (_FENCE_ANYWHERE if markdown else _FENCE).match(text[start:end])
    if not mark:
        return []
    stop = position + 1
    while stop < len(lines) and not _closes(text[lines[stop][0] : lines[stop][1]].strip(), mark.group(1)):
        stop += 1
    stop = min(stop + 1, len(lines))
    return [[trimmed_block(text, BlockKind.CODE, start, lines[stop - 1][1])], *([] for _ in range(stop - position - 1))]


def _closes(line: str, fence: str) -> bool:
    return line.startswith(fence) and not line.strip(fence[0])


def _extended(text: str, current: Block | None, start: int, end: int) -> Block:
    """Return the open block with a line more, or the block that the line begins."""
    line = text[start:end]
    if current is None:
        return _open(text, start, end)
    if current.kind is BlockKind.PARAGRAPH and _SETEXT.match(line):
        title = text[current.start : current.end]
        heading = trimmed_block(text, BlockKind.HEADING, current.start, end)
        return replace(heading, level=1 if "=" in line else 2, title=title)
    return replace(current, end=start + len(line.rstrip()))


def _continues(text: str, block: Block, start: int, end: int, markdown: bool) -> bool:
    """Whether the line `text[start:end]` belongs to the block before it."""
    line = text[start:end]
    if block.kind in (BlockKind.HEADING, BlockKind.RULE) or not line.strip() or _FENCE.match(line):
        return False
    if block.kind is BlockKind.PARAGRAPH and text.find("\n", block.start, block.end) < 0 and _SETEXT.match(line):
        return True
    if _ATX.match(line) or _RULE.match(line) or _BULLET.match(line) or _NUMBER.match(line) or _BOLD_LINE.match(line):
        return False
    last = text[block.end - 1]
    if line.lstrip()[0].islower() or last in ",-–":
        return True
    indented = len(line) - len(line.lstrip()) > block.level
    if block.kind is BlockKind.ITEM:
        return indented or (markdown and goes_on(text, block, start))
    if markdown and goes_on(text, block, start):
        return True
    is_wrapped = block.end - max(block.start, text.rfind("\n", block.start, block.end) + 1) >= _WRAP
    return is_wrapped and (markdown or not _is_title_after(text, block, line.strip()))


def _is_title_after(text: str, block: Block, line: str) -> bool:
    """Whether a line without an empty one above it is a title: a label after a whole sentence that no editor wrapped."""
    number = _DOTTED_NUMBER.match(line)
    first = line[number.end()] if number else line[0]
    is_short = len(line) <= _LABEL_CHARACTERS and len(line.split()) <= _LABEL_WORDS
    if not (is_short and first.isupper() and _FULL_STOP.search(text, block.end - 3, block.end)):
        return False
    if number is not None and not line.endswith(_TERMINAL):
        return True
    lines = text[max(block.start, block.end - _LOOK_BACK) : block.end].splitlines()
    return (line.endswith("?") or not line.endswith(_TERMINAL)) and max(map(len, lines)) > _WIDEST


def _open(text: str, start: int, end: int) -> Block:
    """Make the block that the line `text[start:end]` begins."""
    line = text[start:end]
    if atx := _ATX.match(line):
        block = trimmed_block(text, BlockKind.HEADING, start, end)
        title = without_attributes(atx.group(2).strip())
        return replace(block, level=len(atx.group(1)), title=title.rstrip("#").rstrip() or title)
    if _RULE.match(line):
        return trimmed_block(text, BlockKind.RULE, start, end)
    if bold := _BOLD_LINE.match(line):
        block = trimmed_block(text, BlockKind.HEADING, start, end)
        return replace(block, level=_LEVEL_BARE, title=bold.group(2).strip().rstrip(":"))
    content, numbered = start, False
    if bullet := _BULLET.match(line):
        content = start + bullet.end()
    if number := _NUMBER.match(text[content:end]):
        numbered = True
        if not bullet:  # a number is read as part of the item: "(2) Stem cell transplantation"
            content = trim(text, start, end)[0]
    if not (bullet or number):
        return trimmed_block(text, BlockKind.PARAGRAPH, start, end)
    block = trimmed_block(text, BlockKind.ITEM, start, end)
    return replace(block, content=content, level=len(line) - len(line.lstrip()), numbered=numbered)


def is_fragment(text: str, block: Block) -> bool:
    """Whether a block is a list item of a few words, such as "Chinese name"."""
    return (
        block.kind is BlockKind.ITEM
        and _is_label(text, block)
        and len(text[block.content : block.end].split()) <= _FRAGMENT_WORDS
    )


def _is_label(text: str, block: Block) -> bool:
    """Whether a block reads like a title: one short line that does not close like a sentence."""
    words = text[block.content : block.end]
    return _is_short_line(words) and any(character.isalpha() for character in words)


def _is_short_line(words: str) -> bool:
    is_line = "\n" not in words and len(words) <= _LABEL_CHARACTERS and len(words.split()) <= _LABEL_WORDS
    return is_line and not words.endswith(_TERMINAL)


def _is_bare_heading(text: str, block: Block) -> bool:
    words = _words(text, block)
    is_question = words.endswith(_ASKING) and len(words.split()) <= _LABEL_WORDS and "\n" not in words
    return block.kind is BlockKind.PARAGRAPH and not words[0].islower() and (is_question or _is_label(text, block))


def _is_caption(text: str, blocks: list[Block], position: int) -> bool:
    """Whether a block names the table below it, and not the section: "Table 2. Adverse events"."""
    is_over = position + 1 < len(blocks) and blocks[position + 1].kind in (BlockKind.ROW, BlockKind.RULE)
    return is_over and _CAPTION.match(text, blocks[position].start, blocks[position].end) is not None


def _promote_lines(text: str, blocks: list[Block]) -> Iterator[Block]:
    """Turn short bare lines into headings: the first one of all, if it is the title of what follows, and those of sections."""
    stop = _after_title(text, blocks)
    sections = list(_promote_sections(text, blocks[stop:]))
    if stop and any(block.kind is BlockKind.HEADING for block in sections):
        yield replace(blocks[0], kind=BlockKind.HEADING, level=_LEVEL_TITLE, title=_words(text, blocks[0]))
        yield from (*blocks[1:stop], *sections)
    else:
        yield from _promote_sections(text, blocks)


def _after_title(text: str, blocks: list[Block]) -> int:
    """Return where the text begins after a title and the lines just below it (an author, a date); 0 if there is no title."""
    if not blocks or not _is_bare_heading(text, blocks[0]) or _is_caption(text, blocks, 0):
        return 0
    others = (at for at in range(1, len(blocks)) if _is_apart(text, blocks, at) or not _is_short_line(_words(text, blocks[at])))
    stop = next(others, len(blocks))
    if 1 < stop < len(blocks) and not _is_apart(text, blocks, stop):  # the last of them is that of a section
        stop -= 1
    words = _words(text, blocks[0])
    is_section = words.endswith(_ASKING) or _SECTION_NUMBER.match(words) or words.casefold() in _SECTIONS
    return 0 if is_section else stop


def _words(text: str, block: Block) -> str:
    return text[block.start : block.end]


def _is_apart(text: str, blocks: list[Block], position: int) -> bool:
    """Whether there is an empty line between a block and the one before it."""
    return BLANK_LINE.search(text, blocks[position - 1].end, blocks[position].start) is not None


def _promote_sections(text: str, blocks: list[Block]) -> Iterator[Block]:
    """Turn short bare lines into headings, where something follows them and they do not come as verse."""
    position = 0
    while position < len(blocks):
        stop = position
        while stop < len(blocks) and _is_bare_heading(text, blocks[stop]) and not _is_caption(text, blocks, stop):
            stop += 1
        is_run = 0 < stop - position < _POEM and stop < len(blocks)
        for block in blocks[position:stop]:
            title = text[block.start : block.end]
            title = _SECTION_NUMBER.sub("", title, count=1) or title
            yield replace(block, kind=BlockKind.HEADING, level=_LEVEL_BARE, title=title) if is_run else block
        if stop < len(blocks):
            yield blocks[stop]
        position = stop + 1


def _promote_items(text: str, blocks: list[Block]) -> Iterator[Block]:
    """Turn a short item into a heading where it stands, alone of its kind, over an item or text of whole sentences."""
    for position, block in enumerate(blocks):
        before = blocks[position - 1] if position else None
        after = blocks[position + 1] if position + 1 < len(blocks) else None
        if (
            block.kind is BlockKind.ITEM
            and _is_label(text, block)
            and after is not None
            and _stands_over(text, block, after)
            and not (before is not None and before.kind is BlockKind.ITEM and _is_label(text, before))
        ):
            title = text[block.content : block.end]
            title = _SECTION_NUMBER.sub("", title, count=1) or title
            yield replace(block, kind=BlockKind.HEADING, level=_LEVEL_ITEM + min(block.level, 9), title=title)
        else:
            yield block


def _stands_over(text: str, label: Block, after: Block) -> bool:
    words = text[after.content : after.end]
    is_sentence = words.endswith(_TERMINAL) and len(words.split()) >= _SENTENCE_WORDS
    if after.kind is BlockKind.ITEM:
        return is_sentence and after.level >= label.level
    return after.kind is BlockKind.PARAGRAPH and is_sentence and label.numbered
