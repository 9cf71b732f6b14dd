"""Turns (question, passage) pairs into the reader's tokens, with the tokenizer library alone: torch is not imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from corpus import Span

LONGEST_QUESTION = 300
"""Characters of a question that are read, so that it never fills the window."""

Context = tuple[str, str, Sequence[Span]]
"""A passage to read: its heading path, its text, and the spans of its sentences in the text."""


Doubt = tuple[int, int, float]
"""A token of a question, by its first character and the one after its last, and the log-odds that a passage does not answer
because of it."""


@dataclass(frozen=True)
class EncodedPair:
    """One tokenised pair. Every list has one entry a token.

    Attributes:
        ids: Word pieces.
        kinds: 0 in the question, 1 in the passage.
        inside: Whether the token belongs to the passage's text, not to its heading.
        asked: Whether it belongs to the question.
        spans: Characters of the passage's text, or of the question.
    """

    ids: list[int]
    kinds: list[int]
    inside: list[bool]
    asked: list[bool]
    spans: list[Span]


class PairEncoder:
    """Tokenises pairs of at most `max_tokens`; of a longer one the passage's end is cut off, and that of a question which takes
    more than half of the room, as one of 300 Chinese characters does. Threads may share it."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        """
        :param folder: Of the base model, with its `tokenizer.json`.
        :param max_tokens: Word pieces of a pair, special ones included.
        """
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens, strategy="longest_first")

    def encode(self, question: str, heading: str, text: str) -> EncodedPair:
        """Return the tokens of a question with a passage under its heading."""
        passage, shift = passage_text(heading, text)
        encoding = self._tokenizer.encode(cut_question(question), passage)
        asked = [kind == 0 for kind in encoding.sequence_ids]
        spans = [
            span if is_asked else (span[0] - shift, span[1] - shift)
            for is_asked, span in zip(asked, encoding.offsets, strict=True)
        ]
        inside = [kind == 1 and end > 0 for kind, (_, end) in zip(encoding.sequence_ids, spans, strict=True)]
        return EncodedPair(encoding.ids, encoding.type_ids, inside, asked, spans)


def passage_text(heading: str, text: str) -> tuple[str, int]:
    """What the model reads for a passage, and at which character of it `text` begins."""
    prefix = f"{heading}: " if heading else ""
    return prefix + text, len(prefix)


def cut_question(question: str) -> str:
    """The question, at most 300 characters."""
    return question[:LONGEST_QUESTION]
