"""From scores to a probability by hand, the file of the fitted numbers, and the command that fits them."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scripted import BY_HAND, found
from small_sets import write_sets

from assistant.calibrate import Observation, _balance, fit_scale, fit_sure, fit_threshold, is_evidence, main
from assistant.calibration import CALIBRATION_FILE, Calibration, load_calibration
from assistant.reader import PassageReading
from assistant.reader.data import SETS, split_records
from assistant.reader.written import WRITTEN
from assistant.signals import SIGNALS
from assistant.training_data import SPLIT_SEED, LabelledQuestion, LabelledSet, dev_cases, labelled_sets
from corpus.errors import CaseError, ModelError

# Confidence


def test_the_confidence_is_the_logistic_function_of_the_weighted_signals() -> None:
    calibration = replace(BY_HAND, weights=(0.5, 0.0, 4.0, 0.0, 0.0), bias=-1.0)
    # -1 + 0.5·3 + 4·0.25 = 1.5
    assert calibration.confidence((3.0, 9.0, 0.25, 9.0, 9.0)) == pytest.approx(1 / (1 + math.exp(-1.5)))
    assert calibration.confidence((2.0, 9.0, 0.0, 9.0, 9.0)) == 0.5


def test_the_confidence_stays_a_probability_for_any_score() -> None:
    assert 0.0 < BY_HAND.confidence((0.0, -math.inf, *NOTHING)) < 1e-12
    assert 1.0 - 1e-12 < BY_HAND.confidence((0.0, 1e9, *NOTHING)) <= 1.0


def test_signals_of_another_number_than_the_weights_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        BY_HAND.confidence((1.0,))
    assert len(SIGNALS) == len(BY_HAND.weights) == 5


# The file

NOTHING = (0.0, 0.0, 0.0)
FITTED = {
    "weights": [1, 2, 3, 4, 5],
    "bias": 0.5,
    "threshold": 0.4,
    "risk": 0.1,
    "margin": 1,
    "floor": -3,
}


@pytest.mark.parametrize(("name", "features"), [("footnote", 6), ("similarity", 5), ("none", 1)])
def test_the_shipped_calibrations_belong_to_their_readers_and_can_be_used(name: str, features: int) -> None:
    calibration = load_calibration(name)
    assert len(calibration.weights) == len(SIGNALS)
    assert len(calibration.sentence) == features
    assert 0.0 <= calibration.threshold <= 1.0
    assert 0.0 <= calibration.risk <= 1.0
    assert calibration.margin >= 0.0
    sure, lost = (4.0, 4.0, 0.8, 0.0, 0.8), (-6.0, -6.0, 0.1, 2.0, 0.1)
    assert calibration.confidence(sure) > calibration.confidence(lost)


def test_the_shipped_calibrations_say_how_they_were_made_and_what_was_measured() -> None:
    for name, stored in json.loads(CALIBRATION_FILE.read_text(encoding="utf-8")).items():
        assert stored["command"].startswith(f"python -m assistant.calibrate --reader {name} --questions ")
        assert {"fitted", "measured", "command"} == set(stored)
        assert stored["command"].endswith(" --questions 240 --risk 0.05 --seed 0")  # what the ablation compares is fitted alike
        assert stored["measured"]["signals"] == list(SIGNALS)
        assert {"citations", "dev", "ranking", "marked", "squad2", "medquad", "written"} <= set(stored["measured"])


def test_at_most_1_in_10_answers_of_the_default_reader_is_to_a_dev_case_without_one() -> None:
    assert load_calibration("footnote").risk <= 0.05


def test_a_calibration_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps({"mine": {"fitted": FITTED}}), encoding="utf-8")
    assert load_calibration("mine", path) == Calibration((1, 2, 3, 4, 5), 0.5, 0.4, 0.1, 1, -3)
    assert load_calibration("mine", path).sentence == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file"),
        ("{", "is damaged: "),
        ("[]", r"The reader 'similarity' has no calibration in .* \(it holds none\)"),
        ('{"other": {}, "third": {}}', r"The reader 'similarity' has no calibration in .* \(it holds other, third\)"),
        ('{"similarity": {}}', "is of another form: 'fitted'"),
        ('{"similarity": {"fitted": {"bias": 1}}}', "is of another form: .*missing"),
        ('{"similarity": {"fitted": 3}}', "is of another form"),
        (json.dumps({"similarity": {"fitted": {**FITTED, "weights": [1, 2]}}}), "has 2 weights, and 5 were expected"),
    ],
    ids=["missing", "not JSON", "a list", "of other readers", "nothing fitted", "half of it", "a number", "of other signals"],
)
def test_a_calibration_that_cannot_be_used_is_an_error_that_says_what_to_do(
    content: str | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "calibration.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=message) as caught:
        load_calibration("similarity", path)
    assert str(path) in str(caught.value)
    assert "python -m assistant.calibrate" in str(caught.value)


# Training data


def small_sets(folder: Path, seed: int = 0) -> list[LabelledSet]:
    return list(labelled_sets(folder, 12, seed, written=folder))


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    return write_sets(tmp_path)


def test_evidence_of_training_questions_stands_in_their_documents_to_the_character(sets: Path) -> None:
    quotes = 0
    for made in small_sets(sets):
        texts = {document.name: document.text for document in made.documents}
        for question in made.questions:
            for name, start, end in question.evidence:
                assert texts[name][start:end].endswith(" legs.")
                assert question.answerable
                quotes += 1
    assert quotes >= 20


def test_the_same_seed_makes_the_same_questions_and_each_set_has_both_kinds_but_one(sets: Path) -> None:
    first, again = small_sets(sets), small_sets(sets)
    assert [made.questions for made in first] == [made.questions for made in again]
    assert [made.name for made in first] == [*SETS, WRITTEN]
    kinds = {made.name: {question.answerable for question in made.questions} for made in first}
    assert kinds.pop("policyqa") == {True}
    assert all(kind == {True, False} for kind in kinds.values())


def test_a_question_without_an_answer_is_asked_of_documents_that_do_not_hold_it(sets: Path) -> None:
    by_name = {made.name: made for made in small_sets(sets)}
    texts = {document.name: document.text for document in by_name["medquad"].documents}
    for question in by_name["medquad"].questions:
        if question.question.endswith("?"):  # the others are as people type them
            kind = question.question.split()[3]
            assert (f"The {kind} of" in texts[(question.documents or ("",))[0]]) is question.answerable
    held = "".join(document.text for document in by_name["selqa"].documents)
    for question in by_name["selqa"].questions:
        if question.question.endswith("?") and question.question.startswith("How"):
            assert (question.question.split("have the ")[1].rstrip("?") in held) is question.answerable


def test_only_titles_are_used_that_the_reader_was_not_trained_on(sets: Path) -> None:
    trained_on = split_records(sets, SPLIT_SEED).train
    for made in small_sets(sets)[:-1]:  # the written questions are held back passage by passage, in a file of their own
        known = {record.group for record in trained_on[made.name]}
        text = " ".join(document.text for document in made.documents)
        assert known, made.name
        assert not any(f"The {subject} of place" in text for subject in known)


def test_some_questions_are_mistyped_whether_or_not_they_have_an_answer(sets: Path) -> None:
    asked = [question for seed in range(4) for made in small_sets(sets, seed) for question in made.questions]
    for answerable in (True, False):
        as_written = [question.question.endswith("?") for question in asked if question.answerable is answerable]
        assert any(as_written) and not all(as_written)


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"There is no .*squad2\.jsonl\.gz\. --data is the folder with the training sets"):
        list(labelled_sets(tmp_path, 10, 0))


# Fitting


def test_a_sentence_is_evidence_if_more_than_half_of_it_or_of_the_evidence_is_shared() -> None:
    question = LabelledQuestion("s", "g", "Who?", None, True, (("a.txt", 10, 20),))
    assert is_evidence(question, "a.txt", 14, 40) is True
    assert is_evidence(question, "a.txt", 15, 40) is False
    assert is_evidence(question, "a.txt", 0, 100) is True
    assert is_evidence(question, "b.txt", 10, 20) is False


def test_every_set_and_both_kinds_of_question_have_the_same_say() -> None:
    weights = _balance(np.array(["a", "a", "a", "b", "b"]), np.array([True, True, False, True, False]))
    assert weights.tolist() == pytest.approx([0.625, 0.625, 1.25, 1.25, 1.25])
    assert weights.sum() == pytest.approx(5.0)


def observed(answerable: bool, score: float) -> Observation:
    """Return an observation of one passage with one sentence of this score."""
    _, item = found("a.txt", "One.", cosine=0.0)
    question = LabelledQuestion("dev", "g", "Who?", None, answerable)
    return Observation(question, "Who?", [item], [], [PassageReading(score, (score,))])


@pytest.mark.parametrize(
    ("risk", "answered", "false_answers", "expected"),
    [
        (0.005, 0, 0, 0.0),
        (0.02, 2, 0, 0.0123),
        (0.03, 2, 1, 0.024),
        (0.05, 3, 1, 0.0478),
        (0.2, 3, 2, 0.1383),
        (0.5, 4, 4, 0.4252),
    ],
)
def test_the_threshold_is_the_lowest_at_which_no_more_risk_is_expected(
    risk: float, answered: int, false_answers: int, expected: float
) -> None:
    dev = [observed(True, score) for score in (5.0, 4.0, 2.0, -4.0)]
    dev += [observed(False, score) for score in (3.0, 0.0, -1.0, -6.0)]
    fitted, figures = fit_threshold(dev, BY_HAND, risk)
    # In order: yes, yes, no, yes, no, no, yes, no; what the confidences lack to 1 is 0.007, 0.018, 0.047, 0.119, 0.5, …
    assert figures == {
        "auroc": 0.75,
        "answered": answered / 4,
        "false answers": false_answers / 4,
        "risk": round(false_answers / max(1, answered + false_answers), 4),
        "expected risk": expected,
        "questions": 8,
    }
    assert fitted.risk == figures["risk"]
    confidences = [BY_HAND.confidence((0.0, score, *NOTHING)) for score in (5.0, 4.0, 2.0, -4.0)]
    assert sum(confidence >= fitted.threshold for confidence in confidences) == answered


def test_two_questions_that_come_near_do_not_move_the_threshold() -> None:
    others = [observed(True, 4.0) for _ in range(30)] + [observed(False, -6.0)]
    fitted, _ = fit_threshold([*others, observed(True, 0.9), observed(True, 0.9)], BY_HAND, 0.05)
    again, figures = fit_threshold([*others, observed(False, 0.9), observed(False, 0.9)], BY_HAND, 0.05)
    # Counted, 2 of 32 would be too many, and the two would not be answered.
    assert again.threshold == fitted.threshold < BY_HAND.confidence((0.0, 0.9, *NOTHING))
    assert figures["risk"] == 0.0625


def marked(answers: tuple[str, ...], margin: float, *, answerable: bool = True) -> Observation:
    """Return an observation of "Six legs." in which "Six" is found by this margin, and the set gives these short answers."""
    _, item = found("a.txt", "Six legs.", cosine=0.0)
    question = LabelledQuestion("squad2", "g", "How many?", None, answerable, answers=answers)
    return Observation(question, "How many?", [item], [], [PassageReading(3.0, (3.0,), (0, 3), margin)])


def test_a_short_answer_is_marked_from_where_most_of_those_marked_are_right() -> None:
    right = [marked(("six",), 9.0 - number / 10) for number in range(24)]
    wrong = [marked(("ten",), 4.0 - number / 10) for number in range(30)]
    unknown = [marked((), 9.0)] * 50  # of which nobody knows the right stretch
    fitted, figures = fit_sure([*right, *wrong, *unknown], BY_HAND)
    assert figures == {"right": 0.8, "marked": 30, "questions": 54}  # 24 of 30
    assert fitted.sure == 3.5
    fooled = [marked(("six",), 10.0, answerable=False)] * 7  # what answers nothing is not the answer
    assert fit_sure([*right, *wrong, *fooled], BY_HAND)[1] == {"questions": 61}


def test_the_scale_makes_probabilities_of_the_odds_and_keeps_their_order() -> None:
    dev = [observed(number < 40, 2.0) for number in range(50)] + [observed(number < 10, 0.0) for number in range(50)]
    fitted = fit_scale(dev, BY_HAND)
    confidences = [fitted.confidence((0.0, score, *NOTHING)) for score in (-1.0, 0.0, 1.0, 2.0)]
    # Four in five of those with a score of 2 have an answer, one in five of those with 0.
    assert confidences[3] == pytest.approx(0.8, abs=0.02) and confidences[1] == pytest.approx(0.2, abs=0.02)
    assert confidences == sorted(confidences) and fitted.threshold == BY_HAND.threshold
    backwards = [observed(False, 2.0), observed(True, 0.0)] * 20
    assert fit_scale(backwards, BY_HAND) == BY_HAND


CASES = [
    {"id": "1", "question": "How many legs?", "history": [], "documents": None, "answerable": True, "split": "dev"},
    {"id": "2", "question": "Who painted it?", "history": [], "documents": None, "answerable": False, "split": "dev"},
    {"id": "3", "question": "And why?", "history": [], "documents": None, "answerable": False, "split": "test"},
]


@pytest.fixture
def cases(tmp_path: Path) -> list[str]:
    """Options that name a file of cases, one of them not to be looked at, and the folder of their document."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "bees.txt").write_text("A bee has six legs.", encoding="utf-8")
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    return ["--cases", str(path), "--documents", str(tmp_path / "documents")]


