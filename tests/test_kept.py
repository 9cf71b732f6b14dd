"""Conversations that are kept: what comes back, what became of their documents, lists, searches, damage, and Markdown."""

from __future__ import annotations

import errno
import html
import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from conftest import WordEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt  # rich brings it
from played import Reading
from scripted import scripted_chain

import app
from assistant import Answer, Citation, Outcome, Statement, build_chain
from assistant.answer import RETRIEVED_SHOWN, Unsupported, cite
from assistant.history import NOT_FOUND, turns_of
from assistant.kept.conversations import TITLE_LENGTH, UNTITLED, KeptExchange, short_title
from assistant.kept.folding import folded
from assistant.kept.quotes import Gone, KeptCitation, KeptDocument, KeptPassage
from assistant.kept.serial import Links, answer_from_kept, answer_to_kept
from assistant.kept.store import ConversationStore
from assistant.markdown import answer_markdown, conversation_markdown, escaped
from assistant.terminal import render
from corpus import Document, make_document, split_passages
from corpus.display import one_line, printable
from corpus.document import Extract, PageKind
from corpus.errors import IndexStoreError, KeepingError
from index import IndexView, PassageIndex, Retrieved, SentenceTransformerEmbeddings
from index.folder import DataFolder
from page.conversation import Exchange, render_conversation

ADA, BOB = "ada", "bob"
BEES = "Bees live in a hive. A hive has one queen."
ANTS = "Ants live in a nest. A nest has many workers."
HIVE, NEST = "Bees live in a hive.", "Ants live in a nest."


@pytest.fixture
def index(tmp_path: Path, word_embedder: WordEmbedder) -> Iterator[PassageIndex]:
    opened = PassageIndex(tmp_path / "data", word_embedder, create=True)
    opened.add([make_document("bees.txt", BEES), make_document("ants.txt", ANTS)])
    yield opened
    opened.close()


class Chains:
    """Answers a question that asks where something is, and declines every other."""

    def __init__(self, index: PassageIndex) -> None:
        self.answering, _ = scripted_chain(index, {HIVE: 2.0})
        self.declining, _ = scripted_chain(index, {})

    def invoke(self, question: str) -> Answer:
        return (self.answering if "where" in question.lower() else self.declining).invoke(question)


@pytest.fixture
def chain(index: PassageIndex) -> Chains:
    return Chains(index)


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "data")


def asked(chain: Chains, *questions: str) -> list[KeptExchange]:
    return [KeptExchange(question, chain.invoke(question)) for question in questions]


def file_of(store: ConversationStore, key: str) -> Path:
    (found,) = store.folder.glob(f"*/{key}.json")
    return found


def as_kept(answer: Answer) -> Answer:
    """Return an answer with what is kept of it: the first places of what was found."""
    return replace(answer, retrieved=answer.retrieved[:RETRIEVED_SHOWN])


def there_and_back(answer: Answer, library: Any) -> Answer:
    return answer_from_kept(json.loads(json.dumps(answer_to_kept(answer))), Links(library))


# What comes back


def test_a_conversation_comes_back_as_it_was(store: ConversationStore, chain: Chains, index: PassageIndex) -> None:
    exchanges = asked(chain, "Where do bees live?", "How old do ants get?")
    exchanges += [
        KeptExchange("And wasps?", searched_for="Where do wasps live?", stopped=True, documents=("bees.txt",)),
        KeptExchange("\ud83d?", failure="The question is empty."),
    ]
    summary = store.keep(ADA, exchanges)
    loaded = store.load(ADA, summary.id, index)
    assert loaded.summary == summary
    assert (summary.title, summary.questions) == ("Where do bees live?", 4)
    assert loaded.exchanges == tuple(exchanges)
    (citation,) = loaded.exchanges[0].answer.citations  # type: ignore[union-attr]
    assert isinstance(citation, Citation) and citation.document is index.document("bees.txt")
    assert loaded.exchanges[1].answer.closest == exchanges[1].answer.closest != ()  # type: ignore[union-attr]


