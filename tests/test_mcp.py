"""The server for other assistants, asked by the real client of the Model Context Protocol over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from played import PlayedChain, answered, cite
from served import ROOT

import app
from assistant import Answer
from corpus import Document, load_document, make_document
from corpus.errors import IndexMissingError, SettingsError
from index import IndexView, PassageIndex, Settings
from page.accounts import AccountStore, Cost
from page.browsers import owner_of
from page.mcp import main, open_service
from page.service import Service

mcp = pytest.importorskip("mcp", reason="mcp is not installed: pip install -e '.[test]'")
stdio = pytest.importorskip("mcp.client.stdio")

ARTICLE = load_document(app.SHIPPED / "immunotherapy.txt")
Use = Callable[[Any], Awaitable[Any]]


def with_client(transport: Any, use: Use) -> Any:
    """Connect, use the client, and close; return what was found out."""

    async def talk() -> Any:
        async with mcp.Client(transport) as client:
            return await use(client)

    return asyncio.run(asyncio.wait_for(talk(), 100))


def started(data: Path, *arguments: str) -> Any:
    """Start the program as an assistant does: somewhere else, with a command line."""
    line = ["-m", "page.mcp", "--data", str(data), *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return stdio.stdio_client(
        mcp.StdioServerParameters(command=sys.executable, args=line, env=environment, cwd=str(data.parent))
    )


def check_places(rows: list[dict[str, Any]], key: str) -> None:
    assert rows
    for row in rows:
        assert row["document"] == ARTICLE.name and row["page"] is None
        assert ARTICLE.text[row["start"] : row["end"]] == row[key]


def test_another_assistant_asks_searches_and_lists(article_index: PassageIndex) -> None:
    async def use(client: Any) -> list[Any]:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["ask", "search", "list_documents"]
        assert client.server_info.name == "footnote" and "exact characters" in client.instructions
        calls = (
            ("ask", {"question": "What do molecular vaccines include?"}),
            ("ask", {"question": "Who won the world cup of 1998?"}),
            ("search", {"question": "cell therapy", "count": 2, "documents": [ARTICLE.name]}),
            ("list_documents", {}),
            ("ask", {"question": "What?", "documents": ["none.txt"]}),
            ("search", {"question": " "}),
            ("search", {"question": "cell", "count": 51}),
            ("ask", {}),
        )
        return [await client.call_tool(*call) for call in calls]

    cited, declined, found, listed, no_document, empty, many, nothing = with_client(started(article_index.folder), use)

    answer = cited.structured_content
    assert answer["outcome"] == "answered"
    citations = [citation for statement in answer["statements"] for citation in statement["citations"]]
    check_places(citations, "quote")
    text = cited.content[0].text
    for citation in citations:
        assert f"[{citation['number']}] {citation['place']}, characters {citation['start']}-{citation['end']}\n" in text
        assert f"“{' '.join(citation['quote'].split())}”" in text
    assert not cited.is_error and len(cited.content) == 1

    assert declined.structured_content["outcome"] == "not_found" and not declined.structured_content["statements"]
    assert declined.content[0].text.startswith("The documents do not say.") and not declined.is_error

    passages = found.structured_content["passages"]
    check_places(passages, "text")
    assert len(passages) == 2 and found.content[0].text.startswith("2 passages for: cell therapy\n\n[1] immunotherapy.txt, ")
    assert all(passage["text"] in found.content[0].text for passage in passages)

    (row,) = listed.structured_content["documents"]
    assert (row["name"], row["characters"]) == (ARTICLE.name, len(ARTICLE.text)) and "source" not in row
    assert listed.content[0].text == "1 document:\n- immunotherapy.txt (3,907 characters, text/plain)"

    for refused, said in ((no_document, "The index holds no document called 'none.txt'."), (empty, "The question is empty.")):
        assert refused.is_error and refused.structured_content is None and refused.content[0].text.startswith(said)
    for refused, said in ((many, "less than or equal to 50"), (nothing, "question")):
        assert refused.is_error and said in refused.content[0].text and "Traceback" not in refused.content[0].text


def test_without_an_index_the_server_starts_and_each_tool_says_what_to_do(tmp_path: Path) -> None:
    async def use(client: Any) -> Any:
        return await client.call_tool("list_documents", {})

    refused = with_client(started(tmp_path / "nothing"), use)
    assert refused.is_error and "python -m index add PATH" in refused.content[0].text
    assert not (tmp_path / "nothing").exists()


def test_an_account_sees_what_it_has_added_and_others_do_not(tmp_path: Path, embedder: Any) -> None:
    data = tmp_path / "data"
    index = PassageIndex(data, embedder, create=True)
    index.add([make_document("shared.txt", "Bees sting only once. Wasps sting again and again.")])
    store = AccountStore(data, Cost(n=16, r=8, p=1))
    store.add("anna", "correct horse")
    store.add("bert", "correct horse")
    own = IndexView(index, owner_of(store.held("anna").id, None))
    own.add([make_document("hers.txt", "The garden has seven hives. They stand below the lime trees.")])
    index.close()

    def names(account: str) -> list[str]:
        settings = Settings(data=data)
        owner = owner_of(store.held(account).id, None) if account else ""
        return [row["name"] for row in open_service(settings, owner).list_documents()["documents"]]

    assert (names("Anna"), names("bert"), names("")) == (["hers.txt", "shared.txt"], ["shared.txt"], ["shared.txt"])

    async def use(client: Any) -> Any:
        return (await client.call_tool("ask", {"question": "How many hives has the garden?"})).structured_content

    answer = with_client(started(data, "--account", "ANNA"), use)
    assert [one["document"] for one in answer["statements"][0]["citations"]] == ["hers.txt"]
    with pytest.raises(SettingsError, match="There is no account carl"):
        main(["--data", str(data), "--account", "carl"])


def test_nothing_but_the_protocol_is_written_to_standard_output(article_index: PassageIndex) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
    }
    ask = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": "Hello"}}}
    process = subprocess.Popen(
        [sys.executable, "-m", "page.mcp", "--data", str(article_index.folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    lines = []
    for message in (hello, {"jsonrpc": "2.0", "method": "notifications/initialized"}, ask):
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        if "id" in message:
            lines.append(json.loads(process.stdout.readline()))
    rest, errors = process.communicate(timeout=60)  # the input ends, and so does the server
    assert [line["id"] for line in lines] == [1, 2] and rest == ""
    assert lines[1]["result"]["isError"] is False and lines[1]["result"]["structuredContent"]["reply"]
    assert process.returncode == 0 and "Traceback" not in errors


def test_without_the_package_its_extra_is_named(tmp_path: Path) -> None:
    (tmp_path / "mcp").mkdir()
    (tmp_path / "mcp" / "__init__.py").write_text("raise ModuleNotFoundError('no', name='mcp')")
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    line = [sys.executable, "-m", "page.mcp"]
    done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.startswith("error: ") and "'.[mcp]'" in done.stderr


# In this process, with a chain that plays


def play(open_service: Callable[[], Service], use: Use) -> Any:
    from page.tools import make_server

    return with_client(make_server(open_service, "1"), use)


def service(answers: Callable[[Any], Iterator[Answer]], index: Any = None) -> Service:
    return Service(index, PlayedChain(answers))  # type: ignore[arg-type]


def test_an_index_that_could_not_be_opened_is_tried_again_by_the_next_call(article: Document) -> None:
    opened = 0

    def open_service() -> Service:
        nonlocal opened
        opened += 1
        if opened == 1:
            raise IndexMissingError("There is no index yet.")
        return service(lambda asked: iter([answered(cite(article, "immunity therapy"))]))

    async def use(client: Any) -> list[Any]:
        return [await client.call_tool("ask", {"question": "What is it?"}) for _ in range(3)]

    first, *others = play(open_service, use)
    assert first.is_error and first.content[0].text == "There is no index yet."
    assert [one.structured_content["answer"] for one in others] == ["immunity therapy"] * 2 and opened == 2


def test_a_fault_of_the_program_tells_nothing_of_its_inside() -> None:
    def fail(asked: Any) -> Iterator[Answer]:
        raise RuntimeError("a secret of the inside")
        yield

    async def use(client: Any) -> Any:
        return await client.call_tool("ask", {"question": "What is it?"})

    told = play(lambda: service(fail), use)
    assert told.is_error and told.content[0].text == "Error executing tool ask"


def test_what_is_asked_reaches_the_chain_with_its_history_and_scope(article: Document) -> None:
    asked: list[Any] = []

    def answer(question: Any) -> Iterator[Answer]:
        asked.append(dict(question))
        yield answered(cite(article, "immunity therapy"))

    turns = [{"role": "user", "content": "What is cell therapy?"}]

    async def use(client: Any) -> Any:
        return await client.call_tool("ask", {"question": "And then?", "history": turns, "documents": ["a.txt"]})

    play(lambda: service(answer), use)
    assert asked == [{"question": "And then?", "history": turns, "documents": ["a.txt"]}]


def test_the_tools_only_read_and_describe_what_they_return(article: Document) -> None:
    async def use(client: Any) -> Any:
        return (await client.list_tools()).tools

    for tool in play(lambda: service(lambda asked: iter(())), use):
        assert tool.annotations.read_only_hint and not tool.annotations.open_world_hint
        assert tool.title and len(tool.description.strip()) > 40 and tool.output_schema["properties"]
        assert all(field.get("description") for field in tool.input_schema["properties"].values())
