"""The index: what adding, changing, removing and searching do, with real Chroma and tantivy."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import WordEmbedder

from corpus import Document, load_document, make_document, split_passages
from corpus.errors import ScopeError
from index import PassageIndex, SearchMode
from index.lexical import stems

BRIDGES = "The iron bridge crosses the northern river.\n\nCarts and horses use it every day."
GARDENS = "Roses grow in the walled garden.\n\nThe gardener waters them at dawn."


@pytest.fixture
def index(tmp_path: Path, word_embedder: WordEmbedder) -> Iterator[PassageIndex]:
    opened = PassageIndex(tmp_path / "data", word_embedder, create=True)
    yield opened
    opened.close()


def texts(index: PassageIndex, question: str, **options: object) -> list[str]:
    return [found.passage.text for found in index.search(question, **options)]  # type: ignore[arg-type]


def check_whole(index: PassageIndex) -> None:
    """Hold that all three stores have exactly the passages of the listed documents."""
    status = index.status()
    assert status.is_consistent, status
    assert status.passages == sum(len(index.passages(record.name)) for record in index.records())
    assert not (index.folder / "journal.json").exists()


# Adding


def test_others_search_while_a_document_is_embedded(tmp_path: Path) -> None:
    started, may_go_on = threading.Event(), threading.Event()

    class Slow(WordEmbedder):
        def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
            if not query and any("garden" in text for text in texts):
                started.set()
                assert may_go_on.wait(30)
            return super().encode(texts, query=query)

    index = PassageIndex(tmp_path / "data", Slow(), create=True)
    index.add([make_document("bridges.txt", BRIDGES)])
    adding = threading.Thread(target=index.add, args=([make_document("gardens.txt", GARDENS)],))
    adding.start()
    try:
        assert started.wait(30)
        found: list[str] = []
        search = threading.Thread(target=lambda: found.extend(texts(index, "iron bridge")))
        search.start()
        search.join(10)
        assert found and [record.name for record in index.records()] == ["bridges.txt"]
    finally:
        may_go_on.set()
        adding.join(30)
    assert [record.name for record in index.records()] == ["bridges.txt", "gardens.txt"]
    check_whole(index)
    index.close()


def test_what_was_added_is_found_with_its_place_and_its_signals(index: PassageIndex) -> None:
    bridges = make_document("bridges.txt", BRIDGES)
    assert index.add([bridges, make_document("gardens.txt", GARDENS)]).added == ("bridges.txt", "gardens.txt")
    best = index.search("Where is the iron bridge?")[0]
    assert (best.document, best.rank) == ("bridges.txt", 1)
    assert bridges.text[best.passage.start : best.passage.end] == best.passage.text
    assert 0 < best.signals["dense"] <= 1 and best.signals["lexical"] > 0
    check_whole(index)


def test_adding_the_same_again_embeds_nothing_and_changes_nothing(index: PassageIndex, word_embedder: WordEmbedder) -> None:
    document = make_document("bridges.txt", BRIDGES)
    index.add([document])
    before, generation, asked = index.records(), index.status().generation, len(word_embedder.asked)
    report = index.add([document])
    assert report.unchanged == ("bridges.txt",) and not report.added + report.changed
    assert len(word_embedder.asked) == asked
    assert (index.records(), index.status().generation) == (before, generation)


def test_the_heading_path_is_embedded_and_is_no_part_of_the_text(index: PassageIndex, word_embedder: WordEmbedder) -> None:
    index.add([make_document("guide.md", "# Guide\n\n## Setup\n\nRun it.\n", media_type="text/markdown")])
    assert word_embedder.asked == [f"Guide › Setup: {index.passages('guide.md')[0].text}"]
    assert "›" not in index.passages("guide.md")[0].text


def test_a_changed_file_leaves_no_stale_passage(index: PassageIndex) -> None:
    index.add([make_document("a.txt", BRIDGES), make_document("b.txt", GARDENS)])
    report = index.add([make_document("a.txt", "A stone tower stands by the sea.")])
    assert report.changed == ("a.txt",)
    assert texts(index, "iron bridge northern river", documents=["a.txt"]) == ["A stone tower stands by the sea."]
    assert texts(index, "iron bridge", mode=SearchMode.LEXICAL) == []
    check_whole(index)


def test_a_shorter_file_leaves_no_stale_passage(index: PassageIndex) -> None:
    sentence = "The committee of the northern district met on a long evening and spoke about bridge number {}."
    index.add([make_document("a.txt", " ".join(sentence.format(n) for n in range(60)))])
    many = index.status().passages
    index.add([make_document("a.txt", sentence.format(1))])
    assert many > 3 and index.status().passages == 1
    assert texts(index, "committee", count=20) == [sentence.format(1)]
    check_whole(index)


def test_a_file_that_moved_is_renamed(index: PassageIndex, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text(BRIDGES)
    old = load_document(tmp_path / "old.txt")
    index.add([old], sources={old.id: str(tmp_path / "old.txt")})
    (tmp_path / "old.txt").rename(tmp_path / "new.txt")
    new = load_document(tmp_path / "new.txt")
    report = index.add([new], sources={new.id: str(tmp_path / "new.txt")})
    assert report.renamed == (("old.txt", "new.txt"),)
    assert [record.name for record in index.records()] == ["new.txt"]
    check_whole(index)


def test_a_copy_is_a_second_document_and_its_passages_are_found_once(index: PassageIndex, tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(BRIDGES)
        document = load_document(tmp_path / name)
        index.add([document], sources={document.id: str(tmp_path / name)})
    assert [record.name for record in index.records()] == ["one.txt", "two.txt"]
    assert len(texts(index, "iron bridge")) == index.status().passages // 2
    assert texts(index, "iron bridge", documents=["two.txt"])
    check_whole(index)


def test_of_two_documents_of_one_name_the_last_is_kept(index: PassageIndex) -> None:
    report = index.add([make_document("a.txt", BRIDGES), make_document("a.txt", GARDENS)])
    assert report.added == ("a.txt",)
    assert index.document("a.txt").text == GARDENS
    check_whole(index)


def test_progress_is_told_of_the_beginning_and_the_end(index: PassageIndex) -> None:
    told: list[tuple[int, int, str]] = []
    index.add([make_document("a.txt", BRIDGES), make_document("b.txt", GARDENS)], progress=lambda *step: told.append(step))
    assert told[0] == (0, 2, "a.txt")
    assert told[-1] == (2, 2, "")


def test_texts_come_back_exactly_as_they_were(index: PassageIndex) -> None:
    text = "Line one.\r\nLine \x00 two\u2028 with 😀 and e\u0301.\rLine three.\n"
    document = make_document("odd.txt", text)
    index.add([document])
    reopened = PassageIndex(index.folder, None)
    assert reopened.document("odd.txt") == document
    assert reopened.passages("odd.txt") == split_passages(document)
    reopened.close()


# Removing


def test_removing_a_document_removes_all_of_it_and_nothing_else(index: PassageIndex) -> None:
    index.add([make_document("a.txt", BRIDGES), make_document("b.txt", GARDENS)])
    index.remove(["a.txt"])
    assert [record.name for record in index.records()] == ["b.txt"]
    assert index.search("iron bridge", mode=SearchMode.LEXICAL) == []
    assert {found.document for found in index.search("iron bridge")} == {"b.txt"}
    check_whole(index)


def test_of_several_names_with_a_wrong_one_none_is_removed(index: PassageIndex) -> None:
    index.add([make_document("a.txt", BRIDGES)])
    with pytest.raises(ScopeError, match="no document called 'c.txt'"):
        index.remove(["a.txt", "c.txt"])
    assert [record.name for record in index.records()] == ["a.txt"]
    check_whole(index)


# Searching


def test_a_scope_is_honoured_inside_the_search_and_not_after_it(index: PassageIndex) -> None:
    bridge = "# Bridge {0}\n\nThe iron bridge number {0} crosses the northern river.\n\n"
    pages = ["".join(bridge.format(n) for n in range(first, first + 50)) for first in range(0, 300, 50)]
    others = [make_document(f"bridge{n}.md", page, media_type="text/markdown") for n, page in enumerate(pages)]
    index.add([*others, make_document("far.txt", "Roses grow by one bridge.")])
    assert all(found.document != "far.txt" for found in index.search("iron bridge northern river", 100))
    for mode in SearchMode:
        assert texts(index, "iron bridge northern river", documents=["far.txt"], mode=mode) == ["Roses grow by one bridge."]
    two = index.search("iron bridge", 100, documents=["bridge3.md", "far.txt", "far.txt"])
    assert {found.document for found in two} == {"bridge3.md", "far.txt"} and index.status().passages == 301
    assert index.search("iron bridge", documents=[]) == []


def test_an_unknown_scope_is_refused_with_a_suggestion(index: PassageIndex) -> None:
    index.add([make_document("immunotherapy.txt", BRIDGES)])
    with pytest.raises(ScopeError) as near:
        index.search("bridge", documents=["imunotherapy.txt"])
    assert "'imunotherapy.txt'. Did you mean immunotherapy.txt?" in str(near.value)
    with pytest.raises(ScopeError) as far:
        index.search("bridge", documents=["zzz"])
    assert "It holds: immunotherapy.txt." in str(far.value) and "python -m index list" in str(far.value)


def test_each_mode_uses_its_own_signals(index: PassageIndex) -> None:
    index.add([make_document("a.txt", BRIDGES), make_document("b.txt", GARDENS)])
    dense = index.search("bridges", mode=SearchMode.DENSE)
    assert {tuple(found.signals) for found in dense} == {("dense",)} and len(dense) == 2
    (lexical,) = index.search("bridges", mode=SearchMode.LEXICAL)  # stemmed: "bridge" stands in the text
    assert tuple(lexical.signals) == ("lexical",) and lexical.document == "a.txt"
    both = index.search("iron bridge")
    assert set(both[0].signals) == {"dense", "lexical"}
    assert both[0].score > both[1].score and [found.rank for found in both] == [1, 2]


def test_the_cosine_is_the_one_computed_by_hand(index: PassageIndex) -> None:
    index.add([make_document("a.txt", "Roses grow.")])
    (found,) = index.search("roses bloom", mode=SearchMode.DENSE)
    assert found.signals["dense"] == pytest.approx(0.5, abs=1e-5)  # one of two words shared: 1 / (√2 · √2)
    assert found.score == found.signals["dense"]


def test_a_search_asks_the_model_once_and_not_at_all_for_words(index: PassageIndex, word_embedder: WordEmbedder) -> None:
    index.add([make_document("a.txt", BRIDGES)])
    index.search("iron bridge", mode=SearchMode.LEXICAL)
    assert word_embedder.queries == []
    index.search("iron bridge")
    assert word_embedder.queries == ["iron bridge"]


@pytest.mark.parametrize("question", ["", "???", "the of and", 'AND OR (" text:* ~2 \\', "\x00\x1b", "😀", "x" * 5000])
def test_any_question_can_be_searched(index: PassageIndex, question: str) -> None:
    index.add([make_document("a.txt", BRIDGES)])
    for mode in SearchMode:
        found = index.search(question, mode=mode)
        assert len(found) <= 1 and all(one.document == "a.txt" for one in found)


def test_an_empty_index_finds_nothing(index: PassageIndex) -> None:
    assert index.search("anything") == []
    assert index.records() == ()
    assert index.word_frequency("bridg") == (0, 0)


def test_it_knows_how_common_a_word_is(index: PassageIndex) -> None:
    index.add([make_document("a.txt", BRIDGES), make_document("b.txt", GARDENS)])
    assert index.word_frequency(stems("bridges")[0]) == (1, index.status().passages)
    assert index.word_frequency("tower")[0] == 0


# Other processes


def in_another_process(index: PassageIndex, code: str) -> str:
    script = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from conftest import WordEmbedder\nfrom corpus import make_document\nfrom index import PassageIndex\n"
        f"index = PassageIndex({str(index.folder)!r}, WordEmbedder())\n{code}"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_new_process_finds_the_same(index: PassageIndex) -> None:
    index.add([make_document("a.txt", BRIDGES), make_document("b.txt", GARDENS)])
    here = [(found.passage.id, round(found.score, 6)) for found in index.search("iron bridge at dawn")]
    there = in_another_process(index, "print([(f.passage.id, round(f.score, 6)) for f in index.search('iron bridge at dawn')])")
    assert there.strip() == str(here)
    assert len(here) == 2


def test_an_open_index_sees_what_another_process_adds_and_removes(index: PassageIndex) -> None:
    index.add([make_document("a.txt", BRIDGES)])
    assert len(index.search("roses")) == 1
    in_another_process(index, f"index.add([make_document('b.txt', {GARDENS!r})]); index.remove(['a.txt'])")
    assert [found.document for found in index.search("roses garden")] == ["b.txt"]
    assert [record.name for record in index.records()] == ["b.txt"]
    check_whole(index)


def test_an_index_that_is_removed_while_open_says_so(index: PassageIndex) -> None:
    index.add([make_document("a.txt", BRIDGES)])
    shutil.rmtree(index.folder)
    with pytest.raises(Exception, match="has been removed. Add the documents again") as caught:
        index.search("bridge")
    assert str(index.folder) in str(caught.value)


# The article, with the real model


@pytest.mark.parametrize("mode", SearchMode)
def test_the_article_is_searched_in_every_mode(article_index: PassageIndex, article: Document, mode: SearchMode) -> None:
    best = article_index.search("What can stem cells differentiate into?", 3, mode=mode)
    assert "Stem cell transplantation" in best[0].passage.text
    assert all(article.text[f.passage.start : f.passage.end] == f.passage.text for f in best) and len(best) == 3
