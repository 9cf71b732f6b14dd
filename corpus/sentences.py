"""Sentences with their exact offsets.

A sentence is what Footnote cites, so its offsets have to be right for any input. The libraries tried were pysbd 0.3.4
(offsets are found again by searching, it builds patterns out of the text, and it cuts "etc .; hormones" in two) and
syntok 1.4.4 ("aspirin, etc. He recovered." stays one). Rules over the original characters keep the offsets by
construction. The idea that after an abbreviation only a frequent sentence starter begins a new sentence is Punkt's
(Kiss and Strunk, "Unsupervised multilingual sentence boundary detection", 2006).
"""

import re

from corpus.calendar import DAYS, MONTHS
from corpus.document import Span

_END = re.compile(
    r"""
    (?: [.!?…]+ (?: ['"”’»)\]]+ | \s'' | \s[”»] )*            # Western,
        (?: (?: [¹²³⁰⁴-⁹] | \[\d{1,3}(?:[,–-]\s?\d{1,3})?\] ) [,–⁻]? ){0,20}   # with the marks of notes behind it;
        (?: (?<=[a-z)]\.) \d{1,3} (?:[,–-]\d{1,3}){0,6} (?=\s+["“(]?[A-Z]) )?  # in plain digits before a capital too;
        (?=\s|$) )                                             # white space follows
    | [。！？｡]+ [”’」』)）]*                                    # Chinese and Japanese: none needed
    """,
    re.VERBOSE,
)
_QUOTATION = 200  # characters: a quotation that runs on for longer is cut at its own sentences
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘]+$")

# After these a sentence goes on, whatever follows.
_NEVER_LAST = frozenset(
    "dr mr mrs ms prof st rev gen sen rep hon capt lt col sgt e.g i.e eg ie vs cf viz fig figs eq eqs ref refs vol vols "
    "ch sec sect approx ca incl resp nos pp op ed eds tab spp sp subsp var dept univ tel ext fax".split()
)
# After these it may end: it does when a frequent sentence starter follows.
_MAY_BE_LAST = frozenset(
    "etc al inc ltd co corp jr sr u.s u.k u.n e.u d.c a.m p.m b.c a.d ph.d m.d no p est min max sq ft jan feb mar apr "
    "jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun".split()
)
_HOURS = frozenset(("a.m", "p.m"))
_UNITS = frozenset("ms sec min h hr hrs".split())
_WAYS = frozenset("i.v i.m s.c p.o b.i.d t.i.d q.i.d".split())
CAPTION = r"(?:table|figure|fig\.?|box)\s+[A-Z]?\d+[A-Za-z]?"
"""What a caption begins with, in letters of any case: "Table 2"."""

_CAPTION = re.compile(rf"[\s*_]*{CAPTION}$", re.IGNORECASE)
_BEFORE_NAMES = frozenset("by and or from to with for of".split())
_NUMBER_BEFORE = re.compile(r"\d\s?$")
# After an hour a capital begins a sentence, unless it is a day's, a month's or a time zone's.
_AFTER_HOURS = frozenset(
    "mon tue tues wed thu thurs fri sat sun gmt utc cet cest bst est edt cst cdt mst mdt pst pdt eastern central mountain "
    "pacific".split()
).union(DAYS, MONTHS)
_STARTERS = frozenset(
    "the it in this these those that there they he she we you i a an however but and or if when while where what why how "
    "who which for from on at to as by with after before during since because although though its their his her our "
    "some many most all both each one two other such then thus therefore moreover furthermore also no not".split()
)


def find_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences of `text[start:end]` as spans of `text`, in order, without the white space around them.

    Every character that is not white space lies in exactly one sentence. Offsets count from the beginning of `text`.
    """
    end = len(text) if end is None else end
    has_case = any(character.isupper() for character in text[start:end])
    spans: list[Span] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if _is_boundary(text, begin, match.start(), match.end(), end, has_case):
            _append_trimmed(spans, text, begin, match.end())
            begin = match.end()
    _append_trimmed(spans, text, begin, end)
    return spans


def trim(text: str, start: int, end: int) -> Span:
    """Shrink a span of `text` until neither of its ends is white space; an all-white span becomes empty at `start`."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    stripped = inner.strip()
    return start + left if stripped else start, start + left + len(stripped) if stripped else start


def _append_trimmed(spans: list[Span], text: str, start: int, end: int) -> None:
    start, end = trim(text, start, end)
    if start < end:
        spans.append((start, end))


def _is_boundary(text: str, begin: int, mark: int, after: int, end: int, has_case: bool) -> bool:
    """Decide whether the punctuation `text[mark:after]` closes the sentence that began at `begin`."""
    rest = text[after : min(end, after + 40)].lstrip()
    if not rest or text[mark] in "。！？｡":
        return True
    first = rest.lstrip("\"'“‘`([*_")[:1]
    if rest[0] in ",;:)]}" or (has_case and first.islower()):
        return False
    if _is_quoting(text, begin, mark, after, end):
        return False
    if text[mark] != "." or text[mark : mark + 2] == "..":
        return True
    before = _WORD_BEFORE.search(text[max(begin, mark - 30) : mark])
    return before is None or _word_ends(text, begin, mark, before.group(), rest)


def _is_quoting(text: str, begin: int, mark: int, after: int, end: int) -> bool:
    """Whether `text[mark]` stands inside a short quotation that began in this sentence and is still open after it."""
    for opening, closing in ('""', "“”"):
        said = text[max(begin, mark - _QUOTATION) : after]
        is_open = said.count(opening) % 2 == 1 if opening == closing else said.count(opening) > said.count(closing)
        if is_open and closing in text[after : min(end, after + _QUOTATION)].split("\n\n")[0]:
            return True
    return False


def _word_ends(text: str, begin: int, mark: int, word: str, rest: str) -> bool:
    """Decide whether a full stop after `word` ends a sentence when `rest` follows."""
    lowered = word.lower()
    next_word = re.match(r"\W*(\w*)", rest)
    following = next_word.group(1) if next_word else ""
    has_number = _NUMBER_BEFORE.search(text[max(begin, mark - 12) : mark - len(word)]) is not None
    # "Above 460 ms. Patients", "for 30 min. Patients", "given i.v. Patients".
    if (word in _UNITS and has_number) or (word in _WAYS and text[begin : mark - len(word)].strip()):
        return following[:1].isupper()
    if lowered in _NEVER_LAST or (word[-1].isalnum() and mark - begin < 30 and _CAPTION.match(text[begin:mark])):
        return False
    if lowered in _HOURS and has_number:
        return following[:1].isupper() and following.lower() not in _AFTER_HOURS
    if lowered in _MAY_BE_LAST or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
        return following.lower() in _STARTERS
    if len(word) == 1 and word.isupper():
        # An initial ("J. Smith"), unless the name of a kind or a number goes before ("hepatitis B.", "0.5 W.").
        previous = re.search(r"(\S+)\s+$", text[max(begin, mark - 40) : mark - 1])
        if previous is not None and previous.group(1) in _BEFORE_NAMES:  # "signed by A. Meyer", but "of A and B. The"
            return following.lower() in _STARTERS
        return previous is not None and (previous.group(1)[0].islower() or previous.group(1)[-1].isdigit())
    # A number that opens the sentence is the mark of an item: "1. According to …".
    return not (word.isdigit() and not text[begin : mark - len(word)].strip())
