"""The page's endpoints for programs: `/ask`, `/search` and `/list_documents`, for `gradio_client` or plain HTTP.

    from gradio_client import Client

    client = Client("http://127.0.0.1:7860")                  with accounts: auth=("anna", "her password")
    for answer in client.submit("What is cell therapy?", api_name="/ask"):
        ...                                                    the answer so far; the last one is whole
    client.predict("cell therapy", None, 5, api_name="/search")
    client.predict(api_name="/list_documents")

What Footnote refuses comes as an error with its sentence.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant import Answer
from corpus.errors import FootnoteError
from page.preparation import Preparation
from page.service import Service, found_json
from page.stepwise import stepwise


class Api:
    """The endpoints. A request waits until the program is ready, and sees the documents of whoever sent it."""

    def __init__(self, service_of: Callable[[gr.Request], Service], preparation: Preparation) -> None:
        """
        :param service_of: Gives what a request may ask; it is called when all is ready.
        """
        self._service_of = service_of
        self._preparation = preparation

    async def ask(
        self,
        request: gr.Request,
        question: str,
        history: list[dict[str, Any]] | None = None,
        documents: list[str] | None = None,
        engine: str | None = None,
        searched_for: str | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        """Answer one question, as JSON: every statement with the exact place that says so. Comes as it grows; the last is
        whole.

        Left by whoever asked, the work ends with its present step.

        :param question: Free text.
        :param history: Earlier turns, oldest first: objects with `role` (`user` or `assistant`) and `content`; of an answer,
            its `searched_for` and `citations` help to understand a follow-up.
        :param documents: Names of the documents to look in; null for all.
        :param engine: Who writes the answer; null for the default.
        :param searched_for: What to look up instead of what is made of the question; null to find out.
        """
        asked = {"question": question, "history": history or [], "documents": documents, "engine": engine}
        answer, known, sent = None, None, None
        try:
            async with aclosing(stepwise(self._answers(request, asked | {"searched_for": searched_for}))) as answers:
                async for answer in answers:
                    if (said := replace(answer, seconds=0.0)) != known:  # a chain may take steps that change nothing
                        known, sent = said, answer
                        yield answer.to_json()
        except FootnoteError as error:
            raise _told(error) from error
        if answer is not None and answer != sent:  # how long it took in the end
            yield answer.to_json()

    def _answers(self, request: gr.Request, asked: Mapping[str, Any]) -> Generator[Answer, None, None]:
        yield from self._service(request).answers(asked)

    def search(self, request: gr.Request, question: str, documents: list[str] | None = None, count: int = 10) -> dict[str, Any]:
        """Return the passages that fit a question, best first, each with its exact place. They are what was found, no answer.

        :param question: Free text.
        :param documents: Names of the documents to look in; null for all.
        :param count: How many at most, 1 to 50.
        """
        try:
            return found_json(*self._service(request).search(question, documents, count))
        except FootnoteError as error:
            raise _told(error) from error

    def list_documents(self, request: gr.Request) -> dict[str, Any]:
        """Return the documents: name, media type, characters, passages, and when each was added."""
        try:
            return self._service(request).list_documents()
        except FootnoteError as error:
            raise _told(error) from error

    def _service(self, request: gr.Request) -> Service:
        self._preparation.wait()
        return self._service_of(request)


def _told(error: FootnoteError) -> gr.Error:
    return gr.Error(str(error), print_exception=False)


def connect(api: Api, at_once: int) -> None:
    """Add the endpoints to the page that is being built.

    :param at_once: How many requests of each are worked on together; more wait their turn.
    """
    gr.events.api(api.ask, api_name="ask", concurrency_limit=at_once)
    gr.events.api(api.search, api_name="search", concurrency_limit=at_once)
    gr.events.api(api.list_documents, api_name="list_documents", concurrency_limit=at_once)
