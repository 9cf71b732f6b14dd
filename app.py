"""The page: a conversation on one side, the document on the other, every sentence of an answer a click from its source.

    python app.py
    python app.py --port 8000 --data ~/my-index
    python app.py --host 0.0.0.0 --name footnote.example.org       for other machines, with accounts: python -m page.accounts

This builds the parts and serves them; the page itself is in `page/`, its style and script in `assets/`. Gradio takes seconds
to import, so what can be refused is refused before.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import socket
import sys
from pathlib import Path
from typing import Any

from corpus.errors import SettingsError
from index.commands import run
from index.settings import Settings, share_env_file
from page.accounts import AccountStore
from page.gate import Gate, SignIn, checked_name

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
SHIPPED = HERE / "corpus" / "documents"

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 7860


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until it is stopped, and return the exit code.

    :raises FootnoteError: the host, the port, a name, a setting, the accounts or the data folder cannot be used.
    """
    options = _parser().parse_args(arguments)
    settings = Settings.from_environment(data=options.data)
    store = AccountStore(settings.data)
    has_accounts = bool(store.accounts())
    check_host(options.host, has_accounts)
    names = names_of(options.host, options.name)
    check_port(options.host, options.port)
    share_env_file()
    serve(settings, options.host, options.port, names, store if has_accounts else None)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python app.py", description="The page of Footnote, for a browser.")
    parser.add_argument(
        "--host", default=DEFAULT_HOST, metavar="H", help=f"where to listen; elsewhere needs accounts (default: {DEFAULT_HOST})"
    )
    parser.add_argument("--port", default=DEFAULT_PORT, type=_port, metavar="P", help=f"(default: {DEFAULT_PORT})")
    parser.add_argument("--data", metavar="DIR", help="the data folder (default: FOOTNOTE_DATA, else .footnote)")
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOST",
        help="a name that browsers reach the page by, such as that of a reverse proxy (may be given several times)",
    )
    return parser


def _port(value: str) -> int:
    number = int(value) if value.isdecimal() else 0
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"{value!r} is not a port: expected a whole number from 1 to 65535")
    return number


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_host(host: str, has_accounts: bool) -> None:
    """Refuse to serve other machines without a sign-in.

    :raises SettingsError: `host` can be reached from other machines, and there are no accounts.
    """
    if not is_loopback(host) and not has_accounts:
        raise SettingsError(
            f"--host is {host!r}, which other machines could reach, and there are no accounts: everyone there could read the "
            "documents. Make one first: python -m page.accounts add NAME. Or leave --host out for "
            f"{DEFAULT_HOST}, and forward the port to use the page from elsewhere, for example: "
            f"ssh -L {DEFAULT_PORT}:{DEFAULT_HOST}:{DEFAULT_PORT} THIS_MACHINE"
        )
    if not host:
        raise SettingsError(f"--host is empty. Leave it out for {DEFAULT_HOST}, or give 0.0.0.0 for all addresses.")


def names_of(host: str, given: list[str]) -> list[str]:
    """Return the names that the page answers to, besides any address in figures.

    :param given: Those of --name.
    :raises SettingsError: one of them is no name of a host.
    """
    names = ["localhost", *(checked_name(name) for name in given)]
    if not is_loopback(host):
        own = socket.gethostname().lower()
        names += [host.lower(), own, f"{own}.local"]
    return names


def check_port(host: str, port: int) -> None:
    """Refuse a port that cannot be opened.

    :raises SettingsError: it is in use, or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does, so as to refuse what it would
            probe.bind((host, port))
    except OSError as error:
        other = port + 1 if port < 65535 else port - 1
        raise SettingsError(
            f"Port {port} on {host} cannot be opened: {error.strerror}. Another program, or another Footnote, may be using it. "
            f"End that one, or give another port, for example: --port {other}"
        ) from error


def serve(settings: Settings, host: str, port: int, names: list[str], store: AccountStore | None) -> None:
    """Open the index, put the page up, get the models ready behind it, and wait until somebody stops the program.

    :param names: What the page answers to.
    :param store: The accounts of those who may use it; None for everyone on this machine.
    :raises FootnoteError: the index or the model cannot be used, or the port was taken meanwhile.
    """
    stay_local(settings)
    from index import PassageIndex, SentenceTransformerEmbeddings
    from index.store import SHARED

    embedder = SentenceTransformerEmbeddings(settings.embedder)
    index = PassageIndex(settings.data, embedder, create=True, chroma_url=settings.chroma_url)

    from page.received import Received

    received = Received(index.folder)
    os.environ["GRADIO_TEMP_DIR"] = str(received.path)  # looked at when Gradio is imported

    from starlette.middleware import Middleware

    from assistant.chain import chain_maker, rehearse
    from assistant.complaints import ComplaintFile
    from assistant.kept.store import ConversationStore
    from page.blocks import Scripts, build_blocks, page_theme
    from page.browsers import BrowserKeys
    from page.events import PageEvents
    from page.people import People
    from page.pictures import Pictures
    from page.preparation import Preparation
    from page.uploads import Uploads

    people = People(index, chain_maker(index, embedder, settings.reader, settings.model, settings.chat))
    preparation = Preparation(index, embedder, SHIPPED, lambda: rehearse(people.of(SHARED).chain))
    events = PageEvents(
        people,
        preparation,
        Uploads(settings.data / "uploads", settings.limits),
        Pictures(settings.data / "pictures"),
        ConversationStore(settings.data),
        ComplaintFile(settings.data),
        received.path,
        account_id=str if store is None else lambda name: store.held(name).id,
    )
    blocks = build_blocks(events, people.of(SHARED).chain.engines, Scripts.read(ASSETS))
    auth: Any = None if store is None else SignIn(store).check  # Any: Gradio awaits it, which its types do not say
    shown = f"[{host}]" if ":" in host else host  # as IPv6 stands in addresses of pages, and as Gradio wants it
    try:
        blocks.launch(
            server_name=shown,
            server_port=port,
            auth=auth,
            auth_message="Sign in with your account." if store is not None else None,
            app_kwargs={"middleware": [Middleware(Gate, names=names, store=store), Middleware(BrowserKeys)]},
            max_file_size=settings.limits.bytes,
            theme=page_theme(),
            css_paths=[ASSETS / "page.css"],
            favicon_path=ASSETS / "favicon.png",
            footer_links=[],
            prevent_thread_lock=True,
            quiet=True,
            # Said here, so that no GRADIO_ variable of the environment says otherwise:
            share=False,
            ssr_mode=False,
            mcp_server=False,
            pwa=False,
            run_history=False,
            enable_monitoring=False,
            allowed_paths=[],
        )
    except OSError as error:
        raise SettingsError(f"The page cannot be served at {host}:{port}: {error}. Give another port with --port.") from error
    preparation.start()
    sys.stdout.write(f"Footnote is at http://{shown}:{port} (Ctrl+C stops it)\n")
    if not is_loopback(host):
        sys.stdout.write(
            "Other machines can reach it. Passwords and documents travel unencrypted unless a reverse proxy with TLS stands "
            "before it (see the README).\n"
        )
    sys.stdout.flush()
    blocks.block_thread()


def stay_local(settings: Settings) -> None:
    """Keep the libraries from asking other machines, before they are imported: Gradio its makers', and where all models are
    here, sentence-transformers the Hugging Face hub.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    if (settings.embedder, settings.reader, settings.model) == (Settings.embedder, Settings.reader, Settings.model):
        os.environ["HF_HUB_OFFLINE"] = "1"


if __name__ == "__main__":
    sys.exit(run(main))
