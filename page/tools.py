"""The tools that other assistants get over the Model Context Protocol: `ask`, `search` and `list_documents`.

Each returns the JSON of every interface as structured content, and the same as text to be read: quotes, documents, pages.
What is refused comes as the tool's error, with its sentence.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import aclosing
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field
from typing_extensions import TypedDict

from assistant import Answer
from assistant.terminal import render
from corpus.display import counted, printable
from corpus.errors import FootnoteError
from page.service import MOST_FOUND, Service, found_json
from page.stepwise import stepwise

INSTRUCTIONS = (
    "Footnote answers questions from a person's own documents. Every statement that `ask` returns carries citations whose "
    "quotes are the exact characters of the document from `start` to `end`. Give the quote and the place along with what "
    "you take from it. Outcome `not_found` means that the documents do not say: do not fill the gap with knowledge of your own "
    "without saying so. `search` returns passages that may or may not answer."
)
_WIDE = 1_000_000  # columns: a quote is not broken into lines


class CitationJson(TypedDict):
    """What supports a statement: the document's characters from `start` to `end` are `quote`; `place` is that in words."""

    number: int
    document: str
    start: int
    end: int
    quote: str
    heading: str
    page: int | None
    place: str


class StatementJson(TypedDict):
    """One sentence of an answer, with what supports it."""

    text: str
    citations: list[CitationJson]


class PassageJson(TypedDict):
    """A passage that was found; `text` is the document's characters from `start` to `end`."""

    document: str
    start: int
    end: int
    score: float
    text: str
    heading: str
    page: int | None
    place: str


class AnswerJson(TypedDict):
    """The answer to a question: `outcome` is `answered` or `not_found`; `closest` are passages to look further in, not cited.

    `confidence` is the probability that the documents answer the question; `reply` what Footnote says by itself, such as to ask
    back with `options`; `unsupported` what a chat model said and the documents do not support: it is no part of the answer.
    """

    question: str
    searched_for: str
    outcome: str
    answer: str
    confidence: float
    statements: list[StatementJson]
    closest: list[PassageJson]
    engine: str
    reply: str
    options: list[str]
    notice: str
    unsupported: list[dict[str, str]]
    seconds: float


class FoundJson(TypedDict):
    """Passages that fit a question, best first."""

    question: str
    passages: list[PassageJson]


class DocumentJson(TypedDict):
    """A document that can be asked; `added` is ISO 8601 in UTC."""

    name: str
    media_type: str
    characters: int
    passages: int
    added: str


class DocumentsJson(TypedDict):
    """The documents, by name."""

    documents: list[DocumentJson]


_Question = Annotated[str, Field(description="A question in plain words, one thing at a time.")]
_Documents = Annotated[
    list[str] | None, Field(description="Names of the documents to look in, as list_documents gives them; null for all.")
]


class Tools:
    """The three tools. The index is opened by the first call, or again by the next one if it could not be."""

    def __init__(self, open_service: Callable[[], Service]) -> None:
        """
        :param open_service: Opens the index; may take seconds and fail with a `FootnoteError`.
        """
        self._open_service = open_service
        self._service: Service | None = None
        self._opening = threading.Lock()

    def _opened(self) -> Service:
        with self._opening:
            if self._service is None:
                self._service = self._open_service()
            return self._service

    async def ask(
        self,
        question: _Question,
        documents: _Documents = None,
        history: Annotated[
            list[dict[str, Any]] | None,
            Field(
                description="Earlier turns, oldest first, for a follow-up: objects with `role` (user or assistant) and "
                "`content`; of an answer, its `searched_for` and `citations` too. Null for none."
            ),
        ] = None,
    ) -> Annotated[CallToolResult, AnswerJson]:
        """Answer a question from the person's own documents.

        Every statement is cited to the exact characters of a document, or the answer is that the documents do not say.
        """
        return await _result(self._ask({"question": question, "documents": documents, "history": history or []}))

    async def _ask(self, asked: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        async with aclosing(stepwise(self._answers(asked))) as answers:
            answer = [answer async for answer in answers][-1]
        return answer.to_json(), render(answer, colour=False, width=_WIDE, unsupported=True)

    async def search(
        self,
        question: _Question,
        documents: _Documents = None,
        count: Annotated[int, Field(ge=1, le=MOST_FOUND, description="How many passages at most.")] = 10,
    ) -> Annotated[CallToolResult, FoundJson]:
        """Find the passages of the person's own documents that fit a question, best first, each with its exact place.

        They are what was found, and may not answer it.
        """
        return await _result(asyncio.to_thread(self._search, question, documents, count))

    def _search(self, question: str, documents: list[str] | None, count: int) -> tuple[dict[str, Any], str]:
        asked, found = self._opened().search(question, documents, count)
        made = found_json(asked, found)
        said = [f"{counted(len(found), 'passage')} for: {asked}"]
        for number, row in enumerate(made["passages"], 1):
            said.append(f"[{number}] {row['place']}, characters {row['start']}-{row['end']}\n{row['text']}")
        return made, printable("\n\n".join(said))

    async def list_documents(self) -> Annotated[CallToolResult, DocumentsJson]:
        """List the person's documents that can be asked and searched."""
        return await _result(asyncio.to_thread(self._list))

    def _list(self) -> tuple[dict[str, Any], str]:
        listed = self._opened().list_documents()
        rows = [
            f"- {row['name']} ({counted(row['characters'], 'character')}, {row['media_type']})" for row in listed["documents"]
        ]
        return listed, printable("\n".join([f"{counted(len(rows), 'document')}:", *rows]))

    def _answers(self, asked: Mapping[str, Any]) -> Generator[Answer, None, None]:
        yield from self._opened().answers(asked)


async def _result(work: Awaitable[tuple[dict[str, Any], str]]) -> CallToolResult:
    """Return what a tool has made, as data and as text, or why it could not."""
    try:
        made, said = await work
    except FootnoteError as error:
        return CallToolResult(content=[TextContent(type="text", text=printable(str(error)))], is_error=True)
    return CallToolResult(content=[TextContent(type="text", text=said)], structured_content=made)


def make_server(open_service: Callable[[], Service], version: str) -> MCPServer:
    """Return the server with its three tools, to be run.

    :param open_service: Opens the index, when it is first needed.
    """
    tools = Tools(open_service)
    server = MCPServer("footnote", title="Footnote", instructions=INSTRUCTIONS, version=version, log_level="WARNING")
    reading = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool, title in (
        (tools.ask, "Ask the documents"),
        (tools.search, "Search the documents"),
        (tools.list_documents, "List the documents"),
    ):
        server.add_tool(tool, title=title, annotations=reading)
    return server
