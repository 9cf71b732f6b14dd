"""How much memory a program takes."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def resident(process: int | None = None) -> float:
    """Return the memory that a process holds, in megabytes, this one's by default; 0 on systems without /proc."""
    with suppress(OSError):
        for line in Path(f"/proc/{process or os.getpid()}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return float(line.split()[1]) * 1.024e-3  # the kernel's kB are 1,024 bytes
    return 0.0
