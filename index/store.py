"""The index in the data folder: documents, vectors and words, changed and searched as one.

A change goes: journal, new passages into the stores, manifest, old passages out of the stores, journal away. Cut off
anywhere, the manifest still names only documents that are whole, and what is left over is removed at the next start.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

import numpy as np

from corpus import SPLITTER_VERSION, Document, Passage, split_passages
from corpus.errors import IndexBusyError, IndexMismatchError, IndexMissingError, IndexStoreError, ScopeError
from index.chunks import Embedder, Splitter, chunks, embedding_text
from index.documents import DocumentStore
from index.folder import WAIT, DataFolder
from index.fusion import fuse
from index.lexical import LexicalIndex, content_stems
from index.manifest import DocumentRecord, Manifest, make_record, new_build
from index.reports import AddOutcome, AddReport, IndexStatus
from index.retrieved import Retrieved
from index.vectors import VectorStore
from index.vocabulary import count_words

CANDIDATES = 50
"""How many passages each of the two searches offers to the fusion."""

SHARED = ""
"""The owner of documents that everybody sees."""

ProgressCallback = Callable[[int, int, str], None]
"""Called with (documents done, documents in all, name of the one at hand)."""


class SearchMode(StrEnum):
    """Which of the two searches is used."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


class PassageIndex:
    """Documents that can be searched. May be shared between threads; other processes may write meanwhile."""

    def __init__(
        self,
        folder: str | os.PathLike[str],
        embedder: Embedder | None,
        *,
        create: bool = False,
        chroma_url: str | None = None,
        split: Splitter = split_passages,
    ) -> None:
        """Open the index of a data folder, mending what a run that was cut off has left.

        :param folder: The data folder.
        :param embedder: The embedding model; None to list, remove and look only.
        :param create: Begin an empty index where there is none.
        :param chroma_url: Keep the vectors on this Chroma server instead of in the folder.
        :param split: How documents are cut, to compare ways. The index does not remember it: give the same one each time.
        :raises IndexMissingError: there is no index and `create` is false.
        :raises IndexMismatchError: the index was made with another model or splitter.
        :raises IndexStoreError: the folder is not ours, damaged, or cannot be written to.
        """
        self._folder = DataFolder(folder)
        self._embedder = embedder
        self._chroma_url = chroma_url
        self._split = split
        self._lock = threading.RLock()
        self._vocabularies: dict[str, tuple[tuple[str, int], Mapping[str, int]]] = {}
        manifest = self._folder.read() or self._begin(create)
        self._folder.check_writable()
        self._check(manifest)
        self._open_stores(manifest)
        self._mend()

    # Opening

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._folder.path

    def _begin(self, create: bool) -> Manifest:
        """Write the manifest of an empty index."""
        if not create or self._embedder is None:
            raise IndexMissingError(
                f"There is no index in {self.folder}. Add documents first: python -m index add PATH "
                "(or give another folder with --data)."
            )
        self._folder.make()
        with self._folder.opening():
            if (made := self._folder.read()) is not None:  # by another process, meanwhile
                return made
            manifest = Manifest(self._embedder.name, self._embedder.fingerprint, SPLITTER_VERSION, build=new_build())
            self._folder.commit(manifest)
            return manifest

    def _check(self, manifest: Manifest) -> None:
        rebuild = "Rebuild it with `python -m index rebuild` (the stored texts are kept)"
        if self._embedder is not None and manifest.fingerprint != self._embedder.fingerprint:
            raise IndexMismatchError(
                f"The index in {self.folder} was made with the embedding model {manifest.embedder} "
                f"({manifest.fingerprint[:19]}), and {self._embedder.name} ({self._embedder.fingerprint[:19]}) is set now: "
                f"their vectors cannot be compared. {rebuild}, or set FOOTNOTE_EMBEDDER back to {manifest.embedder}."
            )
        if manifest.splitter != SPLITTER_VERSION:
            raise IndexMismatchError(
                f"The index in {self.folder} was made by version {manifest.splitter} of the splitter, and this is version "
                f"{SPLITTER_VERSION}. {rebuild}."
            )

    def _open_stores(self, manifest: Manifest) -> None:
        build = self.folder / manifest.build
        self._manifest = manifest
        self._stamp = self._folder.stamp()
        with self._folder.opening():
            self._documents = DocumentStore(build / "documents")
            self._vectors = VectorStore(build / "chroma", self._chroma_url, manifest.build)
            self._words = LexicalIndex(build / "lexical")

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._vectors.close()

    def _refresh(self) -> None:
        """See what another process has changed since the last look."""
        stamp = self._folder.stamp()
        if stamp == self._stamp:
            return
        manifest = self._folder.read()
        if manifest is None:
            raise IndexMissingError(f"The index in {self.folder} has been removed. Add the documents again.")
        self._check(manifest)
        if manifest.build != self._manifest.build:
            self._vectors.close()
            self._open_stores(manifest)
            return
        self._vectors.reopen()
        self._words.reopen()
        self._manifest = manifest
        self._stamp = stamp

    # Mending

    def _mend(self) -> None:
        """Remove what a run that was cut off has left, and put back what is missing."""
        if not self._folder.is_changing() and self.status().is_consistent:
            return
        try:
            with self._writing(wait=0.0):
                held = {record.id for record in self._manifest.documents}
                stray = (self._folder.changing() | self._documents.ids()) - held
                self._vectors.remove(stray)
                self._words.update(remove=stray)
                self._documents.remove(stray)
                if not self.status().is_consistent:
                    self._restore()
                self._folder.end_change()
        except IndexBusyError:
            return  # nothing was cut off: another process is at it just now

    def _restore(self) -> None:
        """Make both stores hold exactly the passages of the stored documents."""
        wanted = {
            passage.id: (passage, record.name)
            for record in self._manifest.documents
            for passage in self._documents.get(record.id).passages.values()
        }
        stored = set(self._vectors.ids())
        self._vectors.remove({key.split(":", 1)[0] for key in stored - wanted.keys()})
        held = set(self._vectors.ids())
        lost = [wanted[key] for key in wanted if key not in held]
        if lost and self._embedder is None:
            return  # put back by the next start that brings the model
        for name in dict.fromkeys(name for _, name in lost):
            passages = [passage for passage, owner in lost if owner == name]
            self._vectors.add(passages, self._embed(passages), name)
        self._words.clear()
        self._words.update(add=[passage for passage, _ in wanted.values()])

    @contextmanager
    def _writing(self, wait: float = WAIT) -> Iterator[None]:
        """Hold the right to write, and see what others have written before."""
        with self._folder.writing(wait), self._lock:
            self._refresh()
            yield

    # Changing

    def add(
        self,
        documents: Iterable[Document],
        *,
        sources: dict[str, str] | None = None,
        progress: ProgressCallback | None = None,
        owner: str = SHARED,
    ) -> AddReport:
        """Add documents; one of the same name is replaced, one of the same file, or whose file is gone and had the same bytes,
        counts as renamed.

        :param documents: What to add. Adding what is there does nothing.
        :param sources: Document id → absolute path of its file, to tell a renamed file from a copy.
        :param progress: Told of each document.
        :param owner: Whose documents they are, if not everybody's. Their ids must be unlike anybody else's (see `IndexView`).
        :raises IndexBusyError: another process is writing.
        :raises IndexStoreError: the disk is full or read-only. Documents written before stay.
        """
        if self._embedder is None:
            raise IndexStoreError("This index was opened without an embedding model, so nothing can be added to it.")
        documents = list({document.name: document for document in documents}.values())
        sources = sources or {}
        outcome = AddOutcome()
        with self._folder.writing(WAIT):
            with self._lock:
                self._refresh()
                held = {record.id for record in self._manifest.documents}
            fresh = [document for document in documents if document.id not in held]
            outcome.unchanged += [document.name for document in documents if document.id in held]
            done = len(documents) - len(fresh)
            for chunk in chunks(fresh, self._split):
                if progress:
                    progress(done, len(documents), chunk[0][0].name)
                # What takes long is done while others may search; the right to write keeps the manifest as it is.
                vectors = self._embed([passage for _, passages in chunk for passage in passages])
                with self._lock:
                    self._add_chunk(chunk, vectors, sources, outcome, owner)
                done += len(chunk)
            if progress:
                progress(done, len(documents), "")
        return outcome.report()

    def _add_chunk(
        self,
        chunk: list[tuple[Document, list[Passage]]],
        vectors: np.ndarray,
        sources: dict[str, str],
        outcome: AddOutcome,
        owner: str,
    ) -> None:
        old: list[DocumentRecord] = []
        for document, _ in chunk:
            old += self._replaced(document, sources.get(document.id, ""), outcome, owner)
        self._folder.begin_change([document.id for document, _ in chunk] + [record.id for record in old])
        first = 0
        for document, passages in chunk:
            self._documents.put(document, passages)
            self._vectors.add(passages, vectors[first : first + len(passages)], document.name)
            first += len(passages)
        # What an attempt that failed in this process has left goes first, so that no passage is there twice.
        ids = [document.id for document, _ in chunk]
        self._words.update(add=[passage for _, passages in chunk for passage in passages], remove=ids)
        kept = [record for record in self._manifest.documents if record not in old]
        new = [make_record(document, len(passages), sources.get(document.id, ""), owner) for document, passages in chunk]
        self._commit(self._manifest.with_documents((*kept, *new)), [record.id for record in old])

    def _replaced(self, document: Document, source: str, outcome: AddOutcome, owner: str) -> list[DocumentRecord]:
        """Return the records that `document` takes the place of, and note which case it is."""
        own = [record for record in self._manifest.documents if record.owner == owner]
        same_name = [record for record in own if record.name == document.name]
        if same_name:
            outcome.changed.append(document.name)
            return same_name
        for record in own:
            is_gone = bool(record.source) and record.sha256 == document.sha256 and not Path(record.source).exists()
            if is_gone or (source and record.source == source):  # the second: one file, given by another name this time
                outcome.renamed.append((record.name, document.name))
                return [record]
        outcome.added.append(document.name)
        return []

    def _commit(self, manifest: Manifest, gone: Sequence[str]) -> None:
        """Make the manifest true, then take the passages of the documents that are `gone` out of the stores."""
        self._folder.commit(manifest)
        self._manifest = manifest
        self._stamp = self._folder.stamp()
        if gone:
            self._vectors.remove(gone)
            self._words.update(remove=gone)
            self._documents.remove(gone)
        self._folder.end_change()

    def remove(self, names: Iterable[str], *, owner: str = SHARED) -> None:
        """Remove documents by name, all of them or none.

        :param owner: Whose documents they are; those of others, and the shared ones, stay.
        :raises ScopeError: a name that the index does not hold.
        :raises IndexBusyError: another process is writing.
        """
        with self._writing():
            gone = self._ids(list(names), [record for record in self._manifest.documents if record.owner == owner])
            self._folder.begin_change(gone)
            kept = tuple(record for record in self._manifest.documents if record.id not in gone)
            self._commit(self._manifest.with_documents(kept), gone)

    def note_sources(self, sources: Mapping[str, str]) -> None:
        """Note where files are now that have moved without a change of name or bytes.

        :param sources: Document id → absolute path.
        :raises IndexBusyError: another process is writing.
        """
        with self._writing():
            records = tuple(
                replace(record, source=sources.get(record.id, record.source)) for record in self._manifest.documents
            )
            if records != self._manifest.documents:
                self._commit(self._manifest.with_documents(records), [])

    def _embed(self, passages: Sequence[Passage]) -> np.ndarray:
        assert self._embedder is not None
        return self._embedder.encode([embedding_text(passage) for passage in passages])

    # Looking

    def records(self, *, owner: str = SHARED) -> tuple[DocumentRecord, ...]:
        """Return the documents that `owner` sees, in the order of their names: the shared ones and their own.

        Where one of their own has the name of a shared one, it stands in its place.
        """
        with self._lock:
            self._refresh()
            return self._visible(owner)

    def _visible(self, owner: str) -> tuple[DocumentRecord, ...]:
        own = {record.name for record in self._manifest.documents if record.owner == owner}
        return tuple(
            record
            for record in self._manifest.documents
            if record.owner == owner or (record.owner == SHARED and record.name not in own)
        )

    def document(self, name: str, *, owner: str = SHARED) -> Document:
        """Return a document by its name.

        :raises ScopeError: `owner` sees none of that name.
        """
        with self._lock:
            self._refresh()
            return self._documents.get(self._ids([name], self._visible(owner))[0]).document

    def passages(self, name: str, *, owner: str = SHARED) -> list[Passage]:
        """Return the passages of a document in reading order.

        :raises ScopeError: `owner` sees none of that name.
        """
        with self._lock:
            self._refresh()
            return list(self._documents.get(self._ids([name], self._visible(owner))[0]).passages.values())

    def word_frequency(self, stem: str) -> tuple[int, int]:
        """Return in how many passages a stem stands, and how many passages there are."""
        count = self._words.count()
        return min(self._words.frequency(stem), count), count

    def vocabulary(self, *, owner: str = SHARED) -> Mapping[str, int]:
        """Return the words of the documents that `owner` sees in lower case, with how often each occurs.

        Counted when it is first asked for after a change.
        """
        with self._lock:
            self._refresh()
            visible = self._visible(owner)
            whose = owner if any(record.owner for record in visible) else SHARED  # the same words for all who own nothing
            stamp = (self._manifest.build, self._manifest.generation)
            kept = self._vocabularies.get(whose)
            if kept is None or kept[0] != stamp:
                self._vocabularies = {key: one for key, one in self._vocabularies.items() if one[0] == stamp}
                kept = (stamp, count_words(self._documents.get(record.id).document.text for record in visible))
                self._vocabularies[whose] = kept
            return kept[1]

    def status(self) -> IndexStatus:
        """Return how the index stands."""
        with self._lock:
            records = self._manifest.documents
            return IndexStatus(
                folder=self.folder,
                embedder=self._manifest.embedder,
                splitter=self._manifest.splitter,
                documents=len(records),
                passages=sum(record.passages for record in records),
                vectors=self._vectors.count(),
                words=self._words.count(),
                generation=self._manifest.generation,
            )

    @staticmethod
    def _ids(names: Sequence[str], records: Iterable[DocumentRecord]) -> list[str]:
        """Return the ids of documents by name.

        :raises ScopeError: a name that none of `records` has.
        """
        by_name = {record.name: record.id for record in records}
        for name in names:
            if name not in by_name:
                near = get_close_matches(name, by_name, n=1, cutoff=0.5)
                held = ", ".join(list(by_name)[:5]) + (", …" if len(by_name) > 5 else "")
                hint = f"Did you mean {near[0]}?" if near else f"It holds: {held or 'nothing yet'}."
                raise ScopeError(f"The index holds no document called {name!r}. {hint} See `python -m index list`.")
        return [by_name[name] for name in names]

    # Searching

    def search(
        self,
        question: str,
        count: int = 10,
        *,
        documents: Sequence[str] | None = None,
        mode: SearchMode = SearchMode.HYBRID,
        vector: np.ndarray | None = None,
        owner: str = SHARED,
    ) -> list[Retrieved]:
        """Return the passages that fit a question, best first, each text once.

        :param question: Free text.
        :param count: How many at most.
        :param documents: Names of the documents to search in; all that `owner` sees if None.
        :param mode: Which searches to use.
        :param vector: The embedding of `question`, if it is known already.
        :raises ScopeError: a name in `documents` that the index does not hold.
        """
        if self._embedder is None:
            raise IndexStoreError("This index was opened without an embedding model, so it cannot be searched.")
        if vector is None and mode is not SearchMode.LEXICAL:
            vector = self._embedder.encode([question], query=True)[0]
        depth = max(CANDIDATES, count)
        with self._lock:
            self._refresh()
            visible = self._visible(owner)
            if documents is not None:
                ids: list[str] | None = self._ids(list(dict.fromkeys(documents)), visible)
            else:  # no filter is faster than one that lets everything through
                ids = None if len(visible) == len(self._manifest.documents) else [record.id for record in visible]
            dense: dict[str, float] = {}
            words: dict[str, float] = {}
            if mode is not SearchMode.LEXICAL and vector is not None:
                dense = dict(self._vectors.search(vector, depth, ids))
            if mode is not SearchMode.DENSE:
                words = dict(self._words.search(content_stems(question), depth, ids))
            if dense and vector is not None:
                dense |= self._vectors.cosines(vector, [key for key in words if key not in dense])
            return self._retrieved(dense, words, count)

    def _retrieved(self, dense: dict[str, float], words: dict[str, float], count: int) -> list[Retrieved]:
        """Turn scores into passages, leaving out texts that stand under the same headings before already."""
        names = {record.id: record.name for record in self._manifest.documents}
        found: list[Retrieved] = []
        seen: set[tuple[str, str]] = set()
        for key, score in fuse(dense, words):
            name = names.get(key.split(":", 1)[0])
            passage = self._documents.passage(key) if name is not None else None
            if name is None or passage is None:  # left over from a change under way elsewhere
                continue
            said = passage.heading.casefold(), " ".join(passage.text.split()).casefold()
            if said in seen:
                continue
            seen.add(said)
            signals = {label: scores[key] for label, scores in (("dense", dense), ("lexical", words)) if key in scores}
            label = self._documents.get(passage.document_id).document.page_label(passage.page)
            found.append(Retrieved(passage, name, score, len(found) + 1, signals, label))
            if len(found) == count:
                break
        return found
