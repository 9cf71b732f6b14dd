"""A model that answers well and a model that lies, through the real client: what is shown, and what is not.

Each reply is given in every way in which a model can reply: as structured output, as the call of a tool, and in words.
"""

from __future__ import annotations

import json

import pytest
from chat_server import ChatRequest, ChatServer, Reply, Status
from generating import (
    APPROVED,
    EFFECTS,
    HARLOW,
    PAIRS,
    PATHS,
    REPORT,
    STORED,
    TRIAL,
    Given,
    ask,
    blank_and_decision,
    client,
    data_of,
    engine_for,
    form_of,
    last,
    says,
    says_in_words,
    slowly,
    wait_for,
)
from langchain_core.language_models import FakeListChatModel
from langchain_openai import ChatOpenAI
from scripted import found

from assistant.answer import Outcome
from assistant.extractive import Decision
from assistant.generative.engine import raised
from corpus.errors import ChatModelError

WHEN = "It was approved on 3 May 1990."
WHERE = "It is stored at 5 degrees Celsius."
GOOD: tuple[Given, ...] = ((WHEN, (1, APPROVED)), (WHERE, (1, STORED)))
TRUE: Given = ("The trial had 412 patients.", (2, TRIAL))

LIES: dict[str, Given] = {
    "an invented id": (WHEN, ("beef-1", APPROVED)),
    "the document's name for an id": (WHEN, ("harlow.txt", APPROVED)),
    "a quote glued from one passage": (WHEN, (1, "The Harlow vaccine was approved on 3 May 1990 and must not be frozen.")),
    "a quote glued from two passages": (WHEN, (1, f"{APPROVED} {TRIAL}")),
    "a quote with an ellipsis": (WHEN, (1, "The Harlow vaccine … for adults over 60.")),
    "one word changed": ("It was approved on 3 May 1990 for children.", (1, APPROVED.replace("adults", "children"))),
    "one number changed": ("It was approved on 3 May 1991.", (1, APPROVED.replace("1990", "1991"))),
    "no quotes": (WHEN,),
    "an empty quote": (WHEN, (1, " ")),
    "an invented quote": ("It costs 40 euros.", (1, "A dose costs 40 euros.")),
}
"""Whatever a statement says: its quotes do not stand in the passages."""

BEYOND: dict[str, Given] = {
    "another number than the quote's": ("It was approved on 3 May 1995.", (1, APPROVED)),
    "another unit": ("It is stored at 5 degrees Fahrenheit.", (1, STORED)),
    "a negation dropped": ("It must be frozen.", (1, STORED)),
    "another name": ("The Marlow vaccine was approved on 3 May 1990.", (1, APPROVED)),
    "what no quote says": ("It costs 40 euros a dose.", (1, APPROVED)),
}
"""The quotes stand, and do not say what the statement says."""


@pytest.fixture(params=PATHS.values(), ids=list(PATHS))
def kind(request: pytest.FixtureRequest) -> type[ChatOpenAI]:
    """Each way in which a model may reply."""
    return request.param


# What is true is shown


def test_statements_are_shown_with_the_places_that_they_quote(kind: type[ChatOpenAI]) -> None:
    with ChatServer([says(*GOOD)]) as server:
        answer = last(ask(server, kind=kind))
    document, item = HARLOW
    assert (answer.outcome, answer.text) == (Outcome.ANSWERED, f"{WHEN} {WHERE}")
    first, second = answer.citations
    assert (first.number, first.document, first.quote, first.heading) == (1, document, APPROVED, item.passage.heading)
    assert (second.number, second.start, second.end) == (2, len(APPROVED) + 1, len(document.text))
    assert (answer.engine, answer.model, answer.closest, answer.unsupported) == ("generative", kind.__name__, (), ())
    assert json.loads(answer.raw) == form_of(server.requests[0], *GOOD)
    assert answer.confidence > blank_and_decision()[0].confidence


def test_the_form_is_demanded_as_the_model_has_it_and_in_words_always(kind: type[ChatOpenAI]) -> None:
    with ChatServer([says(*GOOD)]) as server:
        last(ask(server, kind=kind))
    (request,) = server.requests
    assert request.is_stream
    assert (request.demanded_tool, "response_format" in request.body) == {
        "ChatOpenAI": (None, True),
        "ToolCaller": ("cited_statements", False),
        "Talker": (None, False),
    }[kind.__name__]
    assert "Reply with one JSON object and nothing else" in request.said("system")


