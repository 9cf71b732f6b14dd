"""Cuts RTF into its smallest parts: control words, groups, and the bytes of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([a-zA-Z]+)(-?[0-9]{1,10})?[ ]?"  # 1, 2: a control word and its number
    rb"|\\'([0-9a-fA-F]{2})"  # 3: a byte
    rb"|\\([^a-zA-Z])"  # 4: a control symbol
    rb"|([{}])"  # 5
    rb"|([^\\{}\r\n]+)",  # 6: text
    re.DOTALL,
)
_LINE_ENDS = re.compile(rb"[\r\n]+")  # these are not text


class Kind(Enum):
    """What a part is."""

    OPEN = auto()
    CLOSE = auto()
    WORD = auto()
    SYMBOL = auto()
    BYTE = auto()
    TEXT = auto()


class Token(NamedTuple):
    """A part: for a word its name and number (None without), for the others its bytes."""

    kind: Kind
    word: str = ""
    number: int | None = None
    data: bytes = b""


_OPEN, _CLOSE = Token(Kind.OPEN), Token(Kind.CLOSE)


def tokens(data: bytes) -> Iterator[Token]:
    """Yield the parts of an RTF file in order. The bytes that follow `\\bin` are left out."""
    position, end = 0, len(data)
    while position < end:
        found = _TOKEN.match(data, position)
        if found is None:
            between = _LINE_ENDS.match(data, position)
            position = between.end() if between else position + 1  # a backslash that nothing follows
            continue
        position = found.end()
        which = found.lastindex
        if which in (1, 2):
            word, number = found.group(1)[:32].decode("ascii"), found.group(2)
            value = None if number is None else int(number)
            if word == "bin":
                position += min(max(value or 0, 0), end - position)
            else:
                yield Token(Kind.WORD, word, value)
        elif which == 3:
            yield Token(Kind.BYTE, data=bytes([int(found.group(3), 16)]))
        elif which == 4:
            yield Token(Kind.SYMBOL, data=found.group(4))
        elif which == 5:
            yield _OPEN if found.group(5) == b"{" else _CLOSE
        else:
            yield Token(Kind.TEXT, data=found.group(6))
