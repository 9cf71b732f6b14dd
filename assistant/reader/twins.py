"""Which words of a question make it unanswerable: those that its twin, an answered question on the passage, does not have."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher

from index.lexical import STOP_WORDS

WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*%?")
"""A word of a question."""
_LEAST_SHARED = 0.6  # share of the question's words
_MOST_CHANGED = 4  # words


def words_of(question: str) -> list[str]:
    """Return a question's words, in lower case."""
    return [word.lower() for word in WORD.findall(question)]


def changed_words(question: str, answered: Collection[str]) -> tuple[str, ...]:
    """Return the words, in lower case, that make `question` another one than its twin among `answered`; none without a twin.

    A twin has at least three in five of the question's words, in their order, and lacks at most four of them.
    Stop-words do not count as changed where other words are.
    """
    words = words_of(question)
    best: tuple[int, list[str]] = (0, [])
    for other in answered:
        same, changed = _compared(words_of(other), words)
        if changed and len(changed) <= _MOST_CHANGED and same >= _LEAST_SHARED * len(words) and same > best[0]:
            best = (same, changed)
    changed = best[1]
    return tuple(word for word in changed if word not in STOP_WORDS) or tuple(changed)


def _compared(other: Sequence[str], words: Sequence[str]) -> tuple[int, list[str]]:
    """How many words of `words` stand in `other` in the same order, and which do not stand there anywhere."""
    matcher = SequenceMatcher(None, other, words, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    changed = [
        word
        for name, _, _, start, end in matcher.get_opcodes()
        if name != "equal"
        for word in words[start:end]
        if word not in other
    ]
    return same, changed
