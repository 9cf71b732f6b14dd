"""`python -m index add --watch`: the index follows its folders, and what is elsewhere stays."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import WordEmbedder, heed_ctrl_c

from corpus import DocumentError, make_document
from corpus.contained import Readers
from corpus.errors import IndexBusyError
from index import PassageIndex
from index.adding import Adder
from index.watching import Watcher

BRIDGES = "The iron bridge crosses the northern river."
Watch = Callable[..., Watcher]


class Told:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failures: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)

    def fail(self, message: str) -> None:
        self.failures.append(message)

    def read(self, done: int, total: int) -> None:
        pass

    def new(self) -> list[str]:
        """Return the lines since the last call."""
        lines, self.lines = self.lines, []
        return lines


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text(BRIDGES)
    (folder / "b.txt").write_text("Roses.")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Iterator[PassageIndex]:
    made = PassageIndex(tmp_path / "data", WordEmbedder(), create=True)
    yield made
    made.close()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def watch(index: PassageIndex, told: Told) -> Iterator[Watch]:
    with Readers(1) as readers:
        adder = Adder(lambda: index, readers, told, index=index)
        yield lambda *paths, settled=0.0: Watcher(paths, adder, told, settled=settled)


def texts(index: PassageIndex) -> dict[str, str]:
    assert index.status().is_consistent
    return {record.name: index.document(record.name).text for record in index.records()}


def test_new_changed_renamed_and_removed_files_are_so_in_the_index(
    docs: Path, index: PassageIndex, told: Told, watch: Watch
) -> None:
    watcher = watch("docs")
    assert watcher.update() is False
    assert told.new() == ["added a.txt: 43 characters", "added b.txt: 6 characters"]
    assert watcher.update() is False and told.new() == []
    (docs / "a.txt").write_text(BRIDGES + " It is old.")
    (docs / "b.txt").rename(docs / "c.txt")
    (docs / "sub").mkdir()
    (docs / "sub" / "d.txt").write_text("Tulips.")
    watcher.update()
    assert told.new() == [
        "added sub/d.txt: 7 characters",
        "changed a.txt: 54 characters",
        "renamed b.txt to c.txt: 6 characters",
    ]
    assert texts(index) == {"a.txt": BRIDGES + " It is old.", "c.txt": "Roses.", "sub/d.txt": "Tulips."}
    shutil.rmtree(docs / "sub")
    (docs / "c.txt").unlink()
    watcher.update()
    assert sorted(told.new()) == ["removed c.txt", "removed sub/d.txt"]
    assert list(texts(index)) == ["a.txt"] and told.failures == []


def test_a_file_that_goes_and_comes_back_as_it_was_is_there_again(
    docs: Path, tmp_path: Path, index: PassageIndex, watch: Watch
) -> None:
    watcher = watch("docs")
    watcher.update()
    (docs / "a.txt").rename(tmp_path / "a.txt")
    watcher.update()
    assert list(texts(index)) == ["b.txt"]
    (tmp_path / "a.txt").rename(docs / "a.txt")
    watcher.update()
    assert list(texts(index)) == ["a.txt", "b.txt"]


def test_what_vanished_while_nobody_watched_is_removed_and_nothing_else(
    docs: Path, tmp_path: Path, index: PassageIndex, told: Told, watch: Watch
) -> None:
    watch("docs").update()
    other = make_document("other.txt", "Elsewhere.")
    typed = make_document("typed.txt", "From nowhere on disk.")
    beside = make_document("beside.txt", "In a folder whose name begins the same.")
    sources = {other.id: str(tmp_path / "gone" / "other.txt"), beside.id: str(tmp_path / "docs2" / "beside.txt")}
    index.add([other, typed, beside], sources=sources)
    (docs / "b.txt").unlink()
    told.new()
    watch("docs").update()
    assert told.new() == ["removed b.txt"]
    assert set(texts(index)) == {"a.txt", "other.txt", "typed.txt", "beside.txt"}


def test_a_folder_that_is_gone_takes_no_document_with_it(
    docs: Path, tmp_path: Path, index: PassageIndex, told: Told, watch: Watch
) -> None:
    watcher = watch("docs")
    watcher.update()
    docs.rename(tmp_path / "unmounted")
    watcher.update()
    watcher.update()
    assert told.failures == ["The folder docs is not there. Its documents stay in the index."]
    assert set(texts(index)) == {"a.txt", "b.txt"}
    (tmp_path / "unmounted").rename(docs)
    (docs / "a.txt").unlink()
    watcher.update()
    assert set(texts(index)) == {"b.txt"}


def test_a_file_out_of_reach_is_not_taken_for_gone(
    docs: Path, index: PassageIndex, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = watch("docs")
    watcher.update()
    lstat = os.lstat

    def stale(path, **options):  # type: ignore[no-untyped-def]
        if str(path).endswith("a.txt"):
            raise OSError(116, "Stale file handle")
        return lstat(path, **options)

    (docs / "b.txt").unlink()
    with monkeypatch.context() as broken:
        broken.setattr("index.watching.os.lstat", stale)
        watcher._remove([docs])
    assert set(texts(index)) == {"a.txt"}


def test_a_file_that_cannot_be_read_any_more_keeps_its_stored_version_and_is_told_once(
    docs: Path, index: PassageIndex, told: Told, watch: Watch
) -> None:
    watcher = watch("docs")
    watcher.update()
    (docs / "a.txt").write_bytes(b"PK\x03\x04" + bytes(300))
    watcher.update()
    watcher.update()
    assert len(told.failures) == 1
    assert "a.txt" in told.failures[0] and told.failures[0].endswith("What was read of it before stays in the index.")
    assert texts(index)["a.txt"] == BRIDGES
    (docs / "a.txt").write_text("Whole again.")
    watcher.update()
    assert texts(index)["a.txt"] == "Whole again."


def test_a_file_that_is_still_being_written_is_read_when_it_has_settled(
    docs: Path, index: PassageIndex, told: Told, watch: Watch
) -> None:
    watcher = watch("docs", settled=0.5)
    now = time.time() - 10
    for path in docs.iterdir():
        os.utime(path, (now, now))
    assert watcher.update() is False  # what was written long before is read at once
    with (docs / "c.txt").open("w") as stream:
        for _ in range(4):
            stream.write("Some more words. ")
            stream.flush()
            assert watcher.update() is True
            assert "c.txt" not in texts(index)
            time.sleep(0.05)
        stream.write("The end.")
    deadline = time.monotonic() + 30
    while watcher.update():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert texts(index)["c.txt"] == "Some more words. " * 4 + "The end."
    assert [line for line in told.lines if "c.txt" in line] == ["added c.txt: 76 characters"]


def test_a_file_that_is_saved_by_putting_another_in_its_place_is_not_removed_meanwhile(
    docs: Path, index: PassageIndex, told: Told, watch: Watch
) -> None:
    watcher = watch("docs", settled=0.4)
    while watcher.update():
        time.sleep(0.05)
    (docs / "a.txt").unlink()
    assert watcher.update() is True
    (docs / "a.txt").write_text("The stone bridge.")
    while watcher.update():
        time.sleep(0.05)
    assert texts(index)["a.txt"] == "The stone bridge."
    assert not [line for line in told.lines if line.startswith("removed")]


def test_while_another_process_writes_it_says_so_and_tries_again(
    docs: Path, index: PassageIndex, told: Told, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = watch("docs")

    def busy(*_: object, **__: object) -> None:
        raise IndexBusyError("The index is in use.")

    with monkeypatch.context() as broken:
        broken.setattr(PassageIndex, "add", busy)
        assert watcher.update() is True
    assert told.failures == ["The index is in use."] and texts(index) == {}
    watcher.update()
    assert set(texts(index)) == {"a.txt", "b.txt"}


def test_patterns_are_watched_and_only_what_fits_is_added(docs: Path, index: PassageIndex, told: Told, watch: Watch) -> None:
    watcher = watch("docs/**/*.md")
    assert watcher.folders == [Path("docs")]
    watcher.update()
    assert texts(index) == {} and told.failures == []  # a folder without documents yet is no failure
    (docs / "c.md").write_text("# Tulips\n\nThey grow.\n")
    watcher.update()
    assert list(texts(index)) == ["c.md"]


def test_what_is_passed_over_is_said_once(docs: Path, told: Told, watch: Watch) -> None:
    (docs / "out.txt").symlink_to("/etc/hostname")
    watcher = watch("docs")
    watcher.update()
    watcher.update()
    assert told.lines.count("passed over: out.txt (a link out of the folder)") == 1


def test_only_folders_can_be_watched(docs: Path, watch: Watch) -> None:
    for path in ("docs/a.txt", "nowhere", "nowhere/*.txt"):
        with pytest.raises(DocumentError, match="is not a folder, and --watch is for folders"):
            watch(path)


# The real command


class Lines:
    """Reads a program's output line by line, with a limit of time."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        assert program.stdout is not None
        threading.Thread(target=self._pump, args=(program.stdout,), daemon=True).start()

    def _pump(self, stream) -> None:  # type: ignore[no-untyped-def]
        for line in stream:
            self._lines.put(line.rstrip("\n"))

    def until(self, wanted: str) -> list[str]:
        found: list[str] = []
        while not found or not found[-1].startswith(wanted):
            found.append(self._lines.get(timeout=90))
        return found


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(("number", "code", "error"), [(signal.SIGTERM, 0, ""), (signal.SIGINT, 130, "\nstopped\n")])
def test_the_real_command_follows_a_folder_until_it_is_stopped(
    docs: Path, tmp_path: Path, number: int, code: int, error: str
) -> None:
    line = [sys.executable, "-m", "index", "add", "--watch", "docs"]
    program = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed_ctrl_c)
    try:
        lines = Lines(program)
        lines.until("watching docs (Ctrl+C stops it)")
        (docs / "c.txt").write_text("Tulips grow here.")
        assert "added c.txt: 17 characters" in lines.until("added c.txt")
        (docs / "c.txt").rename(docs / "d.txt")
        lines.until("renamed c.txt to d.txt")
        (docs / "d.txt").write_text("Tulips and roses.")
        lines.until("changed d.txt")
        (docs / "d.txt").unlink()
        lines.until("removed d.txt")
        program.send_signal(number)
        assert program.wait(60) == code
        assert program.stderr is not None
        assert program.stderr.read() == error
    finally:
        program.kill()
        program.wait()
    index = PassageIndex(tmp_path / ".footnote", None)
    assert [record.name for record in index.records()] == ["a.txt", "b.txt"] and index.status().is_consistent
    index.close()
