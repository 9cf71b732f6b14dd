"""Recognises what people say to a chat that is no question about a subject: "hello", "summarise it", "are you sure?".

A turn counts if each of its clauses is of a known form (see `requests`, `courtesies`) from its first word to its last, so
that a word of any subject makes it an ordinary question: "Tell me more about vaccines". What has no known form is compared
with examples (see `nearest`), if all its words are such as people say to chats.

On 91 phrasings written after all forms and examples, forms alone found the kind of 60, and both together of 71; the nearest
example alone also takes many short follow-ups of CANARD for requests. Of 26,936 questions of the training sets and the own
cases, 3 that ask for something else are taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from assistant.talk.clauses import find_clauses, spelled_out
from assistant.talk.courtesies import FILLER, NAMED, find_courtesies, without_courtesy
from assistant.talk.frames import ASIDE, compiled, with_document, without_closing, without_opening
from assistant.talk.nearest import NONE, WORDS, Nearest
from assistant.talk.requests import AFTERWARDS, ALWAYS, AT_FIRST
from corpus.tokens import is_common_word
from index.vocabulary import correct

_LONGEST = 240  # characters
_MOST_WORDS = 24
_MOST_CLAUSES = 5


class Kind(StrEnum):
    """What a turn is, if it is no question about a subject."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    CAPABILITIES = "capabilities"
    SUMMARY = "summary"
    TOPICS = "topics"
    MORE = "more"
    SOURCE = "source"
    CERTAINTY = "certainty"
    SHORTER = "shorter"
    OBJECTION = "objection"


SMALL_TALK = (Kind.FAREWELL, Kind.THANKS, Kind.GREETING)
"""Courtesies. Where there are several, the first of these is answered."""

_ASKING = (" what is ", " what are ")
"""Openings after which something is asked: "What is the fine?" gives no thanks."""

_AND = re.compile(r" and(?= )")

Vocabulary = Callable[[], Mapping[str, int]]
"""Gives the documents' words."""

_WORDS = dict.fromkeys(WORDS, 1)  # what a typing error could stand for


def recognise(
    text: str, *, is_first: bool, names: Iterable[str] = (), vocabulary: Vocabulary = dict, nearest: Nearest | None = None
) -> Kind | None:
    """Return the kind of a turn, or None for a question like any other.

    :param is_first: Whether nothing was asked before, so that "it" and "this" are the document.
    :param names: Names of documents, which may be said for "the document".
    :param vocabulary: A word of the documents is no typing error and no name. Asked only if a word is unknown.
    :param nearest: Compares what has no known form with examples; None to leave it.
    """
    if len(text) > _LONGEST:
        return None
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "the document", text, flags=re.IGNORECASE)
    clauses = find_clauses(text)
    if len(clauses) > _MOST_CLAUSES or sum(len(clause.words.split()) for clause in clauses) > _MOST_WORDS:
        return None
    found: list[Kind] = []
    for clause in clauses:
        kinds = _clause_kinds(clause.words, is_first, vocabulary)
        if kinds is None:
            kind = nearest.kind(spelled_out(without_courtesy(text))) if nearest else NONE
            return Kind(kind) if kind != NONE else None
        found += kinds
    asked = [kind for kind in found if kind not in SMALL_TALK]
    return asked[-1] if asked else next((kind for kind in SMALL_TALK if kind in found), None)


def _clause_kinds(words: str, is_first: bool, vocabulary: Vocabulary) -> list[Kind] | None:
    """Return the kinds of what a clause says, empty for a filler ("well"); None if something else is said in it."""
    unknown = [word for word in words.split() if word not in _WORDS]
    if not unknown:
        return _kinds(words, is_first)
    if mended := _mended(words, unknown, vocabulary):
        return _kinds(mended, is_first)
    named = NAMED.fullmatch(words)
    if named and unknown == [named["name"]] and named["name"] not in vocabulary():
        return _kinds(words[: named.start("name")].rstrip(), is_first)
    return None


def _kinds(words: str, is_first: bool) -> list[Kind] | None:
    """Return the kinds of the parts that cover a clause: courtesies, openings, a request."""
    if not words:
        return []
    kind = _request(words, is_first)
    # "No thanks" is no objection, although people may add thanks to any request.
    if kind and not (kind is Kind.OBJECTION and any(end == len(words) for end, _ in find_courtesies(words))):
        return [kind]
    for kinds, rest in _without_first(words):
        others = _kinds(rest, is_first)
        is_asking = not kinds and words.startswith(_ASKING)
        if others is not None and not (is_asking and all(kind in SMALL_TALK for kind in others)):
            return [*kinds, *others]
    for joint in _AND.finditer(words):
        both = _kinds(words[: joint.start()], is_first), _kinds(words[joint.end() :], is_first)
        if both[0] and both[1]:
            return [*both[0], *both[1]]
    return None


def _request(words: str, is_first: bool) -> Kind | None:
    """Return the kind of a request, with or without asides and closings."""
    words = with_document(words)
    for forms in (ALWAYS, AT_FIRST) if is_first else (AFTERWARDS, ALWAYS):
        for name, form in forms.items():
            if compiled(form).fullmatch(words):
                return Kind(name)
    plainer: str | None = "".join(f" {word}" for word in words.split() if word not in ASIDE)
    if plainer == words:
        plainer = without_closing(words)
    return _request(plainer, is_first) if plainer else None


def _without_first(words: str) -> Iterator[tuple[list[Kind], str]]:
    """Yield a courtesy or opening that a clause may begin with, and the rest of the clause; longer ones first."""
    for end, name in find_courtesies(words):
        yield [] if name == FILLER else [Kind(name)], words[end:].removeprefix(" and")
    rest = without_opening(words)
    if rest is not None:
        yield [], rest


def _mended(words: str, unknown: list[str], vocabulary: Vocabulary) -> str:
    """Return a clause with its unknown words replaced by those that were meant; nothing if one of them is meant."""
    meant: dict[str, str] = {}
    for word in unknown:
        better = None if is_common_word(word) else correct(word, _WORDS)
        if better is None or word in vocabulary():
            return ""
        meant[word] = better
    return "".join(f" {meant.get(word, word)}" for word in words.split())
