"""What other programs may ask: questions, searches, the list of documents, as JSON. Knows neither Gradio nor MCP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant import Answer, AnswerChain, Question
from assistant.answer import place
from corpus.errors import QuestionError
from index import Library, Retrieved

MOST_FOUND = 50
"""Passages that one search returns at most: as many as each of its two halves offers."""


class Service:
    """Answers, searches and lists what one person sees. May be shared between threads, and keeps nothing of what is asked."""

    def __init__(self, library: Library, chain: AnswerChain) -> None:
        """
        :param library: Their documents.
        :param chain: What answers from these.
        """
        self._library = library
        self._chain = chain

    def answers(self, asked: Mapping[str, Any]) -> Iterator[Answer]:
        """Yield the answer to a question as it grows; the last one is whole.

        :param asked: The fields of a `Question`: `question`, `history`, `documents`, `engine`, `searched_for`.
        :raises FootnoteError: as the chain does.
        """
        return self._chain.stream(asked)

    def search(self, question: str, documents: Sequence[str] | None, count: int) -> tuple[str, list[Retrieved]]:
        """Return what was looked up, and the passages that fit it, best first.

        :param documents: Names of the documents to look in; None for all.
        :param count: How many at most, 1 to 50.
        :raises QuestionError: the question is empty or too long, or `count` is no such number.
        :raises ScopeError: the index does not hold one of `documents`.
        """
        asked = Question.of({"question": question, "documents": documents})
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_FOUND:
            raise QuestionError(f"'count' is {count!r:.40}, and a whole number from 1 to {MOST_FOUND} was expected.")
        return asked.text, self._library.search(asked.text, count, documents=asked.documents)

    def list_documents(self) -> dict[str, Any]:
        """Return the indexed documents, by name: name, media type, length, passages, and when each was added."""
        return {
            "documents": [
                {
                    "name": record.name,
                    "media_type": record.media_type,
                    "characters": record.characters,
                    "passages": record.passages,
                    "added": record.added,
                }
                for record in self._library.records()
            ]
        }


def found_json(question: str, found: Sequence[Retrieved]) -> dict[str, Any]:
    """Return what a search found as JSON: passages in the form of `closest` in an answer."""
    return {
        "question": question,
        "passages": [
            {
                "document": one.document,
                "start": one.passage.start,
                "end": one.passage.end,
                "score": round(one.score, 6),
                "text": one.passage.text,
                "heading": one.passage.heading,
                "page": one.passage.page,
                "place": place(one.document, one.page_label, one.passage.heading),
            }
            for one in found
        ],
    }
