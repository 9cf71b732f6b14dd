"""The page in Gradio: its components, and which event of theirs is worked on by what.

Nothing here is shared between two people but the index and the models; a conversation lives in its own session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import gradio as gr

from page.answer import writer
from page.api import connect
from page.events import ASK, Ending, PageEvents
from page.source import render_no_source

STARTERS = (
    "What is immunotherapy?",
    "How is immunotherapy classified?",
    "What do molecular vaccines include?",
    "Which drugs suppress the immune system?",
    "What is the price of a course of treatment?",  # the article does not say, and a person should see what happens then
)

_MASTHEAD = (
    '<header class="masthead">'
    '<button type="button" class="open-rail" aria-expanded="false" aria-controls="rail">Documents</button>'
    '<h1>Footnote<sup aria-hidden="true">1</sup></h1><p>Answers that show where it says so</p></header>'
)
"""The button is seen where the window is too narrow for three columns."""
_WELCOME = (
    '<div class="welcome"><h2>Ask the document.</h2><p>Every sentence of an answer carries a footnote to the exact words of '
    "the source. Select a number, and see them there. What the document does not say, you are told so.</p></div>"
)
_WITH_LEFT_OUT = """(question, talk, _, ...rest) => {
  const leftOut = document.querySelector("#library").dataset.leftOut ?? "[]";
  return [question, talk, JSON.parse(leftOut), ...rest];
}"""
"""A question takes along which documents it leaves out, as `library.js` has them: sent when they are chosen, one choice could
overtake another."""
_AT_ONCE = 40  # questions and clicks that are worked on together; more wait their turn
_PLAIN: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}


@dataclass(frozen=True)
class Scripts:
    """What the browser runs, each in the component that it is named after; they trigger its events.

    Attributes:
        library: The documents: "receive", "remove".
        talks: The conversations: "open", "change_talk", "discard", "export".
        conversation: The answers: "submit", "complain".
        source: The pane of the source: "show".
        download: What is handed to the browser to be saved; it triggers nothing.
        connection: Whether the program answers; it triggers nothing.
    """

    library: str
    talks: str
    conversation: str
    source: str
    download: str
    connection: str

    @classmethod
    def read(cls, folder: Path) -> Scripts:
        """Read them from files of their names."""
        return cls(**{part.name: (folder / f"{part.name}.js").read_text(encoding="utf-8") for part in fields(cls)})


@dataclass(frozen=True)
class _Parts:
    """The components that something happens to."""

    library: gr.HTML
    talks: gr.HTML
    download: gr.HTML
    fresh: gr.Button
    start: gr.Column
    starters: list[gr.Button]
    conversation: gr.HTML
    status: gr.HTML
    box: gr.Textbox
    engine: gr.Radio
    source: gr.HTML


def writers(engines: Sequence[str]) -> list[tuple[str, str]]:
    """Return the engines to choose from, each by who writes its answers."""
    return [(writer(engine)[:1].upper() + writer(engine)[1:], engine) for engine in engines]


def page_theme() -> gr.themes.Base:
    """Return a theme of the reader's own fonts, so that none is fetched; the rest is in the style sheet."""
    sans = ["-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "system-ui", "sans-serif"]
    mono = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace"]
    return gr.themes.Base(primary_hue="blue", neutral_hue="stone", font=sans, font_mono=mono)


def build_blocks(events: PageEvents, engines: Sequence[str], scripts: Scripts) -> gr.Blocks:
    """Return the page, to be launched.

    :param engines: Names of those that can write answers, the default first.
    """
    blocks = gr.Blocks(title="Footnote", fill_width=True, analytics_enabled=False)
    with blocks:
        with gr.Row(elem_id="page"):
            rail = _lay_out_rail(scripts)
            talk = _lay_out_talk(scripts, engines)
            source = gr.HTML(
                render_no_source("The document appears here in a moment."),
                elem_id="source",
                apply_default_css=False,
                js_on_load=scripts.source,
            )
        _connect(blocks, _Parts(**rail, **talk, source=source), events)
        connect(events.api(), _AT_ONCE)
    return blocks


def _lay_out_rail(scripts: Scripts) -> dict[str, Any]:
    with gr.Column(elem_id="rail"):
        library = gr.HTML("", elem_id="library", apply_default_css=False, js_on_load=scripts.library)
        talks = gr.HTML("", elem_id="talks", apply_default_css=False, js_on_load=scripts.talks)
        download = gr.HTML("", elem_id="download", apply_default_css=False, js_on_load=scripts.download)
    return {"library": library, "talks": talks, "download": download}


def _lay_out_talk(scripts: Scripts, engines: Sequence[str]) -> dict[str, Any]:
    with gr.Column(elem_id="talk"):
        with gr.Row(elem_id="masthead"):
            gr.HTML(_MASTHEAD, **_PLAIN)
            fresh = gr.Button("New conversation", elem_id="fresh", visible=False)
        with gr.Column(elem_id="talk-scroll"):
            with gr.Column(elem_id="start") as start:
                gr.HTML(_WELCOME, **_PLAIN)
                starters = [gr.Button(text, elem_classes="starter") for text in STARTERS]
            conversation = gr.HTML("", elem_id="conversation", apply_default_css=False, js_on_load=scripts.conversation)
        with gr.Column(elem_id="composer"):
            status = gr.HTML("", elem_id="status", apply_default_css=False, js_on_load=scripts.connection)
            box = gr.Textbox(
                label="Question",
                placeholder="Ask about the document",
                elem_id="question",
                container=False,
                show_label=False,
                max_lines=6,
                autofocus=True,
                **ASK,
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
        "engine": engine,
    }


def _connect(blocks: gr.Blocks, parts: _Parts, events: PageEvents) -> None:
    """Say what happens at which event. One question is answered at a time, wherever it is asked: it is one listener."""
    exchanges, shown, ending = gr.State(()), gr.State(None), gr.State(Ending.BROKEN.value)
    left_out, talk_id = gr.JSON(visible=False), gr.State(None)
    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": _AT_ONCE}
    talk = [exchanges, parts.conversation, parts.box, parts.start, parts.fresh, talk_id, parts.talks]

    asking = gr.on(
        [parts.box.submit, parts.conversation.submit, *(button.click for button in parts.starters)],
        events.respond,
        [parts.box, exchanges, left_out, parts.engine, talk_id],
        [ending, *talk],
        js=_WITH_LEFT_OUT,
        **hidden,
    )
    # Gradio takes for a failure what was cancelled, too, once no further step of it can come.
    asking.failure(events.ended, [exchanges, ending, talk_id], talk, **hidden)

    def stop() -> str:
        return Ending.STOPPED.value

    def forget(request: gr.Request) -> tuple[Any, ...]:
        return Ending.FORGOTTEN.value, *events.ended((), Ending.FORGOTTEN, None, request)

    leaving: dict[str, Any] = {"cancels": [asking], "queue": False, **hidden}
    parts.box.stop(stop, None, ending, **leaving)
    parts.fresh.click(forget, None, [ending, *talk], **leaving)
    parts.conversation.complain(events.complain, exchanges, [exchanges, parts.conversation], **hidden)

    # What comes while one of its kind is worked on would be dropped, or be worked on with what the earlier one carried.
    every: dict[str, Any] = {"trigger_mode": "multiple", **hidden}
    parts.source.show(events.show, None, [parts.source, shown], **every)
    parts.library.receive(events.add, shown, [parts.library, parts.source, shown], **every)
    parts.library.remove(events.remove, shown, [parts.library, parts.source, shown], **every)

    def leave(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        return Ending.FORGOTTEN.value, *events.open_talk(event, request)

    parts.talks.open(leave, None, [ending, *talk], cancels=[asking], **every)
    parts.talks.change_talk(events.change_talk, talk_id, parts.talks, **every)
    parts.talks.discard(events.delete_talk, talk_id, talk, **every)
    parts.talks.export(events.export, None, [parts.download, parts.talks], **hidden)
    blocks.load(events.opening, None, [parts.status, parts.source, shown, parts.library, parts.talks], **hidden)
