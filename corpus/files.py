"""Finds the files that are meant by the paths that a person gives."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.errors import DocumentError
from corpus.formats import FORMATS


def find_files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[tuple[Path, str]]:
    """Yield (file, name) for each file given, and for each readable file in each folder given, in order of name.

    In a folder, files of other kinds and hidden ones are passed over, links that leave the folder too; a name keeps the
    path below the folder, so that two files called `notes.md` stay two documents.

    :raises DocumentError: a path does not exist, or a folder holds no document.
    """
    for given in map(Path, paths):
        if not given.is_dir():
            yield given, given.name
            continue
        root = given.resolve()
        found = sorted(
            path
            for path in given.rglob("*")
            if path.suffix.lower() in FORMATS
            and path.is_file()
            and path.resolve().is_relative_to(root)
            and not any(part.startswith(".") for part in path.relative_to(given).parts)
        )
        if not found:
            raise DocumentError(f"The folder {given} holds no document. Known kinds: {', '.join(FORMATS)}.")
        for path in found:
            yield path, path.relative_to(given).as_posix()
