"""Writes a follow-up out: the selector says which words of the conversation it needs, and they are put in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from assistant.reader.network import OnnxNetwork
from assistant.terms.rewriting import rewritten
from assistant.terms.selector import TermSelector
from corpus.tokens import packaged_model_folder

WEIGHTS_FOLDER = Path(__file__).with_name("weights")
"""The weights that are shipped."""

THRESHOLD = 0.4
"""The weight from which a word is taken along: best F1 on the held-back follow-ups (see docs/log.md)."""


class Rewriter:
    """Writes follow-ups out. Loads its network with the first one; threads may share it."""

    def __init__(self, folder: Path = WEIGHTS_FOLDER) -> None:
        self._folder = folder

    @cached_property
    def _selector(self) -> TermSelector:
        return TermSelector(OnnxNetwork(self._folder, packaged_model_folder()))

    def rewrite(self, question: str, history: Sequence[tuple[bool, str]]) -> str:
        """Return the question with the words that it needs, or as it is where it needs none.

        :param history: Oldest first: whether a person said it, and what.
        :raises ModelError: the weights are missing or damaged.
        """
        if not history:
            return question
        weights = self._selector.weigh(question, history)
        needed = {stem for stem, weight in weights.items() if weight >= THRESHOLD}
        return rewritten(question, [text for _, text in history], needed)
