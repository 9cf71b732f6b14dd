"""Files read in processes of their own: what each way to die is told as, and that the rest goes on."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import hostile
import pytest
from conftest import heed_ctrl_c

import corpus.contained
from corpus import DocumentError, Limits, load_document
from corpus.contained import Readers, Reading, load_all, load_contained
from corpus.limits import DEFAULT_LIMITS
from corpus.loaders import document_id

NEEDS_LIMITS = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux keeps to a limit of memory")


@pytest.fixture
def obey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose `.csv` files do to their reader what they say."""
    hostile.install(tmp_path / "site", monkeypatch)
    folder = tmp_path / "docs"
    folder.mkdir()
    return folder


def write(folder: Path, **files: str) -> list[tuple[Path, str]]:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return [(folder / f"{name}.csv", f"{name}.csv") for name in files]


def outcome(reading: Reading) -> str:
    assert (reading.document is None) != (reading.error is None)
    return reading.document.text if reading.document else str(reading.error)


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(DocumentError) as caught:
        load_contained(path, **options)
    message = str(caught.value)
    assert "\n" not in message and message.endswith(".")
    return message


def has_ended(process: int, within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


# What comes back


def test_a_document_comes_back_exactly_as_it_is_read_in_this_process(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(("Größe 3 µm – 😀 naïve\r\nSecond line.\rThird \x0b\n" * 60_000).encode())
    assert path.stat().st_size > 2_000_000  # or it would be read here
    own = load_document(path, name="a/long.txt")
    assert dataclasses.asdict(load_contained(path, name="a/long.txt")) == dataclasses.asdict(own)


def test_a_small_text_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("corpus.contained.subprocess.Popen", refuse)
    (tmp_path / "a.md").write_text("# Words\n\nMore.\n")
    assert load_contained(tmp_path / "a.md").media_type == "text/markdown"
    assert "There is no file" in refusal(tmp_path / "nowhere.txt")
    assert "(.xyz)" in refusal(tmp_path / "a.xyz" if (tmp_path / "a.xyz").write_text("Words.") else tmp_path)


def test_files_come_back_in_the_order_given_though_some_take_longer_or_fail(obey: Path) -> None:
    files = write(obey, a="slow:0.4", b="words", c="raise", d="words", e="refuse", f="slow:0.1", g="words")
    with Readers(3) as readers:
        found = list(readers.read_all([*files, (obey / "none.csv", "none.csv")]))
    assert [reading.name for reading in found] == ["a.csv", "b.csv", "c.csv", "d.csv", "e.csv", "f.csv", "g.csv", "none.csv"]
    texts = [outcome(reading) for reading in found]
    assert texts[0] == "Words of a.csv" and texts[3] == "Words of d.csv" and texts[6] == "Words of g.csv"
    assert "broke off (KeyError)" in texts[2] and texts[4] == "It is refused." and "There is no file" in texts[7]


def test_the_files_of_a_batch_are_read_at_once_and_not_one_after_the_other(obey: Path) -> None:
    files = write(obey, **{f"n{number}": "slow:0.6" for number in range(6)})
    with Readers(6) as readers:
        started = time.monotonic()
        assert sum(reading.document is not None for reading in readers.read_all(files)) == 6
    assert time.monotonic() - started < 6 * 0.6


def test_no_more_files_are_taken_than_are_needed_to_keep_the_readers_busy(obey: Path) -> None:
    files = write(obey, **{f"n{number}": "words" for number in range(20)})
    taken = []

    def given():  # type: ignore[no-untyped-def]
        for file in files:
            taken.append(file)
            yield file

    with Readers(2) as readers:
        readings = readers.read_all(given())
        next(readings)
        assert len(taken) == 4


def test_the_first_that_cannot_be_read_ends_a_load_of_all(obey: Path) -> None:
    files = write(obey, a="words", b="refuse", c="words")
    loaded = load_all(files)
    assert next(loaded).name == "a.csv"
    with pytest.raises(DocumentError, match="It is refused"):
        next(loaded)


# What happens to the process


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("crash", "cannot be read as CSV: its reader broke off (it ended with SIGSEGV). It may be damaged or incomplete"),
        ("null", "cannot be read as CSV: its reader broke off (it ended with SIGSEGV)"),
        ("exit", "cannot be read as CSV: its reader broke off (it ended with code 3)"),
        ("raise", "cannot be read as CSV: its reader broke off (KeyError)"),
        ("deep", "cannot be read as CSV: its reader broke off (RecursionError)"),
        ("lie", "cannot be read as CSV: its reader broke off (its reply made no sense)"),
        ("connect", "cannot be read as CSV: its reader broke off (PermissionError)"),
        ("start", "cannot be read as CSV: its reader broke off (PermissionError)"),
    ],
)
def test_a_file_that_breaks_its_reader_is_told_so_and_the_others_are_read(obey: Path, command: str, told: str) -> None:
    files = write(obey, a="words", b=command, c="words", d="words")
    with Readers(1) as readers:
        texts = [outcome(reading) for reading in readers.read_all(files)]
    assert f"b.csv {told}" in texts[1] and "Traceback" not in texts[1]
    assert [texts[0], *texts[2:]] == ["Words of a.csv", "Words of c.csv", "Words of d.csv"]


