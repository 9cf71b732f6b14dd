"""`python -m eval formats`: a row for each file, what was cited, and on which page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import index
from corpus import load_document
from corpus.errors import CaseError
from corpus.formats import FORMATS
from eval.__main__ import main
from eval.format_list import ROOT, SAMPLES, TRUTH, load_samples, load_truth
from eval.formats import share_of_words
from index import SentenceTransformerEmbeddings

REPORT = "tests/data/pdf/report.pdf"
STAY = {"question": "How long does the patient stay on the ward after the infusion?", "quote": "stays on the ward for one hour"}
KEYS = {"question": "Where does the key of the opioid cupboard hang?", "quote": "hangs in room 12", "page": ""}
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(
    tmp_path: Path,
    embedder: SentenceTransformerEmbeddings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Run the command on a list of files of this project, without loading the model again."""
    monkeypatch.setattr(index, "SentenceTransformerEmbeddings", lambda name: embedder)

    def run(*samples: dict[str, Any], options: tuple[str, ...] = ("--markdown",)) -> tuple[int, str]:
        path = tmp_path / "list.jsonl"
        path.write_text("".join(json.dumps(sample) + "\n" for sample in samples))
        code = main(["formats", "--list", str(path), "--truth", str(tmp_path / "none.json"), *options])
        return code, capsys.readouterr().out

    return run


def sample(file: str, *questions: dict[str, str]) -> dict[str, Any]:
    return {"file": file, "made_by": "a program", "questions": list(questions)}


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def test_each_file_has_a_row_with_what_was_read_and_where_the_answer_is(command: Command) -> None:
    code, printed = command(sample(REPORT, {**STAY, "page": "page 2"}), sample("tests/data/formats/nightshift.txt", KEYS))
    head, _, report, notes = (cells(line) for line in printed.splitlines()[:4])
    assert code == 0
    assert head[:3] == ["format", "made by", "characters"]
    length = len(load_document(ROOT / REPORT).text)
    assert report[:-1] == [
        *("PDF (.pdf)", "a program", f"{length:,}", "–", "4", "3 pages", STAY["question"], "yes", "yes", "page 2"),
    ]
    assert notes[0] == "text (.txt)" and notes[5] == "–" and notes[7:10] == ["yes", "yes", "–"]
    assert "2 of 2 are answered with the right words on the right page; of all 2 that" in printed


def test_a_wrong_page_is_reported_as_wrong(command: Command) -> None:
    code, printed = command(sample(REPORT, {**STAY, "page": "page 3"}))
    assert code == 1
    assert cells(printed.splitlines()[2])[7:10] == ["yes", "yes", "no: page 2, and it is on page 3"]
    assert "0 of 1 are answered" in printed and "Right words on a wrong page: 1." in printed


def test_other_words_are_reported_and_the_list_below_the_table_says_what_was_cited(command: Command) -> None:
    code, printed = command(sample(REPORT, {**STAY, "quote": "stays for a week", "page": "page 2"}), options=())
    assert code == 0  # a miss is a result; a wrong page is a fault
    printed = " ".join(printed.split())  # lines are broken at the width of the terminal
    assert "Other words cited: 1." in printed
    assert "wanted: stays for a week page 2" in printed
    assert "cited: report.pdf: The patient stays on the ward for one hour." in printed


def test_a_file_that_cannot_be_read_is_a_row_that_says_so(command: Command) -> None:
    code, printed = command(
        sample("tests/data/pdf/locked.pdf", {**STAY, "page": "page 1"}), sample("tests/data/formats/nightshift.txt", KEYS)
    )
    assert code == 1
    assert "not read: locked.pdf is protected by a password" in printed.splitlines()[2]
    assert "1 of 1 are answered" in printed


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1: expected {file, made_by, questions"),
        ('{"file": "a.txt", "made_by": "b", "questions": [{"question": "c"}]}', "found KeyError"),
        ('{"file": "a.txt", "made_by": "b", "questions": []}', "lacks a question"),
        ('{"file": "a.txt", "made_by": "b", "questions": [{"question": "c", "quote": " ", "page": ""}]}', "lacks a question"),
    ],
)
def test_a_malformed_list_is_refused_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "list.jsonl").write_text(line + "\n")
    with pytest.raises(CaseError, match=message):
        load_samples(tmp_path / "list.jsonl")


def test_an_empty_list_and_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text("")
    with pytest.raises(CaseError, match="lists no files"):
        load_samples(path)
    path.write_text("".join(json.dumps(sample(file, KEYS)) + "\n" for file in ("a/x.txt", "b/x.txt")))
    with pytest.raises(CaseError, match=r"two files called x\.txt"):
        load_samples(path)
    with pytest.raises(CaseError, match="cannot be read"):
        load_samples(tmp_path / "missing.jsonl")


def test_words_are_counted_as_often_as_they_stand_there_by_their_letters() -> None:
    assert share_of_words("Dose: BCG", "BCG dose") == 1.0
    assert share_of_words("Dose", "dose dose") == 0.5
    assert share_of_words("BCG", "BCG dosages") == 0.3
    assert share_of_words("the treatment of non-small cells", "the treat- ment of non- small cells") == 1.0
    assert share_of_words("words", " ") is None


# The list itself


def test_the_list_has_a_file_of_every_format_and_what_it_expects_stands_on_the_page_it_names() -> None:
    samples = load_samples(SAMPLES)
    assert {Path(one.file).suffix for one in samples} == set(FORMATS)
    for one in samples:
        document = load_document(ROOT / one.file)
        for probe in one.probes:
            pages = [document.text[start:end] for start, end in document.pages] or [document.text]
            labels = [document.page_label(number) for number in range(1, len(document.pages) + 1)] or [""]
            found = [label for label, text in zip(labels, pages, strict=True) if probe.quote in " ".join(text.split())]
            assert probe.page in found, f"{probe.quote!r} of {one.file} is on {found}"


def test_the_words_of_other_tools_are_those_of_listed_files() -> None:
    truth = load_truth(TRUTH)
    assert truth.keys() <= {one.file for one in load_samples(SAMPLES)} and len(truth) >= 20
    assert load_truth(TRUTH.with_name("missing.json")) == {}
