"""What goes wrong at the page, in a real browser: hostile and huge files, a program that is stopped, a model that fails, tabs
that do not know of each other, browsers without cookies. Nothing may be lost without a word.

What needs no browser is in `test_page_forged.py`.
"""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browsing import DESK, PATIENCE, SOON, Opened, ask, check_cited, expect, names, until
from chat_server import ChatRequest, ChatServer, Reply, Silence, Status
from served import free_port, served

import app
from page.uploads import NO_COOKIES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LARGEST = 3_000_000  # bytes
ZWARG = "The zwarg is a small animal of the northern forests."
QUOKKA = "The quokka lives on Rottnest Island. It smiles at visitors."


@pytest.fixture(scope="module", autouse=True)
def _patience() -> Iterator[None]:
    """Programs that start, and files that are indexed, take longer than what Playwright waits for by itself."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=SOON)


@pytest.fixture(scope="module")
def address(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_MAX_BYTES", str(LARGEST))
        with served(tmp_path_factory.mktemp("trouble") / "data") as url:
            yield url


@pytest.fixture
def open_page(browser: object, address: str) -> Iterator[Opened]:
    with Opened(browser, address) as opened:  # type: ignore[arg-type]
        yield opened


def send(page: Page, *files: Path | dict[str, object]) -> None:
    """Choose files, and do not wait."""
    page.locator("#library .files").set_input_files(list(files))  # type: ignore[arg-type]


def text_file(name: str, text: str) -> dict[str, object]:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


# A large document


def written_by_hand(pages: list[list[str]]) -> bytes:
    """Return a PDF of these lines, page by page, in the syntax of ISO 32000 and the font that it has built in."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 10 Tf 13 TL 60 780 Td {shown} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    file, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        f"{file}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(file)}\n%%EOF\n"
    ).encode("ascii")


def ward_book(pages: int) -> list[list[str]]:
    """Return the pages of a book in which each page says who took over its ward, and when."""
    return [
        [
            f"Notes on ward number {number}",
            f"Ward {number} has {number % 17 + 4} beds and {number % 5 + 1} rooms for single patients.",
            f"The night nurse of ward {number} writes the temperatures down every {number % 6 + 2} hours.",
            "Bandages are changed in the morning, and the linen is taken to the laundry at noon.",
            "Visitors may come in the afternoon, as long as the physician has not forbidden it.",
            "The pharmacy delivers what was ordered on the evening before.",
        ]
        + ["The head of this ward is Professor Quimby, who keeps a tame heron in the garden."] * (number == 217)
        for number in range(1, pages + 1)
    ]


def test_a_book_of_300_pages_is_added_while_others_ask_and_is_cited_on_its_page(open_page: Opened, tmp_path: Path) -> None:
    book = tmp_path / "wards.pdf"
    book.write_bytes(written_by_hand(ward_book(300)))
    page, other = open_page(), open_page()
    send(page, book)
    expect(page.locator("#library .step.reading")).to_contain_text("wards.pdf")
    expect(page.locator("#library .step.indexing")).to_contain_text("making it searchable")
    send(other, text_file("zwarg.txt", ZWARG))
    expect(other.locator("#library .step.waiting")).to_contain_text("waiting until other files are searchable")
    send(page, text_file("late.txt", QUOKKA))
    expect(page.locator("#library .step.waiting")).to_have_text("late.txtwaiting until the others are added …")

    for asking in (page, other):
        expect(ask(asking, "What is cell therapy?").locator(".statement").first).to_be_visible()
    expect(page.locator("#library .step.indexing")).to_have_count(1)  # it was answered meanwhile

    expect(page.locator("#library .step.added")).to_contain_text("late.txt", timeout=PATIENCE)  # after the book
    expect(other.locator("#library .step.added")).to_contain_text("zwarg.txt")
    assert names(page) == ["immunotherapy.txt", "late.txt", "wards.pdf"]
    assert names(other) == ["immunotherapy.txt", "zwarg.txt"]

    turn = ask(page, "Who keeps a tame heron?")
    marker = turn.locator(".statement .marker").first
    assert "Professor Quimby" in (marker.get_attribute("data-quote") or "")
    expect(turn.locator(".footnotes .place").first).to_contain_text("wards.pdf · page 217")
    marker.click()
    check_cited(page, marker)
    page.get_by_role("button", name="Page", exact=True).click()
    expect(page.locator(".paging span")).to_have_text("page 217 of 300")
    expect(page.locator(".sheet img")).to_have_attribute("alt", re.compile("page 217 of wards.pdf: .*Quimby", re.DOTALL))
    expect(page.locator(".sheet .box").first).to_be_in_viewport()


