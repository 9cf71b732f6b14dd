"""The packaged all-MiniLM-L6-v2 in ONNX Runtime: the same vectors as with sentence-transformers, without importing torch.

`minilm.onnx` is the network without its weights (`python -m index.export` makes it); they are taken from the package and
handed over under the names that they have there. Importing torch and sentence-transformers takes some ten seconds on a slow
machine and 500 MB; this takes a quarter of a second. Word and position embeddings are looked up here, not in the network, so
that the reader, which shares them, need not hold them again.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer

from corpus.errors import ModelError

GRAPH = Path(__file__).with_name("minilm.onnx")
DIMENSION = 384
MAX_TOKENS = 256
"""As in the package's `sentence_bert_config.json`; the rest of a longer text is not read."""

PLACES = "embeddings.position_embeddings.weight"
WORDS = "embeddings.word_embeddings.weight"
KINDS = "embeddings.token_type_embeddings.weight"
LAYERS = ("encoder.", "embeddings.LayerNorm.")
"""How the names of the weights begin that the graph leaves out."""

_BATCH_TOKENS = 4096  # padded word pieces of a batch; more only costs memory
_LONGER, _LONGER_BY = 1.3, 4  # than a batch's shortest row by this factor and so many word pieces more: the rest is padding


class MiniLM:
    """The packaged embedder. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        """
        :param folder: Of the packaged model.
        :raises ModelError: its weights are damaged or of another model.
        """
        self._words = WordEmbeddings.of(folder)
        self._session = open_session(GRAPH, _layer_weights(folder))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self.dimension = DIMENSION

    def encode(self, texts: Sequence[str], *, query: bool) -> np.ndarray:
        """Return unit vectors, shape (len(texts), 384), float32. Questions are embedded as documents are."""
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
        vectors = np.zeros((len(rows), DIMENSION), dtype=np.float32)
        for part in _batches(order, rows):
            longest = max(len(rows[row]) for row in part)
            ids, mask = np.zeros((2, len(part), longest), dtype=np.int64)
            for place, row in enumerate(part):
                ids[place, : len(rows[row])] = rows[row]
                mask[place, : len(rows[row])] = 1
            vectors[part] = self._session.run(
                None, {"embedded": self._words.embed(ids) + self._words.first_kind, "mask": mask}
            )[0]
        return vectors


def _batches(order: list[int], rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Cut rows, in order of their length, into batches of at most `_BATCH_TOKENS` with little padding, or of one row."""
    batches: list[list[int]] = []
    for row in order:
        size = len(rows[row])
        is_near = bool(batches) and size <= _LONGER * len(rows[batches[-1][0]]) + _LONGER_BY
        if is_near and (len(batches[-1]) + 1) * size <= _BATCH_TOKENS:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


class WordEmbeddings:
    """The packaged model's embeddings of words and of their places, read once a process."""

    def __init__(self, folder: Path) -> None:
        weights = _tensors(folder, [WORDS, PLACES, KINDS])
        self._words, self._places = weights[WORDS], weights[PLACES]
        self.first_kind = weights[KINDS][0]
        """The embedding of tokens of the first text, shape (384,)."""

    @classmethod
    @lru_cache(maxsize=1)
    def of(cls, folder: Path) -> WordEmbeddings:
        """Return the embeddings of the model in `folder`.

        :raises ModelError: it is missing or damaged.
        """
        return cls(folder)

    def embed(self, ids: np.ndarray) -> np.ndarray:
        """Return the sum of word and place embedding of each token: (batch, tokens) to (batch, tokens, 384)."""
        embedded: np.ndarray = self._words[ids] + self._places[: ids.shape[1]]
        return embedded


def open_session(graph: Path, weights: dict[str, np.ndarray] | None = None, threads: int | None = None) -> Any:
    """Return an ONNX Runtime session.

    :param weights: Those that the graph names and does not hold.
    :param threads: How many cores one run uses; all of this process's if None.
    :raises ModelError: the graph is missing or damaged, or the weights are of another shape.
    """
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as errors

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or cores()
    options.log_severity_level = 4  # a damaged file is told in our words
    try:
        if weights:
            values = [onnxruntime.OrtValue.ortvalue_from_numpy(weights[name]) for name in weights]
            options.add_external_initializers(list(weights), values)
        return onnxruntime.InferenceSession(graph.read_bytes(), options, providers=["CPUExecutionProvider"])
    except (OSError, errors.Fail, errors.InvalidArgument, errors.InvalidGraph, errors.InvalidProtobuf, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0][:200]
        raise ModelError(f"The network {graph} cannot be loaded: {reason}. Install Footnote afresh.") from error


def _layer_weights(folder: Path) -> dict[str, np.ndarray]:
    """Return the weights that the graph names: all but the embeddings and the pooling layer, which is not used."""
    with _opened(folder) as stored:
        return {name: stored.get_tensor(name) for name in stored.keys() if name.startswith(LAYERS)}


def _tensors(folder: Path, names: Sequence[str]) -> dict[str, np.ndarray]:
    with _opened(folder) as stored:
        return {name: stored.get_tensor(name) for name in names}


def _opened(folder: Path) -> Any:
    try:
        return safe_open(folder / "model.safetensors", framework="numpy")
    except (OSError, SafetensorError) as error:
        raise ModelError(f"The weights {folder / 'model.safetensors'} cannot be read: {error}.") from error


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
