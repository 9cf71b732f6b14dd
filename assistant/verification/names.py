"""Names of a statement: each must stand in the quotes, and in the same part."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verification.comparison import Comparison
from assistant.verification.context import Surroundings
from assistant.verification.fixed_words import fixed_words
from assistant.verification.forms import stem
from assistant.verification.numbers import ROMAN, Quantity
from assistant.verification.quantifiers import marks
from assistant.verification.tokens import Token, folded, tokenised
from corpus import Span
from corpus.tokens import is_common_word

_OF_A_PEOPLE = {
    "ian": ("", "a", "e", "y", "ia"), "ians": ("", "a", "e", "y", "ia"), "an": ("", "a", "e", "ia"),
    "ans": ("", "a", "e", "ia"), "ese": ("", "a", "o"), "ish": ("",),
    "n": ("",), "ns": ("",), "i": ("",), "is": ("",), "ic": ("",), "s": ("",),
}  # fmt: skip
"""Endings of peoples and adjectives → those of their countries."""

_SMALL_WORDS = frozenset("of the and for in on de la du von van &".split())
_COPULAS = frozenset("is are was were".split())
_APART = 6
"""Tokens between which the words of one name may stand in the quotes."""

_LAST_WORDS = frozenset("inc ltd llc corp plc gmbh".split())
_TITLES = frozenset("mr mrs ms dr miss sir prof professor president saint st mt mount the i".split())
_ALIASES = (
    {"us", "usa", "america", "american", "americans", "unitedstates"}, {"uk", "britain", "british", "unitedkingdom"},
    {"eu", "europeanunion"}, {"un", "unitednations"}, {"france", "french"}, {"spain", "spanish"}, {"greece", "greek", "greeks"},
    {"netherlands", "dutch", "holland"}, {"switzerland", "swiss"}, {"wales", "welsh"}, {"ireland", "irish"},
    {"denmark", "danish", "dane", "danes"}, {"poland", "polish", "poles"}, {"turkey", "turkish", "turks"},
    {"sweden", "swedish", "swede", "swedes"}, {"finland", "finnish", "finns"}, {"scotland", "scottish", "scots"},
    {"england", "english"}, {"germany", "german", "germans"}, {"philippines", "filipino"}, {"norway", "norwegian"},
    {"portugal", "portuguese"}, {"thailand", "thai"}, {"iceland", "icelandic"}, {"norman", "normandy", "normans"},
)  # fmt: skip
_ANAPHORS = frozenset("it he she they this these its his her their that those such".split())


def check_names(comparison: Comparison) -> str:
    """Return which name is not in the quotes, or stands elsewhere in them; empty if none."""
    held = _Held(comparison.source, comparison.source_numbers)
    fixed = fixed_words(comparison.said)  # whether they are there is asked elsewhere
    measured = {at for number in comparison.said_numbers for at in range(number.first, number.last + 1)}
    for place in _said_names(comparison):
        if place[0] in measured:  # "°C"
            continue
        parts = comparison.said[place[0] : place[1] + 1]
        unknown = [token for at, token in enumerate(parts, place[0]) if at not in fixed and not held.has(token)]
        if unknown and not _is_named_otherwise(comparison, place, unknown, held):
            return f"“{unknown[0].text}” is not in the quotes."
        name = " ".join(token.text for token in parts)
        if not unknown and not _stand_together(comparison, place):
            return f"The quotes do not have “{name}” as one name."
        if not unknown and _stands_elsewhere(comparison, place):
            return f"“{name}” stands elsewhere in the quotes."
    return _replaced_subject(comparison)


def _replaced_subject(comparison: Comparison) -> str:
    """Return that the statement begins with another word than the sentence that it otherwise repeats.

    Where any word is capitalised, a name cannot be told from a noun. It is taken for one unless the passages have either word
    in small letters: then one noun stands for another, as "kids" for "children".
    """
    here = next((at for at, token in enumerate(comparison.said) if token.kind != "mark"), None)
    if (
        here is None
        or here not in comparison.said_alone
        or any(mark.first == here for mark in marks(comparison.said))
        or not _may_be_a_name(comparison.said[here])
    ):
        return ""
    after = next(
        (comparison.pairs.get(at) for at in range(here + 1, len(comparison.said)) if comparison.said[at].kind != "mark"), None
    )
    there = after - 1 if after else None
    if there is None or not comparison.source[there].is_first or there not in comparison.source_alone:
        return ""
    one, two = comparison.said[here], comparison.source[there]
    small = {token.word for token in (*tokenised((comparison.elsewhere,)), *comparison.source) if token.text.islower()}
    return "" if small & {one.word, two.word} else f"“{one.text}” is not in the quotes."


def _may_be_a_name(token: Token) -> bool:
    return token.kind == "word" and token.is_capital and not token.word.endswith("ly")


def folded_code(text: str) -> str:
    """Return a code or name in small letters and digits alone: "IL-6" is "il6", "U.S." is "us"."""
    return re.sub(r"[^\w+]|_", "", folded(text))


class _Held:
    """What the quotes hold, to look names up in.

    Attributes:
        words: Their words in small letters.
    """

    def __init__(self, tokens: Sequence[Token], numbers: Sequence[Quantity]) -> None:
        self.words = {token.word for token in tokens if token.kind != "mark"}
        self._stems = {token.stem for token in tokens if token.kind != "mark"}
        self._codes = {folded_code(token.text) for token in tokens if token.kind != "mark"}
        self._codes |= {folded_code(one.text + two.text) for one, two in zip(tokens, tokens[1:], strict=False)}
        self._codes |= {
            folded_code(one.text + two.text + three.text)
            for one, two, three in zip(tokens, tokens[1:], tokens[2:], strict=False)
        }
        self._capitals = [token.word for token in tokens if token.is_capital]
        self.initials = _initials(tokens)
        self._figures = {number.figure for number in numbers}

    def has(self, token: Token) -> bool:
        """Whether the quotes have a name, in whatever form it is written."""
        code = folded_code(token.text)
        return (
            token.word in self.words
            or token.stem in self._stems
            or code in self._codes
            or (code.endswith("s") and code[:-1] in self._codes)
            or any(_is_of(token.word, other) or _is_of(other, token.word) for other in self._capitals)
            or any(code in group and group & self._codes for group in _ALIASES)
            or (token.text.isupper() and (code in self.initials or ROMAN.get(token.text) in self._figures))
        )


def _is_of(people: str, country: str) -> bool:
    """Whether a name is that of the people or the adjective of a country: "Canadian" and "Canada"."""
    for ending, endings in _OF_A_PEOPLE.items():
        base = people.removesuffix(ending)
        if base != people and len(base) > 2 and any(country == base + other for other in endings):
            return True
    return False


def _initials(tokens: Sequence[Token]) -> set[str]:
    """Return the initials of every run of capitalised words: "who" for the World Health Organization."""
    found: set[str] = set()
    for first in range(len(tokens)):
        letters = capitals = ""
        for token in tokens[first : first + 8]:
            is_name = token.kind == "word" and token.is_capital and not token.text.isupper()
            if not is_name and (not letters or token.word not in _SMALL_WORDS):
                break
            letters += token.word[:1]
            if is_name:
                capitals += token.word[:1]
                found |= {letters, capitals}
    return {letters for letters in found if len(letters) > 1}


def _said_names(comparison: Comparison) -> list[Span]:
    return names(comparison.said, comparison.source)


def names(tokens: Sequence[Token], other: Sequence[Token]) -> list[Span]:
    """Return the first and last token of every name, and of every month and day, which stand where names do.

    :param other: The other text: at the beginning of a sentence, where any word is capitalised, it tells what is a name.
    """
    fixed = {at for at, (kind, _) in fixed_words(tokens).items() if kind in ("month", "day")}
    beginnings = _Beginnings(other)
    found: list[Span] = []
    for at, token in enumerate(tokens):
        if at not in fixed and not _is_name(tokens, at, beginnings):
            continue
        if found and found[-1][1] == at - 1 and at not in fixed and at - 1 not in fixed and token.is_capital:
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at))
    return found


class _Beginnings:
    """Tells names from other words at the beginning of sentences."""

    def __init__(self, other: Sequence[Token]) -> None:
        self._capitals = {token.word for token in other if token.is_capital and not token.is_first}
        self._known = {token.word for token in other}
        self._small = {token.word for token in other if token.text.islower()}

    def is_name(self, token: Token, after: Token | None) -> bool:
        """Whether a sentence's first word is a name, by how the other text has it and by what follows it."""
        if token.word in self._small:
            return False
        if token.word in self._capitals:
            return True
        if after is not None and after.is_capital and after.kind == "word" and not after.text.isupper():
            return True
        return token.word not in self._known and not is_common_word(token.word) and not is_common_word(stem(token.word))


