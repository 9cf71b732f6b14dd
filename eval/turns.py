"""`python -m eval turns DIR`: what a conversation is worth to the search, by kind of turn.

Each question of a conversation is asked alone, with all questions before it glued in front, and as a chat asks it, on one
index. What is measured is the ranking: how often evidence (or a passage of a right document, where a set knows no quotes) is
among the first five passages, over the answerable questions.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.question import MAX_CHARACTERS, MAX_WORDS
from corpus.errors import CaseError
from eval.bench import find_benches
from eval.cases import Case
from eval.metrics import mean_defined
from eval.options import make_console, opened
from eval.scoring import CaseScore, score

MEASURE = "hit@5"


def alone(case: Case) -> Case:
    """Return the last turn without the conversation."""
    return replace(case, history=())


def glued(case: Case) -> Case:
    """Return all questions of the conversation as one; of what is longer than a question may be, the end."""
    asked = [turn["content"] for turn in case.history if turn["role"] == "user"]
    words = " ".join([*asked, case.question]).split()[-MAX_WORDS:]
    return replace(case, question=" ".join(words)[-MAX_CHARACTERS:], history=())


METHODS: Mapping[str, Callable[[Case], Case]] = {"alone": alone, "all questions": glued, "as a chat": lambda case: case}


def main(arguments: Sequence[str]) -> int:
    """Ask every case in each way and print the table; return 0, or 1 if a case could not be asked."""
    parser = argparse.ArgumentParser(prog="python -m eval turns", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="a benchmark: cases.jsonl with histories, and documents/")
    options = parser.parse_args(arguments)
    failed = 0
    for bench in find_benches(options.folder):
        cases = [case for case in bench.cases if case.answerable]
        if not any(case.history for case in cases):
            raise CaseError(f"{bench.name} has no conversations: expected cases with a history.")
        scores = measured(cases, bench.documents)
        failed += len(cases) * len(METHODS) - sum(map(len, scores.values()))
        _print(bench.name, scores)
    return 1 if failed else 0


def measured(cases: Sequence[Case], documents: Sequence[Path]) -> dict[str, list[CaseScore]]:
    """Return the scores of the cases by method; what could not be asked is left out."""
    from assistant import build_chain
    from eval.runner import ask
    from eval.runs import FAILED

    with opened(documents, cases, None) as session:
        chain = build_chain(session.index, session.embedder, session.settings.reader)
        made: dict[str, list[CaseScore]] = {}
        for name, method in METHODS.items():
            put = [method(case) for case in cases]
            rows = zip(cases, ask(chain, put), strict=True)
            made[name] = [score(case, row, session.texts) for case, row in rows if row["outcome"] != FAILED]
        return made


def by_kind(scores: Sequence[CaseScore]) -> dict[str, tuple[int, float | None]]:
    """Return how many cases of each kind there are, of all and of those without a conversation, with their mean `MEASURE`."""
    groups: dict[str, list[CaseScore]] = {"all": [*scores]}
    for one in scores:
        kind = one.case.category or "other"
        groups.setdefault(kind if one.case.history else "without a conversation", []).append(one)
    return {kind: (len(some), mean_defined([one.values[MEASURE] for one in some])) for kind, some in groups.items()}


def _print(title: str, scores: Mapping[str, Sequence[CaseScore]]) -> None:
    from rich.table import Table

    from eval.tables import number

    table = Table(title=f"{title}, {MEASURE}")
    table.add_column("turns")
    for name in ("questions", *scores):
        table.add_column(name, justify="right")
    columns = [by_kind(some) for some in scores.values()]
    for kind, (count, _) in columns[0].items():
        table.add_row(kind, str(count), *(number(column[kind][1]) if kind in column else "-" for column in columns))
    make_console().print(table)
