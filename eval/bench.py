"""`python -m eval bench DIR`: measures public benchmarks, each a folder with `cases.jsonl` and `documents/`.

Without DIR, the project's own sets, on the half that nothing was fitted to. Answers are kept while they come, so that a run
that was cut off goes on where it was, as long as commit and settings are the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import find_files
from corpus.errors import CaseError, SettingsError
from eval.cases import CASES_FOLDER, Case, load_cases
from eval.options import OWN_DOCUMENTS, make_console, opened
from eval.provenance import ROOT, provenance, tree
from eval.results import RESULTS_FOLDER, make_result, save_result
from eval.runs import FAILED, Run, make_run
from eval.tables import print_with_intervals
from index import Settings
from index.commands import printable


@dataclass(frozen=True)
class Bench:
    """One set of cases to measure.

    Attributes:
        name: The set.
        cases: What is asked.
        documents: The folders of documents that it is about.
    """

    name: str
    cases: tuple[Case, ...]
    documents: tuple[Path, ...]


def main(arguments: Sequence[str]) -> int:
    """Measure each set, keep and print its figures; return 1 if a case could not be asked."""
    parser = argparse.ArgumentParser(prog="python -m eval bench", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="a folder of benchmarks, or one (default: the own sets)"
    )
    parser.add_argument("--only", metavar="NAME", nargs="+", help="only the sets of these names")
    parser.add_argument("--results", type=Path, default=RESULTS_FOLDER, metavar="DIR", help="where the figures are kept")
    options = parser.parse_args(arguments)
    benches = own_sets() if options.folder is None else find_benches(options.folder)
    if options.only:
        benches = _only(benches, options.only)
    failed = 0
    for bench in benches:
        run = measure(bench)
        failed += len(run.failures)
        for case, reason in run.failures[:3]:
            sys.stderr.write(f"failed: {case.id}: {printable(reason)}\n")
        if len(run.failures) > 3:
            sys.stderr.write(f"failed: {len(run.failures)} cases of {bench.name} in all\n")
        result = make_result(bench.name, run.about, run.scores)
        save_result(result, options.results)
        print_with_intervals(make_console(), {bench.name: (result.figures, result.ranges)})
    return 1 if failed else 0


def _only(benches: Sequence[Bench], names: Sequence[str]) -> list[Bench]:
    """Return the sets of these names.

    :raises CaseError: one of the names is that of no set.
    """
    known = [bench.name for bench in benches]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CaseError(f"There is no set of the name {unknown[0]!r}. There are: {'; '.join(known)}.")
    return [bench for bench in benches if bench.name in names]


def own_sets() -> list[Bench]:
    """Return the project's own sets, each its cases of the split `test`."""
    return [
        Bench(f"{path.stem}, test", tuple(case for case in load_cases(path) if case.split == "test"), OWN_DOCUMENTS)
        for path in sorted(CASES_FOLDER.glob("*.jsonl"))
    ]


def find_benches(folder: Path) -> list[Bench]:
    """Return the benchmarks of a folder, by name.

    :raises CaseError: there is none, or one cannot be read.
    """
    folders = [folder] if (folder / "cases.jsonl").is_file() else sorted(folder.glob("*/"))
    found = [
        Bench(one.resolve().name, tuple(load_cases(one / "cases.jsonl")), (one / "documents",))
        for one in folders
        if (one / "cases.jsonl").is_file() and (one / "documents").is_dir()
    ]
    if not found:
        raise CaseError(f"{folder} holds no benchmark. Expected folders with cases.jsonl and documents/.")
    return found


def measure(bench: Bench) -> Run:
    """Ask the cases of one set, save those that a run before, which was cut off, has asked; return the run."""
    from assistant import build_chain
    from eval.runner import ask

    settings = Settings.from_environment()
    about = provenance(settings, "extractive")
    kept = Kept(settings.data / "bench", bench, about)
    with opened(bench.documents, bench.cases, kept.folder / "index", f"asking {bench.name}") as session:
        chain = build_chain(session.index, session.embedder, settings.reader)
        session.progress.update(session.task, completed=len(kept.rows))
        for row in ask(chain, [case for case in bench.cases if case.id not in kept.rows]):
            kept.add(row)
            session.advance()
        run = make_run(bench.name, about, bench.cases, [kept.rows[case.id] for case in bench.cases], session.texts)
    kept.remove()
    return run


class Kept:
    """The answers of a run, kept while they come, in a folder that is named after all that they depend on."""

    def __init__(self, data: Path, bench: Bench, about: Mapping[str, Any]) -> None:
        documents = [(name, hashlib.sha256(path.read_bytes()).hexdigest()) for path, name in find_files(bench.documents)]
        cases = [case.to_json() for case in bench.cases]
        given = [tree(ROOT), about["footnote"], about["reader"], about["embedder"], documents, cases]
        digest = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:16]
        self.folder = data / f"{bench.name}-{digest}"
        self._path = self.folder / "answers.jsonl"
        self.rows = self._read()

    def _read(self) -> dict[str, dict[str, Any]]:
        """Return the answers by case; what failed, or was written by half when the run was cut off, is asked again."""
        if not self._path.is_file():
            return {}
        lines = self._path.read_bytes().split(b"\n")[:-1]  # bytes: the last may break off within a character
        rows = {row["id"]: row for row in map(json.loads, lines) if row["outcome"] != FAILED}
        self._write("w", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows.values()))
        return rows

    def add(self, row: dict[str, Any]) -> None:
        """Keep one answer.

        :raises SettingsError: it cannot be written.
        """
        self.rows[row["id"]] = row
        self._write("a", json.dumps(row, ensure_ascii=False) + "\n")

    def remove(self) -> None:
        """Take everything away: the run is done, and the next one measures anew."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, mode: str, text: str) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._path.open(mode, encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            raise SettingsError(
                f"The answers cannot be kept in {self.folder}: {error.strerror}. Check FOOTNOTE_DATA."
            ) from error
