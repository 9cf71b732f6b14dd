"""Results on the terminal: a table by category, the totals, and the worst failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.scoring import CaseScore, summarise
from index.commands import printable

_COLUMNS = ("cases", "recall@1", "recall@5", "citation precision", "citation recall", "key facts", "answered", "false answers")
_FAILURES_SHOWN = 5


def print_scores(console: Console, scores: Sequence[CaseScore]) -> None:
    """Print one row a category and one for all, then every figure of the whole."""
    summary = summarise(scores)
    categories = list(dict.fromkeys(item.case.category for item in scores))
    table = Table(title="By category")
    table.add_column("category")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    if len(categories) > 1:
        for category in sorted(categories):
            row = summarise(item for item in scores if item.case.category == category)
            table.add_row(escape(category) or "-", *(_number(row[name]) for name in _COLUMNS))
        table.add_section()
    table.add_row("all", *(_number(summary[name]) for name in _COLUMNS))
    console.print(table)
    print_summaries(console, {"value": summary}, "All cases")


def print_summaries(console: Console, summaries: Mapping[str, Mapping[str, float | int | None]], title: str) -> None:
    """Print one column a run and one row a measure."""
    table = Table(title=title)
    table.add_column("measure")
    for name in summaries:
        table.add_column(name, justify="right")
    for measure in next(iter(summaries.values())):
        table.add_row(measure, *(_number(summary[measure]) for summary in summaries.values()))
    console.print(table)


def print_failures(console: Console, scores: Sequence[CaseScore], answers: Mapping[str, str]) -> None:
    """Print the cases that went most wrong: answers where there are none, declined ones, and missing facts."""

    def badness(item: CaseScore) -> float:
        if not item.case.answerable:
            return 1.0 + item.confidence if item.answered else 0.0
        return 1.0 - (item.values.get("citation recall") or 0.0)

    worst = sorted(scores, key=badness, reverse=True)[:_FAILURES_SHOWN]
    for item in worst:
        if badness(item) <= 0.0:
            continue
        expected = " / ".join(item.case.evidence) if item.case.answerable else "(the documents do not say)"
        given = answers[item.case.id] or "(declined)"
        console.print(f"\n[bold]{escape(item.case.id)}[/bold] {escape(printable(item.case.question))}")
        console.print(f"  expected: {escape(printable(expected)[:300])}")
        console.print(f"  given:    {escape(printable(given)[:300])} (confidence {item.confidence:.2f})")


def _number(value: float | int | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
