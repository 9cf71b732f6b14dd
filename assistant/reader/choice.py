"""Makes the reader that is set, with its calibration."""

from __future__ import annotations

from assistant.calibration import Calibration, calibrated_readers, load_calibration
from assistant.reader import joint, none, similarity
from assistant.reader.cross_encoder import UNFITTED, CrossEncoderReader
from assistant.reader.joint import JointReader
from assistant.reader.nearness import Nearness
from assistant.reader.none import NoReader
from assistant.reader.protocol import MeasuringReader, SentenceWeights
from assistant.reader.similarity import SimilarityReader
from assistant.reader.words import WordCounts
from assistant.signals import SIGNALS
from index import Embedder

BUILT_IN = (joint.NAME, similarity.NAME, none.NAME)
"""The readers that need no other model."""

UNCALIBRATED = Calibration(
    weights=tuple(float(signal == "first reading") for signal in SIGNALS),
    bias=0.0,
    threshold=0.5,
    risk=0.5,
    margin=1.5,
    floor=-30.0,
    sentence=UNFITTED.sentence,
    rerank=0.05,
)
"""For a cross-encoder of which nothing is known: it answers where its own score says "more likely than not"."""


def make_reader(name: str, embedder: Embedder, counts: WordCounts, weights: SentenceWeights | None = None) -> MeasuringReader:
    """Return a reader by its name in the settings. Loads no weights: the first question does.

    :param name: `footnote` for the shipped one, `similarity`, `none`, or the name or folder of a cross-encoder.
    :param weights: Of the sentences' features; what fits the reader roughly if None.
    """
    if name == similarity.NAME:
        return SimilarityReader(embedder, counts, weights or similarity.UNFITTED)
    if name == joint.NAME:
        return JointReader(counts, weights or joint.UNFITTED, near=Nearness(embedder))
    if name == none.NAME:
        return NoReader(weights or none.UNFITTED)
    return CrossEncoderReader(name, weights or UNFITTED)


def calibrated_reader(name: str, embedder: Embedder, counts: WordCounts) -> tuple[MeasuringReader, Calibration]:
    """Return the reader and its calibration; a cross-encoder that was never calibrated gets `UNCALIBRATED`.

    :raises ModelError: the calibration is missing or damaged.
    """
    known = name in BUILT_IN or name in calibrated_readers()
    calibration = load_calibration(name) if known else UNCALIBRATED
    return make_reader(name, embedder, counts, calibration.sentence_weights), calibration
