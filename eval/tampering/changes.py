"""Every kind of change that makes a true statement false."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from eval.tampering import names, quantities, words
from eval.tampering.facts import Fact

Change = Callable[[Fact, str, random.Random], str | None]
"""Takes a fact, how it is put, and chance; returns a false statement, or None if there is nothing to change."""

KINDS: Mapping[str, Sequence[Change]] = {
    "number": (quantities.other_number, quantities.other_number_word),
    "numbers exchanged": (quantities.exchanged_numbers,),
    "unit": (quantities.other_unit, quantities.other_percentage),
    "date": (quantities.other_date,),
    "negation added": (words.negation_added,),
    "negation dropped": (words.negation_dropped,),
    "name": (names.other_name, names.other_code, names.other_term, names.other_subject),
    "names exchanged": (names.exchanged_names,),
    "quantifier": (words.other_quantifier,),
    "comparison": (words.turned_round, words.exchanged_sides),
}


def changed(kind: str, fact: Fact, text: str, rng: random.Random) -> str | None:
    """Return a statement with one change of this kind; None if it has none to offer."""
    for change in rng.sample(KINDS[kind], len(KINDS[kind])):
        result = change(fact, text, rng)
        if result is not None and result != text:
            return result
    return None
