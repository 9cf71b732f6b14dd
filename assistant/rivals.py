"""Places that answer a question differently: "5 mg" in the leaflet, "10 mg" in the guideline.

Two sentences differ if they say the same of the same thing but for a number, a date or a denial. All of that is asked of their
words alone (see `verification`), of sentences that the reader has scored already and finds nearly as good as the best one.
What one says of adults and the other of children is no difference, nor what is said of two years, two clinics, or wards 4 and
5: where it is not sure that the same is meant, nothing is said. Tuned and measured on `eval/conflicts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from assistant.designations import are_apart
from assistant.reader.protocol import PassageReading
from assistant.verification.amounts import CLOCK, DATE, Amount, find_amounts, half_of_day
from assistant.verification.comparison import Comparison
from assistant.verification.fixed_words import fixed_words
from assistant.verification.negation import is_denied as denies
from assistant.verification.numbers import quantities
from assistant.verification.opposites import are_opposite
from assistant.verification.tokens import Token, tokenised
from corpus import Span
from corpus.document import innermost_heading
from corpus.tokens import is_common_word
from index import Retrieved

REACH = 3.0
"""Log-odds by which the reader may find a sentence worse than the best one."""

MOST = 3
"""Rivals of one answer."""

_LONGEST = 400  # characters: the time to compare two sentences goes with the square of them
_SHARED = 0.5  # of the telling words of the shorter sentence, what the other must have too
_SHARED_IN_ONE = 0.75  # the same within a document, which says many things of one kind
_PROSE = 0.6  # share of letters and spaces of what is no row of figures
_SHARED_IN_DENIAL = 0.6
_YES_OR_NO = re.compile(
    r"(?:is|are|was|were|do|does|did|may|can|could|should|shall|must|will|would|has|have|had)\b", re.IGNORECASE
)
_QUALIFIERS = frozenset(
    "adult child children infant baby newborn neonate toddler adolescent teenager elderly older younger senior pregnant "
    "pregnancy breastfeeding men women man woman boy girl male female morning noon afternoon evening night bedtime tablet "
    "capsule injection infusion syrup cream drops spray oral intravenous topical inhaled subcutaneous mild moderate severe "
    "acute chronic initial starting loading maintenance maximum minimum usual weekday weekend saturday sunday summer winter "
    "inpatient outpatient first second third left right before after former current planned smoker student staff visitor "
    "usual maximal minimal".split()
)
_CONDITIONS = frozenset("with without in at for during under on if when after before among".split())
_NO_CONDITION = frozenset("total all general fact addition short sum conclusion principle practice plain words".split())
_NEAR = 3  # words from the beginning of a sentence
_PREPOSITIONS = frozenset("of for in at with by after before during on from to against under over without".split())


@dataclass(frozen=True)
class Place:
    """A sentence that was scored.

    Attributes:
        item: Its passage.
        span: Its place in the document.
        score: What the reader finds.
        answer: The shortest stretch that answers, if it is in this sentence.
    """

    item: Retrieved
    span: Span
    score: float
    answer: Span | None

    @property
    def text(self) -> str:
        """Its words."""
        start = self.item.passage.start
        return self.item.passage.text[self.span[0] - start : self.span[1] - start]


@dataclass(frozen=True)
class Rival:
    """A sentence that answers differently than the best one.

    Attributes:
        best: The best one.
        other: The other one.
        said: What the best one says in figures, in its words; empty where one denies what the other says.
        other_said: What the other one says.
    """

    best: Place
    other: Place
    said: str = ""
    other_said: str = ""


def find_rivals(question: str, read: Sequence[Retrieved], readings: Sequence[PassageReading]) -> list[Rival]:
    """Return the sentences that answer a question differently than the best one, the best first; one a passage.

    Compared is prose: where a row of a table answers best, nothing is.

    :param read: The passages that were read.
    :param readings: Their readings, in their order.
    """
    places = sorted(_places(read, readings), key=lambda place: -place.score)
    asked = tokenised((question,))
    is_yes_or_no = _YES_OR_NO.match(question) is not None
    best = next(iter(places), None)
    if best is None or not _is_comparable(best) or not (is_yes_or_no or find_amounts(tokenised((best.text,)))):
        return []
    rivals: list[Rival] = []
    seen = {best.item.passage.id}
    for other in places[1:]:
        if other.score < best.score - REACH or len(rivals) == MOST:
            break
        if other.item.passage.id not in seen and other.text != best.text and _is_comparable(other):
            rival = _rival(_Pair(asked, best, other), is_yes_or_no=is_yes_or_no)
            if rival is not None and not _are_of_two(question, best, other):
                rivals.append(rival)
                seen.add(other.item.passage.id)
    return rivals


def _places(read: Sequence[Retrieved], readings: Sequence[PassageReading]) -> Iterator[Place]:
    for item, reading in zip(read, readings, strict=True):
        for span, score in zip(item.passage.sentences, reading.sentences, strict=True):
            is_marked = reading.span is not None and reading.span_margin > 0 and span[0] <= reading.span[0] < span[1]
            answer = (reading.span[0], min(reading.span[1], span[1])) if is_marked and reading.span is not None else None
            yield Place(item, span, score, answer)


def _are_of_two(question: str, one: Place, two: Place) -> bool:
    """Whether two sentences name different numbered things, or stand under headings that do."""
    headings = one.item.passage.heading, two.item.passage.heading
    return are_apart(one.text, two.text, question) or are_apart(*headings, question)


def _is_comparable(place: Place) -> bool:
    return len(place.text) <= _LONGEST and _is_prose(place.text)


def _is_prose(text: str) -> bool:
    return "|" not in text and sum(one.isalpha() or one == " " for one in text) >= _PROSE * len(text)


def _rival(pair: _Pair, *, is_yes_or_no: bool) -> Rival | None:
    """Return how two sentences differ; None if it is not sure that they do."""
    if is_yes_or_no:
        return Rival(pair.best, pair.other) if pair.is_denied() and pair.is_of_one_thing() else None
    amounts = pair.differing_amounts()
    return Rival(pair.best, pair.other, *amounts) if amounts is not None and pair.is_of_one_thing() else None


@dataclass(frozen=True)
class _Side:
    """A sentence of a pair.

    Attributes:
        place: The sentence.
        tokens: Its words.
        liked: Those of them that the other sentence has too, or something like them.
    """

    place: Place
    tokens: tuple[Token, ...]
    liked: frozenset[int]

    @cached_property
    def amounts(self) -> list[Amount]:
        """What it says in figures."""
        return find_amounts(self.tokens)

    @cached_property
    def words(self) -> list[int]:
        """Its telling words, without figures and what belongs to them."""
        numbers = {at for one in quantities(self.tokens) for at in range(one.phrase[0], max(one.last, one.phrase[1]) + 1)}
        taken = numbers | {at for one in self.amounts for at in range(one.tokens[0], one.tokens[1] + 1)}
        return [
            at for at, token in enumerate(self.tokens) if token.says_something and token.kind != "number" and at not in taken
        ]

    @property
    def ordinals(self) -> set[float]:
        """Which of several things it speaks of: "the second dose"."""
        return {one.figure for one in quantities(self.tokens) if one.kind == "ordinal"}

    @property
    def dates(self) -> list[Amount]:
        """When it says that something was so."""
        return [amount for amount in self.amounts if amount.kind == DATE]

    @property
    def bare(self) -> set[float]:
        """Its single numbers that say of nothing how much or how many they are: "83" in "55 of 83 with budesonide"."""
        singles = {one.tokens for one in self.amounts if one.kind not in (DATE, CLOCK)}
        return {
            one.figure
            for one in quantities(self.tokens)
            if (one.first, one.last) in singles and not one.values[0][0] and not self._is_counted(one.last + 1)
        }

    def _is_counted(self, at: int) -> bool:
        return any(one.kind == "word" and one.says_something for one in self.tokens[at : at + 1])

    def figures(self, amount: Amount) -> set[float]:
        """Return the number of an amount as it is written; empty for a range or a date."""
        return {one.figure for one in quantities(self.tokens) if (one.first, one.last) == amount.tokens}

    def answering(self) -> list[Amount]:
        """Return the amounts of the stretch that answers; all of them where the reader marks none."""
        if self.place.answer is None:
            return self.amounts
        start = self.place.span[0]
        first, last = (len(tokenised((self.place.text[: end - start],))) for end in self.place.answer)
        return [one for one in self.amounts if one.tokens[0] < last and one.tokens[1] >= first] or self.amounts

    def written(self, amount: Amount) -> str:
        """Return an amount as it is written, with what is counted."""
        first, last = amount.tokens
        after = self.tokens[last + 1 : last + 2]
        is_counted = bool(after) and after[0].kind == "word" and after[0].stem == amount.kind
        is_counted = is_counted or bool(half_of_day(self.tokens, last + 1))
        return _cut_out(self.place.text, self.tokens, first, last + is_counted)


class _Pair:
    """Two sentences beside the question that both answer."""

    def __init__(self, asked: tuple[Token, ...], best: Place, other: Place) -> None:
        self.best, self.other = best, other
        self._asked = asked
        self._stems = {token.stem for token in asked if token.says_something}

    @cached_property
    def _comparison(self) -> Comparison:
        return Comparison(self.best.text, (self.other.text,))

    @cached_property
    def _sides(self) -> tuple[_Side, _Side]:
        likenesses = self._comparison.likenesses
        return (
            _Side(self.best, self._comparison.said, frozenset(likenesses)),
            _Side(self.other, self._comparison.source, frozenset(likenesses.values())),
        )

    def differing_amounts(self) -> tuple[str, str] | None:
        """Return what both say in figures, as it is written, if that cannot both be true; None if it can."""
        sides = tuple(_Side(place, tokenised((place.text,)), frozenset()) for place in (self.best, self.other))
        asked = find_amounts(self._asked)  # "five-year survival" is no answer
        mine, theirs = (
            [one for one in side.answering() if not any(one.kind == it.kind and one.may_be(it) for it in asked)]
            for side in sides
        )
        kinds = [kind for kind in dict.fromkeys(one.kind for one in mine) if any(one.kind == kind for one in theirs)]
        pairs = [[(one, two) for one in mine for two in theirs if one.kind == two.kind == kind] for kind in kinds]
        different = [found for found in pairs if not any(one.may_be(two) for one, two in found)]
        if not different:
            return None
        one, two = different[0][0]
        # "57 of 81 patients and 55 of 83" and "57 of 81 and 55 of 83 patients" are the same.
        if sides[0].figures(one) & sides[1].bare or sides[1].figures(two) & sides[0].bare:
            return None
        # "In 2020 there were 1,340 births" and "in 2021 1,502" are no contradiction.
        if one.kind != DATE and all(side.dates for side in sides) and not _may_meet(sides[0].dates, sides[1].dates):
            return None
        if one.kind == DATE and len(different) > 1:
            return None
        return sides[0].written(one), sides[1].written(two)

    def is_denied(self) -> bool:
        """Whether one sentence denies what the other says."""
        said, source = self._comparison.said, self._comparison.source
        left = self._comparison.unpaired(said, self._comparison.pairs)
        its_left = self._comparison.unpaired(source, self._comparison.paired_source)
        opposite = any(
            are_opposite(said[one].word, source[two].word) and denies(said, one) == denies(source, two)
            for one, two in product(left, its_left)
        )
        if self._shared(also=opposite) < _SHARED_IN_DENIAL:
            return False
        mine, theirs = ({(one.kind, one.low, one.high) for one in side.amounts} for side in self._sides)
        if mine and theirs and mine.isdisjoint(theirs):  # over six, and under six
            return False
        denied = {(denies(said, here), denies(source, there)) for here, there in self._liked_words()} - {(False, False)}
        return opposite or denied in ({(True, False)}, {(False, True)})

    def _liked_words(self) -> list[tuple[int, int]]:
        """Return the telling words that both sentences have, where they stand in each."""
        return [(here, self._comparison.likenesses[here]) for here in self._sides[0].words if here in self._sides[0].liked]

    def is_of_one_thing(self) -> bool:
        """Whether nothing says that the sentences speak of two things."""
        if self._are_numbered_apart():
            return False
        contexts = _context(self.best.item), _context(self.other.item)
        for token in self._asked:
            held = {token.stem in context.stems for context in contexts}
            if (_is_name(token) and held != {True}) or (_is_qualifier(token) and len(held) > 1):
                return False
        one, two = self._sides
        if not self._is_anchored() and _have_names_of_their_own(*contexts):
            return False
        mine, theirs = self._alone(one), self._alone(two)
        if _has_condition(one.tokens, mine) or _has_condition(two.tokens, theirs):
            return False
        if any(_is_qualifier(side.tokens[at]) for side, places in ((one, mine), (two, theirs)) for at in places):
            return False
        if any(_is_name(one.tokens[at]) for at in mine) and any(_is_name(two.tokens[at]) for at in theirs):
            return False
        if one.ordinals != two.ordinals or _are_headed_apart(self.best.item, self.other.item):
            return False
        lone = ([at for at in side.words if at not in side.liked] for side in (one, two))
        if any(_are_exchanged(one.tokens, here, two.tokens, there) for here, there in product(*lone)):
            return False
        return self._shared() >= (_SHARED_IN_ONE if self.best.item.document == self.other.item.document else _SHARED)

    def _are_numbered_apart(self) -> bool:
        """Whether a number of the question stands above one sentence and not above the other: "the HydroFlow 220 or 340"."""
        one, two = ({token.word for token in tokenised((it.item.passage.heading,))} for it in (self.best, self.other))
        numbers = (token.word for token in self._asked if token.kind in ("number", "code"))
        return any((number in one) != (number in two) for number in numbers)

    def _is_anchored(self) -> bool:
        """Whether the question, or both sentences, name what it is about."""
        held = {token.stem for token in self._sides[1].tokens if _is_name(token)}
        return any(_is_name(token) for token in self._asked) or any(
            token.stem in held for token in self._sides[0].tokens if _is_name(token)
        )

    def _alone(self, side: _Side) -> list[int]:
        """Return the telling words that one sentence alone has, without those that the question asks with."""
        return [at for at in side.words if at not in side.liked and side.tokens[at].stem not in self._stems]

    def _shared(self, also: int = 0) -> float:
        """Share of the telling words of the sentence with fewer of them that the other one has too.

        :param also: How many more of them stand in for each other.
        """
        one, two = self._sides
        return (len(one.liked.intersection(one.words)) + also) / max(1, min(len(one.words), len(two.words)))


def _may_meet(some: Sequence[Amount], others: Sequence[Amount]) -> bool:
    return any(one.may_be(two) for one in some for two in others)


def _have_names_of_their_own(one: Context, two: Context) -> bool:
    """Whether each of two passages has names that the other has not: they may be about two things."""
    return bool(one.names - two.stems) and bool(two.names - one.stems)


def _are_headed_apart(one: Retrieved, two: Retrieved) -> bool:
    """Whether two passages stand under headings that are alike but for a word: "Port clinic" and "Hill clinic"."""
    said, source = (tokenised((innermost_heading(item.passage.heading),)) for item in (one, two))
    stems, others = {token.stem for token in said}, {token.stem for token in source}
    mine = [at for at, token in enumerate(said) if token.says_something and token.stem not in others]
    theirs = [at for at, token in enumerate(source) if token.says_something and token.stem not in stems]
    return any(_are_exchanged(said, here, source, there) for here, there in product(mine, theirs))


def _has_condition(tokens: Sequence[Token], alone: Sequence[int]) -> bool:
    """Whether a sentence begins with a condition that the other does not have: "With kidney failure the dose is"."""
    if not tokens or tokens[0].word not in _CONDITIONS:
        return False
    first = next((at for at, token in enumerate(tokens) if token.says_something), 0)
    return first in alone and first <= _NEAR and tokens[first].word not in _NO_CONDITION


def _are_exchanged(said: Sequence[Token], here: int, source: Sequence[Token], there: int) -> bool:
    """Whether two words stand in the same place of what is otherwise the same name: "the eye clinic", "for men"."""
    if are_opposite(said[here].word, source[there].word):
        return False
    after, its_after = said[here + 1 : here + 2], source[there + 1 : there + 2]
    if after and its_after and after[0].says_something and after[0].stem == its_after[0].stem:
        return True
    before, its_before = said[here - 1].word if here else "", source[there - 1].word if there else ""
    ends = not any(one and one[0].says_something for one in (after, its_after))
    return ends and before == its_before and before in _PREPOSITIONS


@dataclass(frozen=True)
class Context:
    """The words of a passage, of the headings above it and of its document's name.

    Attributes:
        stems: All of them, by their stems.
        names: Those of the passage and headings that name something.
    """

    stems: frozenset[str]
    names: frozenset[str]


def _context(item: Retrieved) -> Context:
    name = re.sub(r"[\W_]+", " ", item.document)
    tokens = tokenised((item.passage.text, item.passage.heading))
    times = fixed_words(tokens)
    names = {token.stem for at, token in enumerate(tokens) if at not in times and _is_proper(token)}
    return Context(frozenset(token.stem for token in (*tokens, *tokenised((name,)))), frozenset(names))


def _is_proper(token: Token) -> bool:
    """Whether a word is written as a name: a code, an acronym, a capital within a sentence."""
    is_acronym = len(token.text) > 1 and token.text.isupper()
    return token.says_something and (token.kind == "code" or is_acronym or (token.is_capital and not token.is_first))


def _is_name(token: Token) -> bool:
    """Whether a word names something: it is written as a name, or no ordinary word."""
    if not token.says_something or token.kind == "number":
        return False
    return _is_proper(token) or not is_common_word(token.word)


def _is_qualifier(token: Token) -> bool:
    return token.word in _QUALIFIERS or token.word.removesuffix("s") in _QUALIFIERS


def _cut_out(text: str, tokens: Sequence[Token], first: int, last: int) -> str:
    """Return the stretch of a text that some of its tokens were made of, by finding them one after the other."""
    at, spans = 0, []
    lowered = text.lower()
    for token in tokens[: last + 1]:
        found = lowered.find(token.text.lower(), at)
        start = found if found >= 0 else at
        at = start + len(token.text) if found >= 0 else at
        spans.append((start, at))
    return " ".join(text[spans[first][0] : spans[last][1]].split())
