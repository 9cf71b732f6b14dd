"""Complaints about answers, kept as evaluation cases: a wrong answer becomes a test that the next version has to pass.

DATA/complaints/complaints.jsonl

A line is a case in the form of `python -m eval` (question, history, documents, answerable, evidence), and besides it what is
needed to know later whether the documents are still the ones it is about, and what was complained of. The texts are not in it:
they are in the index. `python -m eval complaints` runs them.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.answer import Answer, Citation
from assistant.question import Turn
from corpus.errors import CaseError, KeepingError, ScopeError
from index import Library
from index.folder import locked
from index.manifest import DocumentRecord, replacing

FILE = Path("complaints") / "complaints.jsonl"
"""Of the data folder."""

LONGEST_NOTE = 4_000
"""Characters of a note."""


Picked = tuple[str, int, int, str]
"""What a person picks in the source: the document's name, the start, the end, and the quote that they saw there."""


@dataclass(frozen=True)
class Place:
    """A passage that holds the right answer: `text[start:end] == quote` in the document of this id.

    Attributes:
        document: The document's name.
        document_id: Its id at that time.
        start, end: Where the quote stands in its text.
        quote: The characters that stand there.
        page_label: What a person calls its page; empty where there are no pages.
    """

    document: str
    document_id: str
    start: int
    end: int
    quote: str
    page_label: str = ""


