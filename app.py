"""The page: a conversation on one side, the document on the other, every sentence of an answer a click from its source.

    python app.py
    python app.py --port 8000 --data ~/my-index

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

from corpus.errors import SettingsError
from index.commands import run
from index.settings import Settings, share_env_file

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
SHIPPED = HERE / "corpus" / "documents"

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 7860


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until it is stopped, and return the exit code.

    :raises FootnoteError: the host, the port, a setting or the data folder cannot be used.
    """
    options = _parser().parse_args(arguments)
    check_host(options.host)
    check_port(options.host, options.port)
    settings = Settings.from_environment(data=options.data)
    share_env_file()
    serve(settings, options.host, options.port)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python app.py", description="The page of Footnote, for a browser on this machine.")
    parser.add_argument("--host", default=DEFAULT_HOST, metavar="H", help=f"a loopback address (default: {DEFAULT_HOST})")
    parser.add_argument("--port", default=DEFAULT_PORT, type=_port, metavar="P", help=f"(default: {DEFAULT_PORT})")
    parser.add_argument("--data", metavar="DIR", help="the data folder (default: FOOTNOTE_DATA, else .footnote)")
    return parser


def _port(value: str) -> int:
    number = int(value) if value.isdecimal() else 0
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"{value!r} is not a port: expected a whole number from 1 to 65535")
    return number


def check_host(host: str) -> None:
    """Refuse to serve anything but this machine's own loopback addresses.

    :raises SettingsError: `host` can be reached from other machines.
    """
    if host == "localhost":
        return
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise SettingsError(
            f"--host is {host!r}, which other machines could reach, and this page has no sign-in yet: everyone there could "
            f"read the documents. Leave it out for {DEFAULT_HOST}. To use the page from elsewhere, forward the port, for "
            f"example: ssh -L {DEFAULT_PORT}:{DEFAULT_HOST}:{DEFAULT_PORT} THIS_MACHINE"
        )


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


def serve(settings: Settings, host: str, port: int) -> None:
    """Open the index, put the page up, get the models ready behind it, and wait until somebody stops the program.

    :raises FootnoteError: the index or the model cannot be used, or the port was taken meanwhile.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before Gradio is imported: it would ask its makers' server
    from index import PassageIndex, SentenceTransformerEmbeddings

    embedder = SentenceTransformerEmbeddings(settings.embedder)
    index = PassageIndex(settings.data, embedder, create=True, chroma_url=settings.chroma_url)

    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from assistant import build_chain
    from page.blocks import build_blocks, page_theme
    from page.preparation import Preparation

    chain = build_chain(index, embedder, settings.reader, settings.model, settings.chat)
    preparation = Preparation(index, embedder, SHIPPED)
    scripts = [(ASSETS / name).read_text(encoding="utf-8") for name in ("page.js", "conversation.js")]
    blocks = build_blocks(index, chain, preparation, script=scripts[0], talk_script=scripts[1])
    # A page elsewhere on the web could otherwise point its own name at this machine and read the documents.
    names = [host, "localhost", "127.0.0.1", "[::1]"]
    try:
        blocks.launch(
            server_name=host,
            server_port=port,
            app_kwargs={"middleware": [Middleware(TrustedHostMiddleware, allowed_hosts=names)]},
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
    sys.stdout.write(f"Footnote is at http://{host}:{port} (Ctrl+C stops it)\n")
    sys.stdout.flush()
    blocks.block_thread()


if __name__ == "__main__":
    sys.exit(run(main))
