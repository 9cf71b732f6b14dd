"""`python -m eval support`: how well the reader finds that quotes support statements, true ones and ones with another quote.

It is what `LEAST_SUPPORT` in assistant/verification/verifier.py is set by: measured on documents of the training sets that are
held back, since it belongs to the shipped weights.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.options import make_console, whole_number
from eval.tampering.command import make_verifier
from eval.tampering.facts import Fact, facts_of, is_saying
from eval.tampering.measure import Statement, first, true_statement

if TYPE_CHECKING:
    from assistant.verification import Verifier

_SEED = 20
_TITLES = 240  # questions of each set, whose documents are used: what the calibration takes
_LEVELS = (-6.0, -5.5, -5.25, -5.0, -4.75, -4.5, -4.25, -4.0, -3.5, -3.0, -2.0, -1.0, 0.0, 1.0)


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(
        prog="python -m eval support", description="What the reader's support of a statement tells."
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/training"), metavar="DIR", help="the training sets")
    parser.add_argument("--statements", type=whole_number, default=700, metavar="N", help="true ones, and as many others")
    options = parser.parse_args(arguments)
    true, others = measure_support(_held_back_facts(options.data), options.statements, make_verifier())
    _print(true, others)
    return 0


def measure_support(facts: Sequence[Fact], count: int, verifier: Verifier) -> tuple[list[float], list[float]]:
    """Return the support, in log-odds, of `count` true statements put in other words, and of the same with another quote.

    The other quote is a sentence of the same passage; a passage of one sentence gives none.
    """
    from assistant.verification.claim import Located
    from index import Retrieved

    def support(statement: Statement, quote: str) -> float:
        passage = statement.fact.passage
        start = passage.start + passage.text.index(quote)
        item = Retrieved(passage, statement.fact.document, 1.0, 1)
        return verifier.support(statement.text, [Located(item, (start, start + len(quote)))])

    rng = random.Random(_SEED)
    true, others = [], []
    for statement in first(count, facts, rng, true_statement):
        passage = statement.fact.passage
        sentences = [passage.text[start - passage.start : end - passage.start] for start, end in passage.sentences]
        elsewhere = [sentence for sentence in sentences if sentence != statement.fact.quote and is_saying(sentence)]
        true.append(support(statement, statement.fact.quote))
        if elsewhere:
            others.append(support(statement, rng.choice(elsewhere)))
    return true, others


def _held_back_facts(data: Path) -> list[Fact]:
    from assistant.training_data import labelled_sets

    return [
        fact
        for made in labelled_sets(data, _TITLES, 0)
        for document in made.documents
        for fact in facts_of(document, made.name)
    ]


def _print(true: Sequence[float], others: Sequence[float]) -> None:
    from rich.table import Table

    from assistant.verification.verifier import LEAST_SUPPORT

    table = Table(title=f"Share below a support, in log-odds; in force: {LEAST_SUPPORT}")
    for name in ("support", f"of {len(true)} true ones", f"of {len(others)} with another quote"):
        table.add_column(name, justify="right")
    for level in _LEVELS:
        table.add_row(
            f"{level:.2f}", *(f"{sum(one < level for one in some) / max(1, len(some)):.3f}" for some in (true, others))
        )
    make_console().print(table)
