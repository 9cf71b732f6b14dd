"""A finished run on disk: what `--output` writes, and what `compare` and `report` read.

`answers.jsonl` holds one answer a line, in the form of the design. Beside it `answers.run.json` holds the cases, the texts that
they are about and where the run comes from, so that a run can be looked at without the documents.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from corpus.errors import CaseError, SettingsError
from eval.cases import Case, case_from_json
from eval.scoring import UNREAD, CaseScore, find_evidence, score

FAILED = "failed"
_FORM = 1  # of the file beside the answers


@dataclass(frozen=True)
class Run:
    """The answers of one run.

    Attributes:
        name: For tables: the file's name without its ending.
        about: Where it comes from (see `provenance`).
        cases: What was asked, in order.
        rows: The JSON of each answer, in the order of the cases; `outcome` is `failed` where there was none.
        texts: Document name → text, of those that are cited or hold evidence.
    """

    name: str
    about: Mapping[str, Any]
    cases: tuple[Case, ...]
    rows: tuple[Mapping[str, Any], ...]
    texts: Mapping[str, str]

    @cached_property
    def scores(self) -> tuple[CaseScore, ...]:
        """The score of every case that was answered or declined; failures have none."""
        return tuple(
            score(case, row, self.texts) for case, row in zip(self.cases, self.rows, strict=True) if row["outcome"] != FAILED
        )

    @property
    def failures(self) -> list[tuple[Case, str]]:
        """The cases that could not be asked, each with the reason."""
        return [(case, row["error"]) for case, row in zip(self.cases, self.rows, strict=True) if row["outcome"] == FAILED]

    def row(self, case: Case) -> Mapping[str, Any]:
        """Return the JSON of the answer to one of the cases."""
        return self._rows[case.id]

    @cached_property
    def _rows(self) -> dict[str, Mapping[str, Any]]:
        return {case.id: row for case, row in zip(self.cases, self.rows, strict=True)}


def make_run(
    name: str, about: Mapping[str, Any], cases: Sequence[Case], rows: Sequence[Mapping[str, Any]], texts: Mapping[str, str]
) -> Run:
    """Return the run of these cases and answers, with those of the texts that it needs."""
    needed = {
        citation["document"] for row in rows for statement in row.get("statements", ()) for citation in statement["citations"]
    }
    needed |= {place.document for case in cases for places in find_evidence(case, texts) for place in places}
    needed.discard(UNREAD)
    return Run(name, about, tuple(cases), tuple(rows), {name: texts[name] for name in sorted(needed)})


def write_beside(run: Run, output: Path) -> None:
    """Write what belongs to the run besides its answers, beside the file `output` of these.

    :raises SettingsError: it cannot be written.
    """
    whole = {"form": _FORM, "about": run.about, "cases": [case.to_json() for case in run.cases], "texts": run.texts}
    try:
        beside(output).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{beside(output)} cannot be written: {error.strerror}. Check --output.") from error


def beside(output: Path) -> Path:
    """Return the path of the file that is written beside the answers."""
    return output.with_suffix(".run.json")


def load_run(path: Path) -> Run:
    """Read a run from its answers, or from the file beside them.

    :raises CaseError: it cannot be read, is not of this form, or the two files do not belong together.
    """
    output = path.with_name(path.name.removesuffix(".run.json") + ".jsonl") if path.name.endswith(".run.json") else path
    about = _read_json(beside(output), output)
    try:
        rows = [json.loads(line) for line in _read(output).split("\n") if line.strip()]
        cases = tuple(case_from_json(row, f"{beside(output)}, case {number}") for number, row in enumerate(about["cases"], 1))
        run = Run(output.stem, about["about"], cases, tuple(rows), about["texts"])
        if [case.id for case in cases] != [row["id"] for row in rows]:
            raise CaseError(f"{output} and {beside(output)} hold different cases. Make the run again with --output.")
        _ = run.scores, run.failures  # reads every row: what is damaged is told here, and not where it is needed
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CaseError(f"{output} and {beside(output)} are not of the form of a run: {error!r}. Make it again.") from error
    return run


def _read_json(path: Path, output: Path) -> Any:
    if not path.is_file() and output.is_file():
        raise CaseError(f"Beside {output} there is no {path.name}, which `python -m eval --output` writes. Make the run again.")
    try:
        about = json.loads(_read(path))
    except ValueError as error:
        raise CaseError(f"{path} is not JSON: {error}. Make the run again with --output.") from error
    if not isinstance(about, dict) or about.get("form") != _FORM:
        raise CaseError(f"{path} is not a run of this version of Footnote. Make the run again with --output.")
    return about


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CaseError(f"The run {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"The run {path} is not UTF-8 text (byte {error.start}).") from error
