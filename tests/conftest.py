"""What the tests share: the shipped article, the real model over it, an embedder computed by hand, and a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus import Document, load_document
from index import PassageIndex, SentenceTransformerEmbeddings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "corpus" / "documents" / "immunotherapy.txt"
DIMENSION = 128
CHROMIUM = os.environ.get("FOOTNOTE_CHROMIUM") or "/usr/bin/chromium"
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
ABOUT_TESTS = ("FOOTNOTE_CHROMIUM", "FOOTNOTE_REQUIRE_BROWSER")  # say how tests run; no settings of the program
OF_PROVIDERS = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_API_KEY")


def heed_ctrl_c() -> None:
    """Let a child process be interrupted (`preexec_fn`): a job in the background of a shell script ignores Ctrl-C by itself."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class WordEmbedder:
    """Counts words: a text's vector has the number of its words of each kind, and unit length.

    A word's kind is crc32 of its lower-case letters, modulo 128. `asked` records every text, `queries` the questions.
    """

    def __init__(self, name: str = "words", fingerprint: str = "fake:words") -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.asked: list[str] = []
        self.queries: list[str] = []

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        (self.queries if query else self.asked).extend(texts)
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()) or [""]:
                vectors[row, zlib.crc32(word.encode()) % DIMENSION] += 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True) if len(texts) else vectors


@pytest.fixture(scope="session")
def training_sets() -> Path:
    """Return the folder of the training sets, which CI has beside the checkout; they are not ours to ship with a clone."""
    folder = ROOT.parent / "shared" / "training"
    if not folder.is_dir():
        pytest.skip("the training sets are not beside this checkout")
    return folder


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the settings, the `.env`, the keys, the proxy and the `.footnote` of whoever runs it."""
    for name in os.environ:
        if name.startswith("FOOTNOTE_") and name not in ABOUT_TESTS:
            monkeypatch.delenv(name)
    for name in OF_PROVIDERS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")  # a scripted chat server is there
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for the processes that a test starts
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def article_path() -> Path:
    return ARTICLE


@pytest.fixture(scope="session")
def article(article_path: Path) -> Document:
    return load_document(article_path)


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbeddings:
    """The real model: the packaged MiniLM."""
    return SentenceTransformerEmbeddings()


@pytest.fixture(scope="session")
def article_index(
    article: Document, embedder: SentenceTransformerEmbeddings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PassageIndex]:
    """The real index of the article: Chroma, tantivy, MiniLM. Tests read it and do not change it."""
    index = PassageIndex(tmp_path_factory.mktemp("article") / "data", embedder, create=True)
    index.add([article])
    yield index
    index.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium, for tests that are marked so."""
    reason = "playwright is not installed: pip install -e '.[test]'"
    playwright = pytest.importorskip("playwright.sync_api", reason=reason)
    if not Path(CHROMIUM).exists() and not shutil.which(CHROMIUM):
        reason = f"there is no browser at {CHROMIUM}: install Chromium, or name one with FOOTNOTE_CHROMIUM"
        (pytest.fail if os.environ.get("FOOTNOTE_REQUIRE_BROWSER") == "1" else pytest.skip)(reason)
    with playwright.sync_playwright() as driver:
        # Without a sandbox, since inside a container there is none to be had; only our own pages are opened.
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *QUIET])
        yield started
        started.close()


@pytest.fixture
def word_embedder() -> WordEmbedder:
    return WordEmbedder()
