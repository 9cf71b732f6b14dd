"""The numbers that sentences and list items begin with: "4.2 Travel expenses …", "3. Rinse the tank.", "(3) …", "§ 7 …".

They name what they stand before without its noun, and what follows up to the next one: the sentence after "4.2 …" is of 4.2
too. What comes after a list in a paragraph of its own is not of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.numbered import UNITS
from corpus import Passage
from corpus.blocks import BLANK_LINE

_MARK = re.compile(
    r"^[^\S\n]{0,20}[*_]{0,3}(?:(?P<sign>§)[^\S\n]{0,3})?(?:\((?P<inner>\d{1,3})\)|(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})"
    r"(?P<close>[.)]?))[*_]{0,3}[^\S\n]{1,20}(?P<after>\S{1,30})",
    re.MULTILINE,
)
_SECTION = "§"
_BULLETS = " \t*_-+•‣–>"


@dataclass(frozen=True)
class Mark:
    """A number at the beginning of a text.

    Attributes:
        number: The number: "4.2", "3".
        family: What it is written with: "§" for a section's ("4.2", "§ 7"), or "." and the like for a list item's.
        indent: Characters of the line before it.
    """

    number: str
    family: str
    indent: int

    @property
    def is_section(self) -> bool:
        """Whether it is written as the number of a section is, and not as that of a list item."""
        return self.family == _SECTION


def sentence_marks(passage: Passage) -> list[tuple[Mark, ...]]:
    """Return for each sentence of a passage the marks that it stands under, its own among them."""
    found: list[tuple[Mark, ...]] = []
    open_marks: list[Mark] = []
    end = passage.start
    for start, stop in passage.sentences:
        between = passage.between(end, start)
        before = passage.between(passage.start, start).rpartition("\n")[2]
        is_line = not before.strip(_BULLETS)
        indent = len(before) if is_line else 0
        if BLANK_LINE.search(between):
            open_marks = [mark for mark in open_marks if mark.is_section or mark.indent < indent]
        own = list(_marks(passage.between(start, stop), indent)) if is_line else []
        under: list[Mark] = []
        for mark in own:
            open_marks = _opened(open_marks, mark)
            under += open_marks
        found.append(tuple(dict.fromkeys(under or open_marks)))
        end = stop
    return found


def _marks(text: str, indent: int) -> Iterator[Mark]:
    """Yield the marks at the beginnings of a text's lines; of later ones only list items', as a line may break before 4.2."""
    for match in _MARK.finditer(text):
        number = match["inner"] or match["number"]
        is_section = bool(match["sign"]) or "." in number
        is_quantity = "." in number and not match["sign"] and (match["after"][0].islower() or match["after"] in UNITS)
        if is_quantity or (is_section and match.start()) or not (is_section or match["inner"] or match["close"]):
            continue
        column = len(match[0]) - len(match[0].lstrip()) if match.start() else indent
        yield Mark(number, _SECTION if is_section else "()" if match["inner"] else match["close"], column)


def _opened(open_marks: Sequence[Mark], mark: Mark) -> list[Mark]:
    """Return the marks that a text stands under when a new one begins, which ends those of its family and the deeper ones."""
    if mark.is_section:
        return [mark]
    alike = [place for place, one in enumerate(open_marks) if (one.family, one.indent) == (mark.family, mark.indent)]
    kept = open_marks[: alike[0]] if alike else open_marks
    return [*(one for one in kept if one.is_section or one.indent <= mark.indent), mark]