@dataclass(frozen=True)
class Complaint:
    """A question that was answered wrongly, and what would have been right.

    Attributes:
        id: Unique name.
        date: When, ISO 8601 in UTC, to the second.
        question: As it was asked.
        history: Earlier turns, each with `role` and `content`.
        documents: Names of the documents it was limited to; None for all.
        answerable: Whether the documents answer it, as the person says.
        evidence: The passages that hold the answer; none if they do not.
        note: What else the person says; may be empty.
        given: The JSON of the answer that was given.
        owner: Whose documents were asked besides those that everybody sees; empty for nobody's.
        scope: Name → id of the documents that it was limited to.
        collection: Digest of all documents that were asked, where the person says that none of them answers; else empty.
    """

    id: str
    date: str
    question: str
    answerable: bool
    given: Mapping[str, Any]
    history: tuple[Mapping[str, str], ...] = ()
    documents: tuple[str, ...] | None = None
    evidence: tuple[Place, ...] = ()
    note: str = ""
    owner: str = ""
    scope: Mapping[str, str] = field(default_factory=dict)
    collection: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the complaint as a JSON object: a case, whose `evidence` is the quotes, and the rest beside it."""
        return asdict(self) | {
            "history": [dict(turn) for turn in self.history],
            "documents": None if self.documents is None else list(self.documents),
            "evidence": [one.quote for one in self.evidence],
            "places": [asdict(one) for one in self.evidence],
        }

    def unfit(self, library: Library) -> str:
        """Return why the complaint cannot be held against the documents that there are now; empty if it can.

        Where the person gave a passage, its document has to be as it was, and the documents that were asked have to be there.
        Where they said that the documents do not answer, all of these have to be as they were, and none more.

        :raises IndexStoreError: a stored text is damaged.
        """
        records = library.records()
        ids = {record.name: record.id for record in records}
        wanted = self.scope if not self.answerable else {}
        wanted = {**wanted, **{place.document: place.document_id for place in self.evidence}}
        for name in (*self.scope, *wanted):
            if name not in ids:
                return f"{name} is no longer among the documents"
        for name, key in wanted.items():
            if ids[name] != key:
                return f"{name} has changed since"
        for place in self.evidence:  # the same bytes may have been read otherwise
            if library.document(place.document).text[place.start : place.end] != place.quote:
                return f"{place.document} has changed since: the quote no longer stands there"
        if self.collection and self.collection != _digest(records):
            return "other documents were asked than there are now"
        return ""


def complain(
    library: Library,
    answer: Answer,
    evidence: Sequence[Picked],
    *,
    answerable: bool,
    history: Iterable[Turn] = (),
    documents: Sequence[str] | None = None,
    note: str = "",
    owner: str = "",
) -> Complaint:
    """Make a complaint about an answer, and check it against the documents.

    :param library: The documents that the person sees.
    :param answer: What they complain of.
    :param evidence: The passages that hold the right answer; none if the documents do not answer the question.
    :param answerable: Whether they do, as the person says.
    :param history: The turns before the question.
    :param documents: Names of the documents that the question was limited to; None for all.
    :param owner: The key by which the person's own documents are seen.
    :raises CaseError: a passage is missing, does not stand where it is said to, or is of a document that was not asked, or the
        note is too long.
    :raises ScopeError: the library does not hold a document of `documents`.
    """
    if len(note) > LONGEST_NOTE:
        raise CaseError(f"The note has {len(note):,} characters, and at most {LONGEST_NOTE:,} are kept. Shorten it.")
    if answerable != bool(evidence):
        raise CaseError(
            "Pick the passage that answers the question in its source, or say that the documents do not answer it; "
            + ("no passage is picked." if answerable else "both are said.")
        )
    scope = {} if documents is None else {name: library.document(name).id for name in documents}
    return Complaint(
        id=f"complaint:{secrets.token_hex(4)}",
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        question=answer.question,
        answerable=answerable,
        given=answer.to_json(),
        history=tuple({"role": turn.role, "content": turn.content} for turn in history),
        documents=None if documents is None else tuple(documents),
        evidence=tuple(_place(library, documents, *picked) for picked in dict.fromkeys(evidence)),
        note=note,
        owner=owner,
        scope=scope,
        collection=_digest(library.records()) if not answerable and documents is None else "",
    )


def _place(library: Library, documents: Sequence[str] | None, name: str, start: int, end: int, quote: str) -> Place:
    if documents is not None and name not in documents:
        raise CaseError(
            f"The passage is of {name}, and the question was put to {', '.join(documents)} alone. Ask it of all first."
        )
    try:
        cited = Citation(1, library.document(name), start, end, quote)
    except (ValueError, ScopeError) as error:
        raise CaseError(
            f"The passage does not stand in {name} as it was picked: the document has changed meanwhile, or is gone. "
            "Load the page again, and pick it once more."
        ) from error
    if not quote.strip():
        raise CaseError(f"The passage picked in {name} has no words. Pick the sentence that answers the question.")
    return Place(name, cited.document.id, start, end, quote, cited.page_label)


def _digest(records: Iterable[DocumentRecord]) -> str:
    keys = sorted(record.id for record in records)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


class ComplaintFile:
    """The complaints of a data folder.

    Attributes:
        path: The file, which need not be there yet.
    """

    def __init__(self, data: str | os.PathLike[str]) -> None:
        """
        :param data: The data folder.
        """
        self.path = Path(data).expanduser().absolute() / FILE

    def append(self, complaint: Complaint) -> None:
        """Keep a complaint after those that are there, which no other process changes meanwhile; all of them or as before.

        :raises KeepingError: the disk is full, the folder cannot be written to, or another process holds it.
        """
        line = json.dumps(complaint.to_json(), ensure_ascii=True)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self.path.with_name("lock")):
                before = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
                with replacing(self.path) as stream:
                    stream.write(f"{before}{line}\n" if before.endswith("\n") or not before else f"{before}\n{line}\n")
        except TimeoutError as error:
            raise KeepingError(f"{self.path} is being written by another process. Try again.") from error
        except (OSError, UnicodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise KeepingError(
                f"The complaint cannot be kept in {self.path}: {why}. Those kept before stay. "
                "Check the disk's space and the folder's permissions."
            ) from error

    def load(self) -> list[Complaint]:
        """Return the complaints in the order in which they came; none if there is no file.

        :raises CaseError: the file cannot be read, or a line is not a complaint (with its number).
        """
        try:
            lines = self.path.read_text(encoding="utf-8").split("\n") if self.path.exists() else []
        except (OSError, UnicodeDecodeError) as error:
            raise CaseError(f"The complaints {self.path} cannot be read: {error}.") from error
        return [_parse(line, f"{self.path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def _parse(line: str, place: str) -> Complaint:
    try:
        row = json.loads(line)
        places = tuple(Place(**one) for one in row.pop("places"))
        if row.pop("evidence") != [one.quote for one in places]:
            raise ValueError("its evidence is not the quotes of its places")
        documents = row.pop("documents")
        return Complaint(
            **row | {"history": tuple(row["history"])},
            evidence=places,
            documents=None if documents is None else tuple(documents),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CaseError(f"{place} is not a complaint as this version of Footnote keeps them: {error}.") from error