@pytest.mark.parametrize("command", ["hang", "spin"])
def test_a_file_that_takes_too_long_is_given_up_and_its_reader_ended(obey: Path, command: str) -> None:
    files = write(obey, a=command, b="words")
    started = time.monotonic()
    with Readers(1, Limits(seconds=1)) as readers:
        texts = [outcome(reading) for reading in readers.read_all(files)]
    assert time.monotonic() - started < 20
    assert texts[0].startswith("a.csv was given up: reading it took more than 1 seconds. Split it")
    assert "FOOTNOTE_MAX_SECONDS" in texts[0] and texts[1] == "Words of b.csv"


@NEEDS_LIMITS
def test_a_file_that_takes_too_much_memory_is_given_up_and_the_others_are_read(obey: Path) -> None:
    files = write(obey, a="words", b="memory", c="words")
    with Readers(1, Limits(memory=500_000_000)) as readers:
        texts = [outcome(reading) for reading in readers.read_all(files)]
    assert texts[1].startswith("b.csv was given up: reading it took more memory than there is for one file (0.5 GB).")
    assert texts[0] == "Words of a.csv" and texts[2] == "Words of c.csv"


def test_what_earlier_files_have_left_in_a_process_decides_over_no_later_one(obey: Path) -> None:
    files = write(obey, a="leak", b="victim", c="victim")
    with Readers(1) as readers:
        assert [outcome(reading) for reading in readers.read_all(files)] == [f"Words of {name}.csv" for name in "abc"]


def test_a_process_is_replaced_after_many_files(obey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.contained, "_FILES", 2)
    files = write(obey, a="pid", b="pid", c="pid", d="pid", e="pid")
    with Readers(1) as readers:
        pids = [outcome(reading) for reading in readers.read_all(files)]
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]
    assert all(has_ended(int(pid)) for pid in pids)


def test_what_a_parser_prints_goes_nowhere(obey: Path, capfd: pytest.CaptureFixture[str]) -> None:
    files = write(obey, a="print", b="words")
    with Readers(1) as readers:
        assert [outcome(reading) for reading in readers.read_all(files)] == ["Words of a.csv", "Words of b.csv"]
    assert capfd.readouterr() == ("", "")


def test_a_process_has_neither_keys_nor_models(obey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("FOOTNOTE_MODEL", "openai:gpt")
    files = write(obey, a="environment", b="modules")
    with Readers(1) as readers:
        environment, modules = (outcome(reading).split() for reading in readers.read_all(files))
    assert "PYTHONPATH" in environment and "PATH" in environment
    assert not [name for name in environment if "KEY" in name or "FOOTNOTE" in name]
    assert "corpus.worker" in modules or "__main__" in modules
    assert not {"torch", "numpy", "chromadb", "rich", "langchain_core", "index"} & set(modules)


FORGED = {"name": "a.csv", "text": "x", "media_type": "text/csv", "sha256": "0" * 64, "pages": []}


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"document": None},
        {"document": {"id": "../../evil"}},
        {"document": {"id": "../../evil", **FORGED}},
        {"document": {"id": document_id("b.csv", "0" * 64), **FORGED, "name": "b.csv"}},
        {"document": {"id": document_id("a.csv", "0" * 64), **FORGED, "media_type": "text/html"}},
        {"document": {"id": document_id("a.csv", "0" * 64), **FORGED, "pages": [[0, 2]]}},
        {"document": {"id": document_id("a.csv", "../.."), **FORGED, "sha256": "../.."}},
    ],
)
def test_a_reply_that_is_not_the_document_of_the_file_is_not_believed(
    obey: Path, monkeypatch: pytest.MonkeyPatch, reply: dict[str, Any]
) -> None:
    (path, _), *_ = write(obey, a="words")
    monkeypatch.setattr("corpus.contained.receive", lambda stream: reply)
    assert "a.csv cannot be read as CSV: its reader broke off (its reply made no sense)" in refusal(path)


