"""The index in the data folder, from the command line: add, list, remove, status, rebuild.

python -m index add corpus/documents
python -m index add --watch ~/papers
python -m index list
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from corpus.contained import Readers
from corpus.display import counted
from corpus.files import survey
from index.commands import EXIT_FAILURE, printable, run
from index.folder import DataFolder
from index.screen import Screen, progress_bar
from index.settings import Settings
from index.store import PassageIndex

_SHOWN = 10  # documents that were not wholly read, in the status


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
    add.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or a pattern such as 'papers/**/*.pdf'")
    add.add_argument("--watch", action="store_true", help="go on, and keep the index like the folders until stopped")
    add.set_defaults(command=lambda options, settings: (_watch if options.watch else _add)(options, settings))
    commands.add_parser("list", help="list the documents").set_defaults(command=_list)
    remove = commands.add_parser("remove", help="remove documents by name")
    remove.add_argument("names", nargs="+", metavar="NAME")
    remove.set_defaults(command=_remove)
    commands.add_parser("status", help="show how the index stands").set_defaults(command=_status)
    commands.add_parser("rebuild", help="make the index afresh, for another model or splitter").set_defaults(command=_rebuild)
    return parser


def _add(options: argparse.Namespace, settings: Settings) -> int:
    from index.adding import Adder

    found = survey(options.paths)
    screen = Screen()
    screen.failures += [str(error) for error in (*found.failures, *found.empty)]
    _write(found.remarks)
    unchanged = 0
    index = None
    try:
        if found.files:
            with Readers(limits=settings.limits) as readers, screen.bars():
                open_index = _opener(settings, screen)
                is_there = DataFolder(settings.data).read() is not None  # bad files alone do not make one
                adder = Adder(open_index, readers, screen, index=open_index() if is_there else None)
                unchanged = adder.add(found.files).unchanged
                index = adder.index
    finally:
        screen.write_failures()
    lines = [f"{unchanged} unchanged"] if unchanged else []
    if index is not None:
        status = index.status()
        lines.append(f"{status.folder} holds {counted(status.documents, 'document')}, {counted(status.passages, 'passage')}")
        index.close()
    _write(lines)
    return EXIT_FAILURE if screen.failures else 0


def _watch(options: argparse.Namespace, settings: Settings) -> int:
    from index.adding import Adder
    from index.watching import Watcher, stopped_by_sigterm

    screen = Screen(is_immediate=True)
    with stopped_by_sigterm() as stop, Readers(limits=settings.limits) as readers:
        opened = _opener(settings, screen)()
        adder = Adder(lambda: opened, readers, screen, index=opened, is_stopped=stop.is_set)
        watcher = Watcher(options.paths, adder, screen)
        names = ", ".join(str(folder) for folder in watcher.folders)
        watcher.run(stop, opened.folder, lambda: screen.say(f"watching {names} (Ctrl+C stops it)"))
        opened.close()
    screen.say("stopped")
    return 0


def _opener(settings: Settings, screen: Screen) -> Callable[[], PassageIndex]:
    """Return what opens the index, and makes it where there is none."""
    from index.adding import Progressing
    from index.embeddings import SentenceTransformerEmbeddings

    embedder = Progressing(SentenceTransformerEmbeddings(settings.embedder), screen.embedded)
    return lambda: PassageIndex(settings.data, embedder, create=True, chroma_url=settings.chroma_url)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    index = PassageIndex(settings.data, None, chroma_url=settings.chroma_url)
    rows = [f"{record.name}\t{record.passages} passages\t{record.coverage}" for record in index.records()]
    _write(rows or ["no documents"])
    return 0


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    index = PassageIndex(settings.data, None, chroma_url=settings.chroma_url)
    index.remove(options.names)
    _write([f"removed {name}" for name in options.names])
    return 0


def _status(options: argparse.Namespace, settings: Settings) -> int:
    index = PassageIndex(settings.data, None, chroma_url=settings.chroma_url)
    status = index.status()
    incomplete = [record for record in index.records() if record.coverage.gaps]
    lines = [f"not read    {record.name}: {record.coverage.unread}" for record in incomplete[:_SHOWN]]
    if len(incomplete) > _SHOWN:
        lines.append(f"            and of {counted(len(incomplete) - _SHOWN, 'more document')}: see `python -m index list`")
    _write(
        [
            f"folder      {status.folder}",
            f"documents   {status.documents}",
            f"passages    {status.passages} ({status.vectors} in Chroma, {status.words} in the word index)",
            f"model       {status.embedder}",
            f"splitter    version {status.splitter}",
            f"state       {'whole' if status.is_consistent else 'incomplete: the next `python -m index add` mends it'}",
            *lines,
        ]
    )
    return 0


def _rebuild(options: argparse.Namespace, settings: Settings) -> int:
    from index.embeddings import SentenceTransformerEmbeddings
    from index.rebuild import rebuild

    with progress_bar("Rebuilding") as progress:
        embedder = SentenceTransformerEmbeddings(settings.embedder)
        status = rebuild(settings.data, embedder, chroma_url=settings.chroma_url, progress=progress)
    _write([f"rebuilt {counted(status.documents, 'document')}, {counted(status.passages, 'passage')}"])
    return 0


def _write(lines: list[str]) -> None:
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(run(main))
