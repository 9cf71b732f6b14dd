"""Kept results: one JSON file a set of cases in `eval/results/`, and the README's table made from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import SettingsError
from eval.scoring import CaseScore
from eval.summary import Figures, Ranges, with_intervals
from eval.tables import number

RESULTS_FOLDER = Path(__file__).with_name("results")
TAMPERING = "tampering.json"
"""The file in the folder whose result is of another form (see `eval.tampering`)."""

_LEFT_OUT = ("recall@1", "recall@5", "hit@5", "abstention precision", "abstention recall")
"""Measures that stand in the files and not in the README, whose table is long enough."""


@dataclass(frozen=True)
class Result:
    """The figures of one set.

    Attributes:
        name: The set, such as `clapnq`, or `immunotherapy, test`.
        about: Where they come from (see `provenance`).
        figures: Measure → value, and `cases`.
        ranges: Measure → bootstrap 95 % interval.
    """

    name: str
    about: Mapping[str, Any]
    figures: Figures
    ranges: Ranges


def make_result(name: str, about: Mapping[str, Any], scores: Sequence[CaseScore]) -> Result:
    """Return the figures of some scores, rounded to four digits: more would change with every run and mean nothing."""
    figures, ranges = with_intervals(scores)
    rounded = {key: None if span is None else [round(one, 4) for one in span] for key, span in ranges.items()}
    return Result(name, about, {key: _rounded(value) for key, value in figures.items()}, rounded)


def _rounded(value: float | int | None) -> float | int | None:
    return round(value, 4) if isinstance(value, float) else value


def save_result(result: Result, folder: Path = RESULTS_FOLDER) -> Path:
    """Write a result as JSON; return its path.

    :raises SettingsError: it cannot be written.
    """
    path = folder / (result.name.replace(", ", "-").replace("/", "-") + ".json")
    text = json.dumps(vars(result), ensure_ascii=False, indent=1) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"The result cannot be written to {path}: {error.strerror}.") from error
    return path


def load_results(folder: Path = RESULTS_FOLDER) -> list[Result]:
    """Read the kept results: the project's own sets first, then the benchmarks, by name.

    :raises SettingsError: there are none, or one is not of this form.
    """
    results = []
    for path in sorted(path for path in folder.glob("*.json") if path.name != TAMPERING):
        try:
            result = Result(**json.loads(path.read_text(encoding="utf-8")))
            source_of(result.about)  # what the table needs of it is there
            results.append(result)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SettingsError(
                f"{path} is not a kept result: {error!r}. Make it again with `python -m eval bench`."
            ) from error
    if not results:
        raise SettingsError(f"{folder} holds no results. Make them with `python -m eval bench`.")
    return sorted(results, key=lambda result: ("," not in result.name, result.name))


def markdown_table(results: Sequence[Result]) -> str:
    """Return the results as a Markdown table: a row a measure, a column a set, each figure with its interval below it."""
    lines = ["| measure | " + " | ".join(result.name for result in results) + " |", "|---" * (len(results) + 1) + "|"]
    for measure in results[0].figures:
        if measure not in _LEFT_OUT:
            lines.append(f"| {measure} | " + " | ".join(_cell(result, measure) for result in results) + " |")
    commits = sorted({source_of(result.about) for result in results})
    return "\n".join([*lines, "", "Measured with " + ", ".join(commits) + "."])


def _cell(result: Result, measure: str) -> str:
    value, span = result.figures.get(measure), result.ranges.get(measure)
    if value is None or span is None:
        return number(value)
    return f"{number(value)} <sub>{span[0]:.2f}–{span[1]:.2f}</sub>"


def source_of(about: Mapping[str, Any]) -> str:
    """Return where a result comes from, in words: the commit and the machine."""
    machine = about["machine"]
    code = f"commit {about['commit'][:9]}" if about["commit"] else f"version {about['footnote']}"
    return f"{code}{' and changes' if about['changed'] else ''} on {machine['cores']} cores ({machine['processor']})"


def with_table(readme: str, table: str, name: str = "results") -> str:
    """Return the README's text with a table between its two marks.

    :param name: Of the table, in the marks.
    :raises SettingsError: the marks are not there.
    """
    first, last = f"<!-- {name}: begin (python -m eval table) -->", f"<!-- {name}: end -->"
    before, begin, rest = readme.partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end:
        raise SettingsError(f"The README has no place for the table. Put these two lines into it: {first} and {last}")
    return f"{before}{begin}\n{table}\n{end}{after}"
