"""The index after a crash at every point of a change, after damage, and with two writers: whole again, nothing lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import WordEmbedder

from corpus import make_document
from corpus.errors import IndexBusyError, IndexStoreError
from index import PassageIndex, SearchMode
from index.documents import DocumentStore
from index.folder import DataFolder
from index.lexical import LexicalIndex
from index.rebuild import rebuild
from index.vectors import VectorStore

OLD, KEPT, NEW, MORE = "The iron bridge is old.", "Roses are kept here.", "The stone tower is new.", "More words come in."
HEAD = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from conftest import WordEmbedder
from corpus import make_document
from index import PassageIndex
from index.documents import DocumentStore
from index.folder import DataFolder
from index.lexical import LexicalIndex
from index.vectors import VectorStore
import chromadb
"""
KILLED_AFTER = ["DataFolder.begin_change", "DocumentStore.put", "VectorStore.add", "LexicalIndex.update", "DataFolder.commit",
                "VectorStore.remove", "DocumentStore.remove"]  # fmt: skip
KILLING = """
def killing(function):
    def killed(*arguments, **options):
        function(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)
    return killed

for point in sys.argv[2:]:
    child = os.fork()
    if child == 0:
        index = PassageIndex(os.path.join(sys.argv[1], point), WordEmbedder())
        owner, method = point.split(".")
        setattr(globals()[owner], method, killing(getattr(globals()[owner], method)))
        index.add([make_document("a.txt", %r), make_document("c.txt", %r)])
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
        sys.exit(f"{point} was not reached")
"""


def make_index(folder: Path) -> Path:
    index = PassageIndex(folder, WordEmbedder(), create=True)
    index.add([make_document("a.txt", OLD), make_document("b.txt", KEPT)])
    index.close()
    return folder


