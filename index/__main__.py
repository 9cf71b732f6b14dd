"""The index in the data folder, from the command line: add, list, remove, status, rebuild.

python -m index add corpus/documents
python -m index list
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from corpus import Document, DocumentError, find_files, load_document
from corpus.display import counted
from index.commands import EXIT_FAILURE, printable, run
from index.settings import Settings
from index.store import PassageIndex, ProgressCallback


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed (other files of an `add` are stored all the same)."""
    options = _parser().parse_args(arguments)
    settings = Settings.from_environment(data=options.data)
    command: Callable[[argparse.Namespace, Settings], int] = options.command
    return command(options, settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description="The index of documents in the data folder.")
    parser.add_argument("--data", metavar="DIR", help="the data folder (default: FOOTNOTE_DATA, else .footnote)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("add", help="add files, or all documents of a folder")
    add.add_argument("paths", nargs="+", metavar="PATH")
    add.set_defaults(command=_add)
    commands.add_parser("list", help="list the documents").set_defaults(command=_list)
    remove = commands.add_parser("remove", help="remove documents by name")
    remove.add_argument("names", nargs="+", metavar="NAME")
    remove.set_defaults(command=_remove)
    commands.add_parser("status", help="show how the index stands").set_defaults(command=_status)
    commands.add_parser("rebuild", help="make the index afresh, for another model or splitter").set_defaults(command=_rebuild)
    return parser


def _add(options: argparse.Namespace, settings: Settings) -> int:
    documents: list[Document] = []
    sources: dict[str, str] = {}
    failures: list[str] = []
    for given in options.paths:
        try:
            files = list(find_files([given]))
        except DocumentError as error:
            failures.append(str(error))
            continue
        for path, name in files:
            try:
                document = load_document(path, name=name, limits=settings.limits)
            except DocumentError as error:
                failures.append(str(error))
                continue
            documents.append(document)
            sources[document.id] = str(path.absolute())
    if documents:
        _store(documents, sources, settings)
    for failure in failures:
        sys.stderr.write(f"error: {printable(failure)}\n")
    return EXIT_FAILURE if failures else 0


def _store(documents: list[Document], sources: dict[str, str], settings: Settings) -> None:
    from index.embeddings import SentenceTransformerEmbeddings

    embedder = SentenceTransformerEmbeddings(settings.embedder)
    index = PassageIndex(settings.data, embedder, create=True, chroma_url=settings.chroma_url)
    with _progress("Indexing") as progress:
        report = index.add(documents, sources=sources, progress=progress)
    lines = [f"added {name}" for name in report.added]
    lines += [f"changed {name}" for name in report.changed]
    lines += [f"renamed {old} to {new}" for old, new in report.renamed]
    lines += [f"{len(report.unchanged)} unchanged"] if report.unchanged else []
    status = index.status()
    lines.append(f"{status.folder} holds {counted(status.documents, 'document')}, {counted(status.passages, 'passage')}")
    _write(lines)
    index.close()


def _list(options: argparse.Namespace, settings: Settings) -> int:
    index = PassageIndex(settings.data, None, chroma_url=settings.chroma_url)
    rows = [f"{record.name}\t{record.passages} passages\t{record.characters} characters" for record in index.records()]
    _write(rows or ["no documents"])
    return 0


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    index = PassageIndex(settings.data, None, chroma_url=settings.chroma_url)
    index.remove(options.names)
    _write([f"removed {name}" for name in options.names])
    return 0


def _status(options: argparse.Namespace, settings: Settings) -> int:
    status = PassageIndex(settings.data, None, chroma_url=settings.chroma_url).status()
    _write(
        [
            f"folder      {status.folder}",
            f"documents   {status.documents}",
            f"passages    {status.passages} ({status.vectors} in Chroma, {status.words} in the word index)",
            f"model       {status.embedder}",
            f"splitter    version {status.splitter}",
            f"state       {'whole' if status.is_consistent else 'incomplete: the next `python -m index add` mends it'}",
        ]
    )
    return 0


def _rebuild(options: argparse.Namespace, settings: Settings) -> int:
    from index.embeddings import SentenceTransformerEmbeddings
    from index.rebuild import rebuild

    with _progress("Rebuilding") as progress:
        embedder = SentenceTransformerEmbeddings(settings.embedder)
        status = rebuild(settings.data, embedder, chroma_url=settings.chroma_url, progress=progress)
    _write([f"rebuilt {counted(status.documents, 'document')}, {counted(status.passages, 'passage')}"])
    return 0


@contextmanager
def _progress(label: str) -> Iterator[ProgressCallback]:
    """Show a bar on a terminal; say nothing in a pipe."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def update(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=printable(name).replace("[", "\\["))

        yield update


def _write(lines: list[str]) -> None:
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(run(main))
