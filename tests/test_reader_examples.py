"""Training pairs that are put together: of conversations, of several sections, by rule; and the dropout of a fast run."""

import gzip
import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest
import torch
from torch import nn

from assistant.reader.data import Example, Passages, Record
from assistant.reader.dialogues import dialogue_examples, read_dialogues
from assistant.reader.dropout import PooledDropout, use_pooled_dropout
from assistant.reader.made import made_examples
from assistant.reader.medical import composed_examples
from assistant.reader.model import ReaderModel
from assistant.reader.parallel import parallel_examples
from assistant.reader.presupposed import presupposed_examples

ANSWERS = {
    "Who led the band?": "Ada Brandt of Norland",
    "When did they disband?": "In 1969, after a last concert in Oslo.",
    "What was the first record?": "the album Nine Rivers was pressed in May",
    "Did they win a prize?": "I don't know.",
    "Who produced it?": "A producer named Li Wei,",
    "Where did they rehearse?": "a cellar below the brewery",
}
TEXT = (
    "The Harbour Museum was founded in 1884 by Ada Brandt and her brother. It holds 4,200 paintings of the northern coast. "
    "Visitors reach the building by the old tram from Market Square. The collection of maps was moved to Oslo in 1931 after a "
    "fire had damaged the western gallery. A glass roof protects the courtyard from heavy rain during the winter months."
)
ASKING = set("who what which where when how many much number in year kind of thing did does is was do are were can has".split())


@pytest.fixture
def conversations(tmp_path: Path) -> Path:
    turns = list(ANSWERS.items())
    rows, history = [], []
    for place, (question, answer) in enumerate(turns, 1):
        row = {"id": f"canard:a#{place}", "topic": ["The Otters", "History"], "history": list(history), "question": question}
        rows.append(row | {"rewrite": question.replace("they", "The Otters")})
        history += [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    random.Random(1).shuffle(rows)
    with gzip.open(tmp_path / "canard.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path


def _check_spans(example: Example) -> None:
    for start, end in (*(example.evidence or ()), *example.answers):
        assert 0 <= start < end <= len(example.text)
    assert example.answerable == bool(example.evidence)


def test_a_conversation_is_read_with_the_answers_that_its_turns_were_given(conversations: Path) -> None:
    (dialogue,) = read_dialogues(conversations)
    assert dialogue.heading == "The Otters › History"
    # The last turn's answer is not given; a turn stands as it was written out.
    assert [turn.question for turn in dialogue.turns] == [one.replace("they", "The Otters") for one in list(ANSWERS)[:-1]]
    assert [turn.answer is None for turn in dialogue.turns] == [False, False, False, True, False]
    with pytest.raises(FileNotFoundError):
        read_dialogues(conversations / "elsewhere")


def test_a_turn_is_answered_by_its_own_answer_among_those_of_others(conversations: Path) -> None:
    dialogues = read_dialogues(conversations)
    made = [one for seed in range(20) for one in dialogue_examples(dialogues, 300, random.Random(seed))]
    for example in made:
        _check_spans(example)
        own = next(
            answer
            for question, answer in ANSWERS.items()
            if example.question == (question if example.before else question.replace("they", "The Otters"))
        )
        if example.before:
            said = list(ANSWERS.items())
            assert list(example.before) == said[: [question for question, _ in said].index(example.question)]
        if example.answerable:
            ((start, end),) = example.evidence or ()
            assert example.text[start:end].lower().rstrip(".") == own.lower().rstrip(".,")
        else:
            assert own.rstrip(",").lower() not in example.text.lower()
    assert {one.tag for one in made} == {"right", "rest", "own"}
    assert {one.question for one in made if one.tag == "own"} == {"Did The Otters win a prize?", "Did they win a prize?"}
    assert len({one.text for one in made}) > 40


def test_a_section_is_the_evidence_among_others_on_the_same_disease() -> None:
    texts = {
        "symptoms": "Fever comes first. A rash follows. It lasts for a week.",
        "treatment": "Rest helps most people. Doctors give an ointment against the itching.",
        "prevention": "A vaccine is given to children. Washing hands helps as well.",
        "causes": "A virus causes it. It is passed on by coughing.",
    }
    records = [
        Record("medquad", "pox", "Pox", f"What about {kind}?", text, True, None, (), kind) for kind, text in texts.items()
    ]
    made = composed_examples(records, Passages(), 4, lambda rng: 400, random.Random(2))
    made += composed_examples(records, Passages(), 4, lambda rng: 400, random.Random(3))
    assert {one.answerable for one in made} == {True, False}
    for example in made:
        _check_spans(example)
        shown = [kind for kind, text in texts.items() if text in example.text]
        assert len(shown) >= 1 and "\n".join(sorted(texts[kind] for kind in shown)) == "\n".join(
            sorted(example.text.split("\n"))
        )
        for start, end in example.evidence or ():
            assert example.text[start:end] in texts.values()
    assert all(len(one.text.split("\n")) >= 2 for one in made if one.answerable)


def test_made_questions_are_answered_where_the_statement_stands_unchanged() -> None:
    records = [Record("qed", "museum", "Museum", "", TEXT, True, ()), Record("qed", "other", "Other", "", TEXT[::-1], True, ())]
    made = made_examples(records[:1], Passages(), 400, lambda rng: 480, random.Random(5))
    kinds = Counter(example.tag for example in made)
    assert kinds.keys() == {"right", "rest", "false"} and min(kinds.values()) > 30
    assert 0.4 < sum(example.answerable for example in made) / len(made) < 0.65
    for example in made:
        _check_spans(example)
        words = set(example.question.rstrip("?").lower().split())
        if example.tag == "right":
            ((start, end),) = example.evidence or ()
            ((first, last),) = example.answers
            assert start <= first < last <= end
            assert example.text[first:last] not in example.question or example.text.count(example.text[first:last]) > 1
            said = {word.strip(".,").lower() for word in example.text[start:end].split()}
            assert words <= said | ASKING, (example.question, example.text[start:end])
    changed = [one for one in made if one.tag == "right" and one.text not in TEXT]
    assert changed  # an answered question may be about a changed text as well


def test_made_questions_are_the_same_for_the_same_seed_and_none_for_no_text() -> None:
    records = [Record("qed", "museum", "Museum", "", TEXT, True, ())]
    once, again, other = (made_examples(records, Passages(), 30, lambda rng: 300, random.Random(seed)) for seed in (1, 1, 2))
    assert once == again and once != other
    assert made_examples([], Passages(), 30, lambda rng: 300, random.Random(1)) == []


def test_pooled_dropout_drops_its_share_anew_each_step_and_nothing_in_use() -> None:
    torch.manual_seed(3)
    network = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.25))
    (dropout,) = use_pooled_dropout(network, 100_000)
    assert isinstance(network[1], PooledDropout) and not list(network[1].parameters()) and not network[1].state_dict()
    values = torch.ones(1000, 100)
    first = dropout(values)
    assert 0.24 < float((first == 0).float().mean()) < 0.26 and abs(float(first.mean()) - 1.0) < 0.02
    assert torch.equal(first, dropout(values))
    dropout.renew()
    assert not torch.equal(first, dropout(values))
    assert torch.equal(network.eval()[1](values), values)