def test_only_cases_marked_for_it_choose_the_threshold(cases: list[str]) -> None:
    made = dev_cases(Path(cases[1]), [Path(cases[3])])
    assert [question.question for question in made.questions] == ["How many legs?", "Who painted it?"]
    assert [document.name for document in made.documents] == ["bees.txt"]
    assert dev_cases(Path(cases[1]).parent, [Path(cases[3])]).questions == made.questions
    Path(cases[1]).write_text(json.dumps(CASES[2]), encoding="utf-8")
    with pytest.raises(CaseError, match="has the split 'dev'"):
        dev_cases(Path(cases[1]), [Path(cases[3])])
    with pytest.raises(CaseError, match="There is no"):
        dev_cases(Path("nowhere.jsonl"), [Path(cases[3])])


def test_the_command_fits_every_number_and_keeps_those_of_other_readers(
    sets: Path,
    cases: list[str],
    tmp_path: Path,
    word_embedder: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("assistant.calibrate.SentenceTransformerEmbeddings", lambda name: word_embedder)
    output = tmp_path / "calibration.json"
    output.write_text('{"other": {"fitted": {}}}', encoding="utf-8")
    shipped = CALIBRATION_FILE.read_bytes()
    arguments = [
        *cases,
        "--data",
        str(sets),
        "--written",
        str(sets),
        "--output",
        str(output),
        "--reader",
        "similarity",
        "--questions",
        "8",
        "--seed",
        str(random.Random(1).randint(1, 9)),
    ]
    assert main(arguments) == 0
    stored = json.loads(output.read_text(encoding="utf-8"))
    assert set(stored) == {"other", "similarity"}
    assert stored["similarity"]["command"].startswith("python -m assistant.calibrate --reader similarity --questions 8 ")
    calibration = load_calibration("similarity", output)
    assert len(calibration.weights) == len(SIGNALS) and len(calibration.sentence) == 5
    assert 0.0 < calibration.threshold < 1.0
    assert set(stored["similarity"]["measured"]) >= {
        "squad2",
        "medquad",
        "selqa",
        "citations",
        "signals",
        "dev",
        "ranking",
        "marked",
    }
    assert "weights" in capsys.readouterr().out
    assert CALIBRATION_FILE.read_bytes() == shipped
