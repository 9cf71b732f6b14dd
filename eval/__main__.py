"""Ask evaluation cases and measure the answers.

python -m eval                                                    the project's own cases, on the article
python -m eval --cases FILE --documents DIR --output answers.jsonl
python -m eval --cases FILE --documents DIR --retrieval           compares searches, answers nothing
python -m eval speed [--cases FILE] [--documents DIR]             what an answer takes, against the tutorial's bare retrieval
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from corpus.errors import CaseError, SettingsError
from eval.cases import CASES_FOLDER, Case, load_cases
from index.commands import printable, run

ARTICLE_FOLDER = Path(__file__).parent.parent / "corpus" / "documents"


def main(arguments: list[str] | None = None) -> int:
    """Run the evaluation; return 0, or 1 when a case could not be asked."""
    options = _parser().parse_args(arguments)
    if options.engine != "extractive":
        raise SettingsError(f"The engine {options.engine!r} is not there yet; --engine extractive is.")
    cases = load_cases(options.cases)
    if options.split:
        cases = [case for case in cases if case.split == options.split]
        if not cases:
            raise CaseError(f"None of the cases in {options.cases} has the split {options.split!r}.")
    cases = cases[: options.limit]
    from index import SentenceTransformerEmbeddings, Settings

    settings = Settings.from_environment()
    return _evaluate(options, cases, SentenceTransformerEmbeddings(settings.embedder), settings.reader)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description="Ask evaluation cases and measure the answers.")
    parser.add_argument("command", nargs="?", choices=("speed",), help="measure speed instead of answers")
    parser.add_argument("--cases", type=Path, default=CASES_FOLDER, metavar="FILE", help="cases, one JSON object a line")
    parser.add_argument("--documents", type=Path, default=ARTICLE_FOLDER, metavar="DIR", help="the documents they are about")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write one JSON object a case")
    parser.add_argument("--engine", choices=("extractive", "generative"), default="extractive")
    parser.add_argument("--split", choices=("dev", "test"), help="only these cases: thresholds were chosen on dev alone")
    parser.add_argument("--limit", type=_count, metavar="N", help="only the first N cases")
    parser.add_argument("--retrieval", action="store_true", help="compare searches instead of answering")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the index here for the next run (default: temporary)")
    return parser


def _count(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return number


def _evaluate(options: argparse.Namespace, cases: Sequence[Case], embedder: Any, reader: str) -> int:
    from rich.console import Console
    from rich.progress import Progress

    from eval.runner import indexed

    def progress(done: int, total: int, _: str) -> None:
        bar.update(task, completed=done, total=total)

    console = Console(width=None if sys.stdout.isatty() else 140)
    with ExitStack() as stack:
        bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()))
        task = bar.add_task("indexing", total=None)
        index = stack.enter_context(indexed(options.documents, embedder, options.data, progress))
        texts = {record.name: index.document(record.name).text for record in index.records()}
        _check(cases, texts)
        bar.update(task, description="asking", completed=0, total=len(cases))
        if options.retrieval:
            from eval.report import print_summaries
            from eval.retrieval import compare_searches

            print_summaries(console, compare_searches(index, embedder, cases, texts), "Searches")
            return 0
        if options.command == "speed":
            from eval.report import print_summaries
            from eval.speed import measure_speed

            timings = measure_speed(index, embedder, cases, texts, lambda: bar.advance(task))
            print_summaries(console, timings, "Speed")
            return 0
        from assistant import build_chain

        chain = build_chain(index, embedder, reader)
        return _answer(options, cases, texts, chain, console, lambda: bar.advance(task))


def _check(cases: Sequence[Case], texts: Mapping[str, str]) -> None:
    """Refuse cases about documents or quotes that are not there, before an hour is spent on the others.

    :raises CaseError: with the first such case.
    """
    from eval.scoring import find_evidence

    for case in cases:
        missing = [name for name in case.documents or () if name not in texts]
        if missing:
            raise CaseError(f"The case {case.id} is about {missing[0]!r}, which is not among the documents. Check --documents.")
        find_evidence(case, texts)  # raises


def _writable(path: Path) -> TextIO:
    """Open the file of the answers.

    :raises SettingsError: it cannot be written to.
    """
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"The answers cannot be written to {path}: {error.strerror}. Check --output.") from error


def _answer(
    options: argparse.Namespace, cases: Sequence[Case], texts: Mapping[str, str], chain: Any, console: Any, advance: Any
) -> int:
    from eval.report import print_failures, print_scores
    from eval.runner import Failed, ask
    from eval.scoring import CaseScore, score

    scores: list[CaseScore] = []
    answers: dict[str, str] = {}
    failures: list[Failed] = []
    with ExitStack() as stack:
        stream = stack.enter_context(_writable(options.output)) if options.output else None
        for asked in ask(chain, cases):
            advance()
            if isinstance(asked, Failed):
                failures.append(asked)
                row: dict[str, Any] = {"id": asked.case.id, "outcome": "failed", "error": asked.reason}
            else:
                case, row = asked
                scores.append(score(case, row, texts))
                answers[case.id] = row["answer"]
            if stream:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    if scores:
        print_scores(console, scores)
        print_failures(console, scores, answers)
    for failure in failures:
        sys.stderr.write(f"failed: {failure.case.id}: {printable(failure.reason)}\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(run(main))
