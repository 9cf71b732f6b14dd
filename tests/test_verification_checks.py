"""What a statement's words must have in common with its quotes, one check at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import ScriptedReader, found

from assistant.verification import Claim, Quote, Verifier
from assistant.verification.comparison import Comparison
from assistant.verification.directions import check_directions
from assistant.verification.names import check_names
from assistant.verification.negation import check_negation
from assistant.verification.opposites import are_alike, are_converse, are_opposite, negates
from assistant.verification.quantifiers import check_quantifiers
from assistant.verification.quantities import check_dates, check_numbers, check_units
from assistant.verification.support import check_replaced, check_share, check_terms
from assistant.verification.verifier import CHECKS, LONGEST, objection

CUP = "Ajax beat Porto in 1987, and Porto beat Bayern in 1988."
TRIAL = "Of the 58 patients, 19 relapsed within 12 months, compared with 31 in the other group."
SHOP = "The shop sells bread but no cake, and it is not open on Sundays."
RULE = "Most members may vote at least twice; only guests never vote."
HEAT = "Copper conducts heat better than iron, and the price rose after the strike."
RHINE = "The Rhine rises in Switzerland and ends in the Netherlands."


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        (CUP, "Porto beat Ajax in 1987."),
        (CUP, "Ajax beat Benfica in 1987."),
        (CUP, "Celtic beat Porto in 1987."),
        ("IL-6 was measured.", "IL-8 was measured."),
        ("Clara Weiss and Jan Novak met.", "Clara Novak met Jan Weiss."),
        ("The opera was composed by Clara Weiss to a text by Jan Novak.", "The opera was composed by Jan Novak."),
        (RHINE, "The Rhine rises in the Netherlands and ends in Switzerland."),
    ],
)
def test_names_are_those_of_the_quotes_and_in_their_places(quote: str, statement: str) -> None:
    assert check_names(Comparison(statement, (quote,))).startswith(("“", "The quotes do not have"))
    assert check_names(Comparison(quote, (quote,))) == ""


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        (CUP, "Porto were beaten by Ajax in 1987."),
        ("The World Health Organization met.", "The WHO met."),
        ("The WHO met.", "The World Health Organization met."),
        ("She lives in Canada.", "She lives in a Canadian town."),
        ("The IL-6 level rose.", "IL6 rose."),
        ("World War II ended.", "World War 2 ended."),
        ("Titan is the largest moon of Saturn.", "Saturn's largest moon is Titan."),
    ],
)
def test_a_name_may_be_written_and_placed_otherwise(quote: str, statement: str) -> None:
    comparison = Comparison(statement, (quote,))
    assert (check_names(comparison), check_numbers(comparison)) == ("", "")


def test_a_pronoun_of_the_quote_may_be_named_by_what_stands_before_it() -> None:
    quote, statement = "It was founded in 1990.", "Acme was founded in 1990."
    assert check_names(Comparison(statement, (quote,), "Acme makes pumps.")) == ""
    assert check_names(Comparison("The firm Acme was founded in 1990.", ("The firm was founded in 1990.",), "Acme.")) != ""
    assert check_names(Comparison("It was founded by Globex in 1990.", (quote,), "Globex.")) != ""


@pytest.mark.parametrize(
    ("quote", "statement", "reason"),
    [
        (TRIAL, "The study had 85 patients.", "The number 85 is not in the quotes."),
        (TRIAL, "58 patients relapsed.", "The quotes say it of a part of 58."),
        ("It weighs 5 kg.", "It weighs 5 pounds.", "The number 5 pounds is not in the quotes."),
        ("Over 300 came.", "Under 300 came.", "The quotes do not say “Under 300”: what they say of 300 is bounded otherwise."),
        ("Nine percent failed.", "Nine failed.", "The number Nine is not in the quotes."),
        (
            "Prices rose from 14 to 18 euros.",
            "Prices rose from 18 to 14 euros.",
            "The number 18 stands elsewhere in the quotes.",
        ),
        ("She was born in 1931 and died in 2001.", "She was born in 2001.", "The number 2001 stands elsewhere in the quotes."),
    ],
)
def test_numbers_are_those_of_the_quotes_with_unit_bound_and_place(quote: str, statement: str, reason: str) -> None:
    assert check_numbers(Comparison(statement, (quote,))) == reason
    assert check_numbers(Comparison(quote, (quote,))) == ""


@pytest.mark.parametrize(
    ("quote", "statement", "check"),
    [
        ("It is closed on Sunday.", "It is closed on Monday.", check_dates),
        ("It ended on 3 May 1968.", "It ended on 3 June 1968.", check_dates),
        ("It flows north.", "It flows south.", check_dates),
        ("It began around 400 BC.", "It began around 400 AD.", check_dates),
        ("Interest is paid monthly.", "Interest is paid weekly.", check_units),
        ("It takes a few days.", "It takes a few weeks.", check_units),
    ],
)
def test_dates_directions_and_bare_units_are_those_of_the_quotes(
    quote: str, statement: str, check: Callable[[Comparison], str]
) -> None:
    assert check(Comparison(statement, (quote,)))
    assert not check(Comparison(quote, (quote,)))


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        (SHOP, "The shop sells cake."),
        (SHOP, "The shop does not sell bread."),
        (SHOP, "It is open on Sundays."),
        ("Two engines failed to start.", "Two engines started."),
        ("It works without light.", "It works with light."),
        ("The enzyme is inactive.", "The enzyme is active."),
        ("Some trials found it, and others did not.", "Some trials found it, and others did."),
        ("The bees sting.", "It is not true that the bees sting."),
    ],
)
def test_what_is_denied_and_what_is_affirmed_agree(quote: str, statement: str) -> None:
    assert check_negation(Comparison(statement, (quote,)))
    assert check_negation(Comparison(quote, (quote,))) == ""


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        (SHOP, "The shop sells bread."),
        (SHOP, "On Sundays it isn't open."),
        ("It is not a virus but a bacterium.", "It is a bacterium."),
        ("The village has neither a school nor a shop.", "There is no school and no shop in the village."),
        ("The drug not only lowers pressure but also protects.", "The drug lowers pressure and protects."),
        ("It is not suitable for children.", "It is unsuitable for children."),
        ("It is not uncommon here.", "It is common here."),
        ("It does not permit smoking.", "It prohibits smoking."),
        ("Nobody was injured.", "There were no injuries."),
    ],
)
def test_a_negation_may_be_put_otherwise_or_be_that_of_another_clause(quote: str, statement: str) -> None:
    comparison = Comparison(statement, (quote,))
    assert (check_negation(comparison), check_directions(comparison)) == ("", "")


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        (RULE, "All members may vote at least twice."),
        (RULE, "Members may vote at least twice."),
        (RULE, "Most members must vote at least twice."),
        (RULE, "Most members may vote at most twice."),
        ("Bees sting.", "All bees sting."),
        ("The seminar is often full.", "The seminar is rarely full."),
        ("It works only in adults.", "It works in adults."),
    ],
)
def test_quantifiers_are_those_of_the_quotes(quote: str, statement: str) -> None:
    comparison = Comparison(statement, (quote,))
    assert check_quantifiers(comparison) or check_numbers(comparison)
    assert check_quantifiers(Comparison(quote, (quote,))) == ""


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        ("Each applicant must pay.", "Every applicant has to pay."),
        ("It may cause pain.", "It can cause pain."),
        ("Wash it before use.", "It should be washed before use."),
        ("Bees sting.", "Some bees sting."),
        ("The majority of them voted.", "Most of them voted."),
    ],
)
def test_a_quantifier_may_be_put_otherwise_and_a_weaker_one_added(quote: str, statement: str) -> None:
    assert check_quantifiers(Comparison(statement, (quote,))) == ""
    assert objection(Comparison(statement, (quote,))) == ""


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        (HEAT, "Iron conducts heat better than copper."),
        (HEAT, "Copper conducts heat worse than iron."),
        (HEAT, "The price fell after the strike."),
        (HEAT, "The price rose before the strike."),
        ("Norway lent money to Iceland.", "Norway borrowed money from Iceland."),
        ("He is the youngest brother.", "He is the oldest brother."),
    ],
)
def test_comparisons_and_directions_are_not_turned_round(quote: str, statement: str) -> None:
    assert check_directions(Comparison(statement, (quote,)))
    assert check_directions(Comparison(quote, (quote,))) == ""


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        (HEAT, "Iron conducts heat less well than copper."),
        (HEAT, "After the strike the price increased."),
        ("The new pump is heavier than the old one.", "The old pump is lighter than the new one."),
        ("Norway lent money to Iceland.", "Iceland borrowed money from Norway."),
        ("Wash it before drying it.", "Dry it after washing it."),
    ],
)
def test_what_is_turned_round_twice_is_the_same(quote: str, statement: str) -> None:
    assert check_directions(Comparison(statement, (quote,))) == ""
    assert check_directions(Comparison(quote, (quote,))) == ""


def test_a_term_of_its_own_and_a_word_from_elsewhere_are_seen() -> None:
    assert (
        check_terms(Comparison("Patients got rituximab.", ("Patients got tocilizumab.",)))
        == "“rituximab” is not in the quotes."
    )
    swapped = Comparison("The drug harms the liver cells.", ("The drug harms the kidney cells.",), "", "The liver is spared.")
    assert check_replaced(swapped) == "The quotes say “kidney”, the statement “liver”."
    assert check_replaced(Comparison(swapped.statement, swapped.quotes, "", "Nothing of it.")) == ""  # may be a synonym
    assert check_share(Comparison("Ships cross the ocean in a week.", ("Bees sting people in the garden.",)))
    assert check_share(Comparison("People are stung by bees.", ("Bees sting people in the garden.",))) == ""


def test_words_know_their_contraries() -> None:
    assert are_opposite("rose", "fell") and are_opposite("overweight", "underweight") and are_opposite("before", "after")
    assert not are_opposite("rose", "grew") and are_alike("rose", "grew")
    assert negates("unsuitable", "suitable") and negates("painless", "painful") and not negates("under", "der")
    assert are_converse("lend", "borrowed") and not are_converse("lend", "lent")


@pytest.mark.parametrize("quote", [CUP, TRIAL, SHOP, RULE, HEAT, RHINE])
def test_nothing_speaks_against_the_quote_itself(quote: str) -> None:
    assert [check(Comparison(quote, (quote,))) for check in CHECKS] == [""] * len(CHECKS)
    assert objection(Comparison(f"According to the text, {quote}", (quote,))) == ""


FRAGMENTS = (
    "0 00 3 5 -5 1,204,500 2½ ½ 10² 1/3 1/0 14/03/2020 99/99/9999 2020-00-00 19th 1990s 999999999999999999999999 ٣ $ € % °C mg "
    "km² m and or to - – , . ; : ( ) ' \" “ … n't not no never nor only than more less before after by of the a in is was he "
    "Rome Roman II IL-6 WHO U.S. twenty hundred million half third dozen at least most all some may must rose fell bees sting"
).split()


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=16), st.lists(st.sampled_from(FRAGMENTS), max_size=16), st.booleans())
def test_whatever_is_said_is_judged(said: list[str], quoted: list[str], spaced: bool) -> None:
    space = " " if spaced else ""
    comparison = Comparison(space.join(said), (space.join(quoted), "Bees sting."), "Rome.", "It rose.")
    assert all(isinstance(check(comparison), str) for check in CHECKS)
    assert objection(Comparison("Bees sting.", ("Bees sting.",))) == ""


def test_a_whole_text_is_no_statement_and_a_reader_has_the_last_word() -> None:
    _, item = found("cup.txt", CUP)
    verifier = Verifier(ScriptedReader({CUP[:9]: -9.0}))
    long = verifier.verify(Claim(CUP * (LONGEST // len(CUP) + 1), (Quote("1", CUP),)), {"1": item})
    assert (long.stands, long.support) == (False, None) and "only a statement of up to 1,500" in long.reason
    unsure = verifier.verify(Claim("Ajax beat Porto in 1987.", (Quote("1", CUP),)), {"1": item})
    assert (unsure.stands, unsure.support) == (True, -9.0)  # of this reader's scale nothing is known
    verifier._reader.name = "footnote"
    judged = Verifier(verifier._reader).verify(Claim("Ajax beat Porto in 1987.", (Quote("1", CUP),)), {"1": item})
    assert (judged.stands, judged.reason) == (False, "The reader does not find that its quotes support it.")
