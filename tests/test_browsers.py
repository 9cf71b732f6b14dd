"""Browsers are told apart by a key of their own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from page.browsers import COOKIE, BrowserKeys, owner_of

KEY = "k" * 43


def given(path: str, cookie: str = "", scheme: str = "http") -> str:
    """Return the cookie that a request is answered with; empty for none."""
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"cookie", cookie.encode())] if cookie else []
    asyncio.run(BrowserKeys(app)({"type": "http", "path": path, "headers": headers, "scheme": scheme}, None, send))  # type: ignore[arg-type]
    return dict(sent[0]["headers"]).get(b"set-cookie", b"").decode()


def test_a_browser_gets_a_key_that_no_script_and_no_other_page_can_use() -> None:
    cookie = given("/")
    key = cookie.partition(";")[0].removeprefix(f"{COOKIE}=")
    assert owner_of(None, key) and "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Secure" not in cookie
    assert "Secure" in given("/", scheme="https") and given("/") != cookie and given("/gradio_api/queue/join") == ""


@pytest.mark.parametrize("cookie", [f"{COOKIE}={KEY}", f'bad[]=1; j={{"a":1}}; {COOKIE}={KEY}; other=2'])
def test_one_that_has_a_key_keeps_it_whatever_else_it_sends(cookie: str) -> None:
    assert given("/", cookie) == ""


@pytest.mark.parametrize("cookie", ["other=1", f"{COOKIE}=short", f"{COOKIE}={KEY}x"])
def test_one_without_a_key_of_ours_gets_one(cookie: str) -> None:
    assert given("/", cookie).startswith(f"{COOKIE}=")


def test_accounts_and_browsers_own_apart_and_nobody_owns_nothing() -> None:
    owners = {owner_of("anna", None), owner_of("bert", KEY), owner_of(None, KEY), owner_of(None, "l" * 43)}
    assert len(owners) == 4 and all(len(owner) == 32 for owner in owners)
    assert owner_of("anna", KEY) == owner_of("anna", None)
    assert owner_of(None, None) == owner_of("", "") == owner_of(None, "forged") == ""