def test_an_answer_of_the_real_chain_comes_back_whole(
    article_index: PassageIndex, embedder: SentenceTransformerEmbeddings, tmp_path: Path
) -> None:
    chain = build_chain(article_index, embedder)
    answers = [chain.invoke(question) for question in ("What do molecular vaccines include?", "What does it cost?")]
    assert [answer.outcome for answer in answers] == [Outcome.ANSWERED, Outcome.NOT_FOUND]
    store = ConversationStore(tmp_path)
    summary = store.keep(ADA, [KeptExchange(answer.question, answer) for answer in answers])
    loaded = store.load(ADA, summary.id, article_index)
    assert [exchange.answer for exchange in loaded.exchanges] == [as_kept(answer) for answer in answers]
    assert loaded.to_json()["exchanges"][0]["answer"] == answers[0].to_json()


def test_every_field_of_an_answer_is_kept(index: PassageIndex) -> None:
    document = index.document("bees.txt")
    answer = Answer(
        question="q",
        searched_for="s",
        outcome=Outcome.ANSWERED,
        statements=(Statement(HIVE, (cite(1, document, (0, 20), "Insects › Bees"),), (5, 9)),),
        closest=(),
        confidence=1 / 3,
        engine="generative",
        seconds=0.1,
        reply="r",
        options=("a", "b"),
        notice="n",
        unsupported=(Unsupported("u", "why"),),
        raw="raw\n",
        model="some:model",
        scope="bees.txt",
    )
    assert there_and_back(answer, index) == answer
    assert {field.name for field in fields(Answer)} == answer_to_kept(answer).keys()


texts = st.text(max_size=20)


