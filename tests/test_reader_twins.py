"""Which words of a question have no answer, told by a question beside it that has one, and how they are learned."""

from dataclasses import replace

import pytest
from transformers import AutoTokenizer

from assistant.reader.batches import make_batch
from assistant.reader.data import Example
from assistant.reader.twins import changed_words
from corpus.tokens import packaged_model_folder

ANSWERED = ("Which gene causes incontinentia pigmenti?", "How long is consent form 1 kept in the records?")


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("Which gene causes tuberous sclerosis?", ("tuberous", "sclerosis")),
        ("How long is consent form 4 kept in the records?", ("4",)),
        ("How long was consent form 1 kept at home?", ("home",)),
        ("Who was it that found the gene?", ()),
        ("Which gene causes incontinentia pigmenti?", ()),
    ],
)
def test_what_a_question_has_and_its_twin_has_not(question: str, changed: tuple[str, ...]) -> None:
    assert changed_words(question, ANSWERED) == changed


def test_only_a_stop_word_that_changed_is_told() -> None:
    assert changed_words("Why was the bridge closed?", ["When was the bridge closed?"]) == ("why",)


def _example(question: str, *, answerable: bool, doubtful: tuple[str, ...] = ()) -> Example:
    text = "Form 1 is kept for three years."
    evidence = ((0, len(text)),) if answerable else ()
    return Example("written", question, "Records", text, answerable, evidence, doubtful=doubtful)


def test_doubtful_words_weigh_as_much_as_the_others_and_an_answered_question_has_none() -> None:
    tokenizer = AutoTokenizer.from_pretrained(packaged_model_folder())
    asked = _example("How long is form 4 kept?", answerable=False, doubtful=("4",))
    unknown = replace(asked, doubtful=("seven",))
    batch = make_batch(tokenizer, [asked, unknown, _example("How long is form 1 kept?", answerable=True)], 64)
    words = tokenizer.convert_ids_to_tokens(batch.input_ids[0].tolist())
    assert [word for word, label in zip(words, batch.doubt[0].tolist(), strict=True) if label] == ["4"]
    assert batch.doubt_weight[0].sum().item() == pytest.approx(1.0)
    assert batch.doubt_weight[0][words.index("4")].item() == pytest.approx(0.5)
    assert batch.doubt_weight[1].sum().item() == 0
    assert batch.doubt[2].sum().item() == 0
    assert batch.doubt_weight[2].sum().item() == pytest.approx(1.0)


def test_doubt_is_told_of_the_question_and_not_of_what_was_said_before_or_of_the_passage() -> None:
    tokenizer = AutoTokenizer.from_pretrained(packaged_model_folder())
    asked = replace(_example("And form 4?", answerable=False, doubtful=("4",)), before=(("How is form 1 kept?", "In a box."),))
    batch = make_batch(tokenizer, [asked], 64)
    assert not batch.doubt_weight[0][batch.token_type_ids[0] == 1].any()
    assert batch.doubt[0].sum().item() == 1
