"""What answers carry, in a real browser: what was looked up, replies, options, notices, what was left out, stopping, engines.

The page is the real one, in this process; its chain plays the answers, so that each test decides what comes and when.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from browsing import begin, begin_by, until
from played import FakeIndex, PlayedChain, answered, cite, declined, played_events, replied

import app
from assistant import Answer
from assistant.answer import Unsupported
from corpus import load_document

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[test]'")
expect = playwright.expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio.queueing"),  # of pandas, at every question
]

PATIENCE = 20_000  # milliseconds; nothing is loaded here
ARTICLE = load_document(app.SHIPPED / "immunotherapy.txt")
CELLS, STEM = "Cell therapy refers to the introduction of cellular preparations", "Stem cell transplantation"
HOSTILE = "<img src=x onerror=\"document.title='broken into'\"><b>bold</b>"
FALLEN = "The model ollama:llama could not be reached; the document's own sentences answer instead."


class Played(PlayedChain):
    """Answers by the question's first word; `go_on` lets an answer that has begun come to its end."""

    def __init__(self) -> None:
        super().__init__(self.answers, engines=("extractive", "generative"))
        self.go_on = threading.Event()

    def answers(self, asked: Mapping[str, Any]) -> Iterator[Answer]:
        question = asked["question"]
        searched_for = asked["searched_for"] or question
        first, second = cite(ARTICLE, CELLS), cite(ARTICLE, STEM, number=2)
        whole = answered(first, second, question=question, searched_for=searched_for)
        match question.split()[0].strip(",?"):
            case "And":
                yield replace(whole, searched_for=asked["searched_for"] or "What is cell therapy used for?")
            case "Hello":
                yield replied(ARTICLE, f"Hello. Ask me what the document says.\n{HOSTILE}", question=question)
            case "How":
                options = ("How much is cell therapy?", f"How much is {HOSTILE}?")
                yield replied(ARTICLE, "That could be asked of two things. Which do you mean?", *options, question=question)
            case "Slowly":
                yield replace(whole, statements=(first,))
                while not self.go_on.wait(0.05):  # a model between two statements: nothing new, and a chance to be closed
                    yield replace(whole, statements=(first,))
                yield whole
            case "Silent":
                self.go_on.wait(30)
                yield whole
            case "Left":
                left = (Unsupported("It costs 3 euros.", "“3” does not occur in its quote."), Unsupported(HOSTILE, HOSTILE))
                yield replace(whole, unsupported=left, notice=FALLEN, engine="generative", model="openai:gpt")
            case "Broken":
                yield replace(whole, statements=(first,))
                raise RuntimeError("surprise")
            case "Nothing":
                yield declined(ARTICLE, question)
            case _:
                yield whole


@pytest.fixture(scope="module")
def chain() -> Played:
    return Played()


