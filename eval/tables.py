"""Results on the terminal: a table by category, every figure with its interval, and the worst failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.metrics import mean_defined
from eval.scoring import CaseScore
from eval.summary import Figures, Ranges, summarise, with_intervals
from index.commands import printable

if TYPE_CHECKING:
    from eval.judge import Judge
    from eval.runs import Run

_COLUMNS = ("cases", "recall@1", "recall@5", "citation precision", "citation recall", "key facts", "answered", "false answers")
_FAILURES_SHOWN = 5


def print_run(console: Console, scores: Sequence[CaseScore]) -> None:
    """Print one row a category and set, and then every figure of each set, by split where it has one."""
    table = Table(title="By category")
    table.add_column("category")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    categories = sorted({item.case.category for item in scores})
    if len(categories) > 1:
        for category in categories:
            row = summarise(item for item in scores if item.case.category == category)
            table.add_row(escape(category) or "-", *(number(row[name]) for name in _COLUMNS))
        table.add_section()
    summary = summarise(scores)
    table.add_row("all", *(number(summary[name]) for name in _COLUMNS))
    console.print(table)
    print_with_intervals(console, {name: with_intervals(those) for name, those in by_set(scores).items()})


def by_set(scores: Sequence[CaseScore]) -> dict[str, list[CaseScore]]:
    """Return the scores by the file that the cases were read from, and by split where a file has more than one."""
    sets: dict[str, list[CaseScore]] = {}
    splits = {source: {item.case.split for item in scores if item.case.source == source} for source in _sources(scores)}
    for item in sorted(scores, key=lambda item: (item.case.source, item.case.split)):
        name = item.case.source or "cases"
        if len(splits[item.case.source]) > 1:
            name = f"{name}, {item.case.split or 'no split'}"
        sets.setdefault(name, []).append(item)
    return sets


def _sources(scores: Sequence[CaseScore]) -> set[str]:
    return {item.case.source for item in scores}


def print_with_intervals(console: Console, columns: Mapping[str, tuple[Figures, Ranges]]) -> None:
    """Print one row a measure and one column a set: the figure, and its bootstrap 95 % interval."""
    table = Table(title="All figures, with bootstrap 95 % intervals")
    table.add_column("measure")
    for name in columns:
        table.add_column(escape(name), justify="right")
    for measure in next(iter(columns.values()))[0]:
        cells = [with_interval(figures[measure], ranges.get(measure)) for figures, ranges in columns.values()]
        table.add_row(measure, *cells)
    console.print(table)


def print_figures(console: Console, columns: Mapping[str, Figures], title: str) -> None:
    """Print one column a run and one row a measure."""
    table = Table(title=title)
    table.add_column("measure")
    for name in columns:
        table.add_column(name, justify="right")
    for measure in next(iter(columns.values())):
        table.add_row(measure, *(number(figures[measure]) for figures in columns.values()))
    console.print(table)


def print_failures(console: Console, run: Run) -> None:
    """Print the cases that went most wrong, with what was expected and what was given."""
    worst = sorted(run.scores, key=lambda item: (item.quality, -item.confidence))[:_FAILURES_SHOWN]
    for item in worst:
        if item.quality >= 1.0:
            continue
        console.print(f"\n[bold]{escape(item.case.id)}[/bold] {escape(printable(item.case.question))}")
        console.print(f"  expected: {escape(printable(expectation(item))[:300])}")
        given = run.row(item.case)["answer"] or "(declined)"
        console.print(f"  given:    {escape(printable(given)[:300])} (confidence {item.confidence:.2f})")


def expectation(item: CaseScore) -> str:
    """Return what a case expects, in words."""
    if not item.case.answerable:
        return "(the documents do not say)"
    return " / ".join(item.case.evidence) or " / ".join(item.case.relevant_documents) or "(an answer)"


def print_judged(console: Console, judge: Judge, run: Run) -> None:
    """Print what a chat model makes of the answers, apart from what was measured."""
    judgements = [
        judge.judge(
            item.case.question, [(one["text"], [cited["quote"] for cited in one["citations"]]) for one in row["statements"]]
        )
        for item in run.scores
        if (row := run.row(item.case))["outcome"] == "answered"
    ]
    figures: Figures = {
        "answers judged": len(judgements),
        "faithfulness": mean_defined(one.faithfulness for one in judgements),
        "answer relevance": mean_defined(one.relevance for one in judgements),
    }
    print_figures(console, {"value": figures}, "Judged by a chat model: an opinion, not a measurement")


def number(value: float | int | None) -> str:
    """Return a figure with three digits, and a dash where it is undefined."""
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def with_interval(value: float | int | None, interval: Sequence[float] | None) -> str:
    """Return a figure with its interval: `0.812 (0.75–0.87)`."""
    if value is None or interval is None:
        return number(value)
    return f"{number(value)} ({interval[0]:.2f}–{interval[1]:.2f})"
