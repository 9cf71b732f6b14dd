"""Questions that take something for granted, made by rule: "Why is …?", "Since … is …: who …?", and "Is …?".

What they take for granted is said in the passage, or it is contradicted there: by a denial, or by one word that is another
one. Asked why, or what follows, a question with a false presupposition has no answer (Kim et al., "Which Linguist Invented the
Lightbulb? Presupposition Verification for Question-Answering", ACL 2021); asked whether, the denial is the answer. And a reason
must be given, not the fact alone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.reader.data import Example, Passages, Record
from assistant.reader.made import cloze_of, other_word, question_of, words_of
from assistant.reader.windows import Span, grow, sentence_spans
from index.lexical import STOP_WORDS

SOURCE = "presupposed"

_AUXILIARY = r"is|are|was|were|can|could|may|must|should|will|would|has|have|had|does|do|did"
_STATED = re.compile(
    rf"(?P<subject>[^,;:()]{{3,80}}?) (?P<aux>{_AUXILIARY})(?P<not> not|n[’']t|not)? (?P<rest>.{{8,160}}?)[.;]?$", re.S
)
_REASON = re.compile(r",? (because|since|so that|in order to|due to|as a result of|owing to|thanks to)\b", re.I)
_HINTS = re.compile(
    r"\b(because|since|so that|in order|due to|as a result|owing|thanks|therefore|thus|hence|reason|why|cause)", re.I
)
_PREMISES = ("Since", "As", "Given that", "If", "Seeing that", "Considering that")
_KINDS = {"why, reason": 4, "why, no reason": 1, "why, denied": 3, "why, changed": 3, "whether": 3, "premise": 4}
_FALSE = 0.5  # share of the premises
_CONJUNCTIONS = frozenset(
    "if because but when while although though thus however whether unless until once since as for".split()
)
_BEFORE_NOUNS = frozenset(
    "the a an this these those it they he she its their his her some many most all each other such".split()
)


@dataclass(frozen=True)
class _Stated:
    """What a sentence states: subject, auxiliary verb, rest, and whether it is denied."""

    subject: str
    auxiliary: str
    rest: str
    denied: bool

    def asked(self, opening: str, *, denied: bool) -> str:
        """Return it as a question, `opening` first ("Why")."""
        words = [opening, self.auxiliary, self.subject, "not" if denied else "", self.rest]
        text = " ".join(word for word in words if word)
        return text[:1].upper() + text[1:] + "?"

    def said(self, *, denied: bool) -> str:
        """Return it as a clause."""
        return " ".join(filter(None, (self.subject, self.auxiliary, "not" if denied else "", self.rest)))


def presupposed_examples(
    records: Sequence[Record], passages: Passages, count: int, size: Callable[[random.Random], int], rng: random.Random
) -> list[Example]:
    """`count` pairs or a little fewer, about half of them without an answer, of the records' passages.

    :param size: Draws the characters that a passage may grow to.
    """
    shown = {record.passage: record for record in records if len(record.passage) > 200}
    texts = [*shown]
    if not texts:
        return []
    wanted = {kind: count * share // sum(_KINDS.values()) for kind, share in _KINDS.items()}
    made: list[Example] = []
    for _ in range(60 * count):
        open_kinds = [kind for kind, left in wanted.items() if left > 0]
        if not open_kinds:
            break
        kind = rng.choice(open_kinds)
        record = shown[rng.choice(texts)]
        example = _example(
            kind, record, passages.sentences(record.passage), shown[rng.choice(texts)].passage[:1500], size(rng), rng
        )
        if example is not None:
            made.append(example)
            wanted[kind] -= 1
    return made


def _example(
    kind: str, record: Record, sentences: Sequence[Span], elsewhere: str, limit: int, rng: random.Random
) -> Example | None:
    place = rng.randrange(len(sentences))
    statement = record.passage[slice(*sentences[place])]
    reason = _REASON.search(statement)
    stated = _stated(statement[: reason.start()] if reason else statement)
    if stated is None or (kind == "why, reason") != (reason is not None) or (kind == "why, denied" and not stated.denied):
        return None
    start, end = grow(sentences, place, place, max(limit, 160), rng)
    if end - start > 760:
        return None
    text = record.passage[start:end]
    own = (sentences[place][0] - start, sentences[place][1] - start)
    if kind == "why, no reason" and _HINTS.search(text):
        return None
    no_answer = Example(SOURCE, "", record.heading, text, False, (), (), kind)
    answered = Example(SOURCE, "", record.heading, text, True, (own,), (), kind)
    if kind == "premise":
        return _with_premise(answered, no_answer, stated, elsewhere, record, (start, end), rng)
    if kind == "whether":
        denied = stated.denied and rng.random() < 0.3
        return _asking(answered, stated.asked("", denied=denied))
    if kind == "why, changed":
        changed = _changed(stated, text + " " + elsewhere, rng)
        return None if changed is None else _asking(no_answer, changed.asked("why", denied=stated.denied))
    if kind == "why, denied":
        return _asking(no_answer, stated.asked("why", denied=False))
    if reason is None:
        return _asking(no_answer, stated.asked("why", denied=stated.denied))
    because = (own[0] + reason.end() - len(reason.group(1)), own[1])
    return _asking(replace(answered, answers=(because,)), stated.asked("why", denied=stated.denied))


def _with_premise(
    answered: Example, no_answer: Example, stated: _Stated, elsewhere: str, record: Record, window: Span, rng: random.Random
) -> Example | None:
    """A question of a statement of the passage, with what is stated, or its contrary, before it."""
    evidence = answered.evidence or ()
    cloze = cloze_of(answered.text, rng.choice(_others(answered.text, evidence[0])), rng)
    if cloze is None:
        return None
    is_false = rng.random() < _FALSE
    denied = stated.denied
    if is_false and (denied or rng.random() < 0.3):
        denied = not denied
    elif is_false:
        changed = _changed(stated, answered.text + " " + elsewhere, rng)
        if changed is None:
            return None
        stated = changed
    opening = rng.choice(_PREMISES)
    asked = question_of(cloze.words, rng)
    question = f"{opening} {stated.said(denied=denied)}{rng.choice((',', ':'))} {asked[:1].lower()}{asked[1:]}"
    if is_false:
        return _asking(no_answer, question)
    both = sorted({evidence[0], _sentence_at(answered.text, cloze.answer, evidence[0])})
    return _asking(replace(answered, evidence=tuple(both), answers=(cloze.answer,)), question)


def _others(text: str, own: Span) -> list[Span]:
    return [span for span in sentence_spans(text) if span != own] or [own]


def _sentence_at(text: str, answer: Span, own: Span) -> Span:
    return next((span for span in sentence_spans(text) if span[0] <= answer[0] < span[1]), own)


def _stated(sentence: str) -> _Stated | None:
    found = _STATED.match(sentence.strip())
    if found is None:
        return None
    subject = found["subject"]
    words = subject.split()
    first = words[0].lower()
    if len(words) > 10 or not (words[0][:1].isupper() or words[0][:1].isdigit()):
        return None
    if first in _CONJUNCTIONS or (first in STOP_WORDS and first not in _BEFORE_NOUNS):
        return None
    if first in _BEFORE_NOUNS:
        subject = subject[:1].lower() + subject[1:]
    return _Stated(subject, found["aux"], found["rest"].rstrip(), bool(found["not"]))


def _changed(stated: _Stated, pool: str, rng: random.Random) -> _Stated | None:
    """What is stated with one telling word of it another one."""
    parts = [stated.subject, stated.rest]
    telling = [(at, word) for at, part in enumerate(parts) for word in words_of(part) if word.kind]
    if len(telling) < 2:
        return None
    at, word = rng.choice(telling)
    other = other_word(word, parts, pool, rng)
    if other is None:
        return None
    parts[at] = parts[at][: word.start] + other + parts[at][word.end :]
    return _Stated(parts[0], stated.auxiliary, parts[1], stated.denied)


def _asking(example: Example, question: str) -> Example:
    return replace(example, question=question)
