"""Quotes are located exactly, or not at all."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.verification import locate as module
from assistant.verification.locate import LINE_ENDS, locate, normalised, proves_something

TEXT = "He said “It is  10² cm—not\n3.5 ﬁelds”. Don’t use immuno-\ntherapy on 37% of T-\ncell re\u00adcipients… end."
LETTERS = "abé ﬁ“”\"'’–—-\u00ad\u200b\n\t.,²½37%\u0301Å…"


def found(quote: str, text: str = TEXT) -> list[str]:
    return [text[start:end] for start, end in locate(quote, text)]


@pytest.mark.parametrize(
    ("quote", "there"),
    [
        ("It is 10² cm", "It is  10² cm"),
        ('"It is 10² cm-not 3.5 fields"', "“It is  10² cm—not\n3.5 ﬁelds”"),
        ("Don't use", "Don’t use"),
        ("use immunotherapy on 37%", "use immuno-\ntherapy on 37%"),
        ("use immuno-therapy on 37%", "use immuno-\ntherapy on 37%"),
        ("T-cell recipients", "T-\ncell re\u00adcipients"),
        ("recipients... end.", "re\u00adcipients… end."),
        ("…T-cell recipients…", "T-\ncell re\u00adcipients"),
        ("T-cell recipients.", "T-\ncell re\u00adcipients"),
    ],
)
def test_ways_of_writing_do_not_matter(quote: str, there: str) -> None:
    assert found(quote) == [there]
    assert found(there) == [there]


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("It is 102 cm", TEXT),
        ("it is 10² cm", TEXT),
        ("It is … 3.5 fields", TEXT),
        ("ecipients", TEXT),
        ("therapy on 37", TEXT),
        ("It took 21⁄2 hours", "It took 2½ hours"),
        ("CO2 rises", "CO₂ rises"),
        ("resume of it", "résumé of it"),
        ("smokers were asked", "non-smokers were asked"),
        ("5 degrees outside", "-5 degrees outside"),
        ("5 million a year", "$5 million a year"),
        ("values up to 3", "values up to 3.7"),
        ("values up to 3", "values up to 3,700"),
        ("ten of five", "often of five"),
    ],
)
def test_what_says_something_else_or_cuts_a_word_or_number_is_not_located(quote: str, text: str) -> None:
    assert locate(quote, text) == []
    assert locate(text, text) == [(0, len(text))]


def test_every_place_is_found_and_none_is_made_of_two() -> None:
    assert locate("the cat", "the cat and the cat, not the catalogue") == [(0, 7), (12, 19)]
    assert locate("The cat sat. The dog ran.", "The cat sat. A bird sang. The dog ran.") == []


@pytest.mark.parametrize("quote", ["", "  ", "the", "of the", "it is", "37", "a b", '"…"'])
def test_too_little_proves_nothing(quote: str) -> None:
    assert not proves_something(quote)
    assert locate(quote, f"x {quote} y") == []


def test_two_signs_of_a_script_without_spaces_are_enough() -> None:
    assert found("免疫", "免疫治疗是一种方法") == ["免疫"]
    assert found("治疗是", "免疫治疗是一种方法") == ["治疗是"]


def test_composed_and_decomposed_letters_are_the_same_and_never_cut() -> None:
    composed, decomposed = "Café Zürich", unicodedata.normalize("NFD", "Café Zürich")
    assert found(composed, decomposed) == [decomposed]
    assert found(decomposed, composed) == [composed]
    assert found("Cafe", decomposed) == []


@given(st.text(LETTERS, max_size=60))
def test_every_character_of_the_normal_form_knows_where_it_comes_from(text: str) -> None:
    normal = normalised(text)
    assert len(normal.text) == len(normal.units)
    assert all(0 <= start < end <= len(text) for start, end in normal.units)
    assert list(normal.units) == sorted(normal.units)


@settings(deadline=None)
@given(st.text(LETTERS, min_size=1, max_size=60), st.data())
def test_what_is_located_has_the_normal_form_of_the_quote(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    quote = data.draw(st.sampled_from([quote, f"“{quote}”", f"{quote}…", quote.replace("\n", " "), quote.replace("’", "'")]))
    wordings = list(module._wordings(quote))
    for first, last in locate(quote, text):
        forms = {normalised(text[first:last], line_end).text for line_end in LINE_ENDS}
        assert forms & set(wordings)
        assert text[first:last].strip() == text[first:last]