def _is_name(tokens: Sequence[Token], at: int, beginnings: _Beginnings) -> bool:
    token = tokens[at]
    if token.kind in ("mark", "number") or (token.word in _TITLES and _is_before_a_name(tokens, at)):
        return False
    if token.word in _LAST_WORDS:
        return False
    if token.kind == "code":
        return not re.fullmatch(r"\d+(?:st|nd|rd|th|s)|e\.g\.?|i\.e\.?|[ap]\.m\.?", token.word)
    if any(character.isupper() for character in token.text[1:]):
        return True
    if not token.is_capital or not token.says_something:
        return False
    return not token.is_first or beginnings.is_name(token, tokens[at + 1] if at + 1 < len(tokens) else None)


def _is_before_a_name(tokens: Sequence[Token], at: int) -> bool:
    following = [token for token in tokens[at + 1 : at + 3] if token.kind != "mark"]
    return tokens[at].word in ("i", "the") or (bool(following) and following[0].is_capital)


def _is_named_otherwise(comparison: Comparison, place: Span, unknown: Sequence[Token], held: _Held) -> bool:
    """Whether a name that is not in the quotes is the long form of one that is, or what their first pronoun means."""
    parts = comparison.said[place[0] : place[1] + 1]
    if _is_long_form(parts, held):
        return True
    background = tokenised((comparison.background,))
    words = [token.word for token in background]
    spelled = [token.word for token in parts if token.kind != "mark"]
    stands = any(words[at : at + len(spelled)] == spelled for at in range(len(words)))
    if not stands:
        return False
    if len(unknown) < len(spelled):  # "Albert Einstein" for "Einstein"
        return True
    opening = next((token for token in comparison.source if token.kind != "mark"), None)
    before = [at for at in range(place[0]) if at in comparison.pairs]
    return opening is not None and opening.word in _ANAPHORS and not before


