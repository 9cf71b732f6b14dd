"""A chat model's statements, held to the passages that they quote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import ScriptedReader, found

from assistant.verification import Claim, Quote, Verifier
from assistant.verification.locate import locate, normalised
from index import Retrieved

STATEMENTS = Path(__file__).parent / "data" / "statements.jsonl"
DOSE = "Cloxan is given in doses of 20 mg, twice daily."
HARM = "It is not recommended for children under 12 years of age."
STORE = "Keep it “cool” – below 25 °C – and dry."


@pytest.fixture(scope="module")
def passages() -> Mapping[str, Retrieved]:
    _, first = found("cloxan.txt", DOSE, HARM, heading="Cloxan")
    _, second = found("store.txt", STORE, rank=2)
    return {"a1": first, "b2": second}


def verdict(
    passages: Mapping[str, Retrieved], text: str, *quotes: tuple[str, str], score: float = 3.0
) -> tuple[str, list[str]]:
    """Return why a claim does not stand, and the characters that its quotes were found to be."""
    reader = ScriptedReader(dict.fromkeys((DOSE[:10], HARM[:10], STORE[:10]), 3.0))
    found = Verifier(reader).verify(Claim(text, tuple(Quote(*quote) for quote in quotes)), passages)
    texts = [
        place.item.passage.text[place.span[0] - place.item.passage.start : place.span[1] - place.item.passage.start]
        for place in found.places
    ]
    return found.reason, texts


def test_a_statement_stands_on_a_verbatim_quote_and_its_characters_are_found(passages: Mapping[str, Retrieved]) -> None:
    assert verdict(passages, "Cloxan is taken in doses of 20 mg.", ("a1", DOSE[:-13])) == ("", [DOSE[:-13]])
    assert verdict(passages, "Below 25 °C it stays cool.", ("b2", 'Keep it "cool" - below 25 °C'))[1] == [
        "Keep it “cool” – below 25 °C"
    ]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("Cloxan is given in doses of 20 mg.", ()),
        ("Cloxan is given in doses of 20 mg.", (("z9", DOSE),)),
        ("Cloxan is given in doses of 20 mg.", (("a1", "Cloxan is given in doses of 30 mg"),)),
        ("Cloxan is given in doses of 20 mg.", (("a1", f"{DOSE} {STORE}"),)),
        ("Cloxan is given in doses of 20 mg.", (("a1", DOSE), ("a1", "and never to anyone"))),
        ("Cloxan is given in doses of 30 mg.", (("a1", DOSE),)),
        ("Cloxan is given in doses of 20 g.", (("a1", DOSE),)),
        ("Cloxan is recommended for children under 12 years of age.", (("a1", HARM),)),
        ("Cloxan is recommended for children.", (("a1", "recommended for children under 12 years of age"),)),
        ("Zantor is given in doses of 20 mg.", (("a1", DOSE),)),
        ("Keep it below 25 °C.", (("b2", "it"),)),
    ],
)
def test_what_its_quotes_do_not_say_does_not_stand_and_says_why(
    passages: Mapping[str, Retrieved], text: str, quotes: tuple[tuple[str, str], ...]
) -> None:
    reason, _ = verdict(passages, text, *quotes)
    assert reason.endswith((".", ")."))
    assert len(reason) > 10


def test_a_quote_under_the_wrong_id_is_found_where_it_stands(passages: Mapping[str, Retrieved]) -> None:
    reason, texts = verdict(passages, "Cloxan is given in doses of 20 mg.", ("b2", DOSE))
    assert (reason, texts) == ("", [DOSE])


@given(st.text(alphabet="ab ﬁ“”\"'’–-\u00ad\n\té.²3", min_size=1, max_size=60), st.data())
@settings(deadline=None)
def test_what_is_located_has_the_normal_form_of_the_quote(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    for first, last in locate(quote, text):
        assert 0 <= first < last <= len(text)
        squeezed = normalised(text[first:last]).text.strip(" \"'.")
        assert squeezed in normalised(quote).text or squeezed.replace("-", "") in normalised(quote).text.replace("-", "")


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("102 grams", "10² grams"),
        ("grams of 3", "grams of 37"),
        ("GRAMS of salt", "grams of salt"),
        ("resume now", "résumé now"),
    ],
)
def test_what_says_something_else_is_not_located(quote: str, text: str) -> None:
    assert locate(quote, text) == []
    assert locate(text, text) == [(0, len(text))]


def test_of_the_statements_written_by_hand_hardly_a_false_one_stands_and_few_true_ones_fall() -> None:
    rows = [json.loads(line) for line in STATEMENTS.read_text(encoding="utf-8").splitlines()]
    stands = []
    for row in rows:
        _, item = found("a.txt", row["quote"])
        reader = ScriptedReader({row["quote"][:8]: 3.0})
        claim = Claim(row["statement"], (Quote("p", row["quote"]),))
        stands.append(Verifier(reader).verify(claim, {"p": item}).stands)
    false = [stood for stood, row in zip(stands, rows, strict=True) if not row["supported"]]
    true = [stood for stood, row in zip(stands, rows, strict=True) if row["supported"]]
    assert min(len(false), len(true)) > 40
    assert sum(false) <= 0.12 * len(false), f"{sum(false)} of {len(false)} false ones stand"
    assert sum(true) >= 0.88 * len(true), f"{len(true) - sum(true)} of {len(true)} true ones fall"
