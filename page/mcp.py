"""A server of the Model Context Protocol on standard input and output: other assistants ask a person's documents.

    python -m page.mcp
    python -m page.mcp --data /home/anna/.footnote        what an assistant's settings should say: it starts this anywhere

It opens no port and needs no sign-in: whoever can start it can read the data folder. The tools are in `tools`.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import PackageNotFoundError, version

from corpus.errors import SettingsError
from index.commands import run
from index.settings import Settings, share_env_file
from page.service import Service


def main(arguments: list[str] | None = None) -> int:
    """Serve until the input ends, and return the exit code.

    :raises SettingsError: a setting cannot be used, or the package `mcp` is not installed.
    """
    parser = argparse.ArgumentParser(
        prog="python -m page.mcp", description="Tools for other assistants, over the Model Context Protocol (stdio)."
    )
    parser.add_argument("--data", metavar="DIR", help="the data folder (default: FOOTNOTE_DATA, else .footnote)")
    options = parser.parse_args(arguments)
    settings = Settings.from_environment(data=options.data)
    share_env_file()
    try:
        from page.tools import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise SettingsError(
            "The server for other assistants needs the package mcp, version 2: .venv/bin/pip install -e '.[mcp]'"
        ) from error
    make_server(lambda: open_service(settings), _version()).run("stdio")
    return 0


def open_service(settings: Settings) -> Service:
    """Open the index of a data folder, with the chain that answers from it.

    :raises FootnoteError: there is none, or it or a model cannot be used.
    """
    from assistant import build_chain
    from index import PassageIndex, SentenceTransformerEmbeddings

    embedder = SentenceTransformerEmbeddings(settings.embedder)
    index = PassageIndex(settings.data, embedder, chroma_url=settings.chroma_url)
    return Service(index, build_chain(index, embedder, settings.reader, settings.model, settings.chat))


def _version() -> str:
    try:
        return version("footnote")
    except PackageNotFoundError:  # run from a folder that is not installed
        return ""


if __name__ == "__main__":
    sys.exit(run(main))
