"""Sentences and windows: cut a long passage where sentences end, without losing a character offset."""

import random
import re
from collections.abc import Sequence

from corpus.document import Span as Span
from corpus.sentences import find_sentences
from index.lexical import STOP_WORDS

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_SENTENCE = 400


def sentence_spans(text: str) -> list[Span]:
    """Spans of the sentences of `text`, in order, without the white space between them.

    As the passages have them, with every line's end the end of a sentence too, as it is in these sets. Sentences of more
    than 400 characters (tables, broken PDFs) are cut at spaces, so that a window can always fit.
    """
    return [
        piece
        for line in _LINE.finditer(text)
        for start, end in find_sentences(text, *line.span())
        for piece in _trimmed_pieces(text, start, end)
    ]


def _trimmed_pieces(text: str, start: int, end: int) -> list[Span]:
    pieces: list[Span] = []
    while start < end:
        stop = end
        if end - start > _LONGEST_SENTENCE:
            space = text.rfind(" ", start + _LONGEST_SENTENCE // 2, start + _LONGEST_SENTENCE)
            stop = space if space > start else start + _LONGEST_SENTENCE
        piece = text[start:stop]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if right > left:
            pieces.append((left, right))
        start = stop
    return pieces


def content_words(text: str) -> set[str]:
    """Lower-case words of `text` that are not stop-words, cut to six letters as a poor man's stem."""
    return {word[:6] for word in _WORD.findall(text.lower()) if word not in STOP_WORDS}


def overlap(question: str, text: str) -> float:
    """Share (0 to 1) of the content words of `question` that `text` has: how tempting a wrong passage is."""
    wanted = content_words(question)
    return len(wanted & content_words(text)) / len(wanted) if wanted else 0.0


def overlaps(first: Span, second: Span) -> bool:
    """Whether two [start, end) spans share at least one character."""
    return first[0] < second[1] and second[0] < first[1]


def grow(sentences: Sequence[Span], first: int, last: int, limit: int, rng: random.Random) -> Span:
    """Grow sentences first..last (inclusive) to either side while the window has at most `limit` characters.

    Sides are drawn by `rng`, so that the answer stands at any place in its window. Returns the character span; it is
    longer than `limit` only if the given sentences already are.
    """
    while True:
        sides = []
        if first > 0 and sentences[last][1] - sentences[first - 1][0] <= limit:
            sides.append(-1)
        if last + 1 < len(sentences) and sentences[last + 1][1] - sentences[first][0] <= limit:
            sides.append(1)
        if not sides:
            return sentences[first][0], sentences[last][1]
        if rng.choice(sides) < 0:
            first -= 1
        else:
            last += 1


def runs_without(sentences: Sequence[Span], banned: Sequence[bool]) -> list[list[Span]]:
    """The maximal runs of neighbouring sentences that are not banned (used for windows without the evidence)."""
    runs: list[list[Span]] = [[]]
    for span, bad in zip(sentences, banned, strict=True):
        if bad:
            runs.append([])
        else:
            runs[-1].append(span)
    return [run for run in runs if run]