def held(index: PassageIndex) -> dict[str, str]:
    """Return the text of every document, after holding that the stores have just these, each once."""
    assert index.status().is_consistent, index.status()
    assert not (index.folder / "journal.json").exists()
    for mode in (SearchMode.DENSE, SearchMode.LEXICAL):
        question = "iron bridge roses kept stone tower more words"
        found = [one.passage.text for one in index.search(question, 50, mode=mode)]
        assert sorted(found) == sorted(index.document(record.name).text for record in index.records())
    (build,) = index.folder.glob("build-*")
    assert len(list((build / "documents").iterdir())) == len(index.records())
    return {record.name: index.document(record.name).text for record in index.records()}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_index(tmp_path / "data")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of one index each, its writer killed with SIGKILL in the middle of an `add`."""
    folder = tmp_path_factory.mktemp("killed")
    whole = make_index(folder / "whole")
    for point in KILLED_AFTER:
        shutil.copytree(whole, folder / point)
    code = HEAD + KILLING % (NEW, MORE)
    root = str(Path(__file__).parent.parent)
    subprocess.run([sys.executable, "-c", code, str(folder), *KILLED_AFTER], check=True, timeout=120, cwd=root)
    return folder


@pytest.mark.parametrize("point", KILLED_AFTER)
def test_a_writer_killed_in_the_middle_leaves_the_old_or_the_new_and_never_a_mixture(killed: Path, point: str) -> None:
    assert (killed / point / "journal.json").exists()
    index = PassageIndex(killed / point, WordEmbedder())
    is_done = point in ("DataFolder.commit", "VectorStore.remove", "DocumentStore.remove")
    new = {"a.txt": NEW, "b.txt": KEPT, "c.txt": MORE}
    assert held(index) == (new if is_done else {"a.txt": OLD, "b.txt": KEPT})
    index.add([make_document("a.txt", NEW), make_document("c.txt", MORE)])
    assert held(index) == new
    index.close()


def test_a_crash_is_mended_by_a_command_without_the_model_too(killed: Path, tmp_path: Path) -> None:
    shutil.copytree(killed / "whole", tmp_path / "data")
    whole = PassageIndex(tmp_path / "data", None)
    DataFolder(tmp_path / "data").begin_change([make_document("x.txt", NEW).id])
    whole.close()
    mended = PassageIndex(tmp_path / "data", None)
    assert mended.status().is_consistent and len(mended.records()) == 2
    assert not (tmp_path / "data" / "journal.json").exists()
    mended.close()


def test_vectors_that_are_missing_are_made_again(data: Path) -> None:
    index = PassageIndex(data, WordEmbedder())
    index._vectors.clear()
    assert not index.status().is_consistent
    index.close()
    looked = PassageIndex(data, None)  # without the model it can be listed, and is left for the next start
    assert not looked.status().is_consistent and len(looked.records()) == 2
    looked.close()
    model = WordEmbedder()
    assert held(PassageIndex(data, model)) == {"a.txt": OLD, "b.txt": KEPT}
    assert sorted(model.asked) == sorted([OLD, KEPT])


def test_a_word_index_that_is_empty_or_gone_is_filled_again(data: Path) -> None:
    index = PassageIndex(data, WordEmbedder())
    index._words.clear()
    index.close()
    model = WordEmbedder()
    assert held(PassageIndex(data, model)) == {"a.txt": OLD, "b.txt": KEPT}
    (lexical,) = data.glob("build-*/lexical")
    shutil.rmtree(lexical)
    assert held(PassageIndex(data, model)) == {"a.txt": OLD, "b.txt": KEPT}
    assert model.asked == []  # the vectors were there


def test_strays_in_a_store_are_removed(data: Path) -> None:
    index = PassageIndex(data, WordEmbedder())
    other = make_index(data.parent / "other")
    stranger = PassageIndex(other, WordEmbedder())
    stranger.add([make_document("z.txt", NEW)])
    passages = stranger.passages("z.txt")
    index._vectors.add(passages, WordEmbedder().encode([NEW]), "z.txt")
    index._words.update(add=passages)
    index.close()
    assert held(PassageIndex(data, WordEmbedder())) == {"a.txt": OLD, "b.txt": KEPT}
    assert passages[0].text == NEW


# A full disk


@pytest.mark.parametrize(
    ("owner", "method"),
    [
        (DataFolder, "begin_change"),
        (DocumentStore, "put"),
        (VectorStore, "add"),
        (LexicalIndex, "update"),
        (DataFolder, "commit"),
    ],
)
def test_a_failure_in_the_middle_loses_nothing_and_the_same_program_can_go_on(
    data: Path, monkeypatch: pytest.MonkeyPatch, owner: type, method: str
) -> None:
    index = PassageIndex(data, WordEmbedder())
    new = [make_document("a.txt", NEW), make_document("c.txt", MORE)]

    def full(*arguments: object, **options: object) -> None:
        raise IndexStoreError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(owner, method, full)
        with pytest.raises(IndexStoreError, match="No space left"):
            index.add(new)
    assert [one.passage.text for one in index.search("iron bridge", documents=["a.txt"])] == [OLD]
    index.add(new)
    assert held(index) == {"a.txt": NEW, "b.txt": KEPT, "c.txt": MORE}
    index.close()


def test_a_full_disk_is_named_and_leaves_no_half_file(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = PassageIndex(data, WordEmbedder())

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("index.manifest.os.fsync", full)
        with pytest.raises(IndexStoreError) as caught:
            index.add([make_document("c.txt", MORE)])
    assert "No space left on device" in str(caught.value) and "Nothing that was stored is lost" in str(caught.value)
    assert not [path for path in data.rglob(".*.json.*")]
    index.close()
    assert held(PassageIndex(data, WordEmbedder())) == {"a.txt": OLD, "b.txt": KEPT}


# Two writers


def test_two_processes_that_add_at_once_end_with_all_of_it(data: Path) -> None:
    code = HEAD + (
        "index = PassageIndex(sys.argv[1], WordEmbedder())\n"
        "for n in range(5):\n"
        "    index.add([make_document(f'{sys.argv[2]}{n}.txt', f'Words of {sys.argv[2]} in number{n}.')])\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(data), name]) for name in ("left", "right")]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    index = PassageIndex(data, WordEmbedder())
    assert {record.name for record in index.records()} == {
        "a.txt", "b.txt", *(f"{name}{n}.txt" for name in ("left", "right") for n in range(5))
    }  # fmt: skip
    assert index.status().is_consistent and index.status().passages == 12
    index.close()


def test_an_index_that_several_processes_make_at_once_is_one(tmp_path: Path) -> None:
    """Chroma makes its tables when it is first opened, and fails where another process does so at the same moment."""
    code = HEAD + (
        "open(sys.argv[2], 'w').close()\n"
        "while len(list(__import__('pathlib').Path(sys.argv[1]).parent.glob('ready-*'))) < 4:\n    pass\n"
        "index = PassageIndex(sys.argv[1], WordEmbedder(), create=True)\n"
        "index.add([make_document(sys.argv[2][-1] + '.txt', 'Words of number' + sys.argv[2][-1] + '.')])\n"
    )
    data = tmp_path / "new"
    ready = [str(tmp_path / f"ready-{number}") for number in range(4)]
    makers = [
        subprocess.Popen([sys.executable, "-c", code, str(data), one], stderr=subprocess.PIPE, text=True) for one in ready
    ]
    ended = [(maker.communicate(timeout=120)[1], maker.returncode) for maker in makers]
    assert ended == [("", 0)] * 4
    index = PassageIndex(data, WordEmbedder())
    assert {record.name for record in index.records()} == {f"{number}.txt" for number in range(4)}
    assert index.status().is_consistent and len(list(data.glob("build-*"))) == 1
    index.close()


def test_threads_of_one_index_may_add_and_search_at_once(data: Path) -> None:
    index = PassageIndex(data, WordEmbedder())
    failures: list[Exception] = []

    def work(name: str) -> None:
        try:
            index.add([make_document(name, f"Words of {name}.")])
            assert index.search(f"words of {name}", documents=[name])
        except Exception as error:  # noqa: BLE001 - a thread's failure would be lost
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"t{n}.txt",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert index.status().is_consistent and len(index.records()) == 6
    index.close()


def test_while_another_writes_the_index_is_in_use_and_can_be_searched(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = PassageIndex(data, WordEmbedder())
    monkeypatch.setattr(PassageIndex._writing.__wrapped__, "__defaults__", (0.2,))  # type: ignore[attr-defined]
    with DataFolder(data).writing():
        with pytest.raises(IndexBusyError, match="is in use: another process has been writing") as caught:
            index.add([make_document("c.txt", MORE)])
        assert str(data) in str(caught.value) and "nothing was changed" in str(caught.value)
        with pytest.raises(IndexBusyError):
            index.remove(["a.txt"])
        assert [one.passage.text for one in index.search("iron bridge")][0] == OLD
        DataFolder(data).begin_change(["whatever"])
        PassageIndex(data, WordEmbedder()).close()  # opens: what is under way is not taken for a crash
        assert (data / "journal.json").exists()
    assert index.add([make_document("c.txt", MORE)]).added == ("c.txt",)
    index.close()


# Rebuilding


def test_a_rebuild_serves_another_model_and_keeps_the_texts(data: Path) -> None:
    opened = PassageIndex(data, WordEmbedder())
    (old,) = data.glob("build-*")
    status = rebuild(data, WordEmbedder("other", "fake:other"))
    assert (status.documents, status.embedder, status.is_consistent) == (2, "other", True)
    index = PassageIndex(data, WordEmbedder("other", "fake:other"))
    assert held(index) == {"a.txt": OLD, "b.txt": KEPT}
    assert not old.exists() and len(list(data.glob("build-*"))) == 1
    with pytest.raises(IndexStoreError, match="other"):
        opened.search("bridge")  # vectors of its model are no longer there
    index.close()


def test_a_rebuild_that_stops_leaves_the_old_index_in_use(data: Path) -> None:
    class Stopped(WordEmbedder):
        def encode(self, texts, *, query=False):  # type: ignore[no-untyped-def]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(data, Stopped("other", "fake:other"))
    assert held(PassageIndex(data, WordEmbedder())) == {"a.txt": OLD, "b.txt": KEPT}
    assert not list(data.glob(".rebuild-*"))


def test_a_rebuild_that_is_killed_leaves_the_old_index_and_the_next_one_clears_up(data: Path) -> None:
    code = HEAD + (
        "from index.rebuild import rebuild\n"
        "LexicalIndex.update = lambda *a, **o: os.kill(os.getpid(), signal.SIGKILL)\n"
        "rebuild(sys.argv[1], WordEmbedder('other', 'fake:other'))\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(data)], timeout=120).returncode == -9
    assert list(data.glob(".rebuild-*"))
    assert held(PassageIndex(data, WordEmbedder())) == {"a.txt": OLD, "b.txt": KEPT}
    rebuild(data, WordEmbedder("other", "fake:other"))
    assert not list(data.glob(".rebuild-*")) and len(list(data.glob("build-*"))) == 1
    assert json.loads((data / "manifest.json").read_text())["embedder"] == "other"
