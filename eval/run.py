"""`python -m eval`: asks the cases as a person would, measures the answers, and holds them to the thresholds."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from corpus.errors import SettingsError
from eval.cases import CASES_FOLDER, Case
from eval.options import Session, add_case_options, add_engine_option, chosen_cases, chosen_folders, make_console, opened
from eval.provenance import provenance
from eval.runs import Run, beside, make_run, write_beside
from eval.thresholds import OWN_THRESHOLDS, load_thresholds, missed
from index.commands import printable
from index.settings import Settings, share_env_file

_HELP = """Ask evaluation cases and measure the answers. Other commands, each with --help:

  complaints        ask what people complained of on the page, of the documents of the data folder
  new PATH          write cases for your own document
  compare A B       what got better and what got worse between two runs
  report RUN …      one page of HTML with every case
  bench [DIR]       measure the public benchmarks (or the project's own sets) and keep the results
  table             the README's table, made from the kept results
  ablation          what each part brings
  followups PATH    which words of a conversation its follow-ups take along
  turns DIR         what a conversation is worth to the search, by kind of turn
  tampering [DIR]   which false statements the verification of a chat model lets stand
  speed             what an answer takes, against the tutorial's bare retrieval
  formats           a file of each format, read and asked
  adding            a folder of many files at once, against one by one
  conflicts         pairs of documents that differ, and pairs that do not
"""


def main(arguments: Sequence[str]) -> int:
    """Run the cases; return 0, or 1 when one could not be asked or a threshold is missed."""
    options = _parser().parse_args(arguments)
    Settings.from_environment().check_engine(options.engine)
    share_env_file()
    cases = chosen_cases(options)
    thresholds = _thresholds(options, {case.source for case in cases})
    judge = _judge(options.judge)
    with ExitStack() as stack:
        session = stack.enter_context(opened(chosen_folders(options), cases, options.data))
        if options.retrieval:
            from eval.retrieval import compare_searches
            from eval.tables import print_figures

            searches = compare_searches(session.index, session.embedder, cases, session.texts)
            print_figures(make_console(), searches, "Searches")
            return 0
        from assistant import build_chain

        settings = session.settings
        chain = build_chain(  # before an older output is emptied
            session.index, session.embedder, settings.reader, settings.model, settings.chat, engine=options.engine
        )
        stream = stack.enter_context(_writable(options.output)) if options.output else None
        run = _asked(options, cases, session, chain, stream)
    print_runs([run], judge)
    misses = missed(thresholds, run.scores)
    for miss in misses:
        sys.stderr.write(f"threshold missed: {miss}\n")
    return 1 if run.failures or misses else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval", description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_case_options(parser)
    parser.add_argument("--output", type=Path, metavar="FILE", help="write one JSON object a case (and FILE's .run.json)")
    add_engine_option(parser)
    parser.add_argument("--retrieval", action="store_true", help="compare searches instead of answering")
    parser.add_argument(
        "--thresholds",
        type=Path,
        metavar="FILE",
        help="what the figures must reach (default: eval/thresholds.toml for the own cases)",
    )
    parser.add_argument("--judge", metavar="PROVIDER:NAME", help="let a chat model judge the answers too (sends it the texts)")
    return parser


def _thresholds(options: argparse.Namespace, sets: Collection[str]) -> Any:
    """Return the thresholds that apply: the own ones hold for whole sets of the own cases only.

    :raises SettingsError: those that the options name are not sound, or are for a set that is not asked.
    """
    if options.thresholds:
        loaded = load_thresholds(options.thresholds)
        if unknown := sorted(set(loaded) - set(sets)):
            raise SettingsError(
                f"{options.thresholds} has a section [{unknown[0]}], and no cases of that name are asked, only of: "
                f"{', '.join(sorted(sets))}. A section has the name of a file of cases without its ending."
            )
        return loaded
    is_own = options.cases.resolve().is_relative_to(CASES_FOLDER.resolve()) and options.documents is None
    return load_thresholds(OWN_THRESHOLDS) if is_own and options.limit is None else {}


def _judge(name: str | None) -> Any:
    if not name:
        return None
    from eval.judge import load_judge

    return load_judge(name)


def _writable(path: Path) -> TextIO:
    """Open the file of the answers, and take away what an earlier run left beside it.

    :raises SettingsError: it cannot be written to.
    """
    try:
        stream = path.open("w", encoding="utf-8")
        beside(path).unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(f"The answers cannot be written to {path}: {error.strerror}. Check --output.") from error
    return stream


def _asked(options: argparse.Namespace, cases: Sequence[Case], session: Session, chain: Any, stream: TextIO | None) -> Run:
    """Ask the cases, write each answer as it comes, and return the run."""
    from eval.runner import ask

    rows = []
    for row in ask(chain, cases):
        session.advance()
        rows.append(row)
        if stream:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            stream.flush()
    name = options.output.stem if options.output else "run"
    run = make_run(name, provenance(session.settings, options.engine), cases, rows, session.texts)
    if options.output:
        write_beside(run, options.output)
    return run


def print_runs(runs: Sequence[Run], judge: Any = None) -> None:
    """Print the figures of all runs together, what went most wrong in each, and on standard error what could not be asked."""
    from eval.tables import print_failures, print_judged, print_run

    console = make_console()
    if scores := [item for run in runs for item in run.scores]:
        print_run(console, scores)
    for run in runs:
        print_failures(console, run)
        if judge:
            print_judged(console, judge, run)
        for case, reason in run.failures:
            sys.stderr.write(f"failed: {case.id}: {printable(reason)}\n")
