"""The project's own cases with the models that are shipped: they reach their thresholds, and a broken build does not.

Each build is run once, as `python -m eval` runs it. The broken ones show what the thresholds are worth: that citations, search
and declining are all held by some of them.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from typing import Any

import pytest
from conftest import ABOUT_TESTS

import index
from assistant import Citation, answer
from assistant.calibration import load_calibration
from assistant.reader import choice
from corpus import Document
from eval.cases import CASES_FOLDER, Case
from eval.run import main
from eval.runs import Run, load_run
from eval.scoring import CaseScore, score
from eval.summary import summarise
from eval.thresholds import OWN_THRESHOLDS, load_thresholds
from index import PassageIndex, Retrieved, SearchMode, SentenceTransformerEmbeddings

pytestmark = pytest.mark.timeout(1200)  # some hundred questions, on a machine that may have other work

SETS = sorted(path.stem for path in CASES_FOLDER.glob("*.jsonl"))
QUOTES = ("valid quotes", "uncut quotes")


@dataclass(frozen=True)
class Outcome:
    """What a run of the own cases came to."""

    code: int
    errors: str
    run: Run

    @property
    def missed(self) -> list[tuple[str, str]]:
        """(set, measure) of each threshold that was missed."""
        lines = [line.removeprefix("threshold missed: ") for line in self.errors.splitlines()]
        return [(name, rest.split(" is ")[0]) for name, rest in (line.split(": ", 1) for line in lines)]

    def of(self, name: str) -> list[CaseScore]:
        """The scores of one set."""
        return [item for item in self.run.scores if item.case.source == name]


Evaluate = Callable[..., Outcome]


@pytest.fixture(scope="session")
def evaluate(embedder: SentenceTransformerEmbeddings, tmp_path_factory: pytest.TempPathFactory) -> Evaluate:
    """Run the command in a folder of its own, on one index of the own documents, with the model that is loaded already."""
    folder = tmp_path_factory.mktemp("suite")

    def evaluated(name: str, *arguments: str) -> Outcome:
        output = folder / f"{name}.jsonl"
        with pytest.MonkeyPatch.context() as patch:
            for variable in [one for one in os.environ if one.startswith("FOOTNOTE_") and one not in ABOUT_TESTS]:
                patch.delenv(variable)  # for a whole session there is no `_own_folder` yet
            patch.chdir(folder)
            patch.setattr(index, "SentenceTransformerEmbeddings", lambda name: embedder)
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as errors:
                code = main(["--data", str(folder / "index"), "--output", str(output), *arguments])
        return Outcome(code, errors.getvalue(), load_run(output))

    return evaluated


@pytest.fixture(scope="session")
def whole(evaluate: Evaluate) -> Outcome:
    """The build as it is, on all cases."""
    return evaluate("whole")


# The build as it is


def test_the_own_cases_reach_their_thresholds(whole: Outcome) -> None:
    assert whole.errors == ""
    assert whole.code == 0
    assert {item.case.source for item in whole.run.scores} == set(SETS)


@pytest.mark.parametrize("name", SETS)
def test_every_quote_is_what_stands_there_and_cuts_no_word(name: str, whole: Outcome) -> None:
    figures = summarise(whole.of(name))
    assert [figures[quotes] for quotes in QUOTES] == [1.0, 1.0]
    assert all(item.values["valid quotes"] == 1.0 for item in whole.of(name) if item.answered)


@pytest.mark.parametrize("name", SETS)
def test_every_set_is_held_to_whole_quotes_to_finding_and_to_declining(name: str) -> None:
    bounds = load_thresholds(OWN_THRESHOLDS)[name]
    assert [bounds[quotes].least for quotes in QUOTES] == [1.0, 1.0]
    assert {"recall@5", "citation F1", "answered", "false answers"} <= set(bounds)


# Builds that are broken


def shifted(number: int, document: Document, start: int, end: int, quote: str, heading: str = "") -> Citation:
    """Cite the place one character further on: what is quoted does stand there, so that the citation itself is sound."""
    return Citation(number, document, start + 1, end + 1, document.text[start + 1 : end + 1], heading)


def test_citations_that_are_one_character_off_miss_a_threshold(evaluate: Evaluate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "Citation", shifted)
    broken = evaluate("shifted", "--split", "test")
    assert broken.code == 1
    assert {(name, "uncut quotes") for name in SETS} <= set(broken.missed)
    assert "valid quotes" not in {measure for _, measure in broken.missed}  # they are what stands there


def test_a_search_by_words_alone_misses_a_threshold(evaluate: Evaluate, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_search = PassageIndex.search

    def by_words(self: PassageIndex, *arguments: Any, **named: Any) -> list[Retrieved]:
        return whole_search(self, *arguments, **{**named, "mode": SearchMode.LEXICAL})

    monkeypatch.setattr(PassageIndex, "search", by_words)
    broken = evaluate("by words", "--split", "test")
    assert broken.code == 1
    assert {measure for _, measure in broken.missed} & {"recall@5", "hit@1", "MRR@10", "nDCG@10", "citation F1", "answered"}


def test_a_build_that_never_declines_misses_a_threshold(evaluate: Evaluate, monkeypatch: pytest.MonkeyPatch) -> None:
    always = replace(load_calibration("footnote"), threshold=0.0)
    monkeypatch.setattr(choice, "load_calibration", lambda name: always)
    broken = evaluate("never declining", "--split", "test")
    assert broken.code == 1
    assert {(name, "false answers") for name in SETS} <= set(broken.missed)
    assert all(item.answered for item in broken.run.scores if item.case.answerable)  # small talk is never looked up


# What the tests above stand on


def test_a_shifted_citation_is_sound_by_itself_and_cut_all_the_same(article: Document) -> None:
    start = article.text.index("Cell therapy refers")
    moved = shifted(1, article, start, start + 12, "Cell therapy")
    assert (moved.quote, moved.start, moved.end) == ("ell therapy ", start + 1, start + 13)
    citation = {"document": article.name, "start": moved.start, "end": moved.end, "quote": moved.quote}
    output = {
        "outcome": "answered",
        "confidence": 0.9,
        "seconds": 0.1,
        "retrieved": [],
        "statements": [{"citations": [citation]}],
    }
    values = score(Case("a", "What?", evidence=("Cell therapy refers",)), output, {article.name: article.text}).values
    assert [values[quotes] for quotes in QUOTES] == [1.0, 0.0]
