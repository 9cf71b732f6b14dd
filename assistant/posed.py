"""Questions that a document asks: what answers them stands right behind, and they answer nothing themselves.

"Can I bring my own pillow? Yes, if it is clean." A reader finds the question, which has all of the words; what a person wants
to be shown is the answer to it, and of a short answer the question.
"""

from __future__ import annotations

import re

from corpus import Passage, Span
from corpus.blocks import BLANK_LINE

_QUESTION = re.compile(r"[?？][\"'”’»)\]*_]*$")
_ABOUT_QUESTIONS = re.compile(r"\b(?:questions?|ask(?:s|ed|ing)?|queries|query|faqs?)\b", re.IGNORECASE)
_SHORT = 6  # words of an answer that says little without its question
_BARE = 2  # words of an answer, "Yes.", that goes on in the next sentence


def asks_for_questions(question: str) -> bool:
    """Whether a person asks for questions, "Which questions are open?", which are the answer then."""
    return _ABOUT_QUESTIONS.search(question) is not None


def cited_with(passage: Passage, position: int) -> tuple[int, ...]:
    """Return which sentences of a passage are cited where one of them answers: that one, a question's answer, its question.

    Nothing for a question that the passage does not answer.
    """
    if _is_question(passage, position):
        answers = _answer(passage, position)
        return (position, *answers) if answers else ()
    before = position - 1
    is_short = len(passage.between(*passage.sentences[position]).split()) <= _SHORT
    if position and is_short and _is_question(passage, before) and position in _answer(passage, before):
        return before, *_answer(passage, before)
    return (position,)


def _answer(passage: Passage, position: int) -> tuple[int, ...]:
    """Return the sentences that answer a question of a passage; nothing where another question follows, or another paragraph.

    Behind a question that is a paragraph of its own, the answer begins the next one.
    """
    spans = passage.sentences
    first = position + 1
    if first >= len(spans) or _is_question(passage, first):
        return ()
    is_alone = not position or not share_paragraph(passage, spans[position - 1], spans[position])
    if not is_alone and not share_paragraph(passage, spans[position], spans[first]):
        return ()
    is_bare = len(passage.between(*spans[first]).split()) <= _BARE
    goes_on = first + 1 < len(spans) and share_paragraph(passage, spans[first], spans[first + 1])
    return (first, first + 1) if is_bare and goes_on and not _is_question(passage, first + 1) else (first,)


def _is_question(passage: Passage, position: int) -> bool:
    return _QUESTION.search(passage.between(*passage.sentences[position])) is not None


def share_paragraph(passage: Passage, one: Span, other: Span) -> bool:
    """Whether a sentence of a passage stands in one paragraph with another that comes later."""
    return BLANK_LINE.search(passage.between(one[1], other[0])) is None
