"""The data folder: who may write to it, what change is under way, and whether it is ours at all.

DATA/manifest.json                          what is in the index; a document not named there is not in it
DATA/journal.json                           the change under way, if any: ids of the documents that come and go
DATA/lock                                   held by the one process that writes
DATA/opening                                held by a process for the moment in which it makes or opens the stores
DATA/build-NAME/chroma|lexical|documents    the stores; a rebuild makes new ones and switches the manifest to them
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock

from corpus.errors import IndexBusyError, IndexStoreError
from index.manifest import Manifest, read_manifest, write_json, write_manifest

WAIT = 15.0
"""Seconds that a writer waits for another one."""

_FILES = {"accounts.json", "manifest.json", "journal.json", "lock", "opening"}
_OURS = frozenset(_FILES | {"uploads", "received", "pictures", "conversations", "complaints", "history"})

Stamp = tuple[int, int, int]


@contextmanager
def locked(path: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold a lock file against every other process and thread.

    :param wait: Seconds to wait for who holds it.
    :raises TimeoutError: it was held all the while.
    :raises OSError: it cannot be made or opened.
    """
    with FileLock(path, timeout=wait):  # its Timeout is a TimeoutError
        yield


class DataFolder:
    """A data folder's own files; the stores inside it are opened by `PassageIndex`."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).expanduser().absolute()
        self._manifest = self.path / "manifest.json"
        self._journal = self.path / "journal.json"

    def make(self) -> None:
        """Make the folder if it is missing.

        :raises IndexStoreError: it cannot be made or written to, or it is full of somebody else's files.
        """
        self._check_kind()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        self.check_writable()
        strangers = [name for name in sorted(os.listdir(self.path)) if not self._is_ours(name)]
        if strangers:
            raise IndexStoreError(
                f"{self.path} is not a Footnote data folder: it holds {', '.join(strangers[:4])} and no manifest.json. "
                "Nothing was changed. Give an empty or a new folder with --data."
            )

    def _check_kind(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise IndexStoreError(f"{self.path} is a file, and a folder for the data was expected. Give another with --data.")

    @staticmethod
    def _is_ours(name: str) -> bool:
        return name in _OURS or name.startswith((".", "build-"))

    def check_writable(self) -> None:
        """Refuse a folder that cannot be written to: even reading from Chroma needs its files open for writing.

        :raises IndexStoreError: it cannot be written to.
        """
        if not os.access(self.path, os.W_OK):
            raise self._unwritable(PermissionError(13, "Permission denied"))

    def _unwritable(self, error: OSError) -> IndexStoreError:
        return IndexStoreError(
            f"The data folder {self.path} cannot be written to: {error.strerror}. Footnote keeps its index there. "
            "Change its permissions, or give another folder with --data (or FOOTNOTE_DATA)."
        )

    def read(self) -> Manifest | None:
        """Return the manifest, or None where there is no index.

        :raises IndexStoreError: it is damaged or of another version, or the folder is none.
        """
        self._check_kind()
        return read_manifest(self._manifest)

    def commit(self, manifest: Manifest) -> None:
        """Replace the manifest: from here on its documents are what the index holds.

        :raises IndexStoreError: the disk is full or read-only.
        """
        write_manifest(self._manifest, manifest)

    def stamp(self) -> Stamp:
        """Return what changes whenever the manifest is replaced."""
        try:
            details = self._manifest.stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return (details.st_ino, details.st_mtime_ns, details.st_size)

    def begin_change(self, document_ids: Sequence[str]) -> None:
        """Note which documents a change brings or takes away.

        :raises IndexStoreError: the disk is full or read-only.
        """
        write_json(self._journal, list(document_ids))

    def end_change(self) -> None:
        """Note that the change is whole."""
        self._journal.unlink(missing_ok=True)

    def is_changing(self) -> bool:
        """Whether a change is under way or was cut off."""
        return self._journal.exists()

    def changing(self) -> set[str]:
        """Return the documents of the change under way."""
        try:
            return set(json.loads(self._journal.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return set()  # cut off before anything was written: there is nothing to take back

    def writing(self, wait: float = WAIT) -> AbstractContextManager[None]:
        """Hold the one right to write.

        :raises IndexBusyError: another process held it for `wait` seconds.
        :raises IndexStoreError: the folder cannot be written to.
        """
        return self._holding("lock", "writing to it", wait)

    def opening(self) -> AbstractContextManager[None]:
        """Hold the right to make or open the stores, which takes a moment: two that make Chroma's tables at once collide.

        Raises as `writing` does.
        """
        return self._holding("opening", "opening it", WAIT)

    @contextmanager
    def _holding(self, name: str, doing: str, wait: float) -> Iterator[None]:
        held = ExitStack()
        try:
            held.enter_context(locked(self.path / name, wait))
        except TimeoutError as error:
            raise IndexBusyError(
                f"The index in {self.path} is in use: another process has been {doing} for {wait:.0f} seconds. "
                "Wait until it is done, then try again; nothing was changed."
            ) from error
        except OSError as error:
            raise self._unwritable(error) from error
        with held:
            yield
