"""The file that a person's own cases are kept in: written a case at a time, each whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from corpus.errors import SettingsError
from eval.cases import Case, load_cases


class CaseFile:
    """The file that cases are kept in.

    It is made, or read if it is there; a malformed one is refused and left as it is (CaseError), and so is one that cannot be
    written to (SettingsError).

    Attributes:
        path: The file.
        cases: What it holds.
    """

    def __init__(self, path: Path, stem: str) -> None:
        self.path = path
        self._stem = stem
        self._is_new = not os.path.lexists(path)
        self.cases = self._load()
        self._write(b"")  # that it cannot be written to is better known before the first case than after it

    def _load(self) -> list[Case]:
        try:
            if self._is_new:
                return []
            if not self.path.is_file():
                raise SettingsError(f"{self.path} is not an ordinary file, so no cases can be kept in it. Name another file.")
            if not self.path.read_bytes().strip():
                return []
        except OSError as error:
            raise SettingsError(f"The cases {self.path} cannot be read: {error.strerror}. Check its permissions.") from error
        return load_cases(self.path)

    @property
    def next_id(self) -> str:
        """The id after the last: "bees:004" after "bees:003"."""
        last = re.fullmatch(r"(.*?)([0-9]{1,9})", self.cases[-1].id, re.DOTALL) if self.cases else None
        prefix, width = (last.group(1), len(last.group(2))) if last else (f"{self._stem}:", 3)
        numbered = (re.fullmatch(re.escape(prefix) + "([0-9]{1,9})", case.id) for case in self.cases)
        number = max((int(match.group(1)) for match in numbered if match), default=0) + 1
        return f"{prefix}{number:0{width}}"

    def append(self, case: Case) -> None:
        """Keep a case.

        :raises SettingsError: the file cannot be written to; it is as it was before.
        """
        row: dict[str, Any] = {
            "id": case.id,
            "question": case.question,
            "documents": None if case.documents is None else list(case.documents),
            "answerable": case.answerable,
            "evidence": list(case.evidence),
            "expected": [list(fact) for fact in case.expected],
        }
        row |= {"category": case.category} if case.category else {}
        self._write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        self.cases.append(case)

    def _write(self, line: bytes) -> None:
        """Append one line, in one piece or not at all."""
        try:
            with self.path.open("a+b", buffering=0) as stream:
                size = stream.seek(0, os.SEEK_END)
                if line and size:
                    stream.seek(size - 1)
                    line = line if stream.read(1) == b"\n" else b"\n" + line
                if stream.write(line) != len(line):
                    stream.truncate(size)
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise SettingsError(
                f"The cases cannot be written to {self.path}: {error.strerror}. "
                "Check the folder, its permissions and the space left, or name another file."
            ) from error

    def leave(self) -> None:
        """Remove the file again if it was made here and holds nothing."""
        if self._is_new and not self.cases:
            with suppress(OSError):
                self.path.unlink()
