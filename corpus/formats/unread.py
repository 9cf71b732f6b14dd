"""What of a word processor's file is not in the text, in words for a person."""

from __future__ import annotations

from collections import Counter

from corpus.document import Skipped

CONTENTS = "table of contents"
PICTURE = "picture"
CHART = "chart"
DIAGRAM = "diagram"
OBJECT = "embedded object"
DOCUMENT = "embedded document"
COMMENT = "comment"
FORMULA = "formula"
HIDDEN = "hidden word or passage"

_ON_PURPOSE = frozenset({CONTENTS, HIDDEN})
"""What repeats other text, and what no reader of the file sees."""

_PLURALS = {HIDDEN: "hidden words or passages", FORMULA: "formulas"}


def skipped(counts: Counter[str]) -> tuple[Skipped, ...]:
    """Return notes on what is not in the text.

    :param counts: How many there are of each of the kinds above.
    """
    return tuple(Skipped(_reason(kind, count), on_purpose=kind in _ON_PURPOSE) for kind, count in counts.items() if count)


def _reason(kind: str, count: int) -> str:
    if kind == CONTENTS:
        return "the table of contents, which repeats the headings"
    counted = f"{count} {_PLURALS.get(kind, kind + 's')}" if count > 1 else f"one {kind}"
    return f"{counted} without text (scanned?)" if kind == PICTURE else counted
