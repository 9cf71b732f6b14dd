"""What of the documents could not be read, in words for a person: an honest answer says what it could not see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from assistant.where.facts import Facts
from assistant.where.pages import joined
from corpus.display import counted, one_line
from corpus.loaders import printable_name
from index import Library

_NAMED = 3  # documents; of more, their number is said
_REASONS = 3


def asked_unread(facts: Sequence[Facts], pages: Mapping[str, Iterable[int]]) -> str:
    """Return the notice that pages which a question names could not be read; empty if all could.

    :param pages: The pages that are named, by document.
    """
    notices: list[str] = []
    for one in facts:
        asked, name = set(pages.get(one.name, ())), printable_name(one.name)
        for numbers, in_part in ((asked & one.empty, False), (asked - one.empty, True)):
            skipped = [skip for skip in one.skipped if skip.page in numbers]
            places = [skip.page for skip in skipped if skip.page is not None]
            if places:
                reasons = list(dict.fromkeys(one_line(skip.reason) for skip in skipped))
                why = "; ".join(reasons[:_REASONS]) + "; …" * (len(reasons) > _REASONS)
                who = one.words(places)
                part = f"A part of {who}" if in_part else f"{who[:1].upper()}{who[1:]}"
                notices.append(f"{part} of {name} could not be read: {why}.")
        if blank := asked & one.empty - {skip.page for skip in one.skipped}:
            who = one.words(blank)
            notices.append(f"{who[:1].upper()}{who[1:]} of {name} {'has' if len(blank) == 1 else 'have'} no text.")
    return " ".join(notices)


def not_read(library: Library, names: Collection[str] | None, consequence: str) -> str:
    """Return the notice that parts of documents could not be read; empty if all could.

    :param names: The documents; None for all.
    :param consequence: What may follow from that: "The answer may stand there."
    """
    records = [record for record in library.records() if names is None or record.name in names]
    lacking = [(printable_name(record.name), unread) for record in records if (unread := record.coverage.unread)]
    if not lacking:
        return ""
    said = [f"of {name} {unread}" for name, unread in lacking[:_NAMED]]
    if len(lacking) > _NAMED:
        said.append(f"parts of {counted(len(lacking) - _NAMED, 'more document')}")
    return f"Not read: {joined(said)}. {consequence}"
