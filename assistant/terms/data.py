"""Follow-ups to learn from: those of CANARD, written out by people, and conversations made of single questions.

What is learned is which words of the history the written-out question takes that the question has not (term selection, as
QuReTeC does it: Voskarides et al., "Query Resolution for Conversational Search with Limited Supervision", SIGIR 2020).
CANARD's are about people and bands; so as not to learn that, questions on one subject (a disease, an article) are made into
conversations, the subject's name taken out of the last one, and conversations on all manner of subjects were written.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.reader.conversations import Conversation
from assistant.reader.data import Example, Record, read_records
from assistant.reader.spoken import Exchange
from assistant.terms.conversation import conversation_text, runs_of, words_of
from assistant.terms.followup import FollowUp
from index.lexical import content_stems

CANARD = "canard.jsonl.gz"
WRITTEN_FILE = Path(__file__).parent / "conversations.jsonl"
"""Conversations written for this project, one a line: turns of a question, the same written out, and an answer or none."""

_HELD_SHARE = 0.1
_SETS = {"medquad": 0.5, "squad2": 0.3, "selqa": 0.2}
"""Set → its share of the conversations made."""

_LONGEST_NAME = 4  # words: people do not say more of one subject
_PRONOUNS = ("it", "it", "they", "this", "that", "these")
_OBJECTS = ("it", "it", "them", "this", "that", "these")
_POSSESSIVES = ("its", "their")
_BEFORE_OBJECT = re.compile(r"\s+(?:of|for|in|about|with|to|from|by|on)\s*$")
_INTRODUCTIONS = ("Tell me about {}.", "What is {}?", "I want to know about {}.", "{}", "Describe {}.", "Who or what is {}?")
_FRAMES = ("What about {}?", "How about {}?", "And {}?", "and for {}?", "And what about {}?", "I meant {}.", "No, {}.")


def example_of(followup: FollowUp) -> Example:
    """Return what the network is trained on: the history as a passage whose evidence are the words needed."""
    terms = followup.terms
    text = conversation_text(followup.history)
    marked = tuple(span for span, stem in words_of(text) if stem in terms)
    return Example("followups", followup.question, "", text, bool(terms), marked)


def read_written(path: Path = WRITTEN_FILE) -> list[FollowUp]:
    """Return every turn of the written conversations but their first ones.

    :raises OSError: the file cannot be read.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        history: list[tuple[bool, str]] = []
        for question, rewrite, answer in json.loads(line)["turns"]:
            if history:
                found.append(FollowUp(tuple(history), question, rewrite, f"{path.stem}/{number}"))
            history.append((True, question))
            if answer:
                history.append((False, answer))
    return found


def asked_in(conversations: Iterable[Conversation]) -> Iterator[FollowUp]:
    """Yield every question but the first of the conversations written for the reader, and those that have no answer."""
    for one in conversations:
        for turn in (*one.turns, *(turn for _, turn in one.unanswered)):
            if turn.before:
                yield FollowUp(_said(turn.before), turn.question, turn.full, one.group)


def asked_after(records: Sequence[Record]) -> Iterator[FollowUp]:
    """Yield the follow-ups written for the reader, each with the question or two before it.

    :param records: As `assistant.reader.written.read_follow_ups` returns them.
    """
    for asked, full in zip(records[::2], records[1::2], strict=True):
        yield FollowUp(_said(asked.before), asked.question, full.question, asked.group)


def _said(before: Iterable[Exchange]) -> tuple[tuple[bool, str], ...]:
    turns = ((is_asked, text) for exchange in before for is_asked, text in zip((True, False), exchange, strict=True))
    return tuple((is_asked, text) for is_asked, text in turns if text)


def split_followups(rows: Sequence[FollowUp], seed: int) -> tuple[list[FollowUp], list[FollowUp]]:
    """Return those to train on, and a tenth held back, whole subjects of it."""
    groups = sorted({row.group for row in rows})
    random.Random(f"{seed}/held").shuffle(groups)
    held = set(groups[: int(len(groups) * _HELD_SHARE)])
    usable = [row for row in rows if row.history]
    return [row for row in usable if row.group not in held], [row for row in usable if row.group in held]


@dataclass(frozen=True)
class Subject:
    """What several questions are about.

    Attributes:
        name: As they name it.
        named: The questions that do.
        others: Questions from the same article that do not.
    """

    name: str
    named: tuple[str, ...]
    others: tuple[str, ...]


