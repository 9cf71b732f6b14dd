"""Which files the paths of a person mean: folders, patterns, links, the same file twice, and what is passed over."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import permutations
from pathlib import Path

import pytest

from corpus import DocumentError, find_files
from corpus.files import Found, fixed_part, survey
from corpus.loaders import printable_name


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """papers/: a.txt, b.md, notes.jpg, .hidden.txt, ~$c.docx, 2023/a.txt, 2023/deep/c.txt, 2024/a.txt, 2024/x.png"""
    passed = ["notes.jpg", "2024/x.png", ".hidden.txt", "~$c.docx", ".git/g.txt"]
    for name in ["a.txt", "b.md", "2023/a.txt", "2023/deep/c.txt", "2024/a.txt", *passed]:
        path = tmp_path / "papers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Words of {name}.")
    return tmp_path / "papers"


def names(found: Found) -> list[str]:
    return [name for _, name in found.files]


def test_a_folder_is_searched_to_its_ground_and_what_is_of_another_kind_is_counted(docs: Path) -> None:
    found = survey(["papers"])
    assert names(found) == ["2023/a.txt", "2023/deep/c.txt", "2024/a.txt", "a.txt", "b.md"]
    assert found.files[0][0] == Path("papers/2023/a.txt")
    assert found.remarks == ["passed over 2 files of other kinds (.jpg, .png)"]
    assert found.failures == found.empty == ()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("papers/**/*.txt", ["2023/a.txt", "2023/deep/c.txt", "2024/a.txt", "a.txt"]),
        ("papers/*.txt", ["a.txt"]),
        ("papers/*", ["2023/a.txt", "2023/deep/c.txt", "2024/a.txt", "a.txt", "b.md"]),  # as if the shell had expanded it
        ("papers/202?/*.txt", ["2023/a.txt", "2024/a.txt"]),
        ("papers/202[4-9]", ["2024/a.txt"]),
        ("papers/**/deep/*", ["2023/deep/c.txt"]),
        ("papers/2023/**", ["a.txt", "deep/c.txt"]),
        ("*/*.md", ["papers/b.md"]),
        ("./papers/*.md", ["b.md"]),
    ],
)
def test_a_pattern_finds_what_it_describes(docs: Path, pattern: str, expected: list[str]) -> None:
    assert names(survey([pattern])) == expected
    above = Path(pattern).absolute()
    assert sorted(names(survey([above]))) == sorted(expected)


def test_names_are_the_same_by_folder_and_by_pattern(docs: Path) -> None:
    assert dict(survey(["papers/**/*.txt"]).files).items() <= dict(survey(["papers"]).files).items()


def test_a_pattern_without_a_match_says_so(docs: Path) -> None:
    for pattern in ("papers/**/*.pdf", "nowhere/*.txt", "papers/*.jpg"):
        (error,) = survey([pattern]).empty
        assert str(error).startswith(f"No document fits {pattern}. Known kinds: .txt")
        with pytest.raises(DocumentError, match="No document fits"):
            list(find_files([pattern]))


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(docs: Path) -> None:
    (docs / "a[1].txt").write_text("Words.")
    (docs / "folder[1]").mkdir()
    (docs / "folder[1]" / "in.txt").write_text("Words.")
    assert names(survey([docs / "a[1].txt"])) == ["a[1].txt"]
    assert names(survey([docs / "folder[1]"])) == ["in.txt"]
    assert fixed_part(docs / "a[1].txt") == docs / "a[1].txt" and fixed_part(docs / "*" / "x") == docs


def test_a_pattern_enters_only_folders_that_can_lead_to_a_match(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entered: list[str] = []
    scandir = os.scandir

    def watched(path: str):  # type: ignore[no-untyped-def]
        entered.append(Path(path).name)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", watched)
    assert names(survey(["papers/2023/*.txt", "papers/*.md"])) == ["a.txt", "b.md"]
    assert sorted(entered) == ["2023", "papers"]


# The same file twice


def test_a_file_that_several_paths_lead_to_comes_once_under_its_longest_name_in_any_order(docs: Path) -> None:
    (docs.parent / "link").symlink_to(docs)
    deep = ["papers/2023/deep/c.txt", "link/2023/../2023/deep/c.txt"]
    paths = ["papers", "papers/2023", *deep, str(docs / "a.txt"), "papers/a.txt"]
    expected = {"2023/a.txt", "2023/deep/c.txt", "2024/a.txt", "a.txt", "b.md"}
    for order in list(permutations(paths))[::37]:
        found = survey(order)
        assert set(names(found)) == expected and len(found.files) == 5 and not found.failures, order
    assert names(survey(["papers/a.txt", "./papers/a.txt", "papers/../papers/a.txt"])) == ["a.txt"]


def test_a_link_and_its_file_given_together_are_one(docs: Path) -> None:
    (docs.parent / "other.txt").symlink_to(docs / "a.txt")
    for order in (["papers/a.txt", "other.txt"], ["other.txt", "papers/a.txt"]):
        assert names(survey(order)) == ["a.txt"]
    assert names(survey(["other.txt"])) == ["other.txt"]  # asked for by itself, it is read


def test_two_files_of_one_name_are_refused_together_and_neither_is_lost_in_silence(docs: Path) -> None:
    for order in (["papers/2023/a.txt", "papers/2024/a.txt"], ["papers/2024/a.txt", "papers/2023/a.txt"]):
        found = survey([*order, "papers/b.md"])
        assert names(found) == ["b.md"]
        (error,) = found.failures
        assert str(error).startswith("papers/2023/a.txt, papers/2024/a.txt would all have the name a.txt")
        assert "Add the folder that holds them all" in str(error)
    (docs / "x\x01.txt").write_text("Words.")
    (docs / "x\x02.txt").write_text("Words.")
    assert "would all have the name x�.txt" in str(survey(["papers"]).failures[0])


# Links and what cannot be read


def test_links_that_leave_the_folder_are_named_and_not_followed(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.txt").write_text("Secret.")
    (docs / "link.txt").symlink_to(tmp_path / "secret" / "s.txt")
    (docs / "2024" / "away").symlink_to(tmp_path / "secret")
    (docs / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    (docs / "loop.txt").symlink_to(docs / "loop.txt")
    (docs / "round").symlink_to(docs)
    (docs / "inside.txt").symlink_to(docs / "a.txt")
    found = survey(["papers"])
    assert names(found) == ["2023/a.txt", "2023/deep/c.txt", "2024/a.txt", "a.txt", "b.md", "inside.txt"]
    assert sorted(found.remarks) == [
        "passed over 2 files of other kinds (.jpg, .png)",
        "passed over: 2024/away (a link out of the folder)",
        "passed over: dangling.txt (a link to nothing)",
        "passed over: link.txt (a link out of the folder)",
        "passed over: loop.txt (a link to nothing)",
    ]
    assert "passed over: link.txt (a link out of the folder)" in survey(["papers/*.txt"]).remarks


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_in_a_folder_is_named_and_not_opened(docs: Path) -> None:
    os.mkfifo(docs / "pipe.txt")
    assert "passed over: pipe.txt (not an ordinary file)" in survey(["papers"]).remarks


def test_a_folder_that_may_not_be_entered_is_told_and_the_rest_is_read(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def denied(path: str):  # type: ignore[no-untyped-def]
        if Path(path).name == "2023":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", denied)
    found = survey(["papers"])
    assert names(found) == ["2024/a.txt", "a.txt", "b.md"]
    assert [str(error) for error in found.failures] == [
        "The folder papers/2023 cannot be read: Permission denied. Check its permissions."
    ]


def test_a_remark_cannot_move_the_cursor(docs: Path) -> None:
    (docs / "\x1b[2Jx.txt").symlink_to(docs / "nowhere.txt")
    (docs / "y.a\x1b[2J").write_text("Words.")
    assert not any("\x1b" in line for line in survey(["papers"]).remarks)


# Names


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../x.txt", "x.txt"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("sub/./a//b/../c.txt", "sub/a/b/c.txt"),
        ("..", "�"),
        ("", "�"),
        ("a\x1b[31m\nb\x00.txt", "a�[31m�b�.txt"),
        ("report\u202efdp.exe.txt", "report�fdp.exe.txt"),
        ("\u2067a\u2069\u200f\u061c.txt", "�a���.txt"),
        ("line\u2028end\u2029.txt", "line�end�.txt"),
        ("caf\udce9.txt", "caf�.txt"),
        ("CON.txt", "CON.txt"),
        ("plain é 名 شرح 👩\u200d⚕️.txt", "plain é 名 شرح 👩\u200d⚕️.txt"),
    ],
)
def test_a_name_leads_out_of_no_folder_and_turns_no_text_round(given: str, shown: str) -> None:
    assert printable_name(given) == shown


def listed(paths: Iterable[Path]) -> list[str]:
    return sorted(path.name for path in paths)


def test_a_very_long_name_is_kept(tmp_path: Path) -> None:
    name = "n" * 251 + ".txt"
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / name).write_text("Words.")
    assert names(survey([tmp_path / "docs"])) == listed((tmp_path / "docs").iterdir()) == [name]
