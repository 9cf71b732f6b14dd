"""Fit the numbers in `calibration.json`: from scores to a probability, a decision and a choice of sentences.

    python -m assistant.calibrate --data ../shared/training

Asks labelled questions of held-back training documents through the real index and the real reader, so that what is fitted
is what will be met. No benchmark and no case of ours is looked at. Deterministic by seed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from assistant.calibration import CALIBRATION_FILE, SIGNALS, Calibration, confidence_signals
from assistant.extractive import READ, choose
from assistant.reader.protocol import PassageReading
from assistant.reader.similarity import SimilarityReader, SimilarityWeights
from assistant.training_data import LabelledQuestion, labelled_sets
from index import PassageIndex, Retrieved, SentenceTransformerEmbeddings, Settings
from index.commands import run
from index.store import CANDIDATES

ANSWERED = 0.99
"""Share of the answerable questions that get an answer, which sets the threshold. Similarity cannot tell "about the
subject" from "answers the question"; what it can do is to decline what is about something else."""

PRECISION = 0.45
"""Sentences are added to an answer as long as this share of what is cited is evidence, over the questions of which evidence
was read at all: on the others there is nothing to choose."""


@dataclass
class Observation:
    """One labelled question with what was found for it and how it was read."""

    question: LabelledQuestion
    retrieved: list[Retrieved]
    readings: list[PassageReading]
    features: list[np.ndarray]


