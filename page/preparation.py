"""Gets ready behind the page: indexes the shipped article where there is nothing yet, and loads the models' weights."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from corpus import find_files, load_document
from corpus.errors import FootnoteError
from index import Embedder, PassageIndex

LOADING = "Getting ready: loading the language model …"
INDEXING = "Getting ready: reading the article for the first time …"
BROKEN = "The terminal that Footnote was started in says what went wrong. Stop it there with Ctrl+C, and start it again."

_LOOK = 0.25  # seconds between two looks at how far it is


class LoadableEmbedder(Embedder, Protocol):
    """An embedder whose weights can be loaded ahead of the first question."""

    def load(self) -> object:
        """Load the weights."""
        ...


class Preparation:
    """The work between starting and answering, in a thread of its own. May be watched from many threads.

    Attributes:
        stage: What is being done, in words for the page.
        failure: Why it could not be done; empty as long as it can.
    """

    def __init__(
        self, index: PassageIndex, embedder: LoadableEmbedder, shipped: Path, rehearse: Callable[[], object] | None = None
    ) -> None:
        """
        :param index: The index; if it holds no document, `shipped` is added.
        :param embedder: What has to be loaded.
        :param shipped: Folder of the documents that come with the program.
        :param rehearse: Is called once all is ready, and loads what the first questions would load.
        """
        self._index = index
        self._embedder = embedder
        self._shipped = shipped
        self._rehearse = rehearse
        self._over = threading.Event()
        self._documents = threading.Event()
        if index.records():
            self._documents.set()
        self.stage = LOADING
        self.failure = ""

    @property
    def has_documents(self) -> bool:
        """Whether the index holds documents to show; until then it may be held by its writer."""
        return self._documents.is_set()

    def start(self) -> None:
        """Begin; the thread does not keep the program alive."""
        threading.Thread(target=self._run, name="preparation", daemon=True).start()

    def stages(self) -> Iterator[str]:
        """Yield what is being done, now and whenever it changes, until all is ready.

        :raises FootnoteError: it could not be done.
        """
        shown = None
        while not self._over.wait(_LOOK if shown else 0):
            if (state := (self.stage, self.has_documents)) != shown:
                shown = state
                yield self.stage
        if self.failure:
            raise FootnoteError(self.failure)

    def wait(self) -> None:
        """Return when all is ready.

        :raises FootnoteError: it could not be done.
        """
        for _ in self.stages():
            pass

    def _run(self) -> None:
        self.failure = BROKEN  # stands if anything but a FootnoteError ends this thread; Python prints its traceback
        try:
            self._embedder.load()
            if not self.has_documents:
                self.stage = INDEXING
                found = [(path, load_document(path, name=name)) for path, name in find_files([self._shipped])]
                sources = {document.id: str(path.absolute()) for path, document in found}
                self._index.add([document for _, document in found], sources=sources)
                self._documents.set()
            self.failure = ""
        except FootnoteError as error:
            self.failure = str(error)
        finally:
            self._over.set()
        if self._rehearse and not self.failure:
            with suppress(FootnoteError):  # whoever asks is told
                self._rehearse()
