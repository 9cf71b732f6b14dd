"""Questions made by rule of any text, with and without an answer, so that a reader learns to check each word of a question.

A statement of the text becomes a question by taking a number, a name or a term out of it (cloze translation: Lewis, Denoyer and
Riedel, "Unsupervised Question Answering by Cloze Translation", ACL 2019). It has no answer where the statement is left out of
the passage, or where one telling word is another one in the question or in the passage: hardly any labelled question is as near
to being answered. Passages are changed where there is an answer, too, so that a changed text tells nothing by itself.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.reader.augment import OPPOSITES
from assistant.reader.data import Example, Passages, Record
from assistant.reader.windows import Span, grow, overlap, runs_without
from index.lexical import STOP_WORDS

SOURCE = "made"

_WORD = re.compile(r"\d+(?:[.,]\d+)*%?(?![^\W_])|[^\W_]+(?:[-.’'/][^\W_]+)*%?")
_NUMBER = re.compile(r"\d[\d.,]*%?")
_FEWEST_WORDS, _MOST_WORDS = 7, 45  # of a statement
_LEAST_TELLING = 3  # words of a question that are no stop-words
_YEAR = range(1000, 2101)
_AUXILIARIES = ("did", "does", "is", "was", "do", "are", "were", "can", "has")
_ENDINGS = ("ing", "ed", "tion", "ment", "ity", "ly", "al", "ous", "ic", "er", "s", "")


@dataclass(frozen=True)
class Word:
    """A word and its place in a text."""

    text: str
    start: int
    end: int

    @property
    def kind(self) -> str:
        """Words of one kind may stand in each other's place."""
        if _NUMBER.fullmatch(self.text):
            return "year" if self.text.isdigit() and int(self.text) in _YEAR else "number"
        if self.text[:1].isupper():
            return "name"
        if self.text.lower() in STOP_WORDS or len(self.text) < 4:
            return ""
        return next(ending for ending in _ENDINGS if self.text.endswith(ending)) or "word"


@dataclass(frozen=True)
class Cloze:
    """A question, the words of the statement that it has kept, and where its answer stands in the statement."""

    words: tuple[str, ...]
    telling: tuple[Word, ...]
    answer: Span


def made_examples(
    records: Sequence[Record], passages: Passages, count: int, size: Callable[[random.Random], int], rng: random.Random
) -> list[Example]:
    """`count` pairs or a little fewer, half of them without an answer, of the records' passages.

    :param size: Draws the characters that a passage may grow to.
    """
    shown = {record.passage: record for record in records}
    texts = [text for text in shown if len(text) > 200]
    made: list[Example] = []
    for _ in range(3 * count):
        if len(made) >= count or not texts:
            break
        record = shown[rng.choice(texts)]
        example = _example(record, passages.sentences(record.passage), shown[rng.choice(texts)].passage, size(rng), rng)
        if example is not None:
            made.append(example)
    return made


def _example(record: Record, sentences: Sequence[Span], elsewhere: str, limit: int, rng: random.Random) -> Example | None:
    place = rng.randrange(len(sentences))
    statement = sentences[place]
    cloze = cloze_of(record.passage, statement, rng)
    if cloze is None:
        return None
    start, end = grow(sentences, place, place, max(limit, 160), rng)
    if end - start > 760:
        return None
    text, own = record.passage[start:end], (statement[0] - start, statement[1] - start)
    draw = rng.random()
    if draw < 0.36:
        return _answered(record, text, own, cloze, start, rng)
    if draw < 0.52:
        return _changed(record, text, start, own, cloze, elsewhere, rng, in_question=True, answered=True)
    if draw < 0.70:
        return _without(record, sentences, place, cloze, limit, rng)
    return _changed(record, text, start, own, cloze, elsewhere, rng, in_question=draw < 0.87, answered=False)


def _answered(record: Record, text: str, own: Span, cloze: Cloze, start: int, rng: random.Random) -> Example:
    answer = (cloze.answer[0] - start, cloze.answer[1] - start)
    return Example(SOURCE, question_of(cloze.words, rng), record.heading, text, True, (own,), (answer,), "right")


def _without(
    record: Record, sentences: Sequence[Span], place: int, cloze: Cloze, limit: int, rng: random.Random
) -> Example | None:
    """The rest of the passage, around what is most tempting in it."""
    first = max(0, place - 8)
    near = sentences[first : place + 9]
    runs = runs_without(near, [first + at == place for at in range(len(near))])
    if not runs:
        return None
    question = question_of(cloze.words, rng)
    run = max(runs, key=lambda some: max(overlap(question, record.passage[s:e]) for s, e in some))
    best = max(range(len(run)), key=lambda at: overlap(question, record.passage[run[at][0] : run[at][1]]))
    if overlap(question, record.passage[run[best][0] : run[best][1]]) > 0.7:
        return None  # it may well say the same
    start, end = grow(run, best, best, max(limit, 160), rng)
    if end - start > 760:
        return None
    return Example(SOURCE, question, record.heading, record.passage[start:end], False, (), (), "rest")


