"""The reader's network as a function from padded tokens to scores, and its form in ONNX Runtime.

Word and position embeddings are those of the packaged MiniLM, which is installed anyway (see `index.minilm`): they are looked
up outside the graph, so that the repository need not hold them.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from assistant.reader.pairs import EncodedPair
from index.minilm import WordEmbeddings, cores, open_session

GRAPH = "reader.onnx"
LOWEST = -1e4
"""A logit that no softmax sees."""


class Scores(NamedTuple):
    """Logits of a batch, float32: `answerable` (batch,), `evidence`, `starts`, `ends`, `doubt` (batch, tokens).

    In `starts` and `ends` place 0 ([CLS]) stands for "no answer here". `doubt` is of the question's tokens: how surely they are
    why the passage does not answer. Tokens where there can be nothing are at `LOWEST`.
    """

    answerable: np.ndarray
    evidence: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    doubt: np.ndarray


class Network(Protocol):
    """What reads tokens."""

    def scores(self, pairs: Sequence[EncodedPair]) -> Scores:
        """Return the logits of a batch, padded to its longest pair."""
        ...


class Padded(NamedTuple):
    """Pairs as rectangles, each (batch, tokens), int64."""

    ids: np.ndarray
    kinds: np.ndarray
    mask: np.ndarray
    inside: np.ndarray


def padded(pairs: Sequence[EncodedPair]) -> Padded:
    """Return the pairs padded to the longest. The padding token of BERT vocabularies is 0."""
    shape = (len(pairs), max(len(pair.ids) for pair in pairs))
    ids, kinds, mask, inside = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    for row, pair in enumerate(pairs):
        size = len(pair.ids)
        ids[row, :size], kinds[row, :size], mask[row, :size], inside[row, :size] = pair.ids, pair.kinds, 1, pair.inside
    return Padded(ids, kinds, mask, inside)


class OnnxNetwork:
    """The shipped network. Threads may share it.

    Every pair is read by itself on one core, as many at once as there are cores: nothing is padded, and a pair's scores do
    not depend on what it is read with.
    """

    def __init__(self, folder: Path, base: Path) -> None:
        """
        :param folder: Holds `reader.onnx`.
        :param base: Holds the base model's `model.safetensors`.
        :raises ModelError: either is missing or damaged.
        """
        self._session = open_session(folder / GRAPH, threads=1)
        # The term selector, which is of the same kind, has no use for some of them.
        self._outputs = [output.name for output in self._session.get_outputs() if output.name in Scores._fields]
        self._words = WordEmbeddings.of(base)
        self._cores = ThreadPoolExecutor(cores(), "reader")

    def scores(self, pairs: Sequence[EncodedPair]) -> Scores:
        """Return the logits of a batch, padded to its longest pair."""
        longest = max(len(pair.ids) for pair in pairs)
        answerable = np.zeros(len(pairs), dtype=np.float32)
        by_token = {
            name: np.full((len(pairs), longest), LOWEST, dtype=np.float32) for name in Scores._fields if name != "answerable"
        }
        # The longest first, so that no core is left with it alone at the end.
        order = sorted(range(len(pairs)), key=lambda row: -len(pairs[row].ids))
        for row, found in zip(order, self._cores.map(self._read, [pairs[row] for row in order]), strict=True):
            size = len(pairs[row].ids)
            answerable[row] = found["answerable"][0]
            for name in by_token.keys() & found.keys():
                by_token[name][row, :size] = found[name][0]
        return Scores(answerable, **by_token)

    def _read(self, pair: EncodedPair) -> dict[str, np.ndarray]:
        batch = padded([pair])
        inputs = {"embedded": self._words.embed(batch.ids), "kinds": batch.kinds, "mask": batch.mask, "inside": batch.inside}
        return dict(zip(self._outputs, self._session.run(self._outputs, inputs), strict=True))
