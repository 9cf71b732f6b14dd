"""Holds a statement to its quotes: they are there, they have what it names, and the reader finds that they support it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.reader.joint import NAME as SHIPPED_READER
from assistant.reader.protocol import Reader
from assistant.verification.claim import Claim, Located, Quote, Verdict
from assistant.verification.comparison import Comparison
from assistant.verification.directions import check_directions
from assistant.verification.locate import locate, normalised, proves_something
from assistant.verification.names import check_names
from assistant.verification.negation import check_negation
from assistant.verification.quantifiers import check_quantifiers
from assistant.verification.quantities import check_dates, check_numbers, check_units
from assistant.verification.support import check_replaced, check_share, check_terms
from corpus import Passage
from index import Retrieved

Check = Callable[[Comparison], str]

CHECKS: tuple[Check, ...] = (
    check_names,
    check_numbers,
    check_dates,
    check_units,
    check_negation,
    check_quantifiers,
    check_directions,
    check_terms,
    check_replaced,
    check_share,
)
"""What a statement and its quotes are compared by; each returns why the statement does not follow, or nothing."""

CHECKS_OF_SENTENCES: tuple[Check, ...] = (check_negation, check_quantifiers)
"""What whole sentences are looked at for, where only a part is quoted: "not" may stand before it."""

LEAST_SUPPORT = {SHIPPED_READER: -5.0}
"""Reader → the log-odds below which its quotes do not support a statement that is read as a question.

Measured by `python -m eval support` on held-back training texts, of which sentences were put in other words by rule: of the
true statements 10 in 1,000 are below, of those with the quote of another sentence of the passage 27 in 100. A changed number or
name it hardly notices; that is what the checks are for. Nothing is known of other readers' scales, and they refuse nothing.
"""

LONGEST = 1_500
"""Characters of a statement that is checked: a longer one is no statement, and the time goes with the square of them."""

_OPENERS = frozenset("it he she they this these its his her their that those such".split())


def objection(comparison: Comparison, checks: Sequence[Check] = CHECKS) -> str:
    """Return the first reason why a statement does not follow from its quotes by its words; empty if there is none."""
    return next((reason for check in checks if (reason := check(comparison))), "")


class Verifier:
    """Checks the claims of a chat model. May be shared between threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._least = LEAST_SUPPORT.get(reader.name, -math.inf)

    def verify(self, claim: Claim, passages: Mapping[str, Retrieved]) -> Verdict:
        """Return whether a claim stands: each of its quotes is found, its words are theirs, and the reader agrees.

        :param passages: What the model was given, by the ids that it was given them under.
        :raises ModelError: what the reader reads with is missing or damaged.
        """
        if not claim.quotes:
            return Verdict("It has no quote.")
        if len(claim.text) > LONGEST:
            return Verdict(f"It has {len(claim.text):,} characters: only a statement of up to {LONGEST:,} is checked.")
        found = [_place(quote, passages) for quote in claim.quotes]
        places = tuple(place for place in found if isinstance(place, Located))
        missing = next((reason for reason in found if isinstance(reason, str)), "")
        reason = missing or _objection(claim.text, places)
        if reason:
            return Verdict(reason, places)
        support = self.support(claim.text, places)
        reason = "The reader does not find that its quotes support it." if support < self._least else ""
        return Verdict(reason, places, support)

    def support(self, statement: str, places: Sequence[Located]) -> float:
        """Return how well the best of the quotes answers, the statement read as a question: log-odds, not calibrated.

        :raises ModelError: what the reader reads with is missing or damaged.
        """
        readings = self._reader.read(statement, [replace(place.item, passage=_quoted(place)) for place in places])
        return max(reading.answers for reading in readings)


def _place(quote: Quote, passages: Mapping[str, Retrieved]) -> Located | str:
    """Return where a quote stands, in the passage it names first, or why it is not found."""
    shown = " ".join(quote.text.split())
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    if quote.passage not in passages:
        return f"It quotes a passage that was not given ({quote.passage!r:.40})."
    if not proves_something(quote.text):
        return f"The quote “{shown}” is too short to prove anything."
    named = passages[quote.passage]
    for item in (named, *(other for other in passages.values() if other is not named)):
        spans = locate(quote.text, item.passage.text)
        if spans:
            start, end = spans[0]
            return Located(item, (item.passage.start + start, item.passage.start + end))
    return f"The quote “{shown}” is not in the passages."


def _objection(statement: str, places: Sequence[Located]) -> str:
    quotes = [_text(place) for place in places]
    sentences = [_sentences(place) for place in places]
    if any(_are_the_same(statement, quote) and quote == sentence for quote, sentence in zip(quotes, sentences, strict=True)):
        return ""
    background = "\n".join(_background(place) for place in places)
    elsewhere = "\n".join(_elsewhere(place) for place in places)
    reason = objection(Comparison(statement, tuple(quotes), background, elsewhere))
    if reason or sentences == quotes:
        return reason
    return objection(Comparison(statement, tuple(sentences), background, elsewhere), CHECKS_OF_SENTENCES)


def _are_the_same(statement: str, quote: str) -> bool:
    return normalised(statement).text.strip(" .") == normalised(quote).text.strip(" .")


def _text(place: Located) -> str:
    return place.item.passage.between(*place.span)


def _quoted(place: Located) -> Passage:
    """Return the quote as a passage of its own, under its headings."""
    start, end = place.span
    return replace(place.item.passage, start=start, end=end, text=_text(place), sentences=(place.span,))


def _sentences(place: Located) -> str:
    """Return the whole sentences that a quote is of."""
    passage = place.item.passage
    touched = [(start, end) for start, end in passage.sentences if start < place.span[1] and place.span[0] < end]
    start = min([place.span[0], *(start for start, _ in touched)]) - passage.start
    end = max([place.span[1], *(end for _, end in touched)]) - passage.start
    return passage.text[start:end]


def _background(place: Located) -> str:
    """Return the headings above a quote and the sentence before it, or more where that one begins with a pronoun too."""
    passage = place.item.passage
    before = [passage.between(start, end) for start, end in passage.sentences if end <= place.span[0]]
    kept: list[str] = []
    for sentence in reversed(before):
        kept.insert(0, sentence)
        if sentence.split()[0].lower() not in _OPENERS:
            break
    return "\n".join([passage.heading, *kept])


def _elsewhere(place: Located) -> str:
    passage = place.item.passage
    return passage.text[: place.span[0] - passage.start] + "\n" + passage.text[place.span[1] - passage.start :]