class Conversations:
    """Makes conversations of the training sets' single questions."""

    def __init__(self, folder: Path) -> None:
        """
        :param folder: With the training sets.
        :raises OSError: one of them cannot be read.
        """
        self._sources = [_subjects(folder, source) for source in _SETS]

    def made(self, count: int, rng: random.Random) -> Iterator[FollowUp]:
        """Yield `count` follow-ups."""
        for _ in range(count):
            yield self._framed(rng) if rng.random() < 0.12 else self._pronoun(rng)

    def _subject(self, rng: random.Random) -> Subject:
        return rng.choice(self._source(rng))

    def _source(self, rng: random.Random) -> list[Subject]:
        return rng.choices(self._sources, [*_SETS.values()])[0]

    def _pronoun(self, rng: random.Random) -> FollowUp:
        """A question on a subject whose name gave way to a pronoun, or was left out; perhaps after another subject.

        As people talk, the subject is named once, and what is asked then goes without its name for a while.
        """
        subject = self._subject(rng)
        *before, last = rng.sample(subject.named, min(len(subject.named), rng.randint(2, 6)))
        shown = subject.name.lower() if rng.random() < 0.5 else subject.name
        turns = [_written(question, subject.name, shown) for question in before]
        turns[1:] = [_replaced(turn, subject.name, rng) if rng.random() < 0.85 else turn for turn in turns[1:]]
        if rng.random() < 0.5:
            turns[0] = rng.choice(_INTRODUCTIONS).format(shown)
        if subject.others and rng.random() < 0.4:
            place = rng.randint(1, len(turns))
            turns[place:place] = rng.sample(subject.others, min(len(subject.others), rng.randint(1, 2)))
        turns[:0] = self._before(subject, rng)
        history = tuple((True, turn) for turn in turns)
        rewrite = _written(last, subject.name, shown)
        if rng.random() < 0.2:  # a question that stands alone takes nothing
            return FollowUp(history, rewrite, rewrite)
        return FollowUp(history, _replaced(last, subject.name, rng), rewrite)

    def _framed(self, rng: random.Random) -> FollowUp:
        """What is asked of one subject, asked of another with its name alone."""
        subject, other = rng.sample(self._source(rng), 2)
        last = rng.choice(subject.named)
        history = tuple((True, turn) for turn in (*self._before(subject, rng), last))
        shown = other.name.lower() if rng.random() < 0.5 else other.name
        return FollowUp(history, rng.choice(_FRAMES).format(shown), _written(last, subject.name, shown))

    def _before(self, subject: Subject, rng: random.Random) -> list[str]:
        """Return questions that nothing is needed of: on something else, or on something near."""
        draw = rng.random()
        others = subject.others if draw < 0.3 else self._subject(rng).named if draw < 0.6 else ()
        return rng.sample(others, min(len(others), rng.randint(1, 3)))


def _subjects(folder: Path, source: str) -> list[Subject]:
    """Return what at least two questions of an article name: a disease, or a phrase that questions have in common."""
    articles: dict[str, dict[str, None]] = defaultdict(dict)
    for record in read_records(folder, source):
        articles[record.heading or record.group][_tidied(record.question)] = None
    found = []
    for title, asked in sorted(articles.items()):
        questions = [*asked]
        names = [title] if source == "medquad" else _phrases(questions)
        for name in names:
            named = tuple(question for question in questions if _mention(question, name))
            if len(named) >= 2 and len(name.split()) <= _LONGEST_NAME and content_stems(name):
                found.append(Subject(name, named, tuple(one for one in questions if one not in named)))
    return found


def _phrases(questions: Sequence[str]) -> list[str]:
    """Return the runs of words that carry a subject in at least two of the questions, first seen first."""
    counts: Counter[str] = Counter()
    for question in questions:
        counts.update({question[run[0][0][0] : run[-1][0][1]] for run in runs_of(question, words_of(question))})
    return [phrase for phrase, count in counts.items() if count >= 2 and len(phrase) > 3]


def _tidied(question: str) -> str:
    return re.sub(r"\s*\?[\s?]*$", "?", " ".join(question.split())).replace(" (are)", "")


def _mention(question: str, name: str) -> re.Match[str] | None:
    return re.search(rf"\b(?:the |an? )?{re.escape(name)}\b(?P<own>[’']s)?", question, re.IGNORECASE)


def _written(question: str, name: str, shown: str) -> str:
    match = _mention(question, name)
    return question[: match.start()] + shown + (match["own"] or "") + question[match.end() :] if match else question


def _replaced(question: str, name: str, rng: random.Random) -> str:
    """Return the question with a pronoun for the name, or with nothing ("What are the symptoms?")."""
    match = _mention(question, name)
    if not match:
        return question
    before, after = question[: match.start()], question[match.end() :]
    shorter = _BEFORE_OBJECT.sub("", before)
    if not match["own"] and shorter != before and rng.random() < 0.3:
        return shorter + after
    pronoun = rng.choice(_POSSESSIVES if match["own"] else _OBJECTS if shorter != before else _PRONOUNS)
    return before + (pronoun if before else pronoun.capitalize()) + after