def _is_long_form(parts: Sequence[Token], held: _Held) -> bool:
    """Whether the initials of a name of several words stand in the quotes."""
    words = [token for token in parts if token.kind != "mark"]
    initials = "".join(token.word[:1] for token in words)
    return len(words) > 1 and initials in {folded_code(word) for word in held.words}


def _stand_together(comparison: Comparison, place: Span) -> bool:
    """Whether the words of a name are of one name in the quotes too; titles may be set after it, with a comma."""
    where: dict[str, list[int]] = {}
    for at, token in enumerate(comparison.source):
        if token.is_capital:
            where.setdefault(token.stem, []).append(at)
    first = place[0] if any(token.kind != "mark" for token in comparison.said[: place[0]]) else place[0] + 1
    for here in range(first, place[1]):
        ones, twos = where.get(comparison.said[here].stem, []), where.get(comparison.said[here + 1].stem, [])
        if ones and twos and not any(_are_joined(comparison.source, one, two) for one in ones for two in twos):
            return False
    return True


def _are_joined(tokens: Sequence[Token], one: int, two: int) -> bool:
    """Whether only capitalised words, points and commas stand between two words; in the other order, a comma has to."""
    between = _without_brackets(tokens[min(one, two) + 1 : max(one, two)])
    if len(between) > _APART or not all(token.is_capital or token.word in (*_SMALL_WORDS, ".", ",", "-") for token in between):
        return False
    return one < two or any(token.word in (",", "of") for token in between)


