"""How well an answer's words agree with the expected ones."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

from eval.metrics.statistics import _ratio

SINGLE_QUOTES, DOUBLE_QUOTES = "‘’‚‛′‹›`´ʼ", "“”„‟«»"
"""Marks that are written for ' and for "."""

# Translated before NFKC, which turns "´" into a space with an accent and would lose it.
_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys(SINGLE_QUOTES, "'"),
        **dict.fromkeys(DOUBLE_QUOTES, '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("⁄∕", "/"),  # NFKC writes "½" with the first of these
    }
)


def key_fact_recall(expected: Sequence[Sequence[str]], answer: str) -> float | None:
    """Compute the share of the key facts of which some accepted spelling stands in the answer.

        recall = |facts with a spelling in the answer| / |facts|

    Whole words of `normalise_words` are compared, so "one" is not in "hormone", nor "5" in "2.5". Scripts
    without spaces (Chinese, Thai) match only from one punctuation mark to the next. In 0..1; `None` without
    facts. Source: nugget recall, Voorhees, TREC 2003 QA Track, with spellings in the assessor's place.

    :raises ValueError: if a fact has no spelling, or an empty one.
    """
    said = f" {normalise_words(answer)} "
    found = 0
    for number, spellings in enumerate(expected, start=1):
        words = [normalise_words(spelling) for spelling in spellings]
        if not words or not all(words):
            raise ValueError(f"Key fact {number} is {list(spellings)!r}; expected spellings, none empty.")
        found += any(f" {spelling} " in said for spelling in words)
    return _ratio(found, len(expected))


def normalise_words(text: str) -> str:
    """Write a text as its words and marks with one space between each, alike for all ways to type them.

    Case (casefold), Unicode compatibility forms (NFKC), white space, kinds of quotes and dashes, and spaces
    around punctuation do not matter: `T–Cells ,new` and `t-cells, new` are both `t - cells , new`. A point or
    comma between two digits stays in its number. Accents and hyphens matter: "T cell" is not "T-cell".
    """
    text = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES)).casefold()
    text = unicodedata.normalize("NFKC", text)  # again: casefold can undo it
    text = text.translate(_LOOKALIKES)  # again: NFKC writes "″" as two "′"
    text = re.sub("-+", "-", text.replace("''", '"'))  # as typewriters and tokenised corpora write them
    return " ".join("".join(f" {mark} " if _stands_alone(text, i) else mark for i, mark in enumerate(text)).split())


def _stands_alone(text: str, index: int) -> bool:
    """Say whether this character is punctuation or a symbol, and not the point or comma within a number."""
    if unicodedata.category(text[index])[0] not in "PS":
        return False
    in_number = text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit()
    return not (text[index] in ".," and in_number)


def squad_exact_match(expected: Sequence[str], answer: str) -> float:
    """Say whether the answer is one of the expected spellings, word for word.

        EM = 1 if some spelling has the answer's words in its order, else 0

    Words as SQuAD has them: lower case, without the punctuation marks of ASCII, without "a", "an" and "the".
    Spellings without such words are left out; if none is left, the question is one without an answer, to which
    only an answer without words is right. 1.0 or 0.0, never undefined. Source: Rajpurkar et al., SQuAD (2016),
    6.1, and the script of SQuAD 2.0 (2018), evaluate-v2.0.py.

    :raises ValueError: if a text was passed as `expected`: its letters would be the spellings.
    """
    said = _squad_words(answer)
    return float(any(words == said for words in _squad_spellings(expected)))


def squad_f1(expected: Sequence[str], answer: str) -> float:
    """Compute the harmonic mean of precision and recall of the answer's words, for the best spelling.

        F1 = 2 · |common| / (|spelling| + |answer|),  sizes in words, a word in common as often as in both

    Words, empty spellings and the source are those of `squad_exact_match`. Without words on either side, 1.0
    if there are none on both, else 0.0. In 0..1, never undefined.

    :raises ValueError: as `squad_exact_match`.
    """
    said = _squad_words(answer)
    return max(_shared_words(words, said) for words in _squad_spellings(expected))


def _squad_spellings(expected: Sequence[str]) -> list[list[str]]:
    """Split the spellings into words, leaving out those without; one without words stands for "no answer"."""
    if isinstance(expected, str):
        raise ValueError(f"The expected spellings are the text {expected!r}; expected a list of texts.")
    return [words for words in map(_squad_words, expected) if words] or [[]]


def _squad_words(text: str) -> list[str]:
    """Normalise as the official script does, in its order: "A." is an article, "a-b" one word."""
    kept = "".join(mark for mark in text.lower() if mark not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", kept).split()


def _shared_words(expected: list[str], said: list[str]) -> float:
    """Compute the F1 of two lists of words."""
    if not expected or not said:
        return float(expected == said)
    return 2 * (Counter(expected) & Counter(said)).total() / (len(expected) + len(said))
