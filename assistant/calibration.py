"""From scores to a probability and a decision: fitted by `python -m assistant.calibrate`, kept in `calibration.json`.

`confidence` is the probability that the documents answer the question: a logistic function of a few signals of the best
passages (Platt 1999). One threshold decides, with a meaning: at most 1 in 20 answers is to a question that the documents do
not answer, over the evaluation cases on which it may be chosen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.reader.protocol import SentenceWeights
from assistant.signals import SIGNALS
from corpus.errors import ModelError

CALIBRATION_FILE = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True)
class Calibration:
    """The fitted numbers of one reader.

    Attributes:
        weights: Of each of `SIGNALS`, for the logarithm of the odds that the question is answered.
        bias: Of the same.
        threshold: The confidence from which a question is answered.
        risk: The share of the answers, over the dev cases at the threshold, that are to questions without one.
        margin: A sentence is cited with the best one if its score is at most this much lower.
        floor: And at least this.
        single: The margin for questions that ask for one thing (see `listing.asks_for_one`); None for the same.
        sentence: Weights of the reader's sentence features.
        sentence_bias: Of the same.
        rerank: What one point of a passage's reading is worth in points of the search's score.
        reach: A passage whose search score is lower than the best one's by more is not read.
        sure: The margin from which the shortest stretch that answers is marked; None where the reader finds none.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    risk: float
    margin: float
    floor: float
    single: float | None = None
    sentence: tuple[float, ...] = ()
    sentence_bias: float = 0.0
    rerank: float = 0.0
    reach: float = 1e9
    sure: float | None = None

    @property
    def sentence_weights(self) -> SentenceWeights:
        """What makes scores of the reader's sentence features."""
        return SentenceWeights(self.sentence, self.sentence_bias)

    def confidence(self, signals: Sequence[float]) -> float:
        """Return the probability, 0..1, that the question is answered."""
        return probability(self.odds(signals))

    def odds(self, signals: Sequence[float]) -> float:
        """Return the logarithm of the odds of the same."""
        return self.bias + sum(weight * signal for weight, signal in zip(self.weights, signals, strict=True))


def probability(odds: float) -> float:
    """Return the probability, 0..1, of which `odds` is the logarithm of the odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


_REMEDY = "Fit it with `python -m assistant.calibrate`, or install Footnote afresh."


def calibrated_readers(path: Path = CALIBRATION_FILE) -> list[str]:
    """Return the names of the readers that have a calibration.

    :raises ModelError: the file is missing or damaged.
    """
    return sorted(_stored(path))


def _stored(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"The calibration {path} cannot be read: {error.strerror}. {_REMEDY}") from error
    except ValueError as error:
        raise ModelError(f"The calibration {path} is damaged: {error}. {_REMEDY}") from error


def load_calibration(name: str, path: Path = CALIBRATION_FILE) -> Calibration:
    """Return the calibration of the reader called `name`.

    :raises ModelError: the file is missing or damaged, or the reader has never been calibrated.
    """
    stored = _stored(path)
    if not isinstance(stored, dict) or name not in stored:
        known = ", ".join(sorted(stored)) if isinstance(stored, dict) else ""
        raise ModelError(f"The reader {name!r} has no calibration in {path} (it holds {known or 'none'}). {_REMEDY}")
    try:
        fitted: Any = stored[name]["fitted"].items()
        values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in fitted}
        calibration = Calibration(**values)
        weights = len(calibration.weights)
    except (AttributeError, KeyError, TypeError) as error:
        raise ModelError(f"The calibration of {name!r} in {path} is of another form: {error}. {_REMEDY}") from error
    if weights != len(SIGNALS):
        raise ModelError(
            f"The calibration of {name!r} in {path} has {weights} weights, and {len(SIGNALS)} were expected. {_REMEDY}"
        )
    return calibration
