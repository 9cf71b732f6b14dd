"""The page without a browser: what it writes as HTML, what its events return, and what its command refuses."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from played import FakeEmbedder, FakeIndex, PlayedChain, Reading, answered, cite, declined, replied

import app
from assistant import Answer, Statement
from assistant.answer import Unsupported
from corpus import Document, load_document, make_document, split_passages
from corpus.errors import ModelError, QuestionError, SettingsError
from index import Settings
from page.blocks import STARTERS, Ending, PageEvents
from page.conversation import Exchange, render_conversation, render_status
from page.html import attributes, escape, shorten
from page.preparation import INDEXING, LOADING, Preparation
from page.source import render_no_source, render_source
from page.stepwise import stepwise

ROOT = Path(app.__file__).parent
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=\"alert('2')\"> &amp; [link](javascript:alert(3)) **bold** {{value}} ${value}"
)


@pytest.fixture(scope="module")
def article() -> Document:
    return load_document(app.SHIPPED / "immunotherapy.txt")


def pane(document: Document, **options: int) -> str:
    return render_source([document.name], document, split_passages(document), **options)


# Text as HTML


def test_escape_shows_the_same_characters_one_for_one() -> None:
    text = "a<b>&\"'\r\n\tÄ😀"
    assert Reading(f"<p>{escape(text)}</p>").text == text
    assert escape("\0\ud800") == "\ufffd\ufffd"
    assert "\r" not in escape("\r")


def test_attributes_are_quoted_and_switches_stand_bare() -> None:
    assert attributes(data_start=3, class_='a"b', hidden=True, selected=False) == ' data-start="3" class="a&quot;b" hidden'


def test_shorten_cuts_between_words() -> None:
    assert shorten("one  two\nthree", 99) == "one two three"
    assert shorten("one two, three", 9) == "one two …"


# The document


def test_the_pane_holds_exactly_the_characters_of_the_article_in_order(article: Document) -> None:
    assert Reading(pane(article), within="text").text == article.text


@given(st.text(alphabet=st.sampled_from("ab .\n\r-#<&>\"'`*(1)\té😀"), max_size=300), st.booleans())
def test_the_pane_holds_exactly_the_characters_of_any_text(text: str, markdown: bool) -> None:
    document = make_document("any.md", text, media_type="text/markdown" if markdown else "text/plain")
    assert Reading(pane(document), within="text").text == text


def test_every_sentence_of_every_passage_is_an_element_with_its_offsets(article: Document) -> None:
    spans = [span for passage in split_passages(article) for span in passage.sentences]
    found = [(int(s["data-start"] or ""), int(s["data-end"] or "")) for s in Reading(pane(article)).all("sentence")]
    whole = [span for span in found if span in spans]
    assert whole == [span for span in spans if "\n" not in article.text[slice(*span)]]
    # Fragments of a list are one quote, and an element in each item.
    (fragments,) = [span for span in spans if span not in whole]
    parts = [span for span in found if span not in whole]
    assert [article.text[slice(*part)] for part in parts] == [
        "Chinese name",
        "immunity therapy",
        "Foreign name",
        "Immunotherapy",
    ]
    assert (parts[0][0], parts[-1][1]) == fragments
    start, end = spans[0]
    assert f">{escape(article.text[start:end])}</span>" in pane(article)


def test_headings_items_and_their_marks_are_told_apart(article: Document) -> None:
    reading = Reading(pane(article))
    tags = [tag for tag, attrs in reading.elements if "heading" in (attrs.get("class") or "")]
    assert tags[0] == "h3" and set(tags) == {"h3", "h4"}
    assert len(reading.all("title")) == 1
    assert len(reading.all("item")) > 15
    assert all(item["role"] == "listitem" for item in reading.all("item"))


def test_nothing_of_a_hostile_document_becomes_an_element() -> None:
    document = make_document(
        f"{HOSTILE}.md", f"# {HOSTILE}\n\n{HOSTILE}. So it says.\n\n- {HOSTILE}", media_type="text/markdown"
    )
    passages = split_passages(document)
    shown = render_source([document.name, "other.txt"], document, passages)
    statement = cite(document, passages[0].text, heading=HOSTILE)
    carrying = replace(
        answered(statement, question=HOSTILE, searched_for=f"more {HOSTILE}"),
        notice=HOSTILE,
        unsupported=(Unsupported(HOSTILE, HOSTILE),),
        engine=HOSTILE,
        model=HOSTILE,
    )
    talk = render_conversation(
        [
            Exchange(HOSTILE, answered(statement, question=HOSTILE, searched_for=f"more {HOSTILE}")),
            Exchange(HOSTILE, carrying, searched_for=HOSTILE),
            Exchange(HOSTILE, declined(document)),
            Exchange(HOSTILE, replied(document, HOSTILE, HOSTILE)),
            Exchange(HOSTILE, failure=HOSTILE),
            Exchange(HOSTILE, waiting=HOSTILE, searched_for=HOSTILE),
            Exchange(HOSTILE, carrying, stopped=True),
        ],
        documents=2,
    )
    for html in (shown, talk, render_status(HOSTILE), render_status(HOSTILE, failed=True), render_no_source(HOSTILE)):
        reading = Reading(html)
        tags = {tag for tag, _ in reading.elements}
        assert not tags & {"script", "img", "a", "strong.bold"} and HOSTILE in reading.text
        assert not any(name.startswith("on") for _, attrs in reading.elements for name in attrs)
    assert Reading(shown, within="text").text == document.text
    marker = Reading(talk).all("marker")[0]
    assert (marker["data-document"], marker["data-heading"], marker["data-quote"]) == (document.name, HOSTILE, passages[0].text)


def test_with_several_documents_one_can_be_chosen_and_the_shown_one_is() -> None:
    document = make_document("b.txt", "Here it is.")
    reading = Reading(render_source(["a.txt", "b.txt"], document, split_passages(document)))
    options = [attrs for tag, attrs in reading.elements if tag == "option"]
    assert [option["value"] for option in options] == ["a.txt", "b.txt"]
    assert ["selected" in option for option in options] == [False, True]


def test_of_a_long_document_the_part_around_a_place_is_shown() -> None:
    text = "\n\n".join(f"Paragraph number {number} says a little something." for number in range(2000))
    document = make_document("long.txt", text)
    place = text.index("number 1500")
    html = pane(document, around=place, shown=5000)
    shown = Reading(html, within="text").text
    assert "number 1500 says" in shown and shown in text and len(shown) < 5100
    assert "of them shown" in html
    assert Reading(pane(document, around=len(text) - 1, shown=5000), within="text").text.endswith(
        "1999 says a little something."
    )
    assert Reading(pane(document, around=0, shown=5000), within="text").text.startswith("Paragraph number 0 ")


# What happens at an event


def chain_of(*statements: Statement, failure: Exception | None = None) -> PlayedChain:
    """Return a chain that says these one by one, or fails."""

    def play(asked: Mapping[str, object]) -> Iterator[Answer]:
        if failure is not None:
            raise failure
        for number in range(1, len(statements) + 1):
            yield answered(*statements[:number])

    return PlayedChain(play)


def make_events(index: FakeIndex, chain: PlayedChain, embedder: FakeEmbedder | None = None) -> PageEvents:
    embedder = embedder or FakeEmbedder()
    embedder.may_load.set()
    preparation = Preparation(index, embedder, app.SHIPPED)  # type: ignore[arg-type]
    preparation.start()
    return PageEvents(index, chain, preparation)  # type: ignore[arg-type]


def last(steps: Iterator[Any]) -> Any:
    *_, end = steps
    return end


def test_the_page_says_what_it_is_doing_until_it_is_ready() -> None:
    index, embedder = FakeIndex(), FakeEmbedder()
    preparation = Preparation(index, embedder, app.SHIPPED)  # type: ignore[arg-type]
    stages = preparation.stages()
    preparation.start()
    assert next(stages) == LOADING and not preparation.has_documents
    embedder.may_load.set()
    assert set(stages) <= {INDEXING, LOADING}
    assert preparation.has_documents and list(index.documents) == ["immunotherapy.txt"]


def test_documents_of_ones_own_are_not_mixed_with_the_article() -> None:
    index = FakeIndex(make_document("mine.txt", "Mine."))
    events = make_events(index, chain_of())
    status, source, shown, _ = list(events.opening())[-1]
    assert status == "" and shown == "mine.txt" and "Mine." in source and list(index.documents) == ["mine.txt"]


@pytest.mark.parametrize("failure", [ModelError("The weights are gone."), RuntimeError("surprise")])
def test_a_program_that_cannot_get_ready_says_so_and_does_not_wait_for_ever(
    failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda arguments: None)  # Python prints the traceback here
    events = make_events(FakeIndex(make_document("mine.txt", "Mine.")), chain_of(), FakeEmbedder(failure))
    status = list(events.opening())[-1][0]
    asked = last(events.converse(Exchange("What?"), (), None, None))[0]
    said = "The weights are gone." if isinstance(failure, ModelError) else "The terminal"
    assert "failure" in status and said in status
    assert said in asked[-1].failure


def test_an_answer_comes_statement_by_statement(article: Document) -> None:
    statements = [cite(article, "immunity therapy"), cite(article, "Cell therapy refers to", number=2)]
    chain = chain_of(*statements)
    steps = list(make_events(FakeIndex(article), chain).converse(Exchange("What is it?"), (), None, None))
    counts = [len(exchanges[-1].answer.statements) for exchanges, *_ in steps if exchanges[-1].answer is not None]
    assert counts == [1, 2, 2] and steps[-1][0][-1].waiting == "" and all(step[0][-1].waiting for step in steps[:-1])
    box = [step[2] for step in steps]
    assert (box[0]["value"], box[0]["stop_btn"]) == ("", "Stop"), "the question leaves its box at once"
    assert (box[-1]["submit_btn"], box[-1]["stop_btn"], "value" in box[-1]) == ("Ask", False, False)
    nothing = {"searched_for": "", "documents": None, "engine": None, "history": []}
    assert chain.asked == [{"question": "What is it?"} | nothing]


def test_a_follow_up_brings_the_conversation_and_the_scope(article: Document) -> None:
    chain = chain_of(cite(article, "immunity therapy"))
    events = make_events(FakeIndex(article), chain)
    before = last(events.converse(Exchange("What is it?"), (), None, None))[0]
    after = last(events.converse(Exchange("And then?", searched_for="What then?"), before, [article.name], "generative"))[0]
    assert [exchange.question for exchange in after] == ["What is it?", "And then?"]
    assert chain.asked[1]["documents"] == [article.name]
    assert (chain.asked[1]["searched_for"], chain.asked[1]["engine"]) == ("What then?", "generative")
    assert [turn.content for turn in chain.asked[1]["history"]] == ["What is it?", "immunity therapy"]


@pytest.mark.parametrize(("text", "said"), [("", "empty"), (" \n\t", "empty"), ("word " * 10_000, "too long")])
def test_what_cannot_be_asked_is_refused_in_the_page(article: Document, text: str, said: str) -> None:
    chain = chain_of(failure=AssertionError("not to be asked"))
    exchanges, html, *_ = last(make_events(FakeIndex(article), chain).converse(Exchange(text), (), None, None))
    assert said in exchanges[-1].failure and said in html and len(html) < 2000


def test_a_failure_of_the_chain_is_shown_and_does_not_end_the_conversation(article: Document) -> None:
    chain = chain_of(failure=QuestionError("Not like this."))
    exchanges, html, *_ = last(make_events(FakeIndex(article), chain).converse(Exchange("What?"), (), None, None))
    assert exchanges == (Exchange("What?", failure="Not like this."),) and "Not like this." in html


def test_what_does_not_come_to_its_end_leaves_no_question_waiting(article: Document) -> None:
    events = make_events(FakeIndex(article), chain_of())
    going = (Exchange("What?", answered(cite(article, "immunity therapy")), waiting="Looking it up …"),)
    (broken,), html, box, *_ = events.ended(going, Ending.BROKEN)
    assert not broken.waiting and broken.answer is None and "Something went wrong" in html and box["submit_btn"] == "Ask"
    (stopped,), html, *_ = events.ended(going, Ending.STOPPED)
    assert stopped.stopped and not stopped.waiting and stopped.answer == going[0].answer and "You stopped" in html
    nothing, html, _, welcome, fresh = events.ended(going, Ending.FORGOTTEN)
    assert (nothing, html, welcome["visible"], fresh["visible"]) == ((), "", True, False)
    over = (replace(going[0], waiting=""),)
    assert events.ended(over, Ending.STOPPED)[0] == over, "what was over already stays as it is"


def test_a_question_that_was_cut_off_does_not_wait_for_ever(article: Document) -> None:
    events = make_events(FakeIndex(article), chain_of(cite(article, "immunity therapy")))
    cut_off, asked = last(events.converse(Exchange("And?"), (Exchange("What?", waiting="Looking it up …"),), None, None))[0]
    assert cut_off.stopped and not cut_off.waiting
    assert asked.answer is not None and not asked.waiting


def test_work_that_is_left_is_closed_in_its_own_thread_and_not_waited_for() -> None:
    may_go_on, closed = threading.Event(), threading.Event()
    threads: list[int] = []

    def work() -> Generator[int, None, None]:
        try:
            threads.append(threading.get_ident())
            yield 1
            may_go_on.wait(20)
            yield 2
        except GeneratorExit:
            threads.append(threading.get_ident())
            closed.set()
            raise

    async def leave() -> int:
        steps = stepwise(work())
        first = await anext(steps)
        second = asyncio.ensure_future(anext(steps))
        await asyncio.sleep(0.05)
        second.cancel()
        await asyncio.wait([second])
        return first

    started = time.monotonic()
    assert asyncio.run(leave()) == 1
    assert time.monotonic() - started < 10 and not closed.is_set()
    may_go_on.set()
    assert closed.wait(10) and threads[0] == threads[1] != threading.get_ident()


def test_work_that_is_not_left_comes_whole_with_its_errors() -> None:
    def work() -> Generator[int, None, None]:
        yield 1
        yield 2
        raise QuestionError("Not like this.")

    async def follow() -> list[int]:
        came = []
        with pytest.raises(QuestionError, match="Not like this"):
            async for step in stepwise(work()):
                came.append(step)
        return came

    assert asyncio.run(follow()) == [1, 2]


def test_the_starters_are_five_and_no_two_alike() -> None:
    assert len(set(STARTERS)) == 5 and all(starter.endswith("?") for starter in STARTERS)


# The command


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_a_host_that_others_could_reach_is_refused_without_accounts(host: str) -> None:
    with pytest.raises(SettingsError, match="there are no accounts.*python -m page.accounts add NAME"):
        app.check_host(host, has_accounts=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_loopback_is_served_with_accounts_and_without(host: str) -> None:
    app.check_host(host, has_accounts=False)
    app.check_host(host, has_accounts=True)


def test_with_accounts_other_machines_are_served() -> None:
    app.check_host("0.0.0.0", has_accounts=True)
    with pytest.raises(SettingsError, match="--host is empty"):
        app.check_host("", has_accounts=True)


def test_the_page_goes_by_the_names_of_its_host_and_those_it_is_given() -> None:
    assert app.names_of("127.0.0.1", ["Docs.Example.org"]) == ["localhost", "docs.example.org"]
    own = socket.gethostname().lower()
    assert app.names_of("0.0.0.0", []) == ["localhost", "0.0.0.0", own, f"{own}.local"]
    with pytest.raises(SettingsError, match="--name is 'http://x'"):
        app.names_of("127.0.0.1", ["http://x"])


def test_the_hub_is_asked_only_where_a_model_may_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for changed, is_offline in (({}, True), ({"embedder": "other/model"}, False), ({"reader": "other/model"}, False)):
        for name in ("GRADIO_ANALYTICS_ENABLED", "HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
            monkeypatch.setenv(name, "as it was")
        app.stay_local(replace(Settings(), **changed))
        assert (os.environ["HF_HUB_OFFLINE"] == "1") is is_offline
        assert (os.environ["GRADIO_ANALYTICS_ENABLED"], os.environ["HF_HUB_DISABLE_TELEMETRY"]) == ("False", "1")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eighty", "80.5", ""])
def test_what_is_no_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        app.main(["--port", port])
    assert "is not a port" in capsys.readouterr().err


def run_app(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "app.py", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_a_port_in_use_is_one_paragraph_and_exit_code_1(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((app.DEFAULT_HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_app("--port", str(port), "--data", str(tmp_path / "data"))
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"error: Port {port} on 127.0.0.1 cannot be opened: Address already in use.")
    assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_other_machines_without_accounts_are_one_paragraph_and_exit_code_1(tmp_path: Path) -> None:
    done = run_app("--host", "0.0.0.0", "--data", str(tmp_path / "data"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("error: --host is '0.0.0.0', which other machines could reach, and there are no accounts")
    assert not (tmp_path / "data").exists()


def test_a_data_folder_of_something_else_is_one_paragraph_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with socket.socket() as free:
        free.bind((app.DEFAULT_HOST, 0))
        port = free.getsockname()[1]
    done = run_app("--port", str(port), "--data", str(tmp_path))
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("error: ") and "thesis.docx" in done.stderr
    assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]
