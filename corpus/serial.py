"""A document as JSON, to be stored, and to come out of the process that read it."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from corpus.blocks import Block, BlockKind
from corpus.document import Document, Line, PageKind, Skipped


def document_to_json(document: Document) -> dict[str, Any]:
    """Return a document as an object of JSON's own types; what is empty is left out."""
    made: dict[str, Any] = {
        "id": document.id,
        "name": document.name,
        "text": document.text,
        "media_type": document.media_type,
        "sha256": document.sha256,
        "pages": [list(span) for span in document.pages],
    }
    if document.pages:
        made |= {"page_kind": document.page_kind.value, "page_names": list(document.page_names)}
    if document.blocks is not None:
        made["blocks"] = [list(astuple(block)) for block in document.blocks]
    if document.skipped:
        made["skipped"] = [list(astuple(one)) for one in document.skipped]
    if document.lines:
        made["lines"] = [[line.start, line.end, line.page, *line.box] for line in document.lines]
    return made


def document_from_json(kept: dict[str, Any]) -> Document:
    """Return the document of such an object.

    :raises ValueError, TypeError, KeyError: it is not one.
    """
    blocks = kept.get("blocks")
    return Document(
        id=kept["id"],
        name=kept["name"],
        text=kept["text"],
        media_type=kept["media_type"],
        sha256=kept["sha256"],
        pages=tuple((start, end) for start, end in kept["pages"]),
        page_kind=PageKind(kept.get("page_kind", PageKind.PAGE)),
        page_names=tuple(kept.get("page_names", ())),
        blocks=None if blocks is None else tuple(Block(BlockKind(kind), *rest) for kind, *rest in blocks),
        skipped=tuple(Skipped(*one) for one in kept.get("skipped", ())),
        lines=tuple(
            Line(start, end, page, (left, top, right, bottom))
            for start, end, page, left, top, right, bottom in kept.get("lines", ())
        ),
    )
