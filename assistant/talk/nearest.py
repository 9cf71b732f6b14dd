"""Finds the kind of a turn by the example that it is nearest to, where no form fits it.

Only a turn of words that people say to chats is compared, and it has to be much nearer to examples of one kind than to those
of every other, and to short questions about a subject ("What is it made of?").
"""

from __future__ import annotations

import threading

import numpy as np

from assistant.talk import courtesies, examples, frames, requests
from assistant.talk.clauses import spelled_out
from index import Embedder
from index.lexical import STOP_WORDS

NONE = ""
"""What is no request."""

_EXAMPLES = {
    "capabilities": examples.CAPABILITIES,
    "summary": examples.SUMMARY,
    "topics": examples.TOPICS,
    "more": examples.MORE,
    "source": examples.SOURCE,
    "certainty": examples.CERTAINTY,
    NONE: examples.OF_A_SUBJECT,
}
_NEAR, _NEARER = 0.6, 0.15  # cosines: to an example of a kind, and how much less to those of all others
_SUBJECTS = frozenset("he him his she her hers they them their theirs who whom whose when why".split())
"""Words with which people ask about a subject."""


def _said(text: str) -> list[str]:
    return [spelled_out(line).strip() for line in text.replace("\n", "/").split("/") if line.strip()]


WORDS = (
    requests.WORDS
    | courtesies.WORDS
    | frames.WORDS
    | frozenset(word for kind, text in _EXAMPLES.items() if kind for said in _said(text) for word in said.split())
)
"""The words that people say to chats."""

_KNOWN = (WORDS | STOP_WORDS) - _SUBJECTS


class Nearest:
    """The examples as vectors, which are made when they are first needed. May be shared between threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        self._vectors: dict[str, np.ndarray] | None = None

    def kind(self, words: str) -> str:
        """Return the kind of a turn by its plain words; `NONE` if it is like no kind or like several."""
        said = words.split()
        if not _KNOWN.issuperset(said) or STOP_WORDS.issuperset(said):
            return NONE
        vector = self._embedder.encode([words.strip()], query=True)[0]
        nearness = sorted(((float((of_kind @ vector).max()), kind) for kind, of_kind in self._made().items()), reverse=True)
        (best, kind), (second, _) = nearness[:2]
        return kind if best >= _NEAR and best - second >= _NEARER else NONE

    def _made(self) -> dict[str, np.ndarray]:
        with self._lock:
            if self._vectors is None:
                self._vectors = {kind: self._embedder.encode(_said(text)) for kind, text in _EXAMPLES.items()}
        return self._vectors
