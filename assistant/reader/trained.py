"""Read passages for a question: does each answer, which sentences do, and what is the shortest answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.reader.network import Network, OnnxNetwork, Scores
from assistant.reader.pairs import Context, Doubt, EncodedPair, PairEncoder
from corpus import Span
from corpus.errors import ModelError
from corpus.tokens import packaged_model_folder

CONFIG = "reader.json"
WEIGHTS_FOLDER = Path(__file__).with_name("weights")
"""The weights that are shipped."""

_UNREAD = -20.0  # the score of a sentence that was cut away, well below any that was read


@dataclass(frozen=True)
class ReaderConfig:
    """What is needed to run the weights.

    Attributes:
        max_tokens: Of a question and a passage together; a longer passage is cut.
        answer_tokens: The longest short answer.
        batch: Pairs read at once.
    """

    max_tokens: int = 256
    answer_tokens: int = 30
    batch: int = 16


@dataclass(frozen=True)
class Reading:
    """What the reader thinks of one passage.

    `answerable_logit` and `sentence_logits` are log-odds, above 0 for more likely than not (uncalibrated); a sentence
    beyond the token limit scores -20. `answer_span` is (start, end, margin): characters of the passage's text, and by how
    much it beats "no answer here"; None if no text was read. `doubts` are of the question's tokens, in their order.
    """

    answerable_logit: float
    sentence_logits: list[float]
    answer_span: tuple[int, int, float] | None
    doubts: tuple[Doubt, ...] = ()


def read_config(folder: Path) -> ReaderConfig:
    """Return the configuration beside the weights in `folder`.

    :raises ModelError: it is missing or of another form.
    """
    try:
        return ReaderConfig(**json.loads((folder / CONFIG).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{folder} holds no reader: {CONFIG} cannot be used ({error}).") from error


class TrainedReader:
    """The project's reader. It keeps no state between calls, so threads may share it."""

    def __init__(self, network: Network, config: ReaderConfig) -> None:
        self._network = network
        self._config = config
        self._encoder = PairEncoder(packaged_model_folder(), config.max_tokens)

    @classmethod
    def load(cls, folder: Path = WEIGHTS_FOLDER, wrap: Callable[[Network], Network] | None = None) -> TrainedReader:
        """Load the ONNX weights in `folder`.

        :param wrap: Is given the network and returns what is used in its place.
        :raises ModelError: they are missing or damaged, or the package with the base model is not installed.
        """
        config = read_config(folder)
        network = OnnxNetwork(folder, packaged_model_folder())
        return cls(wrap(network) if wrap else network, config)

    def read(self, question: str, contexts: Sequence[Context]) -> list[Reading]:
        """One reading for each context, in the order given."""
        return self.read_pairs([(question, context) for context in contexts])

    def read_pairs(self, pairs: Sequence[tuple[str, Context]]) -> list[Reading]:
        """Like `read` for (question, context) pairs of different questions, batched by length."""
        encoded = [self._encoder.encode(question, heading, text) for question, (heading, text, _) in pairs]
        order = sorted(range(len(pairs)), key=lambda index: len(encoded[index].ids))
        readings: dict[int, Reading] = {}
        for at in range(0, len(order), self._config.batch):
            part = order[at : at + self._config.batch]
            scores = self._network.scores([encoded[index] for index in part])
            for row, index in enumerate(part):
                readings[index] = self._reading(encoded[index], pairs[index][1][2], Scores(*(column[row] for column in scores)))
        return [readings[index] for index in range(len(pairs))]

    def _reading(
        self,
        pair: EncodedPair,
        sentences: Sequence[Span],
        scores: Scores,
    ) -> Reading:
        places = [place for place, ok in enumerate(pair.inside) if ok]
        logits = [_mean(scores.evidence, [at for at in places if start <= pair.spans[at][0] < end]) for start, end in sentences]
        best = best_span(scores.starts, scores.ends, places, self._config.answer_tokens)
        answer = None if best is None else (max(0, pair.spans[best[0]][0]), pair.spans[best[1]][1], best[2])
        doubts = [(*pair.spans[at], float(scores.doubt[at])) for at, is_asked in enumerate(pair.asked) if is_asked]
        return Reading(float(scores.answerable), logits, answer, tuple(doubts))


def _mean(evidence: np.ndarray, places: Sequence[int]) -> float:
    return float(evidence[list(places)].mean()) if places else _UNREAD


def best_span(starts: np.ndarray, ends: np.ndarray, places: Sequence[int], longest: int) -> tuple[int, int, float] | None:
    """The best-scored answer: first and last token place, and its margin over "no answer"; None without text tokens.

    `places` are neighbouring token places of the text, in order; `longest` is in tokens.
    """
    if not places:
        return None
    first, last = places[0], places[-1] + 1
    size = last - first
    pairs = starts[first:last, None] + ends[None, first:last]
    allowed = np.triu(np.ones((size, size), dtype=bool)) & np.tril(np.ones((size, size), dtype=bool), longest - 1)
    pairs = np.where(allowed, pairs, -np.inf)
    start, end = divmod(int(pairs.argmax()), size)
    return first + start, first + end, float(pairs[start, end] - starts[0] - ends[0])
