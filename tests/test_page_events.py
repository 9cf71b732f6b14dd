"""What the page does at each event, without a browser: what comes in, and what goes out."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio import Request
from played import FakeEmbedder, FakeIndex, PlayedChain, answered, cite, played_events

import app
from assistant import Answer, Statement
from corpus import Document, make_document
from corpus.errors import FootnoteError, ModelError, QuestionError
from page.blocks import STARTERS
from page.conversation import Exchange
from page.events import Ending, PageEvents
from page.preparation import INDEXING, LOADING, Preparation
from page.stepwise import stepwise


def chain_of(*statements: Statement, failure: Exception | None = None) -> PlayedChain:
    """Return a chain that says these one by one, or fails."""

    def play(asked: Mapping[str, object]) -> Iterator[Answer]:
        if failure is not None:
            raise failure
        for number in range(1, len(statements) + 1):
            yield answered(*statements[:number])

    return PlayedChain(play)


@pytest.fixture
def make_events(tmp_path: Path) -> Callable[..., PageEvents]:
    """Return what makes the events of a page over an index and a chain."""

    def make(index: FakeIndex, chain: PlayedChain, embedder: FakeEmbedder | None = None) -> PageEvents:
        if embedder is not None:
            embedder.may_load.set()
        return played_events(index, chain, tmp_path, embedder)

    return make


def nobody() -> Request:
    """Return a request of a browser that keeps no cookies."""
    return Request(username=None, cookies={})  # type: ignore[arg-type]


def converse(events: PageEvents, *asked: Any) -> Iterator[Any]:
    return events.converse(events.person(nobody()), *asked)


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


def test_the_models_of_the_first_questions_are_loaded_after_the_page_is_ready() -> None:
    ready, loaded = threading.Event(), threading.Event()

    def rehearse() -> None:
        assert ready.wait(10)
        loaded.set()
        raise ModelError("Whoever asks is told.")

    embedder = FakeEmbedder()
    embedder.may_load.set()
    preparation = Preparation(FakeIndex(), embedder, app.SHIPPED, rehearse)  # type: ignore[arg-type]
    preparation.start()
    preparation.wait()
    ready.set()
    assert loaded.wait(10) and preparation.failure == ""


def test_nothing_is_rehearsed_where_nothing_can_be_asked() -> None:
    embedder, rehearsed = FakeEmbedder(ModelError("No model.")), threading.Event()
    embedder.may_load.set()
    preparation = Preparation(FakeIndex(), embedder, app.SHIPPED, rehearsed.set)  # type: ignore[arg-type]
    preparation.start()
    with pytest.raises(FootnoteError, match="No model"):
        preparation.wait()
    assert not rehearsed.wait(0.2)


def test_the_conversations_come_once_while_the_page_gets_ready() -> None:
    """One that was opened by its link meanwhile would be lost from the list again."""
    embedder = FakeEmbedder()
    steps = played_events(FakeIndex(), chain_of(), Path("unused"), embedder).opening(nobody())
    first = next(steps)
    embedder.may_load.set()
    later = list(steps)
    assert 'class="talks"' in first[-1] and later
    assert all(step[-1] == gr.skip() for step in later)


def test_documents_of_ones_own_are_not_mixed_with_the_article(make_events: Callable[..., PageEvents]) -> None:
    index = FakeIndex(make_document("mine.txt", "Mine."))
    events = make_events(index, chain_of())
    status, source, shown, *_ = list(events.opening(nobody()))[-1]
    assert status == "" and shown == "mine.txt" and "Mine." in source and list(index.documents) == ["mine.txt"]


@pytest.mark.parametrize("failure", [ModelError("The weights are gone."), RuntimeError("surprise")])
def test_a_program_that_cannot_get_ready_says_so_and_does_not_wait_for_ever(
    failure: Exception, monkeypatch: pytest.MonkeyPatch, make_events: Callable[..., PageEvents]
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda arguments: None)  # Python prints the traceback here
    events = make_events(FakeIndex(make_document("mine.txt", "Mine.")), chain_of(), FakeEmbedder(failure))
    status = list(events.opening(nobody()))[-1][0]
    asked = last(converse(events, Exchange("What?"), (), None, None))[0]
    said = "The weights are gone." if isinstance(failure, ModelError) else "The terminal"
    assert "failure" in status and said in status
    assert said in asked[-1].failure


def test_an_answer_comes_statement_by_statement(article: Document, make_events: Callable[..., PageEvents]) -> None:
    statements = [cite(article, "immunity therapy"), cite(article, "Cell therapy refers to", number=2)]
    chain = chain_of(*statements)
    steps = list(converse(make_events(FakeIndex(article), chain), Exchange("What is it?"), (), None, None))
    counts = [len(exchanges[-1].answer.statements) for exchanges, *_ in steps if exchanges[-1].answer is not None]
    assert counts == [1, 2, 2] and steps[-1][0][-1].waiting == "" and all(step[0][-1].waiting for step in steps[:-1])
    box = [step[2] for step in steps]
    assert (box[0]["value"], box[0]["stop_btn"]) == ("", "Stop"), "the question leaves its box at once"
    assert (box[-1]["submit_btn"], box[-1]["stop_btn"], "value" in box[-1]) == ("Ask", False, False)
    nothing = {"searched_for": "", "documents": None, "engine": None, "history": []}
    assert chain.asked == [{"question": "What is it?"} | nothing]


def test_a_follow_up_brings_the_conversation_and_the_scope(article: Document, make_events: Callable[..., PageEvents]) -> None:
    chain = chain_of(cite(article, "immunity therapy"))
    events = make_events(FakeIndex(article), chain)
    before = last(converse(events, Exchange("What is it?"), (), None, None))[0]
    after = last(converse(events, Exchange("And then?", searched_for="What then?"), before, [article.name], "generative"))[0]
    assert [exchange.question for exchange in after] == ["What is it?", "And then?"]
    assert chain.asked[1]["documents"] == [article.name]
    assert (chain.asked[1]["searched_for"], chain.asked[1]["engine"]) == ("What then?", "generative")
    assert [turn.content for turn in chain.asked[1]["history"]] == ["What is it?", "immunity therapy"]


@pytest.mark.parametrize(("text", "said"), [("", "empty"), (" \n\t", "empty"), ("word " * 10_000, "too long")])
def test_what_cannot_be_asked_is_refused_in_the_page(
    article: Document, text: str, said: str, make_events: Callable[..., PageEvents]
) -> None:
    chain = chain_of(failure=AssertionError("not to be asked"))
    exchanges, html, *_ = last(converse(make_events(FakeIndex(article), chain), Exchange(text), (), None, None))
    assert said in exchanges[-1].failure and said in html and len(html) < len(text) + 2500  # it is kept to be edited


def test_a_failure_of_the_chain_is_shown_and_does_not_end_the_conversation(
    article: Document, make_events: Callable[..., PageEvents]
) -> None:
    chain = chain_of(failure=QuestionError("Not like this."))
    exchanges, html, *_ = last(converse(make_events(FakeIndex(article), chain), Exchange("What?"), (), None, None))
    assert exchanges == (Exchange("What?", failure="Not like this."),) and "Not like this." in html


def test_what_does_not_come_to_its_end_leaves_no_question_waiting(
    article: Document, make_events: Callable[..., PageEvents]
) -> None:
    events = make_events(FakeIndex(article), chain_of())
    going = (Exchange("What?", answered(cite(article, "immunity therapy")), waiting="Looking it up …"),)
    (broken,), html, box, *_ = events.ended(going, Ending.BROKEN, None, nobody())
    assert not broken.waiting and broken.answer is None and "Something went wrong" in html and box["submit_btn"] == "Ask"
    (stopped,), html, *_ = events.ended(going, Ending.STOPPED, None, nobody())
    assert stopped.stopped and not stopped.waiting and stopped.answer == going[0].answer and "You stopped" in html
    nothing, html, _, welcome, fresh, *_ = events.ended(going, Ending.FORGOTTEN, None, nobody())
    assert (nothing, html, welcome["visible"], fresh["visible"]) == ((), "", True, False)
    over = (replace(going[0], waiting=""),)
    assert events.ended(over, Ending.STOPPED, None, nobody())[0] == over, "what was over already stays as it is"


def test_a_question_that_was_cut_off_does_not_wait_for_ever(article: Document, make_events: Callable[..., PageEvents]) -> None:
    events = make_events(FakeIndex(article), chain_of(cite(article, "immunity therapy")))
    cut_off, asked = last(converse(events, Exchange("And?"), (Exchange("What?", waiting="Looking it up …"),), None, None))[0]
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