def test_a_process_that_does_not_start_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    assert "the process that reads them does not start (No such file" in refusal(tmp_path / "a.csv")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert "the process that reads them does not start (it ended with code 1)" in refusal(tmp_path / "a.csv")


def test_a_module_in_the_current_folder_is_not_taken_for_ours(
    obey: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "corpus").mkdir(parents=True)
    (tmp_path / "here" / "corpus" / "__init__.py").write_text("raise SystemExit(9)")
    (tmp_path / "here" / "json.py").write_text("raise SystemExit(9)")
    files = write(obey, a="words")
    monkeypatch.chdir(tmp_path / "here")
    assert load_contained(files[0][0]).text == "Words of a.csv"


# Ending


def test_closing_ends_a_reader_in_the_middle_of_a_file_and_then_none_is_read(obey: Path, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    files = write(obey, a=f"hang:{pid}", b="words")
    started = time.monotonic()
    with Readers(1) as readers:
        future = readers._threads.submit(readers.read, *files[0])
        while not (pid.exists() and pid.read_text()):
            assert time.monotonic() - started < 30
            time.sleep(0.02)
    assert future.result().error is not None
    assert has_ended(int(pid.read_text()))
    assert "Reading was stopped" in str(readers.read(*files[1]).error)


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "killed"])
def test_readers_end_with_the_program_that_started_them(obey: Path, tmp_path: Path, number: signal.Signals) -> None:
    pid = tmp_path / "pid"
    files = write(obey, a=f"hang:{pid}")
    code = "import sys; from corpus.contained import load_contained; load_contained(sys.argv[1])"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), os.environ["PYTHONPATH"]])}
    line = [sys.executable, "-c", code, str(files[0][0])]
    program = subprocess.Popen(line, env=environment, stderr=subprocess.DEVNULL, preexec_fn=heed_ctrl_c)
    deadline = time.monotonic() + 30
    while not (pid.exists() and pid.read_text()):
        assert time.monotonic() < deadline and program.poll() is None
        time.sleep(0.02)
    program.send_signal(number)
    assert program.wait(10) != 0
    assert has_ended(int(pid.read_text()))


# Real files that are made to do harm


def test_a_zip_bomb_in_a_word_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open("word/document.xml", "w", force_zip64=True) as stream:
            for _ in range(30):
                stream.write(b" " * 10_000_000)
    assert path.stat().st_size < 500_000
    assert "bomb.docx unpacks to more than" in refusal(path, limits=dataclasses.replace(DEFAULT_LIMITS, unpacked=100_000_000))


def test_html_of_a_million_nested_elements_kills_nobody(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_text("<html><body><p>First words here.</p>" + "<div>" * 1_000_000 + "Last words." + "</div>" * 1_000_000)
    with Readers(1, dataclasses.replace(DEFAULT_LIMITS, seconds=30)) as readers:
        reading = readers.read(path, "deep.html")
    assert "deep.html cannot be read as HTML: its elements are nested" in outcome(reading)


def test_a_pdf_that_breaks_off_is_refused(tmp_path: Path) -> None:
    whole = minimal_pdf(3)
    path = tmp_path / "half.pdf"
    path.write_bytes(whole[: len(whole) // 4])
    assert "half.pdf" in refusal(path)


def test_a_pdf_of_five_thousand_pages_is_refused_with_both_numbers(tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    path.write_bytes(minimal_pdf(5_000))
    message = refusal(path)
    assert "5,000 pages" in message and "2,000" in message and "FOOTNOTE_MAX_PAGES" in message


def minimal_pdf(pages: int) -> bytes:
    """Return a PDF with some words on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(pages))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number in range(pages):
        content = f"BT /F1 12 Tf 72 720 Td (These are the words of page {number + 1}.) Tj ET"
        resources = "/Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R {resources} >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)
