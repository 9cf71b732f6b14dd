"""Accounts: their file and its command, how guesses are slowed, and what is refused to whoever is not signed in."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import pty
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from served import ROOT, served

from corpus.errors import IndexStoreError, SettingsError
from index.commands import run
from page import accounts
from page.accounts import OWASP, AccountStore, Cost, account_name, check_password
from page.gate import ATTEMPTS, SESSION, Gate, SignIn, checked_name
from page.throttle import FORGOTTEN, FREE, FREE_OF_ALL, LONGEST, LONGEST_OF_ALL, Throttle

CHEAP = Cost(n=16, r=8, p=1)
GOOD = "correct horse"


@pytest.fixture
def store(tmp_path: Path) -> AccountStore:
    return AccountStore(tmp_path / "data", CHEAP)


# The file


def test_a_name_and_its_password_are_known_again_and_no_others(store: AccountStore) -> None:
    store.add("Anna", GOOD)
    found = store.check(" ANNA ", GOOD)
    assert found is not None and found.name == "anna"
    for name, password in (
        ("anna", "correct horsf"),
        ("anna", ""),
        ("bert", GOOD),
        ("", GOOD),
        ("an na", GOOD),
        ("anna", GOOD + " "),
    ):
        assert store.check(name, password) is None


def test_the_file_holds_salted_hashes_of_their_own_and_is_for_its_owner_alone(store: AccountStore) -> None:
    store.add("anna", GOOD)
    store.add("bert", GOOD)
    stored = json.loads(store.path.read_text())["accounts"]
    assert list(stored) == ["anna", "bert"] and GOOD not in store.path.read_text()
    assert stored["anna"]["hash"] != stored["bert"]["hash"] and stored["anna"]["salt"] != stored["bert"]["salt"]
    assert stored["anna"]["id"] != stored["bert"]["id"]
    assert stored["anna"]["cost"] == {"n": 16, "r": 8, "p": 1}
    assert store.path.stat().st_mode & 0o777 == 0o600


def test_the_cost_is_the_one_that_owasp_recommends_and_is_the_default(tmp_path: Path) -> None:
    assert OWASP == Cost(n=2**17, r=8, p=1)
    store = AccountStore(tmp_path / "data")
    store.add("anna", GOOD)
    assert store.accounts()["anna"].cost == OWASP
    # The hash is scrypt's own: RFC 7914's parameters, the salt and the password, and nothing else.
    account = store.accounts()["anna"]
    alone = hashlib.scrypt(GOOD.encode(), salt=bytes.fromhex(account.salt), n=2**17, r=8, p=1, maxmem=2**28, dklen=32)
    assert alone.hex() == account.hash


def test_an_unknown_name_costs_as_much_as_a_known_one(tmp_path: Path) -> None:
    store = AccountStore(tmp_path / "data", Cost(n=2**13, r=8, p=1))
    store.add("anna", GOOD)

    def seconds(name: str) -> float:
        times = []
        for _ in range(5):
            started = time.thread_time()
            store.check(name, "wrong password")
            times.append(time.thread_time() - started)
        return min(times)

    known, unknown, no_name = seconds("anna"), seconds("bert"), seconds("a b c")
    assert 0.7 < unknown / known < 1.4 and 0.7 < no_name / known < 1.4


def test_another_password_takes_the_place_of_the_old_one_and_the_account_stays_the_same(store: AccountStore) -> None:
    before = store.add("anna", GOOD)
    after = store.change("Anna", "another horse")
    assert (before.id, before.created) == (after.id, after.created) and before.salt != after.salt
    assert store.check("anna", GOOD) is None and store.check("anna", "another horse") is not None
    store.remove("ANNA")
    assert store.accounts() == {} and store.check("anna", "another horse") is None
    assert store.add("anna", GOOD).id != before.id


def test_what_is_there_or_is_not_is_said(store: AccountStore) -> None:
    store.add("anna", GOOD)
    with pytest.raises(SettingsError, match="There is an account anna"):
        store.add("ANNA", GOOD)
    for change in (lambda: store.change("bert", GOOD), lambda: store.remove("bert")):
        with pytest.raises(SettingsError, match="There is no account bert"):
            change()
    assert list(store.accounts()) == ["anna"]


def test_names_have_one_form() -> None:
    assert account_name(" Anna.B@Example.ORG ") == "anna.b@example.org"
    assert account_name("Ａｎｎａ") == account_name("anna") == "anna"  # full width
    assert account_name("Jose\u0301") == account_name("JOSÉ") == "josé"
    assert account_name("STRASSE") == account_name("straße") == "strasse"
    for name in ("", " ", "a b", "../x", "-x", ".x", "a/b", "a\0b", "a\u202eb", "a" * 65, "x" * 100_000):
        with pytest.raises(SettingsError, match="is not a name for an account"):
            account_name(name)


def test_a_password_has_a_length_and_is_not_the_first_to_be_guessed() -> None:
    for password in ("ninechars", "all small letters", "äöüßäöüß-", "🐎" * 2 + "battery", "x" * 500 + "y" * 500 + "z"):
        check_password(password, "anna")
    with pytest.raises(SettingsError, match="has 7 characters, and at least 8 are needed"):
        check_password("seven77", "anna")
    with pytest.raises(SettingsError, match="at most 1,024 are read"):
        check_password("x" * 1025, "anna")
    for password in ("password", "PassWord", "12345678", "aaaaaaaaaaaa", "abababab", "footnote", "anna@example.org"):
        with pytest.raises(SettingsError, match="first that are guessed"):
            check_password(password, "anna@example.org")


def test_a_password_is_the_same_from_every_keyboard(store: AccountStore) -> None:
    store.add("anna", "cafe\u0301 au lait")
    assert store.check("anna", "café au lait") is not None
    assert store.check("anna", "CAFÉ au lait") is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_may_read_is_refused_with_what_to_do(store: AccountStore, mode: int) -> None:
    store.add("anna", GOOD)
    store.path.chmod(mode)
    for use in (store.accounts, lambda: store.check("anna", GOOD), lambda: store.add("bert", GOOD)):
        with pytest.raises(SettingsError, match=f"mode {mode:o}.*chmod 600"):
            use()
    store.path.chmod(0o600)
    assert store.check("anna", GOOD) is not None


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "[]",
        "{}",
        '{"format": 1, "accounts": {"anna": {}}}',
        '{"format": 1, "accounts": {"anna": "x"}}',
        '{"format": 1, "accounts": 3}',
        "\x00\xff",
    ],
)
def test_a_damaged_file_lets_nobody_in_and_is_not_written_over(store: AccountStore, damage: str) -> None:
    store.add("anna", GOOD)
    store.path.write_text(damage)
    for use in (store.accounts, lambda: store.check("anna", GOOD), lambda: store.add("bert", GOOD)):
        with pytest.raises(SettingsError, match="is damaged"):
            use()
    assert store.path.read_text() == damage


@pytest.mark.parametrize(
    ("field", "value"),
    [("cost", {"n": 2**40, "r": 8, "p": 1}), ("cost", {"n": 3, "r": 8, "p": 1}), ("hash", "abc"), ("hash", ""), ("salt", "zz")],
)
def test_what_no_hash_can_be_made_of_is_damage(store: AccountStore, field: str, value: Any) -> None:
    store.add("anna", GOOD)
    stored = json.loads(store.path.read_text())
    stored["accounts"]["anna"][field] = value
    store.path.write_text(json.dumps(stored))
    with pytest.raises(SettingsError, match="is damaged"):
        store.accounts()


def test_a_file_of_a_newer_version_is_left_alone(store: AccountStore) -> None:
    store.add("anna", GOOD)
    store.path.write_text('{"format": 2, "accounts": []}')
    with pytest.raises(SettingsError, match="Update Footnote"):
        store.add("bert", GOOD)


def test_accounts_that_are_added_at_once_are_all_there(store: AccountStore) -> None:
    threads = [threading.Thread(target=AccountStore(store.path.parent, CHEAP).add, args=(f"n{i}", GOOD)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(store.accounts()) == sorted(f"n{i}" for i in range(12))


def test_accounts_are_not_put_into_a_folder_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(IndexStoreError, match="thesis.docx"):
        AccountStore(tmp_path, CHEAP).add("anna", GOOD)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


# The command


def command(monkeypatch: pytest.MonkeyPatch, data: Path, *arguments: str, typed: str = "") -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    return run(lambda: accounts.main(["--data", str(data), *arguments]))


def test_the_command_adds_lists_changes_and_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"

    def said(*arguments: str, typed: str = "") -> str:
        assert command(monkeypatch, data, *arguments, typed=typed) == 0
        captured = capsys.readouterr()
        assert captured.err == "" and typed.strip() not in captured.out or not typed
        return captured.out

    assert said("list") == "There are no accounts: the page can be reached from this machine alone.\n"
    assert not data.exists()
    assert said("add", "Anna", typed=GOOD + "\r\n").startswith("Added the account anna. Start the page anew")
    assert AccountStore(data).check("anna", GOOD) is not None
    assert said("add", "bert", typed=GOOD) == "Added the account bert.\n"
    assert said("list").splitlines()[0].startswith("anna  since 20")
    assert said("change", "anna", typed="another horse") == "Changed the password of anna; its sessions have ended.\n"
    assert AccountStore(data).check("anna", "another horse") is not None
    assert said("remove", "anna") == "Removed the account anna; its sessions have ended.\n"
    for arguments in (("remove", "anna"), ("change", "anna")):
        assert command(monkeypatch, data, *arguments, typed=GOOD) == 1
        assert capsys.readouterr().err == "error: There is no account anna. See: python -m page.accounts list\n"


def test_the_program_itself_refuses_a_short_password_in_one_line(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "page.accounts", "--data", str(tmp_path / "data"), "add", "anna"]
    done = subprocess.run(line, cwd=ROOT, input="short\n", capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: The password has 5 characters, and at least 8 are needed.")
    assert not (tmp_path / "data").exists()


def typed_at_a_terminal(data: Path, *lines: str) -> str:
    """Add an account at a terminal, and return all that was seen there."""
    ours, theirs = pty.openpty()
    line = [sys.executable, "-m", "page.accounts", "--data", str(data), "add", "anna"]
    process = subprocess.Popen(line, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    seen = ""
    waiting = list(lines)
    while True:
        try:
            came = os.read(ours, 1000).decode()
        except OSError:  # the other end has closed
            break
        seen += came
        if came.rstrip(" ").endswith(":") and waiting:
            time.sleep(0.2)  # until it no longer shows what is typed
            os.write(ours, (waiting.pop(0) + "\n").encode())
    process.wait(30)
    os.close(ours)
    return seen


def test_at_a_terminal_the_password_is_asked_twice_and_not_shown(tmp_path: Path) -> None:
    # Through /dev/tty where there is one, else through standard input: either way it is not shown.
    seen = typed_at_a_terminal(tmp_path / "data", GOOD, GOOD)
    assert "Added the account anna." in seen and GOOD not in seen
    seen = typed_at_a_terminal(tmp_path / "other", GOOD, "correct house")
    assert "That was not the same twice." in seen and not (tmp_path / "other").exists()


def test_what_is_piped_in_and_is_no_text_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\xff correct\n"), encoding="utf-8"))
    with pytest.raises(SettingsError, match="not text"):
        accounts.main(["--data", str(tmp_path / "data"), "add", "anna"])


# Guesses


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def guess(throttle: Throttle, name: str) -> float:
    """Guess wrong, and return how long that took."""
    with throttle.attempt(name) as wait:
        throttle.failed(name)
        return wait


def test_after_five_wrong_passwords_each_takes_twice_as_long_up_to_half_a_minute() -> None:
    throttle = Throttle(Clock())
    assert [guess(throttle, "anna") for _ in range(12)] == [0] * FREE + [1, 2, 4, 8, 16, LONGEST, LONGEST]
    assert guess(throttle, "bert") == 0


def test_a_right_password_and_time_make_it_as_if_nothing_had_been() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(8):
        guess(throttle, "anna")
    throttle.succeeded("anna")
    assert guess(throttle, "anna") == 0
    for _ in range(8):
        guess(throttle, "anna")
    clock.now += FORGOTTEN + 1
    assert guess(throttle, "anna") == 0


def test_many_attempts_at_once_are_no_way_around() -> None:
    throttle = Throttle(Clock())
    started = [throttle.attempt("anna") for _ in range(8)]
    assert [attempt.__enter__() for attempt in started] == [0] * FREE + [1, 2, 4]
    for attempt in started:
        attempt.__exit__(None, None, None)
    assert guess(throttle, "anna") == 0


def test_guesses_that_go_from_name_to_name_are_slowed_too_and_take_no_memory() -> None:
    throttle = Throttle(Clock())
    waits = [guess(throttle, f"name{number}") for number in range(20_000)]
    assert waits[: FREE_OF_ALL + 4] == [0] * FREE_OF_ALL + [1, 2, 4, LONGEST_OF_ALL] and waits[-1] == LONGEST_OF_ALL
    assert len(throttle._names) <= 10_000


def test_who_has_the_password_is_let_in_however_many_guesses_there_were(
    store: AccountStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add("anna", GOOD)
    sign_in = SignIn(store)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("page.gate.asyncio.sleep", sleep)

    async def try_all() -> list[bool]:
        wrong = [await sign_in.check("Anna", "wrong password") for _ in range(30)]
        return [*wrong, await sign_in.check("ANNA", GOOD), await sign_in.check("anna", GOOD), await sign_in.check("", "x")]

    assert asyncio.run(try_all()) == [False] * 30 + [True, True, False]
    assert slept[29] == slept[30] == LONGEST and slept[31] == 0


# The gate


class Gradio:
    """What the gate sees of a Gradio app."""

    cookie_id = "id"

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}


class Site:
    """A gate before an app that signs everybody in who comes to /login."""

    def __init__(self, names: list[str], store: AccountStore | None = None, clock: Any = time.monotonic) -> None:
        self.gradio = Gradio()
        self.gate = Gate(self.inner, names, store, clock)
        self.signs_in = "Anna"
        self.slow: asyncio.Event | None = None

    async def inner(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"].startswith("/login"):
            if self.slow is not None:
                await self.slow.wait()
            self.gradio.tokens[f"token{len(self.gradio.tokens)}"] = self.signs_in
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the page"})

    async def request(self, method: str = "GET", path: str = "/", **headers: str) -> tuple[int, str]:
        given = {"host": "localhost:7860"} | {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("192.0.2.1", 1234),
            "app": self.gradio,
        }
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.gate(scope, receive, send)
        return sent[0]["status"], sent[1]["body"].decode()

    def ask(self, method: str = "GET", path: str = "/", **headers: str) -> tuple[int, str]:
        return asyncio.run(self.request(method, path, **headers))


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:7860", "docs.example.org.", "127.0.0.1:7860", "[::1]:7860", "192.168.1.7"]
)
def test_the_page_goes_by_its_names_and_by_any_address_in_figures(host: str) -> None:
    assert Site(["localhost", "docs.example.org"]).ask(host=host) == (200, "the page")


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "xlocalhost", "", "a@b", "[", "<b>", "1.2.3", "127.0.0.1.evil.example"]
)
def test_another_name_is_refused_and_the_refusal_says_how_it_would_not_be(host: str) -> None:
    status, said = Site(["localhost"]).ask(host=host)
    assert status == 400 and "python app.py --name " in said and "<" not in said
    if host == "evil.example":
        assert said.endswith("--name evil.example\n")


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("http://localhost:7860", "localhost:7860", 200),
        ("http://192.168.1.7:7860", "192.168.1.7:7860", 200),
        ("http://[::1]:7860", "[::1]:7860", 200),
        ("https://docs.example.org", "127.0.0.1:7860", 200),  # a proxy that asks by the address
        ("http://192.168.1.8:7860", "192.168.1.7:7860", 403),
        ("http://203.0.113.5", "localhost:7860", 403),
        ("http://evil.example", "localhost:7860", 403),
        ("http://localhost:7860.evil.example", "localhost:7860", 403),
        ("null", "localhost:7860", 403),
        ("", "localhost:7860", 403),
        ("http://[", "localhost:7860", 403),
    ],
)
def test_pages_of_other_sites_may_not_use_it(origin: str, host: str, status: int) -> None:
    site = Site(["localhost", "docs.example.org"])
    assert site.ask("POST", "/gradio_api/queue/join", origin=origin, host=host)[0] == status


@pytest.mark.parametrize("name", ["http://x", "x:80", "", "a b", "-a.org", "a..b", "x" * 300, "a/b", "*.example.org"])
def test_what_is_no_name_of_a_host_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="--name is"):
        checked_name(name)


def test_names_of_hosts_are_taken_in_small_letters() -> None:
    assert [checked_name(name) for name in ("Docs.Example.org.", "localhost", "a_b-c.d")] == [
        "docs.example.org",
        "localhost",
        "a_b-c.d",
    ]


SIGNED_IN = {"cookie": "access-token-unsecure-id=token0"}


def test_a_session_lasts_until_its_account_is_removed_or_changed_or_thirty_days_have_passed(store: AccountStore) -> None:
    clock = Clock()
    for end in ("remove", "change", "time", "file"):
        store.add("anna", GOOD)
        site = Site(["localhost"], store, clock)
        assert site.ask(path="/gradio_api/info")[0] == 401
        assert site.ask("POST", "/login", content_length="50")[0] == 200
        assert site.ask(path="/gradio_api/info", **SIGNED_IN)[0] == 200
        assert site.gradio.tokens == {"token0": "anna"}, "the name's one form is what events get"
        if end == "remove":
            store.remove("anna")
        elif end == "change":
            store.change("anna", "another horse")
        elif end == "time":
            clock.now += SESSION + 1
        else:
            store.path.unlink()
        assert site.ask(path="/gradio_api/info", **SIGNED_IN)[0] == 401
        assert site.gradio.tokens == {}
        if "anna" in store.accounts():
            store.remove("anna")


def test_an_account_of_the_same_name_does_not_bring_the_session_of_the_old_one_back(store: AccountStore) -> None:
    store.add("anna", GOOD)
    site = Site(["localhost"], store)
    site.ask("POST", "/login", content_length="50")
    store.remove("anna")
    store.add("anna", GOOD)
    assert site.ask(path="/config", **SIGNED_IN)[0] == 401


def test_a_token_that_no_sign_in_gave_opens_nothing(store: AccountStore) -> None:
    store.add("anna", GOOD)
    site = Site(["localhost"], store)
    site.gradio.tokens["forged"] = "anna"
    for cookie in ("access-token-id=forged", "access-token-unsecure-id=token0", "access-token-id=", "token0", "x" * 10_000, ""):
        assert site.ask(path="/config", cookie=cookie)[0] == 401


def test_without_a_session_every_route_but_the_form_and_what_it_needs_is_closed(store: AccountStore) -> None:
    store.add("anna", GOOD)
    site = Site(["localhost"], store)
    for path in (
        "/",
        "/login/",
        "/theme.css",
        "/assets/index.js",
        "/static/fonts/x.woff2",
        "/favicon.ico",
        "/gradio_api/startup-events",
    ):
        assert site.ask(path=path)[0] == 200, path
    for path in (
        "/config",
        "/gradio_api/upload",
        "/gradio_api/new-route",
        "/mcp",
        "//",
        "/assets",
        "/x/assets/y",
        "/gradio_api/file=/etc/passwd",
        "/pages/1",
    ):
        assert site.ask(path=path)[0] == 401, path


def test_accounts_that_cannot_be_read_let_nobody_in(store: AccountStore) -> None:
    store.add("anna", GOOD)
    site = Site(["localhost"], store)
    site.ask("POST", "/login", content_length="50")
    store.path.write_text("{")
    assert site.ask(path="/config", **SIGNED_IN)[0] == 503 and site.ask("POST", "/login", content_length="50")[0] == 503


def test_an_address_may_have_few_attempts_under_way_and_a_form_has_a_size(store: AccountStore) -> None:
    store.add("anna", GOOD)
    site = Site(["localhost"], store)
    for length in ("16385", "9" * 5000, "-1", "x", ""):
        assert site.ask("POST", "/login", content_length=length)[0] == 413

    async def many() -> list[int]:
        site.slow = asyncio.Event()
        waiting = [asyncio.ensure_future(site.request("POST", "/login", content_length="50")) for _ in range(ATTEMPTS)]
        await asyncio.sleep(0)
        refused = (await site.request("POST", "/login", content_length="50"))[0]
        site.slow.set()
        return [refused, *[(await one)[0] for one in waiting], (await site.request("POST", "/login", content_length="50"))[0]]

    assert asyncio.run(many()) == [429, *[200] * ATTEMPTS, 200]


def test_websockets_are_closed() -> None:
    site = Site(["localhost"])
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(site.gate({"type": "websocket", "path": "/", "headers": []}, None, send))  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1008}]


# The real program


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, AccountStore]]:
    data = tmp_path_factory.mktemp("accounts") / "data"
    store = AccountStore(data)
    for name in ("anna", "bert", "carl"):
        store.add(name, GOOD)
    with served(data, "--host", "0.0.0.0", "--name", "docs.example.org") as address:
        yield address, store


def sign_in(address: str, name: str, password: str = GOOD) -> httpx.Client:
    client = httpx.Client(base_url=address, timeout=60)
    answer = client.post("/login", data={"username": name, "password": password})
    if answer.status_code == 200:
        client.cookies = httpx.Cookies({name: value for name, value in answer.cookies.items()})
    return client


CLOSED = (
    ("GET", "/config"),
    ("GET", "/gradio_api/info"),
    ("GET", "/gradio_api/openapi.json"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/gradio_api/queue/data?session_hash=x"),
    ("POST", "/gradio_api/call/ask"),
    ("POST", "/gradio_api/call/search"),
    ("POST", "/gradio_api/run/list_documents"),
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("POST", "/gradio_api/cancel"),
    ("POST", "/gradio_api/reset"),
    ("GET", "/gradio_api/heartbeat/x"),
    ("POST", "/gradio_api/component_server"),
    ("GET", "/gradio_api/stream/x/1/1/playlist.m3u8"),
    ("GET", "/gradio_api/mcp/"),
    ("POST", "/gradio_api/mcp/"),
    ("GET", "/monitoring/x"),
    ("GET", "/proxy=http://example.org/"),
)


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_without_the_cookie_nothing_is_to_be_had(signed: tuple[str, AccountStore], method: str, path: str) -> None:
    answer = httpx.request(method, signed[0] + path, timeout=60)
    assert answer.status_code == 401 and "immunotherapy" not in answer.text


def test_the_page_without_the_cookie_is_the_form_and_nothing_of_the_documents(signed: tuple[str, AccountStore]) -> None:
    answer = httpx.get(signed[0], timeout=60)
    assert answer.status_code == 200 and '"auth_required":true' in answer.text.replace(" ", "")
    assert "mmunotherapy" not in answer.text


def test_with_the_cookie_the_page_and_its_endpoints_are_there(signed: tuple[str, AccountStore]) -> None:
    client = sign_in(signed[0], "ANNA")
    assert client.get("/config").json()["username"] == "anna"
    assert client.get("/gradio_api/user").json() == "anna"
    assert set(client.get("/gradio_api/info").json()["named_endpoints"]) >= {"/ask", "/search", "/list_documents"}
    begun = client.post("/gradio_api/call/search", json={"data": ["cell therapy", None, 1]}).json()
    found = client.get(f"/gradio_api/call/search/{begun['event_id']}").text
    assert "event: complete" in found and "Immunotherapy preparation" in found
    assert client.get("/gradio_api/file=/etc/passwd").status_code in (403, 404)
    assert client.get("/gradio_api/mcp/").status_code == 404


def test_a_wrong_password_gives_no_cookie(signed: tuple[str, AccountStore]) -> None:
    for name, password in (("anna", "wrong password"), ("nobody", GOOD), ("", "")):
        client = sign_in(signed[0], name, password)
        assert not client.cookies and client.get("/config").status_code == 401


def test_signing_out_and_removing_the_account_end_the_session(signed: tuple[str, AccountStore]) -> None:
    address, store = signed
    client = sign_in(address, "bert")
    assert client.get("/config").status_code == 200
    cookies = dict(client.cookies)
    client.get("/logout")
    assert httpx.get(address + "/config", cookies=cookies).status_code == 401
    client, other = sign_in(address, "carl"), sign_in(address, "bert")
    assert client.get("/config").status_code == other.get("/config").status_code == 200
    store.remove("carl")
    store.change("bert", "another horse")
    assert client.get("/config").status_code == other.get("/config").status_code == 401
    assert not sign_in(address, "carl").cookies and sign_in(address, "bert", "another horse").cookies


def test_the_real_page_goes_by_the_names_it_was_given(signed: tuple[str, AccountStore]) -> None:
    address = signed[0]
    assert httpx.get(address, headers={"host": "docs.example.org"}).status_code == 200
    assert httpx.get(address, headers={"host": "evil.example"}).text.endswith("python app.py --name evil.example\n")
    assert httpx.get(address, headers={"origin": "https://evil.example"}).status_code == 403


@pytest.mark.browser
def test_a_person_signs_in_with_the_form(signed: tuple[str, AccountStore], browser: Any) -> None:
    page = browser.new_context().new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(signed[0])
    page.get_by_label("username").fill("Anna")
    page.get_by_label("password").fill("wrong password")
    page.get_by_role("button", name="Login").click()
    page.get_by_text("Incorrect").wait_for()
    assert page.get_by_label("Question").count() == 0
    page.get_by_label("username").fill("Anna")  # Gradio empties both
    page.get_by_label("password").fill(GOOD)
    page.get_by_role("button", name="Login").click()
    page.get_by_label("Question").wait_for(timeout=60_000)
    assert page.get_by_label("password").count() == 0 and errors == []
    page.context.close()
