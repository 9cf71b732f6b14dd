"""`python -m index add` of many files: what it says of each, bad ones among good ones, what a kill or a full disk leaves."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hostile
import pytest
from conftest import WordEmbedder, heed_ctrl_c

import index.__main__ as command
import index.adding
from corpus import load_document
from index import PassageIndex, SearchMode
from index.commands import run

BRIDGES = "The iron bridge crosses the northern river."
Call = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture(autouse=True)
def _fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embeddings.SentenceTransformerEmbeddings", WordEmbedder)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run the command as `python -m index` would; return its exit code, lines and errors."""

    def called(*arguments: str) -> tuple[int, list[str], list[str]]:
        code = run(lambda: command.main(list(arguments)))
        printed = capsys.readouterr()
        return code, printed.out.splitlines(), printed.err.splitlines()

    return called


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    return folder


def opened(folder: Path) -> PassageIndex:
    index = PassageIndex(folder, WordEmbedder("all-MiniLM-L6-v2"))
    assert index.status().is_consistent and not (folder / "journal.json").exists()
    return index


def contents(folder: Path) -> dict[str, str]:
    """Return name → text of an index, after holding that its stores have just these passages."""
    index = opened(folder)
    found = {record.name: index.document(record.name).text for record in index.records()}
    assert index.status().passages == sum(len(index.passages(name)) for name in found)
    index.close()
    return found


# What is said


def test_each_document_gets_a_line_with_what_was_read_of_it(call: Call, docs: Path) -> None:
    (docs / "a.txt").write_text(BRIDGES)
    (docs / "c.html").write_text("<html><body><h1>Roses</h1><p>They grow here.</p><img src='x.png'></body></html>")
    (docs / "b.jpg").write_bytes(b"\xff\xd8")
    (docs / "out.txt").symlink_to("/etc/hostname")
    code, lines, errors = call("add", "docs")
    assert (code, errors) == (0, [])
    assert lines[:2] == ["passed over: out.txt (a link out of the folder)", "passed over 1 file of other kinds (.jpg)"]
    assert lines[2] == "added a.txt: 43 characters" and lines[3].startswith("added c.html: 22 characters")
    assert lines[4].endswith(".footnote holds 2 documents, 2 passages")


