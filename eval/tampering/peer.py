"""How the closest peer decides whether a text supports a statement, written from its description: by overlap."""

from __future__ import annotations

from difflib import SequenceMatcher

SHARE = 0.35
"""Of a statement that has to stand in matching blocks."""


def overlaps(statement: str, passage: str) -> bool:
    """Whether the blocks of characters that a statement shares with a passage, in order, cover enough of it.

    Blocks are those of Ratcliff and Obershelp, as `difflib` finds them, without regard to case.
    """
    matcher = SequenceMatcher(None, statement.lower(), passage.lower(), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) >= SHARE * max(len(statement), 1)
