"""Cuts a turn into clauses, and each of them into plain words, so that they can be compared with forms."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SUMMARY = re.compile(r"\btl\s*[;:,]?\s*dr\b", re.IGNORECASE)
_MARK = re.compile(r"\s[-–—]+\s|[.!?;:,…\n]\W*|$")
_WORD = re.compile(r"[^\W_]+")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_SHORT_FORMS = {
    r"\b(?:can|ca)n't\b": "can not",
    r"\bwon't\b": "will not",
    r"n't\b": " not",
    r"'re\b": " are",
    r"'m\b": " am",
    r"'ll\b": " will",
    r"'ve\b": " have",
    r"'d\b": " would",
    r"\b(what|that|it|who|where|how|there|here|when|anything|everything|answer|document)'s\b": r"\1 is",
    r"'s\b": "",
    r"\b(what|that|where|how)s\b": r"\1 is",
    r"\bcannot\b": "can not",
    r"\bdont\b": "do not",
    r"\bim\b": "i am",
    r"\bu\b": "you",
    r"\bya\b": "you",
    r"\bur\b": "your",
    r"\br\b": "are",
    r"\b(?:pls|plz|plese)\b": "please",
    r"\b(?:wat|wht|whta|waht)\b": "what",
    r"\bgonna\b": "going to",
    r"\bgotta\b": "have to",
    r"\bwanna\b": "want to",
    r"\bgimme\b": "give me",
    r"\blemme\b": "let me",
}
_SHORT = tuple((re.compile(form), said) for form, said in _SHORT_FORMS.items())


@dataclass(frozen=True)
class Clause:
    """A part of a turn between two marks.

    Attributes:
        start: Its first character in the turn.
        end: One past its last character; the mark that closes it is not one of them.
        mark: That mark with the white space around it; empty at the end.
        words: Its words in small letters, short forms written out, a space before each.
    """

    start: int
    end: int
    mark: str
    words: str


def find_clauses(text: str) -> list[Clause]:
    """Return the clauses of a turn that have words."""
    text = _SUMMARY.sub(lambda match: "tldr".ljust(len(match.group())), text)
    clauses: list[Clause] = []
    start = 0
    for mark in _MARK.finditer(text):
        if words := spelled_out(text[start : mark.start()]):
            clauses.append(Clause(start, mark.start(), mark.group(), words))
        start = mark.end()
    return clauses


def spelled_out(text: str) -> str:
    """Return the words of a text as they are compared: "What's UPPP?" is " what is up"."""
    said = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("`", "'")
    said = _DRAWN_OUT.sub(r"\1", said)
    for form, full in _SHORT:
        said = form.sub(full, said)
    return "".join(f" {word}" for word in _WORD.findall(said))
