"""Keeps an index like the folders it was made from: what is new, changed, renamed or removed there is so here soon after."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from corpus.errors import DocumentError, IndexBusyError
from corpus.files import fixed_part, survey
from index.adding import Adder, Listener

SETTLED = 1.0
"""Seconds that a file must not have changed before it is read: one that is being copied is not read by half."""

_LOOK = 500  # milliseconds between two looks whether something has settled
_LOOK_AGAIN = 60.0  # seconds until all is looked at again without any news: network drives send none

_Signature = tuple[int, int, int]


@dataclass
class _Seen:
    """How a file was when it was last looked at.

    Attributes:
        signature: What changes with it; None if it was not there.
        since: When it was first seen so, in seconds of the monotonic clock.
    """

    signature: _Signature | None
    since: float


class Watcher:
    """Brings an index up to date with folders, again and again. Only documents whose file was in these are ever removed."""

    def __init__(
        self, paths: Sequence[str | os.PathLike[str]], adder: Adder, listener: Listener, *, settled: float = SETTLED
    ) -> None:
        """
        :param paths: Folders, and patterns, whose fixed part is watched.
        :param adder: What adds files.
        :param listener: Is told what happens.
        :param settled: Seconds that a file must not have changed.
        :raises DocumentError: a path is not a folder.
        """
        self._paths = [Path(path) for path in paths]
        self._adder = adder
        self._listener = listener
        self._settled = settled
        self._seen: dict[str, _Seen] = {}
        self._done: dict[Path, tuple[str, _Signature]] = {}
        self._told: set[str] = set()
        for path in self._paths:
            if not fixed_part(path).is_dir():
                raise DocumentError(
                    f"{path} is not a folder, and --watch is for folders. Give the folder that holds it, or a pattern such as "
                    f"'{path.parent / '*'}{path.suffix}'."
                )

    @property
    def folders(self) -> list[Path]:
        """The folders that are watched."""
        return list(dict.fromkeys(fixed_part(path) for path in self._paths))

    def update(self) -> bool:
        """Bring the index up to date; return whether something has not settled yet, so that it must be looked at again.

        :raises IndexStoreError: the index cannot be written. That another process writes to it just now is told, and is tried
            again.
        """
        here = [path for path in self._paths if fixed_part(path).is_dir()]
        found = survey(here)
        lines = {str(failure) for failure in found.failures}  # a folder without documents is none: some may come
        lines |= {f"The folder {path} is not there. Its documents stay in the index." for path in set(self._paths) - set(here)}
        for line in sorted(lines - self._told):
            self._listener.fail(line)
        for line in found.remarks:
            if line not in self._told:
                self._listener.say(line)
        self._told = lines | set(found.remarks)
        try:
            is_waiting = self._add(found.files)
            return self._remove([fixed_part(path) for path in here]) or is_waiting
        except IndexBusyError as error:
            self._listener.fail(str(error))
            return True

    def _add(self, files: Collection[tuple[Path, str]]) -> bool:
        """Add what is new and has settled; return whether something has not."""
        self._done = {path: self._done[path] for path, _ in files if path in self._done}  # a file may go and come back
        ready: list[tuple[Path, str]] = []
        signatures: dict[Path, _Signature] = {}
        is_waiting = False
        for path, name in files:
            signature = _signature(path)
            if signature is None or self._done.get(path) == (name, signature):
                continue
            if self._has_settled(str(path), signature):
                ready.append((path, name))
                signatures[path] = signature
            else:
                is_waiting = True
        if ready:
            handled = self._adder.add(ready).handled
            self._done |= {path: (name, signatures[path]) for path, name in ready if path in handled}
        return is_waiting

    def _remove(self, folders: Sequence[Path]) -> bool:
        """Remove the documents whose files have gone from these folders; return whether some are gone only just now."""
        if self._adder.index is None:
            return False
        roots = {root for folder in folders for root in (folder.absolute(), folder.resolve())}
        gone: list[str] = []
        is_waiting = False
        for record in self._adder.index.records():
            is_ours = bool(record.source) and any(Path(record.source).is_relative_to(root) for root in roots)
            if is_ours and _is_gone(record.source):
                if self._has_settled(record.source, None):  # programs save by putting a new file in the old one's place
                    gone.append(record.name)
                else:
                    is_waiting = True
        if gone:
            self._adder.index.remove(gone)
            for name in gone:
                self._listener.say(f"removed {name}")
        return is_waiting

    def _has_settled(self, path: str, signature: _Signature | None) -> bool:
        """Whether a file has been as it is for long enough; by the clock, and at first by its own time of change."""
        now = time.monotonic()
        seen = self._seen.get(path)
        if seen is None or seen.signature != signature:
            age = time.time() - signature[1] / 1e9 if signature and seen is None else 0.0
            seen = _Seen(signature, now - max(0.0, age))
            self._seen[path] = seen
        return now - seen.since >= self._settled

    def run(self, stop: threading.Event, ignored: Path | None = None, on_ready: Callable[[], None] = lambda: None) -> None:
        """Keep the index up to date until `stop` is set.

        :param ignored: A folder whose changes mean nothing: our own data folder.
        :param on_ready: Called when all was looked at for the first time.
        :raises DocumentError: the system does not let us watch.
        :raises IndexStoreError: the index cannot be written.
        """
        is_waiting, looked = True, -_LOOK_AGAIN
        for has_news in self._news(stop, ignored):
            if has_news or is_waiting or time.monotonic() - looked > _LOOK_AGAIN:
                is_waiting = self.update()
                if looked < 0:
                    on_ready()
                looked = time.monotonic()

    def _news(self, stop: threading.Event, ignored: Path | None) -> Iterator[bool]:
        """Yield, twice a second and whenever something happens in the folders, whether something did."""
        from watchfiles import watch

        try:
            yield from map(
                bool,
                watch(
                    *self.folders,
                    watch_filter=lambda _, path: ignored is None or not Path(path).is_relative_to(ignored),
                    stop_event=stop,
                    debounce=_LOOK,
                    rust_timeout=_LOOK,
                    yield_on_timeout=True,
                    ignore_permission_denied=True,
                ),
            )
        except (OSError, RuntimeError) as error:
            raise DocumentError(
                f"The folders cannot be watched: {error}. If the system allows too few watches, raise its limit "
                "(fs.inotify.max_user_watches on Linux), or set WATCHFILES_FORCE_POLLING=1."
            ) from error


def _signature(path: Path) -> _Signature | None:
    try:
        details = path.stat()
    except (OSError, ValueError):
        return None
    return details.st_ino, details.st_mtime_ns, details.st_size


def _is_gone(path: str) -> bool:
    """Whether a file is surely not there any more, and not only out of reach."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


@contextmanager
def stopped_by_sigterm() -> Iterator[threading.Event]:
    """Yield an event that SIGTERM sets, with which the system asks a program to end."""
    stop = threading.Event()

    def set_it(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = signal.signal(signal.SIGTERM, set_it)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)
