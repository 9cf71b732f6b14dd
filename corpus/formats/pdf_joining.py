"""Paragraphs that columns and pages break, put together again."""

from __future__ import annotations

from dataclasses import replace

from corpus.blocks import BlockKind
from corpus.formats.pdf_lines import is_caption
from corpus.formats.pdf_parts import HYPHENS, SAME, Part, ends

_INDENT = 0.7  # em
_LOOK_AHEAD = 15  # parts between the halves of a paragraph


def join_broken(parts: list[Part]) -> list[Part]:
    """Join paragraphs that columns and pages break.

    What stands between the halves (a table, a caption, notes) goes before the paragraph if it is on the page where that
    begins, else after it; where neither leaves it on its own page, the halves stay apart.
    """
    made: list[Part] = []
    gone: set[int] = set()
    for place, part in enumerate(parts):
        if place in gone:
            continue
        following = place
        before: list[Part] = []
        after: list[Part] = []
        while (found := _other_half(parts, following, part, gone)) is not None:
            between = [number for number in range(following + 1, found) if number not in gone]
            half = parts[found]
            early = [parts[number] for number in between if parts[number].last_page <= part.first_page]
            late = [parts[number] for number in between if parts[number].last_page > part.first_page]
            if any(one.first_page < half.last_page for one in (*after, *late)):
                break
            before.extend(early)
            after.extend(late)
            gone.update((*between, found))
            part = replace(part, lines=[*part.lines, *half.lines], closes=half.closes, full=half.full)
            following = found
        made.extend((*before, part, *after))
    return made


def _other_half(parts: list[Part], place: int, part: Part, gone: set[int]) -> int | None:
    """Return where a paragraph that its column broke off goes on, or None."""
    last = part.lines[-1]
    if part.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or not part.closes or part.floats:
        return None
    if ends(last.text):
        return None
    full = part.full or last.text.endswith(HYPHENS)
    for number in range(place + 1, min(place + 1 + _LOOK_AHEAD, len(parts))):
        other = parts[number]
        if number in gone:
            continue
        if other.last_page > part.last_page + 1:
            return None
        same = abs(other.lines[0].size - last.size) <= SAME * last.size and other.lines[0].bold == last.bold
        if other.kind is BlockKind.PARAGRAPH and same and other.opens and not is_caption(other.text):
            start = other.lines[0]
            indented = start.left > min(line.left for line in other.lines) + _INDENT * start.size
            return number if start.text[:1].islower() or (full and not indented) else None
        if not other.floats:
            return None
    return None
