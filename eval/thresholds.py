"""What the figures must reach for a build to be good, read from a TOML file.

[immunotherapy]                            # the name of a file of cases
"valid quotes" = { least = 1.0 }
"false answers" = { most = 0.15 }
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import SettingsError
from eval.scoring import CaseScore
from eval.summary import NAMES, summarise

OWN_THRESHOLDS = Path(__file__).with_name("thresholds.toml")

Thresholds = Mapping[str, Mapping[str, "Bound"]]
"""Set → measure → bound."""


@dataclass(frozen=True)
class Bound:
    """The least and the most that a figure may be; None where there is no such bound."""

    least: float | None = None
    most: float | None = None

    def holds(self, value: float | None) -> bool:
        """Whether a figure is within the bound; an undefined one is not."""
        if value is None:
            return False
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        parts = {"at least": self.least, "at most": self.most}
        return " and ".join(f"{words} {value:g}" for words, value in parts.items() if value is not None)


def load_thresholds(path: Path) -> dict[str, dict[str, Bound]]:
    """Read the thresholds of a file.

    :raises SettingsError: it cannot be read, names a measure that there is not, or a bound that is no number.
    """
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The thresholds {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The thresholds {path} are not TOML: {error}.") from error
    return {name: _section(path, name, section) for name, section in read.items()}


def _section(path: Path, name: str, section: Any) -> dict[str, Bound]:
    if not isinstance(section, dict):
        raise SettingsError(f"{path} has {name} = {section!r:.40}, and a section [{name}] of measures was expected.")
    unknown = [measure for measure in section if measure not in NAMES]
    if unknown:
        raise SettingsError(f"{path}, [{name}], names {unknown[0]!r}, which is no measure. There are: {', '.join(NAMES)}.")
    return {measure: _bound(f"{path}, [{name}], {measure!r}", given) for measure, given in section.items()}


def _bound(place: str, given: Any) -> Bound:
    is_table = isinstance(given, dict) and given and given.keys() <= {"least", "most"}
    if not is_table or not all(isinstance(value, int | float) and not isinstance(value, bool) for value in given.values()):
        raise SettingsError(f"{place} is {given!r:.40}, and {{ least = 0.9 }} or {{ most = 0.1 }} was expected.")
    return Bound(**{key: float(value) for key, value in given.items()})


def missed(thresholds: Thresholds, scores: Sequence[CaseScore]) -> list[str]:
    """Return a line for each threshold that the scores of its set do not reach; sets that were not asked have none."""
    lines = []
    for name, bounds in thresholds.items():
        figures = summarise(those) if (those := [item for item in scores if item.case.source == name]) else None
        for measure, bound in bounds.items() if figures else ():
            value = figures[measure] if figures else None
            if not bound.holds(value):
                lines.append(
                    f"{name}: {measure} is {'undefined' if value is None else f'{value:.3f}'}, and {bound} was asked for."
                )
    return lines
