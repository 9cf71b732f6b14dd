"""Says true and false things of documents, and counts which of them pass."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from assistant.verification import Claim, Quote, Verifier
from eval.tampering.changes import KINDS, changed
from eval.tampering.facts import Fact, in_turns
from eval.tampering.peer import overlaps
from eval.tampering.rewording import reworded
from index import Retrieved

UNTOUCHED = "untouched"
"""The kind of a statement that is true."""


@dataclass(frozen=True)
class Statement:
    """What is said of a fact.

    Attributes:
        fact: What the document says.
        text: What is said.
        kind: What was changed in it, or `UNTOUCHED`.
    """

    fact: Fact
    text: str
    kind: str


@dataclass(frozen=True)
class Row:
    """How many statements of a kind passed.

    Attributes:
        kind: What was changed in them.
        statements: How many there are.
        accepted: How many of them the verifier let stand.
        accepted_by_overlap: How many the peer's rule would.
    """

    kind: str
    statements: int
    accepted: int
    accepted_by_overlap: int

    @property
    def rejected(self) -> tuple[int, int]:
        """How many did not pass: by the verifier, by the peer's rule."""
        return self.statements - self.accepted, self.statements - self.accepted_by_overlap


@dataclass(frozen=True)
class Measurement:
    """What was measured.

    Attributes:
        rows: One a kind of change, and last the untouched.
        milliseconds: Median time of the verification of a statement.
    """

    rows: tuple[Row, ...]
    milliseconds: float

    @property
    def false(self) -> tuple[Row, ...]:
        """The rows of the false statements, and last their sum."""
        false = [row for row in self.rows if row.kind != UNTOUCHED]
        counts = [(row.statements, row.accepted, row.accepted_by_overlap) for row in false]
        return (*false, Row("all of these", *(sum(count[place] for count in counts) for place in range(3))))

    @property
    def untouched(self) -> tuple[Row, ...]:
        """The row of the true statements, if there are any."""
        return tuple(row for row in self.rows if row.kind == UNTOUCHED)


def make_statements(facts: Sequence[Fact], count: int, seed: int) -> list[Statement]:
    """Return `count` false statements, of every kind as many, and as many true ones.

    All that are true are put in other words, and half of the false ones. A kind for which the documents have too little gets
    fewer.
    """
    rng = random.Random(seed)
    each = -(-count // len(KINDS))
    made: list[Statement] = []
    for kind in KINDS:
        made += first(each, facts, rng, partial(_false, kind))
    return [*made, *first(count, facts, rng, true_statement)]


def first(
    count: int, facts: Sequence[Fact], rng: random.Random, say: Callable[[Fact, random.Random], Statement | None]
) -> Iterator[Statement]:
    """Yield the first statements that can be made, each of another fact."""
    for fact in in_turns(facts, rng):
        if count == 0:
            return
        statement = say(fact, rng)
        if statement is not None:
            count -= 1
            yield statement


def _false(kind: str, fact: Fact, rng: random.Random) -> Statement | None:
    put = reworded(fact.quote, rng) if rng.random() < 0.5 else None
    text = changed(kind, fact, put or fact.quote, rng)
    return None if text is None else Statement(fact, text, kind)


def true_statement(fact: Fact, rng: random.Random) -> Statement | None:
    """Return a fact put in other words; None if there are none for it."""
    text = reworded(fact.quote, rng)
    return None if text is None else Statement(fact, text, UNTOUCHED)


def measure(statements: Sequence[Statement], verifier: Verifier, advance: Callable[[], None] = lambda: None) -> Measurement:
    """Verify every statement with its quote, the passage around it being all that was given.

    :param advance: Is called after each.
    """
    passed: dict[str, list[tuple[bool, bool]]] = {}
    times = []
    for statement in statements:
        fact = statement.fact
        passages = {"1": Retrieved(fact.passage, fact.document, 1.0, 1)}
        started = time.perf_counter()
        verdict = verifier.verify(Claim(statement.text, (Quote("1", fact.quote),)), passages)
        times.append(time.perf_counter() - started)
        passed.setdefault(statement.kind, []).append((verdict.stands, overlaps(statement.text, fact.passage.text)))
        advance()
    rows = tuple(
        Row(kind, len(both), sum(ours for ours, _ in both), sum(theirs for _, theirs in both)) for kind, both in passed.items()
    )
    return Measurement(rows, round(1000 * median(times), 1) if times else 0.0)
