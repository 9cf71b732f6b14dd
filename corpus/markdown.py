"""What only Markdown has: front matter, comments, definitions of links, notes, pictures, lines that go on.

The text stays as it is written. What a reader of the rendered page does not see as words (a comment, the address behind a
link, a picture) is kept in the passages and never quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.blocks import Block, BlockKind
from corpus.document import Span
from corpus.sentences import trim

_FIELD = re.compile(r"[\w .-]{1,60}:(?=\s)|#")
_LINK = re.compile(r"[ ]{0,3}\[(?!\^)[^\]\n]{1,200}\]:[ \t]*\S")
_NOTE = re.compile(r"[ ]{0,3}\[\^[^\]\s]{1,60}\]:[ \t]*")
_PICTURE = re.compile(r"\[?!\[([^\]\n]{0,500})\](?:\([^)\n]{0,500}\)|\[[^\]\n]{0,200}\])(?:\]\([^)\n]{0,500}\))?")
_DIV = re.compile(r":{3,}(?:[ \t]*(?:\{[^{}\n]{0,500}\}|[\w-]{1,60}))?(?:[ \t]*:{1,60})?$")  # of Pandoc: "::: {.note}"
_CAPTION_WORDS = 4  # a picture's description of so many words is its caption
_FRONT_LINES = 200
_LONGEST_COMMENT = 20_000
_LONGEST_PICTURES = 5_000


def markdown_block_at(text: str, lines: Sequence[Span], position: int) -> list[list[Block]]:
    """Return the blocks of what begins with a line and is Markdown's own, for each of its lines; empty if nothing does.

    :param lines: Spans of all lines of `text`, with their line ends.
    :param position: Index of the line in `lines`.
    """
    start, end = lines[position]
    line = text[start:end]
    if position == 0 and line.strip() == "---":
        return _front_matter(text, lines)
    if line.lstrip().startswith("<!--"):
        return _comment(text, lines, position)
    if _LINK.match(line) or _DIV.match(line.strip()) or _is_picture(line):
        return [[trimmed_block(text, BlockKind.RULE, start, end)]]
    if note := _NOTE.match(line):
        return _note(text, lines, position, note.end())
    return []


def goes_on(text: str, block: Block, start: int) -> bool:
    """Whether a line after a paragraph or item goes on with its sentence: lines are filled, and a sentence is not over.

    :param start: Where the line begins.
    """
    last, first = text[block.end - 1], text[start : start + 1]
    is_meant = last == "\\" or "  " in text[block.end : start]  # a line end that is to stay
    return not is_meant and last not in ".:;!?…|" and first not in ("|", ">", "<", "[", "!", "*")


def without_attributes(title: str) -> str:
    """Return a heading without what Pandoc says of it in braces: "Allergy {#allergy .unnumbered}"."""
    start = title.rfind("{")
    if title.endswith("}") and title[start + 1 : start + 2] in ("#", ".", "-") and title[:start].strip():
        return title[:start].rstrip()
    return title


def trimmed_block(text: str, kind: BlockKind, start: int, end: int) -> Block:
    """Return the block of a span, without white space at its ends."""
    start, end = trim(text, start, end)
    return Block(kind, start, end, start)


def _front_matter(text: str, lines: Sequence[Span]) -> list[list[Block]]:
    """Return YAML between two lines `---`, one block a field; the lines below a field that are indented are part of it."""
    made: list[list[Block]] = [[trimmed_block(text, BlockKind.RULE, *lines[0])]]
    first = 0  # line of the field at hand
    for place, (start, end) in enumerate(lines[1:_FRONT_LINES], 1):
        line = text[start:end]
        if line.strip() in ("---", "..."):
            made.append([trimmed_block(text, BlockKind.RULE, start, end)])
            return made
        if _FIELD.match(line):
            made.append([trimmed_block(text, BlockKind.ROW, start, end)])
            first = place
        elif first and (line[0] in " \t-" or not line.strip()):
            field = made[first][0]
            made[first] = [trimmed_block(text, BlockKind.ROW, field.start, end)]
            made.append([])
        else:
            return []
    return []


def _comment(text: str, lines: Sequence[Span], position: int) -> list[list[Block]]:
    """Return a comment of one or more lines; one with text after it on its last line is left as text."""
    start = lines[position][0]
    close = text.find("-->", start, start + _LONGEST_COMMENT)
    if close < 0:
        return []
    stop = position
    while lines[stop][1] < close + 3:
        stop += 1
    if text[close + 3 : lines[stop][1]].strip():
        return []
    return [[trimmed_block(text, BlockKind.RULE, start, close + 3)], *([] for _ in range(stop - position))]


def _is_picture(line: str) -> bool:
    """Whether a line is pictures alone, without a caption."""
    if not line.lstrip().startswith(("![", "[![")) or len(line) > _LONGEST_PICTURES or _PICTURE.sub("", line).strip():
        return False
    return all(len(found.group(1).split()) < _CAPTION_WORDS for found in _PICTURE.finditer(line))


def _note(text: str, lines: Sequence[Span], position: int, content: int) -> list[list[Block]]:
    """Return the text of a note with its indented lines; its mark is not quoted."""
    start, end = lines[position]
    stop = position + 1
    while stop < len(lines) and (line := text[lines[stop][0] : lines[stop][1]]).strip() and not _NOTE.match(line):
        if not (line[0] in " \t" or line[0].islower()):
            break
        stop += 1
    block = trimmed_block(text, BlockKind.ITEM, start, lines[stop - 1][1])
    return [[replace(block, content=min(start + content, block.end))], *([] for _ in range(stop - position - 1))]
