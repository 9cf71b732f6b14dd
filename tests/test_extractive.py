"""Which sentences become the answer, computed by hand from scripted scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from scripted import BY_HAND, ScriptedReader, found, logistic, scripted_engine

from assistant.citing import MOST_SENTENCES, Chosen, choose
from assistant.extractive import IN_CONVERSATION, READ, Decision
from assistant.reader import PassageReading
from assistant.reader.spoken import Spoken
from corpus import make_document, split_passages
from index import Retrieved

HIVE = ("A hive has one queen.", "Workers build the comb.", "Drones do not sting.")


def read(*scores: float) -> PassageReading:
    return PassageReading(max(scores), scores)


def texts(chosen: tuple[Chosen, ...]) -> list[str]:
    return [one.item.passage.text[slice(*one.span)] for one in chosen]


# Choosing


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((3.0, 1.0, 0.0), [HIVE[0]]),
        ((3.0, 2.0, 0.0), [HIVE[0], HIVE[1]]),
        ((2.5, 1.49, 3.0), [HIVE[0], HIVE[2]]),
        ((0.0, 0.0, 0.0), list(HIVE)),
    ],
    ids=["the best alone", "one at the margin of 1", "in reading order, not by score", "all alike"],
)
def test_sentences_that_score_nearly_as_well_as_the_best_are_cited_with_it(
    scores: tuple[float, ...], expected: list[str]
) -> None:
    _, item = found("bees.txt", *HIVE)
    chosen = choose([item], [read(*scores)], BY_HAND)
    assert texts(chosen) == expected
    assert chosen == choose([item], [read(*scores)], BY_HAND)


def test_a_sentence_below_the_floor_is_left_out_however_near_it_is_to_the_best() -> None:
    _, item = found("bees.txt", *HIVE)
    floored = replace(BY_HAND, floor=-1.0)
    assert texts(choose([item], [read(-0.5, -1.0, -1.1)], floored)) == [HIVE[0], HIVE[1]]
    assert texts(choose([item], [read(-0.5, -1.0, -1.1)], BY_HAND)) == list(HIVE)


def test_the_best_sentence_is_cited_even_below_the_floor() -> None:
    _, item = found("bees.txt", *HIVE)
    assert texts(choose([item], [read(-4.0, -5.0, -6.0)], replace(BY_HAND, floor=0.0))) == [HIVE[0]]
    assert texts(choose([item], [read(-4.0, -4.0, -6.0)], replace(BY_HAND, floor=0.0))) == [HIVE[0]]


def test_a_leaning_sentence_brings_its_predecessor_and_nothing_more() -> None:
    _, item = found("bees.txt", "Workers build the comb.", "A hive has one queen.", "She lays the eggs.")
    assert texts(choose([item], [read(0.0, 0.0, 5.0)], BY_HAND)) == ["A hive has one queen.", "She lays the eggs."]
    assert texts(choose([item], [read(0.0, 5.0, 0.0)], BY_HAND)) == ["A hive has one queen."]


def test_a_leaning_sentence_that_opens_its_passage_stands_alone() -> None:
    _, item = found("bees.txt", "She lays the eggs.", "Workers build the comb.")
    assert texts(choose([item], [read(5.0, 0.0)], BY_HAND)) == ["She lays the eggs."]
    assert len(choose([item], [read(5.0, 4.5)], BY_HAND)) == 2


def test_the_document_with_the_best_sentence_comes_first() -> None:
    _, bees = found("bees.txt", "Bees sting.", "Bees fly.", rank=1)
    _, wasps = found("wasps.txt", "Wasps hunt.", "Wasps sting.", rank=2)
    chosen = choose([bees, wasps], [read(2.0, -3.0), read(1.5, 2.5)], BY_HAND)
    assert texts(chosen) == ["Wasps hunt.", "Wasps sting.", "Bees sting."]
    assert [one.item.document for one in chosen] == ["wasps.txt", "wasps.txt", "bees.txt"]


def test_among_equals_the_passage_that_was_found_first_comes_first() -> None:
    _, bees = found("bees.txt", "Bees sting.", rank=1)
    _, wasps = found("wasps.txt", "Wasps sting.", rank=2)
    assert texts(choose([bees, wasps], [read(1.0), read(1.0)], BY_HAND)) == ["Bees sting.", "Wasps sting."]
    assert texts(choose([wasps, bees], [read(1.0), read(1.0)], BY_HAND)) == ["Bees sting.", "Wasps sting."]


def test_an_answer_is_not_a_whole_passage() -> None:
    _, item = found("list.txt", *(f"Number {number} is one." for number in range(12)))
    chosen = choose([item], [read(*[1.0] * 12)], BY_HAND)
    assert len(chosen) == MOST_SENTENCES == 8
    assert texts(chosen)[-1] == "Number 7 is one."
    pairs = [text for number in range(6) for text in (f"Number {number} is one.", "It is not alone.")]
    _, leaning = found("pairs.txt", *pairs)
    both = choose([leaning], [read(*[-5.0, 1.0] * 6)], BY_HAND)
    assert texts(both) == pairs[:8]


def test_nothing_is_chosen_from_nothing() -> None:
    _, item = found("bees.txt", "Bees fly.")
    bare = Retrieved(replace(item.passage, sentences=()), "bees.txt", 1.0, 1)
    assert choose([], [], BY_HAND) == ()
    assert choose([bare], [PassageReading(3.0, ())], BY_HAND) == ()


# Deciding


@pytest.mark.parametrize(("score", "answered"), [(2.0, True), (0.0, True), (-0.001, False), (-9.0, False)])
def test_a_question_is_answered_from_the_threshold_on(score: float, answered: bool) -> None:
    document, item = found("bees.txt", *HIVE)
    engine = scripted_engine(ScriptedReader({"A hive": score}), document)
    decision = engine.decide("How many queens?", [item])
    assert decision.confidence == pytest.approx(logistic(score))
    assert decision.answered is answered
    assert texts(decision.chosen) == ([HIVE[0]] if answered else [])


def test_nothing_found_is_nothing_answered_even_where_the_threshold_lets_everything_pass() -> None:
    engine = scripted_engine(ScriptedReader({}), calibration=replace(BY_HAND, threshold=0.0))
    decision = engine.decide("Anything?", [])
    assert (decision.answered, decision.chosen) == (False, ())
    assert decision.confidence == pytest.approx(logistic(-10.0))


def test_passages_after_the_first_eight_are_not_read() -> None:
    pairs = [found(f"{number}.txt", f"Sentence {number}.", rank=number) for number in range(1, 10)]
    reader = ScriptedReader({"Sentence 9": 5.0, "Sentence 2": 1.0})
    engine = scripted_engine(reader, *(document for document, _ in pairs))
    decision = engine.decide("Which sentence?", [item for _, item in pairs])
    assert reader.passages_read == [READ] == [8]
    assert texts(decision.chosen) == ["Sentence 2."]


def test_what_another_document_says_of_something_else_is_not_cited_beside_the_best() -> None:
    metformin = found("metformin.txt", "The highest dose of metformin is 2000 mg.", "It is taken with meals.")
    others = [
        found("gliclazide.txt", "The highest dose is 320 mg.", heading="Gliclazide", rank=2),
        found("guideline.txt", "The highest dose is 1000 mg.", heading="Metformin in old age", rank=3),
    ]
    scores = {"The highest dose of": 4.0, "The highest dose is 320": 3.5, "It is taken": 3.4, "The highest dose is 1000": 3.3}
    engine = scripted_engine(ScriptedReader(scores), *(document for document, _ in (metformin, *others)))
    items = [item for _, item in (metformin, *others)]
    of_one = texts(engine.decide("Tell me about the highest dose of metformin", items).chosen)
    assert "The highest dose is 320 mg." not in of_one
    assert {"The highest dose of metformin is 2000 mg.", "The highest dose is 1000 mg."} <= set(of_one)
    of_any = texts(engine.decide("Tell me about the highest dose", items).chosen)
    assert {"The highest dose of metformin is 2000 mg.", "The highest dose is 320 mg."} <= set(of_any)


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("How many beds are on Cedar Ward?", ["It has 12 beds.", "Washing takes 20 beds."]),
        ("How many beds do Cedar and Birch have?", ["It has 12 beds.", "It has 18 beds.", "Washing takes 20 beds."]),
        ("How many beds are there?", ["It has 12 beds.", "It has 18 beds.", "Washing takes 20 beds."]),
    ],
)
def test_what_stands_under_other_names_is_not_cited(question: str, cited: list[str]) -> None:
    sections = {"Cedar Ward": "It has 12 beds.", "Birch Ward": "It has 18 beds.", "Use": "Washing takes 20 beds."}
    text = "".join(f"## {heading}\n\n{said}\n\n" for heading, said in sections.items())
    document = make_document("wards.md", text, media_type="text/markdown")
    items = [Retrieved(one, "wards.md", 1.0, rank) for rank, one in enumerate(split_passages(document), 1)]
    reader = ScriptedReader({"It has 12": 2.0, "It has 18": 1.9, "Washing": 1.8})
    chosen = scripted_engine(reader, document).decide(question, items).chosen
    assert [one.item.passage.between(*one.span) for one in chosen] == cited


@pytest.mark.parametrize(("count", "is_said"), [(8, False), (9, True)])
@pytest.mark.parametrize("question", ["Which numbers are there?", "What is the number?"])
def test_it_is_said_that_more_sentences_answer_than_are_cited(question: str, count: int, is_said: bool) -> None:
    document, item = found("numbers.txt", *(f"Number {number} is one." for number in range(count)))
    decision = scripted_engine(ScriptedReader({"Number": 1.0}), document).decide(question, [item])
    assert len(decision.chosen) == MOST_SENTENCES
    said = "More than 8 sentences answer, of which the best are cited."
    assert decision.notice == (said if is_said and question.startswith("Which") else "")


@pytest.mark.parametrize(
    ("question", "best", "cited"),
    [
        ("May I bring a cat?", "Can I bring", ["Can I bring a cat?", "Yes, if it is clean."]),
        ("May I bring a cat?", "Yes, if", ["Can I bring a cat?", "Yes, if it is clean."]),
        ("Is smoking allowed?", "May I smoke", ["May I smoke?", "Never!", "The house is made of wood."]),
        (
            "Who stays overnight?",
            "Who may stay",
            ["Who may stay overnight?", "Only parents of children under twelve may do so."],
        ),
        ("Who stays overnight?", "Only parents", ["Only parents of children under twelve may do so."]),
        ("Who orders the beds?", "Who orders", []),
        ("Who pays?", "Who pays", []),
        ("Which questions are open?", "Who orders", ["Who orders the beds?"]),
    ],
)
def test_a_question_of_the_document_is_cited_with_its_answer_or_not_at_all(question: str, best: str, cited: list[str]) -> None:
    text = (
        "Can I bring a cat? Yes, if it is clean. Please call us before you come.\n\n"
        "May I smoke? Never! The house is made of wood.\n\n"
        "Who may stay overnight?\n\nOnly parents of children under twelve may do so.\n\n"
        "The team talked of falls. Who orders the beds?\n\nThe coffee is free. Who pays? Who knows? It is late.\n"
    )
    document = make_document("stay.md", text, media_type="text/markdown")
    items = [Retrieved(one, "stay.md", 1.0, rank) for rank, one in enumerate(split_passages(document), 1)]
    decision = scripted_engine(ScriptedReader({best: 2.0}), document).decide(question, items)
    assert [one.item.passage.between(*one.span) for one in decision.chosen] == cited
    assert decision.answered is bool(cited)


class HastyReader(ScriptedReader):
    """Leaves out all that it may."""

    def read(
        self, question: str, retrieved: Sequence[Retrieved], asked: Spoken | None = None, least: int | None = None
    ) -> list[PassageReading]:
        return super().read(question, retrieved[:least], asked)


TOPICS = ("Otters swim.", "A bee may fly.", "Mills grind corn.", "Geese hiss.", "The weir holds.", "Old bridge!", "Lamps glow.")


def test_what_a_reader_leaves_out_is_not_cited_but_stays_among_what_was_found() -> None:
    pairs = [found(f"{rank}.txt", topic, rank=rank) for rank, topic in enumerate(TOPICS, 1)]
    engine = scripted_engine(HastyReader({"Old bridge": 5.0, "A bee": 1.0}), *(document for document, _ in pairs))
    decision = engine.decide("Which sentence?", [item for _, item in pairs])
    assert texts(decision.chosen) == ["A bee may fly."]
    assert len(decision.retrieved) == 7


@pytest.mark.parametrize(
    ("question", "sentences", "read"),
    [
        ("Which sentence?", TOPICS, 4),
        ("Which sentences say it?", TOPICS, 7),
        ("List what is said.", TOPICS, 7),
        ("When is it answered?", [f"A request to ward {at} is answered within {at} days." for at in range(1, 8)], 7),
    ],
)
def test_all_are_read_where_several_may_answer_or_say_nearly_the_same(
    question: str, sentences: Sequence[str], read: int
) -> None:
    pairs = [found(f"{rank}.txt", sentence, rank=rank) for rank, sentence in enumerate(sentences, 1)]
    reader = HastyReader({"": 1.0})
    scripted_engine(reader, *(document for document, _ in pairs)).decide(question, [item for _, item in pairs])
    assert reader.passages_read == [read]


def test_a_passage_that_names_what_is_asked_for_is_not_left_out() -> None:
    about = [f"Ward {number} opens at {number}." for number in (1, 2, 3, 4, 5, 7)]
    pairs = [found(f"{rank}.txt", f"Visits to all wards end at {rank}.", rank=rank) for rank in range(1, 6)]
    pairs.append(found("wards.txt", *about, rank=6))
    engine = scripted_engine(HastyReader({"Ward 7": 5.0, "Visits": 1.0}), *(document for document, _ in pairs))
    decision = engine.decide("When does ward 7 open?", [item for _, item in pairs])
    assert texts(decision.chosen) == ["Ward 7 opens at 7."]


def test_in_a_conversation_a_sentence_has_to_be_nearer_to_the_best_to_be_cited_beside_it() -> None:
    document, item = found("bees.txt", *HIVE)
    reader = ScriptedReader({"A hive": 2.0, "Drones": 2.0 - BY_HAND.margin * (1 + IN_CONVERSATION) / 2})
    engine = scripted_engine(reader, document)
    alone = engine.decide("What lives here?", [item])
    assert len(alone.chosen) == 2
    asked = Spoken("What lives there?", (("What is a hive?", "A home."),))
    assert texts(engine.decide("What lives here?", [item], asked).chosen) == [HIVE[0]]


# Writing


def test_each_sentence_becomes_a_statement_with_its_own_footnote() -> None:
    document, item = found("bees.txt", *HIVE, heading="Insects › Bees")
    engine = scripted_engine(ScriptedReader({"A hive": 2.0, "Drones": 1.5}), document)
    statements = list(engine.write(engine.decide("Who?", [item])))
    assert [statement.text for statement in statements] == [HIVE[0], HIVE[2]]
    assert [citation.number for statement in statements for citation in statement.citations] == [1, 2]
    assert statements[1].citations[0].quote == document.text[-len(HIVE[2]) :]
    assert statements[1].citations[0].heading == "Insects › Bees"


def test_a_statement_stands_on_one_line_and_its_quote_as_it_is_in_the_document() -> None:
    document, item = found("bees.txt", "A hive\r\n  has one\tqueen.")
    engine = scripted_engine(ScriptedReader({"A hive": 2.0}), document)
    (statement,) = engine.write(engine.decide("How many?", [item]))
    assert statement.text == "A hive has one queen."
    assert statement.citations[0].quote == "A hive\r\n  has one\tqueen."


def test_nothing_is_written_where_nothing_was_decided() -> None:
    engine = scripted_engine(ScriptedReader({}))
    assert list(engine.write(Decision(0.2, False, (), ()))) == []
    assert engine.name == "extractive"


@pytest.mark.parametrize(
    ("margin", "stretch", "marked"),
    [
        (5.0, (0, 3), (0, 3)),
        (4.9, (0, 3), None),  # not sure
        (9.0, (0, len(HIVE[0])), None),  # all of it is no part of it
        (9.0, (len(HIVE[0]) + 1, len(HIVE[0]) + 4), None),  # in another sentence than those that are cited
        (9.0, None, None),
    ],
)
def test_the_shortest_answer_is_marked_where_the_reader_is_sure_of_it(
    margin: float, stretch: tuple[int, int] | None, marked: tuple[int, int] | None
) -> None:
    _, item = found("bees.txt", *HIVE)
    reading = PassageReading(3.0, (3.0, 0.0, 0.0), stretch, margin)
    (one,) = choose([item], [reading], replace(BY_HAND, sure=5.0), single=True)
    assert one.answer == marked
    (several,) = choose([item], [reading], replace(BY_HAND, sure=5.0))
    assert several.answer is None
    (plain,) = choose([item], [reading], BY_HAND)
    assert plain.answer is None


def test_a_question_for_one_thing_has_a_margin_of_its_own() -> None:
    _, item = found("hive.txt", *HIVE)
    narrow = replace(BY_HAND, single=0.2)
    scores = read(2.0, *[1.5] * (len(HIVE) - 1))
    assert texts(choose([item], [scores], narrow, single=True)) == [HIVE[0]]
    assert texts(choose([item], [scores], narrow)) == list(HIVE)
    assert texts(choose([item], [scores], BY_HAND, single=True)) == list(HIVE)
