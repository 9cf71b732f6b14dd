"""A follow-up with the words that it needs put in."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from assistant.terms.conversation import Word, runs_of, words_of
from assistant.terms.frames import PREPOSITION, core, is_phrase, without_article
from corpus import Span
from index.lexical import stems

_FOLLOWS_NO_NOUN = (  # so that "this" is no part of "this method", which says what it is
    r"(?=\s*(?:[?.!,]|$|\b(?:are|is|was|were|do|does|did|has|have|can|could|will|would|in|for|of|on|to|and|or|with|from|by|as|at)\b))"
)
_PRONOUN = re.compile(
    rf"\b(?:it|they|them|he|him|she|(?:this|that|these|those|(?:the )?ones?){_FOLLOWS_NO_NOUN})(?![\w’'])", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"\b(?:its|their|his|hers?)\b(?![’'])", re.IGNORECASE)
# Words that were needed stay together where nothing but "of the" and the like separates them.
_BETWEEN = re.compile(r"[\s-]*(?:(?:of|the|for|in|and|to|on)\s+){0,2}")


def rewritten(question: str, history: Sequence[str], terms: Collection[str]) -> str:
    """Return the question with the words of the history whose stems it needs, in the place of its pronoun or before it.

    :param history: Oldest first.
    """
    phrases = needed_phrases(history, terms)
    if not phrases:
        return question
    first, *rest = phrases
    if match := _PRONOUN.search(question):
        question = question[: match.start()] + first + question[match.end() :]
    elif match := _POSSESSIVE.search(question):
        owner = first + ("'" if first.endswith("s") else "'s")
        question = question[: match.start()] + owner + question[match.end() :]
    else:
        rest = phrases
    return f"{', '.join(rest)}: {question}" if rest else question


def framed(question: str, before: str, weights: Mapping[str, float], threshold: float) -> str | None:
    """Return the question before with what is asked now, if that has no verb, in the place of what it replaces; else None.

    What is replaced are the words of the question before that are not needed: of "How long was the network in Paris?" before
    "And in Berlin?" that is Paris. They have to stand together, and may not be more than what is asked now; where all are
    needed, a preposition goes on from the last one.

    :param before: The question before, written out.
    :param weights: How surely each word is needed, by stem.
    :param threshold: From which weight on a word is needed.
    """
    new, before = core(question).rstrip(" ?.!"), core(before)
    words, own = [*words_of(before)], {*stems(new)}
    if not is_phrase(new) or not any(weights.get(stem, 0.0) >= threshold for _, stem in words):
        return None
    # A word that is in both may be a part of what is replaced: "crane K1" gives way to "crane K2".
    places = [place for place, (_, stem) in enumerate(words) if stem not in own and weights.get(stem, 0.0) < threshold]
    if not places:
        asked = before.rstrip(" ?.!")
        return f"{asked} {new}{before[len(asked) :]}" if PREPOSITION.match(new) else None
    first, last = places[0], places[-1]
    while first and words[first - 1][1] in own:
        first -= 1
    while last + 1 < len(words) and words[last + 1][1] in own:
        last += 1
    if any(stem not in own and weights.get(stem, 0.0) >= threshold for _, stem in words[first : last + 1]):
        return None
    if last - first >= len([*words_of(new)]):  # more would be lost than is put in its place
        return None
    start, end = words[first][0][0], words[last][0][1]
    if PREPOSITION.match(new):
        lead = re.search(rf"\b{PREPOSITION.pattern}\s+(?:(?:the|an?)\s+)?$", before[:start], re.IGNORECASE)
        if lead is None:
            return None
        start = lead.start()
    else:
        new = without_article(new)
    return before[:start] + new + before[end:]


def needed_phrases(history: Sequence[str], terms: Collection[str]) -> list[str]:
    """Return the stretches of the history that hold the words needed, each word once, the newest and longest first."""
    missing, found = set(terms), []
    for turn in reversed(history):
        words = _with_names(turn, [*words_of(turn)], terms)
        runs = [({stem for _, stem in run}, turn[run[0][0][0] : run[-1][0][1]]) for run in runs_of(turn, words, _BETWEEN)]
        for held, phrase in sorted(runs, key=lambda run: -len(run[0])):
            if held & missing:
                found.append(phrase)
                missing -= held
    return found


def _with_names(text: str, words: Sequence[Word], terms: Collection[str]) -> list[Word]:
    """Return the words that are needed, and those of a name of which a part is: "Proust" with "Marcel"."""
    is_kept = [stem in terms for _, stem in words]
    pairs = [*pairwise(range(len(words)))]
    for one, other in (*pairs, *((other, one) for one, other in reversed(pairs))):
        if is_kept[one] and not is_kept[other] and _are_one_name(text, *sorted((words[one][0], words[other][0]))):
            is_kept[other] = True
    return [word for word, kept in zip(words, is_kept, strict=True) if kept]


def _are_one_name(text: str, first: Span, second: Span) -> bool:
    return text[first[0]].isupper() and text[second[0]].isupper() and text[first[1] : second[0]] in (" ", "-")
