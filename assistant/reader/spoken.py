"""A follow-up as it is read: with what was asked and answered before it, so that "And the other kind?" asks something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.reader.pairs import LONGEST_QUESTION

Exchange = tuple[str, str]
"""What was asked, and what was answered."""


@dataclass(frozen=True)
class Spoken:
    """A question as it was asked in a conversation.

    Attributes:
        question: The question.
        before: What was said before, oldest first.
    """

    question: str
    before: tuple[Exchange, ...]

    @property
    def text(self) -> str:
        """What is read of it (see `spoken`)."""
        return spoken(self.question, self.before)


_BAR = " | "
_LAST, _EARLIER = 90, 60  # characters of the questions before, at most
_LEAST = 12  # fewer characters of anything say nothing


def spoken(question: str, before: Sequence[Exchange]) -> str:
    """Return the text that is read for a question in a conversation; the question as it is, if nothing was said before.

    It is the question before the last, the last one, its answer, and the question itself, with bars between them.

    It is never longer than what is read of a question; of what was said before, the questions go first, and the answer has what
    room they leave.

    :param before: Oldest first; the last two count.
    """
    parts = [question]
    room = LONGEST_QUESTION - len(question)
    if before:
        asked, answered = before[-1]
        earlier = before[-2][0] if len(before) > 1 else ""
        texts: list[str] = []
        for text, most in ((asked, _LAST), (earlier, _EARLIER), (answered, room)):
            texts.append(_cut(text, min(most, room - len(_BAR))))
            room -= len(texts[-1]) + len(_BAR) * bool(texts[-1])
        last, earlier, said = texts
        parts = [earlier, last, said, question]
    return _BAR.join(part for part in parts if part)


def _cut(text: str, most: int) -> str:
    """Return a text of at most so many characters: its beginning and its end, where what it is about and what it says stand."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    if most < _LEAST:
        return ""
    end = most // 3
    return f"{text[: most - end - 3].rstrip()} … {text[len(text) - end :].lstrip()}"
