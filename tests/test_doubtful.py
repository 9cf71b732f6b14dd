"""The words of a question that a declined answer names: those that the nearest passage says nothing of."""

from __future__ import annotations

import pytest

from assistant import Outcome, build_chain
from assistant.doubtful import SURELY, doubtful_words, unsaid_of
from assistant.reader.pairs import Doubt
from assistant.reader.trained import TrainedReader
from index import PassageIndex, SentenceTransformerEmbeddings

QUESTION = "Why may the landlord enter by night after 24 hours' notice?"


def doubts_of(question: str, *told: str) -> tuple[Doubt, ...]:
    """Doubt of the words `told`, and of no other."""
    places = [(question.index(one), question.index(one) + len(one)) for one in told]
    found = []
    start = 0
    for token in question.split(" "):
        end = start + len(token)
        is_told = any(first < end and start < last for first, last in places)
        found.append((start, end, SURELY + 1 if is_told else SURELY - 3))
        start = end + 1
    return tuple(found)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (("night",), ("night",)),
        (("by night",), ("by night",)),
        (("landlord", "hours"), ("landlord", "hours")),
        (("the",), ()),
        ((), ()),
        (("landlord", "enter", "night", "notice"), ()),
    ],
    ids=["a word", "a stretch", "two", "a stop-word", "nothing", "most of the question"],
)
def test_stretches_of_doubtful_words_are_told_unless_they_are_most_of_the_question(
    told: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert doubtful_words(QUESTION, doubts_of(QUESTION, *told)) == words


RULES = "Bicycles are kept in the cellar. Dogs are allowed, but not in the lift. The rent is due on the third of each month."


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When is the deposit due?", ("deposit",)),
        ("Why are bicycles kept in the attic?", ("attic",)),
        ("Why are cats allowed?", ("cats",)),
        ("When is the rent due?", ()),
    ],
)
def test_the_shipped_reader_tells_what_a_passage_does_not_say(question: str, words: tuple[str, ...]) -> None:
    (reading,) = TrainedReader.load().read(question, [("House rules", RULES, [(0, len(RULES))])])
    assert doubtful_words(question, reading.doubts) == words


def test_a_declined_answer_says_of_which_words_nothing_was_found(
    article_index: PassageIndex, embedder: SentenceTransformerEmbeddings
) -> None:
    chain = build_chain(article_index, embedder)
    declined, answered = chain.invoke("How are vaccines stored?"), chain.invoke("What is cell therapy?")
    assert (declined.outcome, declined.notice) == (Outcome.NOT_FOUND, "The nearest passage says nothing of “stored”.")
    assert (answered.outcome, answered.notice) == (Outcome.ANSWERED, "")
    assert chain.invoke("Hello there").notice == ""


def test_a_reader_that_does_not_tell_leaves_nothing_to_say() -> None:
    assert doubtful_words(QUESTION, ()) == ()
    assert unsaid_of(()) == ""
    assert unsaid_of(("by night", "landlord")) == "The nearest passage says nothing of “by night” and “landlord”."
