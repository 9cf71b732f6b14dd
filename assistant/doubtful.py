"""Which words of a question are why it is declined: "by night", where the nearest passage says when one may come by day."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.reader.pairs import Doubt
from assistant.reader.twins import WORD
from assistant.terms.conversation import runs_of
from corpus import Span
from index.lexical import STOP_WORDS

SURELY = -1.0
"""Log-odds from which on a word is told: with the shipped weights 88 of 100 stretches are right (docs/log.md)."""

_NO_WORD = re.compile(r"[\W_]*")
_MOST = 0.5  # share of the telling words: of a question that is about something else, every word would be told


def doubtful_words(question: str, doubts: Sequence[Doubt]) -> tuple[str, ...]:
    """Return the stretches of a question that a passage surely says nothing of; none where that is most of the question.

    :param doubts: Of its tokens, as a reader gives them (`PassageReading.doubts`).
    """
    words = [match.span() for match in WORD.finditer(question)]
    told = [span for span in words if _doubt(span, doubts) >= SURELY]
    telling = [span for span in words if _is_telling(question, span)]
    if sum(span in told for span in telling) > _MOST * len(telling):
        return ()
    runs = runs_of(question, ((span, "") for span in told), _NO_WORD)
    return tuple(question[run[0][0][0] : run[-1][0][1]] for run in runs if any(_is_telling(question, span) for span, _ in run))


def unsaid_of(words: Sequence[str]) -> str:
    """Return the notice that the nearest passage says nothing of some words; empty if there are none."""
    return f"The nearest passage says nothing of {' and '.join(f'“{one}”' for one in words)}." if words else ""


def _doubt(span: Span, doubts: Sequence[Doubt]) -> float:
    return max((logit for start, end, logit in doubts if start < span[1] and span[0] < end), default=-1e4)


def _is_telling(question: str, span: Span) -> bool:
    return question[slice(*span)].lower() not in STOP_WORDS