def test_the_reader_keeps_its_weights_names_with_pooled_dropout() -> None:
    model = ReaderModel()
    names = list(model.state_dict())
    dropouts = use_pooled_dropout(model, 1000)
    assert list(model.state_dict()) == names
    assert len(dropouts) > 10 and not any(isinstance(module, nn.Dropout) and module.p > 0 for module in model.modules())


MILL = (
    "The mill of Orla is closed on Sundays because its keeper rests. The upper weir was built in 1931 by two brothers. "
    "Visitors may not feed the white geese near the pond. The old bridge can carry ten heavy carts at a time. Its lamps are "
    "lit by hand every evening since no cable reaches it."
)


def test_what_a_question_takes_for_granted_is_said_in_the_passage_or_it_has_no_answer() -> None:
    record = Record("squad2", "orla", "Orla", "Who?", MILL, True, ())
    kinds = Counter()
    for seed in range(12):
        for one in presupposed_examples([record], Passages(), 36, lambda _: 600, random.Random(seed)):
            _check_spans(one)
            kinds[one.tag, one.answerable] += 1
            if one.tag == "why, reason":
                assert one.question in (
                    "Why is the mill of Orla closed on Sundays?",
                    "Why are its lamps lit by hand every evening?",
                )
                assert [one.text[start:end].split()[0] for start, end in one.answers] in (["because"], ["since"])
            if one.tag == "why, denied":
                assert one.question == "Why may Visitors feed the white geese near the pond?"
            if one.tag == "whether":
                assert one.question.split()[0] in ("Was", "May", "Can", "Is", "Are") and one.evidence
            if one.tag == "why, changed":
                said = {f"Why {aux} {rest}?" for aux, rest in (("was", "the upper weir built in 1931 by two brothers"),)}
                assert one.question.startswith("Why ") and one.question not in said
    assert kinds["why, reason", True] > 50 and kinds["why, denied", False] > 50 and kinds["why, changed", False] > 50
    assert kinds["premise", True] > 20 and kinds["premise", False] > 20
    assert {tag for tag, answerable in kinds if answerable} == {"why, reason", "whether", "premise"}
    assert presupposed_examples([], Passages(), 5, lambda _: 600, random.Random(1)) == []


def test_things_of_one_kind_are_told_apart_by_the_name_above_them() -> None:
    kinds = Counter()
    for one in parallel_examples(600, random.Random(4)):
        _check_spans(one)
        kinds[one.tag] += 1
        assert one.answerable == (one.tag == "right") == bool(one.evidence)
        assert not any(mark in one.question + one.heading + one.text for mark in "{}")
        named = [word for word in re.findall(r"[A-Z][\w-]+", one.question)[1:] if word != "Polish"]
        if one.tag != "other name":
            assert all(word in one.heading + one.text for word in named), one
    assert kinds["right"] > 200 and kinds["other name"] > 150 and kinds["not said"] > 60
    assert parallel_examples(5, random.Random(1)) == parallel_examples(5, random.Random(1))
