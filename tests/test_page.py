"""The page in a real browser: the real program, its real index and models, and what a person does with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from browsing import PATIENCE, PHONE, Opened, ask, check_cited
from served import served

import app
from corpus import load_document, make_document
from index import PassageIndex, SentenceTransformerEmbeddings

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[test]'")
expect = playwright.expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page") / "data"


@pytest.fixture(scope="module")
def address(data: Path, browser: playwright.Browser) -> Iterator[str]:
    """Start the program on an empty data folder, as a person does after cloning it."""
    with served(data) as url:
        yield url


@pytest.fixture(scope="module")
def hosts() -> set[str]:
    """Every host that any page of this file has sent a request to."""
    return set()


@pytest.fixture
def open_page(browser: playwright.Browser, address: str, hosts: set[str]) -> Iterator[Opened]:
    """Open the page in a browser context of its own; its script may not fail."""
    with Opened(browser, address, hosts) as opened:
        yield opened


def test_a_question_asked_at_once_is_answered_when_the_page_is_ready(open_page) -> None:
    page = open_page()
    expect(page).to_have_title("Footnote")
    expect(page.get_by_role("heading", name="Ask the document.")).to_be_visible()
    page.get_by_role("button", name="What do molecular vaccines include?").click()
    turn = page.locator(".turn")
    expect(turn.get_by_role("heading", name="What do molecular vaccines include?")).to_be_visible()
    expect(turn.locator(".statement").first).to_be_visible(timeout=PATIENCE)
    expect(turn.locator(".meta")).to_contain_text("confidence")
    expect(turn.locator(".answer")).to_contain_text("DNA vaccines")
    expect(page.locator("#status .status")).to_have_count(0)
    expect(page.locator("#scope, #engine")).to_have_count(0)  # one document, one engine: nothing to choose
    expect(page.get_by_role("heading", name="Ask the document.")).to_be_hidden()
    assert page.locator(".text").evaluate("e => e.textContent") == load_document(app.SHIPPED / "immunotherapy.txt").text


def test_a_click_on_a_marker_shows_the_cited_sentence(open_page) -> None:
    page = open_page()
    turn = ask(page, "What is stem cell transplantation?")
    for number in range(turn.locator(".statement .marker").count()):
        marker = turn.locator(".statement .marker").nth(number)
        marker.click()
        check_cited(page, marker)
        expect(marker).to_have_class(re.compile("is-chosen"))


def test_the_keyboard_alone_shows_the_quote_and_then_its_place(open_page) -> None:
    page = open_page()
    turn = ask(page, "What do immunosuppressants do?")
    marker = turn.get_by_role("button", name="Footnote 1: show it in the source").first
    page.get_by_role("button", name="New conversation").focus()
    page.keyboard.press("Tab")
    expect(marker).to_be_focused()
    tip = page.get_by_role("tooltip")
    expect(tip).to_contain_text(marker.get_attribute("data-quote"))
    expect(tip).to_contain_text("immunotherapy.txt")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.keyboard.press("Enter")
    check_cited(page, marker)


def test_what_the_document_does_not_say_is_declined_with_the_closest_passages(open_page) -> None:
    page = open_page()
    turn = ask(page, "What is the capital of France?")
    expect(turn).to_contain_text("The document does not say.")
    expect(turn.get_by_role("heading", name="Closest passages")).to_be_visible()
    expect(turn.locator(".marker")).to_have_count(0)
    turn.locator(".closest").first.click()
    expect(page.locator(".text .is-near").first).to_be_in_viewport()
    expect(page.locator(".text .is-cited")).to_have_count(0)


def test_each_of_the_closest_passages_is_scrolled_to_where_its_heading_is_an_item_of_a_list_too(open_page) -> None:
    page = open_page()
    turn = ask(page, "How are vaccines stored?")
    expect(turn.locator(".notice")).to_have_text("The nearest passage says nothing of “stored”.")
    assert turn.locator(".closest").count() == 3
    for passage in turn.locator(".closest").all():
        passage.click()
        expect(passage).to_have_class(re.compile("is-chosen"))
        expect(page.locator(".text .is-near:visible").first).to_be_in_viewport()


def test_what_cannot_be_asked_looks_like_a_failure(open_page) -> None:
    page = open_page()
    turn = ask(page, "why " * 10_000)
    expect(turn.get_by_role("alert")).to_contain_text("The question is too long: 10,000 words")
    expect(turn.locator(".answer")).to_have_count(0)


def test_two_people_keep_their_own_conversations(open_page) -> None:
    one, other = open_page(), open_page()
    ask(one, "What is cell therapy?")
    ask(other, "What is the capital of France?")
    ask(one, "What are cytokines?")
    assert one.locator(".question").all_text_contents() == ["What is cell therapy?", "What are cytokines?"]
    assert other.locator(".question").all_text_contents() == ["What is the capital of France?"]
    one.get_by_role("button", name="New conversation").click()
    expect(one.locator(".turn")).to_have_count(0)
    expect(one.get_by_role("button", name="What is immunotherapy?")).to_be_visible()
    expect(other.locator(".turn")).to_have_count(1)


def test_on_a_phone_the_source_is_below_and_there_is_a_way_back(open_page) -> None:
    page = open_page(PHONE)
    turn = ask(page, "What is molecular therapy?")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    marker = turn.locator(".statement .marker").first
    marker.click()
    check_cited(page, marker)
    page.get_by_role("button", name="Back to the answer").click()
    expect(marker).to_be_in_viewport()
    expect(marker).to_be_focused()


def test_a_program_gets_the_same_answer_with_its_citations(open_page, address: str) -> None:
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    client = Client(address, verbose=False)
    answer = client.predict("What is cell therapy?", None, ["immunotherapy.txt"], api_name="/ask")
    assert answer["outcome"] == "answered"
    citation = answer["statements"][0]["citations"][0]
    text = load_document(app.SHIPPED / "immunotherapy.txt").text
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    with pytest.raises(AppError, match="no document called 'nothing.txt'"):
        client.predict("What is cell therapy?", None, ["nothing.txt"], api_name="/ask")


class StandIn:
    """Has the default model's name and digest, and gives vectors of no meaning: words alone find what is added with it."""

    def __init__(self) -> None:
        self.name, self.fingerprint = (model := SentenceTransformerEmbeddings()).name, model.fingerprint

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        vectors = np.random.default_rng(1).normal(size=(len(texts), 384)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_a_hostile_document_added_meanwhile_is_shown_as_text_and_does_nothing(open_page, data: Path) -> None:
    attack = "<img src=x onerror=\"document.title='broken into'\"><script>document.title='broken into'</script>"
    name = "<img src=x onerror=alert(1)>.md"
    text = f"# Quokkas {attack}\r\n\r\nThe quokka {attack} lives on Rottnest Island **bold** {{{{value}}}} ${{value}}.\r\n"
    index = PassageIndex(data, StandIn())
    index.add([make_document(name, text, media_type="text/markdown")])
    index.close()

    page = open_page()
    turn = ask(page, f"Where does the quokka live {attack}?")
    page.get_by_label("Document shown").select_option(name)
    expect(page.locator(".text")).to_contain_text("Rottnest Island")
    assert page.locator(".text").evaluate("e => e.textContent") == text
    place = turn.locator(".statement .marker, .closest").first
    place.hover()
    place.click()
    expect(page.locator(".is-cited, .is-near").first).to_be_in_viewport()
    assert page.locator("#page img, #page script, .footnote-tip img").count() == 0
    expect(page).to_have_title("Footnote")

    # A footnote into the document that is not shown brings it back, and the choice of where to search is there.
    page.get_by_label("Document shown").select_option("immunotherapy.txt")
    expect(page.locator(".text .title")).to_have_text("What is Immunotherapy?")
    page.get_by_label(f"Search in {name}").uncheck()
    turn = ask(page, "What is cell therapy?")
    page.get_by_label("Document shown").select_option(name)
    expect(page.locator(".text")).to_contain_text("Rottnest Island")
    marker = turn.locator(".statement .marker").first
    marker.click()
    expect(page.get_by_label("Document shown")).to_have_value("immunotherapy.txt")
    check_cited(page, marker)


def test_no_request_has_gone_to_another_host(hosts: set[str], address: str) -> None:
    assert hosts == {address.removeprefix("http://")}
