"""What programs ask over HTTP: answers that grow, searches, the list of documents, refusals, and leaving in between."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from played import FakeEmbedder, FakeIndex, PlayedChain, answered, cite
from served import served

import app
from assistant import Answer
from corpus import load_document, make_document, split_passages
from corpus.errors import FootnoteError, QuestionError, ScopeError
from index import PassageIndex, Retrieved
from page.preparation import Preparation
from page.service import MOST_FOUND, Service, found_json

ARTICLE = load_document(app.SHIPPED / "immunotherapy.txt")
CELLS, STEM = "Cell therapy refers to the introduction of cellular preparations", "Stem cell transplantation"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio.queueing")  # of pandas, at every question


# The service


class SearchedIndex(FakeIndex):
    """Finds all passages, in their order, and records what it was asked."""

    def __init__(self, *documents: Any) -> None:
        super().__init__(*documents)
        self.asked: list[tuple[str, int, Sequence[str] | None]] = []

    def search(self, question: str, count: int, *, documents: Sequence[str] | None = None) -> list[Retrieved]:
        self.asked.append((question, count, documents))
        found = [
            Retrieved(one, ARTICLE.name, 1.25, rank, page_label="page 2") for rank, one in enumerate(split_passages(ARTICLE), 1)
        ]
        return found[:count]


def service_of(index: Any, chain: Any = None) -> Service:
    return Service(index, chain or PlayedChain(lambda asked: iter(())))


def test_a_search_gives_the_exact_places_of_what_it_found() -> None:
    index = SearchedIndex(ARTICLE)
    asked, found = service_of(index).search("  cell\n therapy ", [ARTICLE.name], 3)
    made = found_json(asked, found)
    assert index.asked == [("cell therapy", 3, (ARTICLE.name,))] and made["question"] == "cell therapy"
    assert len(made["passages"]) == 3
    for row, passage in zip(made["passages"], split_passages(ARTICLE), strict=False):
        assert row["text"] == ARTICLE.text[row["start"] : row["end"]] == passage.text
        assert (row["document"], row["score"], row["page"]) == (ARTICLE.name, 1.25, None)
        assert row["place"] == ", ".join(filter(None, (ARTICLE.name, "page 2", passage.heading)))


@pytest.mark.parametrize("count", [0, -1, MOST_FOUND + 1, 10**9, 2.5, "x", "3", None, True, [1]])
def test_a_count_that_is_none_is_refused(count: Any) -> None:
    with pytest.raises(QuestionError, match="a whole number from 1 to 50 was expected"):
        service_of(SearchedIndex(ARTICLE)).search("cell", None, count)


@pytest.mark.parametrize(
    ("question", "documents", "said"), [("", None, "empty"), ("x " * 900, None, "too long"), ("cell", 7, "list of names")]
)
def test_what_cannot_be_searched_for_is_refused(question: str, documents: Any, said: str) -> None:
    index = SearchedIndex(ARTICLE)
    with pytest.raises(QuestionError, match=said):
        service_of(index).search(question, documents, 5)
    assert index.asked == []


def test_the_list_of_documents_says_nothing_of_where_their_files_are(word_embedder: Any, tmp_path: Path) -> None:
    index = PassageIndex(tmp_path / "data", word_embedder, create=True)
    document = make_document("mine.txt", "Bees sting. Wasps sting too.")
    index.add([document], sources={document.id: "/home/anna/secret/mine.txt"})
    (row,) = service_of(index).list_documents()["documents"]
    added = row.pop("added")
    assert row == {"name": "mine.txt", "media_type": "text/plain", "characters": 28, "passages": 1}
    assert added.startswith("20") and added.endswith("+00:00")
    index.close()


# The endpoints, without a server


def ready(index: Any) -> Preparation:
    embedder = FakeEmbedder()
    embedder.may_load.set()
    preparation = Preparation(index, embedder, app.SHIPPED)
    preparation.start()
    return preparation


def api_of(chain: Any, index: Any = None) -> Any:
    from page.api import Api

    index = index or SearchedIndex(ARTICLE)
    return Api(lambda request: Service(index, chain), ready(index))


async def collected(steps: AsyncIterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [step async for step in steps]


def test_an_answer_grows_and_steps_that_change_nothing_are_not_sent() -> None:
    first, second = cite(ARTICLE, CELLS), cite(ARTICLE, STEM, number=2)
    half, whole = answered(first), answered(first, second)
    played = [
        replace(step, seconds=seconds) for step, seconds in ((half, 0.1), (half, 0.2), (half, 0.3), (whole, 0.4), (whole, 0.5))
    ]
    chain = PlayedChain(lambda asked: iter(played))
    steps = asyncio.run(
        collected(api_of(chain).ask(None, "What is it?", engine="extractive", searched_for="What is cell therapy?"))
    )
    assert [(len(step["statements"]), step["seconds"]) for step in steps] == [(1, 0.1), (2, 0.4), (2, 0.5)]
    assert steps[-1] == replace(whole, seconds=0.5).to_json()
    assert chain.asked == [
        {
            "question": "What is it?",
            "history": [],
            "documents": None,
            "engine": "extractive",
            "searched_for": "What is cell therapy?",
        }
    ]


@pytest.mark.parametrize("error", [QuestionError("Not like this."), ScopeError("No such document.")])
def test_what_is_refused_is_said_in_its_own_words(error: FootnoteError) -> None:
    import gradio as gr

    def refuse(*_: Any, **__: Any) -> Iterator[Answer]:
        raise error
        yield

    index = SearchedIndex(ARTICLE)
    index.search = index.records = refuse  # type: ignore[method-assign,assignment]
    api = api_of(PlayedChain(refuse), index)
    with pytest.raises(gr.Error) as told:
        asyncio.run(collected(api.ask(None, "What?")))
    assert told.value.message == str(error) and told.value.print_exception is False


def test_who_sends_a_request_decides_whose_documents_it_sees() -> None:
    from page.api import Api

    mine, yours = FakeIndex(make_document("mine.txt", "Mine.")), FakeIndex(make_document("yours.txt", "Yours."))
    chains = {name: PlayedChain(lambda asked: iter([answered(cite(ARTICLE, CELLS))])) for name in ("anna", "bert")}
    services = {"anna": service_of(mine, chains["anna"]), "bert": service_of(yours, chains["bert"])}
    api = Api(lambda request: services[request.username], ready(mine))  # type: ignore[arg-type,index]
    asyncio.run(collected(api.ask(SimpleNamespace(username="bert"), "What?")))
    assert [len(chains[name].asked) for name in ("anna", "bert")] == [0, 1]


# Over HTTP, with a chain that plays


class Slow(PlayedChain):
    """Says one statement, and then waits, looking up whether it is to go on."""

    def __init__(self) -> None:
        super().__init__(self.answers)
        self.go_on = threading.Event()

    def answers(self, asked: Mapping[str, Any]) -> Iterator[Answer]:
        if asked["question"] == "Break":
            raise RuntimeError("a secret of the inside")
        half = answered(cite(ARTICLE, CELLS))
        yield half
        while not self.go_on.wait(0.02):
            yield half
        yield answered(cite(ARTICLE, CELLS), cite(ARTICLE, STEM, number=2))


@pytest.fixture(scope="module")
def slow() -> Slow:
    return Slow()


@pytest.fixture(scope="module")
def played_address(slow: Slow) -> Iterator[str]:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    from page.api import connect

    with gr.Blocks(analytics_enabled=False) as blocks:
        connect(api_of(slow), 4)
    _, url, _ = blocks.launch(server_name="127.0.0.1", prevent_thread_lock=True, quiet=True, ssr_mode=False)
    yield url
    blocks.close(verbose=False)


@pytest.fixture(scope="module")
def played_client(played_address: str) -> Any:
    from gradio_client import Client

    return Client(played_address, verbose=False)


def wait_for(true: Any, seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_client_gets_an_answer_while_it_grows(slow: Slow, played_client: Any) -> None:
    slow.go_on.clear()
    job = played_client.submit("What is it?", api_name="/ask")
    wait_for(lambda: len(job.outputs()) == 1)
    assert not job.done() and len(job.outputs()[0]["statements"]) == 1
    slow.go_on.set()
    assert len(job.result(20)["statements"]) == 2
    assert [len(answer["statements"]) for answer in job] == [1, 2]


def test_a_job_that_is_cancelled_stops_the_work(slow: Slow, played_client: Any) -> None:
    slow.go_on.clear()
    slow.closed.clear()
    job = played_client.submit("Never mind", api_name="/ask")
    wait_for(lambda: len(job.outputs()) == 1)
    job.cancel()
    wait_for(lambda: slow.closed == ["Never mind"])


def test_a_fault_of_the_program_tells_nothing_of_its_inside(played_client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Exception, match="error") as told:
        played_client.predict("Break", api_name="/ask")
    assert "secret" not in str(told.value) and "Traceback" not in str(told.value)


# The real program

GUARD = """
import sys
def note(event, arguments):
    if event == "socket.connect" or event == "socket.getaddrinfo":
        said = arguments[1] if event == "socket.connect" else arguments[:2]
        with open({path!r}, "a") as log:
            log.write(f"{{event}} {{said!r}}\\n")
