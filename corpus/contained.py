"""Reads files of unknown origin in processes of their own, which may crash, hang or run out of memory: the rest goes on.

A file that kills its reader gets a `DocumentError` that says what happened, and its reader is replaced. What comes back is
JSON, checked, and never pickled objects: the process that sent it has parsed hostile data.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from signal import Signals
from types import TracebackType
from typing import Any

from corpus.document import Document
from corpus.errors import DocumentError
from corpus.formats import FORMATS
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.loaders import document_id, load_document, printable_name
from corpus.refusals import damaged
from corpus.serial import document_from_json
from corpus.worker import receive, send

MOST_WORKERS = 8
"""Readers that work at once, on a machine with as many cores."""

_PLAIN = 2_000_000  # bytes of a plain text that is read in this process, which is faster than to hand it over
_START = 60.0  # seconds that a process may take to start, on a machine that is busy
_LOOK = 0.5  # seconds between two looks at whether somebody wants to stop
_FILES = 100  # a process reads, so that what its parsers leak does not add up
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True)
class Reading:
    """What became of a file: a document or an error, never both.

    Attributes:
        path: The file.
        name: The name it was asked for by.
        document: What it says; None if it cannot be read.
        error: Why it cannot be read; None if it can.
    """

    path: Path
    name: str
    document: Document | None = None
    error: DocumentError | None = None


def load_contained(path: str | os.PathLike[str], *, name: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one file as `load_document` does, in a process of its own.

    :raises DocumentError: as there, and if reading it took too long or too much memory, or crashed.
    """
    (document,) = load_all([(Path(path), Path(path).name if name is None else name)], limits=limits)
    return document


def load_all(files: Iterable[tuple[Path, str]], *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Document]:
    """Yield the document of each (file, name), in their order.

    :raises DocumentError: one cannot be read.
    """
    with Readers(limits=limits) as readers:
        for reading in readers.read_all(files):
            if reading.document is None:
                raise reading.error or AssertionError
            yield reading.document


