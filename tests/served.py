"""The real program, served by a process of its own on a free port, for tests that speak HTTP with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import app

ROOT = Path(app.__file__).parent
PATIENCE = 90.0  # seconds: loading the model takes its time on a busy machine


def free_port(host: str = app.DEFAULT_HOST) -> int:
    with socket.socket() as free:
        free.bind((host, 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def served(data: Path, *arguments: str, before: Path | None = None) -> Iterator[str]:
    """Serve a data folder, and give the address on the loopback.

    :param before: A folder to find modules in before any other.
    """
    port = free_port()
    log = data.parent / f"log-{port}"
    path = os.pathsep.join(str(one) for one in (before, ROOT) if one is not None)
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port), "--data", str(data), *arguments],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": path},
        )
        try:
            until = time.monotonic() + PATIENCE
            while "Footnote is at" not in (said := log.read_text()):
                assert process.poll() is None and time.monotonic() < until, f"the program did not start:\n{said}"
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
            assert process.poll() is None, f"the program ended by itself:\n{log.read_text()}"
        finally:
            process.terminate()
            process.wait(20)
    said = log.read_text()
    assert "Traceback" not in said, said
