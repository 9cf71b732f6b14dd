"""Indexes and folders that cannot be used: what was found, what to do, and nothing stored is lost."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import WordEmbedder

from corpus import make_document
from corpus.errors import IndexMismatchError, IndexMissingError, IndexStoreError
from index import PassageIndex
from index.rebuild import rebuild

TEXT = "The iron bridge is old."
NOBODY = 65534


def make_index(folder: Path, chroma_url: str | None = None) -> Path:
    index = PassageIndex(folder, WordEmbedder(), create=True, chroma_url=chroma_url)
    index.add([make_document("a.txt", TEXT)])
    index.close()
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_index(tmp_path / "data")


def refusal(folder: Path, kind: type[IndexStoreError] = IndexStoreError, **options: object) -> str:
    """Return what opening the index says, after holding that it is one paragraph and names the folder."""
    with pytest.raises(kind) as caught:
        PassageIndex(folder, WordEmbedder(), **options)  # type: ignore[arg-type]
    message = str(caught.value)
    assert str(folder) in message and "\n" not in message and "Traceback" not in message
    return message


def found(folder: Path, embedder: WordEmbedder | None = None) -> list[str]:
    index = PassageIndex(folder, embedder or WordEmbedder())
    texts = [one.passage.text for one in index.search("iron bridge")]
    index.close()
    return texts


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Not there, not ours


def test_a_missing_index_is_refused_with_the_command_that_makes_one(tmp_path: Path) -> None:
    message = refusal(tmp_path / "nowhere", IndexMissingError)
    assert "There is no index in" in message and "python -m index add PATH" in message
    assert not (tmp_path / "nowhere").exists()
    with pytest.raises(IndexMissingError, match="nothing to rebuild"):
        rebuild(tmp_path / "nowhere", WordEmbedder())


def test_a_folder_of_other_files_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.tex").write_text("Mine.")
    before = files(folder)
    message = refusal(folder, create=True)
    assert "is not a Footnote data folder: it holds chapter.tex" in message and "--data" in message
    assert files(folder) == before


@pytest.mark.parametrize("create", [True, False])
def test_a_file_in_place_of_the_data_folder_is_refused(tmp_path: Path, create: bool) -> None:
    path = tmp_path / "data"
    path.write_text("Mine.")
    message = refusal(path, create=create)
    assert "is a file, and a folder for the data was expected" in message and "--data" in message
    assert path.read_text() == "Mine."


def test_a_data_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("Mine.")
    with pytest.raises(IndexStoreError) as caught:
        PassageIndex(tmp_path / "file" / "data", WordEmbedder(), create=True)
    assert str(tmp_path / "file" / "data") in str(caught.value)
    assert (tmp_path / "file").read_text() == "Mine."


# Made otherwise


def test_an_index_of_another_model_is_refused_with_both_names_and_the_command_that_rebuilds(data: Path) -> None:
    with pytest.raises(IndexMismatchError) as caught:
        PassageIndex(data, WordEmbedder("other", "fake:other"))
    message = str(caught.value)
    assert "the embedding model words (fake:words), and other (fake:other) is set now" in message
    assert "python -m index rebuild" in message and "FOOTNOTE_EMBEDDER back to words" in message
    assert found(data) == [TEXT]


def test_an_index_of_another_splitter_is_refused_until_it_is_rebuilt(data: Path) -> None:
    path = data / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"splitter": "0"}))
    message = refusal(data, IndexMismatchError)
    assert "version 0 of the splitter" in message and "python -m index rebuild" in message
    assert rebuild(data, WordEmbedder()).is_consistent
    assert found(data) == [TEXT]


def test_an_index_of_a_newer_format_is_refused(data: Path) -> None:
    path = data / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    message = refusal(data)
    assert "format 99" in message and "reads formats up to 2" in message
    assert "Update Footnote" in message


# Damaged


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"documents": 3}', b"\xff\xfe\x00", b'{"documents": [{"id": 1}]}']
)
def test_a_damaged_manifest_is_refused_and_nothing_is_overwritten(data: Path, content: bytes) -> None:
    (data / "manifest.json").write_bytes(content)
    before = files(data)
    message = refusal(data, create=True)
    assert "manifest.json is damaged" in message and "Nothing was changed" in message
    assert files(data) == before


@pytest.mark.parametrize("store", ["chroma/chroma.sqlite3", "lexical/meta.json"])
def test_a_damaged_store_is_refused_and_made_afresh_from_the_texts(data: Path, store: str) -> None:
    (path,) = data.glob(f"build-*/{store}")
    path.write_bytes(b"no longer what it was" * 500)
    message = refusal(data)
    assert str(path.parent) in message and "cannot be opened" in message
    assert "python -m index rebuild" in message
    rebuild(data, WordEmbedder())
    assert found(data) == [TEXT]


def test_a_damaged_text_is_named_with_the_way_out(data: Path, tmp_path: Path) -> None:
    (path,) = data.glob("build-*/documents/*.json")
    path.write_text("{")
    index = PassageIndex(data, WordEmbedder())
    with pytest.raises(IndexStoreError) as caught:
        index.search("iron bridge")
    assert str(path) in str(caught.value) and "python -m index remove NAME" in str(caught.value)
    index.remove(["a.txt"])
    index.add([make_document("a.txt", TEXT)])
    assert [one.passage.text for one in index.search("iron bridge")] == [TEXT]
    index.close()


# Not writable


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody who may not write")
def test_somebody_who_may_not_write_is_told_so_and_nothing_changes(tmp_path: Path) -> None:
    data = make_index(tmp_path / "data")
    before = files(data)
    code = (
        "import sys, os\n"
        "from index.folder import DataFolder\nfrom corpus.errors import IndexStoreError\n"
        f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "for act in (DataFolder(sys.argv[1]).check_writable, DataFolder(sys.argv[2]).make,\n"
        "            DataFolder(sys.argv[1]).writing().__enter__):\n"
        "    try:\n        act()\n        print('no error')\n"
        "    except IndexStoreError as error:\n        print(error)\n"
    )
    for parent in (tmp_path, *tmp_path.parents):  # let nobody through to the folder
        if parent.stat().st_uid == 0 and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    command = [sys.executable, "-c", code, str(data), str(tmp_path / "new")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 3 and all("cannot be written to: Permission denied" in line for line in lines)
    assert all("Change its permissions, or give another folder with --data" in line for line in lines)
    assert files(data) == before


def test_a_data_folder_that_is_read_only_is_refused_when_it_is_opened(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as denied:
        denied.setattr("index.folder.os.access", lambda path, mode: False)
        message = refusal(data)
    assert "cannot be written to: Permission denied" in message and "FOOTNOTE_DATA" in message
    assert found(data) == [TEXT]


def test_a_manifest_that_may_not_be_read_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(self: Path, **options: object) -> str:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "read_text", denied)
        message = refusal(data)
    assert "manifest.json cannot be read: Permission denied" in message
    assert found(data) == [TEXT]


# Without a model


def test_an_index_opened_to_look_can_neither_search_nor_add(data: Path) -> None:
    index = PassageIndex(data, None)
    with pytest.raises(IndexStoreError, match="without an embedding model, so it cannot be searched"):
        index.search("bridge")
    with pytest.raises(IndexStoreError, match="without an embedding model, so nothing can be added"):
        index.add([make_document("b.txt", TEXT)])
    assert [record.name for record in index.records()] == ["a.txt"]
    index.close()


# A Chroma server


@pytest.fixture(scope="module")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("chroma", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("there is no `chroma` command beside this Python")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    command = [program, "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(folder)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(150):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            pytest.skip("`chroma run` did not start within 15 seconds")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def test_vectors_can_be_kept_on_a_server_two_indexes_on_one_server_apart(tmp_path: Path, chroma_url: str) -> None:
    first = make_index(tmp_path / "first", chroma_url)
    index = PassageIndex(tmp_path / "second", WordEmbedder(), create=True, chroma_url=chroma_url)
    index.add([make_document("b.txt", "Roses grow here."), make_document("c.txt", "Iron roses.")])
    again = PassageIndex(first, WordEmbedder(), chroma_url=chroma_url)
    assert again.status().is_consistent and again.status().vectors == 1
    assert [one.passage.text for one in again.search("iron bridge")] == [TEXT]
    assert index.status().is_consistent and index.search("iron roses")[0].passage.text == "Iron roses."
    index.remove(["c.txt"])
    assert index.status().vectors == 1
    assert not list((tmp_path / "first").glob("build-*/chroma"))
    status = rebuild(first, WordEmbedder("other", "fake:other"), chroma_url=chroma_url)
    assert status.is_consistent and status.embedder == "other"


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(IndexStoreError) as caught:
        PassageIndex(tmp_path / "data", WordEmbedder(), create=True, chroma_url=url)
    assert url in str(caught.value) and "cannot be opened" in str(caught.value)
    assert "Is the Chroma server running there?" in str(caught.value)
