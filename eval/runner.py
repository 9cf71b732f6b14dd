"""Asks cases as a person would, of an index of their documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import AnswerChain
from corpus import Document, find_files, split_passages
from corpus.contained import Readers
from corpus.errors import DocumentError, FootnoteError
from eval.cases import Case
from eval.runs import FAILED
from index import Embedder, PassageIndex
from index.chunks import Splitter
from index.store import ProgressCallback


@contextmanager
def indexed(
    folders: Sequence[Path],
    embedder: Embedder,
    data: Path | None = None,
    progress: ProgressCallback | None = None,
    split: Splitter = split_passages,
    refused: dict[str, DocumentError] | None = None,
) -> Iterator[PassageIndex]:
    """Yield an index of exactly the documents in `folders`, by their file names.

    :param data: Keep the index here, so that the next run need not embed again; by default it is temporary.
    :param split: How documents are cut into passages.
    :param refused: Is filled with why a document cannot be read, by its name; if None, that is an error.
    :raises DocumentError: the folders hold no document, or one that cannot be read.
    """
    documents: list[Document] = []
    with Readers() as readers:
        for reading in readers.read_all(find_files(folders)):
            if reading.document is not None:
                documents.append(reading.document)
            elif refused is None:
                raise reading.error or AssertionError
            else:
                refused[reading.name] = reading.error or DocumentError(f"{reading.name} cannot be read.")
    with indexed_documents(documents, embedder, data, progress, split) as index:
        yield index


@contextmanager
def indexed_documents(
    documents: Sequence[Document],
    embedder: Embedder,
    data: Path | None = None,
    progress: ProgressCallback | None = None,
    split: Splitter = split_passages,
) -> Iterator[PassageIndex]:
    """Yield an index of exactly these documents; for `data` and `split` see `indexed`."""
    with TemporaryDirectory(prefix="footnote-eval-") as temporary:
        index = PassageIndex(data or temporary, embedder, create=True, split=split)
        index.add(documents, progress=progress)
        stale = {record.name for record in index.records()} - {document.name for document in documents}
        if stale:
            index.remove(sorted(stale))
        try:
            yield index
        finally:
            index.close()


def ask(chain: AnswerChain, cases: Sequence[Case]) -> Iterator[dict[str, Any]]:
    """Yield the JSON of the answer to each case, in their order, with its id.

    One that fails does not end the run: its `outcome` is `failed`, which is neither an answer nor a "not found", and `error`
    says why.
    """
    for case in cases:
        try:
            answer = chain.invoke(case.asked)
        except FootnoteError as error:
            yield {"id": case.id, "outcome": FAILED, "error": str(error)}
        else:
            yield {"id": case.id, **answer.to_json()}
