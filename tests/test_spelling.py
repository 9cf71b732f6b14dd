"""Typing errors, corrected by the words that the documents use."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import build_chain
from assistant.spelling import corrected
from corpus import make_document
from corpus.tokens import is_common_word
from index import PassageIndex, SentenceTransformerEmbeddings
from index.vocabulary import correct, count_words

WORDS = Counter(immunotherapy=9, lymphocytes=4, lymphocyte=2, antibodies=5, cytokine=1, cytokines=6, erythema=1, ova=3)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("imunotherapy", "immunotherapy"),
        ("immunotehrapy", "immunotherapy"),
        ("immunoterapie", None),  # three errors
        ("lymphocites", "lymphocytes"),
        ("CYTOKINSE", "cytokines"),
        ("cytokin", "cytokine"),
        ("immunotherapy", None),
        ("jmmunotherapy", None),
        ("ovb", None),
        ("", None),
    ],
)
def test_a_word_is_replaced_by_the_nearest_that_begins_alike(typed: str, meant: str | None) -> None:
    assert correct(typed, WORDS) == meant


def test_of_two_words_as_near_the_more_frequent_is_meant() -> None:
    assert correct("lymphocyts", WORDS) == "lymphocytes"
    assert correct("cytokino", Counter(cytokina=1, cytokine=3)) == "cytokine"


def test_of_two_words_as_near_the_one_with_the_same_letters_is_meant_then_a_stop_word() -> None:
    assert correct("waht", Counter(wait=9, what=1)) == "what"
    assert correct("casual", Counter(casuals=9, causal=1)) == "causal"
    assert correct("whot", Counter(whoa=9, what=1)) == "what"


def test_only_what_is_no_word_is_corrected_and_the_rest_stays_to_the_character() -> None:
    asked: list[int] = []

    def vocabulary() -> Counter[str]:
        asked.append(1)
        return WORDS

    assert corrected("  What's  Imunotherapy, and WHAT are LYMPHOCITES?", vocabulary) == (
        "  What's  Immunotherapy, and WHAT are LYMPHOCYTES?"
    )
    assert corrected("What is the price of bread?", vocabulary) == "What is the price of bread?"
    assert len(asked) == 2  # ordinary words need no vocabulary


def test_an_ordinary_word_that_the_documents_do_not_have_is_left_alone() -> None:
    assert is_common_word("over") and is_common_word("cost")
    assert corrected("Is the ova over?", lambda: WORDS) == "Is the ova over?"


def test_another_form_of_a_word_of_the_documents_may_be_meant() -> None:
    forms = Counter(suppressing=2, chemically=1, renewed=3)
    assert corrected("Can I renwe a chemcial to surpress it?", lambda: forms) == "Can I renew a chemical to suppress it?"
    assert corrected("Can I renwe a chemcial?", lambda: WORDS) == "Can I renwe a chemcial?"


def test_a_form_of_an_ordinary_word_is_no_error_for_another() -> None:
    assert not is_common_word("pacts") and is_common_word("pact") and is_common_word("parts")
    assert corrected("Which pacts were signed?", lambda: Counter(parted=4)) == "Which pacts were signed?"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How do I anneal glass?", Counter(annealing=4, annual=7)),
        ("Who supervises the apprentices?", Counter(supervisor=3, supervision=1, apprenticeship=2)),
        ("Is data redacted?", Counter(redact=1, reached=5)),
        ("Is data redacted?", Counter(reached=5)),  # which is further than "reacted", which was not meant either
        ("Who hires trainees?", Counter(hired=1, trained=6)),
        ("Is there a profiler?", Counter(provider=8)),
        ("Who wipes it?", Counter(wiped=2)),
        ("Who approves it?", Counter(approved=2)),
        ("Which is the cheapest?", Counter(cleanest=2)),
    ],
)
def test_a_known_word_in_another_form_is_no_error(question: str, words: Counter[str]) -> None:
    assert corrected(question, lambda: words) == question


def test_a_swap_of_letters_is_nearer_than_a_wrong_letter_and_two_errors_are_the_furthest() -> None:
    assert corrected("Waht is the wariranty?", lambda: Counter(wait=9, warranty=2)) == "What is the warranty?"
    assert corrected("Was it knid?", lambda: Counter(knit=9)) == "Was it knid?"  # "kind", which they do not have
    assert corrected("Was it knid?", lambda: Counter(knit=9, kinds=1)) == "Was it kind?"
    assert is_common_word("reflection")
    assert corrected("Is it relfection?", lambda: Counter(rejection=3)) == "Is it relfection?"
    assert corrected("What are lymphocittes?", lambda: WORDS) == "What are lymphocytes?"


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("prednisone", "prednisolone"),
        ("nimodipine", "nifedipine"),
        ("quinidine", "quinine"),
        ("clotiapine", "clozapine"),
        ("velopran", "velopril"),
        ("hydroxyzine", "hydralazine"),
    ],
)
def test_another_name_is_no_misspelling(typed: str, known: str) -> None:
    assert corrected(f"What is {typed}?", lambda: Counter({known: 9})) == f"What is {typed}?"
    assert corrected(f"What is {known}?", lambda: Counter({typed: 9})) == f"What is {known}?"


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("imunotharapy", "immunotherapy"),
        ("predinsolon", "prednisolone"),
        ("antibotics", "antibiotics"),
        ("lymfocites", "lymphocytes"),
        ("neifedipine", "nifedipine"),
        ("monoclonel", "monoclonal"),
        ("hemorrage", "hemorrhage"),
        ("immunoterapy", "immunotherapy"),
        ("xhemotherapu", "chemotherapy"),
        ("chemotgerapu", "chemotherapy"),
        ("metastisize", "metastasise"),
    ],
)
def test_slips_and_letters_that_sound_alike_are_misspellings(typed: str, known: str) -> None:
    meant = typed if typed[0] != known[0] or known == "lymphocytes" else known
    assert corrected(f"Is it {typed}?", lambda: Counter({known: 9})) == f"Is it {meant}?"


def test_of_words_as_near_one_that_sounds_alike_is_meant() -> None:
    words = Counter(dose=2, done=9, with_=1)
    assert corrected("Wich is the doze?", lambda: words) == "Which is the dose?"


def test_a_stop_word_may_be_meant_that_the_documents_do_not_have() -> None:
    assert corrected("Whcih ova are thier ova?", lambda: WORDS) == "Which ova are their ova?"


def test_what_is_left_of_an_error_by_the_stemmer_is_no_known_word() -> None:
    assert corrected("What is it maed of?", lambda: Counter(made=2)) == "What is it made of?"


def test_an_error_within_a_word_that_stemming_hides_is_mended_and_another_ending_is_left() -> None:
    words = Counter(prevalence=3, wiped=2, approved=1)
    assert corrected("What is the prevalance?", lambda: words) == "What is the prevalence?"
    assert corrected("Who wipes and approves it?", lambda: words) == "Who wipes and approves it?"


def test_a_name_is_no_error_for_a_stop_word_and_the_mark_of_a_note_is_no_letter() -> None:
    words = count_words(["P. de Witt², S. Okonkwo¹ and R. Halloran³"])
    assert words == Counter("p de witt s okonkwo and r halloran".split())
    assert corrected("Where do de Witt and Okonkwo work?", lambda: words) == "Where do de Witt and Okonkwo work?"
    assert (
        corrected("Where does Witm work, and withh whom?", lambda: Counter(otter=1)) == "Where does Witm work, and with whom?"
    )


def test_of_ordinary_words_as_near_the_one_that_the_documents_have_in_another_form_is_meant() -> None:
    assert is_common_word("requiem")
    assert corrected("Is it requied?", lambda: Counter(requires=2)) == "Is it required?"


@given(st.text(max_size=60))
def test_any_text_is_corrected_to_text_of_as_many_words(text: str) -> None:
    made = corrected(text, lambda: WORDS)
    assert len(made.split()) == len(text.split())
    assert corrected(made, lambda: WORDS) == made


def test_words_are_counted_in_lower_case_without_digits() -> None:
    assert count_words(["Bees sting. BEES 3x fly", "Größe"]) == Counter(bees=2, sting=1, x=1, fly=1, größe=1)


def test_the_vocabulary_follows_the_documents(word_embedder: object, tmp_path: Path) -> None:
    index = PassageIndex(tmp_path / "data", word_embedder, create=True)  # type: ignore[arg-type]
    assert index.vocabulary() == {}
    index.add([make_document("a.txt", "Erythema and erythema.")])
    assert index.vocabulary() == {"erythema": 2, "and": 1}
    assert index.vocabulary() is index.vocabulary()
    index.remove(["a.txt"])
    assert index.vocabulary() == {}
    index.close()


def test_what_was_corrected_is_shown_and_answered(article_index: PassageIndex, embedder: SentenceTransformerEmbeddings) -> None:
    answer = build_chain(article_index, embedder).invoke("What is adoptve imunotherapy with lymphocites?")
    assert answer.question == "What is adoptve imunotherapy with lymphocites?"
    assert answer.searched_for == "What is adoptive immunotherapy with lymphocytes?"
