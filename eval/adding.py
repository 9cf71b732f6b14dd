"""`python -m eval adding`: adds a folder of many files at once and one by one, and holds the two indexes against each other.

The files are copies of the committed ones of every kind, each with other bytes; those that have plain text, with other words
too. Bad files (protected, damaged) are among them. Memory is read from /proc, so it is known on Linux alone.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.contained import Readers
from corpus.errors import SettingsError
from corpus.files import survey
from eval.memory import resident
from eval.options import OWN_DOCUMENTS, whole_number
from index import PassageIndex, SearchMode, SentenceTransformerEmbeddings, Settings

ROOT = Path(__file__).parent.parent
FIXTURES = (ROOT / "tests" / "data", *OWN_DOCUMENTS)
"""Where the files come from that are copied."""

_WORDS = frozenset((".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml"))
_PACKED = frozenset((".docx", ".pptx", ".xlsx", ".odt", ".epub"))
_ASKED = 25  # questions that both indexes are asked
_TOLERANCE = 1e-4  # of a score: texts embedded in other company differ in the last digits


@dataclass(frozen=True)
class Measured:
    """What one way of adding took.

    Attributes:
        seconds: From the start of the program to its end.
        program: Megabytes of memory of the program at most; 0 where that is not known.
        readers: Megabytes of all its readers together at most.
    """

    seconds: float
    program: float = 0.0
    readers: float = 0.0


def main(arguments: Sequence[str]) -> int:
    """Measure, print a table, and return 1 if the two indexes are not the same."""
    parser = argparse.ArgumentParser(prog="python -m eval adding", description=__doc__)
    parser.add_argument("--files", type=whole_number, default=200, metavar="N", help="how many (default: 200)")
    parser.add_argument("--from", dest="fixtures", type=Path, nargs="+", default=FIXTURES, metavar="DIR", help="what is copied")
    options = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="footnote-adding-") as name:
        folder = Path(name)
        make_files(options.fixtures, folder / "docs", options.files)
        at_once, failed = add_at_once(folder / "docs", folder / "at-once")
        single = add_one_by_one(folder / "docs", folder / "one-by-one")
        embedder = SentenceTransformerEmbeddings(Settings.from_environment().embedder)
        left, right = (PassageIndex(folder / which, embedder) for which in ("at-once", "one-by-one"))
        differences = compare(left, right)
        status = left.status()
        left.close()
        right.close()
    sys.stdout.write(table(options.files, failed, status.documents, status.passages, at_once, single, differences))
    return 1 if differences else 0


def make_files(fixtures: Sequence[Path], folder: Path, count: int) -> None:
    """Write `count` copies of the files in `fixtures`, in turn, no two of the same bytes.

    :raises SettingsError: there are none to copy.
    """
    found = [path for fixture in fixtures if fixture.is_dir() for path, _ in survey([fixture]).files]
    if not found:
        raise SettingsError(f"There is nothing to copy in {', '.join(map(str, fixtures))}. Check --from.")
    for number in range(count):
        source = found[number % len(found)]
        path = folder / f"part{number % 7}" / f"{number:04}-{source.name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.read_bytes())
        _change(path, number)


def _change(path: Path, number: int) -> None:
    """Give a copy bytes of its own."""
    suffix = path.suffix.lower()
    if suffix in _PACKED:
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(path, "a") as packed:
            packed.comment = f"copy {number}".encode()
        return
    if suffix in _WORDS:
        words = f"\n\nThis is copy number {number} of the file.\n"
    else:  # what follows the end of a PDF or RTF file is no part of it, and empty lines are none of a table
        words = f"\n% {number}\n" if suffix == ".pdf" else "\n" * (1 + number)
    with path.open("ab") as stream:
        stream.write(words.encode())


def add_at_once(docs: Path, data: Path) -> tuple[Measured, int]:
    """Run `python -m index add` on the folder; return what it took, and how many files it could not read."""
    started = time.monotonic()
    line = [sys.executable, "-m", "index", "--data", str(data), "add", str(docs)]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT) as program:
        with _watched(program.pid) as peaks:
            _, errors = program.communicate()
    return Measured(time.monotonic() - started, peaks[0], peaks[1]), errors.count("error: ")


def add_one_by_one(docs: Path, data: Path) -> Measured:
    """Add each file by itself, the last by name first."""
    started = time.monotonic()
    embedder = SentenceTransformerEmbeddings(Settings.from_environment().embedder)
    index = PassageIndex(data, embedder, create=True)
    with Readers(1) as readers:
        for path, name in sorted(survey([docs]).files, key=lambda file: file[1], reverse=True):  # the order must not matter
            document = readers.read(path, name).document
            if document is not None:
                index.add([document], sources={document.id: str(path)})
    index.close()
    return Measured(time.monotonic() - started)


@contextmanager
def _watched(process: int) -> Iterator[list[float]]:
    """Yield the most megabytes that a process, and all its children together, take while the block runs."""
    peaks = [0.0, 0.0]
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(0.05):
            peaks[0] = max(peaks[0], resident(process))
            peaks[1] = max(peaks[1], sum(map(resident, _children(process))))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        is_over.set()
        thread.join()


def _children(process: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def compare(left: PassageIndex, right: PassageIndex) -> list[str]:
    """Return in what two indexes differ, in words; nothing if they hold the same and find the same."""
    held = [{record.id: record.name for record in index.records()} for index in (left, right)]
    if alone := held[0].items() ^ held[1].items():
        return [f"only one of them holds {name}" for _, name in sorted(alone)]
    names = list(held[0].values())
    differences = [f"the passages of {name} differ" for name in names if left.passages(name) != right.passages(name)]
    passages = [passage for name in names for passage in left.passages(name)]
    step = max(1, len(passages) // _ASKED)
    for passage in passages[::step][:_ASKED]:
        question = passage.text[:200]
        for mode in (SearchMode.DENSE, SearchMode.LEXICAL):
            found = [
                {one.passage.text: one.signals[mode.value] for one in index.search(question, len(passages), mode=mode)}
                for index in (left, right)
            ]
            if not _alike(*found):
                differences.append(f"the {mode.value} search for {question[:60]!r} differs")
    return differences


def _alike(left: dict[str, float], right: dict[str, float]) -> bool:
    """Whether two searches, each of all passages, found the same texts with the same scores."""
    return left.keys() == right.keys() and all(
        math.isclose(score, right[text], rel_tol=_TOLERANCE, abs_tol=_TOLERANCE) for text, score in left.items()
    )


def table(
    files: int, failed: int, documents: int, passages: int, at_once: Measured, single: Measured, differences: Sequence[str]
) -> str:
    """Return the figures as a table in Markdown, and in what the indexes differ."""
    rows = [
        ("files", f"{files:,}"),
        ("of which could not be read", f"{failed:,}"),
        ("documents, passages", f"{documents:,}, {passages:,}"),
        ("seconds at once", f"{at_once.seconds:,.1f}"),
        ("seconds one by one", f"{single.seconds:,.1f}"),
        ("memory of the program, MB", f"{at_once.program:,.0f}" if at_once.program else "not known"),
        ("memory of its readers, MB", f"{at_once.readers:,.0f}" if at_once.readers else "not known"),
        ("the two indexes", f"differ: {differences[0]}" if differences else "hold and find the same"),
    ]
    return "".join(f"| {name} | {value} |\n" for name, value in (("adding many files", ""), ("---", "---:"), *rows))
