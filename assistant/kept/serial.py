"""An answer as JSON to be kept, and back. `Answer.to_json` is for others; this one holds all that it takes to show it again."""

from __future__ import annotations

from dataclasses import asdict, fields
from functools import cached_property
from typing import Any

from assistant.answer import RETRIEVED_SHOWN, Answer, Citation, Cited, Outcome, Statement, Unsupported
from assistant.kept.quotes import Gone, KeptCitation, KeptDocument, KeptPassage
from corpus import Document, Passage
from corpus.errors import ScopeError
from index import Library, Retrieved
from index.manifest import DocumentRecord

_MADE = ("outcome", "options", "unsupported", "statements", "closest", "retrieved")
_PLAIN = tuple(field.name for field in fields(Answer) if field.name not in _MADE)
"""Fields of an answer that are JSON as they are; one that is new is kept from then on, and has its default in older files."""


class Links:
    """Finds the documents of kept answers again, in what there is now."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @cached_property
    def _records(self) -> tuple[DocumentRecord, ...]:
        return self._library.records()

    def document(self, kept: KeptDocument) -> Document | Gone:
        """Return a document by its id, or by its bytes where it has another name now; else why there is none.

        :raises IndexStoreError: its stored text is damaged.
        """
        same = [record for record in self._records if record.id == kept.id]
        same = same or [record for record in self._records if kept.sha256 and record.sha256 == kept.sha256]
        try:
            if same:
                return self._library.document(same[0].name)
        except ScopeError:
            return Gone.REMOVED  # just now, by somebody else
        return Gone.CHANGED if any(record.name == kept.name for record in self._records) else Gone.REMOVED


def answer_to_kept(answer: Answer) -> dict[str, Any]:
    """Return an answer as an object of JSON's own types. Of what was found besides what came closest, the places are kept."""
    return {
        **{name: getattr(answer, name) for name in _PLAIN},
        "outcome": answer.outcome.value,
        "options": list(answer.options),
        "unsupported": [asdict(one) for one in answer.unsupported],
        "statements": [
            {
                "text": statement.text,
                "emphasis": None if statement.emphasis is None else list(statement.emphasis),
                "citations": [_citation_to_kept(citation) for citation in statement.citations],
            }
            for statement in answer.statements
        ],
        "closest": [_place_to_kept(item) | {"text": item.passage.text} for item in answer.closest],
        "retrieved": [_place_to_kept(item) for item in answer.retrieved[:RETRIEVED_SHOWN]],
    }


def _citation_to_kept(citation: Cited) -> dict[str, Any]:
    document = citation.document
    return {
        "number": citation.number,
        "document": {"id": document.id, "name": document.name, "sha256": document.sha256},
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "heading": citation.heading,
        "page": citation.page,
        "page_label": citation.page_label,
    }


def _place_to_kept(item: Retrieved) -> dict[str, Any]:
    passage = item.passage
    return {
        "id": passage.document_id,
        "name": item.document,
        "start": passage.start,
        "end": passage.end,
        "heading": passage.heading,
        "page": passage.page,
        "page_label": item.page_label,
        "sentences": [list(span) for span in passage.sentences],
        "score": item.score,
        "rank": item.rank,
        "signals": dict(item.signals),
    }


def answer_from_kept(kept: dict[str, Any], links: Links) -> Answer:
    """Return the answer of such an object, its citations in the documents that there are now where they still stand there.

    :raises ValueError, TypeError, KeyError: it is not one.
    :raises IndexStoreError: a document's stored text is damaged.
    """
    return Answer(
        **{name: kept[name] for name in _PLAIN if name in kept},
        outcome=Outcome(kept["outcome"]),
        options=tuple(kept["options"]),
        unsupported=tuple(Unsupported(**one) for one in kept["unsupported"]),
        statements=tuple(
            Statement(
                one["text"],
                tuple(_citation_from_kept(citation, links) for citation in one["citations"]),
                None if one["emphasis"] is None else (one["emphasis"][0], one["emphasis"][1]),
            )
            for one in kept["statements"]
        ),
        closest=tuple(_place_from_kept(one, links) for one in kept["closest"]),
        retrieved=tuple(_place_from_kept(one, links) for one in kept["retrieved"]),
    )


def _citation_from_kept(kept: dict[str, Any], links: Links) -> Cited:
    was = KeptDocument(**kept["document"])
    number, start, end, quote, heading = (kept[name] for name in ("number", "start", "end", "quote", "heading"))
    document = links.document(was)
    if isinstance(document, Document):
        try:
            return Citation(number, document, start, end, quote, heading)
        except ValueError:  # the same bytes, read otherwise than at that time
            document = Gone.CHANGED
    return KeptCitation(number, was, start, end, quote, document, heading, kept["page"], kept["page_label"])


def _place_from_kept(kept: dict[str, Any], links: Links) -> Retrieved:
    document = links.document(KeptDocument(kept["id"], kept["name"], sha256=""))
    start, end, text = kept["start"], kept["end"], kept.get("text", "")
    if isinstance(document, Document):
        stands = document.text[start:end]
        if not stands or text not in ("", stands):
            document = Gone.CHANGED
        else:
            text = stands
    passage = Passage(
        id=f"{kept['id']}:{start}-{end}",
        document_id=kept["id"],
        start=start,
        end=end,
        heading=kept["heading"],
        text=text,
        page=kept["page"],
        sentences=tuple((first, last) for first, last in kept["sentences"]),
    )
    found = (passage, kept["name"], kept["score"], kept["rank"], kept["signals"], kept["page_label"])
    return KeptPassage(*found, document) if isinstance(document, Gone) else Retrieved(*found)
