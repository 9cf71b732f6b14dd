"""`python -m eval complaints`: asks what people complained of again, and measures whether it is answered better now.

The cases are those of `assistant.complaints`, and the documents those of the data folder, copied with their pages and blocks
into a temporary index, so that every offset holds though the original files may be gone, and nothing in the data folder
changes. Each is asked as the person who complained sees the documents. One whose documents have changed is left out, and said.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from corpus.display import counted, printable
from corpus.errors import CaseError
from eval.cases import Case, case_from_json
from eval.options import add_engine_option, progress_bar, whole_number
from eval.run import print_runs
from index.settings import Settings, share_env_file

if TYPE_CHECKING:
    from assistant.complaints import Complaint
    from index import Library, PassageIndex
    from index.store import ProgressCallback

_SET = "complaints"
"""Name of the set in the tables."""


@dataclass(frozen=True)
class _Group:
    """The cases of one owner, and the documents that they see of those that are stored."""

    owner: str
    cases: Sequence[Case]
    library: Library


def main(arguments: Sequence[str]) -> int:
    """Run the complaints; return 0, or 1 when one could not be asked."""
    options = _parser().parse_args(arguments)
    settings = Settings.from_environment(data=options.data)
    settings.check_engine(options.engine)
    share_env_file()
    from assistant.complaints import ComplaintFile
    from index import PassageIndex

    file = ComplaintFile(settings.data)
    complaints = file.load()[: options.limit]
    if not complaints:
        raise CaseError(f"{file.path} holds no complaints: none was made on the page yet. Give another folder with --data.")
    stored = PassageIndex(settings.data, None, chroma_url=settings.chroma_url)
    try:
        return _run(stored, complaints, settings, options.engine)
    finally:
        stored.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval complaints",
        description="Ask what people complained of on the page again, of the documents in the data folder.",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder (default: FOOTNOTE_DATA, else .footnote)")
    parser.add_argument("--limit", type=whole_number, metavar="N", help="only the first N")
    add_engine_option(parser)
    return parser


def _run(stored: PassageIndex, complaints: Sequence[Complaint], settings: Settings, engine: str) -> int:
    """Copy the documents, ask the complaints that can be asked of them, and print the figures.

    :raises CaseError: none can be asked.
    """
    groups = list(_groups(stored, complaints))
    if not groups:
        raise CaseError(f"None of {counted(len(complaints), 'complaint')} can be asked of the documents that there are now.")
    from assistant.chain import chain_maker
    from eval.provenance import provenance
    from eval.runner import ask
    from eval.runs import make_run
    from index import PassageIndex, SentenceTransformerEmbeddings

    embedder = SentenceTransformerEmbeddings(settings.embedder)
    with ExitStack() as stack:
        bar = stack.enter_context(progress_bar())
        task = bar.add_task("indexing", total=None)
        copy = PassageIndex(stack.enter_context(TemporaryDirectory(prefix="footnote-eval-")), embedder, create=True)
        stack.callback(copy.close)
        for group in groups:
            _copy(stored, copy, group, lambda done, total, _: bar.update(task, completed=done, total=total))
        make_chain = chain_maker(copy, embedder, settings.reader, settings.model, settings.chat, engine=engine)
        bar.update(task, description="asking", completed=0, total=sum(len(group.cases) for group in groups))
        runs = []
        for group in groups:
            library = _seen(copy, group.owner)
            rows = []
            for row in ask(make_chain(library), group.cases):
                bar.advance(task)
                rows.append(row)
            texts = {record.name: library.document(record.name).text for record in library.records()}
            runs.append(make_run(_SET, provenance(settings, engine), group.cases, rows, texts))
    print_runs(runs)
    return 1 if any(run.failures for run in runs) else 0


def _groups(stored: PassageIndex, complaints: Sequence[Complaint]) -> Iterable[_Group]:
    """Yield the cases that can be asked, by owner; what is left out is told on standard error."""
    for owner in dict.fromkeys(complaint.owner for complaint in complaints):
        library, cases = _seen(stored, owner), []
        for complaint in complaints:
            if complaint.owner != owner:
                continue
            if unfit := complaint.unfit(library):
                sys.stderr.write(f"left out: {printable(complaint.id)}: {printable(unfit)}\n")
            else:
                cases.append(replace(case_from_json(complaint.to_json(), complaint.id), source=_SET))
        if cases:
            yield _Group(owner, cases, library)


def _seen(index: PassageIndex, owner: str) -> Library:
    """Return an index as an owner sees it."""
    from index import IndexView
    from index.store import SHARED

    return index if owner == SHARED else IndexView(index, owner)


def _copy(stored: PassageIndex, copy: PassageIndex, group: _Group, progress: ProgressCallback) -> None:
    """Copy the documents of a group as they are stored: all that its owner sees, if a case is about all."""
    names = {name for case in group.cases for name in case.documents or ()}
    is_about_all = any(case.documents is None for case in group.cases)
    for owner in dict.fromkeys(record.owner for record in group.library.records()):
        records = [record for record in group.library.records() if record.owner == owner]
        documents = [group.library.document(one.name) for one in records if is_about_all or one.name in names]
        if documents:
            copy.add(documents, progress=progress, owner=owner)
