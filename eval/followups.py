"""`python -m eval followups`: how well the words that a follow-up needs are taken from the conversation.

Precision, recall and F1 of content words by stem, over all follow-ups together: those of the question written out that stand
in the conversation and not in the question as it was asked (Voskarides et al., QuReTeC, SIGIR 2020). No documents are looked
at: what is measured is what would be looked up before a reader has judged anything.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.reader.conversations import read_conversations
from assistant.reader.written import read_follow_ups
from assistant.terms import FollowUp, Rewriter, TermFigures, needed_terms, read_followups, term_figures
from assistant.terms.data import asked_after, asked_in
from corpus.errors import CaseError
from eval.options import make_console

if TYPE_CHECKING:
    from rich.console import Console

Method = Callable[[FollowUp], str]
"""From a follow-up to what would be looked up for it."""


def main(arguments: Sequence[str]) -> int:
    """Measure every file and print the table; return 0."""
    parser = argparse.ArgumentParser(prog="python -m eval followups", description="Which words a follow-up takes along.")
    parser.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        nargs="?",
        help="a file of follow-ups (id, history, question, rewrite a line), or a folder of them (default: those that were "
        "written for the reader and are held back)",
    )
    parser.add_argument("--show", action="store_true", help="print each follow-up as it would be looked up")
    options = parser.parse_args(arguments)
    methods = _methods()
    console = make_console()
    sets = _held() if options.path is None else [(path.name, found) for path, found in _files(options.path)]
    for name, followups in sets:
        if options.show:
            _show(console, followups, methods["ours"])
        _print(console, name, {name: measured(followups, method) for name, method in methods.items()})
    return 0


def _methods() -> dict[str, Method]:
    rewriter = Rewriter()

    def glued(followup: FollowUp, turns: int | None) -> str:
        asked = [text for is_asked, text in followup.history if is_asked]
        return " ".join([*(asked[-turns:] if turns else asked), followup.question])

    return {
        "with the question before": lambda followup: glued(followup, 1),
        "with all questions before": lambda followup: glued(followup, None),
        "ours": lambda followup: rewriter.rewrite(followup.question, followup.history),
    }


def _held() -> list[tuple[str, list[FollowUp]]]:
    return [
        ("in whole conversations", [*asked_in(read_conversations("held"))]),
        ("after one or two questions", [*asked_after(read_follow_ups("held"))]),
    ]


def _files(path: Path) -> list[tuple[Path, list[FollowUp]]]:
    paths = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not paths:
        raise CaseError(f"{path} holds no files of follow-ups: expected *.jsonl, each line with history, question and rewrite.")
    try:
        return [(one, [row for row in read_followups(one) if row.history]) for one in paths]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise CaseError(
            f"{path} holds no follow-ups ({error}): expected history, question and rewrite on each line."
        ) from error


def measured(followups: Sequence[FollowUp], method: Method) -> TermFigures:
    """Return how well the words that a method takes from the conversations are those that are needed."""

    def taken(followup: FollowUp) -> set[str]:
        return needed_terms(followup.question, [text for _, text in followup.history], method(followup))

    return term_figures((taken(followup), followup.terms) for followup in followups)


def _show(console: Console, followups: Sequence[FollowUp], method: Method) -> None:
    from rich.markup import escape

    from index.commands import printable

    for followup in followups:
        console.print(f"{escape(printable(followup.question))} → {escape(printable(method(followup)))}")


def _print(console: Console, title: str, rows: dict[str, TermFigures]) -> None:
    from rich.table import Table

    table = Table(title=title)
    for name in ("looked up", "precision", "recall", "F1"):
        table.add_column(name, justify="left" if name == "looked up" else "right")
    for name, figures in rows.items():
        table.add_row(name, *(f"{figure:.3f}" for figure in (figures.precision, figures.recall, figures.f1)))
    console.print(table)
