"""Any cross-encoder as the reader: a sentence-transformers `CrossEncoder` by its name on the hub or its folder.

A cross-encoder gives one score a text, so every passage is read whole, and each of its sentences once more by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.reader.protocol import MeasuringReader, PassageFeatures, SentenceWeights
from assistant.reader.spoken import Spoken
from corpus.errors import ModelError
from index import Retrieved
from index.chunks import embedding_text, under_heading

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

UNFITTED = SentenceWeights((1.0, 0.3))
"""For a model that was never calibrated: mostly the sentence, a little its passage."""

_BATCH = 16


class CrossEncoderReader(MeasuringReader):
    """Reads with a cross-encoder of one output, loaded by the first question. May be shared between threads."""

    def __init__(self, name: str, weights: SentenceWeights = UNFITTED) -> None:
        """
        :param name: A name on the hub, such as `cross-encoder/ms-marco-MiniLM-L6-v2`, or a folder.
        """
        self.name = name
        super().__init__(weights)
        self._loading = threading.Lock()
        self._model: CrossEncoder | None = None

    def measure(
        self, question: str, retrieved: Sequence[Retrieved], asked: Spoken | None = None, least: int | None = None
    ) -> list[PassageFeatures]:
        """Return the features of each passage, in their order. Columns: logit of the sentence, logit of its passage."""
        if not retrieved:
            return []
        passages = [item.passage for item in retrieved]
        texts = [embedding_text(passage) for passage in passages]
        for passage in passages:
            spans = ((start - passage.start, end - passage.start) for start, end in passage.sentences)
            texts += [under_heading(passage, passage.text[start:end]) for start, end in spans]
        logits = self._logits(question, texts)
        first = len(passages)
        features = []
        for passage, whole in zip(passages, logits, strict=False):
            rows = [(logit, whole) for logit in logits[first : first + len(passage.sentences)]]
            first += len(passage.sentences)
            features.append(PassageFeatures(np.array(rows, dtype=float).reshape(-1, 2), float(whole)))
        return features

    def _logits(self, question: str, texts: Sequence[str]) -> np.ndarray:
        import torch

        model = self._loaded()
        scores = model.predict(
            [(question, text) for text in texts],
            batch_size=_BATCH,
            activation_fn=torch.nn.Identity(),
            show_progress_bar=False,
        )
        return np.asarray(scores, dtype=float).reshape(-1)

    def _loaded(self) -> CrossEncoder:
        with self._loading:
            if self._model is None:
                self._model = _load(self.name)
        return self._model


def _load(name: str) -> CrossEncoder:
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder

    folder = Path(name).expanduser()
    remedy = (
        "Set FOOTNOTE_READER to footnote (the shipped reader), similarity, a folder made by `CrossEncoder.save`, or the name "
        "of a cross-encoder that can be downloaded, such as cross-encoder/ms-marco-MiniLM-L6-v2."
    )
    if name.startswith((".", "/", "~")) and not folder.is_dir():
        raise ModelError(f"There is no reader folder {folder}. {remedy}")
    try:
        model: CrossEncoder = CrossEncoder(str(folder) if folder.is_dir() else name, local_files_only=folder.is_dir())
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(f"The reader {name} cannot be loaded: {reason}. {remedy}") from error
    if model.num_labels != 1:
        raise ModelError(f"The reader {name} has {model.num_labels} outputs, and one was expected. {remedy}")
    return model
