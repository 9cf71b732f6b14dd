"""What the odds mean in a conversation: observed through the real index and reader, and fitted."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scripted import BY_HAND
from small_sets import SUBJECTS, write_sets

from assistant.calibrate_spoken import Asked, document_of, fit_spoken, observe_spoken
from assistant.calibration import load_calibration
from assistant.reader.conversations import read_conversations
from index import SentenceTransformerEmbeddings


def drawn(shift: float, count: int = 4000) -> list[Asked]:
    """Return questions whose odds promise too much by `shift`, a third of them without an answer."""
    rng = np.random.default_rng(7)
    labels = rng.random(count) < 2 / 3
    true = np.where(labels, 1.5, -1.5) + rng.normal(0.0, math.sqrt(3.0), count)  # log-odds of two normals, but for the prior
    return [Asked(float(odds) + math.log(2.0) + shift, bool(label)) for odds, label in zip(true, labels, strict=True)]


def test_odds_that_promise_too_much_are_shifted_to_what_they_mean() -> None:
    calibration = replace(BY_HAND, threshold=0.5)
    fitted, figures = fit_spoken(drawn(shift=2.0), calibration)
    scale, shift = fitted.spoken
    assert scale == pytest.approx(1.0, abs=0.1) and shift == pytest.approx(-2.0, abs=0.2)
    assert figures["false answers"] < figures["false answers without"] - 0.2
    assert figures["questions"] == 4000 and 0.75 < figures["auroc"] < 1.0
    assert replace(fitted, spoken=calibration.spoken) == calibration


def test_odds_that_say_nothing_and_questions_of_one_kind_change_nothing() -> None:
    upside_down = [Asked(-one.odds, one.answerable) for one in drawn(0.0, 400)]
    assert fit_spoken(upside_down, BY_HAND)[0] == BY_HAND
    answered = [one for one in drawn(0.0, 100) if one.answerable]
    assert fit_spoken(answered, BY_HAND) == (BY_HAND, {"questions": len(answered)})


def test_every_follow_up_is_asked_of_its_document_after_what_was_said(
    tmp_path: Path, embedder: SentenceTransformerEmbeddings
) -> None:
    conversations = read_conversations("held", write_sets(tmp_path))
    document = document_of(conversations[0])
    assert document.name == "bees.md" and document.text.startswith("# One\n\nThe bees of place 0 have 2 legs.")
    asked = observe_spoken(conversations, "footnote", load_calibration("footnote"), embedder, tmp_path)
    assert [one.answerable for one in asked] == [True, False] * len(SUBJECTS)
    answered, others = ([one.odds for one in asked if one.answerable is kind] for kind in (True, False))
    assert np.mean(answered) > np.mean(others)
