"""Where a result comes from: the commit, the settings, the machine. A number without them cannot be made again."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from index import Settings

ROOT = Path(__file__).parent.parent
_BUT_RESULTS = ("--", ".", ":(exclude)eval/results")
"""Results that a run has just written do not make the next one another."""

_CPU_INFO, _MEMORY_INFO = Path("/proc/cpuinfo"), Path("/proc/meminfo")


def provenance(settings: Settings, engine: str) -> dict[str, Any]:
    """Return what is known of this run: when, the commit, what was set, and the machine."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "footnote": _version(),
        **commit(ROOT),
        "engine": engine,
        **({"model": settings.model} if engine == "generative" else {}),
        "reader": settings.reader,
        "embedder": settings.embedder,
        "machine": machine(),
    }


def _version() -> str | None:
    """Return the installed version; None where the folder is run without being installed, and only the commit is known."""
    try:
        return version("footnote")
    except PackageNotFoundError:
        return None


def commit(folder: Path) -> dict[str, Any]:
    """Return the commit of a folder and whether files differ from it; None for both outside a repository."""
    found = _git(folder, "rev-parse", "HEAD")
    return {"commit": found, "changed": None if found is None else bool(_git(folder, "status", "--porcelain", *_BUT_RESULTS))}


def tree(folder: Path) -> str:
    """Return a digest of a folder's commit and of what differs from it, to tell whether the code is the same."""
    state = f"{_git(folder, 'rev-parse', 'HEAD')}\n{_git(folder, 'diff', 'HEAD', *_BUT_RESULTS)}"
    return hashlib.sha256(state.encode()).hexdigest()


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def machine() -> dict[str, Any]:
    """Return processor, cores, memory in GiB, system and Python; what cannot be found out is left out."""
    found: dict[str, Any] = {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}
    found["processor"] = _field(_CPU_INFO, "model name") or platform.processor() or platform.machine()
    memory = _field(_MEMORY_INFO, "MemTotal")
    if memory:
        found["memory_gib"] = round(int(memory.split()[0]) / 2**20)
    return found


def _field(path: Path, name: str) -> str | None:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), None)
