"""A reader that does what its file says, put into the processes of `corpus.contained` in place of the one for CSV.

Python imports a module called `sitecustomize` from its path when it starts, and those processes have the path of the tests.
"""

from __future__ import annotations

from pathlib import Path

import pytest

_SITECUSTOMIZE = """
import ctypes, os, signal, socket, subprocess, sys, time, types

def read(data, name, limits):
    from corpus.document import Extract, Skipped
    from corpus.errors import DocumentError
    command, _, rest = data.decode().partition(":")
    text = "Words of " + name
    if command == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif command == "null":
        ctypes.string_at(0)
    elif command == "exit":
        os._exit(3)
    elif command == "raise":
        raise KeyError("nobody expected this")
    elif command == "deep":
        def deeper(n): return deeper(n + 1)
        deeper(0)
    elif command == "hang":
        if rest:
            open(rest, "w").write(str(os.getpid()))
        time.sleep(600)
    elif command == "spin":
        while True: pass
    elif command == "memory":
        hoard = []
        while True: hoard.append(bytearray(10_000_000))
    elif command == "leak":
        os.leaked = True
    elif command == "victim" and hasattr(os, "leaked"):
        os._exit(1)
    elif command == "print":
        os.write(1, b"\\xff" * 100_000)
        print("noise", flush=True)
        sys.stderr.write("noise" * 100_000)
    elif command == "connect":
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    elif command == "start":
        subprocess.run(["true"])
    elif command == "lie":
        return Extract(text, pages=((0, 10 ** 6),))
    elif command == "refuse":
        raise DocumentError("It is refused.")
    elif command == "pid":
        text = str(os.getpid())
    elif command == "environment":
        text = " ".join(sorted(os.environ))
    elif command == "modules":
        text = " ".join(sorted(sys.modules))
    elif command == "slow":
        time.sleep(float(rest))
    return Extract(text)

module = types.ModuleType("corpus.formats.csv")
module.read = read
sys.modules["corpus.formats.csv"] = module
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `.csv` files command their reader, in processes that are started after this."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(_SITECUSTOMIZE)
    monkeypatch.syspath_prepend(str(folder))
