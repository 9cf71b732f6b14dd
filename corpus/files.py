"""Finds the files that are meant by the paths that a person gives: files, folders, and patterns such as `papers/**/*.pdf`."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from corpus.display import counted
from corpus.errors import DocumentError
from corpus.formats import FORMATS
from corpus.loaders import printable_name

_MAGIC = re.compile(r"[*?\[]")
_NAMED = 5  # endings of files of other kinds that are named
_HIDDEN = (".", "~$")  # the second: what Word leaves beside a document that is open


@dataclass(frozen=True)
class Found:
    """What the paths of a person mean.

    Attributes:
        files: (file, name) of each file to read; no file twice, and no name twice.
        passed_over: (name, why) of each link that leaves its folder and the like.
        others: Ending → number of the files of other kinds that were found in folders.
        failures: What could not be looked into, and files that would have the same name.
        empty: The folders and patterns without a document.
    """

    files: tuple[tuple[Path, str], ...]
    passed_over: tuple[tuple[str, str], ...]
    others: Mapping[str, int]
    failures: tuple[DocumentError, ...]
    empty: tuple[DocumentError, ...]

    @property
    def remarks(self) -> list[str]:
        """What was passed over, in words, a line each."""
        lines = [f"passed over: {printable_name(name)} ({why})" for name, why in self.passed_over]
        if self.others:
            named = sorted(self.others, key=lambda ending: (-self.others[ending], ending))
            endings = ", ".join(printable_name(ending) for ending in named[:_NAMED]) + (", …" if len(named) > _NAMED else "")
            lines.append(f"passed over {counted(sum(self.others.values()), 'file')} of other kinds ({endings})")
        return lines


def find_files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[tuple[Path, str]]:
    """Yield (file, name) for each file that is meant, as `survey` does.

    :raises DocumentError: a folder or pattern has no document, or cannot be looked into.
    """
    found = survey(paths)
    for failure in (*found.failures, *found.empty):
        raise failure
    yield from found.files


def survey(paths: Iterable[str | os.PathLike[str]]) -> Found:
    """Return the files that paths mean: each file given, and each readable file in each folder given.

    In a folder, hidden files are passed over silently, files of other kinds are counted, and links that leave the folder are
    named. A name keeps the path below the folder (below the fixed part of a pattern), so that two files called `notes.md`
    stay two documents. A file that several paths lead to comes once, under the longest of its names, whatever the order.
    """
    surveyor = _Survey()
    for given in map(Path, paths):
        surveyor.look(given)
    return surveyor.found()


def fixed_part(given: Path) -> Path:
    """Return the folder that a pattern looks into, what stands before its first `*`, `?` or `[`; another path as it is."""
    parts = given.parts
    first = next((number for number, part in enumerate(parts) if _MAGIC.search(part)), len(parts))
    return given if first == len(parts) or os.path.lexists(given) else Path(*parts[:first])


@dataclass(frozen=True)
class _Candidate:
    path: Path
    name: str
    is_given: bool
    """By itself, and not as part of a folder."""


class _Survey:
    """Collects what is found."""

    def __init__(self) -> None:
        self._places: dict[str, list[_Candidate]] = {}
        self._passed_over: dict[str, str] = {}
        self._others: Counter[str] = Counter()
        self._failures: list[DocumentError] = []
        self._empty: list[DocumentError] = []
        self._looked_at: set[str] = set()  # files of other kinds: two paths to one count once

    def look(self, given: Path) -> None:
        """Look at one path."""
        root = fixed_part(given)
        if given.is_dir():
            self._look_into(given, lambda parts: True, lambda parts: True, f"The folder {given} holds no document.")
        elif root == given:
            self._add(given, given.name, is_given=True)
        else:
            pattern = given.parts[len(root.parts) :]
            self._look_into(
                root,
                lambda parts: any(_fits(parts[:count], pattern) for count in range(1, len(parts) + 1)),
                lambda parts: _may_lead(parts, pattern),
                f"No document fits {given}.",
            )

    def _look_into(self, root: Path, fits: _Test, may_lead: _Test, nothing: str) -> None:
        """Take the files below `root` whose parts fit; folders that cannot lead to any are not entered."""
        real_root = os.path.realpath(root)
        found: list[Path] = []
        failures = len(self._failures)
        for folder, folders, files in os.walk(root, onerror=self._note):
            here = Path(folder)
            above = here.relative_to(root).parts
            folders[:] = [name for name in folders if not name.startswith(_HIDDEN) and may_lead((*above, name))]
            for name in folders:
                if (here / name).is_symlink() and not _is_below(here / name, real_root):  # and os.walk does not enter it
                    self._passed_over["/".join((*above, name))] = "a link out of the folder"
            for name in files:
                if not name.startswith(_HIDDEN) and fits((*above, name)):
                    found += self._look_at(here / name, "/".join((*above, name)), real_root)
        for path in sorted(found):
            self._add(path, path.relative_to(root).as_posix())
        if not found and len(self._failures) == failures:
            self._empty.append(DocumentError(f"{nothing} Known kinds: {', '.join(FORMATS)}."))

    def _look_at(self, path: Path, name: str, real_root: str) -> list[Path]:
        """Return the file if it is one to read; else note why not."""
        if path.suffix.lower() not in FORMATS:
            place = _place(path)
            if place not in self._looked_at:
                self._looked_at.add(place)
                self._others[path.suffix.lower() or "no ending"] += 1
        elif path.is_symlink() and not os.path.exists(path):
            self._passed_over[name] = "a link to nothing"
        elif path.is_symlink() and not _is_below(path, real_root):
            self._passed_over[name] = "a link out of the folder"
        elif not os.path.isfile(path):
            self._passed_over[name] = "not an ordinary file"
        else:
            return [path]
        return []

    def _note(self, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # gone meanwhile, or never there: then nothing fits
            self._failures.append(
                DocumentError(f"The folder {error.filename} cannot be read: {error.strerror}. Check its permissions.")
            )

    def _add(self, path: Path, name: str, *, is_given: bool = False) -> None:
        self._places.setdefault(_place(path), []).append(_Candidate(path, name, is_given))

    def found(self) -> Found:
        """Return what was collected, each file once."""
        chosen = {
            place: min(candidates, key=lambda one: (-one.name.count("/"), one.name, len(one.path.parts)))
            for place, candidates in self._places.items()
        }
        for place, one in list(chosen.items()):
            if one.is_given and (target := os.path.realpath(one.path)) != place and target in chosen:
                del chosen[place]  # a link to a file that comes anyhow
        by_name: dict[str, list[_Candidate]] = {}
        for one in chosen.values():
            by_name.setdefault(printable_name(one.name), []).append(one)
        clashes = [_clash(name, [str(one.path) for one in same]) for name, same in by_name.items() if len(same) > 1]
        return Found(
            files=tuple((same[0].path, same[0].name) for same in by_name.values() if len(same) == 1),
            passed_over=tuple(self._passed_over.items()),
            others=dict(self._others),
            failures=(*self._failures, *clashes),
            empty=tuple(self._empty),
        )


_Test = Callable[[Sequence[str]], bool]
"""Of the parts of a path below the folder that is looked into."""


def _place(path: Path) -> str:
    """Return where a file is, its own name not followed if it is a link."""
    return os.path.join(os.path.realpath(path.parent), path.name)


def _is_below(path: Path, real_root: str) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(real_root)


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a path is what a pattern describes; `**` stands for any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_fits(parts[count:], pattern[1:]) for count in range(len(parts) + 1))
    return bool(parts) and fnmatch(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])


def _may_lead(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether below this folder there may be what a pattern describes; below what it describes itself there is."""
    if not parts or not pattern or pattern[0] == "**":
        return True
    return fnmatch(parts[0], pattern[0]) and _may_lead(parts[1:], pattern[1:])


def _clash(name: str, paths: Sequence[str]) -> DocumentError:
    return DocumentError(
        f"{', '.join(sorted(paths))} would all have the name {name}, and a name stands for one document, so none of them was "
        "taken. Add the folder that holds them all, so that their names keep their paths; or rename them."
    )
