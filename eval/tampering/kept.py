"""The kept measurement: `eval/results/tampering.json`, and the README's table made from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import SettingsError
from eval.results import TAMPERING, source_of
from eval.tampering.measure import Measurement, Row


@dataclass(frozen=True)
class Kept:
    """A measurement with where it comes from.

    Attributes:
        about: See `provenance`.
        documents: Set → number of its documents.
        measured: What was measured.
    """

    about: Mapping[str, Any]
    documents: Mapping[str, int]
    measured: Measurement


def save(kept: Kept, folder: Path) -> Path:
    """Write a measurement as JSON; return its path.

    :raises SettingsError: it cannot be written.
    """
    path = folder / TAMPERING
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(kept), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"The result cannot be written to {path}: {error.strerror}.") from error
    return path


def load(folder: Path) -> Kept | None:
    """Read the kept measurement; None if there is none.

    :raises SettingsError: it is not of this form.
    """
    path = folder / TAMPERING
    if not path.exists():
        return None
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        measured = row["measured"]
        rows = tuple(Row(**one) for one in measured["rows"])
        source_of(row["about"])  # what the table needs of it is there
        return Kept(row["about"], row["documents"], Measurement(rows, float(measured["milliseconds"])))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SettingsError(
            f"{path} is not a kept result: {error!r}. Make it again with `python -m eval tampering`."
        ) from error


def markdown(kept: Kept) -> str:
    """Return the measurement as a Markdown table: what was accepted and should not have been, and what was rejected."""
    lines = ["| what was changed | statements | accepted | accepted at 35 % overlap |", "|---|---|---|---|"]
    for row in kept.measured.false:
        lines.append(
            f"| {row.kind} | {row.statements:,} | {_share(row.accepted, row)} | {_share(row.accepted_by_overlap, row)} |"
        )
    lines += ["", "| what was put in other words | statements | rejected | rejected at 35 % overlap |", "|---|---|---|---|"]
    for row in kept.measured.untouched:
        ours, theirs = row.rejected
        lines.append(f"| nothing of what it says | {row.statements:,} | {_share(ours, row)} | {_share(theirs, row)} |")
    documents = ", ".join(f"{count} of {name}" for name, count in kept.documents.items())
    time = f"{kept.measured.milliseconds:.0f} ms a statement (median)"
    return "\n".join([*lines, "", f"Documents: {documents}. {time}. Measured with {source_of(kept.about)}."])


def _share(count: int, row: Row) -> str:
    return f"{100 * count / row.statements:.1f} %" if row.statements else "-"