def main(arguments: list[str] | None = None) -> int:
    """Fit, print what was measured, write the file."""
    parser = argparse.ArgumentParser(prog="python -m assistant.calibrate", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/training"), metavar="DIR")
    parser.add_argument("--output", type=Path, default=CALIBRATION_FILE, metavar="FILE")
    parser.add_argument("--questions", type=int, default=120, metavar="N", help="questions of each set (default: 120)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    embedder = SentenceTransformerEmbeddings(Settings.from_environment().embedder)
    with tempfile.TemporaryDirectory() as folder:
        observations = observe(options, embedder, Path(folder))
    weights = fit_sentences(observations)
    for observation in observations:
        observation.readings = [weights.reading(features) for features in observation.features]
    calibration, figures = fit(observations)
    calibration = replace(calibration, sentence=weights.sentence, sentence_bias=weights.bias)
    save(options.output, SimilarityReader.name, calibration, figures, options)
    return 0


def observe(options: argparse.Namespace, embedder: SentenceTransformerEmbeddings, folder: Path) -> list[Observation]:
    """Ask every labelled question of an index of its set's documents."""
    observations: list[Observation] = []
    for made in labelled_sets(options.data, options.questions, options.seed):
        index = PassageIndex(folder / made.name, embedder, create=True)
        index.add(made.documents)
        reader = SimilarityReader(embedder, index)
        for number, question in enumerate(made.questions, 1):
            found = index.search(question.question, CANDIDATES // 2, documents=question.documents)[:READ]
            observations.append(Observation(question, found, [], reader.features(question.question, found)))
            if number % 50 == 0:
                sys.stderr.write(f"\r{made.name}: {number} of {len(made.questions)} questions")
        sys.stderr.write("\n")
        index.close()
    return observations


def is_evidence(question: LabelledQuestion, document: str, start: int, end: int) -> bool:
    """Whether evidence covers at least half of a sentence, or lies within it by more than half."""
    for name, first, last in question.evidence:
        shared = min(end, last) - max(start, first)
        if name == document and shared > 0.5 * min(end - start, last - first):
            return True
    return False


def fit_sentences(observations: Sequence[Observation]) -> SimilarityWeights:
    """Fit the similarity reader: which sentences are evidence, among those read for questions with known evidence."""
    rows: list[np.ndarray] = []
    labels: list[bool] = []
    for observation in observations:
        if not observation.question.evidence:
            continue
        for item, features in zip(observation.retrieved, observation.features, strict=True):
            for row, (start, end) in zip(features, item.passage.sentences, strict=True):
                rows.append(row)
                labels.append(is_evidence(observation.question, item.document, start, end))
    model = LogisticRegression(C=10.0, max_iter=1000).fit(np.array(rows), labels)
    sys.stdout.write(f"sentences {len(rows)}, evidence {sum(labels)}, weights {np.round(model.coef_[0], 2)}\n")
    return SimilarityWeights(tuple(float(weight) for weight in model.coef_[0]), float(model.intercept_[0]))


def fit(observations: Sequence[Observation]) -> tuple[Calibration, dict[str, object]]:
    """Fit confidence, threshold, margin and floor; return them with what was measured by cross-validation."""
    known = observations
    observations = [o for o in known if o.question.source != "policyqa"]  # it has no questions without an answer
    signals = np.array([confidence_signals(o.retrieved, o.readings) for o in observations])
    labels = np.array([o.question.answerable for o in observations])
    sources = np.array([o.question.source for o in observations])
    groups = [f"{o.question.source} {o.question.group}" for o in observations]
    weight = _balance(sources, labels)
    predicted = np.zeros(len(labels))
    for train, test in GroupKFold(5).split(signals, labels, groups):
        model = LogisticRegression(C=10.0, max_iter=1000).fit(signals[train], labels[train], sample_weight=weight[train])
        predicted[test] = model.predict_proba(signals[test])[:, 1]
    model = LogisticRegression(C=10.0, max_iter=1000).fit(signals, labels, sample_weight=weight)
    threshold = _quantile(predicted[labels], weight[labels], 1 - ANSWERED)
    answered = predicted >= threshold
    false_answers = float(np.average(answered[~labels], weights=weight[~labels]))
    figures: dict[str, object] = {"signals": list(SIGNALS)}
    for source in sorted({source for source in sources if not labels[sources == source].all()}):
        chosen = sources == source
        figures[source] = {
            "auroc": round(float(roc_auc_score(labels[chosen], predicted[chosen])), 3),
            "answered": round(float(answered[chosen & labels].mean()), 3),
            "false answers": round(float(answered[chosen & ~labels].mean()), 3),
        }
    base = Calibration(
        weights=tuple(float(weight) for weight in model.coef_[0]),
        bias=float(model.intercept_[0]),
        threshold=threshold,
        false_answer_rate=round(false_answers, 4),
        margin=0.0,
        floor=-30.0,
    )
    calibration, cited = fit_choice(known, base)
    figures["citations"] = cited
    return calibration, figures


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


def _quantile(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    """Return the value below which `share` of the weight lies."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][int(np.searchsorted(reached, share))])


def fit_choice(observations: Sequence[Observation], base: Calibration) -> tuple[Calibration, dict[str, float]]:
    """Choose margin and floor: the greatest citation recall, in characters, at a precision of at least `PRECISION`."""
    known = [o for o in observations if _has_read_evidence(o)]
    best: tuple[float, float, Calibration] | None = None
    for margin in np.arange(0.0, 3.01, 0.1):
        for floor in (-30.0, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0):
            trial = replace(base, margin=float(margin), floor=floor)
            precision, recall = np.mean([_overlap(o, trial) for o in known], axis=0)
            if best is None or (precision >= PRECISION and recall > best[1]):
                best = (float(precision), float(recall), trial)
    assert best is not None
    return best[2], {"precision": round(best[0], 3), "recall": round(best[1], 3), "questions": len(known)}


def _has_read_evidence(observation: Observation) -> bool:
    return any(
        is_evidence(observation.question, item.document, start, end)
        for item in observation.retrieved
        for start, end in item.passage.sentences
    )


def _overlap(observation: Observation, calibration: Calibration) -> tuple[float, float]:
    """Return citation precision and recall, in characters, of what would be cited."""
    cited: set[tuple[str, int]] = set()
    for item, (start, end) in choose(observation.retrieved, observation.readings, calibration):
        cited.update((item.document, offset) for offset in range(start, end))
    wanted = {(name, offset) for name, start, end in observation.question.evidence for offset in range(start, end)}
    shared = len(cited & wanted)
    return (shared / len(cited) if cited else 0.0, shared / len(wanted))


def save(path: Path, name: str, calibration: Calibration, figures: dict[str, object], options: argparse.Namespace) -> None:
    """Write the calibration of one reader into the file, beside those of others, and print it."""
    stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    command = f"python -m assistant.calibrate --questions {options.questions} --seed {options.seed}"
    stored[name] = {"fitted": asdict(calibration), "measured": figures, "command": command}
    path.write_text(json.dumps(stored, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(stored[name], indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(run(main))
