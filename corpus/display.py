"""Text on a terminal, without what could harm it."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Return text without control characters, which could move a terminal's cursor or change its colours.

    Tabs and line feeds stay; a carriage return, as in Windows line ends, goes, and so does half of a surrogate pair, as in
    a file name that is not UTF-8.
    """
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """Return text on one line, without control characters and halves of surrogate pairs, its white space joined."""
    return " ".join("".join(" " if unicodedata.category(one) in ("Cc", "Cs") else one for one in text).split())


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 document", "1,200 documents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
