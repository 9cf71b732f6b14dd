"""Resolves a follow-up against the conversation, first form: a question that leans on the last one is asked with it.

What is looked up is shown to the person as `searched_for`, so nothing is resolved behind their back.
"""

import re

from assistant.question import Question
from index.lexical import STOP_WORDS

_LEANING = re.compile(
    r"\b(it|its|they|them|their|theirs|those|these|this|that|he|she|him|his|her|hers|ones?|former|latter|both|i meant?|"
    r"(?<!is )(?<!are )(?<!was )there)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(and|but|or|so|then|why|what about|how about|what else|no|nope|not (that|this|those)|sorry|wrong|i mean|i meant)\b",
    re.IGNORECASE,
)
_TURNS_BACK = 3  # further back, the words of other subjects lead the search astray
_FEW_WORDS = 2  # words that carry a subject; a question of fewer does not stand alone


def resolve(question: Question) -> str:
    """Return what to look up for a question: itself, or with what the person asked before, back to what stands alone."""
    asked = [" ".join(turn.content.split()) for turn in question.history if turn.role == "user"]
    parts = [question.text]
    while asked and _leans(parts[0]) and len(parts) <= _TURNS_BACK:
        parts.insert(0, asked.pop())
    return " ".join(parts)


def leans(question: Question) -> bool:
    """Whether a question has a conversation before it and does not stand alone."""
    return any(turn.role == "user" for turn in question.history) and _leans(question.text)


def _leans(text: str) -> bool:
    subject = [word for word in re.findall(r"[^\W_]+", text.lower()) if word not in STOP_WORDS]
    return bool(_LEANING.search(text) or _OPENING.match(text)) or len(subject) < _FEW_WORDS
