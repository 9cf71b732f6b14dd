"""From scores to a probability and a decision: fitted by `python -m assistant.calibrate`, kept in `calibration.json`.

`confidence` is the probability that the documents answer the question: a logistic function of a few signals of the best
passages (Platt 1999). One threshold decides, with a meaning: on held-back questions that their documents do not answer, at
most the given share gets an answer.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.reader.protocol import PassageReading
from index import Retrieved

CALIBRATION_FILE = Path(__file__).with_name("calibration.json")

SIGNALS = ("best reading", "second reading", "best cosine", "best sentence share")
"""What `confidence_signals` returns, in order."""


@dataclass(frozen=True)
class Calibration:
    """The fitted numbers of one reader.

    Attributes:
        weights: Of each of `SIGNALS`, for the logarithm of the odds that the question is answered.
        bias: Of the same.
        threshold: The confidence from which a question is answered.
        false_answer_rate: The share of answers among held-back questions without one, at the threshold.
        margin: A sentence is cited with the best one if its score is at most this much lower.
        floor: And at least this.
        sentence: Weights of the similarity reader's features; empty for other readers.
        sentence_bias: Of the same.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    false_answer_rate: float
    margin: float
    floor: float
    sentence: tuple[float, ...] = ()
    sentence_bias: float = 0.0

    def confidence(self, signals: Sequence[float]) -> float:
        """Return the probability, 0..1, that the question is answered."""
        odds = self.bias + sum(weight * signal for weight, signal in zip(self.weights, signals, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


def confidence_signals(retrieved: Sequence[Retrieved], readings: Sequence[PassageReading]) -> tuple[float, ...]:
    """Return the values of `SIGNALS` for what was found and read; passages and readings go in pairs."""
    if not readings:
        return (-10.0, -10.0, 0.0, 0.0)
    answers = sorted((max(reading.answers, -10.0) for reading in readings), reverse=True)
    cosine = max((item.signals.get("dense", 0.0) for item in retrieved), default=0.0)
    sentences = np.array([score for reading in readings for score in reading.sentences] or [-10.0])
    near = float(np.mean(sentences >= sentences.max() - 1.0))
    return (answers[0], answers[1] if len(answers) > 1 else -10.0, cosine, near)


def load_calibration(name: str, path: Path = CALIBRATION_FILE) -> Calibration:
    """Return the calibration of the reader called `name`.

    :raises KeyError: the reader has never been calibrated.
    """
    stored = json.loads(path.read_text(encoding="utf-8"))[name]
    return Calibration(**{key: tuple(value) if isinstance(value, list) else value for key, value in stored["fitted"].items()})
