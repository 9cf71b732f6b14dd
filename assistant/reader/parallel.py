"""Passages of documents that are alike but for the name above them, so that a reader learns to look at it.

A leaflet says "The usual dose is 30 mg" under the name of its medicine, and so does every other one: what is asked of another
medicine, another ward or another machine is not answered there, though every other word fits. Made by rule of
`questions/parallel.toml`, with names that are drawn; a name may be one letter from another, or an ordinary word ("Cedar Ward").
"""

from __future__ import annotations

import random
import tomllib
from functools import lru_cache
from typing import Any

from assistant.reader.data import Example
from assistant.reader.windows import Span
from assistant.reader.written import QUESTIONS_FOLDER
from corpus.document import HEADING_SEPARATOR

SOURCE = "parallel"

_ANSWERED, _OTHER_NAME = 0.45, 0.38  # of the pairs; in the others the name is right, and what is asked is not said
_NEAR_NAME = 0.4  # of the other names
_OTHERS_NAMED = 0.2  # of the passages that name another thing of the kind beside
_ABOVE = ("Handbook", "Information for patients", "Appendix", "Overview", "List", "Part 2", "Guide")


def parallel_examples(count: int, rng: random.Random) -> list[Example]:
    """Return `count` pairs, somewhat less than half of them with an answer."""
    return [_example(rng.choice(_made_of()["kinds"]), rng) for _ in range(count)]


@lru_cache(maxsize=1)
def _made_of() -> dict[str, Any]:
    return tomllib.loads((QUESTIONS_FOLDER / "parallel.toml").read_text(encoding="utf-8"))


@lru_cache
def _names(of: str) -> list[str]:
    words: str = _made_of()["names"][of]
    return words.split()


def _example(kind: dict[str, Any], rng: random.Random) -> Example:
    draw = rng.random()
    form = rng.randrange(len(kind["titles"]))
    name = _name(kind["names"], rng)
    other = _near(name, kind["names"], rng) if rng.random() < _NEAR_NAME else _name(kind["names"], rng)
    is_other = _ANSWERED <= draw < _ANSWERED + _OTHER_NAME and other.casefold() != name.casefold()
    is_answered = draw < _ANSWERED
    wanted, *beside = rng.sample(kind["properties"], min(len(kind["properties"]), rng.randint(2, 4)))
    at = rng.randrange(len(wanted["asked"]))
    heading, shown = wanted["heading"], beside
    if rng.random() < 0.6:  # a section of its own: what else is said there is said under the same heading
        shown = [one for one in beside if one["heading"] == heading]
    sentences = [_filled(rng.choice(one["said"]), rng) for one in shown]
    answer = ""
    if is_answered or is_other:
        answer = _filled(rng.choice(wanted["said"]) if wanted.get("alike") else wanted["said"][at], rng)
        sentences.append(answer)
    elif not sentences:
        sentences = [_filled(rng.choice(one["said"]), rng) for one in beside]
    if rng.random() < _OTHERS_NAMED:
        sentence = rng.choice(_made_of()["beside"][kind["names"]])
        sentences.append(sentence.replace("{m}", other if is_other else _name(kind["names"], rng)))
    rng.shuffle(sentences)
    title = kind["titles"][form].replace("{n}", name).replace("{a}", str(_number(rng)))
    asked_name = kind.get("asked_as", ["{n}"] * (form + 1))[form].replace("{n}", other if is_other else name)
    question = wanted["asked"][at].replace("{n}", asked_name)
    path, text = _set(title, heading if shown is not beside else "", " ".join(sentences), rng)
    evidence: tuple[Span, ...] = ()
    if is_answered:
        start = text.index(answer)
        evidence = ((start, start + len(answer)),)
    tag = "right" if is_answered else "other name" if is_other else "not said"
    return Example(SOURCE, question, path, text, is_answered, evidence, (), tag)


def _set(title: str, heading: str, text: str, rng: random.Random) -> tuple[str, str]:
    """Return heading path and text: the name is in the path, or, now and then, in the first sentence only."""
    if rng.random() < 0.1:
        return heading, f"{rng.choice(('This page is about', 'Below you read about', 'This is the page of'))} {title}. {text}"
    above = [rng.choice(_ABOVE)] if rng.random() < 0.25 else []
    return HEADING_SEPARATOR.join([*above, title, *([heading] if heading else [])]), text


def _filled(sentence: str, rng: random.Random) -> str:
    first, second = sorted(rng.sample(range(6, 22), 2))
    times = f"{first}:{rng.choice(('00', '30', '15'))}", f"{second}:{rng.choice(('00', '30', '45'))}"
    person = f"{rng.choice(('Dr', 'Ms', 'Mr', 'Professor'))} {rng.choice(_names('last_names'))}"
    values = {"a": _number(rng), "b": rng.randint(2, 48), "t": times[0], "u": times[1], "p": person}
    for key, value in values.items():
        sentence = sentence.replace("{" + key + "}", str(value))
    return sentence


def _number(rng: random.Random) -> int:
    return rng.choice((5, 10, 12, 15, 20, 25, 30, 40, 60, 75, 100, 120, 150, 200, 250, 300, 400, 500, 750, 800))


def _name(kind: str, rng: random.Random) -> str:
    if kind == "medicine":
        name = (
            rng.choice(_names("starts"))
            + "".join(rng.sample(_names("middles"), rng.randint(1, 2)))
            + rng.choice(_names("ends"))
        )
        return name if rng.random() < 0.6 else name.lower()
    if kind == "machine":
        return f"{rng.choice(_names('brands'))}{rng.choice(_names('makes'))} {_number(rng)}"
    if kind == "person":
        title, first_name = rng.choice(("Dr ", "Dr ", "", "Professor ")), rng.choice(_names("first_names"))
        return f"{title}{first_name} {rng.choice(_names('last_names'))}"
    if kind == "disease":
        stem = rng.choice(_names("starts")) + rng.choice(_names("middles"))
        return (
            f"{stem}n {rng.choice(_names('diseases'))}"
            if rng.random() < 0.5
            else (stem + "r" + rng.choice(_names("disease_ends"))).lower()
        )
    return rng.choice(_names("places"))


def _near(name: str, kind: str, rng: random.Random) -> str:
    """Return another name that begins or ends like a name of the kind."""
    words = name.split()
    if kind == "place":
        return f"{rng.choice(_names('places'))} {name}" if rng.random() < 0.2 else rng.choice(_names("places"))
    if kind in ("machine", "person"):
        changed = _name(kind, rng).split()
        return " ".join([*words[:-1], changed[-1]]) if rng.random() < 0.6 else " ".join([*changed[:-1], words[-1]])
    at = rng.randint(2, max(2, len(words[0]) - 2))
    letters = rng.choice("bcdfglmnprstvz") + rng.choice("aeio")
    return " ".join([words[0][: at - 1] + letters[: rng.randint(1, 2)] + words[0][at:], *words[1:]])
