"""The page in Gradio: its components, and what happens at each event. Nothing here is shared between two people but the
index and the chain; a conversation lives in its own session.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import gradio as gr

from assistant import AnswerChain, Question
from corpus.errors import FootnoteError
from index import PassageIndex
from page.answer import writer
from page.conversation import Exchange, history, render_conversation, render_status
from page.preparation import Preparation
from page.source import render_no_source, render_source
from page.stepwise import stepwise

STARTERS = (
    "What is immunotherapy?",
    "How is immunotherapy classified?",
    "What do molecular vaccines include?",
    "Which drugs suppress the immune system?",
    "What is the price of a course of treatment?",  # the article does not say, and a person should see what happens then
)
EVERYWHERE, SHOWN_ONLY = "All documents", "Only the one shown"
SEARCHING = "Looking it up …"
BROKEN = "Something went wrong inside Footnote; the terminal it was started in says what. Ask again, or start it again."

_MASTHEAD = (
    '<header class="masthead"><h1>Footnote<sup aria-hidden="true">1</sup></h1>'
    "<p>Answers that show where it says so</p></header>"
)
_WELCOME = (
    '<div class="welcome"><h2>Ask the document.</h2><p>Every sentence of an answer carries a footnote to the exact words of '
    "the source. Select a number, and see them there. What the document does not say, you are told so.</p></div>"
)
_AT_ONCE = 40  # questions and clicks that are worked on together; more wait their turn
_ASK: dict[str, Any] = {"submit_btn": "Ask", "stop_btn": False}
_STOP: dict[str, Any] = {"submit_btn": False, "stop_btn": "Stop"}

Exchanges = tuple[Exchange, ...]
Talk = tuple[Exchanges, str, Any, Any, Any]
"""What a question changes: the conversation, its HTML, the box with its button, the welcome, "New conversation"."""


class Ending(StrEnum):
    """Why a question that is being answered ends before it is."""

    BROKEN = "broken"
    STOPPED = "stopped"
    FORGOTTEN = "forgotten"


class PageEvents:
    """What the page does at each event. Keeps nothing of a session: that comes in and goes out."""

    def __init__(self, index: PassageIndex, chain: AnswerChain, preparation: Preparation) -> None:
        self._index = index
        self._chain = chain
        self._preparation = preparation

    def names(self) -> list[str]:
        """Return the names of all documents; none while they are still being indexed."""
        return [record.name for record in self._index.records()] if self._preparation.has_documents else []

    def source(self, name: str | None, start: int = 0) -> tuple[str, str | None]:
        """Return the pane of a document (the first one by default), and the name of what it shows."""
        try:
            names = self.names()
            shown = name if name is not None else next(iter(names), None)
            if shown is None:
                return render_no_source("The document appears here in a moment."), None
            document = self._index.document(shown)
            return render_source(names, document, self._index.passages(shown), around=start), shown
        except FootnoteError as error:
            return render_no_source(str(error)), None

    def opening(self) -> Iterator[tuple[str, str, str | None, dict[str, Any]]]:
        """Yield the status line, the source pane, what it shows and the scope choice, until all is ready."""
        try:
            for stage in self._preparation.stages():
                yield render_status(stage), *self.source(None), self._scope()
            yield "", *self.source(None), self._scope()
        except FootnoteError as error:
            yield render_status(str(error), failed=True), *self.source(None), self._scope()

    def _scope(self) -> dict[str, Any]:
        update: dict[str, Any] = gr.update(visible=len(self.names()) > 1)
        return update

    def show(self, event: gr.EventData) -> tuple[str, str | None]:
        """Return the pane that holds a place, for a footnote whose place is not in the one shown."""
        name, start = getattr(event, "document", None), getattr(event, "start", 0)
        return self.source(str(name), start if isinstance(start, int) else 0)

    async def respond(
        self, event: gr.EventData, written: str, exchanges: Exchanges, scope: str, shown: str | None, engine: str | None
    ) -> AsyncIterator[tuple[Any, *Talk]]:
        """Yield the page as the answer to a question grows, wherever it was asked, and before it how it may end: in an error.

        That is said once, since a person may put another ending in its place at any time. A step that changes nothing is not
        sent: a chain may take one whenever it waits, so that it can be closed then.
        """
        ending: Any = Ending.BROKEN.value
        documents = [shown] if scope == SHOWN_ONLY and shown is not None else None
        last = ""
        async with aclosing(stepwise(self.converse(asked_of(event, written), exchanges, documents, engine))) as talks:
            async for talk in talks:
                if talk[1] != last:
                    yield ending, *talk
                ending, last = gr.skip(), talk[1]

    def converse(
        self, asked: Exchange, before: Exchanges, documents: list[str] | None, engine: str | None
    ) -> Generator[Talk, None, None]:
        """Yield the conversation as the answer to one question grows.

        The question leaves its box at once, so that the next one can be written; the welcome makes room.
        """
        before = tuple(replace(one, waiting="", stopped=True) if one.waiting else one for one in before)  # its connection broke
        many = len(documents if documents is not None else self.names()) or 1
        around: tuple[Any, Any, Any] = (gr.update(value="", **_STOP), gr.update(visible=False), gr.update(visible=True))
        for exchange in self._exchange(asked, before, documents, engine):
            now = (*before, exchange)
            if not exchange.waiting:
                around = (gr.update(**_ASK), *around[1:])
            yield now, render_conversation(now, many), *around
            around = (gr.skip(), gr.skip(), gr.skip())

    def _exchange(
        self, asked: Exchange, before: Exchanges, documents: list[str] | None, engine: str | None
    ) -> Iterator[Exchange]:
        exchange = replace(asked, waiting=SEARCHING)
        question = {"question": asked.question, "searched_for": asked.searched_for, "documents": documents, "engine": engine}
        try:
            Question.of(question)  # refuse what cannot be asked without waiting for anything
            for stage in self._preparation.stages():
                yield replace(exchange, waiting=stage)
            yield exchange
            for answer in self._chain.stream(question | {"history": history(before)}):
                exchange = replace(exchange, answer=answer)
                yield exchange
            yield replace(exchange, waiting="")
        except FootnoteError as error:
            yield replace(exchange, answer=None, waiting="", failure=str(error))

    def ended(self, exchanges: Exchanges, ending: str) -> Talk:
        """Return the page after a question that did not come to its end."""
        if ending == Ending.FORGOTTEN:
            exchanges = ()
        elif exchanges and exchanges[-1].waiting:
            last = replace(exchanges[-1], waiting="")
            stopped = ending == Ending.STOPPED
            last = replace(last, stopped=True) if stopped else replace(last, answer=None, failure=BROKEN)
            exchanges = (*exchanges[:-1], last)
        html = render_conversation(exchanges, len(self.names()) or 1)
        is_empty = not exchanges
        return exchanges, html, gr.update(**_ASK), gr.update(visible=is_empty), gr.update(visible=not is_empty)

    def answer(
        self,
        question: str,
        history: list[dict[str, Any]] | None = None,
        documents: list[str] | None = None,
        engine: str | None = None,
        searched_for: str | None = None,
    ) -> dict[str, Any]:
        """Answer one question and return the answer as JSON: every statement with the exact place that says so.

        :param question: Free text.
        :param history: Earlier turns, oldest first: objects with `role` (`user` or `assistant`) and `content`; of an answer,
            its `searched_for` and `citations` help to understand a follow-up.
        :param documents: Names of the documents to look in; null for all.
        :param engine: Who writes the answer; null for the default.
        :param searched_for: What to look up instead of what is made of the question; null to find out.
        """
        asked = {"question": question, "history": history or [], "documents": documents, "engine": engine}
        try:
            for _ in self._preparation.stages():
                pass
            return self._chain.invoke(asked | {"searched_for": searched_for}).to_json()
        except FootnoteError as error:
            raise gr.Error(str(error), print_exception=False) from error


def asked_of(event: gr.EventData, written: str) -> Exchange:
    """Return the question that an event asks: what is written in the box, a starter, or what was chosen in the conversation."""
    if isinstance(event.target, gr.Button):
        return Exchange(str(event.target.value))
    if isinstance(event.target, gr.HTML):
        return Exchange(str(getattr(event, "question", "")), searched_for=str(getattr(event, "searched_for", "")))
    return Exchange(written)


def writers(engines: Sequence[str]) -> list[tuple[str, str]]:
    """Return the engines to choose from, each by who writes its answers."""
    return [(writer(engine)[:1].upper() + writer(engine)[1:], engine) for engine in engines]


def page_theme() -> gr.themes.Base:
    """Return a theme of the reader's own fonts, so that none is fetched; the rest is in the style sheet."""
    sans = ["-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "system-ui", "sans-serif"]
    mono = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace"]
    return gr.themes.Base(primary_hue="blue", neutral_hue="stone", font=sans, font_mono=mono)


@dataclass(frozen=True)
class _Parts:
    """The components that something happens to."""

    fresh: gr.Button
    start: gr.Column
    starters: list[gr.Button]
    conversation: gr.HTML
    status: gr.HTML
    box: gr.Textbox
    scope: gr.Radio
    engine: gr.Radio
    source: gr.HTML


def build_blocks(
    index: PassageIndex, chain: AnswerChain, preparation: Preparation, *, script: str, talk_script: str
) -> gr.Blocks:
    """Return the page, to be launched.

    :param script: What the browser runs in the source pane; it triggers the event "show" of it.
    :param talk_script: The same of the conversation, and its event "submit".
    """
    events = PageEvents(index, chain, preparation)
    blocks = gr.Blocks(title="Footnote", fill_width=True, analytics_enabled=False)
    with blocks:
        with gr.Row(elem_id="page"):
            talk = _lay_out_talk(talk_script, chain.engines)
            source = gr.HTML(
                render_no_source("The document appears here in a moment."),
                elem_id="source",
                apply_default_css=False,
                js_on_load=script,
            )
        _connect(blocks, _Parts(**talk, source=source), events)
        gr.events.api(events.answer, api_name="ask", concurrency_limit=_AT_ONCE)
    return blocks


def _lay_out_talk(script: str, engines: Sequence[str]) -> dict[str, Any]:
    plain: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
    with gr.Column(elem_id="talk"):
        with gr.Row(elem_id="masthead"):
            gr.HTML(_MASTHEAD, **plain)
            fresh = gr.Button("New conversation", elem_id="fresh", visible=False)
        with gr.Column(elem_id="talk-scroll"):
            with gr.Column(elem_id="start") as start:
                gr.HTML(_WELCOME, **plain)
                starters = [gr.Button(text, elem_classes="starter") for text in STARTERS]
            conversation = gr.HTML("", elem_id="conversation", apply_default_css=False, js_on_load=script)
        with gr.Column(elem_id="composer"):
            status = gr.HTML("", elem_id="status", **plain)
            box = gr.Textbox(
                label="Question",
                placeholder="Ask about the document",
                elem_id="question",
                container=False,
                show_label=False,
                max_lines=6,
                autofocus=True,
                **_ASK,
            )
            scope = gr.Radio(
                [EVERYWHERE, SHOWN_ONLY],
                value=EVERYWHERE,
                label="Search in",
                elem_id="scope",
                elem_classes="choice",
                container=False,
                visible=False,
            )
            engine = gr.Radio(
                writers(engines),
                value=engines[0],
                label="Written by",
                elem_id="engine",
                elem_classes="choice",
                container=False,
                visible=len(engines) > 1,
            )
    return {
        "fresh": fresh,
        "start": start,
        "starters": starters,
        "conversation": conversation,
        "status": status,
        "box": box,
        "scope": scope,
        "engine": engine,
    }


def _connect(blocks: gr.Blocks, parts: _Parts, events: PageEvents) -> None:
    """Say what happens at which event. One question is answered at a time, wherever it is asked: it is one listener."""
    exchanges, shown, ending = gr.State(()), gr.State(None), gr.State(Ending.BROKEN.value)
    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": _AT_ONCE}
    talk = [exchanges, parts.conversation, parts.box, parts.start, parts.fresh]

    asking = gr.on(
        [parts.box.submit, parts.conversation.submit, *(button.click for button in parts.starters)],
        events.respond,
        [parts.box, exchanges, parts.scope, shown, parts.engine],
        [ending, *talk],
        **hidden,
    )
    # Gradio takes for a failure what was cancelled, too, once no further step of it can come.
    asking.failure(events.ended, [exchanges, ending], talk, **hidden)

    def stop() -> str:
        return Ending.STOPPED.value

    def forget() -> tuple[str, *Talk]:
        return Ending.FORGOTTEN.value, *events.ended((), Ending.FORGOTTEN)

    parts.box.stop(stop, None, ending, cancels=[asking], queue=False, **hidden)
    parts.fresh.click(forget, None, [ending, *talk], cancels=[asking], queue=False, **hidden)
    parts.source.show(events.show, None, [parts.source, shown], **hidden)
    blocks.load(events.opening, None, [parts.status, parts.source, shown, parts.scope], **hidden)
