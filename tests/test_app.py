"""The page without a browser: what it writes as HTML, what its events return, and what its command refuses."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app
from assistant import Answer, Citation, Outcome, Statement
from corpus import Document, load_document, make_document, split_passages
from corpus.errors import ModelError, QuestionError, SettingsError
from index import Retrieved
from page.blocks import EVERYWHERE, SHOWN_ONLY, STARTERS, PageEvents
from page.conversation import Exchange, history, render_conversation, render_status
from page.html import attributes, escape, shorten
from page.preparation import INDEXING, LOADING, Preparation
from page.source import render_no_source, render_source

ROOT = Path(app.__file__).parent
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=\"alert('2')\"> &amp; [link](javascript:alert(3)) **bold** {{value}} ${value}"
)


class Reading(HTMLParser):
    """Reads HTML as a browser does: text below the element of a class, and every element with its attributes."""

    def __init__(self, html: str, within: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.within, self.depth, self.text = within, 0 if within else 1, ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if self.depth or dict(attrs).get("class") == self.within:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1 if self.depth else 0

    def handle_data(self, data: str) -> None:
        self.text += data if self.depth else ""

    def all(self, kind: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.elements if kind in (attrs.get("class") or "").split()]


@pytest.fixture(scope="module")
def article() -> Document:
    return load_document(app.SHIPPED / "immunotherapy.txt")


def pane(document: Document, **options: int) -> str:
    return render_source([document.name], document, split_passages(document), **options)


def cite(document: Document, quote: str, number: int = 1, heading: str = "Basics") -> Statement:
    start = document.text.index(quote)
    return Statement(" ".join(quote.split()), (Citation(number, document, start, start + len(quote), quote, heading),))


def answered(*statements: Statement, question: str = "What is it?", searched_for: str = "", confidence: float = 0.9) -> Answer:
    return Answer(question, searched_for or question, Outcome.ANSWERED, statements, (), confidence, "extractive", 0.21)


def declined(document: Document, confidence: float = 0.1) -> Answer:
    closest = tuple(Retrieved(passage, document.name, 1.0, 1) for passage in split_passages(document)[:2])
    return Answer("Why?", "Why?", Outcome.NOT_FOUND, (), closest, confidence, "extractive")


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
    talk = render_conversation(
        [
            Exchange(HOSTILE, answered(statement, question=HOSTILE, searched_for=f"more {HOSTILE}")),
            Exchange(HOSTILE, declined(document)),
            Exchange(HOSTILE, failure=HOSTILE),
            Exchange(HOSTILE, waiting=HOSTILE),
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


# The conversation


def test_every_sentence_is_followed_by_its_marker(article: Document) -> None:
    first, second = "There are many methods of immunotherapy", "Cell therapy refers to"
    html = render_conversation([Exchange("What?", answered(cite(article, first), cite(article, second, number=2)))])
    assert re.sub(r"<[^>]+>", "", html).startswith("What?There are many methods of immunotherapy1 Cell therapy refers to2")
    marker = Reading(html).all("marker")[0]
    assert marker["data-quote"] == first and marker["data-document"] == "immunotherapy.txt"
    assert article.text[int(marker["data-start"] or "") : int(marker["data-end"] or "")] == first
    assert marker["aria-label"] == "Footnote 1: show it in the source"


def test_items_of_a_list_stay_on_lines_of_their_own() -> None:
    document = make_document("list.txt", "It says so. (1) First thing. (2) Second thing.")
    statements = [cite(document, text) for text in ("It says so.", "(1) First thing.", "(2) Second thing.")]
    assert len(Reading(render_conversation([Exchange("What?", answered(*statements))])).all("listed")) == 2


def test_what_was_looked_up_is_shown_only_where_it_differs(article: Document) -> None:
    statement = cite(article, "immunity therapy")
    same = render_conversation([Exchange("What is it?", answered(statement))])
    other = render_conversation([Exchange("What is it?", answered(statement, searched_for="What is cell therapy?"))])
    assert "Searching for" not in same
    assert Reading(other, within="searched").text == "Searching for: What is cell therapy?"


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(0.9, "High confidence"), (0.7, "Fair confidence"), (0.3, "Low confidence: check it against the source")],
)
def test_confidence_is_said_in_words(article: Document, confidence: float, words: str) -> None:
    assert words in render_conversation([Exchange("What?", answered(cite(article, "immunity therapy"), confidence=confidence))])


@pytest.mark.parametrize(
    ("emphasis", "html"),
    [
        ((0, 6), '<strong>immune</strong> cells of the <span class="tail">body'),
        ((10, 21), 'immune cel<strong>ls of the </strong><span class="tail"><strong>b</strong>ody'),
        ((20, 23), 'immune cells of the <span class="tail"><strong>bod</strong>y'),
        (None, 'immune cells of the <span class="tail">body'),
    ],
    ids=["in the middle", "over the last word", "in the last word", "nothing sure"],
)
def test_the_stretch_that_answers_is_bold(emphasis: tuple[int, int] | None, html: str) -> None:
    document = make_document("a.txt", "immune cells of the body")
    citation = Citation(1, document, 0, len(document.text), document.text)
    statement = Statement(document.text, (citation,), emphasis)
    assert html in render_conversation([Exchange("What?", answered(statement))])


def test_an_answer_still_growing_has_no_foot(article: Document) -> None:
    growing = Exchange("What?", answered(cite(article, "immunity therapy")), waiting="Looking it up …")
    reading = Reading(render_conversation([growing]))
    assert reading.all("marker") and reading.all("status") and not reading.all("footnotes")
    assert Reading(render_conversation([replace(growing, waiting="")])).all("footnotes")


def test_a_decline_offers_the_closest_passages_and_no_citation(article: Document) -> None:
    html = render_conversation([Exchange("Why?", declined(article))])
    reading = Reading(html)
    assert "The document does not say." in reading.text and "Closest passages" in reading.text
    assert len(reading.all("closest")) == 2 and not reading.all("marker") and not reading.all("failure")
    assert "The documents do not say." in render_conversation([Exchange("Why?", declined(article))], documents=3)


def test_a_failure_is_neither_an_answer_nor_a_decline() -> None:
    html = render_conversation([Exchange("Why?", failure="The index is in use.")])
    assert Reading(html).all("failure")[0]["role"] == "alert"
    assert "The index is in use." in html and "does not say" not in html and "answered" in html
    assert not Reading(html).all("answer")


def test_history_leaves_out_what_failed_or_is_not_over(article: Document) -> None:
    done = Exchange("What?", answered(cite(article, "immunity therapy")))
    turns = history([done, Exchange("And?", failure="No."), Exchange("Why?", declined(article)), replace(done, waiting="…")])
    assert [turn["content"] for turn in turns] == ["What?", "immunity therapy", "Why?", "The document does not say."]
    assert [turn["role"] for turn in turns] == ["user", "assistant"] * 2


# What happens at an event


class FakeIndex:
    """Holds documents, and counts nothing."""

    def __init__(self, *documents: Document) -> None:
        self.documents = {document.name: document for document in documents}

    def records(self) -> list[Document]:
        return list(self.documents.values())

    def document(self, name: str) -> Document:
        return self.documents[name]

    def passages(self, name: str) -> list[object]:
        return list(split_passages(self.documents[name]))

    def add(self, documents: list[Document], sources: dict[str, str]) -> None:
        self.documents |= {document.name: document for document in documents}


class FakeEmbedder:
    """Loads when it is let, or fails."""

    name = fingerprint = "fake"

    def __init__(self, failure: Exception | None = None) -> None:
        self.may_load, self.failure = threading.Event(), failure

    def load(self) -> None:
        self.may_load.wait(10)
        if self.failure is not None:
            raise self.failure


class FakeChain:
    """Answers with the sentences it was given, one by one, and records what it was asked."""

    def __init__(self, *statements: Statement, failure: Exception | None = None) -> None:
        self.statements, self.failure, self.asked = statements, failure, []  # type: ignore[var-annotated]

    def stream(self, asked: dict[str, object]) -> Iterator[Answer]:
        self.asked.append(asked)
        if self.failure is not None:
            raise self.failure
        for number in range(1, len(self.statements) + 1):
            yield answered(*self.statements[:number])


def make_events(index: FakeIndex, chain: FakeChain, embedder: FakeEmbedder | None = None) -> PageEvents:
    embedder = embedder or FakeEmbedder()
    embedder.may_load.set()
    preparation = Preparation(index, embedder, app.SHIPPED)  # type: ignore[arg-type]
    preparation.start()
    return PageEvents(index, chain, preparation)  # type: ignore[arg-type]


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
    events = make_events(index, FakeChain())
    status, source, shown, _ = list(events.opening())[-1]
    assert status == "" and shown == "mine.txt" and "Mine." in source and list(index.documents) == ["mine.txt"]


@pytest.mark.parametrize("failure", [ModelError("The weights are gone."), RuntimeError("surprise")])
def test_a_program_that_cannot_get_ready_says_so_and_does_not_wait_for_ever(
    failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda arguments: None)  # Python prints the traceback here
    events = make_events(FakeIndex(make_document("mine.txt", "Mine.")), FakeChain(), FakeEmbedder(failure))
    status = list(events.opening())[-1][0]
    asked = list(events.converse("What?", (), EVERYWHERE, None))[-1][0]
    said = "The weights are gone." if isinstance(failure, ModelError) else "The terminal"
    assert "failure" in status and said in status
    assert said in asked[-1].failure


def test_an_answer_comes_statement_by_statement(article: Document) -> None:
    statements = [cite(article, "immunity therapy"), cite(article, "Cell therapy refers to", number=2)]
    chain = FakeChain(*statements)
    steps = list(make_events(FakeIndex(article), chain).converse("What is it?", (), EVERYWHERE, article.name))
    counts = [len(exchanges[-1].answer.statements) for exchanges, *_ in steps if exchanges[-1].answer is not None]
    assert counts == [1, 2, 2] and steps[-1][0][-1].waiting == "" and all(step[0][-1].waiting for step in steps[:-1])
    assert steps[0][2] == "", "the question leaves its box at once"
    assert chain.asked == [{"question": "What is it?", "history": [], "documents": None}]


def test_a_follow_up_brings_the_conversation_and_the_scope(article: Document) -> None:
    chain = FakeChain(cite(article, "immunity therapy"))
    events = make_events(FakeIndex(article), chain)
    before = list(events.converse("What is it?", (), EVERYWHERE, article.name))[-1][0]
    after = list(events.converse("And then?", before, SHOWN_ONLY, article.name))[-1][0]
    assert [exchange.question for exchange in after] == ["What is it?", "And then?"]
    assert chain.asked[1]["documents"] == [article.name]
    assert [turn["content"] for turn in chain.asked[1]["history"]] == ["What is it?", "immunity therapy"]


@pytest.mark.parametrize(("text", "said"), [("", "empty"), (" \n\t", "empty"), ("word " * 10_000, "too long")])
def test_what_cannot_be_asked_is_refused_in_the_page(article: Document, text: str, said: str) -> None:
    chain = FakeChain(failure=AssertionError("not to be asked"))
    exchanges, html, *_ = list(make_events(FakeIndex(article), chain).converse(text, (), EVERYWHERE, None))[-1]
    assert said in exchanges[-1].failure and said in html and len(html) < 2000


def test_a_failure_of_the_chain_is_shown_and_does_not_end_the_conversation(article: Document) -> None:
    chain = FakeChain(failure=QuestionError("Not like this."))
    exchanges, html, *_ = list(make_events(FakeIndex(article), chain).converse("What?", (), EVERYWHERE, None))[-1]
    assert exchanges == (Exchange("What?", failure="Not like this."),) and "Not like this." in html


def test_an_unforeseen_error_leaves_no_question_waiting(article: Document) -> None:
    events = make_events(FakeIndex(article), FakeChain())
    exchanges, html = events.broken((Exchange("What?", waiting="Looking it up …"),))
    assert not exchanges[0].waiting and "Something went wrong" in html


def test_the_starters_are_five_and_no_two_alike() -> None:
    assert len(set(STARTERS)) == 5 and all(starter.endswith("?") for starter in STARTERS)


# The command


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_a_host_that_others_could_reach_is_refused(host: str) -> None:
    with pytest.raises(SettingsError, match="no sign-in yet"):
        app.check_host(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_loopback_is_served(host: str) -> None:
    app.check_host(host)


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