def test_what_was_not_read_is_said_when_adding_and_listing_and_in_the_status(call: Call, docs: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Doses"
    for row in (("Drug", "Dose"), ("BCG", "5 mg"), ("IL-2", "10 mg")):
        book.active.append(row)
    book.create_sheet("Secret").append(("Hidden", "words"))
    book["Secret"].sheet_state = "hidden"
    book.save(docs / "doses.xlsx")
    code, lines, errors = call("add", "docs")
    assert (code, errors) == (0, [])
    said = lines[0].removeprefix("added doses.xlsx: ")
    assert "sheet" in said and "characters; not read: " in said
    assert call("list")[1][0].split("\t")[2] == said
    assert call("status")[1][-1] == f"not read    doses.xlsx: {said.split('not read: ')[1]}"


def test_patterns_and_files_given_twice_are_read_once(call: Call, docs: Path) -> None:
    (docs / "sub").mkdir()
    (docs / "sub" / "a.txt").write_text(BRIDGES)
    (docs / "b.md").write_text("# Roses\n\nThey grow here.\n")
    code, lines, errors = call("add", "docs/**/*.txt", "docs/sub/a.txt", "./docs/sub", "docs/*.pdf")
    assert lines[0] == "added sub/a.txt: 43 characters" and "1 document" in lines[1] and code == 1
    assert errors[0].startswith("error: No document fits docs/*.pdf.")
    assert call("add", "docs", "docs/b.md")[1][:2] == ["added b.md: 25 characters", "1 unchanged"]


def test_a_file_that_was_added_by_itself_is_renamed_when_its_folder_is_added(call: Call, docs: Path, tmp_path: Path) -> None:
    (docs / "sub").mkdir()
    (docs / "sub" / "a.txt").write_text(BRIDGES)
    call("add", "docs/sub/a.txt")
    assert call("add", "docs")[1][0] == "renamed a.txt to sub/a.txt: 43 characters"
    assert contents(tmp_path / ".footnote") == {"sub/a.txt": BRIDGES}


def test_a_file_that_has_moved_is_known_by_its_new_place(call: Call, docs: Path, tmp_path: Path) -> None:
    (docs / "a.txt").write_text(BRIDGES)
    call("add", "docs")
    docs.rename(tmp_path / "elsewhere")
    assert call("add", "elsewhere")[1][0] == "1 unchanged"
    (record,) = opened(tmp_path / ".footnote").records()
    assert record.source == str(tmp_path / "elsewhere" / "a.txt")


def test_what_is_unchanged_is_not_read_again(call: Call, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (docs / "a.txt").write_text(BRIDGES)
    (docs / "b.txt").write_text("Roses.")
    call("add", "docs")
    read: list[str] = []
    original = index.adding.Readers.read

    def watched(self, path, name):  # type: ignore[no-untyped-def]
        read.append(name)
        return original(self, path, name)

    monkeypatch.setattr(index.adding.Readers, "read", watched)
    (docs / "b.txt").write_text("Roses and tulips.")
    assert call("add", "docs")[1][:2] == ["changed b.txt: 17 characters", "1 unchanged"]
    assert read == ["b.txt"]


# Many files


def test_many_files_in_batches_give_the_index_that_they_give_one_by_one(
    call: Call, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.adding, "_BATCH_DOCUMENTS", 7)
    monkeypatch.setattr(index.adding, "_EMBEDDED_AT_ONCE", 5)
    chance = random.Random(7)
    words = "iron bridge river rose garden water north cart horse day tower stone wall gate road".split()
    for number in range(40):
        sentences = [" ".join(chance.choices(words, k=12)).capitalize() + "." for _ in range(chance.randint(1, 60))]
        (docs / f"n{number:02}.txt").write_text("\n\n".join(sentences))
    files = [str(path) for path in docs.iterdir()]
    chance.shuffle(files)
    code, lines, errors = call("--data", str(tmp_path / "many"), "add", *files)
    assert (code, errors) == (0, []) and sum(line.startswith("added ") for line in lines) == 40
    single = PassageIndex(tmp_path / "single", WordEmbedder("all-MiniLM-L6-v2"), create=True)
    for path in sorted(docs.iterdir()):
        single.add([load_document(path)], sources={})
    many = opened(tmp_path / "many")
    assert [record.id for record in many.records()] == [record.id for record in single.records()]
    for record in single.records():
        assert many.passages(record.name) == single.passages(record.name)
        assert many.document(record.name) == single.document(record.name)
    for question in ("iron bridge", "rose garden water", "stone tower wall gate", "cart horse"):
        for mode in SearchMode:
            left = [(one.passage.id, round(one.score, 6)) for one in many.search(question, 20, mode=mode)]
            assert left == [(one.passage.id, round(one.score, 6)) for one in single.search(question, 20, mode=mode)]
    many.close()
    single.close()


def test_documents_are_stored_while_others_are_still_to_be_read(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither all texts nor all passages are in memory at once."""
    monkeypatch.setattr(index.adding, "_BATCH_CHARACTERS", 1_000)
    for number in range(60):
        (docs / f"n{number:02}.txt").write_text(f"Words of number {number}. " * 30)
    sizes: list[int] = []
    add = PassageIndex.add

    def watched(self, documents, **options):  # type: ignore[no-untyped-def]
        sizes.append(len(documents))
        return add(self, documents, **options)

    monkeypatch.setattr(PassageIndex, "add", watched)
    assert command.main(["add", "docs"]) == 0
    assert sum(sizes) == 60 and max(sizes) <= 2
    assert capsys.readouterr().out.count("added n") == 60


# Bad input


def bad_files(docs: Path) -> dict[str, str]:
    """Write one file of each bad kind; return name → what is said of it."""
    (docs / "empty.txt").write_text("")
    (docs / "report.docx").write_bytes(b"%PDF-1.7\n1 0 obj\n")
    (docs / "half.docx").write_bytes(b"PK\x03\x04" + bytes(300))
    (docs / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"))
    with (docs / "huge.pdf").open("wb") as stream:
        stream.truncate(500_000_001)
    return {
        "empty.txt": "is empty: it has 0 bytes",
        "report.docx": "is not what its name says: its bytes are those of a .pdf file. Rename it to end in .pdf.",
        "half.docx": "its bytes are those of a damaged or incomplete ZIP file",
        "old.xlsx": "is protected by a password",
        "huge.pdf": "is too large: 500,000,001 bytes",
    }


def test_every_bad_file_is_told_in_one_line_and_the_good_ones_are_stored(call: Call, docs: Path, tmp_path: Path) -> None:
    told = bad_files(docs)
    (docs / "good.txt").write_text(BRIDGES)
    (docs / "zz.txt").write_text("Roses.")
    code, lines, errors = call("add", "docs")
    assert code == 1 and len(errors) == len(told)
    for name, words in told.items():
        (line,) = [error for error in errors if name in error]
        assert line.startswith("error: ") and words in line
    assert contents(tmp_path / ".footnote") == {"good.txt": BRIDGES, "zz.txt": "Roses."}


def test_a_file_that_can_no_longer_be_read_keeps_its_stored_version(call: Call, docs: Path, tmp_path: Path) -> None:
    (docs / "a.txt").write_text(BRIDGES)
    call("add", "docs")
    (docs / "a.txt").write_bytes(b"PK\x03\x04" + bytes(300))
    code, _, errors = call("add", "docs")
    assert code == 1 and errors[0].endswith("What was read of it before stays in the index.")
    assert contents(tmp_path / ".footnote") == {"a.txt": BRIDGES}


def test_a_file_that_kills_its_reader_fails_alone(
    call: Call, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile.install(tmp_path / "site", monkeypatch)
    for name, words in {"a.csv": "words", "b.csv": "crash", "c.csv": "words", "d.csv": "exit"}.items():
        (docs / name).write_text(words)
    code, lines, errors = call("add", "docs")
    assert code == 1 and [line[:14] for line in lines[:2]] == ["added a.csv: 1", "added c.csv: 1"]
    assert "b.csv cannot be read as CSV" in errors[0] and "d.csv cannot be read as CSV" in errors[1]
    assert set(contents(tmp_path / ".footnote")) == {"a.csv", "c.csv"}


def test_the_time_for_a_file_is_a_setting(call: Call, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile.install(tmp_path / "site", monkeypatch)
    monkeypatch.setenv("FOOTNOTE_MAX_SECONDS", "1")
    (docs / "a.csv").write_text("spin")
    assert "took more than 1 seconds" in call("add", "docs")[2][0]


# The real command: killed, twice at once, on a full disk


def start(*arguments: str, limit: int | None = None) -> subprocess.Popen[str]:
    def limited() -> None:
        heed_ctrl_c()
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    line = [sys.executable, "-m", "index", *arguments]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limited)


def start_hanging(docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> subprocess.Popen[str]:
    """Start to add a folder with a file that is never read to its end; return once that file is being read."""
    hostile.install(tmp_path / "site", monkeypatch)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "site"), os.environ["PYTHONPATH"]]))
    pid = tmp_path / "pid"
    (docs / "b.csv").write_text(f"hang:{pid}")
    adding = start("add", "docs")
    deadline = time.monotonic() + 60
    while not (pid.exists() and pid.read_text()):
        assert time.monotonic() < deadline and adding.poll() is None
        time.sleep(0.02)
    return adding


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    return process.returncode, out, err


def held(data: Path) -> list[str]:
    """Return the names of an index of the real model, after holding that it is whole."""
    index = PassageIndex(data, None)
    status = index.status()
    assert status.is_consistent, status
    assert not (data / "journal.json").exists()
    found = [record.name for record in index.records()]
    index.close()
    return found


def test_killed_while_files_are_read_nothing_is_half_there(docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (docs / "a.txt").write_text(BRIDGES)
    adding = start_hanging(docs, tmp_path, monkeypatch)
    adding.kill()
    adding.communicate()
    assert not (tmp_path / ".footnote" / "manifest.json").exists() or held(tmp_path / ".footnote") == []
    (docs / "b.csv").write_text("words")
    assert finish(start("add", "docs"))[0] == 0
    assert held(tmp_path / ".footnote") == ["a.txt", "b.csv"]


def test_killed_while_documents_are_stored_those_it_told_of_are_there_and_the_next_run_completes(
    docs: Path, tmp_path: Path
) -> None:
    for number in range(260):
        (docs / f"n{number:03}.txt").write_text(f"These are the words of number {number}.")
    adding = start("add", "docs")
    assert adding.stdout is not None
    told = [adding.stdout.readline()]
    adding.kill()
    told += adding.stdout.readlines()
    adding.communicate()
    names = [line.split()[1].rstrip(":") for line in told if line.startswith("added ") and line.endswith("\n")]
    stored = held(tmp_path / ".footnote")
    assert 1 <= len(names) <= len(stored) < 260 and set(names) <= set(stored)
    code, out, err = finish(start("add", "docs"))
    assert (code, err) == (0, "") and f"{len(stored)} unchanged" in out
    assert len(held(tmp_path / ".footnote")) == 260


def test_interrupted_it_ends_with_one_word_and_its_own_code(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adding = start_hanging(docs, tmp_path, monkeypatch)
    adding.send_signal(signal.SIGINT)
    assert finish(adding) == (130, "", "\nstopped\n")


def test_the_same_files_added_twice_at_once_are_there_once(docs: Path, tmp_path: Path) -> None:
    for number in range(5):
        (docs / f"n{number}.txt").write_text(f"These are the words of number {number}.")
    both = [start("add", "docs"), start("add", "docs/*.txt")]
    ended = [finish(one) for one in both]
    assert [(code, err) for code, _, err in ended] == [(0, ""), (0, "")]
    assert held(tmp_path / ".footnote") == [f"n{number}.txt" for number in range(5)]
    assert finish(start("add", "docs"))[1].startswith("5 unchanged")


def add_two(docs: Path, data: Path) -> None:
    (docs / "a.txt").write_text(BRIDGES)
    (docs / "b.txt").write_text("Roses grow here.")
    assert finish(start("--data", str(data), "add", "docs"))[0] == 0
    (docs / "c.txt").write_text("The words are: " + "x" * 60_000)  # one passage, which is embedded in no time


def check_full_disk(docs: Path, data: Path, limit: int | None = None) -> None:
    """Add a document that does not fit; hold that it is told, and that the two that were there stay."""
    code, out, err = finish(start("--data", str(data), "add", "docs", limit=limit))
    assert code == 1 and "added" not in out and err.count("\n") == 1
    assert err.startswith("error: ") and "cannot be written" in err
    assert "Nothing that was stored is lost" in err and "the disk's space" in err
    index = PassageIndex(data, None)
    assert [record.name for record in index.records()] == ["a.txt", "b.txt"] and index.status().is_consistent
    index.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_told_and_the_documents_before_stay(docs: Path, small_disk: Path) -> None:
    add_two(docs, small_disk / "data")
    free = shutil.disk_usage(small_disk).free
    (small_disk / "others").write_bytes(bytes(max(0, free - 40_000)))
    check_full_disk(docs, small_disk / "data")
    (small_disk / "others").unlink()
    assert finish(start("--data", str(small_disk / "data"), "add", "docs"))[0] == 0
    assert held(small_disk / "data") == ["a.txt", "b.txt", "c.txt"]


def test_a_file_that_may_not_grow_is_told_and_the_documents_before_stay(docs: Path, tmp_path: Path) -> None:
    add_two(docs, tmp_path / "data")
    check_full_disk(docs, tmp_path / "data", limit=40_000)