@given(
    number=st.integers(1, 9),
    span=st.tuples(st.integers(0, len(BEES) - 1), st.integers(1, len(BEES))).filter(lambda span: span[0] < span[1]),
    words=st.tuples(texts, texts, texts, texts),
    confidence=st.floats(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_any_answer_comes_back_while_its_document_is_there(
    number: int, span: tuple[int, int], words: tuple[str, str, str, str], confidence: float
) -> None:
    document = make_document("bees.txt", BEES)
    statement = Statement(words[0], (cite(number, document, span, words[1]),))
    answer = Answer(words[2], words[3], Outcome.ANSWERED, (statement,), (), confidence, "extractive")
    assert there_and_back(answer, Held(document)) == answer
    (gone,) = there_and_back(answer, Held()).citations
    assert (gone.number, gone.start, gone.end, gone.quote) == (number, *span, BEES[slice(*span)])
    assert isinstance(gone, KeptCitation)


class Held:
    """A library of documents in memory."""

    def __init__(self, *documents: Document) -> None:
        self.documents = documents

    def records(self) -> tuple[Document, ...]:
        return self.documents

    def document(self, name: str) -> Document:
        return next(document for document in self.documents if document.name == name)


NOTHING: Any = Held()


# What became of the documents


def test_what_is_cited_of_a_removed_document_is_shown_as_it_was_and_leads_nowhere(
    store: ConversationStore, chain: Chains, index: PassageIndex
) -> None:
    was = index.document("bees.txt")
    summary = store.keep(ADA, asked(chain, "Where do bees live?", "How old do bees get?"))
    index.remove(["bees.txt"])
    first, second = store.load(ADA, summary.id, index).exchanges
    assert first.answer is not None and second.answer is not None
    assert list(first.answer.citations) == [
        KeptCitation(1, KeptDocument(was.id, "bees.txt", was.sha256), 0, 20, HIVE, Gone.REMOVED)
    ]
    gone = {item.document: isinstance(item, KeptPassage) for item in second.answer.closest}
    assert gone == {"bees.txt": True, "ants.txt": False}
    assert [item.passage.text for item in second.answer.closest if item.document == "bees.txt"] == [BEES]
    page = Reading(render_conversation([Exchange(first.question, first.answer), Exchange(second.question, second.answer)], 2))
    markers = page.all("marker")
    assert len(markers) == 2 and all(marker["title"] == "this document is no longer among the documents" for marker in markers)
    assert not any("data-start" in marker for marker in markers)
    assert [("gone" in (one["class"] or ""), "data-start" in one) for one in page.all("closest")] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )
    assert "bees.txt · this document is no longer among the documents" in page.text and HIVE in page.text


def test_what_a_gone_document_said_is_not_a_place_for_the_next_question(
    store: ConversationStore, chain: Chains, index: PassageIndex
) -> None:
    summary = store.keep(ADA, asked(chain, "Where do bees live?"))
    (exchange,) = store.load(ADA, summary.id, index).exchanges
    assert exchange.answer is not None
    assert turns_of(exchange.answer)[1].citations == (("bees.txt", 0, 20),)
    index.add([make_document("bees.txt", "Wasps live elsewhere. " + BEES)])
    (exchange,) = store.load(ADA, summary.id, index).exchanges
    assert exchange.answer is not None
    assert [one.gone for one in exchange.answer.citations if isinstance(one, KeptCitation)] == [Gone.CHANGED]
    assert turns_of(exchange.answer)[1].citations == () and turns_of(exchange.answer)[1].content == HIVE


def test_a_renamed_document_is_found_by_its_bytes(store: ConversationStore, chain: Chains, index: PassageIndex) -> None:
    summary = store.keep(ADA, asked(chain, "Where do bees live?"))
    index.remove(["bees.txt"])
    index.add([make_document("insects/bees.txt", BEES)])
    (exchange,) = store.load(ADA, summary.id, index).exchanges
    assert exchange.answer is not None
    (citation,) = exchange.answer.citations
    assert isinstance(citation, Citation) and citation.document.name == "insects/bees.txt" and citation.quote == HIVE


def test_the_same_bytes_read_otherwise_count_as_changed() -> None:
    before = make_document("scan.pdf", BEES, sha256="00")
    after = make_document("scan.pdf", "Page 1\n" + BEES, sha256="00")
    assert before.id == after.id
    closest = (Retrieved(split_passages(before)[0], "scan.pdf", 1.0, 1),)
    statements = (Statement(HIVE, (cite(1, before, (0, 20)),)),)
    back = there_and_back(Answer("q", "q", Outcome.ANSWERED, statements, closest, 0.9, "extractive"), Held(after))
    (citation,), (near,) = back.citations, back.closest
    assert isinstance(citation, KeptCitation) and citation.gone is Gone.CHANGED and citation.quote == HIVE
    assert isinstance(near, KeptPassage) and near.gone is Gone.CHANGED and near.passage.text == BEES
    printed = render(back, colour=False, width=100)
    assert "[1] scan.pdf (this document has changed since), characters 0-20" in printed


def test_a_conversation_kept_again_loses_nothing_of_a_gone_document(
    store: ConversationStore, chain: Chains, index: PassageIndex
) -> None:
    exchanges = asked(chain, "Where do bees live?", "How old do bees get?")
    summary = store.keep(ADA, exchanges)
    index.remove(["bees.txt"])
    store.keep(ADA, store.load(ADA, summary.id, index).exchanges, summary.id)
    index.add([make_document("bees.txt", BEES)])
    back = store.load(ADA, summary.id, index).exchanges
    assert back[0].answer == exchanges[0].answer
    assert back[1].answer is not None and back[1].answer.closest == exchanges[1].answer.closest  # type: ignore[union-attr]


def test_the_page_of_a_quote_is_kept_as_a_person_calls_it() -> None:
    extract = Extract(BEES, pages=((0, 21), (21, len(BEES))), page_kind=PageKind.SHEET, page_names=("Hives", "Queens"))
    document = make_document("bees.xlsx", extract)
    answer = Answer("q", "q", Outcome.ANSWERED, (Statement("x", (cite(1, document, (21, 42)),)),), (), 0.9, "extractive")
    (citation,) = there_and_back(answer, Held()).citations
    assert (citation.page, citation.page_label) == (2, "sheet Queens")


def test_a_document_of_somebody_else_is_none_that_can_be_looked_up(
    store: ConversationStore, index: PassageIndex, tmp_path: Path
) -> None:
    IndexView(index, ADA).add([make_document("wasps.txt", "Wasps chew wood.")])
    document = IndexView(index, ADA).document("wasps.txt")
    answer = Answer("q", "q", Outcome.ANSWERED, (Statement("x", (cite(1, document, (0, 16)),)),), (), 0.9, "extractive")
    summary = store.keep(ADA, [KeptExchange("q", answer)])
    mine = store.load(ADA, summary.id, IndexView(index, ADA)).exchanges[0].answer
    shared = store.load(ADA, summary.id, index).exchanges[0].answer
    assert mine == answer
    assert shared is not None and [type(one) for one in shared.citations] == [KeptCitation]


@pytest.mark.parametrize(("start", "end", "quote"), [(0, 5, "Bee"), (0, 0, ""), (-3, 0, "Bee"), (3, 0, "Bee")])
def test_a_kept_quote_that_does_not_fit_its_place_cannot_be_made(start: int, end: int, quote: str) -> None:
    with pytest.raises(ValueError, match=r"a kept citation of bees\.txt"):
        KeptCitation(1, KeptDocument("id", "bees.txt", ""), start, end, quote, Gone.REMOVED)


# Lists, searches, titles


def test_conversations_are_listed_with_the_last_changed_first_and_found_by_nobody_else(store: ConversationStore) -> None:
    first = store.keep(ADA, [KeptExchange("First?")])
    time.sleep(0.002)
    second = store.keep(ADA, [KeptExchange("Second?")])
    store.keep(BOB, [KeptExchange("Bob's?")])
    assert [one.title for one in store.summaries(ADA)] == ["Second?", "First?"]
    time.sleep(0.002)
    again = store.keep(ADA, [KeptExchange("First?"), KeptExchange("More?")], first.id)
    assert store.summaries(ADA) == [again, second]
    assert (again.created, again.questions) == (first.created, 2) and again.changed > first.changed
    assert store.summaries("nobody") == []
    with pytest.raises(KeepingError, match="has been deleted"):
        store.load(BOB, first.id, NOTHING)


def test_every_word_is_searched_in_titles_questions_and_answers(store: ConversationStore, chain: Chains) -> None:
    store.keep(ADA, asked(chain, "Where do bees live?"))
    store.keep(ADA, [KeptExchange("Où est la CAFÉINE, Straße 5?")])
    renamed = store.keep(ADA, [KeptExchange("Why?")])
    store.rename(ADA, renamed.id, "Ward round, Tuesday")

    def found(text: str) -> list[str]:
        return [one.title for one in store.search(ADA, text)]

    assert found("HIVE bees") == ["Where do bees live?"]  # the first word stands in the answer alone
    assert found("hive caféine") == []
    assert found("cafeine STRASSE") == found("ou CAFÉINE") == ["Où est la CAFÉINE, Straße 5?"]
    assert found("tuesday why") == ["Ward round, Tuesday"]
    assert len(found(" ")) == 3 and found("wasps") == []


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  What \x1b[31mis\n it?\u202e ", "What [31mis it?"),
        ("a" * 200, "a" * 78 + " …"),
        ("word, " * 30, ("word, " * 13).rstrip(", ") + " …"),
        ("x" * 80, "x" * 80),
        ("\x00\u2067 ", ""),
    ],
)
def test_a_title_is_one_short_line_without_control_characters(text: str, title: str) -> None:
    assert short_title(text) == title and len(title) <= TITLE_LENGTH


def test_a_title_is_that_of_the_first_question_that_says_something(store: ConversationStore) -> None:
    assert store.keep(ADA, [KeptExchange(" \n"), KeptExchange("What is it?")]).title == "What is it?"
    assert store.keep(ADA, [KeptExchange("")]).title == UNTITLED


def test_a_renamed_conversation_keeps_its_title_its_place_and_what_was_said(
    store: ConversationStore, chain: Chains, index: PassageIndex
) -> None:
    exchanges = asked(chain, "Where do bees live?")
    kept = store.keep(ADA, exchanges)
    renamed = store.rename(ADA, kept.id, "Hives\n" + "é" * 500_000)
    assert renamed.title.startswith("Hives éé") and len(renamed.title) <= TITLE_LENGTH
    assert renamed == replace(kept, title=renamed.title)
    assert store.load(ADA, kept.id, index).exchanges == tuple(exchanges)
    assert store.keep(ADA, [*exchanges, KeptExchange("And?")], kept.id).title == renamed.title
    with pytest.raises(KeepingError, match="The title is empty"):
        store.rename(ADA, kept.id, "\u202e\n")


def test_a_thousand_conversations_are_listed_and_searched_at_once(
    store: ConversationStore, chain: Chains, index: PassageIndex
) -> None:
    kept = store.keep(ADA, asked(chain, "Where do bees live?", "How old do ants get?", "How old do bees get?") * 2)
    written = file_of(store, kept.id)
    content = written.read_text()
    for number in range(999):
        key = f"{number:032x}"
        (written.parent / f"{key}.json").write_text(content.replace(kept.id, key, 1))
    started = time.process_time()
    assert len(store.summaries(ADA)) == 1000
    listing = time.process_time() - started
    assert len(store.search(ADA, "bees hive")) == 1000
    searching = time.process_time() - started - listing
    assert listing < 0.3 and searching < 1.5, (listing, searching)


# Deleting


def test_what_is_deleted_is_gone_and_cannot_be_brought_back_by_another_tab(store: ConversationStore) -> None:
    kept = store.keep(ADA, [KeptExchange("Private?")])
    other = store.keep(ADA, [KeptExchange("Other?")])
    path = file_of(store, kept.id)
    (path.parent / f".{kept.id}.json.ab12").write_text("Private? half")
    store.delete(ADA, kept.id)
    store.delete(ADA, kept.id)
    store.delete(BOB, kept.id)
    assert store.summaries(ADA) == [other]
    assert sorted(one.name for one in path.parent.iterdir()) == sorted([f"{other.id}.json", "lock"])
    with pytest.raises(KeepingError, match="has been deleted, here or in another tab"):
        store.keep(ADA, [KeptExchange("Private?"), KeptExchange("More?")], kept.id)
    assert store.summaries(ADA) == [other]


def test_delete_all_leaves_nothing_of_an_owner_and_all_of_the_others(store: ConversationStore) -> None:
    kept = store.keep(ADA, [KeptExchange("Private?")])
    store.keep(ADA, [KeptExchange("Secret?")])
    bobs = store.keep(BOB, [KeptExchange("Bob's?")])
    path = file_of(store, kept.id)
    (path.parent / f".{kept.id}.json.ab12").write_text("Private? half")
    path.write_text("damaged")
    assert store.delete_all(ADA) == 2 and store.delete_all(ADA) == 0 and store.delete_all("nobody") == 0
    assert store.summaries(ADA) == [] and store.summaries(BOB) == [bobs]
    assert [one.name for one in path.parent.iterdir() if one.name != "lock"] == []


@pytest.mark.parametrize("owner", ["", "../ada", "a/b", "a\\b", "a\0b", "x" * 1001, "\ud800"])
def test_a_key_that_is_no_owners_is_refused(store: ConversationStore, owner: str) -> None:
    acts = (lambda: store.summaries(owner), lambda: store.keep(owner, [KeptExchange("?")]), lambda: store.delete_all(owner))
    for act in acts:
        with pytest.raises(KeepingError, match="its key is not one that Footnote gave"):
            act()


@pytest.mark.parametrize("key", ["", "..", "../../manifest", "0" * 31, "0" * 33, "G" * 32, "０" * 32])
def test_a_key_that_is_no_conversations_is_refused(store: ConversationStore, key: str) -> None:
    for act in (
        lambda: store.load(ADA, key, Held()),  # type: ignore[arg-type]
        lambda: store.delete(ADA, key),
        lambda: store.rename(ADA, key, "t"),
        lambda: store.keep(ADA, [KeptExchange("?")], key),
    ):
        with pytest.raises(KeepingError, match="There is no conversation"):
            act()


# Damage


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda content: b"", "its file does not begin as one"),
        (lambda content: b"\xff\xfe\x00", "its file does not begin as one"),
        (lambda content: b"[" * 100_000, "its file does not begin as one"),
        (lambda content: b"{}\n", "its file does not begin as one"),
        (lambda content: content[:-40], "its file has been cut off or added to"),
        (lambda content: content + b"\n", "its file has been cut off or added to"),
        (lambda content: content.replace(b'"questions": 1', b'"questions": "1"'), "its file does not begin as one"),
        (lambda content: content.replace(b'"format": 1', b'"format": 7'), "another version of Footnote .format 7"),
    ],
    ids=["empty", "bytes", "nested", "another object", "cut off", "added to", "another type", "another version"],
)
def test_a_damaged_file_is_listed_as_such_and_can_be_deleted(store: ConversationStore, damage: Any, why: str) -> None:
    whole = store.keep(ADA, [KeptExchange("Whole?")])
    kept = store.keep(ADA, [KeptExchange("Damaged?")])
    path = file_of(store, kept.id)
    path.write_bytes(damage(path.read_bytes()))
    listed = {one.id: one for one in store.summaries(ADA)}
    assert listed[whole.id] == whole
    with pytest.raises(KeepingError, match=why) as caught:
        store.load(ADA, kept.id, NOTHING)
    assert listed[kept.id].damage == str(caught.value) and listed[kept.id].title == ""
    assert store.search(ADA, "damaged") == [] and [one.title for one in store.search(ADA, "whole")] == ["Whole?"]
    with pytest.raises(KeepingError):
        store.keep(ADA, [KeptExchange("More?")], kept.id)
    store.delete(ADA, kept.id)
    assert store.summaries(ADA) == [whole]