@pytest.fixture(scope="module")
def address(chain: Played, browser: playwright.Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from page.blocks import Scripts, build_blocks, page_theme

    events = played_events(FakeIndex(ARTICLE), chain, tmp_path_factory.mktemp("played"))
    blocks = build_blocks(events, chain.engines, Scripts.read(app.ASSETS))
    _, url, _ = blocks.launch(
        server_name="127.0.0.1",
        theme=page_theme(),
        css_paths=[app.ASSETS / "page.css"],
        footer_links=[],
        prevent_thread_lock=True,
        quiet=True,
        ssr_mode=False,
    )
    yield url
    blocks.close(verbose=False)


@pytest.fixture
def page(browser: playwright.Browser, address: str, chain: Played) -> Iterator[playwright.Page]:
    """One page in a browser of its own; its script may not fail."""
    chain.go_on.clear()
    chain.asked.clear()
    chain.closed.clear()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    errors: list[str] = []
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(address)
    expect(page.locator(".text .title")).to_be_visible()
    yield page
    chain.go_on.set()
    context.close()
    assert errors == []


def ask(page: playwright.Page, question: str) -> playwright.Locator:
    """Ask by keyboard and return the turn once it is over."""
    turn = begin(page, question)
    expect(turn.locator(".status")).to_have_count(0)
    return turn


# What was looked up


def test_what_was_searched_for_is_edited_by_keyboard_and_asked_again(page: playwright.Page, chain: Played) -> None:
    turn = ask(page, "And what for?")
    expect(turn.locator(".searched")).to_have_text("Searching for: What is cell therapy used for? Edit")
    page.get_by_role("button", name="New conversation").focus()
    page.keyboard.press("Tab")
    edit = turn.get_by_role("button", name="Edit what is searched for")
    expect(edit).to_be_focused()
    expect(edit).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    field = turn.get_by_role("textbox", name="Search for")
    expect(field).to_be_focused()
    expect(field).to_have_value("What is cell therapy used for?")
    page.keyboard.type(f"What are {HOSTILE} for?")
    page.keyboard.press("Enter")
    again = page.locator(".turn").nth(1)
    expect(again.get_by_role("heading", name="And what for?")).to_be_visible()
    expect(again.locator(".searched")).to_have_text(f"Searching for: What are {HOSTILE} for? as you put it Edit")
    expect(again.locator(".meta")).to_be_visible()
    expect(field).to_be_hidden()
    assert [(one["question"], one["searched_for"]) for one in chain.asked] == [
        ("And what for?", ""),
        ("And what for?", f"What are {HOSTILE} for?"),
    ]
    assert page.locator("#conversation img, #conversation b").count() == 0
    expect(page).to_have_title("Footnote")


def test_escape_leaves_what_was_searched_for_as_it_was(page: playwright.Page, chain: Played) -> None:
    turn = ask(page, "And what for?")
    edit = turn.get_by_role("button", name="Edit what is searched for")
    edit.click()
    field = turn.get_by_role("textbox", name="Search for")
    field.fill("something else")
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(edit).to_be_focused()
    edit.click()
    expect(field).to_have_value("What is cell therapy used for?")
    field.fill("   ")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    assert len(chain.asked) == 1


def test_the_next_question_brings_what_was_searched_for_and_cited(page: playwright.Page, chain: Played) -> None:
    ask(page, "And what for?")
    ask(page, "Hello there")
    ask(page, "What else?")
    asked, answer, greeting, reply = chain.asked[2]["history"]
    assert (asked.content, greeting.content) == ("And what for?", "Hello there")
    assert answer.searched_for == "What is cell therapy used for?"
    start = ARTICLE.text.index(CELLS)
    assert answer.citations[0] == ("immunotherapy.txt", start, start + len(CELLS))
    assert reply.content.startswith("Hello. Ask me") and reply.citations == ()


# Footnote's own words


def test_a_reply_of_footnotes_own_looks_like_nothing_else(page: playwright.Page) -> None:
    turn = ask(page, "Hello there")
    reply = turn.locator(".reply")
    expect(reply).to_contain_text("Ask me what the document says.")
    expect(reply).to_contain_text(HOSTILE)
    assert page.locator("#conversation img, #conversation b").count() == 0
    expect(turn.locator(".statement, .decline, .failure, .closest, .marker, .meta, .confidence")).to_have_count(0)
    said = ask(page, "What is it?").locator(".statement").first
    look = "element => { const s = getComputedStyle(element); return [s.fontFamily, s.backgroundColor] }"
    assert reply.locator("p").last.evaluate(look)[0] != said.evaluate(look)[0]
    assert reply.evaluate(look)[1] != said.evaluate(look)[1]


def test_an_option_asks_its_question_by_mouse_and_by_keyboard(page: playwright.Page, chain: Played) -> None:
    turn = ask(page, "How much is it?")
    first, second = turn.locator(".option").all()
    expect(first).to_have_text("How much is cell therapy?")
    expect(begin_by(page, first.click).locator(".option")).to_have_count(2)
    expect(begin_by(page, lambda: second.press("Enter")).locator(".option")).to_have_count(2)
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator(".turn").nth(2).get_by_role("heading")).to_have_text(f"How much is {HOSTILE}?")
    assert [one["question"] for one in chain.asked] == ["How much is it?", first.inner_text(), second.inner_text()]
    assert chain.asked[1]["history"][1].content == "That could be asked of two things. Which do you mean?"


def test_while_an_answer_is_made_no_other_is_begun(page: playwright.Page, chain: Played) -> None:
    options = ask(page, "How much is it?").locator(".option")
    begin(page, "Slowly, what is it?")
    expect(page.locator(".turn").nth(1).locator(".statement")).to_have_count(1)
    options.first.click()
    page.get_by_label("Question").fill("And this?")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.get_by_label("Question")).to_have_value("And this?")
    chain.go_on.set()
    expect(page.locator(".turn").nth(1).locator(".meta")).to_be_visible()
    assert [one["question"] for one in chain.asked] == ["How much is it?", "Slowly, what is it?"]
    expect(page.get_by_label("Question")).to_have_value("And this?")


