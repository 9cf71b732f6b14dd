"""A follow-up as it is read: with what was asked and answered before it, so that "And the other kind?" asks something."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.reader.pairs import LONGEST_QUESTION

Exchange = tuple[str, str]
"""What was asked, and what was answered."""

_BAR = " | "
_QUESTION = 90  # characters of a question before, at most
_LEAST = 12  # fewer characters of anything say nothing


def spoken(question: str, before: Sequence[Exchange]) -> str:
    """Return the text that is read for a question in a conversation; the question as it is, if nothing was said before.

    It is the question before the last, the last one, its answer, and the question itself, with bars between them.

    It is never longer than what is read of a question; of what was said before, the last question goes first, then its answer.

    :param before: Oldest first; the last two count.
    """
    room = LONGEST_QUESTION - len(question)
    parts: list[str] = []
    if before:
        asked, answered = before[-1]
        earlier = before[-2][0] if len(before) > 1 else ""
        last = _cut(asked, min(_QUESTION, room - len(_BAR)))
        room -= len(last) + len(_BAR)
        said = _cut(answered, room - len(_BAR))
        room -= len(said) + len(_BAR)
        parts = [_cut(earlier, min(_QUESTION, room - len(_BAR))), last, said]
    return _BAR.join([*(part for part in parts if part), question])


def _cut(text: str, most: int) -> str:
    """Return a text of at most so many characters: its beginning and its end, where what it is about and what it says stand."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    if most < _LEAST:
        return ""
    end = most // 3
    return f"{text[: most - end - 3].rstrip()} … {text[len(text) - end :].lstrip()}"
