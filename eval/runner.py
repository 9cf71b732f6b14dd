"""Asks cases as a person would, of an index of their documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import AnswerChain
from corpus import find_files, load_document
from corpus.errors import FootnoteError
from eval.cases import Case
from index import Embedder, PassageIndex
from index.store import ProgressCallback


@contextmanager
def indexed(
    folder: Path, embedder: Embedder, data: Path | None = None, progress: ProgressCallback | None = None
) -> Iterator[PassageIndex]:
    """Yield an index of exactly the documents in `folder`, by their file names.

    :param data: Keep the index here, so that the next run need not embed again; by default it is temporary.
    :raises DocumentError: the folder holds no document, or one that cannot be read.
    """
    with TemporaryDirectory(prefix="footnote-eval-") as temporary:
        index = PassageIndex(data or temporary, embedder, create=True)
        documents = [load_document(path, name=name) for path, name in find_files([folder])]
        index.add(documents, progress=progress)
        stale = {record.name for record in index.records()} - {document.name for document in documents}
        if stale:
            index.remove(sorted(stale))
        try:
            yield index
        finally:
            index.close()


@dataclass(frozen=True)
class Failed:
    """A case that could not be asked. Neither an answer nor a "not found"."""

    case: Case
    reason: str


def ask(chain: AnswerChain, cases: Sequence[Case]) -> Iterator[tuple[Case, dict[str, Any]] | Failed]:
    """Yield each case with the JSON of its answer, in their order; one that fails does not end the run."""
    for case in cases:
        try:
            answer = chain.invoke(case.asked)
        except FootnoteError as error:
            yield Failed(case, str(error))
            continue
        yield case, {"id": case.id, **answer.to_json()}
