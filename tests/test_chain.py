"""The chain over the real index: LangChain's ways of calling it, the conversation, the scope, and what it may never do."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableLambda
from scripted import BY_HAND, logistic, scripted_chain

from assistant import Answer, AnswerChain, Outcome, Question, Turn, build_chain
from assistant.answer import CLOSEST_SHOWN
from assistant.calibration import Calibration, load_calibration
from assistant.extractive import READ
from assistant.reader import choice
from corpus import Document, make_document
from corpus.errors import ModelError, QuestionError, ScopeError
from eval.cases import CASES_FOLDER, load_cases
from index import PassageIndex, SentenceTransformerEmbeddings

DEFINITION = "Cell therapy refers to the introduction of cellular preparations into the body"
STEM_CELLS = "(2) Stem cell transplantation"
MODIFIERS = "(1) Biological response modifiers usually have no effect"
MODIFIERS_EXAMPLES = "It mainly includes microorganism preparations"


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> Calibration:
    """The real calibration, with a threshold that every question passes."""
    calibration = replace(load_calibration("footnote"), threshold=0.0)
    monkeypatch.setattr(choice, "load_calibration", lambda name: calibration)
    return calibration


@pytest.fixture
def chain(always: Calibration, article_index: PassageIndex, embedder: SentenceTransformerEmbeddings) -> AnswerChain:
    return build_chain(article_index, embedder)


@pytest.fixture
def two_documents(word_embedder: object, tmp_path: Path) -> Iterator[PassageIndex]:
    index = PassageIndex(tmp_path / "data", word_embedder, create=True)
    index.add(
        [
            make_document("bees.txt", "Bees live in a hive. A hive has one queen."),
            make_document("ants.txt", "Ants live in a nest. A nest has many workers."),
        ]
    )
    yield index
    index.close()


def told(answer: Answer) -> tuple[str, str, str, Outcome]:
    """Return what an answer says, without the time that it took."""
    return answer.question, answer.searched_for, answer.text, answer.outcome


# Ways of calling


def test_a_text_a_question_and_a_mapping_get_the_same_answer(article_index: PassageIndex) -> None:
    chain, reader = scripted_chain(article_index, {DEFINITION: 2.0})
    text = "What is cell therapy?"
    answers = [chain.invoke(asked) for asked in (text, Question(text), {"question": text})]
    assert len({told(answer) for answer in answers}) == 1
    assert answers[0].outcome is Outcome.ANSWERED
    assert answers[0].text.startswith(DEFINITION)
    assert answers[0].confidence == pytest.approx(logistic(2.0))
    assert reader.asked == [text] * 3


def test_the_reader_is_given_the_best_passages_and_all_that_were_found_are_kept(word_embedder: object, tmp_path: Path) -> None:
    index = PassageIndex(tmp_path / "data", word_embedder, create=True)
    index.add([make_document(f"hive-{number}.txt", f"Hive {number} has one queen.") for number in range(READ + 4)])
    chain, reader = scripted_chain(index, {"Hive 3": 2.0})
    answer = chain.invoke("What has a queen?")
    index.close()
    assert reader.passages_read == [READ]
    assert len(answer.retrieved) > READ
    assert [item.rank for item in answer.retrieved] == list(range(1, len(answer.retrieved) + 1))
    assert answer.engine == "extractive"
    assert answer.seconds > 0


def test_a_stream_grows_by_a_statement_at_a_time_and_ends_with_what_invoke_gives(article_index: PassageIndex) -> None:
    chain, _ = scripted_chain(article_index, {DEFINITION: 2.0, STEM_CELLS: 1.5})
    parts = list(chain.stream("What is cell therapy, and what are stem cells?"))
    whole = chain.invoke("What is cell therapy, and what are stem cells?")
    assert [len(part.statements) for part in parts] == [1, 2, 2]
    assert parts[-1].statements == whole.statements
    assert told(parts[-1]) == told(whole)
    for before, after in zip(parts, parts[1:], strict=False):
        assert after.statements[: len(before.statements)] == before.statements
        assert before.seconds <= after.seconds


def test_the_stream_of_a_declined_question_is_one_answer_that_says_so(article_index: PassageIndex) -> None:
    chain, _ = scripted_chain(article_index, {})
    parts = list(chain.stream("Who won the cup?"))
    assert [part.outcome for part in parts] == [Outcome.NOT_FOUND]
    assert parts[0].statements == ()


def test_a_batch_answers_in_the_order_of_its_questions(chain: AnswerChain) -> None:
    questions = ["What is molecular therapy?", "What is cell therapy?"]
    answers = chain.batch(questions)
    assert [answer.question for answer in answers] == questions
    assert [told(answer) for answer in answers] == [told(chain.invoke(question)) for question in questions]


def test_a_batch_returns_a_failure_in_its_place_when_asked_to(chain: AnswerChain) -> None:
    answers = chain.batch(["What is cell therapy?", "   "], return_exceptions=True)
    assert isinstance(answers[0], Answer)
    assert isinstance(answers[1], QuestionError)


def test_the_asynchronous_form_gives_the_same_answer(chain: AnswerChain) -> None:
    async def both() -> list[Answer]:
        return await asyncio.gather(chain.ainvoke("What is cell therapy?"), chain.ainvoke("What is immunotherapy?"))

    first, second = asyncio.run(both())
    assert told(first) == told(chain.invoke("What is cell therapy?"))
    assert told(second) == told(chain.invoke("What is immunotherapy?"))
    assert first.text != second.text


def test_it_composes_with_other_runnables(chain: AnswerChain) -> None:
    asked = RunnableLambda(lambda name: {"question": f"What is {name}?"}) | chain | RunnableLambda(lambda answer: answer.text)
    assert asked.invoke("cell therapy") == chain.invoke("What is cell therapy?").text
    assert "cellular preparations" in asked.invoke("cell therapy")


def test_four_threads_share_one_chain(chain: AnswerChain) -> None:
    questions = ["What is cell therapy?", "What is molecular therapy?", "What are cytokines?", "What do immunosuppressants do?"]
    alone = [told(chain.invoke(question)) for question in questions]
    together: dict[int, list[tuple[str, str, str, Outcome]]] = {}

    def ask(number: int) -> None:
        together[number] = [told(chain.invoke(questions[(number + turn) % 4])) for turn in range(2)]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(together) == 4
    assert all(together[number] == [alone[(number + turn) % 4] for turn in range(2)] for number in range(4))


# Conversation and scope


def test_a_follow_up_is_looked_up_with_what_was_talked_about_and_says_so(article_index: PassageIndex) -> None:
    chain, reader = scripted_chain(article_index, {STEM_CELLS: 1.0})
    history = (Turn("user", "What is stem cell transplantation?"), Turn("assistant", "(2) Stem cell transplantation …"))
    answer = chain.invoke(Question("What can they become?", history))
    assert answer.question == "What can they become?"
    assert reader.asked == [answer.searched_for]
    assert answer.searched_for.lower() == "what can stem cell transplantation become?"
    assert reader.as_asked == ["What is stem cell transplantation? | (2) Stem cell transplantation … | What can they become?"]


def test_only_the_documents_in_scope_are_found(two_documents: PassageIndex) -> None:
    chain, _ = scripted_chain(two_documents, {"Bees live": 2.0, "Ants live": 2.0})
    everywhere = chain.invoke("Who will live where?")
    ants = chain.invoke({"question": "Who will live where?", "documents": ["ants.txt"]})
    assert {citation.document.name for citation in everywhere.citations} == {"ants.txt", "bees.txt"}
    assert ants.text == "Ants live in a nest."
    assert {item.document for item in ants.retrieved} == {"ants.txt"}


def test_an_empty_scope_finds_nothing_and_says_so(two_documents: PassageIndex) -> None:
    chain, _ = scripted_chain(two_documents, {"Bees live": 2.0})
    answer = chain.invoke({"question": "Where do bees live?", "documents": []})
    assert answer.outcome is Outcome.NOT_FOUND
    assert (answer.retrieved, answer.closest, answer.statements) == ((), (), ())


def test_an_unknown_document_is_a_failure_and_not_a_decline(two_documents: PassageIndex) -> None:
    chain, reader = scripted_chain(two_documents, {"Bees live": 2.0})
    with pytest.raises(ScopeError, match=r"no document called 'bee\.txt'\. Did you mean bees\.txt\?"):
        chain.invoke({"question": "Where do bees live?", "documents": ["bee.txt"]})
    assert reader.asked == []


def test_a_question_that_cannot_be_asked_is_a_failure_in_every_form(article_index: PassageIndex) -> None:
    chain, reader = scripted_chain(article_index, {DEFINITION: 2.0})
    with pytest.raises(QuestionError, match="empty"):
        chain.invoke(Question(" \n "))
    with pytest.raises(QuestionError, match="too long: 10,000 words"):
        list(chain.stream("why " * 10_000))
    assert reader.asked == []


# Outcomes


def test_a_score_at_the_threshold_answers_and_one_below_it_declines(article_index: PassageIndex) -> None:
    at, _ = scripted_chain(article_index, {DEFINITION: 0.0})
    below, _ = scripted_chain(article_index, {DEFINITION: -0.01})
    assert at.invoke("What is cell therapy?").outcome is Outcome.ANSWERED
    declined = below.invoke("What is cell therapy?")
    assert declined.outcome is Outcome.NOT_FOUND
    assert declined.confidence == pytest.approx(logistic(-0.01))


def test_the_closest_passages_are_shown_only_where_nothing_is_answered(article_index: PassageIndex) -> None:
    answered, _ = scripted_chain(article_index, {DEFINITION: 2.0})
    declining, _ = scripted_chain(article_index, {})
    good, declined = answered.invoke("What is cell therapy?"), declining.invoke("What is cell therapy?")
    assert good.statements and good.closest == ()
    assert declined.statements == () and list(declined.citations) == [] and declined.text == ""
    assert declined.closest == declined.retrieved[:CLOSEST_SHOWN]
    assert len(declined.closest) == 3


def test_a_sentence_that_leans_on_the_one_before_brings_it_along(article_index: PassageIndex) -> None:
    chain, _ = scripted_chain(article_index, {MODIFIERS_EXAMPLES: 3.0})
    answer = chain.invoke("Which microorganism preparations are biological response modifiers?")
    assert [
        statement.text.startswith(beginning)
        for statement, beginning in zip(answer.statements, (MODIFIERS, MODIFIERS_EXAMPLES), strict=True)
    ] == [True, True]
    assert [citation.number for citation in answer.citations] == [1, 2]


def test_a_sentence_brings_along_what_the_one_that_it_leans_on_leans_on(tmp_path: Path, word_embedder: object) -> None:
    index = PassageIndex(tmp_path / "data", word_embedder, create=True)
    text = "The kiln is new. Glass is annealed. It's done overnight. **It** prevents cracks. Nobody may leave."
    index.add([make_document("glass.md", text)])
    chain, _ = scripted_chain(index, {"**It** prevents cracks.": 3.0})
    answer = chain.invoke("What prevents cracks?")
    index.close()
    assert [one.text for one in answer.statements] == ["Glass is annealed.", "It's done overnight.", "**It** prevents cracks."]


def test_a_clause_that_is_asked_for_by_its_number_alone_is_the_answer(tmp_path: Path, word_embedder: object) -> None:
    index = PassageIndex(tmp_path / "data", word_embedder, create=True)
    clauses = [
        "4.1 Trips are booked by the office.",
        "4.2 Travel expenses must be claimed within 60 days.",
        "4.3 Meals are paid.",
    ]
    index.add([make_document("handbook.txt", "\n\n".join(clauses))])
    chain, _ = scripted_chain(index, {}, replace(BY_HAND, threshold=0.97))
    answer = chain.invoke("What does clause 4.2 say?")
    other = chain.invoke("Who wrote clause 4.2?")
    index.close()
    assert [one.text for one in answer.statements] == [clauses[1]] and answer.confidence == 0.97
    assert other.outcome is Outcome.NOT_FOUND


def test_a_passage_without_a_sentence_to_quote_never_makes_an_empty_answer(tmp_path: Path, word_embedder: object) -> None:
    index = PassageIndex(tmp_path / "data", word_embedder, create=True)
    index.add([make_document("headings.md", "# Bees\n\n## Hives\n")])
    chain, _ = scripted_chain(index, {}, replace(BY_HAND, threshold=0.0))
    answer = chain.invoke("What are bees?")
    index.close()
    assert [item.passage.sentences for item in answer.retrieved] == [()]
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.closest == answer.retrieved


# The project's own questions


def test_every_citation_of_every_answer_to_the_own_questions_on_the_article_is_verbatim(
    chain: AnswerChain, article: Document
) -> None:
    cases = [case for case in load_cases(CASES_FOLDER / "immunotherapy.jsonl") if case.category != "small-talk"]
    cited = 0
    for case in cases:
        answer = chain.invoke({"question": case.question, "history": list(case.history), "documents": case.documents})
        assert answer.outcome is Outcome.ANSWERED, case.id
        for number, statement in enumerate(answer.statements, 1):
            (citation,) = statement.citations
            assert citation.number == number
            assert article.text[citation.start : citation.end] == citation.quote, case.id
            assert statement.text == " ".join(citation.quote.split())
            cited += 1
        json.dumps(answer.to_json())
    assert cited >= len(cases) >= 60


def test_what_is_asked_of_the_article_is_answered_by_its_own_sentence(
    article_index: PassageIndex, embedder: SentenceTransformerEmbeddings
) -> None:
    chain = build_chain(article_index, embedder)
    answer = chain.invoke("What does cell therapy refer to?")
    assert answer.outcome is Outcome.ANSWERED
    assert any(citation.quote.startswith(DEFINITION) for citation in answer.citations)
    assert answer.confidence >= load_calibration("footnote").threshold


def test_a_reader_without_a_calibration_is_refused_when_the_chain_is_built(
    article_index: PassageIndex, embedder: SentenceTransformerEmbeddings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    missing = tmp_path / "calibration.json"
    monkeypatch.setattr(choice, "load_calibration", lambda name: load_calibration(name, missing))
    with pytest.raises(ModelError, match="cannot be read: No such file") as caught:
        build_chain(article_index, embedder)
    assert str(missing) in str(caught.value)
    assert "python -m assistant.calibrate" in str(caught.value)
