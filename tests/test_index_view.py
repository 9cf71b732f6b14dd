"""What one person sees of an index: the shared documents and their own, never those of others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import WordEmbedder

from corpus import make_document
from corpus.errors import ScopeError
from index import IndexView, PassageIndex, SearchMode
from index.rebuild import rebuild

BRIDGES = "The iron bridge crosses the northern river."
GARDENS = "Roses grow in the walled garden."
TOWERS = "A stone tower stands by the zwarg sea."


@pytest.fixture
def index(tmp_path: Path, word_embedder: WordEmbedder) -> Iterator[PassageIndex]:
    opened = PassageIndex(tmp_path / "data", word_embedder, create=True)
    opened.add([make_document("bridges.txt", BRIDGES)])
    yield opened
    opened.close()


@pytest.fixture
def ada(index: PassageIndex) -> IndexView:
    return IndexView(index, "ada")


@pytest.fixture
def bob(index: PassageIndex) -> IndexView:
    return IndexView(index, "bob")


def names(library: PassageIndex | IndexView) -> list[str]:
    return [record.name for record in library.records()]


def found(library: PassageIndex | IndexView, question: str, **options: object) -> list[str]:
    return [one.passage.text for one in library.search(question, **options)]  # type: ignore[arg-type]


def test_what_a_person_adds_only_they_see_find_and_read(index: PassageIndex, ada: IndexView, bob: IndexView) -> None:
    ada.add([make_document("towers.txt", TOWERS)])
    assert names(ada) == ["bridges.txt", "towers.txt"] and [record.name for record in ada.own()] == ["towers.txt"]
    assert ada.document("towers.txt").text == TOWERS and [one.text for one in ada.passages("towers.txt")] == [TOWERS]
    for mode in SearchMode:
        assert TOWERS in found(ada, "stone tower sea", mode=mode)
    assert "zwarg" in ada.vocabulary()
    for other in (bob, index):
        assert names(other) == ["bridges.txt"]
        for mode in SearchMode:
            assert TOWERS not in found(other, "stone tower sea", mode=mode)
        assert "zwarg" not in other.vocabulary()
        with pytest.raises(ScopeError, match="no document called 'towers.txt'"):
            other.document("towers.txt")
        with pytest.raises(ScopeError):
            other.passages("towers.txt")
        with pytest.raises(ScopeError):
            found(other, "tower", documents=["towers.txt"])


def test_the_same_file_may_be_two_peoples_and_each_removes_their_own(
    index: PassageIndex, ada: IndexView, bob: IndexView
) -> None:
    for person in (ada, bob):
        assert person.add([make_document("towers.txt", TOWERS)]).added == ("towers.txt",)
    assert ada.document("towers.txt").id != bob.document("towers.txt").id
    ada.remove(["towers.txt"])
    assert names(ada) == ["bridges.txt"] and names(bob) == ["bridges.txt", "towers.txt"]
    assert found(bob, "stone tower", count=1) == [TOWERS] and TOWERS not in found(ada, "stone tower")
    assert index.status().is_consistent


def test_what_is_shared_or_anothers_cannot_be_removed_by_a_person(index: PassageIndex, ada: IndexView, bob: IndexView) -> None:
    bob.add([make_document("towers.txt", TOWERS)])
    for name in ("bridges.txt", "towers.txt"):
        with pytest.raises(ScopeError):
            ada.remove([name])
    with pytest.raises(ScopeError):
        index.remove(["towers.txt"])
    assert names(bob) == ["bridges.txt", "towers.txt"]


def test_ones_own_document_stands_in_the_place_of_a_shared_one_of_its_name(
    index: PassageIndex, ada: IndexView, bob: IndexView
) -> None:
    assert ada.add([make_document("bridges.txt", GARDENS)]).added == ("bridges.txt",)
    assert names(ada) == ["bridges.txt"] and ada.document("bridges.txt").text == GARDENS
    assert BRIDGES not in found(ada, "iron bridge river") and found(bob, "iron bridge river") == [BRIDGES]
    assert index.document("bridges.txt").text == BRIDGES
    ada.add([make_document("bridges.txt", TOWERS)])
    assert ada.document("bridges.txt").text == TOWERS and index.status().documents == 2
    ada.remove(["bridges.txt"])
    assert ada.document("bridges.txt").text == BRIDGES


def test_owners_survive_a_new_start_and_a_rebuild(
    index: PassageIndex, ada: IndexView, word_embedder: WordEmbedder, tmp_path: Path
) -> None:
    ada.add([make_document("bridges.txt", TOWERS)])
    kept = ada.document("bridges.txt").id
    rebuild(tmp_path / "data", word_embedder)
    again = PassageIndex(tmp_path / "data", word_embedder)
    view = IndexView(again, "ada")
    assert view.document("bridges.txt").id == kept and view.document("bridges.txt").text == TOWERS
    assert again.document("bridges.txt").text == BRIDGES and names(again) == ["bridges.txt"]
    again.close()


def test_an_owner_without_a_key_is_refused(index: PassageIndex) -> None:
    with pytest.raises(ValueError, match="owner's key is expected"):
        IndexView(index, "")