sys.addaudithook(note)
"""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The program on an empty folder, and the file that says which other machines it has tried to reach."""
    folder = tmp_path_factory.mktemp("api")
    log = folder / "connections"
    (folder / "before").mkdir()
    (folder / "before" / "sitecustomize.py").write_text(GUARD.format(path=str(log)))
    with served(folder / "data", before=folder / "before") as address:
        yield address, log


@pytest.fixture(scope="module")
def client(real: tuple[str, Path]) -> Any:
    from gradio_client import Client

    return Client(real[0], verbose=False)


def test_the_endpoints_are_three_and_say_what_they_take(real: tuple[str, Path]) -> None:
    told = httpx.get(real[0] + "/gradio_api/info", timeout=60).json()
    takes = {name: [one["parameter_name"] for one in end["parameters"]] for name, end in told["named_endpoints"].items()}
    assert takes == {
        "/ask": ["question", "history", "documents", "engine", "searched_for"],
        "/search": ["question", "documents", "count"],
        "/list_documents": [],
    }
    assert told["unnamed_endpoints"] == {}
    assert all(end["description"] for end in told["named_endpoints"].values())


def test_a_question_is_answered_with_the_exact_characters(client: Any) -> None:
    answers = list(client.submit("What do molecular vaccines include?", api_name="/ask"))
    assert answers[-1]["outcome"] == "answered" and answers[-1]["seconds"] > 0
    cited = [citation for statement in answers[-1]["statements"] for citation in statement["citations"]]
    assert any("DNA vaccines" in citation["quote"] for citation in cited)
    for citation in cited:
        assert citation["document"] == ARTICLE.name and citation["page"] is None
        assert ARTICLE.text[citation["start"] : citation["end"]] == citation["quote"]
    history = [
        {"role": "user", "content": "What is cell therapy?"},
        {"role": "assistant", "content": "It is.", "searched_for": "What is cell therapy?"},
    ]
    after = client.predict("What does it activate?", history, [ARTICLE.name], None, None, api_name="/ask")
    assert "ell therapy" in after["searched_for"]


