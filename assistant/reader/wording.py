"""Questions in other words than their passages: telling words exchanged for others that our own embedder finds close.

Labelled questions share most of their words with the passage they were written on; people's questions do not. Without such
pairs the reader learns that a missing word means a missing answer.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from assistant.reader.augment import OPPOSITES
from corpus.tokens import is_common_word
from index.embeddings import SentenceTransformerEmbeddings
from index.lexical import STOP_WORDS

_WORD = re.compile(r"\b[a-z]{4,}\b")
_CLOSE = 0.68
"""Cosine from which two single words are taken for synonyms. At 0.6 "thesis" is an essay, but "supply" a shortage."""
_COMMON = 10  # texts that hold a word, for it to be put in another's place: rare words' embeddings are those of their spelling
_SAME_STEM = 4  # letters in common from the start: another form of the word, which teaches nothing new
_MOST = 5


class OtherWords:
    """Other words for a word, by the cosine of single-word embeddings."""

    def __init__(self, others: Mapping[str, Sequence[str]]) -> None:
        self._others = others

    @classmethod
    def of(cls, texts: Iterable[str]) -> "OtherWords":
        """Find other words for the lower-case words of `texts` (about 15 s for the training sets on two cores)."""
        counts = Counter(word for text in texts for word in set(_WORD.findall(text)))
        asked = [word for word, count in counts.items() if count > 2 and word not in STOP_WORDS]
        offered = [word for word in asked if counts[word] >= _COMMON and is_common_word(word)]
        if not offered:
            return cls({})
        vectors = SentenceTransformerEmbeddings().encode(asked)
        places = {word: place for place, word in enumerate(asked)}
        targets = vectors[[places[word] for word in offered]].T
        others = {}
        for word, row in zip(asked, vectors @ targets, strict=True):
            best = [offered[place] for place in np.argsort(-row)[: _MOST * 4] if row[place] >= _CLOSE]
            kept = [other for other in best if _says_the_same(word, other)][:_MOST]
            if kept:
                others[word] = kept
        return cls(others)

    def reworded(self, question: str, rng: random.Random) -> str:
        """Return `question` with about six in ten of its words that have synonyms exchanged; capitalised words are names."""

        def exchange(match: re.Match[str]) -> str:
            others = self._others.get(match.group())
            return rng.choice(others) if others and rng.random() < 0.6 else match.group()

        return _WORD.sub(exchange, question)


def _says_the_same(word: str, other: str) -> bool:
    return (
        word[:_SAME_STEM] != other[:_SAME_STEM]
        and OPPOSITES.get(word) != other
        and not any(one in (f"un{two}", f"in{two}", f"dis{two}", f"non{two}") for one, two in ((word, other), (other, word)))
    )
