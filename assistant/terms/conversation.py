"""A conversation as a text that a network reads, newest turn first, and the words in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus import Span
from index.lexical import STOP_WORDS, content_stems, stems

WORD = re.compile(r"[^\W_]+(?:[-’'.][^\W_]+)*")
"""A word, with what joins its parts."""

_SPACE = re.compile(r"\s*")
_POSSESSIVE = re.compile(r"[’']s$")
_ANSWER_WORDS = 40  # what an answer is about stands at its beginning, and a long one would push the questions out
_ASKED, _ANSWERED = "| ", "> "  # no words, so that nothing takes them for one

Word = tuple[Span, str]
"""A word's place in a text, and what it is known by, such as its stem."""


def conversation_text(history: Sequence[tuple[bool, str]]) -> str:
    """Return the turns, newest first, so that of a long conversation the oldest are cut off, and of long answers the end.

    :param history: Oldest first: whether a person said it, and what.
    """
    return " ".join(
        _ASKED + text if is_asked else _ANSWERED + " ".join(text.split()[:_ANSWER_WORDS])
        for is_asked, text in reversed(history)
    )


def words_of(text: str) -> Iterator[Word]:
    """Yield each word that carries a subject, by its place and its stem."""
    for match in WORD.finditer(text):
        word = _POSSESSIVE.sub("", match.group())
        if len(word) > 1 and word.lower() not in STOP_WORDS and (found := stems(word)):
            yield (match.start(), match.start() + len(word)), found[0]


def runs_of(text: str, words: Iterable[Word], between: re.Pattern[str] = _SPACE) -> Iterator[list[Word]]:
    """Yield the words in runs: those between which nothing else stands.

    :param words: In the order of the text, each by its place.
    :param between: What counts as nothing; white space by default.
    """
    run: list[Word] = []
    for word in words:
        if run and not between.fullmatch(text, run[-1][0][1], word[0][0]):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def needed_terms(question: str, history: Sequence[str], rewrite: str) -> set[str]:
    """Return the stems of the content words of `rewrite` that stand in the history and not in the question.

    These are what QuReTeC and the benchmark in `shared/benchmarks/followups` count.
    """
    said = {stem for turn in history for stem in content_stems(turn)}
    return (set(content_stems(rewrite)) & said) - set(content_stems(question))