# Notices and what was left out


def test_what_was_left_out_is_folded_and_marked_and_no_answer(page: playwright.Page) -> None:
    turn = ask(page, "Left out?")
    expect(turn.locator(".notice")).to_have_text(FALLEN)
    fold = turn.get_by_text("Left out: 2 statements that the source does not support")
    claim = turn.get_by_text("It costs 3 euros.")
    expect(claim).to_be_hidden()
    fold.focus()
    page.keyboard.press("Enter")
    expect(claim).to_be_visible()
    expect(turn.get_by_text("“3” does not occur in its quote.")).to_be_visible()
    expect(turn.get_by_text("Unsupported", exact=True)).to_have_count(2)
    expect(turn.locator(".unsupported")).to_contain_text(HOSTILE)
    assert turn.locator("img, b, .unsupported .marker, .statement .claim").count() == 0
    assert "line-through" in claim.evaluate("element => getComputedStyle(element).textDecorationLine")
    expect(turn.locator(".meta")).to_contain_text("Written by openai:gpt")


# Stopping


def test_stop_ends_the_chains_work_and_keeps_what_was_verified(page: playwright.Page, chain: Played) -> None:
    turn = begin(page, "Slowly, what is it?")
    expect(turn.locator(".statement")).to_have_count(1)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Stop").click()
    expect(turn.locator(".stopped")).to_have_text("You stopped this answer: what had been found until then stands above.")
    until(lambda: chain.closed == ["Slowly, what is it?"])
    expect(turn.locator(".statement")).to_have_count(1)
    expect(turn.locator(".footnotes li")).to_have_count(1)
    expect(turn.locator(".status, .failure, .meta")).to_have_count(0)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()

    after = ask(page, "What is it?")
    expect(after.locator(".statement")).to_have_count(2)
    expect(turn.locator(".stopped")).to_be_visible()
    assert [one.content for one in chain.asked[1]["history"]] == ["Slowly, what is it?", CELLS]


def test_a_silent_model_is_left_at_once_and_closed_when_it_speaks(page: playwright.Page, chain: Played) -> None:
    turn = begin(page, "Silent, are you?")
    page.get_by_role("button", name="Stop").focus()
    started = time.monotonic()
    page.keyboard.press("Enter")
    expect(turn.locator(".stopped")).to_have_text("You stopped this answer.")
    assert time.monotonic() - started < 5
    expect(turn.locator(".decline, .statement, .failure")).to_have_count(0)
    expect(page.get_by_label("Question")).to_be_focused()
    assert chain.closed == []
    expect(ask(page, "What is it?").locator(".statement")).to_have_count(2)
    assert chain.asked[1]["history"] == []
    chain.go_on.set()
    until(lambda: chain.closed == ["Silent, are you?"])
    expect(page.locator(".turn")).to_have_count(2)


def test_a_new_conversation_ends_the_answer_that_is_being_made(page: playwright.Page, chain: Played) -> None:
    turn = begin(page, "Slowly, what is it?")
    expect(turn.locator(".statement")).to_have_count(1)
    page.get_by_role("button", name="New conversation").click()
    until(lambda: chain.closed == ["Slowly, what is it?"])
    expect(page.get_by_role("heading", name="Ask the document.")).to_be_visible()
    page.wait_for_timeout(300)
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    ask(page, "What is it?")
    expect(page.locator(".turn")).to_have_count(1)


def test_an_error_that_nobody_foresaw_is_no_stop(page: playwright.Page, chain: Played) -> None:
    turn = begin(page, "Broken?")
    expect(turn.get_by_role("alert")).to_contain_text("Something went wrong inside Footnote")
    expect(turn.locator(".stopped, .statement, .status")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(ask(page, "What is it?").locator(".statement")).to_have_count(2)


# The engine


def test_who_writes_is_chosen_for_the_conversation(page: playwright.Page, chain: Played) -> None:
    choice = page.get_by_role("group").filter(has_text="Written by")
    expect(choice).to_be_visible()
    expect(choice.get_by_label("The document's own words")).to_be_checked()
    ask(page, "What is it?")
    choice.get_by_label("A chat model").check()
    ask(page, "What is it?")
    ask(page, "How much is it?").locator(".option").first.click()
    until(lambda: len(chain.asked) == 4)
    assert [one["engine"] for one in chain.asked] == ["extractive", "generative", "generative", "generative"]
    page.wait_for_timeout(200)