# What is sent


def test_odd_files_are_refused_or_added_each_with_its_reason(open_page: Opened) -> None:
    page = open_page()
    good = {
        "..\\..\\etc\\passwd.txt": "passwd.txt",
        "\u202etxt.exe.txt": "\ufffdtxt.exe.txt",
        "\"quoted\" & 'so' <b>.txt": "\"quoted\" & 'so' <b>.txt",
        "\U0001f98a fox.txt": "\U0001f98a fox.txt",
        "l" * 300 + ".txt": "l" * 300 + ".txt",
        **{f"number {number}.txt": f"number {number}.txt" for number in range(12)},
    }
    large = {"name": "large.txt", "mimeType": "text/plain", "buffer": b"large " * (LARGEST // 5)}
    bad = [text_file("empty.txt", ""), text_file("README", ZWARG), large]
    send(page, *bad, *(text_file(name, f"{ZWARG} It is number {number}.") for number, name in enumerate(good)))
    expect(page.locator("#library .step.added, #library .step.refused")).to_have_count(20, timeout=PATIENCE)
    steps = page.locator("#library .step").all()
    said = {step.locator(".step-name").inner_text(): step.text_content() or "" for step in steps}
    assert said["empty.txt"].startswith("Not added: empty.txtempty.txt is empty: it has 0 bytes and no words.")
    assert said["README"].startswith("Not added: READMEREADME is of a kind that is not read here (no suffix).")
    assert said["large.txt"] == "Not added: large.txtIt is too large: 3.6 MB, and at most 3 MB are read. Split it."
    assert [name for name, words in said.items() if words.startswith("Added ")] == list(good.values())
    assert sorted(names(page)) == sorted(["immunotherapy.txt", *good.values()])
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_the_same_file_is_there_once_and_another_of_its_name_takes_its_place(open_page: Opened) -> None:
    page = open_page()
    steps = page.locator("#library .step.added")
    send(page, text_file("zwarg.txt", ZWARG))
    expect(steps).to_have_text(["Added zwarg.txt52 characters"])
    send(page, text_file("zwarg.txt", ZWARG))
    expect(steps).to_have_text(["Added zwarg.txtIt was here already."])
    send(page, text_file("zwarg.txt", "The zwarg is a large bird of the southern seas."))
    expect(steps).to_have_text(["Added zwarg.txt47 characters"])
    assert names(page) == ["immunotherapy.txt", "zwarg.txt"]
    expect(ask(page, "What is the zwarg?").locator(".statement")).to_contain_text("a large bird of the southern seas")
    expect(page.locator(".text")).not_to_contain_text("small animal")


def test_a_question_of_10_000_words_is_refused_and_kept_to_be_edited(open_page: Opened) -> None:
    page = open_page()
    question = "What is cell therapy? " + "word " * 10_000
    turn = ask(page, question)
    expect(turn.locator(".failure")).to_contain_text("too long")
    turn.get_by_role("button", name="Edit the question").click()
    field = turn.get_by_label("Put it otherwise")
    assert field.input_value().split() == question.split()
    field.fill("What is cell therapy?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn .statement").first).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)


# Browsers and tabs


def test_without_cookies_one_asks_but_adds_nothing(open_page: Opened, address: str) -> None:
    page = open_page()
    with urllib.request.urlopen(address) as reply:
        plain = reply.read().decode()
    page.context.clear_cookies()
    page.context.route(f"{address}/", lambda route: route.fulfill(body=plain, content_type="text/html"))
    page.reload()
    expect(page.locator("#talks .failure")).to_have_text(NO_COOKIES)
    expect(ask(page, "What is cell therapy?").locator(".statement").first).to_be_visible()
    send(page, text_file("zwarg.txt", ZWARG))
    expect(page.locator("#library .failure")).to_have_text(NO_COOKIES)
    expect(page.locator("#library .step")).to_have_count(0)
    assert names(page) == ["immunotherapy.txt"] and page.context.cookies() == []