def test_a_changed_letter_anywhere_in_the_answers_is_noticed(
    store: ConversationStore, chain: Chains, index: PassageIndex
) -> None:
    kept = store.keep(ADA, asked(chain, "Where do bees live?"))
    path = file_of(store, kept.id)
    path.write_bytes(path.read_bytes().replace(b'"quote": "Bees', b'"quote": "Ants'))
    with pytest.raises(KeepingError, match="This conversation is damaged: its file is not as it was written"):
        store.load(ADA, kept.id, index)
    with pytest.raises(KeepingError, match="not as it was written"):
        store.rename(ADA, kept.id, "Other")


def test_a_copy_under_another_name_is_told_from_the_conversation(store: ConversationStore) -> None:
    kept = store.keep(ADA, [KeptExchange("Once?")])
    path = file_of(store, kept.id)
    path.with_name(f"{'0' * 32}.json").write_bytes(path.read_bytes())
    why = "This conversation is damaged: its file is a copy of another one's. It cannot be opened any more, only deleted."
    assert {one.id: one.damage for one in store.summaries(ADA)} == {kept.id: "", "0" * 32: why}


def test_a_full_disk_is_told_and_what_was_kept_stays(store: ConversationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = store.keep(ADA, [KeptExchange("Before?")])

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KeepingError, match=r"No space left on device\. What was kept before stays as it was"):
        store.keep(ADA, [KeptExchange("Before?"), KeptExchange("After?")], kept.id)
    with pytest.raises(KeepingError, match="No space left on device"):
        store.keep(ADA, [KeptExchange("New?")])
    monkeypatch.undo()
    assert store.summaries(ADA) == [kept]
    assert [one.question for one in store.load(ADA, kept.id, NOTHING).exchanges] == ["Before?"]
    folder = file_of(store, kept.id).parent
    assert sorted(one.name for one in folder.iterdir()) == sorted([f"{kept.id}.json", "lock"])