def test_a_statement_may_quote_several_passages_and_each_place_has_its_number(kind: type[ChatOpenAI]) -> None:
    both: Given = ("It was approved on 3 May 1990, and the trial had 412 patients.", (1, APPROVED), (2, TRIAL), (1, APPROVED))
    with ChatServer([says(both, TRUE)]) as server:
        answer = last(ask(server, kind=kind))
    assert [[citation.number for citation in statement.citations] for statement in answer.statements] == [[1, 2], [3]]
    assert [citation.document for citation in answer.citations] == [HARLOW[0], REPORT[0], REPORT[0]]


def test_a_quote_under_the_id_of_another_passage_is_cited_where_it_stands(kind: type[ChatOpenAI]) -> None:
    with ChatServer([says((WHEN, (2, APPROVED)))]) as server:
        answer = last(ask(server, kind=kind))
    (citation,) = answer.citations
    assert (citation.document, citation.quote, citation.heading) == (HARLOW[0], APPROVED, HARLOW[1].passage.heading)
    assert answer.unsupported == ()


def test_ids_within_a_statement_are_taken_out() -> None:
    def reply(request: ChatRequest) -> Reply:
        return form_of(request, (f"{WHEN} [{data_of(request)['passages'][0]['id']}]", (1, APPROVED)))

    with ChatServer([reply]) as server:
        answer = last(ask(server))
    assert answer.text == WHEN
    assert len(answer.statements) == 1


def test_a_reply_in_words_thoughts_and_a_code_fence_is_read() -> None:
    before = '<think>Perhaps {"statements": []}?</think>Here you are:\n```json\n'
    with ChatServer([says_in_words(*GOOD, before=before, after="\n```\nAsk me more!")] * 3) as server:
        answers = [last(ask(server, kind=kind)) for kind in PATHS.values()]
    assert [answer.text for answer in answers] == [f"{WHEN} {WHERE}"] * 3
    assert len(server.requests) == 3  # what was said is read, not asked for again


def test_a_model_that_does_not_stream_answers_all_the_same(kind: type[ChatOpenAI]) -> None:
    with ChatServer([says(*GOOD)]) as server:
        answer = last(ask(server, kind=kind, disable_streaming=True))
    assert answer.text == f"{WHEN} {WHERE}"
    assert not server.requests[0].is_stream


def test_a_model_of_another_make_is_asked_in_words() -> None:
    model = FakeListChatModel(responses=["I think so.", '{"statements": []}'])
    answer = last(engine_for(model).answer(*blank_and_decision()))
    assert (answer.outcome, answer.model) == (Outcome.NOT_FOUND, "FakeListChatModel")
    assert answer.raw == '{"statements": []}'


# What is not true is not


@pytest.mark.parametrize("lie", LIES.values(), ids=list(LIES))
def test_a_quote_that_does_not_stand_there_supports_nothing(kind: type[ChatOpenAI], lie: Given) -> None:
    with ChatServer([says(lie)]) as server:
        answer = last(ask(server, kind=kind))
    assert (answer.outcome, answer.statements) == (Outcome.NOT_FOUND, ())
    assert [one.text for one in answer.unsupported] == [lie[0]]
    assert answer.unsupported[0].reason
    assert [item.document for item in answer.closest] == ["harlow.txt", "trial.md"]
    assert lie[0] in json.loads(answer.raw)["statements"][0]["text"]


@pytest.mark.parametrize("lie", BEYOND.values(), ids=list(BEYOND))
def test_a_statement_that_goes_beyond_its_quote_is_left_out(kind: type[ChatOpenAI], lie: Given) -> None:
    with ChatServer([says(lie, TRUE)]) as server:
        answer = last(ask(server, kind=kind))
    assert [statement.text for statement in answer.statements] == [TRUE[0]]
    assert [one.text for one in answer.unsupported] == [lie[0]]
    assert answer.unsupported[0].reason


def test_what_stands_is_shown_beside_all_that_does_not() -> None:
    mixed = [statement for lie in LIES.values() for statement in (lie, TRUE)]
    with ChatServer([says(GOOD[1], *mixed, GOOD[0])]) as server:
        answer = last(ask(server))
    assert answer.outcome is Outcome.ANSWERED
    assert [statement.text for statement in answer.statements] == [WHERE, TRUE[0], WHEN]
    assert {one.text for one in answer.unsupported} == {lie[0] for lie in LIES.values()} - {WHEN}  # which was proven at last
    assert [citation.quote for citation in answer.citations] == [STORED, TRIAL, APPROVED]


