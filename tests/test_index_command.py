"""`python -m index …`: exactly what it prints, its exit codes, and what it says of failures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import WordEmbedder

import index.__main__ as command
from corpus import SPLITTER_VERSION
from corpus.display import printable
from corpus.errors import FootnoteError
from index import PassageIndex
from index.commands import run

BRIDGES = "The iron bridge crosses the northern river."


@pytest.fixture(autouse=True)
def _fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embeddings.SentenceTransformerEmbeddings", WordEmbedder)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run the command as `python -m index` would; return its exit code, output and errors."""

    def called(*arguments: str) -> tuple[int, str, str]:
        code = run(lambda: command.main(list(arguments)))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return called


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text(BRIDGES)
    (folder / "b.md").write_text("# Roses\n\nThey grow here.\n")
    return folder


def test_a_whole_session_reads_like_this(call, docs: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    data = tmp_path / ".footnote"
    holds = f"{data} holds 2 documents, 2 passages\n"
    assert call("add", "docs") == (0, f"added a.txt: 43 characters\nadded b.md: 25 characters\n{holds}", "")
    assert call("add", "docs") == (0, f"2 unchanged\n{holds}", "")
    assert call("list") == (0, "a.txt\t1 passages\t43 characters\nb.md\t1 passages\t25 characters\n", "")
    (docs / "a.txt").write_text(BRIDGES + " It is old.")
    (docs / "b.md").rename(docs / "c.md")
    changed = f"changed a.txt: 54 characters\nrenamed b.md to c.md: 25 characters\n{holds}"
    assert call("add", "docs") == (0, changed, "")
    assert call("status") == (
        0,
        f"folder      {data}\n"
        "documents   2\n"
        "passages    2 (2 in Chroma, 2 in the word index)\n"
        "model       all-MiniLM-L6-v2\n"
        f"splitter    version {SPLITTER_VERSION}\n"
        "state       whole\n",
        "",
    )
    assert call("remove", "c.md") == (0, "removed c.md\n", "")
    assert call("rebuild") == (0, "rebuilt 1 document, 1 passage\n", "")
    assert call("remove", "a.txt") == (0, "removed a.txt\n", "")
    assert call("list") == (0, "no documents\n", "")


def test_the_data_folder_can_be_named(call, docs: Path, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    assert call("--data", "here", "add", "docs/a.txt")[0] == 0
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "here"))
    assert call("list") == (0, "a.txt\t1 passages\t43 characters\n", "")
    assert not (tmp_path / ".footnote").exists()


def test_files_that_cannot_be_read_fail_the_command_and_the_others_are_stored(call, docs: Path) -> None:  # type: ignore[no-untyped-def]
    (docs / "empty.txt").write_text("")
    (docs / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00" + bytes(range(256)))
    code, out, err = call("add", "nowhere", "docs")
    assert code == 1
    assert "added a.txt: 43 characters\nadded b.md: 25 characters\n" in out
    errors = err.splitlines()
    assert len(errors) == 3 and all(line.startswith("error: ") for line in errors)
    assert "empty.txt is empty" in errors[0] and "no file nowhere" in errors[1]
    assert "picture.txt is not what its name says" in errors[2]
    assert call("list")[1].count("\n") == 2


def test_nothing_but_bad_files_makes_no_index(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "none").mkdir()
    code, out, err = call("add", "none")
    assert (code, out) == (1, "")
    assert err.startswith("error: The folder none holds no document.")
    assert not (tmp_path / ".footnote").exists()


def test_a_file_over_the_limit_is_named_with_the_setting(call, docs: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("FOOTNOTE_MAX_BYTES", "30")
    code, out, err = call("add", "docs")
    assert code == 1 and "added b.md" in out
    assert "a.txt is too large: 43 bytes, and at most 30 are read" in err and "FOOTNOTE_MAX_BYTES" in err


@pytest.mark.parametrize("arguments", [["list"], ["status"], ["remove", "a.txt"], ["rebuild"]])
def test_without_an_index_every_command_says_so_in_one_paragraph(call, arguments: list[str]) -> None:  # type: ignore[no-untyped-def]
    code, out, err = call(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith("error: There is no index in ") and err.count("\n") == 1


def test_an_unknown_name_is_not_removed_and_the_nearest_is_suggested(call, docs: Path) -> None:  # type: ignore[no-untyped-def]
    call("add", "docs")
    code, out, err = call("remove", "a.text")
    assert (code, out) == (1, "")
    assert "no document called 'a.text'. Did you mean a.txt?" in err
    assert "a.txt" in call("list")[1]


def test_a_name_with_control_characters_harms_no_terminal(call, docs: Path) -> None:  # type: ignore[no-untyped-def]
    (docs / "a.txt").rename(docs / "\x1b[2Jevil\n.txt")
    code, out, err = call("add", "docs", "no\x1b[31mwhere.txt")
    assert code == 1
    assert "\x1b" not in out + err
    assert "added �[2Jevil�.txt: 43 characters\n" in out and "no[31mwhere.txt" in err


def test_a_name_that_is_not_utf_8_is_stored_and_listed(call, docs: Path) -> None:  # type: ignore[no-untyped-def]
    (docs / "caf\udce9.txt").write_text("Coffee is served.")
    assert call("add", "docs")[0] == 0
    assert "caf�.txt\t" in call("list")[1]


def test_a_setting_that_cannot_be_used_is_an_error(call, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("FOOTNOTE_MAX_BYTES", "lots")
    code, _, err = call("list")
    assert code == 1
    assert err.startswith("error: FOOTNOTE_MAX_BYTES is 'lots'")


@pytest.mark.parametrize("arguments", [[], ["add"], ["remove"], ["polish"]])
def test_a_command_that_is_none_shows_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(arguments)
    assert stopped.value.code == 2
    assert "usage: python -m index" in capsys.readouterr().err


def test_failures_and_interruptions_become_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(error: BaseException) -> int:
        raise error

    assert run(lambda: fail(FootnoteError("It is\x1b[31m so."))) == 1
    assert run(lambda: fail(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "error: It is[31m so.\n\nstopped\n"
    assert printable("tab\tand\nline\r stay\x07\x9b\u202e!") == "tab\tand\nline stay!"


def test_the_real_command_works_and_fails_without_a_traceback(article_index: PassageIndex, article_path: Path) -> None:
    def real(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "index", "--data", str(article_index.folder), *arguments]
        return subprocess.run(line, capture_output=True, text=True, timeout=120)

    added = real("add", str(article_path))
    assert (added.returncode, added.stderr) == (0, "")
    assert added.stdout == f"1 unchanged\n{article_index.folder} holds 1 document, 6 passages\n"
    assert real("list").stdout == "immunotherapy.txt\t6 passages\t3,907 characters\n"
    wrong = real("remove", "immunotherapy")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("error: ") and "Traceback" not in wrong.stderr