def test_of_many_tabs_that_write_at_once_one_stands_whole(store: ConversationStore) -> None:
    kept = store.keep(ADA, [KeptExchange("Start?")])
    failures: list[Exception] = []

    def write(tab: int) -> None:
        try:
            for number in range(5):
                store.keep(ADA, [KeptExchange(f"{tab} asks {number}? " + "x" * 20_000)] * (tab + 1), kept.id)
                store.load(ADA, kept.id, NOTHING)
        except KeepingError as error:
            failures.append(error)

    tabs = [threading.Thread(target=write, args=(tab,)) for tab in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert failures == []
    loaded = store.load(ADA, kept.id, NOTHING)
    said = {exchange.question.partition("? x")[0] for exchange in loaded.exchanges}
    assert len(said) == 1 and loaded.summary.title == "Start?"
    assert said == {f"{len(loaded.exchanges) - 1} asks 4"}


def test_a_conversation_without_questions_is_not_kept(store: ConversationStore) -> None:
    with pytest.raises(ValueError, match="without questions"):
        store.keep(ADA, [])
    assert store.summaries(ADA) == []


def test_a_data_folder_with_conversations_alone_is_ours(tmp_path: Path) -> None:
    ConversationStore(tmp_path / "data").keep(ADA, [KeptExchange("First?")])
    DataFolder(tmp_path / "data").make()
    (tmp_path / "data" / "diary.txt").write_text("mine")
    with pytest.raises(IndexStoreError, match=r"it holds diary\.txt"):
        DataFolder(tmp_path / "data").make()


# Markdown


def test_an_answer_is_markdown_with_a_footnote_for_each_quote() -> None:
    extract = Extract("1. Bees <b>sting</b>.\nSee [here](http://x.y) *now*.", pages=((0, 50),))
    document = make_document("bees_1.txt", extract)
    first, second = cite(1, document, (0, 21), "Insects › # Bees"), cite(2, document, (22, 50))
    statements = (
        Statement("1. Bees <b>sting</b>.", (first,), (3, 7)),
        Statement("See [here](http://x.y) *now*.", (second, first)),
    )
    answer = Answer("q", "q", Outcome.ANSWERED, statements, (), 0.9, "generative", notice="By a_b.", model="some:model_2")
    assert answer_markdown(answer) == (
        "Note: By a\\_b.\n\n"
        "1\\. Bees &lt;b&gt;sting&lt;/b&gt;.[^1]\n\n"
        "See \\[here\\](http\\://x.y) \\*now\\*.[^2][^1]\n\n"
        "Written by some:model\\_2\n\n"
        "[^1]: bees\\_1.txt, page 1, Insects › \\# Bees, characters 0–21: “1\\. Bees &lt;b&gt;sting&lt;/b&gt;.”\n"
        "[^2]: bees\\_1.txt, page 1, characters 22–50: “See \\[here\\](http\\://x.y) \\*now\\*”\n"
    )


def test_a_decline_a_reply_and_what_was_left_out_are_said_as_such(chain: Chains) -> None:
    declined = chain.declining.invoke({"question": "How old do ants get?", "documents": ["ants.txt"]})
    assert answer_markdown(declined) == f"**{NOT_FOUND}** Closest passages:\n\n- ants.txt: “{ANTS}”\n"
    reply = replace(declined, reply="Which one?\n- the red", options=("The *red* one?", "# The black one?"), closest=())
    assert answer_markdown(reply) == (
        "**Footnote, not the document:**\n\nWhich one?\n\n\\- the red\n\n- The \\*red\\* one?\n- \\# The black one?\n"
    )
    left = replace(declined, closest=(), unsupported=(Unsupported("They fly.", "no"),))
    assert answer_markdown(left) == f"**{NOT_FOUND}**\n\nLeft out: 1 statement that the source does not support.\n"


def test_a_conversation_is_exported_with_its_footnotes_numbered_through(
    store: ConversationStore, chain: Chains, index: PassageIndex
) -> None:
    exchanges = asked(chain, "Where do bees live?", "How old do <script> ants get?", "And *where* do bees live?")
    exchanges[1] = replace(exchanges[1], answer=replace(exchanges[1].answer, closest=()))  # type: ignore[type-var]
    exchanges[2] = replace(exchanges[2], searched_for="Where do bees live?")
    exchanges += [KeptExchange("Why?\n# No", failure="The model is_gone."), KeptExchange("When?", stopped=True)]
    kept = store.keep(ADA, exchanges)
    index.remove(["bees.txt"])
    written = conversation_markdown(store.load(ADA, kept.id, index))
    note = f"bees.txt, characters 0–20: “{HIVE}” (This document is no longer among the documents.)"
    assert written == (
        f"# Where do bees live?\n\n5 questions, {kept.created[:10]}\n\n"
        f"## Where do bees live?\n\n{HIVE}[^1]\n\n"
        f"## How old do &lt;script&gt; ants get?\n\n**{NOT_FOUND}**\n\n"
        f"## And \\*where\\* do bees live?\n\nSearching for: Where do bees live?\n\n{HIVE}[^2]\n\n"
        "## Why? \\# No\n\n**This question could not be answered.** The model is\\_gone.\n\n"
        "## When?\n\n**Stopped before it was whole.**\n\n"
        f"[^1]: {note}\n[^2]: {note}\n"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# Title", "\\# Title"),
        ("+ item", "\\+ item"),
        ("10) item", "10\\) item"),
        ("2024 was", "2024 was"),
        ("--- x", "\\--- x"),
        ("=== x", "\\=== x"),
        ("> said", "&gt; said"),
        ("a\n\n# b\r\n    c", "a \\# b c"),
        ("![x](javascript:y)", "!\\[x\\](javascript:y)"),
        ("[^1]: no", "\\[\\^1\\]: no"),
        ("p < 0.05 & x > 1", "p &lt; 0.05 &amp; x &gt; 1"),
        ("://x", "\\://x"),
        ("www.x.y, me@x.y, HTTPS://x", "www\\.x.y, me\\@x.y, HTTPS\\://x"),
        ("a | b ~~c~~ $d$ `e` \\f", "a \\| b \\~\\~c\\~\\~ \\$d\\$ \\`e\\` \\\\f"),
        ("\x1b[31mred\u202e", "\\[31mred"),
        ("", ""),
    ],
)
def test_nothing_that_a_text_says_is_markup(text: str, shown: str) -> None:
    assert escaped(text) == shown