def cores() -> int:
    """Return how many readers this machine has a core for."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, MOST_WORKERS)


class Readers:
    """Processes that read files, started when they are needed and ended with the `with` block. Threads may share it.

    Attributes:
        limits: What a file may have, and take.
    """

    def __init__(self, workers: int | None = None, limits: Limits = DEFAULT_LIMITS) -> None:
        """
        :param workers: How many files are read at once; by default, one a core.
        :param limits: What each may take.
        """
        self.limits = limits
        self._workers = workers or cores()
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._is_closed = False
        self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="reader")

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, in the middle of a file too."""
        with self._lock:
            self._is_closed = True
            for worker in self._all:
                worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._idle:  # the others are closed by the threads that use them
            worker.close()

    def read_all(self, files: Iterable[tuple[Path, str]]) -> Iterator[Reading]:
        """Yield what became of each (file, name), in the order given, while the next ones are being read.

        Read ahead are two files a process, so that the memory stays bounded however slow the taker is.
        """
        ahead: deque[Future[Reading]] = deque()
        try:
            for path, name in files:
                ahead.append(self._threads.submit(self.read, path, name))
                if len(ahead) >= 2 * self._workers:
                    yield _result(ahead.popleft())
            while ahead:
                yield _result(ahead.popleft())
        finally:
            for future in ahead:
                future.cancel()

    def read(self, path: Path, name: str) -> Reading:
        """Read one file and wait for it."""
        try:
            document = load_document(path, name=name, limits=self.limits) if _is_plain(path) else self._contained(path, name)
        except DocumentError as error:
            return Reading(path, name, error=error)
        return Reading(path, name, document=document)

    def _contained(self, path: Path, name: str) -> Document:
        """Have a file read by a process; one that dies of it after having read others gets the blame shared.

        What earlier files have left in the memory of a process must not decide over the next one, so that file is tried again
        in a new process.

        :raises DocumentError: it cannot be read.
        """
        worker = self._take()
        was_fresh = worker.files == 0
        document = self._read_by(worker, path, name, is_last_try=was_fresh)
        if document is None:
            document = self._read_by(self._start(), path, name, is_last_try=True)
        assert document is not None
        return document

    def _read_by(self, worker: _Worker, path: Path, name: str, *, is_last_try: bool) -> Document | None:
        """Return the document, or None if the process died of it and it is to be tried again.

        :raises DocumentError: it cannot be read.
        """
        reply = worker.ask(path, name)
        if "failed" in reply:
            self._discard(worker)
            if not is_last_try and reply["failed"] != "time":
                return None
            raise _failure(str(reply["failed"]), path, printable_name(name), self.limits)
        if worker.files >= _FILES or self._is_closed:
            self._discard(worker)
        else:
            with self._lock:
                self._idle.append(worker)
        if "refused" in reply:
            raise DocumentError(str(reply["refused"]))
        try:
            return _checked(document_from_json(reply["document"]), path, printable_name(name))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise _failure("its reply made no sense", path, printable_name(name), self.limits) from error

    def _take(self) -> _Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._start()

    def _start(self) -> _Worker:
        """Start a process.

        :raises DocumentError: the system does not let us.
        """
        with self._lock:
            if self._is_closed:
                raise DocumentError("Reading was stopped.")
            worker = _Worker(self.limits)
            self._all.add(worker)
        try:
            worker.wait_until_ready()
        except DocumentError:
            self._discard(worker)
            raise
        return worker

    def _discard(self, worker: _Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.close()


def _result(future: Future[Reading]) -> Reading:
    """Wait for a result, with a look round now and then: a Ctrl-C just before a wait without end would not be seen in it."""
    while not future.done():
        wait([future], timeout=_LOOK)
    return future.result()


class _Worker:
    """A process that reads one file after the other, as `corpus.worker` describes.

    Attributes:
        files: How many it was given.
    """

    def __init__(self, limits: Limits) -> None:
        self.files = 0
        self._limits = limits
        self._is_late = False
        root = str(Path(__file__).parent.parent)
        # It finds the modules that we find, and nothing in the current folder; keys of chat models stay here.
        environment = {name: value for name, value in os.environ.items() if name.upper() in _KEPT}
        environment["PYTHONPATH"] = os.pathsep.join([root, *filter(None, sys.path)])
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "corpus.worker", json.dumps(asdict(limits))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        except OSError as error:
            raise _not_started(error.strerror or type(error).__name__) from error

    def wait_until_ready(self) -> None:
        """Wait for its first word.

        :raises DocumentError: it does not come.
        """
        if self._reply(_START) is None:
            self.kill()  # or its code is not known yet
            raise _not_started(f"it ended with code {self._process.returncode}")

    def ask(self, path: Path, name: str) -> dict[str, Any]:
        """Return the reply to one request; `{"failed": …}` with "time", "memory" or what happened if there is none."""
        self.files += 1
        assert self._process.stdin is not None
        with suppress(OSError):  # it is dead, which the missing reply will tell
            send(self._process.stdin, {"path": str(path), "name": name})
        reply = self._reply(self._limits.seconds)
        if self._is_late:
            return {"failed": "time"}
        if reply is None:
            return {"failed": self._cause_of_death()}
        return reply

    def _reply(self, seconds: float) -> dict[str, Any] | None:
        assert self._process.stdout is not None
        timer = threading.Timer(seconds, self._end_late)
        timer.daemon = True
        timer.start()
        try:
            return receive(self._process.stdout)
        finally:
            timer.cancel()

    def _end_late(self) -> None:
        self._is_late = True
        self._process.kill()

    def _cause_of_death(self) -> str:
        self.kill()
        code = self._process.returncode
        if code >= 0:
            return f"it ended with code {code}"
        name = Signals(-code).name if -code in set(Signals) else str(-code)
        # Nobody but the system's own guard of the memory sends this one, and we would know of our own.
        return {"SIGKILL": "memory", "SIGXCPU": "time"}.get(name, f"it ended with {name}")

    def kill(self) -> None:
        """End it, if it has not ended yet, and wait for that."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End it, and let go of its pipes, which nobody else may be reading."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was still to be written goes nowhere
                if pipe is not None:
                    pipe.close()


def _is_plain(path: Path) -> bool:
    """Whether a file is read in this process: its parser is our own, and it is small, whatever is in it."""
    kind = FORMATS.get(path.suffix.lower())
    try:
        return kind is None or not kind.contained and path.stat().st_size <= _PLAIN
    except (OSError, ValueError):
        return True  # what is wrong with it is said without any parser


def _checked(document: Document, path: Path, name: str) -> Document:
    """Return a document as it came from a process, if it is one of this file: its id names a file in the index.

    :raises ValueError: it is not, or has places outside of its text.
    """
    size = len(document.text)
    places = [*document.pages]
    places += [(block.start, block.end) for block in document.blocks or ()]
    places += [(line.start, line.end) for line in document.lines]
    if (
        document.name != name
        or document.media_type != FORMATS[path.suffix.lower()].media_type
        or not (len(document.sha256) == 64 and document.sha256.isalnum() and document.sha256.isascii())
        or document.id != document_id(name, document.sha256)
        or not all(0 <= start <= end <= size for start, end in places)
    ):
        raise ValueError(f"not the document of {name}")
    return document


def _failure(found: str, path: Path, name: str, limits: Limits) -> DocumentError:
    """Return the error for a file whose reader did not come back."""
    if found == "time":
        return DocumentError(
            f"{name} was given up: reading it took more than {limits.seconds:,g} seconds. Split it, save it again in the "
            "program it comes from, or raise the limit (FOOTNOTE_MAX_SECONDS)."
        )
    if found == "memory":
        return DocumentError(
            f"{name} was given up: reading it took more memory than there is for one file ({limits.memory / 2**30:,.1f} GB). "
            "It may be damaged, or made to do harm. If you trust it, split it, or save it again in the program it comes from."
        )
    return damaged(name, FORMATS[path.suffix.lower()].title, f"its reader broke off ({found})")


def _not_started(reason: str) -> DocumentError:
    return DocumentError(
        f"Files cannot be read: the process that reads them does not start ({reason}). Check that the machine has memory and "
        "processes to spare."
    )
