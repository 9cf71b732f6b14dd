"""The documents that a question names: "What does notes.md say about X?", "according to the leaflet".

A name with its ending is a name wherever it stands. Without it, a name is often a word of the subject (`immunotherapy.txt` is
about immunotherapy), and counts only where the question says that a document is meant: in a frame such as "according to …"
if the name itself is a kind of document ("patient-leaflet") or no plain words ("report_2023"), or beside such a word ("the
file immunotherapy").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import Span
from index.vocabulary import likeness

NEAR = 90
"""Likeness, 0..100, from which a name with a typing error is the one of a document."""

_PAPERS = (
    "document|doc|file|pdf|text|report|paper|article|leaflet|booklet|brochure|guide|guideline|guidelines|manual|handbook|"
    "protocol|notes|note|minutes|memo|letter|slides|presentation|deck|workbook|spreadsheet|table|book|chapter|review|summary|"
    "study|plan|policy|contract|agreement|datasheet|factsheet|label|transcript|readme|faq|page|website|email|draft|thesis|essay"
)
_PAPER = re.compile(rf"(?<![^\W_])(?:{_PAPERS})(?![^\W_])", re.IGNORECASE)
_KINDS = r"(?:document|doc|file|pdf|text|report|paper|article|presentation|deck|workbook|spreadsheet|page)"
_THE = r"(?:(?:the|my|our|this|that)\s+)?"
_IN_FRAME = re.compile(
    r"(?:\b(?:according to|based on|in|from|see|per|by|within|compare|summari[sz]e)"
    r"|\b(?:pages?|slides?|sheets?|summary|overview|outline|topics|contents|gist|beginning|end)\b[\s\d,–-]{0,30}\bof)"
    rf"\s+{_THE}$",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"^(?:(?:and|or|but|so)\s+)?(?:(?:what|how) about\s+)?{_THE}$", re.IGNORECASE)
_AFTER_ALONE = re.compile(r"\s*(?:[:,]|[?.!]*$)")
_JOINED = re.compile(rf"(?:\s*,)?\s*(?:and|or|with|to|than|versus|vs\.?)\s+{_THE}$", re.IGNORECASE)
_SAYING = re.compile(r"\s+(?:says?|states?|mentions?|tells?|writes?|recommends?|advises?|contains?|includes?)\b", re.IGNORECASE)
_BEFORE_SAYING = re.compile(
    r"(?:^|\b(?:the|my|our|this|that|what|where|when|why|how|if|whether|and|or|as|do|does|did)\s+)$", re.IGNORECASE
)
"""Whatever else stands before a name is part of it: "What does the Premium plan include?" is not about plan.md."""

_OF_FILE = re.compile(
    r"\b(?:according to|based on|summari[sz]e|(?:page|slide|sheet|summary|overview)\b[\s\d,–-]{0,30}\bof)"
    rf"\s+{_THE}(?:(?:file|document)\s+)?$",
    re.IGNORECASE,
)
_DOES = re.compile(r"\b(?:does|did)\s+(?:the\s+)?(?:(?:file|document)\s+)?$", re.IGNORECASE)
_FILE_NAME = re.compile(r"(?<![\w./-])[\w][\w.()/-]{0,150}\.[a-z][a-z0-9]{1,7}(?![\w-])", re.IGNORECASE)
_SHORTEST = 3  # letters of a name that is said without its ending
_JOINTS = re.compile(r"[\s_.-]+")
_PLAIN = re.compile(r"[^\W\d_]+(?:[\s-][^\W\d_]+)*")


@dataclass(frozen=True)
class NameMention:
    """A document that a question names.

    Attributes:
        start: Its first character in the question.
        end: One past its last character.
        names: The documents of that name; several where they stand in different folders.
    """

    start: int
    end: int
    names: tuple[str, ...]


def find_names(text: str, held: Sequence[str], suffixes: Sequence[str]) -> list[NameMention]:
    """Return the documents that a question names, in its order, none within another.

    :param held: Names of the documents that there are.
    :param suffixes: Endings of files that are read, such as ".pdf".
    """
    found = list(_whole(text, held))
    found += _without_ending(text, held, found)
    taken = [(one.start, one.end) for one in found]
    found += [
        one for one in _misspelt(text, held, suffixes) if not any(one.start < end and start < one.end for start, end in taken)
    ]
    kept: list[NameMention] = []
    for one in sorted(found, key=lambda mention: (mention.start, mention.start - mention.end)):
        if kept and (one.start, one.end) == (kept[-1].start, kept[-1].end):
            names = tuple(dict.fromkeys((*kept[-1].names, *one.names)))
            kept[-1] = NameMention(one.start, one.end, names)
        elif not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def unknown_names(text: str, suffixes: Sequence[str]) -> str:
    """Return the file that a question takes for a document ("according to x.pdf"), where it names none that there is.

    A file may be the subject, too ("What is robots.txt?"): only a frame says that it is where to look.
    """
    for match in _FILE_NAME.finditer(text):
        if match.group().lower().endswith(tuple(suffixes)) and (
            _OF_FILE.search(text[: match.start()]) or (_DOES.search(text[: match.start()]) and _SAYING.match(text, match.end()))
        ):
            return match.group()
    return ""


def _whole(text: str, held: Sequence[str]) -> Iterator[NameMention]:
    lowered = text.lower()
    for name in held:
        for spoken in dict.fromkeys((name, name.rsplit("/", 1)[-1])):
            if spoken.lower() not in lowered:
                continue
            for match in re.finditer(rf"(?<![\w/-])[\"'“‘]?{re.escape(spoken)}[\"'”’]?(?![\w/-]|\.\w)", text, re.IGNORECASE):
                if "." in spoken:
                    yield NameMention(*match.span(), (name,))


def _without_ending(text: str, held: Sequence[str], before: Sequence[NameMention]) -> list[NameMention]:
    lowered = text.lower()
    found: list[NameMention] = []
    for name in held:
        stem = name.rsplit("/", 1)[-1].rpartition(".")[0] or name.rsplit("/", 1)[-1]
        parts = [part for part in _JOINTS.split(stem) if part]
        if len(stem) < _SHORTEST or not parts or not all(part.lower() in lowered for part in parts):
            continue
        said = r"[\s_.-]+".join(re.escape(part) for part in parts)
        is_telling = _PAPER.search(stem) is not None or not _PLAIN.fullmatch(stem)
        pattern = (
            rf"(?<![\w/.-])(?P<kind>(?:the\s)?{_KINDS}\s(?:called\s|named\s)?)?[\"'“‘]?{said}[\"'”’]?"
            rf"(?P<of>\s{_KINDS})?(?P<paper>\s(?:{_PAPERS}))?(?![\w/-]|\.\w)"
        )
        for match in re.finditer(pattern, text, re.IGNORECASE):
            is_paper = is_telling or match["paper"]
            if match["kind"] or match["of"] or (is_paper and _is_framed(text, match.span(), [*before, *found])):
                found.append(NameMention(*match.span(), (name,)))
    return found


def _is_framed(text: str, span: Span, found: Sequence[NameMention]) -> bool:
    """Whether the words around a name say that a document is meant."""
    before = text[: span[0]]
    if _IN_FRAME.search(before) or (_SAYING.match(text, span[1]) and _BEFORE_SAYING.search(before)):
        return True
    if _ALONE.match(before) and _AFTER_ALONE.match(text, span[1]):
        return True
    return any(_JOINED.fullmatch(text, one.end, span[0]) for one in found if one.end <= span[0])


def _misspelt(text: str, held: Sequence[str], suffixes: Sequence[str]) -> Iterator[NameMention]:
    """Yield the names with an ending that are nearly those of a document, and of one alone."""
    for match in _FILE_NAME.finditer(text):
        said = match.group().lower()
        if not said.endswith(tuple(suffixes)):
            continue
        near = [name for name in held if likeness(said, name.rsplit("/", 1)[-1].lower()) >= NEAR]
        digits = [name for name in near if re.findall(r"\d+", name.rsplit("/", 1)[-1]) == re.findall(r"\d+", said)]
        if len(digits) == 1:
            yield NameMention(*match.span(), (digits[0],))
