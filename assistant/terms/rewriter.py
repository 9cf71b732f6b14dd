"""Writes a follow-up out: the selector says which words of the conversation it needs, and they are put in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from assistant.reader.network import OnnxNetwork
from assistant.terms.rewriting import framed, rewritten
from assistant.terms.selector import TermSelector
from corpus.tokens import packaged_model_folder

WEIGHTS_FOLDER = Path(__file__).with_name("weights")
"""The weights that are shipped."""

THRESHOLD = 0.35
"""The weight from which a word is taken along: best F1 on held-back follow-ups (see docs/log.md)."""

THRESHOLD_BEFORE = 0.5
"""The same for the questions before the last: a wrong word in one of them misleads all that follow."""

FRAMED = 0.4
"""The same for a question that is put into the one before it."""

MOST_TURNS = 12
"""Turns that are looked at; the network's window holds hardly more."""

_KEPT = 1024  # turns whose words are kept: each question of a conversation writes out those before it again


class Rewriter:
    """Writes follow-ups out. Loads its network with the first one; threads may share it."""

    def __init__(self, folder: Path = WEIGHTS_FOLDER) -> None:
        self._folder = folder
        self._weigh = lru_cache(maxsize=_KEPT)(lambda question, said: self._selector.weigh(question, said))

    @cached_property
    def _selector(self) -> TermSelector:
        return TermSelector(OnnxNetwork(self._folder, packaged_model_folder()))

    def rewrite(self, question: str, history: Sequence[tuple[bool, str]]) -> str:
        """Return the question with the words that it needs, or as it is where it needs none.

        The questions before it are written out first, each from those before it: what the talk is about is often named once.

        :param history: Oldest first: whether a person said it, and what.
        :raises ModelError: the weights are missing or damaged.
        """
        said: list[tuple[bool, str]] = []
        for is_asked, text in history[-MOST_TURNS:]:
            said.append((is_asked, self._written(text, said, THRESHOLD_BEFORE) if is_asked else text))
        return self._written(question, said, THRESHOLD)

    def _written(self, question: str, said: Sequence[tuple[bool, str]], threshold: float) -> str:
        if not said:
            return question
        weights = self._weigh(question, tuple(said))
        needed = {stem for stem, weight in weights.items() if weight >= threshold}
        # What was asked names the subject as a question would; what was answered is taken where only that has the word.
        ordered = [*(text for is_asked, text in said if not is_asked), *(text for is_asked, text in said if is_asked)]
        asked = [text for is_asked, text in said if is_asked]
        framing = framed(question, asked[-1], weights, FRAMED) if asked else None
        return framing or rewritten(question, ordered, needed)
