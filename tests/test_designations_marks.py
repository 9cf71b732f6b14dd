"""Numbers that sentences and list items begin with: "4.2 …" is clause 4.2, and "3. …" is step 3 of its list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted import found

from assistant import AnswerChain, build_chain
from assistant.designated import Designated, designated
from assistant.designations import asked_designations, find_designations
from assistant.extractive import READ
from assistant.marks import sentence_marks
from corpus import Document, split_passages
from corpus.loaders import load_document
from index import PassageIndex, Retrieved, SentenceTransformerEmbeddings

TEXTS = {
    "handbook.md": """# Staff handbook

## 3 Leave

3.1 Every employee has 25 days of annual leave.

3.2 Sick leave is reported to the manager before nine in the morning.

## 4 Money

4.1 Salaries are paid on the last working day of the month.

4.2 Travel expenses must be claimed within 60 days. Receipts have to be attached.

4.3 Meals are paid up to 40 euros a day.
""",
    "fire.md": """# Fire safety

## In case of fire

1. Raise the alarm.
2. Call the fire brigade on 112.
3. Close windows and doors.
4. Leave the building by the marked exits.
""",
    "coffee.md": """# Coffee machine

## Descaling

1. Empty the water tank.
2. Fill the tank with descaler and water.
3. Press the steam button for five seconds.
4. Rinse the tank twice.

## Changing the filter

Step 1: Take the old filter out.

Step 2: Rinse the holder.

Step 3: Soak the new filter for five minutes.
""",
    "contract.txt": """Rental contract

§ 6.1 The rent is 900 euros a month.

§ 6.2 The rent is due on the third day of the month. Late rent costs interest of five percent.

§ 7 The tenant may not keep dogs.

(1) Small animals are allowed.
(2) The landlord may visit once a year.
(3) Visits are announced one week ahead.
""",
    "rules.txt": """House rules

The rules of the house are these.

1) Quiet hours begin at ten in the evening.
2) Bicycles stay in the cellar.
3) Rubbish is sorted.

