"""The page in Gradio: its components, and what happens at each event. Nothing here is shared between two people but the
index and the chain; a conversation lives in its own session.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant import AnswerChain, Question
from corpus.errors import FootnoteError
from index import PassageIndex
from page.conversation import Exchange, history, render_conversation, render_status
from page.preparation import Preparation
from page.source import render_no_source, render_source

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

    def converse(
        self, text: str, exchanges: tuple[Exchange, ...], scope: str, shown: str | None
    ) -> Iterator[tuple[tuple[Exchange, ...], str, Any, Any, Any]]:
        """Yield the conversation as the answer to one question grows.

        The question leaves its box at once, so that the next one can be written; the welcome makes room.
        """
        documents = [shown] if scope == SHOWN_ONLY and shown is not None else None
        around: tuple[Any, Any, Any] = ("", gr.update(visible=False), gr.update(visible=True))
        for exchange in self._exchange(text, exchanges, documents):
            now = (*exchanges, exchange)
            yield now, render_conversation(now, 1 if documents else len(self.names()) or 1), *around
            around = (gr.skip(), gr.skip(), gr.skip())

    def _exchange(self, text: str, before: tuple[Exchange, ...], documents: list[str] | None) -> Iterator[Exchange]:
        exchange = Exchange(text, waiting=SEARCHING)
        try:
            Question.of(text)  # refuse what cannot be asked without waiting for anything
            for stage in self._preparation.stages():
                yield replace(exchange, waiting=stage)
            yield exchange
            asked = {"question": text, "history": history(before), "documents": documents}
            for answer in self._chain.stream(asked):
                exchange = replace(exchange, answer=answer)
                yield exchange
            yield replace(exchange, waiting="")
        except FootnoteError as error:
            yield replace(exchange, answer=None, waiting="", failure=str(error))

    def broken(self, exchanges: tuple[Exchange, ...]) -> tuple[tuple[Exchange, ...], str]:
        """Return the conversation after an error that nobody foresaw: its last question failed, and says so."""
        if exchanges and exchanges[-1].waiting:
            exchanges = (*exchanges[:-1], replace(exchanges[-1], answer=None, waiting="", failure=BROKEN))
        return exchanges, render_conversation(exchanges, len(self.names()) or 1)

    def answer(
        self, question: str, history: list[dict[str, str]] | None = None, documents: list[str] | None = None
    ) -> dict[str, Any]:
        """Answer one question and return the answer as JSON: every statement with the exact place that says so.

        :param question: Free text.
        :param history: Earlier turns, oldest first: objects with `role` (`user` or `assistant`) and `content`.
        :param documents: Names of the documents to look in; null for all.
        """
        try:
            for _ in self._preparation.stages():
                pass
            return self._chain.invoke({"question": question, "history": history or [], "documents": documents}).to_json()
        except FootnoteError as error:
            raise gr.Error(str(error), print_exception=False) from error


def page_theme() -> gr.themes.Base:
    """Return a theme of the reader's own fonts, so that none is fetched; the rest is in the style sheet."""
    sans = ["-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "system-ui", "sans-serif"]
    mono = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace"]
    return gr.themes.Base(primary_hue="blue", neutral_hue="stone", font=sans, font_mono=mono)


def build_blocks(index: PassageIndex, chain: AnswerChain, preparation: Preparation, *, script: str) -> gr.Blocks:
    """Return the page, to be launched.

    :param script: What the browser runs; it triggers the event "show" of the source pane.
    """
    events = PageEvents(index, chain, preparation)
    blocks = gr.Blocks(title="Footnote", fill_width=True, analytics_enabled=False)
    with blocks:
        exchanges, shown = gr.State(()), gr.State(None)
        with gr.Row(elem_id="page"):
            with gr.Column(elem_id="talk"):
                with gr.Row(elem_id="masthead"):
                    gr.HTML(_MASTHEAD, apply_default_css=False, js_on_load=None)
                    fresh = gr.Button("New conversation", elem_id="fresh", visible=False)
                with gr.Column(elem_id="talk-scroll"):
                    with gr.Column(elem_id="start") as start:
                        gr.HTML(_WELCOME, apply_default_css=False, js_on_load=None)
                        starters = [gr.Button(text, elem_classes="starter") for text in STARTERS]
                    conversation = gr.HTML("", elem_id="conversation", apply_default_css=False, js_on_load=None)
                with gr.Column(elem_id="composer"):
                    status = gr.HTML("", elem_id="status", apply_default_css=False, js_on_load=None)
                    box = gr.Textbox(
                        label="Question",
                        placeholder="Ask about the document",
                        elem_id="question",
                        container=False,
                        show_label=False,
                        max_lines=6,
                        autofocus=True,
                        submit_btn="Ask",
                    )
                    scope = gr.Radio(
                        [EVERYWHERE, SHOWN_ONLY],
                        value=EVERYWHERE,
                        label="Search in",
                        elem_id="scope",
                        container=False,
                        visible=False,
                    )
            source = gr.HTML(
                render_no_source("The document appears here in a moment."),
                elem_id="source",
                apply_default_css=False,
                js_on_load=script,
            )

        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": _AT_ONCE}
        talk = [exchanges, conversation]

        asking = [
            listen(events.converse, [given, exchanges, scope, shown], [*talk, box, start, fresh], **hidden)
            for listen, given in [(box.submit, box), *((button.click, button) for button in starters)]
        ]
        for question in asking:
            question.failure(events.broken, exchanges, talk, **hidden)

        def forget() -> tuple[tuple[Exchange, ...], str, Any, Any]:
            return (), "", gr.update(visible=True), gr.update(visible=False)

        fresh.click(forget, None, [*talk, start, fresh], cancels=list[Any](asking), **hidden, queue=False)
        source.show(events.show, None, [source, shown], **hidden)
        blocks.load(events.opening, None, [status, source, shown, scope], **hidden)
        gr.events.api(events.answer, api_name="ask", concurrency_limit=_AT_ONCE)
    return blocks
