"""Whether a statement speaks of what its quotes speak of: how many of its words they have, and terms that they do not know."""

from __future__ import annotations

from assistant.verification.comparison import Comparison
from assistant.verification.forms import stem
from assistant.verification.quantifiers import marks
from assistant.verification.tokens import Token, tokenised
from corpus.tokens import count_tokens, is_common_word

LEAST_SHARE = 0.4
"""Of the statement's telling words that the quotes have too."""

_COMMON_BEGINNING = 5
_PIECES = 3
"""Word pieces of a word that is a term, wherever it stands: "metformin" has three, "notify" two."""

_GAP = 4  # tokens on a side in which a word may stand in the place of another
_LINKING = frozenset(
    "according document text source passage article state stated states says say report reported mentions described "
    "additionally furthermore moreover however nevertheless therefore thus hence among named called".split()
)
"""Words with which a statement is introduced or joined to others, that say nothing of its subject."""


def check_terms(comparison: Comparison) -> str:
    """Return which term the quotes do not have: a word that is no ordinary English; empty if there is none."""
    held = [token.word for token in comparison.source if token.kind != "mark"]
    measured = {at for number in comparison.said_numbers for at in range(number.first, number.last + 1)}
    for here in comparison.unpaired(comparison.said, {*comparison.likenesses, *measured}):
        token = comparison.said[here]
        if token.kind != "word" or _is_ordinary(token) or any(_are_kin(token.word, word) for word in held):
            continue
        if count_tokens([token.word])[0] >= _PIECES or _instead(comparison, here) is not None:
            return f"“{token.text}” is not in the quotes."
    return ""


def check_replaced(comparison: Comparison) -> str:
    """Return which word of elsewhere in the passages stands in the place of one of the quotes; empty if none does.

    A word that is none of the passages' may well be a synonym. One that is theirs, and not the quotes', says something else.
    """
    others = {token.stem for token in tokenised((comparison.elsewhere,))}
    held = [token.word for token in comparison.source if token.kind != "mark"]
    counted = {at for number in comparison.said_numbers for at in range(number.first, number.last + 1)}
    counted |= {at for mark in marks(comparison.said) for at in range(mark.first, mark.last + 1)}  # see `quantifiers`
    for here in sorted(comparison.said_alone - counted):
        token = comparison.said[here]
        if (
            token.word in _LINKING
            or token.stem not in others
            or token.kind != "word"
            or any(_are_kin(token.word, word) for word in held)
        ):
            continue
        instead = _instead(comparison, here)
        if instead is not None:
            return f"The quotes say “{comparison.source[instead].text}”, the statement “{token.text}”."
    return ""


def _instead(comparison: Comparison, here: int) -> int | None:
    """Return the word that the quotes have, and the statement has not, where the statement has one of its own."""
    before = next((comparison.pairs[at] for at in range(here - 1, max(here - 5, -1), -1) if at in comparison.pairs), None)
    last = min(here + 5, len(comparison.said))
    after = next((comparison.pairs[at] for at in range(here + 1, last) if at in comparison.pairs), None)
    if before is None and after is None:
        return None
    first = before if before is not None else max((after or 0) - _GAP, 0)
    final = after if after is not None else first + _GAP
    if not 0 < final - first <= 2 * _GAP:
        return None
    return next((at for at in range(first, min(final + 1, len(comparison.source))) if at in comparison.source_alone), None)


def check_share(comparison: Comparison) -> str:
    """Return that the statement says something else than its quotes, if few of its words are theirs."""
    telling = [at for at, token in enumerate(comparison.said) if token.says_something and token.word not in _LINKING]
    held = [token.word for token in comparison.source if token.kind != "mark"]
    counted = {at for number in comparison.said_numbers for at in range(number.first, number.last + 1)}  # these are checked
    known = sum(
        at in comparison.likenesses or at in counted or any(_are_kin(comparison.said[at].word, word) for word in held)
        for at in telling
    )
    if telling and known < LEAST_SHARE * len(telling):
        return "The statement has few words in common with its quotes."
    return ""


def _is_ordinary(token: Token) -> bool:
    return len(token.word) < 4 or is_common_word(token.word) or is_common_word(stem(token.word))


def _are_kin(one: str, two: str) -> bool:
    """Whether two words begin alike, as those of one root do: "immunised", "immunity"."""
    length = max(_COMMON_BEGINNING, round(0.6 * max(len(one), len(two))))
    return one[:length] == two[:length]
