"""Selects the words of a conversation that a follow-up needs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.calibration import probability
from assistant.reader.network import Network
from assistant.reader.pairs import PairEncoder
from assistant.terms.conversation import conversation_text, words_of
from corpus.tokens import packaged_model_folder
from index.lexical import content_stems

MAX_TOKENS = 256

STANDS_ALONE = 0.0
"""Log-odds that a question needs the conversation below which it is left alone."""


class TermSelector:
    """Weighs the words of a conversation. It keeps no state between calls, so threads may share it."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._encoder = PairEncoder(packaged_model_folder(), MAX_TOKENS)

    def weigh(self, question: str, history: Sequence[tuple[bool, str]]) -> dict[str, float]:
        """Return how surely, 0..1, the question needs each of the history's words, by stem, those it has itself left out.

        Nothing for a question that stands alone.

        :param history: Oldest first: whether a person said it, and what.
        """
        text = conversation_text(history)
        if not text:
            return {}
        pair = self._encoder.encode(question, "", text)
        scores = self._network.scores([pair])
        if scores.answerable[0] < STANDS_ALONE:
            return {}
        logits = scores.evidence[0]
        own = set(content_stems(question))
        weights: dict[str, float] = {}
        for (start, end), stem in words_of(text):
            places = [place for place, span in enumerate(pair.spans) if pair.inside[place] and start <= span[0] < end]
            if places and stem not in own:
                logit = float(np.mean(logits[places]))
                weights[stem] = max(weights.get(stem, 0.0), probability(logit))
        return weights