def test_what_is_said_twice_is_shown_once(kind: type[ChatOpenAI]) -> None:
    with ChatServer([says(*GOOD, TRUE, *GOOD, LIES["no quotes"], TRUE)]) as server:
        answer = last(ask(server, kind=kind))
    assert [statement.text for statement in answer.statements] == [WHEN, WHERE, TRUE[0]]
    assert answer.unsupported == ()


def test_when_the_model_finds_nothing_the_outcome_is_not_found(kind: type[ChatOpenAI]) -> None:
    with ChatServer([says()]) as server:
        answer = last(ask(server, kind=kind))
    assert (answer.outcome, answer.unsupported, answer.notice) == (Outcome.NOT_FOUND, (), "")
    assert json.loads(answer.raw) == {"statements": []}
    assert len(answer.closest) == 2
    assert answer.confidence == blank_and_decision()[0].confidence / 2


def test_without_a_passage_the_model_is_not_asked() -> None:
    with ChatServer() as server:
        blank, _ = blank_and_decision(())
        assert list(engine_for(client(server)).answer(blank, Decision(0.0, False, (), ()))) == []
    assert server.requests == []


def test_an_answer_ranks_above_a_not_found_and_more_support_is_more_confidence() -> None:
    assert raised(0.4, [2.0]) > raised(0.4, [0.0]) > raised(0.4, [None]) == 0.4
    assert raised(0.4, [2.0, -2.0]) == pytest.approx(1 - 0.6 * 0.5)
    assert 0.0 <= raised(0.0, [-900.0]) < raised(1.0, [900.0]) <= 1.0


# As it comes


def test_a_statement_is_shown_while_the_next_one_is_still_being_written(kind: type[ChatOpenAI]) -> None:
    with ChatServer([slowly(*GOOD, TRUE)]) as server:
        answers = ask(server, kind=kind)
        sent = []
        texts = []
        for answer in answers:
            sent.append(server.pieces)
            texts.append([statement.text for statement in answer.statements])
    assert texts == [[WHEN], [WHEN, WHERE], [WHEN, WHERE, TRUE[0]], [WHEN, WHERE, TRUE[0]]]
    assert sent[0] < sent[1] < server.pieces


def test_a_lie_is_never_shown_on_the_way() -> None:
    lies = tuple(LIES.values())
    with ChatServer([slowly(lies[0], GOOD[0], *lies[1:4], seconds=0.001)]) as server:
        seen = [{statement.text for statement in answer.statements} for answer in ask(server)]
    assert seen == [{WHEN}, {WHEN}]
    assert server.hang_ups == 0


def test_to_close_the_answer_ends_the_request(kind: type[ChatOpenAI]) -> None:
    with ChatServer([slowly(*GOOD, *([TRUE] * 50))]) as server:
        answers = ask(server, kind=kind)
        assert next(answers).text == WHEN
        answers.close()
        assert wait_for(lambda: server.hang_ups == 1)
        assert server.pieces < 300
    assert len(server.requests) == 1


def test_a_server_that_refuses_the_form_is_asked_in_words(kind: type[ChatOpenAI]) -> None:
    refused = Status(400, "This response_format type is unavailable now")
    with ChatServer([refused, says(*GOOD)]) as server:
        if kind.__name__ == "Talker":  # there was no form to refuse
            with pytest.raises(ChatModelError, match="did not take the request.*This response_format type"):
                last(ask(server, kind=kind))
            return
        answer = last(ask(server, kind=kind))
    assert answer.text == f"{WHEN} {WHERE}"
    assert "response_format" not in server.requests[1].body and server.requests[1].demanded_tool is None


def test_passages_beyond_the_window_are_not_sent() -> None:
    pairs = (*PAIRS, *(found(f"{number}.txt", EFFECTS * 20, rank=number) for number in range(3, 9)))
    with ChatServer([says(*GOOD), says(*GOOD)]) as server:
        last(ask(server, pairs))
        last(ask(server, pairs, context=2400))
        with pytest.raises(ChatModelError, match="The context is too small: 500 tokens do not hold"):
            last(ask(server, pairs, context=500))
    sent = [[passage["document"] for passage in data_of(request)["passages"]] for request in server.requests]
    assert len(sent[0]) == 8
    assert sent[1] == sent[0][: len(sent[1])] and 2 <= len(sent[1]) < 8
