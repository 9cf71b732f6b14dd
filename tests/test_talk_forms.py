"""The language in which forms of talk are written."""

from __future__ import annotations

import re

import pytest

from assistant.talk.forms import expression, expressions, read_slots, words_of

SLOTS = read_slots("""
THING = (this|the) (texts?|file)
UNUSED = nothing
""")


def test_a_form_has_choices_options_repetitions_and_slots() -> None:
    form = re.compile(expression("what (is|are) THING [all|mainly] [really]* about", SLOTS))
    for said in (" what is the text about", " what are this texts mainly about", " what is the file all really really about"):
        assert form.fullmatch(said), said
    for said in (
        " what is text about",
        " what is the text about it",
        " what the file about",
        " what is the text all mainly about",
    ):
        assert not form.fullmatch(said), said


def test_a_long_form_goes_on_in_the_next_line_and_a_text_may_define_its_own_slots() -> None:
    first, second = expressions(
        r"""
        POLITE = please|kindly
        tell me \
            POLITE
        THING POLITE
        """,
        SLOTS,
    )
    assert re.fullmatch(first, " tell me kindly") and not re.fullmatch(first, " tell me")
    assert re.fullmatch(second, " the file please")


def test_the_words_of_forms_are_known_with_both_numbers() -> None:
    known = words_of([expression("[show] THING", SLOTS)])
    assert known == {"show", "this", "the", "text", "texts", "file"}
    assert "nothing" not in known


def test_a_slot_that_is_not_defined_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="NOWHERE"):
        expression("in NOWHERE", SLOTS)
    assert set(SLOTS) == {"THING", "UNUSED"}