def _changed(
    record: Record,
    text: str,
    start: int,
    own: Span,
    cloze: Cloze,
    elsewhere: str,
    rng: random.Random,
    *,
    in_question: bool,
    answered: bool,
) -> Example | None:
    """One telling word is another one: in question and passage alike, or, for no answer, in one of them only."""
    word = rng.choice(cloze.telling)
    other = other_word(word, [*cloze.words, text[own[0] : own[1]]], text + " " + elsewhere[:1500], rng)
    if other is None:
        return None
    if answered or in_question:
        words = [other if part == word.text else part for part in cloze.words]
        if words == list(cloze.words):
            return None
    else:
        words = list(cloze.words)
    if answered or not in_question:
        at, stop = word.start - start, word.end - start
        shift = len(other) - (stop - at)
        if text[: own[0]].count(word.text) + text[own[1] :].count(word.text):
            return None  # it is said elsewhere too
        text = text[:at] + other + text[stop:]
        first, last = (place - start + (shift if place - start >= stop else 0) for place in cloze.answer)
        own = (own[0], own[1] + shift)
    if not answered:
        return Example(SOURCE, question_of(words, rng), record.heading, text, False, (), (), "false")
    return Example(SOURCE, question_of(words, rng), record.heading, text, True, (own,), ((first, last),), "right")


def other_word(word: Word, said: Sequence[str], pool: str, rng: random.Random) -> str | None:
    """Return what may stand in a word's place and says something else; None if there is nothing.

    :param said: Texts that do not have it.
    :param pool: The text to draw it from, if it is not the word's opposite.
    """
    if rng.random() < 0.5 and word.text.lower() in OPPOSITES:
        return OPPOSITES[word.text.lower()]
    banned = {one.text.lower()[:5] for text in said for one in words_of(text)}
    others = [one.text for one in words_of(pool) if one.kind == word.kind and one.text.lower()[:5] not in banned]
    return rng.choice(others) if others else None


def words_of(text: str, offset: int = 0) -> list[Word]:
    """Return the words of a text; their places count from `offset`."""
    return [Word(match.group(), offset + match.start(), offset + match.end()) for match in _WORD.finditer(text)]


def cloze_of(passage: str, statement: Span, rng: random.Random) -> Cloze | None:
    """Return a question of a statement, which stands in a passage; None where it is too short or has nothing to ask for."""
    words = words_of(passage[statement[0] : statement[1]], statement[0])
    if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS:
        return None
    answers = _answers(passage, words)
    if not answers:
        return None
    first, last = rng.choice(answers)
    low = max(0, first - rng.randint(3, 12))
    high = min(len(words), last + 1 + rng.randint(3, 12))
    before, after = _clause(passage, words[low:first], words[last + 1 : high], words[first], words[last])
    telling = tuple(word for word in (*before, *after) if word.kind)
    if len(telling) < _LEAST_TELLING:
        return None
    asks = _asking(words[first], words[last], rng)
    left, right = [word.text for word in before], [word.text for word in after]
    if left and low == 0 and words[0] is before[0] and words[0].kind in ("", "name") and words[0].text[1:].islower():
        left[0] = left[0] if rng.random() < 0.5 else left[0].lower()
    if not left or rng.random() < 0.15:
        parts = [*left, asks, *right]
    elif rng.random() < 0.6:
        parts = [asks, rng.choice(_AUXILIARIES), *left, *right]
    else:
        parts = [asks, *right, *left] if right and rng.random() < 0.5 else [asks, *left, *right]
    kept = [part for part in parts if part == asks or part.lower() not in STOP_WORDS or rng.random() < 0.8]
    return Cloze(tuple(kept), telling, (words[first].start, words[last].end))


def _clause(passage: str, before: list[Word], after: list[Word], first: Word, last: Word) -> tuple[list[Word], list[Word]]:
    """The words around the answer up to a bracket, semicolon or colon."""
    ends = re.compile(r"[();:]| – | — ")
    for at in range(len(before) - 1, -1, -1):
        if ends.search(passage[before[at].end : (before[at + 1] if at + 1 < len(before) else first).start]):
            before = before[at + 1 :]
            break
    for at, word in enumerate(after):
        if ends.search(passage[(after[at - 1] if at else last).end : word.start]):
            after = after[:at]
            break
    return before, after


def _answers(passage: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Runs of words that may be asked for: a number, a name, a term of up to three words behind a stop-word."""
    found = []
    for at, word in enumerate(words):
        if word.kind in ("number", "year"):
            found.append((at, at))
        elif word.kind == "name" and at > 0 and words[at - 1].kind != "name":
            stop = at
            while stop + 1 < len(words) and words[stop + 1].kind == "name" and words[stop + 1].start - words[stop].end == 1:
                stop += 1
            found.append((at, stop))
        elif word.kind and word.kind not in ("ed", "ly", "name") and (at == 0 or not words[at - 1].kind):
            stop = at
            while stop < at + 2 and stop + 1 < len(words) and words[stop + 1].kind not in ("", "ed", "ly", "name", "number"):
                if words[stop + 1].start - words[stop].end != 1:
                    break
                stop += 1
            if words[stop].end - word.start > 5:
                found.append((at, stop))
    return found


def _asking(first: Word, last: Word, rng: random.Random) -> str:
    if first.kind == "year":
        return rng.choice(("when", "in what year", "what year"))
    if first.kind == "number":
        return rng.choice(("how many", "how much", "what number", "how many"))
    if first.kind == "name":
        return rng.choice(("who", "what", "which", "where", "what"))
    return rng.choice(("what", "what", "which", "what kind of thing"))


def question_of(words: Sequence[str], rng: random.Random) -> str:
    """Return words as a question, mostly with a capital and a question mark."""
    text = " ".join(words)
    if rng.random() < 0.8:
        text = text[:1].upper() + text[1:]
    return text + ("?" if rng.random() < 0.85 else "")
