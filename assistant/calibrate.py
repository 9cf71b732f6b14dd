"""Fit the numbers in `calibration.json`: from scores to a probability, a decision and a choice of sentences.

    python -m assistant.calibrate --data ../shared/training [--reader NAME]

Asks labelled questions of held-back training documents through the real index and the real reader, so that what is fitted
is what will be met; threshold and scale are chosen on the evaluation cases that are marked for it (`"split": "dev"`). No
benchmark and no case of the split `test` is looked at. Deterministic by seed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from assistant.calibration import CALIBRATION_FILE, Calibration
from assistant.citing import choose
from assistant.extractive import READ, READ_FIRST, rerank, within_reach
from assistant.listing import asks_for_one
from assistant.reader.choice import make_reader
from assistant.reader.joint import NAME as DEFAULT_READER
from assistant.reader.protocol import PassageFeatures, PassageReading, SentenceWeights
from assistant.reader.written import QUESTIONS_FOLDER
from assistant.signals import SIGNALS, confidence_signals
from assistant.spelling import corrected
from assistant.talk.kinds import recognise
from assistant.talk.nearest import Nearest
from assistant.training_data import LabelledQuestion, LabelledSet, dev_cases, labelled_sets
from index import PassageIndex, Retrieved, SentenceTransformerEmbeddings, Settings
from index.commands import run
from index.store import CANDIDATES

OWN_DOCUMENTS = (Path("corpus/documents"), Path("eval/documents"))
"""What the project's own cases are about."""

RISK = 0.05
"""At most this share of the answers given is expected to be to questions that the documents do not answer (the selective risk
of El-Yaniv and Wiener 2010), which sets the threshold: over the evaluation cases whose split is `dev`, a third of which have no
answer, since people's own words share less with a document than the training questions do."""

PRECISION = 0.61
"""Sentences are added to an answer as long as this share of what is cited is evidence, over the questions of which evidence
was read at all: on the others there is nothing to choose."""

PRECISION_OF_ONE = 0.75
"""The same for questions that ask for one thing (see `listing.asks_for_one`)."""

NEARLY = 0.002
"""A mean reciprocal rank lower by this is as good."""

SURE = 0.8
"""The shortest answer is marked where at least this share of those marked, in answers that are given, is the right one."""

REACHED = 0.99
"""Share of the passages with evidence, of those among the first `READ`, that are near enough to the first to be read."""


@dataclass
class Observation:
    """One labelled question, as it was looked up, with what was found for it and how it was read."""

    question: LabelledQuestion
    asked: str
    retrieved: list[Retrieved]
    features: list[PassageFeatures]
    readings: list[PassageReading]


