"""A text as words, numbers and marks: what statements and quotes are compared by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.verification.forms import stem
from assistant.verification.locate import normalised
from corpus.calendar import MONTHS
from index.lexical import STOP_WORDS

_PATTERN = re.compile(
    r"""
      (?P<code>(?:[A-Za-z]\.){2,}(?:[A-Za-z]\b)?                                   # U.S., e.g., a.m.
        | (?!(?:mid|pre|post|non|sub|over|under|early|late|around|about|circa)-)     # mid-1990s is a number
          [^\W\d_]+(?:[-/][^\W\d_]+)*-?\d[\w]*(?:[-./]\w*\d\w*)*\+?                # COVID-19, IL-6, p53, H1N1, B.1.1.7
        | \d+(?:\.\d+){2,} | \d+[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+ | \d+(?:st|nd|rd|th|s)\b )
    | (?P<number>(?<![\w.])[-+]?(?:\d{1,3}(?:[, ]\d{3})+(?!\d)|\d+)(?:\.\d+)?[½⅓⅔¼¾⅕⅛]?
        | [½⅓⅔¼¾⅕⅛] | \.\d+)
    | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
    | (?P<mark>'s\b|\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<![\w.-])(?:(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)|(?P<a>\d{1,2})(?P<s>[./])(?P<b>\d{1,2})(?P=s)(?P<z>\d{4}))(?![\w-])"
)
_SPLIT = re.compile(r"(?P<verb>ca|wo|sha|[a-z]+?)n't", re.IGNORECASE)
_WHOLE = {"ca": "can", "wo": "will", "sha": "shall"}
_ENDING = re.compile(r"'(?:s|re|ve|ll|d|m)?$")
_BREAKS = frozenset(',;:.!?()[]—–"')
_ABBREVIATED = frozenset(
    "al st dr mr mrs ms prof mt vs no fig figs vol jr sr inc ltd co corp gen sen gov rev etc approx".split()
)
_SMALL_WORDS = STOP_WORDS - {"tell", "same"}  # which say nothing in a question alone
_JOINING = frozenset("but although though while whereas however because which who whose unless nor yet if when until".split())
_SUBJECTS = frozenset("i you we he she it they there this these".split())
"""Words with which another clause begins, that a "not" before them does not reach."""


@dataclass(frozen=True)
class Token:
    """A word, number or mark.

    Attributes:
        kind: "word", "number", "code" (letters and digits, or abbreviated with points) or "mark".
        text: As it is written, in normal form.
        word: In lower case without accents; what it is looked up by.
        clause: Number of the clause that it stands in.
        sentence: Number of the sentence.
        is_first: Whether it opens a sentence, where any word is capitalised.
    """

    kind: str
    text: str
    word: str
    clause: int
    sentence: int
    is_first: bool

    @cached_property
    def stem(self) -> str:
        """What its forms have in common."""
        return stem(self.word) if self.kind == "word" else self.word

    @property
    def says_something(self) -> bool:
        """Whether it is no mark and no stop word."""
        return self.kind != "mark" and self.word not in _SMALL_WORDS

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()


def tokenised(texts: tuple[str, ...]) -> tuple[Token, ...]:
    """Return the tokens of some texts, each of which begins a sentence of its own."""
    tokens: list[Token] = []
    clauses = sentence = 0
    for text in texts:
        clauses, sentence = clauses + 1, sentence + 1
        is_first, open_clauses = True, [clauses]
        pieces = list(_pieces(_DATE.sub(_date, normalised(text).text)))
        for place, (kind, written) in enumerate(pieces):
            word = folded(written)
            follows = pieces[place + 1][1].lower() if place + 1 < len(pieces) else ""
            if word in _JOINING or (word in ("and", "or") and follows in _SUBJECTS):
                clauses += 1
                open_clauses[-1] = clauses
            tokens.append(Token(kind, written, word, open_clauses[-1], sentence, is_first and kind != "mark"))
            if kind != "mark":
                is_first = False
            elif written in ")]" and len(open_clauses) > 1:
                open_clauses.pop()  # what was interrupted goes on
            elif written in _BREAKS:
                clauses += 1
                if written in "([":
                    open_clauses.append(clauses)
                else:
                    open_clauses[-1] = clauses
                ends = written in "!?" or (written == "." and _ends_a_sentence(pieces, place))
                is_first = is_first or ends or written in ':"'
                sentence += ends
    return tuple(tokens)


def _date(match: re.Match[str]) -> str:
    """Write out the month of a date in figures, if it is sure which of them it is."""
    first, second = int(match["d"] or match["a"]), int(match["m"] or match["b"])
    if match["s"] == "/" and second > 12 >= first:  # as Americans write it
        first, second = second, first
    if second > 12 or not second or (match["s"] == "/" and first <= 12 and first != second):
        return match.group()
    return f"{first} {MONTHS[second - 1].capitalize()} {match['y'] or match['z']}"


def _ends_a_sentence(pieces: list[tuple[str, str]], place: int) -> bool:
    """Whether a full stop ends a sentence: not after an initial or an abbreviation, nor before a small letter."""
    before = pieces[place - 1][1] if place else ""
    after = pieces[place + 1][1] if place + 1 < len(pieces) else ""
    return (
        len(before) > 1
        and before.lower() not in _ABBREVIATED
        and (not after or not after[0].islower() and after[0] not in ",;:()[")
    )


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """Return a word in lower case, without accents."""
    plain = unicodedata.normalize("NFD", word.lower())
    return "".join(character for character in plain if not unicodedata.combining(character))


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of each token, with "n't" and "cannot" as the two words that they are."""
    for match in _PATTERN.finditer(text):
        kind, written = match.lastgroup or "mark", match.group()
        if kind != "word":
            yield kind, written
            continue
        negated = _SPLIT.fullmatch(written)
        if negated is not None:
            verb = negated["verb"]
            yield "word", _WHOLE.get(verb.lower(), verb)
            yield "word", "not"
        elif written.lower() == "cannot":
            yield "word", written[:3]
            yield "word", "not"
        elif written.lower() == "n't":
            yield "word", "not"
        else:
            bare = _ENDING.sub("", written)
            yield "word", bare
            if written.lower().endswith("'s"):
                yield "mark", "'s"
