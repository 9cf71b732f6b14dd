"""What goes in: a question, what was said before, and where to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpus.display import one_line
from corpus.errors import QuestionError

MAX_WORDS = 400
"""A longer question does not fit the models' windows: what it asks for would be decided by its beginning alone."""

MAX_CHARACTERS = 8_000
"""The same for writing without spaces."""


@dataclass(frozen=True)
class Turn:
    """One earlier turn of the conversation.

    Attributes:
        role: `user` or `assistant`.
        content: What was said.
        searched_for: Of an answer: what was looked up for it; empty if that is not known.
        citations: Of an answer: the places it cites, each a document's name, start and end; empty if they are not known.
    """

    role: str
    content: str
    searched_for: str = ""
    citations: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class Question:
    """A question with its circumstances.

    Attributes:
        text: The question, on one line, without control characters.
        history: Earlier turns, oldest first.
        documents: Names of the documents to look in; None for all.
        engine: Name of the engine to answer; None for the default.
        searched_for: What to look up, as a person put it who did not want what was made of their question; None to find out.
        pages: Of documents that it names pages of: their names with the numbers of these pages, which alone are looked at.
    """

    text: str
    history: tuple[Turn, ...] = ()
    documents: tuple[str, ...] | None = None
    engine: str | None = None
    searched_for: str | None = None
    pages: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @classmethod
    def of(cls, value: Question | str | Mapping[str, Any]) -> Question:
        """Make a question of a text, or of a mapping with `question` and optionally the other fields.

        :raises QuestionError: it is empty, too long, or of another form.
        """
        if isinstance(value, Question):
            return replace(value, text=_clean(value.text), searched_for=_cleaned(value.searched_for))
        if isinstance(value, str):
            return cls(_clean(value))
        if not isinstance(value, Mapping) or not isinstance(value.get("question"), str):
            raise QuestionError(
                f"A question is a text, or a mapping with the text under 'question'; got {type(value).__name__}. "
                'For example: {"question": "What is immunotherapy?", "history": [], "documents": null}.'
            )
        documents, history = value.get("documents"), value.get("history") or ()
        if not isinstance(history, Sequence):
            raise QuestionError(f"The history of a question is a list of turns; got {type(history).__name__}.")
        return cls(
            _clean(value["question"]),
            tuple(_turn(turn) for turn in history),
            None if documents is None else _names(documents),
            _named(value, "engine"),
            _cleaned(_named(value, "searched_for")),
        )


def _turn(value: Turn | Mapping[str, Any]) -> Turn:
    if isinstance(value, Turn):
        return value
    try:
        cited = tuple((str(one["document"]), int(one["start"]), int(one["end"])) for one in value.get("citations") or ())
        return Turn(str(value["role"]), str(value["content"]), str(value.get("searched_for") or ""), cited)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise QuestionError(f"A turn of the history has a 'role' and a 'content'; got {value!r:.80}.") from error


def _named(value: Mapping[str, Any], key: str) -> str | None:
    named = value.get(key) or None
    if named is not None and not isinstance(named, str):
        raise QuestionError(f"The {key!r} of a question is a text, or null; got {named!r:.80}.")
    return named


def _cleaned(text: str | None) -> str | None:
    return None if text is None else _clean(text)


def _names(documents: Any) -> tuple[str, ...]:
    names = (documents,) if isinstance(documents, str) else documents
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise QuestionError(f"The documents of a question are a list of names, or null for all; got {documents!r:.80}.")
    return tuple(names)


def _clean(text: str) -> str:
    """Return the question on one line without control characters.

    :raises QuestionError: it is empty or too long.
    """
    cleaned = one_line(text)
    words = len(cleaned.split())
    if not any(character.isalnum() for character in cleaned):
        raise QuestionError("The question is empty. Write what you want to know, for example: What is immunotherapy?")
    if words > MAX_WORDS or len(cleaned) > MAX_CHARACTERS:
        raise QuestionError(
            f"The question is too long: {words:,} words, {len(cleaned):,} characters; at most {MAX_WORDS} words and "
            f"{MAX_CHARACTERS:,} characters are read. Ask for one thing at a time, or add the text as a document."
        )
    return cleaned
