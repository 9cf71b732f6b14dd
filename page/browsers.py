"""Tells browsers apart: each keeps a key of its own in a cookie that no script can read, and nobody else's documents show."""

from __future__ import annotations

import hashlib
import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "footnote_browser"

_KEY = re.compile(r"[\w-]{43}")  # 32 random bytes, as `secrets` writes them
_KEPT = 400 * 24 * 3600  # seconds; browsers keep no cookie for longer


class BrowserKeys:
    """ASGI middleware that gives a browser without a key one with the page; sent back, it is `request.cookies[COOKIE]`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http" or scope["path"] != "/" or _KEY.fullmatch(HTTPConnection(scope).cookies.get(COOKIE, "")):
            await self._app(scope, receive, send)
            return
        secure = "; Secure" if scope.get("scheme") == "https" else ""
        cookie = f"{COOKIE}={secrets.token_urlsafe(32)}; Path=/; Max-Age={_KEPT}; HttpOnly; SameSite=Strict{secure}"

        async def giving(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, giving)


def owner_of(account: str | None, key: str | None) -> str:
    """Return whose documents and conversations a request may see: a key for the index and for names of folders.

    The browser's key itself is stored nowhere.

    :param account: The id of the account that somebody signed in with; then every browser of theirs shows the same.
    :param key: The key of their browser.
    :returns: 32 hexadecimal digits; empty if there is neither, which means what everybody sees.
    """
    if account:
        return hashlib.sha256(f"account\0{account}".encode()).hexdigest()[:32]
    if key and _KEY.fullmatch(key):
        return hashlib.sha256(f"browser\0{key}".encode()).hexdigest()[:32]
    return ""
