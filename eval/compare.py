"""`python -m eval compare A B`: what got better and what got worse between two runs of the same cases."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import CaseError
from eval.metrics import bootstrap, paired_randomisation_test
from eval.options import make_console
from eval.runs import Run, load_run
from eval.scoring import CaseScore
from eval.summary import MEASURES, Interval, Measure

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN = 20
_NOTABLE = 0.05  # of a case's quality: less is a sentence more or less

Pair = tuple[CaseScore, CaseScore]


@dataclass(frozen=True)
class Difference:
    """One measure in two runs.

    Attributes:
        name: The measure.
        first: Its value in the first run.
        second: Its value in the second.
        interval: Bootstrap 95 % interval of second − first, over cases.
        p: Two-sided p of the paired randomisation test, where the measure is a mean over cases.
    """

    name: str
    first: float | None
    second: float | None
    interval: Interval | None
    p: float | None

    @property
    def change(self) -> float | None:
        """The second value less the first."""
        return None if self.first is None or self.second is None else self.second - self.first


def main(arguments: Sequence[str]) -> int:
    """Compare two runs and print; return 0."""
    parser = argparse.ArgumentParser(prog="python -m eval compare", description="What got better and what got worse.")
    parser.add_argument("first", type=Path, metavar="A", help="what --output wrote")
    parser.add_argument("second", type=Path, metavar="B", help="the same, of the run to compare with it")
    parser.add_argument("--all", action="store_true", help=f"every case that changed, not the first {_SHOWN} of each kind")
    options = parser.parse_args(arguments)
    first, second = load_run(options.first), load_run(options.second)
    pairs = paired(first, second)
    console = make_console()
    alone = {case.id for run in (first, second) for case in run.cases} - {one.case.id for one, _ in pairs}
    if alone:
        console.print(f"Left out: {len(alone)} cases that one of the runs does not have, or could not ask.")
    _print_differences(console, [difference(measure, pairs) for measure in MEASURES])
    changed = sorted(pairs, key=lambda pair: pair[1].quality - pair[0].quality)
    worse = [pair for pair in changed if pair[1].quality < pair[0].quality - _NOTABLE]
    better = [pair for pair in reversed(changed) if pair[1].quality > pair[0].quality + _NOTABLE]
    for title, those in (("Got worse", worse), ("Got better", better)):
        _print_cases(console, title, those if options.all else those[:_SHOWN], len(those), (first, second))
    return 0


def paired(first: Run, second: Run) -> list[Pair]:
    """Return the scores of the cases that both runs have, in pairs.

    :raises CaseError: they have no case in common, or one of the same id that asks something else.
    """
    others = {item.case.id: item for item in second.scores}
    pairs = [(item, others[item.case.id]) for item in first.scores if item.case.id in others]
    if not pairs:
        raise CaseError("The two runs have no case in common, so there is nothing to compare.")
    for one, other in pairs:
        if one.case.asked != other.case.asked:
            raise CaseError(
                f"The case {one.case.id} asks something else in the second run. Make both runs with the same cases."
            )
    return pairs


def difference(measure: Measure, pairs: Sequence[Pair]) -> Difference:
    """Return one measure in both runs, and how sure the difference is."""

    def change(some: Sequence[Pair]) -> float | None:
        first, second = measure.of([one for one, _ in some]), measure.of([other for _, other in some])
        return None if first is None or second is None else second - first

    p = None
    if measure.value:
        p = paired_randomisation_test([measure.value(one) for one, _ in pairs], [measure.value(other) for _, other in pairs])
    first, second = measure.of([one for one, _ in pairs]), measure.of([other for _, other in pairs])
    return Difference(measure.name, first, second, bootstrap(pairs, change), p)


def _print_differences(console: Console, differences: Sequence[Difference]) -> None:
    from rich.table import Table

    from eval.tables import number

    table = Table(title="Two runs", caption="p: paired randomisation test; interval: paired bootstrap, 95 %")
    for name in ("measure", "A", "B", "B − A", "interval", "p"):
        table.add_column(name, justify="left" if name == "measure" else "right")
    for one in differences:
        interval = "-" if one.interval is None else f"{one.interval[0]:+.3f} … {one.interval[1]:+.3f}"
        change = "-" if one.change is None else f"{one.change:+.3f}"
        table.add_row(
            one.name, number(one.first), number(one.second), change, interval, "-" if one.p is None else f"{one.p:.3f}"
        )
    console.print(table)


def _print_cases(console: Console, title: str, pairs: Sequence[Pair], count: int, runs: tuple[Run, Run]) -> None:
    from rich.markup import escape

    from eval.tables import expectation
    from index.commands import printable

    console.print(f"\n[bold]{title}: {count}[/bold]" + (f", the first {len(pairs)}" if len(pairs) < count else ""))
    for pair in pairs:
        case = pair[0].case
        console.print(f"\n[bold]{escape(case.id)}[/bold] {escape(printable(case.question))}")
        console.print(f"  expected: {escape(printable(expectation(pair[0]))[:200])}")
        for label, item, run in zip("AB", pair, runs, strict=True):
            given = run.row(case)["answer"] or "(declined)"
            console.print(
                f"  {label} {item.quality:.2f}:   {escape(printable(given)[:200])} (confidence {item.confidence:.2f})"
            )
