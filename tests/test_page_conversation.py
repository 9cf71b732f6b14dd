"""The conversation as HTML: answers, declines, replies, failures, and what else an answer carries."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from played import Reading, answered, cite, declined, replied

import app
from assistant import Citation, Statement, Turn
from assistant.answer import Unsupported
from corpus import Document, load_document, make_document
from page.answer import Progress, render_answer
from page.blocks import writers
from page.conversation import Exchange, history, render_conversation


@pytest.fixture(scope="module")
def article() -> Document:
    return load_document(app.SHIPPED / "immunotherapy.txt")


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
    assert Reading(other, within="searched").text == "Searching for: What is cell therapy? Edit"
    (form,) = Reading(other).all("edited")
    (field,) = [attrs for tag, attrs in Reading(other).elements if tag == "input" and attrs["type"] == "text"]
    assert "hidden" in form and form["data-question"] == "What is it?" and field["value"] == "What is cell therapy?"


def test_what_a_person_put_otherwise_is_shown_as_theirs_and_even_before_there_is_an_answer(article: Document) -> None:
    asked = Exchange("What is it?", waiting="Looking it up …", searched_for="What is it?")
    waiting = Reading(render_conversation([asked]))
    over = replace(asked, waiting="", answer=answered(cite(article, "immunity therapy")))
    assert Reading(render_conversation([asked]), within="searched").text == "Searching for: What is it? as you put it"
    assert not waiting.all("edit") and waiting.all("busy")
    assert Reading(render_conversation([over]), within="searched").text == "Searching for: What is it? as you put it Edit"
    assert not Reading(render_conversation([over])).all("busy")


# What else an answer carries


def test_a_reply_of_footnotes_own_is_no_answer_no_decline_and_no_failure(article: Document) -> None:
    reply = replied(article, "Hello.\n\nAsk me what the document says.")
    html = render_conversation([Exchange("Hello", reply)])
    reading = Reading(html)
    assert reading.all("own") and Reading(html, within="reply").text.endswith("Hello.Ask me what the document says.")
    for kind in ("statement", "marker", "footnotes", "declined", "closest", "failure", "meta", "confidence", "option"):
        assert not reading.all(kind), kind
    assert "does not say" not in html and "confidence" not in html


def test_a_reply_that_tells_to_look_at_the_closest_passages_has_them_below(article: Document) -> None:
    near = declined(article).closest
    reply = replace(replied(article, "I looked for “What is it?”."), closest=near)
    reading = Reading(render_conversation([Exchange("no", reply)]))
    assert len(reading.all("closest")) == len(near) == 2
    assert "Closest passages" in reading.text and "does not say" not in reading.text


def test_the_questions_that_are_offered_are_buttons_once_they_can_be_asked(article: Document) -> None:
    reply = replied(article, "Which?", "How much is cell therapy?", "How much are the vaccines?")
    reading = Reading(render_conversation([Exchange("How much is it?", reply)]))
    growing = Reading(render_conversation([Exchange("How much is it?", reply, waiting="Looking it up …")]))
    assert [option["data-question"] for option in reading.all("option")] == [*reply.options]
    assert {tag for tag, attrs in reading.elements if attrs.get("class") == "option"} == {"button"}
    assert not reading.all("closest")  # the options name what was nearest
    assert growing.all("reply") and not growing.all("option")


def test_a_notice_is_on_whatever_became_of_the_question(article: Document) -> None:
    ends = (answered(cite(article, "immunity therapy")), declined(article), replied(article, "Hello."))
    for answer in (replace(end, notice="The model was asleep.") for end in ends):
        html = render_answer(answer, 1, Progress.WHOLE)
        assert Reading(html, within="notice").text == "The model was asleep."
        assert not Reading(render_answer(replace(answer, notice=""), 1, Progress.WHOLE)).all("notice")


@pytest.mark.parametrize(("number", "said"), [(1, "1 statement that"), (2, "2 statements that")])
def test_what_was_left_out_is_folded_and_says_why(article: Document, number: int, said: str) -> None:
    left = tuple(Unsupported(f"Claim {one}.", f"Reason {one}.") for one in range(number))
    for answer in (answered(cite(article, "immunity therapy")), declined(article)):
        reading = Reading(html := render_answer(replace(answer, unsupported=left), 1, Progress.WHOLE))
        (fold,) = reading.all("unsupported")
        assert "open" not in fold and f"Left out: {said} the source does not support" in reading.text
        assert html.count("Unsupported</span>") == number == len(reading.all("claim")) == len(reading.all("reason"))
        assert not any(kind in html[html.index("<details") :] for kind in ("marker", 'class="statement'))


def test_what_was_stopped_keeps_what_was_said_and_declines_nothing(article: Document) -> None:
    some = Exchange("What?", answered(cite(article, "immunity therapy")), stopped=True)
    none = Exchange("What?", declined(article), stopped=True)
    kept, nothing = Reading(render_conversation([some])), Reading(render_conversation([none]))
    assert kept.all("statement") and kept.all("footnotes") and not kept.all("meta")
    assert "You stopped this answer: what had been found until then stands above." in kept.text
    assert nothing.text.startswith("What?You stopped this answer.Ask again") and not nothing.all("declined")


def test_who_wrote_an_answer_is_said_where_it_is_not_the_document(article: Document) -> None:
    answer = answered(cite(article, "immunity therapy"))
    assert "Written by" not in render_answer(answer, 1, Progress.WHOLE)
    assert "Written by" not in render_answer(replace(answer, engine="talk"), 1, Progress.WHOLE)
    named = replace(answer, engine="generative", model="ollama:qwen3")
    assert "Written by ollama:qwen3<" in render_answer(named, 1, Progress.WHOLE)
    assert writers(["generative", "extractive", "other"]) == [
        ("A chat model", "generative"),
        ("The document's own words", "extractive"),
        ("Other", "other"),
    ]


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
    assert [turn.content for turn in turns] == ["What is it?", "immunity therapy", "Why?", "The documents do not say."]
    assert [turn.role for turn in turns] == ["user", "assistant"] * 2


def test_history_carries_what_was_looked_up_and_cited_and_what_footnote_said_itself(article: Document) -> None:
    found = answered(cite(article, "immunity therapy"), searched_for="What is immunotherapy?")
    stopped = Exchange("Slow?", replace(found, question="Slow?"), stopped=True)
    talk = [Exchange("What?", found), Exchange("Hi", replied(article, "Hello.")), stopped]
    turns = history([*talk, Exchange("Slow?", declined(article), stopped=True)])
    start = article.text.index("immunity therapy")
    place = ("immunotherapy.txt", start, start + len("immunity therapy"))
    assert turns[:2] == [
        Turn("user", "What is it?"),
        Turn("assistant", "immunity therapy", "What is immunotherapy?", (place,)),
    ]
    assert [(turn.content, turn.citations) for turn in turns[2:4]] == [("Hello", ()), ("Hello.", ())]
    assert [turn.content for turn in turns[4:]] == ["Slow?", "immunity therapy"], "nothing of what was stopped before it began"