@given(st.text(st.sampled_from("*_`[]()<>!#&;:/\\|~$^@+-=.1ax \n\té\x1b"), max_size=30) | st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_a_reader_of_markdown_sees_the_text_and_no_markup(text: str) -> None:
    plain = one_line(printable(" ".join(text.split())))
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    shown = html.escape(plain, quote=False).replace('"', "&quot;")
    assert reader.render(escaped(text)) == (f"<p>{shown}</p>\n" if plain else "")
    assert reader.render(f"Before.\n{escaped(text)}") == f"<p>Before.\n{shown}</p>\n".replace("\n</p>", "</p>")
    assert reader.render(f"# {escaped(text)}") == f"<h1>{shown}</h1>\n"
    assert reader.render(f"- {escaped(text)}") == f"<ul>\n<li>{shown}</li>\n</ul>\n"


def test_long_texts_are_escaped_in_no_time() -> None:
    started = time.process_time()
    for piece in ("*", "www", "[](", "1", "a ", "://"):
        escaped(piece * 200_000)
    assert time.process_time() - started < 5


def test_the_shipped_article_can_be_read_back_from_its_markdown() -> None:
    text = (app.SHIPPED / "immunotherapy.txt").read_text(encoding="utf-8")
    plain = escaped(text)
    for reference, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        plain = plain.replace(reference, character)
    assert plain.replace("\\", "") == " ".join(text.split()).replace("\\", "")