def test_two_tabs_continue_one_conversation_and_a_deleted_one_is_not_brought_back(open_page: Opened) -> None:
    one = open_page()
    ask(one, "What is cell therapy?")
    other = open_page.another(one.context)
    other.goto(one.url)
    other.reload()
    expect(other.locator(".turn")).to_have_count(1)
    ask(one, "What are cytokines?")
    ask(other, "What is the capital of France?")
    expect(one.locator(".question")).to_have_text(["What is cell therapy?", "What are cytokines?"])
    other.reload()
    expect(other.locator(".question")).to_have_text(["What is cell therapy?", "What is the capital of France?"])

    line = other.locator(".talk")
    line.locator("summary").click()
    line.get_by_role("button", name=re.compile("Delete")).click()
    line.get_by_role("button", name=re.compile("Delete")).click()
    expect(other.locator(".open-talk")).to_have_count(0)
    turn = ask(one, "What is immunotherapy?")
    expect(turn.locator(".statement").first).to_be_visible()
    expect(one.locator("#talks .failure")).to_contain_text("This conversation has been deleted, here or in another tab.")
    expect(one.locator(".open-talk")).to_have_count(0)
    one.get_by_role("button", name="New conversation").click()
    expect(one.locator(".turn")).to_have_count(0)
    ask(one, "What is immunotherapy?")
    expect(one.locator(".open-talk")).to_have_text(["What is immunotherapy?"])


def test_what_is_left_out_while_files_are_added_stays_left_out(open_page: Opened) -> None:
    page = open_page()
    send(page, text_file("zwarg.txt", ZWARG), text_file("quokka.txt", QUOKKA))
    expect(page.locator("#library .step.added")).to_have_count(2)
    boxes = page.locator(".searched-in")
    send(page, *(text_file(f"more {number}.txt", f"{ZWARG} {number}") for number in range(3)))
    for name in ("zwarg.txt", "quokka.txt"):  # not where they stood a moment ago: the list grows
        page.get_by_label(f"Search in {name}").dispatch_event("click")
    expect(page.locator("#library .step.added")).to_have_count(3)
    expect(boxes).to_have_count(6)
    assert [box.is_checked() for box in boxes.all()] == [True, True, True, True, False, False]
    expect(ask(page, "Where does the quokka live?").locator(".decline")).to_be_visible()


def test_footnotes_chosen_in_quick_succession_show_the_last(open_page: Opened) -> None:
    page = open_page()
    send(page, text_file("zwarg.txt", f"{ZWARG} It is shy."), text_file("quokka.txt", QUOKKA))
    expect(page.locator("#library .step.added")).to_have_count(2)
    zwarg = ask(page, "What is the zwarg?").locator(".statement .marker").first
    cells = ask(page, "What is cell therapy?").locator(".statement .marker").first
    quokka = page.locator(".open-document", has_text="quokka")
    for last, *before in ((zwarg, cells), (cells, zwarg), (zwarg, quokka), (cells, zwarg, quokka, cells, zwarg)):
        quokka.click()
        expect(page.locator(".source")).to_have_attribute("data-document", "quokka.txt")
        for one in (*before, last):
            one.dispatch_event("click")
        page.wait_for_timeout(500)
        check_cited(page, last)


def test_no_forged_request_makes_the_program_fail(address: str) -> None:
    """`running` looks into its log in the end."""
    with urllib.request.urlopen(f"{address}/config") as reply:
        config = json.load(reply)
    odd = "\ud800"
    values = (odd, "\0", -1, 10**30, None, [odd], {odd: [odd]}, "../../etc/passwd", "What is cell therapy? " + odd)
    kinds = {one["id"]: one["type"] for one in config["components"]}
    theirs = [one for one in config["dependencies"] if one["backend_fn"]]
    ours = [(one, *target) for one in theirs for target in one["targets"] if target[1] in _EVENTS]
    assert {event for _, _, event in ours} == _EVENTS
    for one, trigger, event in ours:
        for value in values:
            data = [value if kinds[part] in ("textbox", "json") else None for part in one["inputs"]]
            carried = dict.fromkeys(_CARRIED, value) | {"files": [value, {"name": value}]}
            assert said_to(address, one["id"], data, trigger, carried)["success"], (event, value)


_EVENTS = {"show", "receive", "remove", "complain", "open", "change_talk", "discard", "export", "submit"}
_CARRIED = (
    *("document", "start", "end", "page", "view", "asked", "files", "turn", "passages", "answerable", "note"),
    *("conversation", "title", "sought", "form", "question", "searched_for", "again"),
)


def said_to(address: str, event: int, data: list[Any], trigger: int, carried: dict[str, Any]) -> dict[str, Any]:
    """Put an event into Gradio's queue as a browser does, and return what came of it in the end."""
    session = f"forged{time.monotonic_ns()}"
    body = {"data": data, "fn_index": event, "session_hash": session, "trigger_id": trigger, "event_data": carried}
    headers = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"{address}/gradio_api/queue/join", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked):
        pass
    with urllib.request.urlopen(f"{address}/gradio_api/queue/data?session_hash={session}", timeout=PATIENCE / 1000) as stream:
        for line in stream:
            said = json.loads(line.removeprefix(b"data: ")) if line.startswith(b"data: ") else {}
            if said.get("msg") == "process_completed":
                return said  # type: ignore[no-any-return]
    raise AssertionError("it has not ended")


