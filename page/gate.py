"""What stands before the page: which names it answers to, which pages may use it, and who is signed in.

Gradio serves the form and keeps the sessions; this refuses everything else to whoever has none, whatever route it is, and
ends a session when its account is removed, gets another password, or is thirty days old.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import FootnoteError, SettingsError
from page.accounts import AccountStore, account_name
from page.throttle import Throttle

SESSION = 30 * 24 * 3600.0
"""Seconds that a session lasts: NIST SP 800-63B asks for the password again after 30 days at the latest."""

ATTEMPTS = 4
"""Attempts to sign in that one address may have under way; they may wait long (see `throttle`)."""

HASHES = 2
"""Passwords that are hashed at once, of 128 MiB each."""

LOGIN, LARGEST_LOGIN = "/login", 16_384  # bytes; a form with the longest password fits
_OPEN = frozenset(
    {"/", LOGIN, "/logout", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json", "/gradio_api/startup-events"}
)
_OPEN_BELOW = ("/assets/", "/static/", "/svelte/")  # Gradio's own script and style: the form needs them
_NAME = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*\.?")


def checked_name(name: str) -> str:
    """Return a name that the page may be reached by, in small letters.

    :raises SettingsError: it is no host name.
    """
    lowered = name.lower()
    if len(name) > 253 or not _NAME.fullmatch(lowered):
        raise SettingsError(
            f"--name is {name[:80]!r}, and the name of a host was expected, without http:// and without a port, for example: "
            "footnote.example.org"
        )
    return lowered.rstrip(".")


class SignIn:
    """Checks names and passwords, slowly where many were wrong."""

    def __init__(self, store: AccountStore, throttle: Throttle | None = None) -> None:
        self._store = store
        self._throttle = throttle or Throttle()
        self._hashing = asyncio.Semaphore(HASHES)

    async def check(self, written: str, password: str) -> bool:
        """Whether this is somebody's name and password; takes long if many were not."""
        try:
            name = account_name(written)
        except SettingsError:
            name = ""
        with self._throttle.attempt(name) as wait:
            await asyncio.sleep(wait)
            async with self._hashing:
                account = await asyncio.to_thread(self._store.check, written, password)
        if account is None:
            self._throttle.failed(name)
        else:
            self._throttle.succeeded(name)
        return account is not None


@dataclass(frozen=True)
class _Session:
    name: str
    salt: str  # of the password that it was opened with
    since: float


class Gate:
    """ASGI middleware of a Gradio app."""

    def __init__(
        self,
        app: ASGIApp,
        names: Collection[str],
        store: AccountStore | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        :param names: Host names that the page is reached by. Addresses in figures need no naming: a page elsewhere on the web
            can point its own name here, and read what only this machine should, but no address.
        :param store: The accounts; None for a page without a sign-in.
        :param clock: Seconds, from any beginning.
        """
        self._app = app
        self._names = frozenset(name.lower() for name in names)
        self._store = store
        self._clock = clock
        self._sessions: dict[str, _Session] = {}
        self._attempts: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # the page uses none
        elif (refusal := self._refusal(scope)) is not None:
            await refusal(scope, receive, send)
        elif self._store is not None and scope["path"].rstrip("/") == LOGIN and scope["method"] == "POST":
            await self._sign_in(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not self._is_ours(host := _hostname("//" + headers.get("host", ""))):
            known = host if host and _NAME.fullmatch(host) else ""
            return PlainTextResponse(
                f"This page does not go by the name {known or 'it was asked for by'}. If it should, start it with that name: "
                f"python app.py --name {known or 'HOST'}\n",
                status_code=400,
            )
        if (origin := headers.get("origin")) is not None and not self._is_own_page(origin, headers["host"]):
            return PlainTextResponse("Pages of other sites may not use this one.\n", status_code=403)
        if self._store is None:
            return None
        try:
            self._store.accounts()
            is_signed_in = self._is_signed_in(self._store, scope["app"], headers)
        except FootnoteError:
            said = "Nobody can be signed in now. On the machine of this page, this says why: python -m page.accounts list\n"
            return PlainTextResponse(said, status_code=503)
        if is_signed_in or _is_open(scope["path"]):
            return None
        return JSONResponse({"detail": {"error": "Not authenticated", "auth_message": "Sign in first."}}, status_code=401)

    def _is_ours(self, host: str | None) -> bool:
        if not host:
            return False
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return host.rstrip(".") in self._names
        return True

    def _is_own_page(self, origin: str, host: str) -> bool:
        """Whether a request comes from a page that was served here: from the very host it asks, or from one of the names, as
        through a proxy that asks by another. Any other address in figures may be anybody's.
        """
        return origin.partition("://")[2].lower() == host.lower() or (_hostname(origin) or "").rstrip(".") in self._names

    # Sessions: Gradio's `app.tokens` has the name that each was opened with, as it was written

    def _is_signed_in(self, store: AccountStore, app: Any, headers: Headers) -> bool:
        cookies = cookie_parser(headers.get("cookie", ""))
        token = cookies.get(f"access-token-{app.cookie_id}") or cookies.get(f"access-token-unsecure-{app.cookie_id}") or ""
        session = self._sessions.get(token)
        if session is None or token not in app.tokens:
            return False
        account = store.find(session.name)
        if account is not None and account.salt == session.salt and self._clock() - session.since < SESSION:
            return True
        app.tokens.pop(token, None)
        return False

    async def _sign_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = Headers(scope=scope).get("content-length", "")
        if not length.isdecimal() or int(length[:20]) > LARGEST_LOGIN:
            await PlainTextResponse("This is no form to sign in with.\n", status_code=413)(scope, receive, send)
            return
        address = (scope.get("client") or ("",))[0]
        if self._attempts[address] >= ATTEMPTS:
            answer = PlainTextResponse("Too many attempts at once. Wait until those under way are over.\n", status_code=429)
            await answer(scope, receive, send)
            return
        self._attempts[address] += 1

        async def send_once_known(message: Any) -> None:
            if message["type"] == "http.response.start":
                self._note_new(scope["app"].tokens)
            await send(message)

        try:
            await self._app(scope, receive, send_once_known)
        finally:
            self._attempts[address] -= 1
            self._attempts += Counter()  # drops those at nought

    def _note_new(self, tokens: dict[str, str]) -> None:
        """Remember the sessions that have been opened, each under the one form of its name, and forget those that are over."""
        assert self._store is not None
        self._sessions = {token: session for token, session in self._sessions.items() if token in tokens}
        for token, written in _new(tokens, self._sessions):
            account = self._store.find(account_name(written))
            if account is None:  # removed in this moment
                del tokens[token]
            else:
                self._sessions[token] = _Session(account.name, account.salt, self._clock())
                tokens[token] = account.name  # what events get as `request.username`


def _new(tokens: dict[str, str], known: Collection[str]) -> Iterable[tuple[str, str]]:
    return [(token, written) for token, written in list(tokens.items()) if token not in known]


def _hostname(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        return None if parts.port == 0 else parts.hostname  # a port that is no number raises when it is looked at
    except ValueError:
        return None


def _is_open(path: str) -> bool:
    return path in _OPEN or path == LOGIN + "/" or path.startswith(_OPEN_BELOW)