def _without_brackets(tokens: Sequence[Token]) -> list[Token]:
    """Return tokens without what stands in brackets among them: "World Health Organization (WHO) Director"."""
    opened = [at for at, token in enumerate(tokens) if token.text == "("]
    closed = [at for at, token in enumerate(tokens) if token.text == ")"]
    inside = range(opened[0], closed[-1] + 1) if opened and closed and opened[0] < closed[-1] else ()
    return [token for at, token in enumerate(tokens) if at not in inside]


def _stands_elsewhere(comparison: Comparison, place: Span) -> bool:
    """Whether the words around a name fit another name of the quotes better than it."""
    words = _stems(comparison.said, place)
    spots, said_spots = names(comparison.source, comparison.said), _said_names(comparison)
    others = [spot for spot in spots if not words & _stems(comparison.source, spot)]
    same = [spot for spot in spots if spot not in others]
    same = same or [(at, at) for at, token in enumerate(comparison.source) if token.stem in words]

    def said(spot: Span) -> list[Span]:
        rival = _stems(comparison.source, spot)
        return [one for one in said_spots if _stems(comparison.said, one) <= rival or _stems(comparison.said, one) >= rival]

    def flipped(here: Span, there: Span) -> bool:
        mine, theirs = comparison.said, comparison.source
        return (_is_passive(mine, here, theirs) != _is_passive(theirs, there, mine)) != _is_turned(mine, here, theirs, there)

    surroundings = Surroundings(comparison, _inside(said_spots), _inside([*spots, *same]), flipped)
    return surroundings.stands_elsewhere(place, same, others, said)


def _stems(tokens: Sequence[Token], spot: Span) -> set[str]:
    return {token.stem for token in tokens[spot[0] : spot[1] + 1] if token.kind != "mark"}


def _inside(spots: Sequence[Span]) -> set[int]:
    return {at for first, last in spots for at in range(first, last + 1)}


def _is_turned(mine: Sequence[Token], here: Span, theirs: Sequence[Token], there: Span) -> bool:
    """Whether one text has "Saturn's moon" and the other "the moon of Saturn", or one "it is X" and the other "X is it"."""
    for one, place, two, other in ((mine, here, theirs, there), (theirs, there, mine, here)):
        before, after = _next_word(two, other[0], -1), _next_word(one, place[1], 1)
        has_genitive = [
            tokens[last + 1 : last + 2] and tokens[last + 1].text == "'s" for tokens, (_, last) in ((one, place), (two, other))
        ]
        if before == "of" and has_genitive[0] and not has_genitive[1]:
            return True
        if before in _COPULAS and after in _COPULAS and _next_word(two, other[1], 1) not in _COPULAS:
            return True
    return False


def _next_word(tokens: Sequence[Token], at: int, side: int) -> str:
    """Return the next word on a side that is no article; empty at the end."""
    at += side
    while 0 <= at < len(tokens) and (tokens[at].kind == "mark" or tokens[at].word in ("the", "a", "an")):
        at += side
    return tokens[at].word if 0 <= at < len(tokens) else ""


def _is_passive(tokens: Sequence[Token], place: Span, other: Sequence[Token]) -> bool:
    """Whether the clause of a name says "… -ed by …" with a verb that the other text has too."""
    verbs = {token.stem for token in other}
    inside = [token for token in tokens if token.clause == tokens[place[0]].clause]
    for at, token in enumerate(inside):
        if token.word == "by" and any(_is_participle(one) and one.stem in verbs for one in inside[max(0, at - 4) : at]):
            return True
    return False


def _is_participle(token: Token) -> bool:
    return token.word.endswith(("ed", "en", "wn", "ught", "de", "ung", "ld", "t")) and token.stem != token.word
