"""The reader's network as a function from padded tokens to scores, and its form in ONNX Runtime.

ONNX Runtime comes with chromadb, starts in a third of a second where torch takes ten, and runs the 8-bit weights that are
shipped. Word and position embeddings are those of the packaged MiniLM, which is installed anyway: they are looked up here
and handed to the graph, so that the repository need not hold them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from assistant.reader.pairs import EncodedPair
from corpus.errors import ModelError

GRAPH = "reader.onnx"
LOWEST = -1e4
"""A logit that no softmax sees."""


class Scores(NamedTuple):
    """Logits of a batch, float32: `answerable` (batch,), `evidence`, `starts`, `ends` (batch, tokens).

    In `starts` and `ends` place 0 ([CLS]) stands for "no answer here"; tokens outside the text are at `LOWEST`.
    """

    answerable: np.ndarray
    evidence: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


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
    """The shipped network. Threads may share it."""

    def __init__(self, folder: Path, base: Path) -> None:
        """
        :param folder: Holds `reader.onnx`.
        :param base: Holds the base model's `model.safetensors`.
        :raises ModelError: either is missing or damaged.
        """
        import onnxruntime
        from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf, NoSuchFile
        from safetensors import SafetensorError, safe_open

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _cores()
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / GRAPH), sess_options=options, providers=["CPUExecutionProvider"]
            )
            with safe_open(base / "model.safetensors", framework="numpy") as weights:
                self._words = weights.get_tensor("embeddings.word_embeddings.weight")
                self._places = weights.get_tensor("embeddings.position_embeddings.weight")
        except (Fail, InvalidGraph, InvalidProtobuf, NoSuchFile, OSError, SafetensorError) as error:
            reason = str(error).strip().splitlines()[0][:200]
            raise ModelError(
                f"The reader in {folder} cannot be loaded: {reason}. Expected {GRAPH} as the project ships it. Install "
                "Footnote afresh, or set FOOTNOTE_READER=similarity to go on without."
            ) from error

    def scores(self, pairs: Sequence[EncodedPair]) -> Scores:
        """Return the logits of a batch, padded to its longest pair."""
        batch = padded(pairs)
        embedded = self._words[batch.ids] + self._places[: batch.ids.shape[1]]
        inputs = {"embedded": embedded, "kinds": batch.kinds, "mask": batch.mask, "inside": batch.inside}
        return Scores(*self._session.run(list(Scores._fields), inputs))


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
