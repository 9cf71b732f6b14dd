"""The project's own cases, file by file: whether each quote is whole sentences of its document, on one side of the split."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from corpus import Document, load_document
from corpus.document import Span
from corpus.structure import block_sentences, find_blocks
from eval.cases import CASES_FOLDER, Case, load_cases
from eval.metrics import find_quote_spans, key_fact_recall

ROOT = Path(__file__).parent.parent
FOLDERS = (ROOT / "corpus" / "documents", ROOT / "eval" / "documents")
FILES = sorted(CASES_FOLDER.glob("*.jsonl"))

MARKS = re.compile(r"\s*(?:[-*+•][ \t]+)?(?:\(?\w{1,3}[.)]\s+)?")
"""What may be left out at the beginning of a list item, or be quoted with it: its bullet, its number."""


@cache
def documents() -> dict[str, Document]:
    paths = [path for folder in FOLDERS for path in sorted(folder.iterdir()) if path.suffix in (".txt", ".md")]
    assert len({path.name for path in paths}) == len(paths), "two documents of one name: a case could mean either"
    return {path.name: load_document(path) for path in paths}


@cache
def sentences(name: str) -> list[Span]:
    """The splitter's sentences and list items of a document, in order, before passages are made of them."""
    document = documents()[name]
    blocks = find_blocks(document.text, markdown=document.media_type == "text/markdown")
    return [span for block in blocks for span in block_sentences(document.text, block)]


def whole_places(name: str, quote: str) -> list[Span]:
    """The places of a quote that begin where a sentence begins and end where one ends, list marks aside."""
    text = documents()[name].text
    ends = {end for _, end in sentences(name)}
    return [
        (start, end)
        for _, start, end in find_quote_spans(text, quote, name)
        if end in ends and any(MARKS.fullmatch(text[min(start, begin) : max(start, begin)]) for begin, _ in sentences(name))
    ]


def touched(name: str, places: list[Span]) -> set[str]:
    """The texts of the sentences that lie under these places."""
    text = documents()[name].text
    return {text[start:end] for start, end in sentences(name) if any(a < end and start < b for a, b in places)}


def needed(case: Case) -> set[str]:
    """The sentences that the answer to a case stands on."""
    return {found for name in scope(case) for quote in case.evidence for found in touched(name, whole_places(name, quote))}


def shown(case: Case) -> set[str]:
    """The sentences that the earlier answers of a case quote, in whole or in part."""
    said = [turn["content"] for turn in case.history if turn["role"] == "assistant"]
    found: set[str] = set()
    for name in scope(case):
        text = documents()[name].text
        for words in said:
            found |= touched(name, [(start, end) for _, start, end in find_quote_spans(text, words, name)])
            found |= {text[start:end] for start, end in sentences(name) if text[start:end] in words}
    return found


def scope(case: Case) -> list[str]:
    return sorted(documents()) if case.documents is None else list(case.documents)


@pytest.fixture(params=FILES, ids=lambda path: path.stem, scope="module")
def cases(request: pytest.FixtureRequest) -> list[Case]:
    return load_cases(request.param)


def test_there_are_cases_over_documents_of_two_kinds() -> None:
    named = {name for path in FILES for case in load_cases(path) for name in case.documents or ()}
    assert {documents()[name].media_type for name in named} == {"text/plain", "text/markdown"}


def test_every_document_of_a_case_is_in_the_repository(cases: list[Case]) -> None:
    assert {name for case in cases for name in case.documents or ()} - set(documents()) == set()


def test_every_quote_stands_in_its_document(cases: list[Case]) -> None:
    absent = [
        (case.id, quote)
        for case in cases
        for quote in case.evidence
        if not any(quote in documents()[name].text for name in scope(case))
    ]
    assert absent == []


def test_every_quote_is_whole_sentences_or_items(cases: list[Case]) -> None:
    cut = [
        (case.id, quote)
        for case in cases
        for quote in case.evidence
        if not any(whole_places(name, quote) for name in scope(case))
    ]
    assert cut == []


def test_every_key_fact_stands_word_by_word_in_the_evidence(cases: list[Case]) -> None:
    astray = [
        (case.id, fact) for case in cases for fact in case.expected if key_fact_recall([fact], " ".join(case.evidence)) != 1.0
    ]
    assert astray == []


def test_cases_have_evidence_and_key_facts_just_where_they_are_answerable(cases: list[Case]) -> None:
    assert [case.id for case in cases if case.answerable != bool(case.evidence)] == []
    assert [case.id for case in cases if case.answerable != bool(case.expected)] == []


def test_a_file_has_at_least_forty_cases_with_both_splits_of_about_one_size(cases: list[Case]) -> None:
    sizes = Counter(case.split for case in cases)
    assert len(cases) >= 40
    assert set(sizes) == {"dev", "test"}
    assert min(sizes.values()) >= 0.4 * len(cases)


def test_every_split_has_questions_that_are_not_answerable(cases: list[Case]) -> None:
    declined = Counter(case.split for case in cases if not case.answerable)
    assert min(declined["dev"], declined["test"]) >= 5


def test_no_sentence_that_answers_on_one_side_is_needed_or_shown_on_the_other(cases: list[Case]) -> None:
    sides = {split: [case for case in cases if case.split == split] for split in ("dev", "test")}
    need = {split: {found: case.id for case in side for found in needed(case)} for split, side in sides.items()}
    show = {split: {found: case.id for case in side for found in shown(case)} for split, side in sides.items()}
    both = {found: (need["dev"][found], need["test"][found]) for found in need["dev"].keys() & need["test"].keys()}
    assert both == {}
    for here, there in (("dev", "test"), ("test", "dev")):
        given_away = {found: (need[here][found], show[there][found]) for found in need[here].keys() & show[there].keys()}
        assert given_away == {}