def main(arguments: list[str] | None = None) -> int:
    """Fit, print what was measured, write the file."""
    parser = argparse.ArgumentParser(prog="python -m assistant.calibrate", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/training"), metavar="DIR")
    parser.add_argument("--cases", type=Path, default=Path("eval/cases"), metavar="PATH", help="a file of cases, or a folder")
    parser.add_argument(
        "--documents",
        type=Path,
        nargs="+",
        default=OWN_DOCUMENTS,
        metavar="DIR",
        help="folders of those that the cases are about",
    )
    parser.add_argument(
        "--written", type=Path, default=QUESTIONS_FOLDER, metavar="DIR", help="folder of the questions written for the reader"
    )
    parser.add_argument("--reader", default=DEFAULT_READER, metavar="NAME", help="as in FOOTNOTE_READER (default: footnote)")
    parser.add_argument("--output", type=Path, default=CALIBRATION_FILE, metavar="FILE")
    parser.add_argument("--questions", type=int, default=240, metavar="N", help="questions of each set (default: 240)")
    parser.add_argument("--risk", type=float, default=RISK, metavar="SHARE", help="sets the threshold (default: 0.05)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    embedder = SentenceTransformerEmbeddings(Settings.from_environment().embedder)
    with tempfile.TemporaryDirectory() as folder:
        labelled = labelled_sets(options.data, options.questions, options.seed, written=options.written)
        sets = [dev_cases(options.cases, options.documents), *labelled]
        dev, *others = [observe(made, options.reader, embedder, Path(folder)) for made in sets]
    calibration, figures = fit([observation for some in others for observation in some], dev, options.risk)
    save(options, calibration, figures)
    return 0


def observe(made: LabelledSet, name: str, embedder: SentenceTransformerEmbeddings, folder: Path) -> list[Observation]:
    """Ask every labelled question of an index of its set's documents, and let the reader called `name` measure.

    What is no question about a subject is left out, since the chain does not ask it of the reader either.
    """
    index = PassageIndex(folder / made.name, embedder, create=True)
    index.add(made.documents)
    reader = make_reader(name, embedder, index)
    nearest = Nearest(embedder)
    observations = []
    for number, question in enumerate(made.questions, 1):
        if recognise(question.question, is_first=True, vocabulary=index.vocabulary, nearest=nearest) is not None:
            continue
        text = corrected(question.question, index.vocabulary)
        found = index.search(text, CANDIDATES // 2, documents=question.documents)
        observations.append(Observation(question, text, found, reader.measure(text, found[:READ], least=READ_FIRST), []))
        if number % 50 == 0 or number == len(made.questions):
            sys.stderr.write(f"{made.name}: {number} of {len(made.questions)} questions\n")
    index.close()
    return observations


def is_evidence(question: LabelledQuestion, document: str, start: int, end: int) -> bool:
    """Whether evidence covers at least half of a sentence, or lies within it by more than half."""
    for name, first, last in question.evidence:
        shared = min(end, last) - max(start, first)
        if name == document and shared > 0.5 * min(end - start, last - first):
            return True
    return False


def fit(observations: Sequence[Observation], dev: Sequence[Observation], risk: float) -> tuple[Calibration, dict[str, object]]:
    """Fit everything to the training questions, the threshold to `dev`; return it with what was measured.

    Changes the observations' `readings` to those of the fitted weights.
    """
    weights = fit_sentences(observations)
    for observation in (*observations, *dev):
        observation.readings = [weights.reading(features) for features in observation.features]
    base = Calibration(
        weights=(0.0,) * len(SIGNALS),
        bias=0.0,
        threshold=0.5,
        risk=0.0,
        margin=0.0,
        floor=-30.0,
        sentence=weights.sentence,
        sentence_bias=weights.bias,
        reach=fit_reach(observations),
    )
    for observation in (*observations, *dev):
        read = within_reach(observation.retrieved, base)
        observation.readings = observation.readings[: len(read)]
    figures: dict[str, object] = {"signals": list(SIGNALS)}
    base, figures["ranking"] = fit_rerank(observations, base)
    base, confidence = fit_confidence(observations, base)
    base = fit_scale(dev, base)
    base, figures["dev"] = fit_threshold(dev, base, risk)
    base, figures["citations"] = fit_choice(observations, base)
    base, figures["marked"] = fit_sure(observations, base)
    return base, figures | confidence


def fit_sentences(observations: Sequence[Observation]) -> SentenceWeights:
    """Fit which sentences are evidence, among those read for questions with known evidence; each set has the same say."""
    known = [observation for observation in observations if observation.question.evidence]
    sizes = {source: sum(o.question.source == source for o in known) for source in {o.question.source for o in known}}
    rows: list[np.ndarray] = []
    labels: list[bool] = []
    shares: list[float] = []
    for observation in known:
        for item, features in zip(observation.retrieved, observation.features, strict=False):
            for row, (start, end) in zip(features.sentences, item.passage.sentences, strict=True):
                rows.append(row)
                labels.append(is_evidence(observation.question, item.document, start, end))
                shares.append(len(known) / sizes[observation.question.source])
    model = LogisticRegression(C=10.0, max_iter=2000).fit(np.array(rows), labels, sample_weight=shares)
    sys.stdout.write(f"\nsentences {len(rows)}, evidence {sum(labels)}, weights {np.round(model.coef_[0], 2)}\n")
    return SentenceWeights(tuple(float(weight) for weight in model.coef_[0]), float(model.intercept_[0]))


def fit_reach(observations: Sequence[Observation]) -> float:
    """Return how far below the best search score a passage can be and still hold evidence, but for a few."""
    gaps = [
        observation.retrieved[0].score - item.score
        for observation in observations
        for item in observation.retrieved[:READ]
        if _holds_evidence(observation.question, item)
    ]
    return round(float(np.quantile(gaps, REACHED)), 3)


def fit_rerank(observations: Sequence[Observation], base: Calibration) -> tuple[Calibration, dict[str, float]]:
    """Choose what a reading is worth beside the search's score, by the mean reciprocal rank of evidence, averaged by set.

    The least that is nearly as good as the best: the search knows no subject better than another, the reader may.
    """
    known = [o for o in observations if o.question.evidence]
    values: dict[float, float] = {}
    for worth in (0.0, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5):
        trial = replace(base, rerank=worth)
        ranks: dict[str, list[float]] = {}
        for observation in known:
            ordered = rerank(observation.retrieved, observation.readings, trial)
            rank = next((item.rank for item in ordered if _holds_evidence(observation.question, item)), None)
            ranks.setdefault(observation.question.source, []).append(1.0 / rank if rank else 0.0)
        values[worth] = float(np.mean([np.mean(some) for some in ranks.values()]))
    best = min(worth for worth, value in values.items() if value >= max(values.values()) - NEARLY)
    return replace(base, rerank=best), {"MRR, search": round(values[0.0], 3), "MRR, read": round(values[best], 3)}


def fit_confidence(observations: Sequence[Observation], base: Calibration) -> tuple[Calibration, dict[str, object]]:
    """Fit the confidence; figures by set, of cross-validation by subject."""
    observations = [o for o in observations if o.question.source != "policyqa"]  # has no questions without an answer
    signals = np.array([_signals(observation, base) for observation in observations])
    labels = np.array([o.question.answerable for o in observations])
    sources = np.array([o.question.source for o in observations])
    groups = [f"{o.question.source} {o.question.group}" for o in observations]
    weight = _balance(sources, labels)
    predicted = np.zeros(len(labels))
    for train, test in GroupKFold(5).split(signals, labels, groups):
        model = LogisticRegression(C=1.0, max_iter=2000).fit(signals[train], labels[train], sample_weight=weight[train])
        predicted[test] = model.predict_proba(signals[test])[:, 1]
    model = LogisticRegression(C=1.0, max_iter=2000).fit(signals, labels, sample_weight=weight)
    figures: dict[str, object] = {}
    for source in sorted({source for source in sources if not labels[sources == source].all()}):
        chosen = sources == source
        figures[source] = {"auroc": round(float(roc_auc_score(labels[chosen], predicted[chosen])), 3)}
    return replace(base, weights=tuple(float(weight) for weight in model.coef_[0]), bias=float(model.intercept_[0])), figures


def fit_scale(dev: Sequence[Observation], base: Calibration) -> Calibration:
    """Scale and shift the odds to what they mean for people's questions (Platt 1999), which moves no question before another.

    Labelled training questions share more words with their passages than people's do, so that their odds are too low for these.
    Where higher odds do not go with answers at all, nothing is changed.
    """
    odds = np.array([[base.odds(_signals(observation, base))] for observation in dev])
    model = LogisticRegression(C=1.0).fit(odds, [observation.question.answerable for observation in dev])
    scale, shift = float(model.coef_[0][0]), float(model.intercept_[0])
    if scale <= 0.0:
        return base
    return replace(base, weights=tuple(scale * weight for weight in base.weights), bias=scale * base.bias + shift)


def fit_threshold(dev: Sequence[Observation], base: Calibration, risk: float) -> tuple[Calibration, dict[str, float]]:
    """Choose the lowest threshold at which answers are expected to be to questions without one in the share `risk`, or less.

    What is expected is the mean of what the confidences lack to 1, of which `fit_scale` has made probabilities. Counting the
    questions without an answer instead would let the places of the few that come near decide.
    """
    confidences = np.array([base.confidence(_signals(observation, base)) for observation in dev])
    labels = np.array([observation.question.answerable for observation in dev])
    falling = np.append(np.sort(confidences)[::-1], 0.0)
    expected = np.cumsum(1.0 - falling[:-1]) / np.arange(1, len(labels) + 1)
    enough = int((expected <= risk).sum())  # it never falls
    # Half-way between the last that is answered and the next one below it.
    threshold = float(falling[enough - 1] + falling[enough]) / 2 if enough else float(falling[0] + 1.0) / 2
    answered = confidences >= threshold
    reached = round(float((answered & ~labels).sum() / max(1, answered.sum())), 4)
    figures = {
        "auroc": round(float(roc_auc_score(labels, confidences)), 3),
        "answered": round(float(answered[labels].mean()), 3),
        "false answers": round(float(answered[~labels].mean()), 3),
        "risk": reached,
        "expected risk": round(float(expected[enough - 1]), 4) if enough else 0.0,
        "questions": len(dev),
    }
    return replace(base, threshold=threshold, risk=reached), figures


def _signals(observation: Observation, base: Calibration) -> tuple[float, ...]:
    ranked = rerank(observation.retrieved, observation.readings, base)
    return confidence_signals(observation.asked, ranked[: len(observation.readings)], observation.readings)


def _balance(sources: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Give each set the same say, and within it both kinds of question."""
    weight = np.zeros(len(labels))
    for source in set(sources):
        for label in (True, False):
            chosen = (sources == source) & (labels == label)
            if chosen.any():
                weight[chosen] = 1.0 / chosen.sum()
    balanced: np.ndarray = weight * len(labels) / weight.sum()
    return balanced


def fit_choice(observations: Sequence[Observation], base: Calibration) -> tuple[Calibration, dict[str, float]]:
    """Choose margin and floor: the greatest citation recall, in characters, at a precision of at least `PRECISION`.

    Questions that ask for one thing have a margin of their own, at a precision of at least `PRECISION_OF_ONE`: one sentence
    answers most of them, and what stands beside it only hides it.
    """
    known = [o for o in observations if _has_read_evidence(o)]
    factoids = [o for o in known if asks_for_one(o.asked)]
    single = max((margin for margin in _MARGINS if _is_precise(factoids, replace(base, single=margin))), default=0.0)
    best: tuple[float, float, Calibration] | None = None
    for margin in _MARGINS:
        for floor in (-30.0, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0):
            trial = replace(base, margin=margin, floor=floor, single=single)
            precision, recall = np.mean([_overlap(o, trial) for o in known], axis=0)
            if best is None or (precision >= PRECISION and recall > best[1]):
                best = (float(precision), float(recall), trial)
    assert best is not None
    precision, recall, chosen = best
    figures = {"precision": round(precision, 3), "recall": round(recall, 3), "questions": len(known)}
    return chosen, figures | {"ask for one thing": len(factoids)}


_MARGINS = tuple(round(0.1 * step, 1) for step in range(41))


def _is_precise(observations: Sequence[Observation], calibration: Calibration) -> bool:
    return float(np.mean([_overlap(o, calibration)[0] for o in observations])) >= PRECISION_OF_ONE


def fit_sure(observations: Sequence[Observation], base: Calibration) -> tuple[Calibration, dict[str, float]]:
    """Choose the margin from which the shortest answer to a question for one thing is marked.

    It is the lowest at which `SURE` of the marked are right.
    """
    found: list[tuple[float, bool]] = []
    for observation in observations:
        answers = observation.question.answers
        if not observation.readings or not asks_for_one(observation.asked):
            continue
        if observation.question.answerable and not answers:  # the right stretch is not known
            continue
        if base.confidence(_signals(observation, base)) < base.threshold:
            continue
        item, reading = max(
            zip(observation.retrieved, observation.readings, strict=False),
            key=lambda pair: max(pair[1].sentences, default=-99.0),
        )
        if reading.span is None:
            continue
        text = item.passage.between(*reading.span)
        is_right = observation.question.answerable and any(_alike(text, answer) for answer in answers)
        found.append((reading.span_margin, is_right))
    found.sort(reverse=True)
    right = np.cumsum([is_right for _, is_right in found])
    enough = [place for place in range(len(found)) if right[place] >= SURE * (place + 1) and place >= 20]
    if not enough:
        return base, {"questions": len(found)}
    last = enough[-1]
    figures = {"right": round(float(right[last]) / (last + 1), 3), "marked": last + 1, "questions": len(found)}
    return replace(base, sure=round(found[last][0], 3)), figures


def _alike(text: str, answer: str) -> bool:
    """Whether two short answers share at least half their words (token F1, as SQuAD counts it)."""
    first, second = (re.findall(r"[^\W_]+", one.lower()) for one in (text, answer))
    shared = len(set(first) & set(second))
    return 2 * shared >= 0.5 * (len(set(first)) + len(set(second))) and shared > 0


def _has_read_evidence(observation: Observation) -> bool:
    read = observation.retrieved[: len(observation.readings)]
    return any(_holds_evidence(observation.question, item) for item in read)


def _holds_evidence(question: LabelledQuestion, item: Retrieved) -> bool:
    return any(is_evidence(question, item.document, start, end) for start, end in item.passage.sentences)


def _overlap(observation: Observation, calibration: Calibration) -> tuple[float, float]:
    """Return citation precision and recall, in characters, of what would be cited."""
    cited: set[tuple[str, int]] = set()
    read = observation.retrieved[: len(observation.readings)]
    for one in choose(read, observation.readings, calibration, asks_for_one(observation.asked)):
        cited.update((one.item.document, offset) for offset in range(*one.span))
    wanted = {(name, offset) for name, start, end in observation.question.evidence for offset in range(start, end)}
    shared = len(cited & wanted)
    return (shared / len(cited) if cited else 0.0, shared / len(wanted))


def save(options: argparse.Namespace, calibration: Calibration, figures: dict[str, object]) -> None:
    """Write the calibration of one reader into the file, beside those of others, and print it."""
    path: Path = options.output
    stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    command = (
        f"python -m assistant.calibrate --reader {options.reader} --questions {options.questions} "
        f"--risk {options.risk} --seed {options.seed}"
    )
    stored[options.reader] = {"fitted": asdict(calibration), "measured": figures, "command": command}
    path.write_text(json.dumps(stored, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(stored[options.reader], indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(run(main))
