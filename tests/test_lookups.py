"""What is looked up for a question that compares or joins two things."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from scripted import BY_HAND, found, scripted_chain

from assistant import Outcome
from assistant.citing import MOST_SENTENCES, Chosen
from assistant.extractive import Decision
from assistant.lookups import Lookups, find_lookups
from assistant.merging import merged
from corpus import make_document
from index import Embedder, PassageIndex


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("What is the difference between a vaccine and an antibody?", ("vaccine", "antibody")),
        ("what are the main differences between red wine, and white wine", ("red wine", "white wine")),
        ("How do mules differ from donkeys?", ("mules", "donkeys")),
        ("How does the annex compare with the main hall?", ("annex", "main hall")),
        ("How do mules and donkeys differ?", ("mules", "donkeys")),
        ("gas versus steam", ("gas", "steam")),
        ("What is the difference between active and passive immunity?", ("active immunity", "passive immunity")),
        ("Contrast gross vs. net", ("gross", "net")),
    ],
)
def test_both_sides_of_a_comparison_are_looked_up(question: str, sides: tuple[str, ...]) -> None:
    assert find_lookups(question) == Lookups(tuple(f"What is {side}?" for side in sides), True)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Compare the tariff of 2019 with the tariff of 2021.", ("is the tariff of 2019", "is the tariff of 2021")),
        (
            "Compare the weight of the Aqua 300 and the Aqua 500.",
            ("is the weight of the Aqua 300", "is the weight of Aqua 500"),
        ),
        ("Compare the prices of gas and steam", ("are the prices of gas", "are the prices of steam")),
        ("Compare the mechanism of action of A and B", ("is the mechanism of action of A", "is the mechanism of action of B")),
        ("What is the difference between the dose of A and of B?", ("is the dose of A", "is the dose of B")),
        ("Contrast the fee for adults and that for children", ("is the fee for adults", "is the fee for children")),
        ("Compare the sale of the mill with the war", ("is the sale of the mill", "is war")),
        ("Compare the price of gas with its effect", ("is the price of gas", "is its effect")),
        ("Compare his idea of God and the idea of man", ("is his idea of God", "is the idea of man")),
    ],
)
def test_a_side_has_what_is_asked_of_the_other(question: str, sides: tuple[str, ...]) -> None:
    assert find_lookups(question) == Lookups(tuple(f"What {side}?" for side in sides), True)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Compare the prices of gas, coal and steam.", [f"are the prices of {one}" for one in ("gas", "coal", "steam")]),
        ("Compare the types of gas, coal, and steam.", [f"are the types of {one}" for one in ("gas", "coal", "steam")]),
        ("How do cats, a dog and birds differ?", ["is cats", "is dog", "is birds"]),
        ("Compare Ulm, Germany and Bern, Switzerland", ["is Ulm, Germany", "is Bern, Switzerland"]),
        ("Compare the tariff, which rose in 2019, and the fee", ["is tariff, which rose in 2019", "is fee"]),
        ("Compare the United States of America, Peru and Chile", ["is United States of America", "is Peru", "is Chile"]),
    ],
)
def test_things_in_a_row_are_a_side_each(question: str, sides: list[str]) -> None:
    assert find_lookups(question) == Lookups(tuple(f"What {side}?" for side in sides), True)


def test_what_each_thing_is_about_stays_its_own() -> None:
    made = find_lookups("Compare the law concerning gas and the law concerning steam")
    assert made.questions == ("What is law concerning gas?", "What is law concerning steam?")


def test_too_many_things_are_looked_up_together() -> None:
    assert find_lookups("Compare gas, coal, steam, wind, water, oil and wood") == Lookups()


@pytest.mark.parametrize(
    ("question", "respect"),
    [
        ("What are the differences between gas and steam in terms of safety?", "in terms of safety"),
        ("What is the difference between gas and steam in storage?", "in storage"),
        ("How do gas and steam differ in the long run?", "in the long run"),
        ("How do gas and steam differ with regard to safety?", "with regard to safety"),
        ("How does gas differ from steam when it comes to safety?", "when it comes to safety"),
        ("Compare gas with steam, regarding safety.", "regarding safety"),
    ],
)
def test_what_two_things_are_compared_in_goes_to_both(question: str, respect: str) -> None:
    assert find_lookups(question) == Lookups((f"What is gas {respect}?", f"What is steam {respect}?"), True)
    many = find_lookups(question.replace("steam", "big engines"))
    assert many.questions[1] == f"What are big engines {respect}?"


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who built the mill and when was it sold?", ("Who built the mill?", "Who built the mill? when was it sold?")),
        ("What does it cost? Who pays for the repairs?", ("What does it cost?", "Who pays for the repairs?")),
        ("Who built the mill, and where is the dam?", ("Who built the mill?", "where is the dam?")),
        ("Who built the mill and is the dam open?", ("Who built the mill?", "is the dam open?")),
        ("Which are mills and which of the mills burnt down?", ("Which are mills?", "which of the mills burnt down?")),
        ("Who built the mill and which in the town is open?", ("Who built the mill?", "which in the town is open?")),
    ],
)
def test_joined_questions_are_looked_up_one_by_one(question: str, parts: tuple[str, ...]) -> None:
    assert find_lookups(question) == Lookups(parts)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Which fees do Orla and Brenn have?", ["Which fees do Orla have?", "Which fees do Brenn have?"]),
        ("Who leads Ash and Birch Ward?", ["Who leads Ash Ward?", "Who leads Birch Ward?"]),
        ("When is tea on Ash, Birch and Cedar?", [f"When is tea on {name}?" for name in ("Ash", "Birch", "Cedar")]),
        ("Compare the dress code of Orla and Brenn", ["What is the dress code of Orla?", "What is the dress code of Brenn?"]),
    ],
)
def test_named_things_in_a_row_are_looked_up_one_by_one(question: str, sides: list[str]) -> None:
    made = find_lookups(question)
    assert (list(made.questions), made.is_comparison) == (sides, True)


@pytest.mark.parametrize(
    "question",
    [
        "How far is it between Orla and Brenn?",
        "Orla and Brenn are what?",
        "What are vaccines and antibodies used for?",
        "Which side is better?",
        "Why does bread and butter taste good?",
        "Tell me about cats and dogs",
        "Who discovered penicillin and was awarded the Nobel Prize?",
        "Which vaccine is given at birth and has no side effects?",
        "supply and demand",
        "Which fires are caused by gas and which by old wires?",
        "Which are effects of gas and which of steam?",
        "",
    ],
)
def test_other_questions_are_looked_up_as_they_are(question: str) -> None:
    assert find_lookups(question) == Lookups()


def decision(confidence: float, *names: str, answered: bool = True) -> Decision:
    items = [found(f"{name}.txt", f"{name} is one.", rank=rank)[1] for rank, name in enumerate(names, 1)]
    chosen = tuple(Chosen(item, item.passage.sentences[0]) for item in items) if answered else ()
    return Decision(confidence, answered, chosen, tuple(items))


def names(made: Decision) -> list[str]:
    return [one.item.document for one in made.chosen]


def test_a_comparison_is_answered_by_both_its_sides() -> None:
    both = merged(decision(0.2, "c", answered=False), {"A?": decision(0.9, "a"), "B?": decision(0.7, "b")}, True)
    assert (both.answered, both.confidence, names(both)) == (True, 0.7, ["a.txt", "b.txt"])
    assert [item.document for item in both.retrieved] == ["c.txt", "a.txt", "b.txt"]
    assert [item.rank for item in both.retrieved] == [1, 2, 3]


def test_a_comparison_with_a_side_that_is_not_there_is_declined() -> None:
    whole = decision(0.2, "c", answered=False)
    assert merged(whole, {"A?": decision(0.9, "a"), "B?": decision(0.1, "b", answered=False)}, True) is whole


def test_a_side_is_named_of_which_nothing_is_said_though_the_comparison_was_answered() -> None:
    parts = {"What is otter 300?": decision(0.9, "otter"), "What is heron 500?": decision(0.1, answered=False)}
    made = merged(decision(0.8, "otter"), parts, True)
    assert made.notice == "The documents do not say: “What is heron 500?”."
    assert merged(decision(0.8, "otter", "heron"), parts, True).notice == ""
    alike = {"What is otter?": decision(0.9, "otter"), "What is the otter?": decision(0.1, answered=False)}
    assert merged(decision(0.8, "otter"), alike, True).notice == ""


def test_that_the_things_which_are_compared_differ_is_not_said_of_the_documents() -> None:
    whole, side = (replace(decision(0.9, "a", "b"), notice=f"The documents differ {where}.") for where in ("here", "there"))
    parts = {"What is a?": side, "What is b?": decision(0.9, "b")}
    assert merged(whole, parts, True).notice == "The documents differ there."
    assert merged(whole, parts, False).notice == "The documents differ there. The documents differ here."


def test_of_joined_questions_those_that_are_answered_are() -> None:
    made = merged(
        decision(0.2, "c", answered=False), {"A?": decision(0.9, "a"), "B?": decision(0.1, "b", answered=False)}, False
    )
    assert (made.answered, made.confidence, names(made)) == (True, 0.9, ["a.txt"])
    assert made.notice == "The documents do not say: “B?”."


def test_what_is_about_another_thing_stays_known() -> None:
    others = frozenset({("a", (0, 1))})
    whole = replace(decision(0.8, "c"), others=others)
    assert merged(whole, {"A?": decision(0.9, "a"), "B?": decision(0.1, "b", answered=False)}, False).others == others
    assert merged(whole, {"A?": decision(0.9, "a")}, False).notice == ""


def test_what_the_whole_question_found_is_cited_too_and_nothing_twice() -> None:
    made = merged(decision(0.8, "a", "c"), {"A?": decision(0.9, "a"), "B?": decision(0.7, "b")}, True)
    assert (made.confidence, names(made)) == (0.8, ["a.txt", "b.txt", "c.txt"])


def test_every_side_has_its_say_before_the_answer_is_full() -> None:
    first = decision(0.9, *(f"a{number}" for number in range(MOST_SENTENCES)))
    made = merged(decision(0.1, answered=False), {"A?": first, "B?": decision(0.7, "b")}, True)
    assert len(made.chosen) == MOST_SENTENCES
    assert "b.txt" in names(made)


def test_the_chain_reads_for_each_side(word_embedder: Embedder, tmp_path: Path) -> None:
    index = PassageIndex(f"{tmp_path}/data", word_embedder, create=True)
    index.add([make_document("a.txt", "Gas is a vapour."), make_document("b.txt", "Steam is water.")])
    chain, reader = scripted_chain(index, {"Gas": 2.0, "Steam": 1.5}, replace(BY_HAND, margin=0.0))
    answer = chain.invoke("What is the difference between gas and steam?")
    assert reader.asked == ["What is the difference between gas and steam?", "What is gas?", "What is steam?"]
    assert answer.outcome is Outcome.ANSWERED
    assert "Gas is a vapour." in answer.text
    index.close()


@pytest.mark.parametrize(
    ("texts", "asked"),
    [
        (["The fees of Orla\nand Brenn are high.", "Brenn is dear."], 1),
        (["The fees of Orla are high.", "The fees of Brenn are low."], 3),
    ],
)
def test_names_that_a_text_has_in_a_row_too_are_one_name(
    texts: list[str], asked: int, word_embedder: Embedder, tmp_path: Path
) -> None:
    index = PassageIndex(f"{tmp_path}/data", word_embedder, create=True)
    index.add([make_document(f"{number}.txt", text) for number, text in enumerate(texts)])
    chain, reader = scripted_chain(index, {"The fees": 2.0})
    chain.invoke("What are the fees of Orla and Brenn?")
    assert len(reader.asked) == asked
    index.close()


def test_a_follow_up_is_not_taken_apart(word_embedder: Embedder, tmp_path: Path) -> None:
    index = PassageIndex(f"{tmp_path}/data", word_embedder, create=True)
    index.add([make_document("a.txt", "Gas is a vapour."), make_document("b.txt", "Steam is water.")])
    chain, reader = scripted_chain(index, {"Gas": 2.0})
    history = [{"role": "user", "content": "What is the gas here?"}, {"role": "assistant", "content": "A vapour."}]
    chain.invoke({"question": "What is it for and when?", "history": history})
    assert len(reader.asked) == 1 and reader.asked[0].endswith("What is gas for and when?")
    assert reader.as_asked == ["What is the gas here? | A vapour. | What is it for and when?"]
    index.close()
