"""A server of the Model Context Protocol on standard input and output: other assistants ask a person's documents.

    python -m page.mcp
    python -m page.mcp --data /home/anna/.footnote        what an assistant's settings should say: it starts this anywhere
    python -m page.mcp --account anna                     with the documents that this account has added in the page

It opens no port and asks for no password: whoever can start it can read the data folder. The tools are in `tools`.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import PackageNotFoundError, version

from corpus.errors import SettingsError
from index.commands import run
from index.settings import Settings, share_env_file
from page.accounts import AccountStore
from page.browsers import owner_of
from page.people import People
from page.service import Service


def main(arguments: list[str] | None = None) -> int:
    """Serve until the input ends, and return the exit code.

    :raises SettingsError: a setting cannot be used, or the package `mcp` is not installed.
    """
    parser = argparse.ArgumentParser(
        prog="python -m page.mcp", description="Tools for other assistants, over the Model Context Protocol (stdio)."
    )
    parser.add_argument("--data", metavar="DIR", help="the data folder (default: FOOTNOTE_DATA, else .footnote)")
    parser.add_argument("--account", metavar="NAME", help="whose documents to see besides those that everybody sees")
    options = parser.parse_args(arguments)
    settings = Settings.from_environment(data=options.data)
    owner = "" if options.account is None else owner_of(AccountStore(settings.data).held(options.account).id, None)
    share_env_file()
    try:
        from page.tools import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise SettingsError(
            "The server for other assistants needs the package mcp, version 2: .venv/bin/pip install -e '.[mcp]'"
        ) from error
    make_server(lambda: open_service(settings, owner), _version()).run("stdio")
    return 0


def open_service(settings: Settings, owner: str = "") -> Service:
    """Open the index of a data folder, with the chain that answers from it.

    :param owner: Whose documents to see besides those of everybody; empty for nobody's.
    :raises FootnoteError: there is none, or it or a model cannot be used.
    """
    from assistant.chain import chain_maker
    from index import PassageIndex, SentenceTransformerEmbeddings

    embedder = SentenceTransformerEmbeddings(settings.embedder)
    index = PassageIndex(settings.data, embedder, chroma_url=settings.chroma_url)
    person = People(index, chain_maker(index, embedder, settings.reader, settings.model, settings.chat)).of(owner)
    return Service(person.library, person.chain)


def _version() -> str:
    try:
        return version("footnote")
    except PackageNotFoundError:  # run from a folder that is not installed
        return ""


if __name__ == "__main__":
    sys.exit(run(main))
