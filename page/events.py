"""What the page does at each event. Keeps nothing of a session: that comes in and goes out.

Whose documents and conversations an event is about is told by its request alone (see `browsers`), never by what it carries.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from contextlib import aclosing, closing
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import Question
from assistant.complaints import ComplaintFile, Picked, complain
from assistant.kept.store import ConversationStore
from assistant.markdown import conversation_markdown
from corpus import Document
from corpus.errors import FootnoteError
from corpus.loaders import printable_name
from page.api import Api
from page.browsers import COOKIE, owner_of
from page.conversation import Exchange, history, render_conversation, render_status
from page.library import render_library
from page.people import People, Person
from page.pictures import PDF, Pictures, marks
from page.preparation import Preparation
from page.received import received_file
from page.service import Service
from page.source import Picture, render_no_source, render_source
from page.stepwise import stepwise
from page.talks import render_download, render_talks
from page.uploads import NO_COOKIES, NOT_ARRIVED, Adding, Stage, Uploads

SEARCHING = "Looking it up …"
BROKEN = "Something went wrong inside Footnote; the terminal it was started in says what. Ask again, or start it again."
ASK: dict[str, Any] = {"submit_btn": "Ask", "stop_btn": False}
STOP: dict[str, Any] = {"submit_btn": False, "stop_btn": "Stop"}

_WORDS_OF_PICTURE = 5000  # characters of a page that are read out for its picture

Exchanges = tuple[Exchange, ...]
Talk = tuple[Exchanges, str, Any, Any, Any]
"""What a question changes: the conversation, its HTML, the box with its button, the welcome, "New conversation"."""
Kept = tuple[Any, Any]
"""What keeping a conversation changes: its key, and the list of conversations."""


class Ending(StrEnum):
    """Why a question that is being answered ends before it is."""

    BROKEN = "broken"
    STOPPED = "stopped"
    FORGOTTEN = "forgotten"


class PageEvents:
    """The events of the page. May be shared between threads."""

    def __init__(
        self,
        people: People,
        preparation: Preparation,
        uploads: Uploads,
        pictures: Pictures,
        conversations: ConversationStore,
        complaints: ComplaintFile,
        received: Path,
        account_id: Callable[[str], str] = str,
    ) -> None:
        """
        :param received: The folder that files come into which a browser sends.
        :param account_id: Gives the permanent key of an account by the name that somebody signed in with.
        """
        self._people = people
        self._preparation = preparation
        self._uploads = uploads
        self._pictures = pictures
        self._conversations = conversations
        self._complaints = complaints
        self._received = received.resolve()
        self._account_id = account_id

    def person(self, request: gr.Request | None) -> Person:
        """Return who sent a request."""
        if request is None:
            return self._people.of("")
        account = self._account_id(request.username) if request.username else None
        return self._people.of(owner_of(account, request.cookies.get(COOKIE)))

    def api(self) -> Api:
        """Return the endpoints for programs; they see the documents of whoever sends a request, as the page does."""

        def service_of(request: gr.Request) -> Service:
            person = self.person(request)
            return Service(person.library, person.chain)

        return Api(service_of, self._preparation)

    def names(self, person: Person) -> list[str]:
        """Return the names of all documents a person sees; none while they are still being indexed."""
        return [record.name for record in person.library.records()] if self._preparation.has_documents else []

    # The source

    def source(self, person: Person, name: str | None, start: int = 0) -> tuple[str, str | None]:
        """Return the pane of a document (the first one by default), and the name of what it shows."""
        try:
            names = self.names(person)
            shown = name if name is not None else next(iter(names), None)
            if shown is None:
                return render_no_source("The document appears here in a moment."), None
            document = person.library.document(shown)
            passages = person.library.passages(shown)
            has_pictures = self._original(person, document) is not None
            return render_source(names, document, passages, around=start, has_pictures=has_pictures), shown
        except FootnoteError as error:
            return render_no_source(str(error)), None

    def picture(self, person: Person, name: str, page: int, start: int, end: int) -> tuple[str, str | None]:
        """Return the pane with a page as it looks, a citation marked on it, and the name of its document."""
        try:
            document = person.library.document(name)
            original = self._original(person, document)
            if original is None or not document.pages:
                return self.source(person, name, start)
            page = min(max(page, 1), len(document.pages))
            first, last = document.pages[page - 1]
            try:
                drawn, words = self._pictures.page(document, original, page), document.text[first:last][:_WORDS_OF_PICTURE]
            except FootnoteError as error:
                drawn, words = b"", str(error)
            picture = Picture(page, drawn, tuple(marks(document, start, end, page)), words)
            passages = person.library.passages(name)
            return render_source(self.names(person), document, passages, has_pictures=True, picture=picture), name
        except FootnoteError as error:
            return render_no_source(str(error)), None

    def _original(self, person: Person, document: Document) -> Path | None:
        """Return the file a document was read from if it has pages to look at and is still the same; else None."""
        if document.media_type != PDF:
            return None
        source = next((one.source for one in person.library.records() if one.id == document.id), "")
        return self._pictures.original(Path(source), document.sha256) if source else None

    def show(self, event: gr.EventData, request: gr.Request) -> tuple[str, str | None]:
        """Return the pane that holds a place: the text around it, or its page as it looks; and the number of the request."""
        pane, shown = self._show(event, self.person(request))
        return f'{pane}<i class="came" hidden data-asked="{_number(getattr(event, "asked", 0))}"></i>', shown

    def _show(self, event: gr.EventData, person: Person) -> tuple[str, str | None]:
        name = str(getattr(event, "document", None))
        start, end, page = (_number(getattr(event, key, 0)) for key in ("start", "end", "page"))
        if getattr(event, "view", "text") != "page":
            return self.source(person, name, start)
        if not page and end:
            try:
                page = person.library.document(name).page_at(start) or 1
            except FootnoteError:
                page = 1
        return self.picture(person, name, page, start, end)

    # The documents

    def opening(self, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Yield the status line, the source pane, what it shows, the documents and the conversations, until all is ready.

        The conversations come once: what a person does with them meanwhile, such as opening one by its link, is not undone.
        """
        person = self.person(request)
        if person.view is not None and self._preparation.has_documents:
            self._uploads.tidy(person.view, person.owner)
        talks: Any = self._talks(person)
        try:
            for stage in self._preparation.stages():
                yield render_status(stage), *self.source(person, None), self.library(person), talks
                talks = gr.skip()
            yield "", *self.source(person, None), self.library(person), talks
        except FootnoteError as error:
            yield render_status(str(error), failed=True), *self.source(person, None), self.library(person), talks

    def library(
        self,
        person: Person,
        shown: str | None = None,
        adding: Sequence[Adding] = (),
        message: str = "",
    ) -> str:
        """Return the list of documents."""
        records = person.library.records() if self._preparation.has_documents else ()
        own = {record.name for record in records if person.is_own(record)}
        shown = shown or (records[0].name if records else None)
        return render_library(records, own, shown=shown, adding=adding, message=message, largest=self._uploads.largest)

    def add(self, event: gr.EventData, shown: str | None, request: gr.Request) -> Iterator[tuple[Any, Any, Any]]:
        """Yield the documents, the source pane and what it shows, while files are added; the first one added is shown."""
        person = self.person(request)
        files, missing = self._files(getattr(event, "files", ()))
        adding: tuple[Adding, ...] = ()
        try:
            if person.view is None:
                raise FootnoteError(NO_COOKIES)
            self._preparation.wait()
            before = {record.id for record in person.view.own()}
            for adding in self._uploads.add(person.view, person.owner, files):
                yield self.library(person, shown, adding + missing), gr.skip(), gr.skip()
            for replaced in before - {record.id for record in person.view.own()}:
                self._pictures.forget(replaced)
        except FootnoteError as error:
            yield self.library(person, shown, adding + missing, str(error)), gr.skip(), gr.skip()
        finally:
            for path, _ in files:
                path.unlink(missing_ok=True)
        first = next((one.name for one in adding if one.is_there), None)
        if first is not None:
            yield self.library(person, first, adding + missing), *self.source(person, first)

    def _files(self, sent: Any) -> tuple[list[tuple[Path, str]], tuple[Adding, ...]]:
        """Return the files that a browser has sent, and what is to be said of those that are not where such files come into."""
        found: list[tuple[Path, str]] = []
        missing: list[Adding] = []
        for one in sent if isinstance(sent, list) else ():
            if not isinstance(one, dict):
                continue
            path = received_file(self._received, str(one.get("path", "")))
            name = str(one.get("name") or (path.name if path else ""))
            name = name.replace("\\", "/").rstrip("/").rpartition("/")[2] or "�"
            if path is None:
                missing.append(Adding(printable_name(name), Stage.REFUSED, NOT_ARRIVED))
            else:
                found.append((path, name))
        return found, tuple(missing)

    def remove(self, event: gr.EventData, shown: str | None, request: gr.Request) -> tuple[str, Any, Any]:
        """Remove a document of one's own; return the documents, the source pane and what it shows."""
        person = self.person(request)
        name = _text(event, "document")
        try:
            if person.view is None:
                raise FootnoteError(NO_COOKIES)
            gone = [record.id for record in person.view.own() if record.name == name]
            self._uploads.remove(person.view, person.owner, [name])
            for document_id in gone:
                self._pictures.forget(document_id)
        except FootnoteError as error:
            return self.library(person, shown, message=str(error)), gr.skip(), gr.skip()
        if shown != name:
            return self.library(person, shown), gr.skip(), gr.skip()
        pane, now = self.source(person, None)
        return self.library(person, now), pane, now

    # The conversation

    async def respond(
        self,
        event: gr.EventData,
        written: str,
        exchanges: Exchanges,
        left_out: Any,
        engine: str | None,
        talk_id: str | None,
        request: gr.Request,
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Yield the page as the answer to a question grows, wherever it was asked, and before it how it may end: in an error.

        That is said once, since a person may put another ending in its place at any time. A step that changes nothing is not
        sent: a chain may take one whenever it waits, so that it can be closed then.

        :param left_out: Names of the documents that are not searched, as the browser sends them.
        """
        work = self._respond(event, written, exchanges, left_out, engine, talk_id, request)
        async with aclosing(stepwise(work)) as steps:
            async for step in steps:
                if step:
                    yield step

    def _respond(
        self,
        event: gr.EventData,
        written: str,
        exchanges: Exchanges,
        left_out: Any,
        engine: str | None,
        talk_id: str | None,
        request: gr.Request,
    ) -> Generator[tuple[Any, ...], None, None]:
        """Yield as `respond` does, and nothing at a step that changes nothing. What waits for the index or the disk is here,
        in a thread of its own: nobody else's question waits with it."""
        person = self.person(request)
        ending: Any = Ending.BROKEN.value
        unwanted = _names(left_out)
        documents = [name for name in self.names(person) if name not in unwanted] if unwanted else None
        is_again = isinstance(event.target, gr.HTML) and getattr(event, "again", False) is True
        before = exchanges[:-1] if is_again else exchanges
        last = ""
        with closing(self.converse(person, asked_of(event, written), before, documents, engine)) as talks:
            for talk in talks:
                if talk[1] == last:
                    yield ()
                    continue
                is_over = not talk[0][-1].waiting
                kept: Kept = self.keep(person, talk[0], talk_id) if is_over else (gr.skip(), gr.skip())
                yield ending, *talk, *kept
                ending, last = gr.skip(), talk[1]

    def converse(
        self, person: Person, asked: Exchange, before: Exchanges, documents: list[str] | None, engine: str | None
    ) -> Generator[Talk, None, None]:
        """Yield the conversation as the answer to one question grows.

        The question leaves its box at once, so that the next one can be written; the welcome makes room.
        """
        before = tuple(replace(one, waiting="", stopped=True) if one.waiting else one for one in before)  # its connection broke
        many = len(documents if documents is not None else self.names(person)) or 1
        around: tuple[Any, Any, Any] = (gr.update(value="", **STOP), gr.update(visible=False), gr.update(visible=True))
        for exchange in self._exchange(person, asked, before, documents, engine):
            now = (*before, exchange)
            if not exchange.waiting:
                around = (gr.update(**ASK), *around[1:])
            yield now, render_conversation(now, many), *around
            around = (gr.skip(), gr.skip(), gr.skip())

    def _exchange(
        self, person: Person, asked: Exchange, before: Exchanges, documents: list[str] | None, engine: str | None
    ) -> Iterator[Exchange]:
        exchange = replace(asked, waiting=SEARCHING, documents=None if documents is None else tuple(documents))
        question = {"question": asked.question, "searched_for": asked.searched_for, "documents": documents, "engine": engine}
        try:
            Question.of(question)  # refuse what cannot be asked without waiting for anything
            for stage in self._preparation.stages():
                yield replace(exchange, waiting=stage)
            yield exchange
            for answer in person.chain.stream(question | {"history": history(before)}):
                exchange = replace(exchange, answer=answer)
                yield exchange
            yield replace(exchange, waiting="")
        except FootnoteError as error:
            yield replace(exchange, answer=None, waiting="", failure=str(error))

    def ended(self, exchanges: Exchanges, ending: str, talk_id: str | None, request: gr.Request) -> tuple[Any, ...]:
        """Return the page after a question that did not come to its end."""
        person = self.person(request)
        if ending == Ending.FORGOTTEN:
            return *self._talk(person, ()), None, self._talks(person)
        if exchanges and exchanges[-1].waiting:
            last = replace(exchanges[-1], waiting="")
            stopped = ending == Ending.STOPPED
            last = replace(last, stopped=True) if stopped else replace(last, answer=None, failure=BROKEN)
            exchanges = (*exchanges[:-1], last)
        return *self._talk(person, exchanges), *self.keep(person, exchanges, talk_id)

    def _talk(self, person: Person, exchanges: Exchanges) -> Talk:
        html = render_conversation(exchanges, len(self.names(person)) or 1)
        is_empty = not exchanges
        return exchanges, html, gr.update(**ASK), gr.update(visible=is_empty), gr.update(visible=not is_empty)

    def complain(self, event: gr.EventData, exchanges: Exchanges, request: gr.Request) -> tuple[Exchanges, str]:
        """Keep what a person says is wrong with an answer; return the conversation and its HTML, which says so."""
        person = self.person(request)
        number = _number(getattr(event, "turn", -1), default=-1)
        if not 0 <= number < len(exchanges) or (answer := exchanges[number].answer) is None:
            return gr.skip(), gr.skip()
        about = exchanges[number]
        try:
            complaint = complain(
                person.library,
                answer,
                _picked(getattr(event, "passages", ())),
                answerable=getattr(event, "answerable", True) is True,
                history=history(exchanges[:number]),
                documents=about.documents,
                note=_text(event, "note"),
                owner=person.owner,
            )
            self._complaints.append(complaint)
            said = f"Thank you. It is kept as a test in {self._complaints.path}; `python -m eval complaints` runs it."
        except FootnoteError as error:
            said = f"This was not kept. {error}"
        exchanges = (*exchanges[:number], replace(about, complaint=said), *exchanges[number + 1 :])
        return exchanges, render_conversation(exchanges, len(self.names(person)) or 1)

    # The conversations

    def keep(self, person: Person, exchanges: Exchanges, talk_id: str | None) -> Kept:
        """Keep a conversation, and return its key and the list; a failure stands in the list, since the answer came."""
        over = tuple(exchange.to_keep() for exchange in exchanges if not exchange.waiting)
        if not person.owner or not over:
            return talk_id, gr.skip()
        try:
            kept = self._conversations.keep(person.owner, over, talk_id).id
        except FootnoteError as error:
            return talk_id, self._talks(person, talk_id, message=str(error))
        return kept, self._talks(person, kept)

    def _talks(self, person: Person, current: str | None = None, sought: str = "", message: str = "") -> str:
        if not person.owner:
            return render_talks((), message=NO_COOKIES)
        try:
            summaries = self._conversations.search(person.owner, sought)
        except FootnoteError as error:
            summaries, message = [], message or str(error)
        return render_talks(summaries, current=current, sought=sought, message=message)

    def open_talk(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Return the page with a conversation that was kept; as it was, if there is none of that key."""
        person = self.person(request)
        key = _text(event, "conversation")
        try:
            self._preparation.wait()
            conversation = self._conversations.load(person.owner, key, person.library)
        except FootnoteError as error:
            return *(gr.skip() for _ in range(6)), self._talks(person, message=str(error))
        exchanges = tuple(Exchange.of_kept(exchange) for exchange in conversation.exchanges)
        return *self._talk(person, exchanges), key, self._talks(person, key)

    def change_talk(self, event: gr.EventData, talk_id: str | None, request: gr.Request) -> str:
        """Rename a conversation, or search in all of them; return the list."""
        person = self.person(request)
        key, title = _text(event, "conversation"), getattr(event, "title", None)
        message = ""
        if isinstance(title, str):
            try:
                self._conversations.rename(person.owner, key, title)
            except FootnoteError as error:
                message = str(error)
        return self._talks(person, talk_id, _text(event, "sought")[:1000], message)

    def delete_talk(self, event: gr.EventData, talk_id: str | None, request: gr.Request) -> tuple[Any, ...]:
        """Delete a conversation; return the page, empty if that was the open one."""
        person = self.person(request)
        key = _text(event, "conversation")
        message = ""
        try:
            self._conversations.delete(person.owner, key)
        except FootnoteError as error:
            message = str(error)
        if message or key != talk_id:
            return *(gr.skip() for _ in range(6)), self._talks(person, talk_id, message=message)
        return *self._talk(person, ()), None, self._talks(person)

    def export(self, event: gr.EventData, request: gr.Request) -> tuple[Any, Any]:
        """Return a conversation as a file for the browser to save, and the list if it has to say why there is none."""
        person = self.person(request)
        try:
            conversation = self._conversations.load(person.owner, _text(event, "conversation"), person.library)
        except FootnoteError as error:
            return gr.skip(), self._talks(person, message=str(error))
        if getattr(event, "form", "") == "json":
            text, kind, suffix = json.dumps(conversation.to_json(), ensure_ascii=False, indent=2), "application/json", ".json"
        else:
            text, kind, suffix = conversation_markdown(conversation), "text/markdown", ".md"
        return render_download(text, kind, conversation.summary.title, suffix), gr.skip()


def asked_of(event: gr.EventData, written: str) -> Exchange:
    """Return the question that an event asks: what is written in the box, a starter, or what was chosen in the conversation."""
    if isinstance(event.target, gr.Button):
        return Exchange(str(event.target.value))
    if isinstance(event.target, gr.HTML):
        return Exchange(_text(event, "question"), searched_for=_text(event, "searched_for"))
    return Exchange(written if isinstance(written, str) else "")


def _text(event: gr.EventData, key: str) -> str:
    """Return what an event carries under `key`; empty if it carries no such thing."""
    return str(getattr(event, key, ""))


def _names(sent: Any) -> frozenset[str]:
    """Return the names that a browser sends; what has not their form is none."""
    return frozenset(name for name in (sent if isinstance(sent, list) else ()) if isinstance(name, str))


def _number(value: Any, default: int = 0) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _picked(sent: Any) -> list[Picked]:
    """Return the passages that a browser sends; what has not their form is none."""
    return [
        (str(one.get("document")), _number(one.get("start")), _number(one.get("end")), str(one.get("quote")))
        for one in (sent if isinstance(sent, list) else ())
        if isinstance(one, dict)
    ]