# The program is stopped, or its model fails


@contextmanager
def program(data: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Start the program on a port, and kill it in the end if nobody has; it may not fail by itself."""
    log = data.parent / f"{time.monotonic_ns()}.log"
    command = [sys.executable, "app.py", "--port", str(port), "--data", str(data)]
    with log.open("w") as stream:
        process = subprocess.Popen(command, cwd=app.HERE, stdout=stream, stderr=subprocess.STDOUT, text=True)
    try:
        until = time.monotonic() + PATIENCE / 1000
        while "Footnote is at" not in log.read_text():
            assert process.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait(20)
        assert "Traceback" not in log.read_text(), log.read_text()


def fails(request: ChatRequest) -> Reply:
    """Reply as the question asks for."""
    asked = request.said("user")
    if "quota" in asked:
        return Status(429, "slow down")
    return Status(500, "oh no") if "server" in asked else Silence(60)


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    with ChatServer(fails) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "x")
        monkeypatch.setenv("FOOTNOTE_MODEL", "openai:scripted")
        monkeypatch.setenv("FOOTNOTE_TIMEOUT", "3")
        yield server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose program may go away, which browsers log as errors."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def test_a_program_that_is_stopped_loses_nothing_and_a_model_that_fails_says_so(
    page: Page, chat: ChatServer, tmp_path: Path
) -> None:
    data, port = tmp_path / "data", free_port()
    address = f"http://127.0.0.1:{port}"
    failures = page.locator(".turn .failure")
    lost = page.locator("#status .failure")
    box = page.locator("#question textarea")
    documents = page.locator("#library .open-document")
    questions = page.locator(".question")

    with program(data, port) as first:
        page.goto(address)
        turn = ask(page, "What is the quota of beds?")
        expect(failures).to_contain_text("takes no more requests for now")
        turn = ask(page, "What does the server do?")
        expect(turn.locator(".failure")).to_contain_text("failed on its own side")
        turn = ask(page, "What does silence do?")
        expect(turn.locator(".failure")).to_contain_text("did not reply in time")
        page.get_by_label("The document's own words").check()
        expect(ask(page, "What is cell therapy?").locator(".statement").first).to_be_visible()

        half = half_sent(address)
        until(lambda: any((data / "received").rglob("tmp*")))
        send(page, {"name": "wards.pdf", "mimeType": "application/pdf", "buffer": written_by_hand(ward_book(300))})
        expect(page.locator("#library .step.indexing")).to_be_visible()
        first.send_signal(signal.SIGKILL)
        first.wait(20)
    half.close()
    expect(lost).to_contain_text("Footnote does not answer.")
    box.fill("What are cytokines?")
    left = [path for folder in ("received", "uploads") for path in (data / folder).rglob("*") if path.suffix in ("", ".pdf")]
    assert any(path.is_file() for path in left)

    with program(data, port) as second:
        expect(questions).to_have_count(4)
        expect(lost).to_have_count(0)
        expect(box).to_have_value("What are cytokines?")
        expect(documents).to_have_text(["immunotherapy.txt"])
        assert not any(path.is_file() for path in left)
        send(page, text_file("zwarg.txt", ZWARG))
        expect(page.locator("#library .step.added")).to_contain_text("zwarg.txt")
        box.press("Enter")
        expect(page.locator(".turn").nth(4).locator(".status")).to_be_visible()
        second.send_signal(signal.SIGTERM)
        second.wait(20)
    expect(lost).to_contain_text("Footnote does not answer.")

    with program(data, port):
        expect(questions).to_have_count(4)
        expect(box).to_have_value("What are cytokines?")
        expect(documents).to_have_text(["immunotherapy.txt", "zwarg.txt"])
        page.get_by_label("The document's own words").check()
        box.press("Enter")
        expect(page.locator(".turn").nth(4).locator(".meta")).to_be_visible()
        page.reload()
        expect(questions).to_have_count(5)
        expect(box).to_have_value("")


def half_sent(address: str) -> socket.socket:
    """Begin to send a file, and return the connection that the rest would come by."""
    host, port = address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    head = '--x\r\nContent-Disposition: form-data; name="files"; filename="half.txt"\r\n\r\n'
    connection.sendall(
        f"POST /gradio_api/upload HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 1000000\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\n\r\n{head}{ZWARG * 1000}".encode()
    )
    return connection
