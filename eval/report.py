"""`python -m eval report RUN… -o report.html`: one page of HTML with every case, that needs nothing besides itself."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import CaseError, SettingsError
from eval.cases import Case
from eval.passages import Shown, shown_passages
from eval.plots import calibration_plot, category_plot, latency_plot, risk_coverage_plot
from eval.runs import FAILED, Run, load_run
from eval.scoring import CaseScore, find_evidence
from eval.summary import with_intervals
from eval.tables import by_set, number

_GOOD = 0.8  # of a case's quality: from here on it is no failure
_VERDICTS = {
    "failed": "failed",
    "wrong": "wrongly answered",
    "declined": "wrongly declined",
    "partly": "partly right",
    "good": "good",
}
"""Verdict → its words, the worst first."""


@dataclass(frozen=True)
class Given:
    """What one run gave to a case.

    Attributes:
        run: Name of the run.
        verdict: `good`, `partly`, `wrong` (an answer to none, or without any evidence), `declined` (wrongly) or `failed`.
        row: The JSON of the answer.
        figures: Measures of this case, as text.
        passages: What was cited and should have been, in its passages.
    """

    run: str
    verdict: str
    row: Mapping[str, Any]
    figures: Mapping[str, str]
    passages: Sequence[Shown]


@dataclass(frozen=True)
class Entry:
    """One case with what each run gave to it."""

    case: Case
    given: Sequence[Given]

    @property
    def verdict(self) -> str:
        """That of the last run: reports are read for the newest."""
        return self.given[-1].verdict


def main(arguments: Sequence[str]) -> int:
    """Write the report; return 0."""
    parser = argparse.ArgumentParser(prog="python -m eval report", description="One page of HTML with every case.")
    parser.add_argument(
        "runs", type=Path, nargs="+", metavar="RUN", help="what --output wrote; several are set beside each other"
    )
    parser.add_argument("-o", "--output", type=Path, default=Path("report.html"), metavar="FILE")
    options = parser.parse_args(arguments)
    page = render([load_run(path) for path in options.runs])
    try:
        options.output.write_text(page, encoding="utf-8", errors="replace")  # half a surrogate pair is JSON, and no text
    except OSError as error:
        raise SettingsError(f"The report cannot be written to {options.output}: {error.strerror}. Check -o.") from error
    sys.stdout.write(f"{options.output}\n")
    return 0


def render(runs: Sequence[Run]) -> str:
    """Return the page for some runs; where two have the same name, they are numbered.

    :raises CaseError: a case of the same id asks something else in another run.
    """
    from jinja2 import Environment, FileSystemLoader

    names = _names(runs)
    scores = {name: run.scores for name, run in zip(names, runs, strict=True)}
    plotted = {name: those for name, those in scores.items() if those}
    columns = _columns(scores)
    entries = _entries(names, runs)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    plots = (risk_coverage_plot, calibration_plot, category_plot, latency_plot)
    return environment.get_template("report.html").render(
        names=names,
        abouts=[run.about for run in runs],
        columns=list(columns),
        table=_table(columns),
        plots=[plot(plotted) for plot in plots] if plotted else [],
        entries=sorted(entries, key=lambda entry: list(_VERDICTS).index(entry.verdict)),
        verdicts=_VERDICTS,
        counts={verdict: sum(entry.verdict == verdict for entry in entries) for verdict in _VERDICTS},
        categories=sorted({entry.case.category for entry in entries if entry.case.category}),
        sets=sorted({entry.case.source for entry in entries if entry.case.source}),
        splits=sorted({entry.case.split for entry in entries if entry.case.split}),
    )


def _names(runs: Sequence[Run]) -> list[str]:
    names = [run.name for run in runs]
    return names if len(set(names)) == len(names) else [f"{name} {place}" for place, name in enumerate(names, 1)]


def _entries(names: Sequence[str], runs: Sequence[Run]) -> list[Entry]:
    """Return the cases of all runs, each once, with what the runs that have it gave."""
    cases: dict[str, Case] = {}
    given: dict[str, list[Given]] = {}
    for name, run in zip(names, runs, strict=True):
        scores = {item.case.id: item for item in run.scores}
        for case in run.cases:
            if cases.get(case.id, case).asked != case.asked:
                raise CaseError(f"The case {case.id} asks something else in {name}. Make the runs with the same cases.")
            cases[case.id] = case
            given.setdefault(case.id, []).append(_given(name, run, case, scores.get(case.id)))
    return [Entry(case, given[key]) for key, case in cases.items()]


def _given(name: str, run: Run, case: Case, item: CaseScore | None) -> Given:
    row = run.row(case)
    evidence = find_evidence(case, run.texts)
    figures = {key: number(value) for key, value in item.values.items() if value is not None} if item else {}
    return Given(
        name, _verdict(item), row, figures, shown_passages(row, evidence, run.texts) if row["outcome"] != FAILED else ()
    )


def _verdict(item: CaseScore | None) -> str:
    if item is None:
        return "failed"
    if item.case.answerable and not item.answered:
        return "declined"
    if item.quality <= 0.0:
        return "wrong"
    return "good" if item.quality >= _GOOD else "partly"


def _columns(scores: Mapping[str, Sequence[CaseScore]]) -> Mapping[str, Sequence[CaseScore]]:
    """Return what stands beside each other in the table: the runs, or the sets of the only one and all of them."""
    if len(scores) > 1:
        return scores
    ((name, those),) = scores.items()
    sets = by_set(those)
    return {**sets, "all": those} if len(sets) > 1 else {name: those}


def _table(scores: Mapping[str, Sequence[CaseScore]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each measure with its value and its interval in every column."""
    columns = [with_intervals(those) for those in scores.values()]
    return [
        (name, [(number(figures[name]), _range(ranges.get(name))) for figures, ranges in columns]) for name in columns[0][0]
    ]


def _range(interval: Sequence[float] | None) -> str:
    return f"{interval[0]:.2f}–{interval[1]:.2f}" if interval else ""