def test_a_search_and_the_list_are_of_the_same_documents(client: Any) -> None:
    (row,) = client.predict(api_name="/list_documents")["documents"]
    assert (row["name"], row["characters"]) == (ARTICLE.name, len(ARTICLE.text))
    found = client.predict("cell therapy", None, 3, api_name="/search")
    assert len(found["passages"]) == 3 and found["passages"][0]["heading"].endswith("Cell Therapy")
    for passage in found["passages"]:
        assert ARTICLE.text[passage["start"] : passage["end"]] == passage["text"]
    assert len(client.predict("cell therapy", api_name="/search")["passages"]) == 6


@pytest.mark.parametrize(
    ("arguments", "endpoint", "said"),
    [
        (("",), "/ask", "The question is empty."),
        (("word " * 900,), "/ask", "The question is too long"),
        (("cell", 7), "/ask", "The history of a question is a list"),
        (("cell", [{"role": "user"}]), "/ask", "A turn of the history has"),
        (("cell", None, ["none.txt"]), "/ask", "no document called 'none.txt'"),
        (("cell", None, None, "bard"), "/ask", "no engine 'bard'"),
        (("cell", ["none.txt"]), "/search", "no document called 'none.txt'"),
        (("cell", None, 51), "/search", "a whole number from 1 to 50"),
        (("cell", None, "many"), "/search", "a whole number from 1 to 50"),
    ],
)
def test_a_client_is_told_what_was_wrong(client: Any, arguments: tuple[Any, ...], endpoint: str, said: str) -> None:
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError) as told:
        client.predict(*arguments, api_name=endpoint)
    assert said in str(told.value) and "Traceback" not in str(told.value)


def test_nothing_is_asked_of_other_machines(real: tuple[str, Path], client: Any) -> None:
    client.predict("What is cell therapy?", api_name="/ask")
    tried = real[1].read_text().splitlines()
    assert tried, "the program's own look at its page was noted"
    assert [line for line in tried if "127.0.0.1" not in line and "'localhost'" not in line and "'::1'" not in line] == []
