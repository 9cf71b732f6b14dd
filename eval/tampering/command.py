"""`python -m eval tampering [DIR]`: which false statements the verification lets stand, and which true ones it refuses."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import find_files, load_document
from corpus.errors import SettingsError
from eval.options import make_console, whole_number
from eval.provenance import provenance
from eval.results import RESULTS_FOLDER
from eval.tampering.facts import Fact, facts_of
from eval.tampering.kept import Kept, save
from eval.tampering.measure import Measurement, Statement, make_statements, measure

if TYPE_CHECKING:
    from assistant.verification import Verifier

BENCHMARKS = Path(__file__).parents[3] / "shared" / "benchmarks"
_SEED = 20


def main(arguments: Sequence[str]) -> int:
    """Measure, print and keep; return 0."""
    options = _parser().parse_args(arguments)
    facts = load_facts(options.folder)
    statements = make_statements(facts, options.statements, _SEED)
    measured = _measured(statements)
    documents = {name: len({fact.document for fact in facts if fact.set == name}) for name in sorted({f.set for f in facts})}
    _print(measured)
    from index import Settings

    path = save(Kept(provenance(Settings.from_environment(), "verification"), documents, measured), options.results)
    sys.stderr.write(f"{path}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval tampering",
        description="Says true and false things of documents, and counts which of them the verification lets stand.",
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=BENCHMARKS, metavar="DIR", help="sets, each a folder with documents/"
    )
    parser.add_argument("--statements", type=whole_number, default=1000, metavar="N", help="false ones, and as many true ones")
    parser.add_argument("--results", type=Path, default=RESULTS_FOLDER, metavar="DIR", help="where the result is kept")
    return parser


def load_facts(folder: Path) -> list[Fact]:
    """Return what the documents of every set in a folder say, or of the one set that the folder is.

    :raises SettingsError: there are no documents, or they say nothing in whole sentences.
    """
    sets = [folder] if (folder / "documents").is_dir() else sorted(one.parent for one in folder.glob("*/documents"))
    if not sets:
        raise SettingsError(f"{folder} holds no sets: a set is a folder with a folder documents. Check DIR.")
    facts = [
        fact
        for one in sets
        for path, name in find_files([one / "documents"])
        for fact in facts_of(load_document(path, name=name), one.name)
    ]
    if not facts:
        raise SettingsError(f"The documents of {folder} have no sentence of 8 to 40 words that states something. Add some.")
    return facts


def _measured(statements: Sequence[Statement]) -> Measurement:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("verifying", total=len(statements))
        return measure(statements, make_verifier(), lambda: bar.advance(task))


def make_verifier() -> Verifier:
    """Return a verifier with the shipped reader, which needs no index for it."""
    from assistant.reader.joint import JointReader
    from assistant.verification import Verifier

    return Verifier(JointReader(_NoIndex()))


class _NoIndex:
    """Counts no words: what the verifier asks of the reader does not depend on them."""

    def word_frequency(self, stem: str) -> tuple[int, int]:
        return 0, 0


def _print(measured: Measurement) -> None:
    from rich.table import Table

    table = Table(title="False statements accepted, true ones rejected")
    table.add_column("what was changed")
    for name in ("statements", "wrong", "wrong at 35 % overlap"):
        table.add_column(name, justify="right")
    for row in measured.false:
        table.add_row(row.kind, str(row.statements), str(row.accepted), str(row.accepted_by_overlap))
    for row in measured.untouched:
        table.add_row(row.kind, str(row.statements), *map(str, row.rejected))
    make_console().print(table)
