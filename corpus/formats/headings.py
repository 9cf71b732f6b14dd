"""What word processors' documents have for headings: paragraphs in certain styles, or short bold lines alone over text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.blocks import BlockKind
from corpus.formats.flow import Flow, Text

_WORDS, _CHARACTERS = 12, 100
_MOST_BOLD = 0.5  # of the paragraphs; where more are bold, that is how the text is set
_NO_TITLE = (".", ";", ",", "!", "。", "；", "，", "！")

# Word names its own styles in English in every language; other programs may not.
_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titulo|titolo|kop|rubrik|overskrift|nagłówek|nadpis|címsor|заголовок|başlık|otsikko"
    r"|标题|標題|見出し|제목) ?([1-9])"
)
_TITLES = ("title", "titel", "doc title", "document title")
_CONTENTS = re.compile(r"(?:toc|contents) (?:\d+|heading)|toa heading|table of (?:figures|authorities)")
_CAPTIONS = ("caption", "table caption", "tablecaption", "table")
_CODE = ("source code", "html preformatted", "preformatted text", "code", "macro", "macro text")


def heading_of_style(name: str) -> int | None:
    """Return the depth of the heading that a style, by its name in lower case, is made for; 0 for a title, None for none."""
    if name in _TITLES:
        return 0
    found = _HEADING.fullmatch(name)
    return int(found.group(1)) if found else None


def is_contents_style(name: str) -> bool:
    """Whether a style, by its name in lower case, is that of a table of contents, which repeats the headings."""
    return _CONTENTS.fullmatch(name) is not None


def is_code_style(name: str) -> bool:
    """Whether lines and indentation matter in a style, by its name in lower case."""
    return name in _CODE


def is_caption_style(name: str) -> bool:
    """Whether a style, by its name in lower case, is that of what a table is called."""
    return name in _CAPTIONS


def find_bold_headings(flows: Sequence[Flow]) -> None:
    """Turn bold lines into headings, where a document has no other headings than its title.

    Larger letters stand above smaller ones.
    """
    texts = [one for one in flows if isinstance(one, Text) and one.words]
    if any(one.kind is BlockKind.HEADING and one.level > 0 for one in texts):
        return
    if sum(one.is_bold for one in texts) > _MOST_BOLD * len(texts):
        return
    filled = [one for one in flows if not isinstance(one, Text) or one.words]
    found = [
        one
        for one, after in zip(filled, filled[1:], strict=False)
        if isinstance(one, Text) and _is_title(one) and not (isinstance(after, Text) and _is_next_item(one, after))
    ]
    sizes = sorted({one.size for one in found}, reverse=True)
    levels = {size: level for level, size in enumerate(sizes, 1)}
    for one in found:
        one.kind, one.level, one.is_numbered = BlockKind.HEADING, levels[one.size], False


def _is_title(one: Text) -> bool:
    words = one.words
    return (
        one.is_bold
        and (one.kind is BlockKind.PARAGRAPH or (one.kind is BlockKind.ITEM and one.is_numbered))
        and len(words) <= _CHARACTERS
        and len(words.split()) <= _WORDS
        and not words.endswith(_NO_TITLE)
        and any(character.isalpha() for character in words)
    )


def _is_next_item(one: Text, after: Text) -> bool:
    """Whether two items of one list follow each other, so that the first is no heading over the second."""
    return one.kind is BlockKind.ITEM and after.kind is BlockKind.ITEM and one.level == after.level
