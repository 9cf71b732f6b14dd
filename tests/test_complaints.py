"""Complaints: kept as cases that are true of their documents, and asked again of what the index has stored."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import eval.runner
import index
from assistant import Answer, Turn, build_chain
from assistant.complaints import LONGEST_NOTE, ComplaintFile, Picked, complain
from assistant.history import turns_of
from corpus import Document, load_document, make_document
from corpus.document import Extract
from corpus.errors import CaseError, KeepingError, ScopeError
from eval.__main__ import main
from eval.cases import load_cases
from index import IndexView, PassageIndex, SentenceTransformerEmbeddings
from index.commands import run

FIRST, SECOND = "Honey bees live in a hive. ", "A hive has exactly one queen. The workers build the comb of wax."
QUEEN = "A hive has exactly one queen."
BEES = make_document("bees.pdf", Extract(FIRST + SECOND, pages=((0, len(FIRST)), (len(FIRST), len(FIRST + SECOND)))))
PICKED = ("bees.pdf", len(FIRST), len(FIRST) + len(QUEEN), QUEEN)
WASPS = "Paper wasps chew wood into a pulp. They build a nest of paper from it."
ASKED = "How many queens has a hive?"

Evaluated = Callable[..., tuple[int, str, str]]


@pytest.fixture
def stored(tmp_path: Path, embedder: SentenceTransformerEmbeddings) -> Iterator[PassageIndex]:
    """The index of a data folder: a document with pages, and one whose file has gone."""
    file = tmp_path / "wasps.txt"
    file.write_text(WASPS, encoding="utf-8")
    opened = PassageIndex(tmp_path / "data", embedder, create=True)
    opened.add([BEES, load_document(file)])
    file.unlink()
    yield opened
    opened.close()


class Held:
    """The same documents in memory, for what needs no index."""

    def __init__(self, *documents: Document) -> None:
        self.documents = {document.name: document for document in documents}

    def records(self) -> list[Document]:
        return list(self.documents.values())

    def document(self, name: str) -> Document:
        if name not in self.documents:
            raise ScopeError(f"The index holds no document called {name!r}.")
        return self.documents[name]


HELD: Any = Held(BEES, make_document("wasps.txt", WASPS))


@pytest.fixture(scope="module")
def answer(embedder: SentenceTransformerEmbeddings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answer]:
    """An answer of the real chain, to complain of."""
    opened = PassageIndex(tmp_path_factory.mktemp("asked") / "data", embedder, create=True)
    opened.add([BEES])
    yield build_chain(opened, embedder).invoke(ASKED)
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> ComplaintFile:
    return ComplaintFile(tmp_path / "data")


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """The answers that `evaluate` gets, by what the program itself gets."""
    kept: list[Mapping[str, Any]] = []
    ask = eval.runner.ask

    def asked(chain: Any, cases: Any) -> Iterator[Mapping[str, Any]]:
        for row in ask(chain, cases):
            kept.append(row)
            yield row

    monkeypatch.setattr(eval.runner, "ask", asked)
    return kept


@pytest.fixture
def evaluate(
    tmp_path: Path,
    embedder: SentenceTransformerEmbeddings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Evaluated:
    """Run the command on the data folder with the real chain, without loading the embedder again."""
    monkeypatch.setattr(index, "SentenceTransformerEmbeddings", lambda name: embedder)

    def evaluated(*arguments: str) -> tuple[int, str, str]:
        code = run(lambda: main(["complaints", "--data", str(tmp_path / "data"), *arguments]))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return evaluated


def cell(table: str, label: str, column: int) -> str:
    """Return a cell of the row that begins with a label, without its interval."""
    lines = [[part.strip() for part in line.strip("│┃ ").replace("┃", "│").split("│")] for line in table.splitlines()]
    return next(line[column] for line in lines if line[0] == label).split(" (")[0]


# Making one


def test_a_complaint_is_a_case_that_the_evaluation_reads(answer: Answer, file: ComplaintFile) -> None:
    before = [Turn("user", "Where do bees live?"), Turn("assistant", "Honey bees live in a hive.")]
    made = complain(HELD, answer, [PICKED, PICKED], answerable=True, history=before, note="One!", documents=["bees.pdf"])
    file.append(made)
    (case,) = load_cases(file.path)
    assert (case.id, case.question, case.answerable, case.source) == (made.id, ASKED, True, "complaints")
    assert (case.evidence, case.documents) == ((QUEEN,), ("bees.pdf",))
    assert [dict(turn) for turn in case.history] == [
        {"role": "user", "content": "Where do bees live?"},
        {"role": "assistant", "content": "Honey bees live in a hive."},
    ]
    assert file.load() == [made]
    row = json.loads(file.path.read_text())
    assert row["given"] == json.loads(json.dumps(answer.to_json())) and row["note"] == "One!"
    assert row["places"] == [
        {"document": "bees.pdf", "document_id": BEES.id, "start": 27, "end": 56, "quote": QUEEN, "page_label": "page 2"}
    ]


@pytest.mark.parametrize(
    ("picked", "why"),
    [
        (("bees.pdf", 0, 29, QUEEN), r"does not stand in bees\.pdf as it was picked"),
        (("bees.pdf", 27, 55, QUEEN), r"does not stand in bees\.pdf"),
        (("bees.pdf", 27, 5_000, QUEEN), r"does not stand in bees\.pdf"),
        (("bees.pdf", -5, -1, "wax."), r"does not stand in bees\.pdf"),
        (("bees.pdf", 26, 27, " "), "has no words"),
        (("ants.txt", 0, 29, QUEEN), r"does not stand in ants\.txt"),
    ],
    ids=["elsewhere", "shorter", "past the end", "counted from the end", "white space", "no such document"],
)
def test_a_passage_that_does_not_stand_there_makes_no_case(answer: Answer, picked: Picked, why: str) -> None:
    with pytest.raises(CaseError, match=why):
        complain(HELD, answer, [PICKED, picked], answerable=True)


def test_a_complaint_says_one_thing_and_of_what_was_asked(answer: Answer) -> None:
    with pytest.raises(CaseError, match="no passage is picked"):
        complain(HELD, answer, [], answerable=True)
    with pytest.raises(CaseError, match="both are said"):
        complain(HELD, answer, [PICKED], answerable=False)
    with pytest.raises(CaseError, match=r"is of bees\.pdf, and the question was put to wasps\.txt alone"):
        complain(HELD, answer, [PICKED], answerable=True, documents=["wasps.txt"])
    with pytest.raises(ScopeError, match=r"ants\.txt"):
        complain(HELD, answer, [], answerable=False, documents=["ants.txt"])
    with pytest.raises(CaseError, match="The note has 4,001 characters"):
        complain(HELD, answer, [PICKED], answerable=True, note="x" * (LONGEST_NOTE + 1))


# Keeping them


def test_complaints_of_many_at_once_are_all_kept(answer: Answer, file: ComplaintFile) -> None:
    made = [complain(HELD, answer, [PICKED], answerable=True, note=f"{number}\n\u2028é\ud800") for number in range(12)]
    writers = [threading.Thread(target=file.append, args=(one,)) for one in made]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    loaded = file.load()
    assert sorted(loaded, key=lambda one: one.id) == sorted(made, key=lambda one: one.id)
    assert len(file.path.read_text().split("\n")) == 13


def test_a_complaint_after_a_line_without_an_end_has_its_own(answer: Answer, file: ComplaintFile) -> None:
    first, second = (complain(HELD, answer, [PICKED], answerable=True) for _ in range(2))
    file.append(first)
    file.path.write_text(file.path.read_text().rstrip("\n"))
    file.append(second)
    assert file.load() == [first, second]


def test_a_full_disk_keeps_the_complaints_that_were_there(
    answer: Answer, file: ComplaintFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (complain(HELD, answer, [PICKED], answerable=True) for _ in range(2))
    file.append(first)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KeepingError, match=r"No space left on device\. Those kept before stay"):
        file.append(second)
    assert file.load() == [first]
    assert sorted(path.name for path in file.path.parent.iterdir()) == ["complaints.jsonl", "lock"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line[:-20],
        lambda line: "[]",
        lambda line: line.replace('"places": [{', '"places": [{"more": 1, '),
        lambda line: line.replace('"evidence": ["A hive', '"evidence": ["An ant'),
        lambda line: line.replace('"question":', '"asked":'),
    ],
    ids=["cut off", "another type", "another place", "another quote", "another field"],
)
def test_a_damaged_line_is_named(answer: Answer, file: ComplaintFile, damage: Callable[[str], str]) -> None:
    for _ in range(2):
        file.append(complain(HELD, answer, [PICKED], answerable=True))
    first, second, _ = file.path.read_text().split("\n")
    file.path.write_text(f"{first}\n{damage(second)}\n")
    assert damage(second) != second
    with pytest.raises(CaseError, match=r"complaints\.jsonl, line 2 is not a complaint"):
        file.load()


# Asking them again


def test_complaints_are_asked_of_the_stored_documents_with_their_pages(
    stored: PassageIndex, answer: Answer, file: ComplaintFile, evaluate: Evaluated, rows: list[Mapping[str, Any]]
) -> None:
    file.append(complain(stored, answer, [PICKED], answerable=True))
    quote = "They build a nest of paper from it."
    places = [("wasps.txt", WASPS.index(quote), len(WASPS), quote)]
    asked = replace(answer, question="And what do they build from it?")
    before = [Turn("user", "What do paper wasps chew?"), Turn("assistant", "Wood.")]
    file.append(complain(stored, asked, places, answerable=True, history=before, documents=["wasps.txt"]))
    file.append(complain(stored, replace(answer, question="Who won the football cup in 1998?"), [], answerable=False))
    status = stored.status()
    code, out, err = evaluate()
    assert (code, err) == (0, "")
    assert cell(out, "all", 1) == "3"
    assert cell(out, "measure", 1) == "complaints"
    assert cell(out, "valid quotes", 1) == "1.000"
    cited = [citation for statement in rows[0]["statements"] for citation in statement["citations"]]
    places = [(one["document"], one["page"], one["quote"]) for one in cited]
    assert places == [("bees.pdf", 2, QUEEN)]
    assert {place["document"] for place in rows[1]["retrieved"]} == {"wasps.txt"}
    assert rows[2]["outcome"] == "not_found"
    assert stored.status() == status and len(file.load()) == 3  # nothing of the data folder has changed


def test_a_complaint_whose_documents_have_changed_is_left_out_and_said(
    stored: PassageIndex, answer: Answer, file: ComplaintFile, evaluate: Evaluated
) -> None:
    held = complain(stored, answer, [PICKED], answerable=True)
    narrow = complain(stored, answer, [], answerable=False, documents=["wasps.txt"])
    wide = complain(stored, answer, [], answerable=False)
    gone = complain(stored, answer, [("wasps.txt", 0, 11, "Paper wasps")], answerable=True)
    scoped = complain(stored, answer, [PICKED], answerable=True, documents=["bees.pdf", "wasps.txt"])
    for one in (held, narrow, wide, gone, scoped):
        file.append(one)
    assert [one.unfit(stored) for one in file.load()] == [""] * 5
    stored.add([make_document("wasps.txt", WASPS + " And more.")])
    code, out, err = evaluate()
    assert (code, cell(out, "all", 1)) == (0, "2")
    assert err.splitlines() == [
        f"left out: {narrow.id}: wasps.txt has changed since",
        f"left out: {wide.id}: other documents were asked than there are now",
        f"left out: {gone.id}: wasps.txt has changed since",
    ]
    stored.remove(["wasps.txt"])
    assert scoped.unfit(stored) == gone.unfit(stored) == "wasps.txt is no longer among the documents"
    assert held.unfit(stored) == ""
    stored.remove(["bees.pdf"])
    code, out, err = evaluate()
    assert code == 1 and out == ""
    assert err.endswith("error: None of 5 complaints can be asked of the documents that there are now.\n")


def test_a_quote_that_another_reading_of_the_same_file_has_moved_is_noticed(answer: Answer) -> None:
    made = complain(HELD, answer, [PICKED], answerable=True)

    library: Any = Held(replace(BEES, text="Title. " + BEES.text))
    assert made.unfit(library) == "bees.pdf has changed since: the quote no longer stands there"


def test_each_is_asked_as_its_owner_sees_the_documents(
    stored: PassageIndex, answer: Answer, file: ComplaintFile, evaluate: Evaluated, rows: list[Mapping[str, Any]]
) -> None:
    ada, bob = IndexView(stored, "ada"), IndexView(stored, "bob")
    ada.add([make_document("hives.txt", "A hive has two queens, says Ada.")])
    bob.add([make_document("hives.txt", "A hive has three queens, says Bob.")])
    for view, owner, number in ((ada, "ada", "two"), (bob, "bob", "three")):
        quote = view.document("hives.txt").text
        picked = [("hives.txt", 0, len(quote), quote)]
        file.append(complain(view, answer, picked, answerable=True, documents=["hives.txt"], owner=owner, note=number))
    file.append(complain(stored, answer, [PICKED], answerable=True))
    code, out, err = evaluate()
    assert (code, err, cell(out, "all", 1)) == (0, "", "3")
    assert [{place["document"] for place in row["retrieved"]} for row in rows] == [
        {"hives.txt"}, {"hives.txt"}, {"bees.pdf", "wasps.txt"},
    ]  # fmt: skip
    assert cell(out, "all", 2) == "1.000"  # recall@1: each in their own document, of the same name


def test_turns_of_a_conversation_are_the_history_of_a_complaint(answer: Answer) -> None:
    made = complain(HELD, answer, [PICKED], answerable=True, history=turns_of(answer))
    assert [turn["role"] for turn in made.history] == ["user", "assistant"]
    assert made.history[1]["content"] == answer.text


def test_without_complaints_or_an_index_it_is_told_what_is_missing(
    file: ComplaintFile, evaluate: Evaluated, tmp_path: Path
) -> None:
    code, _, err = evaluate()
    assert code == 1 and "holds no complaints: none was made on the page yet" in err
    file.path.parent.mkdir(parents=True)
    file.path.write_text("{}\n")
    code, _, err = evaluate()
    assert code == 1 and "complaints.jsonl, line 1 is not a complaint" in err


def test_only_the_first_are_asked_if_so_many_are_wanted(
    stored: PassageIndex, answer: Answer, file: ComplaintFile, evaluate: Evaluated
) -> None:
    for _ in range(3):
        file.append(complain(stored, answer, [PICKED], answerable=True, documents=["bees.pdf"]))
    code, out, _ = evaluate("--limit", "2")
    assert (code, cell(out, "all", 1)) == (0, "2")
