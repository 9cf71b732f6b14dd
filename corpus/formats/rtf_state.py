"""What holds in a group of RTF: how its letters look, what its paragraph is, and where its text goes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto


class Place(Enum):
    """Where the text of a group goes."""

    BODY = auto()
    NOWHERE = auto()
    FONTS = auto()
    STYLES = auto()
    LIST_MARK = auto()
    INFO = auto()
    PROPERTIES = auto()
    """Properties alone, of a row of an inner table or of a shape: they hold, and there is no text."""


@dataclass
class Letters:
    """How letters look."""

    font: int = 0
    size: int = 24
    is_bold: bool = False
    is_raised: bool = False
    is_hidden: bool = False
    is_deleted: bool = False

    def take(self, word: str, number: int | None) -> bool:
        """Take a control word, and return whether it is about letters."""
        is_on = number is None or number != 0
        if word == "f":
            self.font = number or 0
        elif word == "fs":
            self.size = number or 0
        elif word == "b":
            self.is_bold = is_on
        elif word == "v":
            self.is_hidden = is_on
        elif word == "deleted":
            self.is_deleted = is_on
        elif word in ("super", "up"):
            self.is_raised = number is None or number > 0
        elif word in ("nosupersub", "sub", "dn"):
            self.is_raised = False
        else:
            return False
        return True


@dataclass
class Paragraph:
    """What a paragraph is."""

    style: int = 0
    outline: int | None = None
    is_in_table: bool = False
    depth: int = 0
    list_level: int = 0
    left: int = 0
    first: int = 0
    breaks_page: bool = False

    @property
    def tables(self) -> int:
        """In how many tables it stands."""
        return max(self.depth, 1) if self.is_in_table else 0

    def take(self, word: str, number: int | None) -> None:
        """Take a control word; one that is not about paragraphs changes nothing."""
        value = number or 0
        if word == "s":
            self.style = value
        elif word == "outlinelevel":
            self.outline = value
        elif word == "intbl":
            self.is_in_table = number != 0
        elif word == "itap":
            self.depth, self.is_in_table = value, value > 0
        elif word == "ilvl":
            self.list_level = min(max(value, 0), 8)
        elif word in ("li", "lin"):
            self.left = value
        elif word == "fi":
            self.first = value
        elif word == "pagebb":
            self.breaks_page = number != 0


@dataclass
class State:
    """All that holds in a group, and is forgotten at its end.

    Attributes:
        place: Where its text goes.
        letters, paragraph: How it looks.
        after_unicode: How many characters follow a Unicode number as its substitute.
        is_optional: Whether `\\*` came: a group of a kind that is not known is left out.
        opens_story: "note" or "box" if the group is one, whose story ends with it.
        style: In the list of styles, the number of the one that is described.
    """

    place: Place = Place.BODY
    letters: Letters = field(default_factory=Letters)
    paragraph: Paragraph = field(default_factory=Paragraph)
    after_unicode: int = 1
    is_optional: bool = False
    opens_story: str = ""
    style: int = 0

    def inner(self) -> State:
        """Return what holds at the beginning of a group within this one."""
        return replace(
            self, letters=replace(self.letters), paragraph=replace(self.paragraph), is_optional=False, opens_story=""
        )
