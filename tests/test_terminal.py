"""An answer on a terminal and in a pipe, to the character."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scripted import found

from assistant import Answer, Citation, Outcome, Statement
from assistant.answer import Unsupported
from assistant.history import NOT_FOUND
from assistant.terminal import render
from corpus import Document, make_document

BEES = make_document("bees.txt", "A hive has one queen. Workers build the comb.")


def cite(number: int, quote: str, document: Document = BEES, heading: str = "Insects › Bees") -> Citation:
    start = document.text.index(quote)
    return Citation(number, document, start, start + len(quote), quote, heading)


def answer_of(*statements: Statement, **changes: object) -> Answer:
    answer = Answer("Who?", "Who?", Outcome.ANSWERED, statements, (), 0.9, "extractive")
    return replace(answer, **changes)  # type: ignore[arg-type]


def said(number: int, quote: str, document: Document = BEES, heading: str = "Insects › Bees") -> Statement:
    return Statement(" ".join(quote.split()), (cite(number, quote, document, heading),))


QUEEN, COMB = said(1, "A hive has one queen."), said(2, "Workers build the comb.")


def test_an_answer_in_a_pipe_is_plain_text_with_numbered_footnotes() -> None:
    assert render(answer_of(QUEEN, COMB), colour=False, width=80) == (
        "A hive has one queen. [1]\n"
        "Workers build the comb. [2]\n"
        "\n"
        "[1] bees.txt, Insects › Bees, characters 0-21\n"
        "    “A hive has one queen.”\n"
        "[2] bees.txt, Insects › Bees, characters 22-45\n"
        "    “Workers build the comb.”\n"
    )
    assert "\x1b" not in render(answer_of(QUEEN, COMB), colour=False, width=80)


def test_an_answer_on_a_terminal_has_coloured_marks_and_dim_quotes() -> None:
    assert render(answer_of(QUEEN), colour=True, width=80) == (
        "A hive has one queen. \x1b[36m[1]\x1b[0m\n"
        "\n"
        "\x1b[36m[1]\x1b[0m bees.txt, Insects › Bees, characters 0-21\n"
        "\x1b[2m    “A hive has one queen.”\x1b[0m\n"
    )


def test_colour_changes_nothing_but_the_colour() -> None:
    answer = answer_of(QUEEN, COMB, searched_for="Which? Who?")
    coloured = render(answer, colour=True, width=30)
    for code in ("\x1b[36m", "\x1b[1m", "\x1b[2m", "\x1b[0m"):
        coloured = coloured.replace(code, "")
    assert coloured == render(answer, colour=False, width=30)


def test_a_number_in_brackets_that_the_document_writes_is_not_coloured_as_a_mark() -> None:
    paper = make_document("paper.txt", "Bees dance [1].")
    shown = render(answer_of(said(1, paper.text, paper)), colour=True, width=80)
    assert shown.startswith("Bees dance [1]. \x1b[36m[1]\x1b[0m\n")
    assert shown.count("\x1b[36m") == 2


def test_a_footnote_names_the_page_where_the_document_has_pages() -> None:
    paged = replace(BEES, name="bees.pdf", pages=((0, 22), (22, 45)))
    shown = render(answer_of(said(1, "Workers build the comb.", paged, "")), colour=False, width=80)
    assert "[1] bees.pdf, page 2, characters 22-45\n" in shown
    with_heading = render(answer_of(said(1, "Workers build the comb.", paged)), colour=False, width=80)
    assert "[1] bees.pdf, page 2, Insects › Bees, characters 22-45\n" in with_heading


def test_a_footnote_without_heading_or_page_names_the_document_alone() -> None:
    shown = render(answer_of(said(1, "A hive has one queen.", BEES, "")), colour=False, width=80)
    assert shown.splitlines()[2] == "[1] bees.txt, characters 0-21"
    assert "page" not in shown


def test_long_lines_are_wrapped_and_quotes_stay_indented() -> None:
    shown = render(answer_of(QUEEN), colour=False, width=16)
    assert shown.splitlines() == [
        "A hive has one",
        "queen. [1]",
        "",
        "[1] bees.txt, Insects › Bees, characters 0-21",
        "    “A hive has",
        "    one queen.”",
    ]
    assert shown.endswith("\n")


def test_what_was_looked_up_is_shown_where_it_is_not_what_was_asked() -> None:
    follow_up = answer_of(QUEEN, question="And it?", searched_for="What is a hive? And it?")
    assert render(follow_up, colour=False, width=80).startswith("Searching for: What is a hive? And it?\n\nA hive has")
    assert render(follow_up, colour=True, width=80).startswith("\x1b[2mSearching for: What is a hive? And it?\x1b[0m\n\n")
    assert "Searching for" not in render(answer_of(QUEEN), colour=False, width=80)


def test_a_declined_question_shows_the_closest_passages_under_that_name_and_no_footnote() -> None:
    _, first = found("bees.txt", "A hive has one queen.", heading="Insects › Bees")
    _, second = found("ants.txt", "Ants dig.", rank=2)
    declined = answer_of(outcome=Outcome.NOT_FOUND, closest=(first, second))
    assert render(declined, colour=False, width=80) == (
        "The documents do not say.\n"
        "\n"
        "Closest passages:\n"
        "  - bees.txt, Insects › Bees\n"
        "    A hive has one queen.\n"
        "  - ants.txt\n"
        "    Ants dig.\n"
    )
    coloured = render(declined, colour=True, width=80)
    assert coloured.startswith(f"\x1b[1m{NOT_FOUND}\x1b[0m\n")
    assert "[1]" not in coloured


def test_a_declined_question_without_any_passage_says_only_that() -> None:
    declined = answer_of(outcome=Outcome.NOT_FOUND)
    assert render(declined, colour=False, width=80) == f"{NOT_FOUND}\n"
    assert "Closest" not in render(declined, colour=True, width=80)


def test_a_long_closest_passage_is_cut_at_a_word() -> None:
    _, item = found("bees.txt", "buzz " * 200 + "end.")
    shown = render(answer_of(outcome=Outcome.NOT_FOUND, closest=(item,)), colour=False, width=400)
    excerpt = shown.splitlines()[-1].strip()
    assert excerpt.endswith("buzz …")
    assert 290 <= len(excerpt) <= 300


# What else an answer carries


def test_a_reply_of_footnotes_own_is_neither_an_answer_nor_a_decline() -> None:
    hello = answer_of(outcome=Outcome.NOT_FOUND, reply="Hello.\n\nAsk me what the documents say.")
    assert render(hello, colour=False, width=80) == "Hello.\nAsk me what the documents say.\n"
    assert render(hello, colour=True, width=80) == render(hello, colour=False, width=80)
    assert render(hello, colour=False, width=20).splitlines() == ["Hello.", "Ask me what the", "documents say."]


def test_a_reply_that_tells_to_look_at_the_closest_passages_has_them_below() -> None:
    _, near = found("bees.txt", "A hive has one queen.")
    sorry = answer_of(outcome=Outcome.NOT_FOUND, closest=(near,), reply="I looked for “Who?”.")
    shown = render(sorry, colour=False, width=80).splitlines()
    assert shown[:3] == ["I looked for “Who?”.", "", "Closest passages:"]
    assert shown[-1].strip() == "A hive has one queen."


def test_questions_that_are_offered_are_numbered() -> None:
    options = ("How much is a hive?", "How much is a queen of the best kind?")
    back = answer_of(outcome=Outcome.NOT_FOUND, reply="What do you mean by “it”?", options=options)
    assert render(back, colour=False, width=31) == (
        "What do you mean by “it”?\n  1. How much is a hive?\n  2. How much is a queen of the\n     best kind?\n"
    )
    assert "  \x1b[36m1.\x1b[0m How much is a hive?\n" in render(back, colour=True, width=80)


def test_a_notice_stands_before_whatever_became_of_the_question() -> None:
    fallen = answer_of(QUEEN, notice="The model was asleep.", searched_for="What is a hive?")
    assert render(fallen, colour=False, width=80).startswith(
        "Searching for: What is a hive?\n\nNote: The model was asleep.\n\nA hive has one queen. [1]\n"
    )
    assert "\x1b[2mNote: The model was asleep.\x1b[0m\n" in render(fallen, colour=True, width=80)
    declined = answer_of(outcome=Outcome.NOT_FOUND, notice="The model was asleep.")
    assert render(declined, colour=False, width=80) == f"Note: The model was asleep.\n\n{NOT_FOUND}\n"


def test_what_was_left_out_is_counted_and_shown_only_where_it_is_asked_for() -> None:
    one, two = (
        Unsupported("A hive has two queens.", "“two” is not in its quote."),
        Unsupported("Bees sing.", "It has no quote."),
    )
    answer = answer_of(QUEEN, unsupported=(one, two))
    plain = render(answer_of(QUEEN), colour=False, width=80)
    assert render(answer, colour=False, width=80) == (
        f"{plain}\nLeft out: 2 statements that the source does not support; --unsupported shows\nthem\n"
    )
    assert render(answer, colour=False, width=80, unsupported=True) == (
        f"{plain}\n"
        "Left out: 2 statements that the source does not support:\n"
        "  [unsupported] A hive has two queens.\n"
        "    “two” is not in its quote.\n"
        "  [unsupported] Bees sing.\n"
        "    It has no quote.\n"
    )
    single = render(answer_of(outcome=Outcome.NOT_FOUND, unsupported=(one,)), colour=False, width=100)
    assert single == f"{NOT_FOUND}\n\nLeft out: 1 statement that the source does not support; --unsupported shows it\n"
    assert "\x1b[2m    It has no quote.\x1b[0m\n" in render(answer, colour=True, width=80, unsupported=True)


HOSTILE = {
    "colour": "A \x1b[31mred\x1b[0m bee.",
    "window title": "A \x1b]0;owned\x07red bee.",
    "cursor": "A red\x08\x08\x08 bee.\x1b[2J",
    "one-byte control": "A \x9b31mred bee.",
    "right to left": "A \u202ered\u202c bee.",
    "isolate": "A \u2067red\u2069 bee.",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_document_cannot_steer_the_terminal(text: str) -> None:
    document = make_document("bees.txt", text)
    _, item = found("bees.txt", text, heading=text)
    steering = set("\x1b\x07\x08\x9b\u202e\u202c\u2067\u2069")
    for answer in (
        answer_of(said(1, text, document, heading=text), searched_for=text),
        answer_of(outcome=Outcome.NOT_FOUND, closest=(item,)),
        answer_of(outcome=Outcome.NOT_FOUND, reply=text, options=(text,)),
        answer_of(QUEEN, notice=text),
        answer_of(QUEEN, unsupported=(Unsupported(text, text),)),
    ):
        shown = render(answer, colour=False, width=80, unsupported=True)
        assert "red" in shown and "bee." in shown
        assert not steering & set(shown)
        assert not (steering - {"\x1b"}) & set(render(answer, colour=True, width=80, unsupported=True))


def test_the_name_of_a_document_cannot_steer_the_terminal_either() -> None:
    named = replace(BEES, name="\x1b[2Jbees\u202e.txt")
    shown = render(answer_of(said(1, "A hive has one queen.", named, "")), colour=False, width=80)
    assert shown.splitlines()[2] == "[1] [2Jbees.txt, characters 0-21"
    assert "\x1b" not in shown


def test_line_ends_of_windows_and_tabs_in_a_quote_become_spaces() -> None:
    document = make_document("bees.txt", "A hive\r\n\thas one queen.")
    shown = render(answer_of(said(1, document.text, document, "")), colour=False, width=80)
    assert shown.splitlines()[-1] == "    “A hive has one queen.”"
    assert "\r" not in shown and "\t" not in shown


def test_the_stretch_that_answers_is_bold_wherever_the_line_breaks() -> None:
    sure = replace(QUEEN, emphasis=(11, 20))
    shown = render(answer_of(sure), colour=True, width=80)
    assert shown.startswith("A hive has \x1b[1mone queen\x1b[0m. \x1b[36m[1]\x1b[0m\n")
    assert render(answer_of(sure), colour=True, width=15).startswith("A hive has \x1b[1mone\nqueen\x1b[0m. ")
    assert render(answer_of(sure), colour=False, width=80) == render(answer_of(QUEEN), colour=False, width=80)
    odd = make_document("odd.txt", "It \x1bhas one \x07queen.")
    statement = Statement(odd.text, (cite(1, odd.text, odd),), (12, 18))
    assert render(answer_of(statement), colour=True, width=80).startswith("It has one \x1b[1mqueen\x1b[0m. ")
