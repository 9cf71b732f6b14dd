"""Where files come in that a browser sends, until they are added: a folder of each program that runs, in the data folder.

DATA/received/<name>           what comes in; Gradio makes a folder in it for each file
DATA/received/<name>.lock      held as long as the program runs

It goes with its program: what a program that was killed has left is removed by the next one.
"""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import SettingsError

FOLDER = "received"
"""Of the data folder."""


class Received:
    """The folder of this program.

    Attributes:
        path: The folder.
    """

    def __init__(self, data: Path) -> None:
        """Make it, and remove those of programs that have ended.

        :param data: The data folder.
        :raises SettingsError: it cannot be made.
        """
        folder = data.absolute() / FOLDER
        self.path = folder / secrets.token_hex(8)
        self._held = FileLock(_lock_of(self.path))
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for left in folder.iterdir():
                if left.is_dir():
                    _remove_if_left(left)
            self._held.acquire()
            self.path.mkdir(mode=0o700)
        except OSError as error:
            raise SettingsError(
                f"Files cannot be received in {folder}: {error.strerror}. Make room on the disk, check the folder's "
                "permissions, or give another data folder with --data."
            ) from error


def _lock_of(folder: Path) -> Path:
    return folder.with_suffix(".lock")


def _remove_if_left(folder: Path) -> None:
    """Remove the folder of a program that has ended."""
    try:
        with FileLock(_lock_of(folder), timeout=0):
            shutil.rmtree(folder, ignore_errors=True)
            _lock_of(folder).unlink(missing_ok=True)
    except Timeout:
        return  # it runs


def received_file(folder: Path, given: str) -> Path | None:
    """Return a file that came in, by the path that a browser gives; None if it is not there, or is another one.

    :param folder: Where files come in, without links in its path.
    """
    try:
        path = Path(given).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (OSError, ValueError):  # no path at all: too long, or with characters that none may have
        return None
