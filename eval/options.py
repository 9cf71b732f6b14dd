"""What the commands of `python -m eval` share: their options, and the index that they ask."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import DocumentError, split_passages
from corpus.display import counted, printable
from corpus.errors import CaseError
from eval.cases import CASES_FOLDER, Case, load_cases

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from index import PassageIndex, SentenceTransformerEmbeddings, Settings
    from index.chunks import Splitter

ARTICLE_FOLDER = Path(__file__).parent.parent / "corpus" / "documents"
OWN_DOCUMENTS = (ARTICLE_FOLDER, Path(__file__).with_name("documents"))
"""What the project's own cases are about."""


def add_case_options(parser: argparse.ArgumentParser, keeps_index: bool = True) -> None:
    """Add the options that say what is asked, of which documents, and, if that is possible, where their index is kept."""
    parser.add_argument("--cases", type=Path, default=CASES_FOLDER, metavar="FILE", help="cases, one JSON object a line")
    parser.add_argument(
        "--documents", type=Path, metavar="DIR", help="the documents they are about (default: the project's own)"
    )
    parser.add_argument("--split", choices=("dev", "test"), help="only these cases: thresholds were chosen on dev alone")
    parser.add_argument("--limit", type=whole_number, metavar="N", help="only the first N cases")
    if keeps_index:
        parser.add_argument(
            "--data", type=Path, metavar="DIR", help="keep the index here for the next run (default: temporary)"
        )


def add_engine_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that says who answers."""
    parser.add_argument(
        "--engine",
        choices=("extractive", "generative"),
        default="extractive",
        help="who answers; generative: the chat model in FOOTNOTE_MODEL (a request or two a case)",
    )


def whole_number(text: str) -> int:
    """Return the number that an option gives.

    :raises argparse.ArgumentTypeError: it is not one above zero.
    """
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return number


def chosen_cases(options: argparse.Namespace) -> list[Case]:
    """Return the cases that the options name.

    :raises CaseError: there are none, or they cannot be read.
    """
    cases = load_cases(options.cases)
    if options.split:
        cases = [case for case in cases if case.split == options.split]
        if not cases:
            raise CaseError(f"None of the cases in {options.cases} has the split {options.split!r}.")
    return cases[: options.limit]


def chosen_folders(options: argparse.Namespace) -> Sequence[Path]:
    """Return the folders of documents that the options name."""
    return OWN_DOCUMENTS if options.documents is None else (options.documents,)


def make_console() -> Console:
    """Return where results are printed; a pipe gets lines that are wide enough for the tables."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 160)


@dataclass
class Session:
    """An index of the documents, and what is needed to ask it.

    Attributes:
        index: The documents.
        embedder: What they are embedded with.
        settings: What was set.
        texts: Document name → text.
        progress: The bar on standard error.
        task: Its one line.
    """

    index: PassageIndex
    embedder: SentenceTransformerEmbeddings
    settings: Settings
    texts: Mapping[str, str]
    progress: Progress
    task: TaskID

    def advance(self) -> None:
        """Say that one case more is done."""
        self.progress.advance(self.task)


def progress_bar() -> Progress:
    """Return a bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TimeRemainingColumn

    columns = (SpinnerColumn(), *Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


@contextmanager
def opened(
    folders: Sequence[Path], cases: Sequence[Case], data: Path | None, what: str = "asking", split: Splitter = split_passages
) -> Iterator[Session]:
    """Index the documents in `folders`, with a progress bar, and check the cases against them.

    :param what: What is done with each case, for the bar.
    :raises CaseError: a case is about a document or a quote that is not there.
    :raises DocumentError: the folders hold no document. One that cannot be read is said on standard error, and left out.
    """
    import index
    from eval.runner import indexed

    settings = index.Settings.from_environment()
    embedder = index.SentenceTransformerEmbeddings(settings.embedder)
    with progress_bar() as bar:
        task = bar.add_task("indexing", total=None)

        def indexing(done: int, total: int, _: str) -> None:
            bar.update(task, completed=done, total=total)

        refused: dict[str, DocumentError] = {}
        with indexed(folders, embedder, data, indexing, split, refused) as made:
            texts = {record.name: made.document(record.name).text for record in made.records()}
            unread = check(cases, texts, refused)
            for error in refused.values():
                sys.stderr.write(f"left out: {printable(str(error))}\n")
            if unread:
                said = f"{counted(len(unread), 'evidence quote')} could not be read from the files, and so cannot be cited"
                sys.stderr.write(f"note: {said}: {', '.join(unread[:5])}{' …' * (len(unread) > 5)}\n")
            bar.update(task, description=what, completed=0, total=len(cases))
            yield Session(made, embedder, settings, texts, bar, task)


def check(cases: Sequence[Case], texts: Mapping[str, str], refused: Collection[str] = ()) -> list[str]:
    """Refuse cases about documents or quotes that are not there, before an hour is spent on the others.

    :param refused: Documents that are there and could not be read: what is asked of them fails by itself.
    :return: The cases with evidence that could not be read, by id, once for each quote.
    :raises CaseError: with the first such case.
    """
    from eval.scoring import UNREAD, find_evidence

    unread: list[str] = []
    for case in cases:
        missing = [name for name in case.documents or () if name not in texts and name not in refused]
        if missing:
            raise CaseError(f"The case {case.id} is about {missing[0]!r}, which is not among the documents. Check --documents.")
        unread += [case.id for places in find_evidence(case, texts) if places[0].document == UNREAD]
    return unread
