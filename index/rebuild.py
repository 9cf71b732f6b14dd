"""Makes an index afresh from the texts it holds, for another model or a newer splitter."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

from corpus import Document
from corpus.errors import IndexMissingError
from index.chunks import Embedder
from index.documents import DocumentStore
from index.folder import DataFolder
from index.reports import IndexStatus
from index.store import PassageIndex, ProgressCallback


def rebuild(
    path: str | os.PathLike[str],
    embedder: Embedder,
    *,
    chroma_url: str | None = None,
    progress: ProgressCallback | None = None,
) -> IndexStatus:
    """Split and embed the stored texts again with this model; the old index stays in use until the new one is whole.

    :raises IndexMissingError: there is no index in the folder.
    :raises IndexBusyError: another process is writing to it.
    """
    folder = DataFolder(path)
    old = folder.read()
    if old is None:
        raise IndexMissingError(f"There is no index in {folder.path}, so there is nothing to rebuild.")
    with folder.writing():
        store = DocumentStore(folder.path / old.build / "documents")
        documents: dict[str, list[Document]] = {}
        for record in old.documents:
            documents.setdefault(record.owner, []).append(store.get(record.id).document)
        sources = {record.id: record.source for record in old.documents}
        scratch = folder.path / f".rebuild-{os.getpid()}"
        for left in folder.path.glob(".rebuild-*"):  # by a rebuild that was killed; none other runs, since we may write
            _discard(left)
        try:
            made = PassageIndex(scratch, embedder, create=True, chroma_url=chroma_url)
            for owner, owned in documents.items():
                made.add(owned, sources=sources, progress=progress, owner=owner)
            made.close()
            new = DataFolder(scratch).read()
            assert new is not None
            os.replace(scratch / new.build, folder.path / new.build)
            folder.commit(replace(new, generation=old.generation + 1))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        for build in folder.path.glob("build-*"):
            if build.name != new.build:
                _discard(build)
    index = PassageIndex(folder.path, embedder, chroma_url=chroma_url)
    status = index.status()
    index.close()
    return status


def _discard(build: Path) -> None:
    # Another process may still search the old files; what it holds open lives on until it lets go.
    shutil.rmtree(build, ignore_errors=True)
