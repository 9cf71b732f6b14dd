"""`python -m eval ablation`: what each part brings, on the same cases in one run.

The searches alone and together, with the reader, its first form and none, with and without heading paths, and for passages of
several sizes. Each row changes one thing of the default, which is the row "search and reader"; a figure gets a mark where it
differs from the default's by more than chance, case by case.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.reader import none, similarity
from corpus import Document, Passage, split_passages
from corpus.passages import MAX_TOKENS, TARGET_TOKENS
from eval.compare import difference
from eval.options import Session, add_case_options, chosen_cases, chosen_folders, make_console, opened
from eval.scoring import CaseScore, find_evidence, retrieval_values, score
from eval.summary import MEASURES, Interval, Measure
from index import SearchMode

if TYPE_CHECKING:
    from rich.console import Console

    from eval.cases import Case
    from index.chunks import Splitter

_COLUMNS = ("hit@1", "recall@5", "MRR@10", "nDCG@10", "citation F1", "key facts", "answered", "false answers", "AUROC")
_RETRIEVAL = ("hit@1", "recall@5", "MRR@10", "nDCG@10", "AUROC")
_LEVEL = 0.05
_SIZES = ((60, 100), (90, 150), (120, 200), (160, 200), (TARGET_TOKENS, MAX_TOKENS))
"""(word pieces that blocks are packed to, word pieces at most): the reader's window allows no more than 200."""


@dataclass(frozen=True)
class Variant:
    """One row of the table.

    Attributes:
        name: What is different.
        mode: Which search.
        split: How documents are cut.
        reads: Whether the reader reads and the question is answered.
        reader: Name of the reader; the one that is set if None.
    """

    name: str
    mode: SearchMode = SearchMode.HYBRID
    split: Splitter = split_passages
    reads: bool = True
    reader: str | None = None


DEFAULT = Variant("search and reader")


def without_headings(document: Document) -> list[Passage]:
    """Return the passages of a document without their heading paths."""
    return [replace(passage, heading="") for passage in split_passages(document)]


def variants() -> list[Variant]:
    """Return every row, those that share an index beside each other."""
    sizes = [
        Variant(
            f"passages of {target} to {most} word pieces", split=partial(split_passages, target_tokens=target, max_tokens=most)
        )
        for target, most in _SIZES
        if (target, most) != (TARGET_TOKENS, MAX_TOKENS)
    ]
    return [
        Variant("vectors", SearchMode.DENSE, reads=False),
        Variant("words", SearchMode.LEXICAL, reads=False),
        Variant("search (both)", reads=False),
        Variant("search, no reader", reader=none.NAME),
        Variant("search and similarity, the reader's first form", reader=similarity.NAME),
        DEFAULT,
        Variant("without heading paths, search", split=without_headings, reads=False),
        Variant("without heading paths, search and reader", split=without_headings),
        *sizes,
    ]


def main(arguments: Sequence[str]) -> int:
    """Measure every variant and print the table; return 0."""
    parser = argparse.ArgumentParser(prog="python -m eval ablation", description="What each part brings.")
    add_case_options(parser, keeps_index=False)
    options = parser.parse_args(arguments)
    cases = chosen_cases(options)
    table: dict[Variant, list[CaseScore]] = {}
    for split, rows in groupby(variants(), key=lambda row: row.split):
        with opened(chosen_folders(options), cases, None, "asking", split) as session:
            for row in rows:
                session.progress.update(session.task, description=row.name, completed=0)
                table[row] = _scores(row, session, cases)
    _print(make_console(), table)
    return 0


def _scores(variant: Variant, session: Session, cases: Sequence[Case]) -> list[CaseScore]:
    ask = (_answer if variant.reads else _search)(variant, session)
    scores = []
    for case in cases:
        scores.append(ask(case))
        session.advance()
    return scores


def _answer(variant: Variant, session: Session) -> Callable[[Case], CaseScore]:
    from assistant import build_chain

    chain = build_chain(session.index, session.embedder, variant.reader or session.settings.reader)
    return lambda case: score(case, chain.invoke(case.asked).to_json(), session.texts)


def _search(variant: Variant, session: Session) -> Callable[[Case], CaseScore]:
    """Return what scores a search alone: nothing is answered, and the best score stands for the confidence."""
    from eval.retrieval import index_search

    search = index_search(session.index, variant.mode)

    def scored(case: Case) -> CaseScore:
        found, best = search(case)
        # Scores have no upper end; what orders them alike and lies between 0 and 1 does for the AUROC.
        values = retrieval_values(case, find_evidence(case, session.texts), found)
        return CaseScore(case, False, max(best, 0.0) / (1.0 + max(best, 0.0)), values)

    return scored


def _print(console: Console, table: Mapping[Variant, Sequence[CaseScore]]) -> None:
    from rich.table import Table

    printed = Table(title="What each part brings", caption="+ better, - worse than the default by more than chance (p < 0.05)")
    printed.add_column("variant")
    for name in _COLUMNS:
        printed.add_column(name, justify="right")
    for variant, scores in table.items():
        # What does not answer has no share of answers.
        measures = [measure if variant.reads or measure.name in _RETRIEVAL else None for measure in _measures()]
        printed.add_row(variant.name, *("-" if one is None else _cell(one, table[DEFAULT], scores) for one in measures))
    console.print(printed)


def _measures() -> list[Measure]:
    by_name = {measure.name: measure for measure in MEASURES}
    return [by_name[name] for name in _COLUMNS]


def _cell(measure: Measure, default: Sequence[CaseScore], scores: Sequence[CaseScore]) -> str:
    """Return a figure, with a mark where it differs from the default's by more than chance."""
    from eval.tables import number

    found = difference(measure, [*zip(default, scores, strict=True)])
    if found.change is None:
        return number(found.second)
    is_sure = found.p < _LEVEL if found.p is not None else found.interval is not None and not _holds_zero(found.interval)
    mark = ("+" if found.change * measure.is_better > 0 else "-") if is_sure else ""
    return number(found.second) + mark


def _holds_zero(interval: Interval) -> bool:
    return interval[0] <= 0 <= interval[1]
