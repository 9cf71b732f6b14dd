"""Blocks, the parts of a text that stand by themselves: headings, list items, table rows, paragraphs."""

import re
from dataclasses import dataclass
from enum import StrEnum

BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
"""What stands between two paragraphs."""

BULLETS = "-*+•‣▪◦·–—"
"""What marks an item of a list without numbers; for a class of a regular expression, as it begins with the hyphen."""


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    ITEM = "item"
    PARAGRAPH = "paragraph"
    ROW = "row"
    CODE = "code"
    RULE = "rule"


@dataclass(frozen=True)
class Block:
    """A heading, item, row or paragraph: `text[start:end]`, without white space at its ends.

    Attributes:
        kind: What it is.
        start: First character.
        end: One past the last character.
        content: Where its own words start, after a bullet or heading mark.
        level: For a heading, its depth: smaller numbers stand above larger ones. For an item, its indentation in columns.
        title: For a heading, its words without marks. For a table row, what one has to know of its table where a passage
            begins below its head: its caption, or, in Markdown, its column names.
        numbered: For an item, whether a number or letter marks it.
    """

    kind: BlockKind
    start: int
    end: int
    content: int
    level: int = 0
    title: str = ""
    numbered: bool = False
