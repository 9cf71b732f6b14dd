"""True statements to begin with: sentences of documents, which are surely so since the document says them."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from corpus import Document, Passage, split_passages

LEAST_WORDS, MOST_WORDS = 8, 40
"""Of a sentence: a shorter one has little to change, a longer one is no statement of a chat model."""

NAME = re.compile(r"(?<=[a-z,;)] )[A-Z][\w-]*\w(?: (?:of |the |de |van )?[A-Z][\w-]*\w){0,3}")
"""A capitalised name inside a sentence; at its beginning every word is capitalised."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_LOWER = re.compile(r"\b[a-z]+\b")
_NOT_SAYING = re.compile(r"[?!]|https?:|doi|www\.|…|\.\.\.|^(?:See|Figure|Table|Fig|Click|Select|Note)\b")
_SENTENCE = re.compile(r"[A-Z][^\n\r]*[a-z)\]\"'”0-9%] ?\.")


@dataclass(frozen=True)
class Fact:
    """A sentence of a document, to be said as it is, in other words, or falsely.

    Attributes:
        set: The set that the document is of.
        document: The document's name.
        passage: Where the sentence stands.
        quote: The sentence.
        names: Names that stand elsewhere in the document and not in the sentence.
        own_names: Those in it.
    """

    set: str
    document: str
    passage: Passage
    quote: str
    names: tuple[str, ...]
    own_names: tuple[str, ...]


def facts_of(document: Document, name: str) -> Iterator[Fact]:
    """Yield the sentences of a document that say something.

    :param name: Of the set.
    """
    names, seldom = find_names(document.text), find_names(document.text, least=1)
    for passage in split_passages(document):
        for start, end in passage.sentences:
            quote = document.text[start:end]
            if is_saying(quote):
                others = tuple(one for one in names if not _shares_a_word(one, quote))
                own = tuple(one for one in seldom if one in quote)
                yield Fact(name, document.name, passage, quote, others, own)


def is_saying(sentence: str) -> bool:
    """Whether a sentence is a whole one, on one line, that states something in ordinary words."""
    words = _WORD.findall(sentence)
    return (
        LEAST_WORDS <= len(words) <= MOST_WORDS
        and _SENTENCE.fullmatch(sentence) is not None
        and not _NOT_SAYING.search(sentence)
        and sum(len(word) for word in words) >= 0.65 * len(sentence)
        and sum(word[0].islower() for word in words) >= 0.5 * len(words)
    )


def find_names(text: str, least: int = 2) -> list[str]:
    """Return the names inside the sentences of a text that occur at least so often, by the alphabet."""
    ordinary = set(_LOWER.findall(text))
    counts = Counter(NAME.findall(text))
    return sorted(
        name for name, count in counts.items() if count >= least and not any(word.lower() in ordinary for word in name.split())
    )


def in_turns(facts: Sequence[Fact], rng: random.Random) -> list[Fact]:
    """Return the facts in a random order in which every document comes once before one comes again."""
    by_document: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        by_document.setdefault((fact.set, fact.document), []).append(fact)
    queues = list(by_document.values())
    rng.shuffle(queues)
    for queue in queues:
        rng.shuffle(queue)
    return [fact for turn in zip_longest(*queues) for fact in turn if fact is not None]


def _shares_a_word(name: str, sentence: str) -> bool:
    words = set(re.findall(r"\w+", sentence.lower()))
    return any(word in words for word in re.findall(r"\w+", name.lower()))
