"""The process that reads files of unknown origin for `corpus.contained`: it may crash, hang or run out of memory alone.

    python -m corpus.worker LIMITS

LIMITS is the JSON of `Limits`. Requests come on standard input and replies go to standard output, each a length (four bytes,
big-endian) and that much JSON:

    → {"path": …, "name": …}
    ← {"document": …}   as in `corpus.serial`
    ← {"refused": …}    the message of the `DocumentError`
    ← {"failed": …}     "memory", or the error that nobody expected; the process ends after it

The first reply, `{}`, says that the process is ready. It ends when its standard input does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import IO, Any

from corpus.errors import DocumentError
from corpus.limits import Limits
from corpus.loaders import load_document
from corpus.serial import document_to_json

HEADER = 4
"""Bytes of a length."""

LONGEST = 2**31
"""Bytes of the longest reply. A document of fifty million characters takes 300 million at most."""

_REACHING_OUT = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")


def send(stream: IO[bytes], message: dict[str, Any]) -> None:
    """Write one message.

    :raises OSError: nobody reads any more.
    """
    data = json.dumps(message).encode("ascii")
    stream.write(len(data).to_bytes(HEADER, "big") + data)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any] | None:
    """Return the next message, or None when the stream ends, or breaks off, or holds something else."""
    size = int.from_bytes(stream.read(HEADER), "big")
    if not 0 < size <= LONGEST:
        return None
    try:
        message = json.loads(stream.read(size))
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def main(arguments: list[str]) -> int:
    """Read files as they are asked for; return 0 when no more are, 1 after a failure."""
    limits = Limits(**json.loads(arguments[0]))
    requests, replies = sys.stdin.buffer, _own_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started this one, and it ends us
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _restrict(limits)
    try:
        send(replies, {})
        while (request := receive(requests)) is not None:
            _allow_seconds(limits.seconds)
            reply = _reply(request, limits)
            send(replies, reply)
            if "failed" in reply:
                return 1
    except OSError:  # nobody reads any more
        return 1
    return 0


def _reply(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    try:
        return {"document": document_to_json(load_document(request["path"], name=request["name"], limits=limits))}
    except DocumentError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"failed": "memory"}
    except Exception as error:  # noqa: BLE001 - this process is here to fail alone, and says what happened before it ends
        return {"failed": type(error).__name__}


def _own_output() -> IO[bytes]:
    """Return the stream of replies, and let whatever a parser prints go nowhere."""
    replies = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return replies


def _restrict(limits: Limits) -> None:
    """Limit what this process may take, as far as the system can, and forbid it to start programs or call other machines."""
    sys.addaudithook(_forbid)
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limits; macOS refuses some
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


def _forbid(event: str, _: object) -> None:
    if event.startswith(_REACHING_OUT):
        raise PermissionError(f"{event} is not for a process that reads files")


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone, killed perhaps, and nobody waits for the file at hand."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _allow_seconds(seconds: float) -> None:
    """Let the system end this process some time after it should have been done, in case nobody is left to do so."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 5, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
