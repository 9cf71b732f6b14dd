"""Reads statements out of a chat model's reply while it comes, each as soon as it is complete.

A model that has structured output replies with the JSON object that was asked for; others put a code fence, words or thoughts
around it, or are cut off within. All are read in one way: from where the list of statements begins, one object after another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from typing import Any

from assistant.verification import Claim, Quote
from corpus.display import one_line

_THOUGHTS = re.compile(r"\s*<(think|thinking|thought|reasoning)>")
_LIST = re.compile(r'"statements"\s*:\s*\[|\A\s*(?:```\w*\s*)?\[(?=\s*[{\]])')
"""Where the statements begin: under their key, or in a list that is the whole reply."""

_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(strict=False)  # a line break within a string is a slip, not a reason to ask again


class _Place(Enum):
    BEFORE = auto()
    WITHIN = auto()
    AFTER = auto()


class ReplyReader:
    """Takes a reply piece by piece.

    Attributes:
        text: All of it so far.
        is_whole: Whether the list of statements has ended as it should.
        objects: How many objects there were in the list.
        claims: How many of them were statements.
    """

    def __init__(self) -> None:
        self.text = ""
        self.is_whole = False
        self.objects = self.claims = 0
        self._place = _Place.BEFORE
        self._at = 0

    def feed(self, piece: str) -> Iterator[Claim]:
        """Yield the statements that this piece completes."""
        self.text += piece
        if self._place is _Place.BEFORE:
            self._find_list()
        while self._place is _Place.WITHIN and (value := self._next_object()) is not None:
            self.objects += 1
            if (claim := _claim(value)) is not None:
                self.claims += 1
                yield claim

    def _find_list(self) -> None:
        start = 0
        if thoughts := _THOUGHTS.match(self.text):
            closing = f"</{thoughts[1]}>"
            end = self.text.find(closing)
            if end < 0:
                return
            start = end + len(closing)
        if found := _LIST.search(self.text[start:]):
            self._at = start + found.end()
            self._place = _Place.WITHIN

    def _next_object(self) -> Mapping[str, Any] | None:
        """Return the next object of the list; None while it is not complete, and after the last."""
        between = _BETWEEN.match(self.text, self._at)
        self._at = between.end() if between else self._at
        if self._at == len(self.text):
            return None
        if self.text[self._at] != "{":
            self.is_whole = self.text[self._at] == "]"
            self._place = _Place.AFTER
            return None
        try:
            value, self._at = _DECODER.raw_decode(self.text, self._at)
        except (ValueError, RecursionError):  # not complete yet, or never
            return None
        assert isinstance(value, dict)  # it began with a brace
        return value


def _claim(value: Mapping[str, Any]) -> Claim | None:
    """Return the statement that an object holds; None if it holds none."""
    text = value.get("text")
    if not isinstance(text, str) or not (line := one_line(text)):
        return None
    quotes = value.get("quotes")
    given = [_quote(one) for one in quotes] if isinstance(quotes, list) else []
    return Claim(line, tuple(quote for quote in given if quote is not None))


def _quote(value: Any) -> Quote | None:
    """Return a quote; one without a passage's id is kept, and will be found nowhere."""
    if isinstance(value, str):
        return Quote("", value)
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return None
    return Quote(str(value.get("passage", "")), value["text"])