Nobody lives in house 12.
""",
    "errors.csv": "Error,Meaning\nE1,No water in the tank\nE2,The pump is blocked\nE3,The heater is too hot\nE4,The lid\n",
    "bonus.csv": "Level,Bonus\n1,2 percent\n2,5 percent\n3,8 percent\n4,12 percent\n",
}
CLAUSE = ["4.2 Travel expenses must be claimed within 60 days.", "Receipts have to be attached."]
EXITS = "4. Leave the building by the marked exits."
BUTTON = "3. Press the steam button for five seconds."


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    folder: Path = tmp_path_factory.mktemp("marks")
    for name, text in TEXTS.items():
        (folder / name).write_text(text, "utf-8")
    return [load_document(folder / name) for name in TEXTS]


@pytest.fixture(scope="module")
def chain(
    documents: list[Document], embedder: SentenceTransformerEmbeddings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AnswerChain]:
    made = PassageIndex(tmp_path_factory.mktemp("marks-index") / "data", embedder, create=True)
    made.add(documents)
    yield build_chain(made, embedder)
    made.close()


@pytest.fixture(scope="module")
def retrieved(documents: list[Document]) -> list[Retrieved]:
    passages = [(passage, document.name) for document in documents for passage in split_passages(document)]
    return [Retrieved(passage, name, 1.0, rank) for rank, (passage, name) in enumerate(passages, 1)]


def named(held: Designated) -> list[str]:
    return [text(item, span) for item in held.items for span in item.passage.sentences if held.names(item, span)]


def text(item: Retrieved, span: tuple[int, int]) -> str:
    return item.passage.text[span[0] - item.passage.start : span[1] - item.passage.start]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does clause 4.2 say?", CLAUSE),
        ("What does section 4.2 say?", CLAUSE),
        ("Which receipts does sub-clause 4.2 ask for?", CLAUSE),
        ("What does article 4.2 say?", CLAUSE),
        ("§ 4.3", ["4.3 Meals are paid up to 40 euros a day."]),
        ("§ 6.1", ["§ 6.1 The rent is 900 euros a month."]),
        ("What does clause 6.1 say?", ["§ 6.1 The rent is 900 euros a month."]),
        ("What is step 3 of descaling?", [BUTTON]),
        ("What is the third step of descaling?", [BUTTON]),
        ("What does point (3) of the rental contract say?", ["(3) Visits are announced one week ahead."]),
        ("What does rule 3 say?", ["3) Rubbish is sorted."]),
    ],
)
def test_a_number_at_the_beginning_names_what_follows_it(
    question: str, expected: list[str], retrieved: list[Retrieved]
) -> None:
    held = designated(question, retrieved, READ)
    assert (named(held), held.is_missing) == (expected, False)


def test_all_lists_count_where_the_question_names_none(retrieved: list[Retrieved]) -> None:
    assert set(named(designated("What is the second step?", retrieved, READ))) == {
        "2. Call the fire brigade on 112.",
        "2. Fill the tank with descaler and water.",
        "Step 2: Rinse the holder.",
        "(2) The landlord may visit once a year.",
        "2) Bicycles stay in the cellar.",
    }


@pytest.mark.parametrize("question", ["What does clause 4.9 say?", "What is step 9 of descaling?"])
def test_a_number_that_its_text_or_list_lacks_is_missing(question: str, retrieved: list[Retrieved]) -> None:
    assert designated(question, retrieved, READ).is_missing


@pytest.mark.parametrize(
    "question", ["What is the second kind of leave?", "What is the first step in treating cancer?", "What is the ninth step?"]
)
def test_an_ordinal_is_no_number_where_nothing_has_it(question: str, retrieved: list[Retrieved]) -> None:
    held = designated(question, retrieved, READ)
    assert (held.count, held.is_missing, held.items) == (0, False, tuple(retrieved))


def test_a_list_without_it_is_read_like_any_text(retrieved: list[Retrieved]) -> None:
    held = designated("What does rule 4 say of the rubbish?", retrieved, READ)
    kept = [text(item, span) for item in held.items if item.document == "rules.txt" for span in item.passage.sentences]
    assert "3) Rubbish is sorted." in kept


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does clause 4.2 say?", CLAUSE),
        ("Section 4.2", CLAUSE),
        ("What does step 3 of descaling say?", [BUTTON]),
        ("What is the difference between clause 4.2 and clause 4.3?", [*CLAUSE, "4.3 Meals are paid up to 40 euros a day."]),
        ("What does clause 4.2 say of the manager?", []),
        ("Why was clause 4.2 made?", []),
    ],
)
def test_where_nothing_else_is_asked_its_sentences_are_the_whole_answer(
    question: str, expected: list[str], retrieved: list[Retrieved]
) -> None:
    assert [text(item, span) for item, span in designated(question, retrieved, READ).whole] == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is step 3 of descaling?", [BUTTON]),
        ("What does step 4 say when there is a fire?", [EXITS]),
        ("What is the third step of descaling?", [BUTTON]),
        ("What do errors E1 to E3 mean?", [f"Error: E{n}; Meaning: {said}" for n, said in enumerate(
            ("No water in the tank", "The pump is blocked", "The heater is too hot"), 1)]),
        ("What is the bonus at levels 1 to 3?", [f"Level: {n}; Bonus: {said} percent" for n, said in ((1, 2), (2, 5), (3, 8))]),
        ("What is the bonus from level 2 upwards?",
         [f"Level: {n}; Bonus: {said} percent" for n, said in ((2, 5), (3, 8), (4, 12))]),
    ],
)  # fmt: skip
def test_the_answer_is_what_the_number_or_range_names(question: str, expected: list[str], chain: AnswerChain) -> None:
    assert [citation.quote for citation in chain.invoke({"question": question}).citations] == expected


def test_a_mark_counts_up_to_the_next_and_a_list_ends_with_its_paragraph(tmp_path: Path) -> None:
    said = "4.2 It is paid in full.\n\nIt is late.\n\n1. One is paid first. It goes on.\n2. Two is paid.\n\nThis ends it.\n\n"
    (tmp_path / "one.txt").write_text(f"{said}4.3 It is not paid.\n", "utf-8")
    (passage,) = split_passages(load_document(tmp_path / "one.txt"))
    marks = [[mark.number for mark in some] for some in sentence_marks(passage)]
    assert marks == [["4.2"], ["4.2"], ["4.2", "1"], ["4.2", "1"], ["4.2", "2"], ["4.2"], ["4.3"]]


@pytest.mark.parametrize("said", ["4.2 million people came.", "1990 was hot.", "12 people came.", "4.2 % died."])
def test_a_quantity_at_the_beginning_is_no_mark(said: str) -> None:
    assert sentence_marks(found("one.txt", said)[1].passage) == [()]


def test_ordinals_name_only_what_has_numbers_and_comparisons_are_no_ranges() -> None:
    def asked(question: str) -> list[tuple[str, tuple[float, ...], tuple[float, ...]]]:
        return [(one.kind, one.low, one.high) for one in asked_designations(question)]

    assert asked("What is the 2nd step?") == asked("What is the second step?") == [("step", (2,), (2,))]
    assert asked("the third day") == asked("the second kind") == asked("the first article on it") == []
    between = "What is the difference between clause 3.1 and clause 3.3?"
    assert asked(between) == [("clause", (3, 1), (3, 1)), ("clause", (3, 3), (3, 3))]
    assert [(one.low, one.high) for one in find_designations("from level 2 upwards")] == [((2,), (float("inf"),))]
    assert [(one.kind, one.low) for one in find_designations("§ 6.2 and subsection 3")] == [
        ("section", (6, 2)),
        ("section", (3,)),
    ]
