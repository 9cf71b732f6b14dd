"""The word index: stems, stop words, BM25 with headings, scopes; and how words and vectors are joined."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import Passage
from corpus.errors import IndexStoreError
from index.fusion import LEXICAL_WEIGHT, fuse
from index.lexical import STOP_WORDS, LexicalIndex, content_stems, stems


def passage(key: str, text: str, heading: str = "") -> Passage:
    document_id, start = key.split(":")
    end = int(start) + len(text)
    return Passage(f"{key}-{end}", document_id, int(start), end, heading, text)


@pytest.fixture
def words(tmp_path: Path) -> LexicalIndex:
    index = LexicalIndex(tmp_path / "lexical")
    index.update(
        [
            passage("a:0", "The iron bridge crosses the river."),
            passage("a:100", "Bridges of stone are old, bridges of iron are new."),
            passage("b:0", "Roses grow in the garden.", "Bridge gardens"),
            passage("c:0", "Nothing to see."),
        ]
    )
    return index


def keys(found: list[tuple[str, float]]) -> list[str]:
    return [key.split("-")[0] for key, _ in found]


def test_words_are_lowered_folded_and_stemmed() -> None:
    assert stems("Therapies, THERAPY naïve Größe") == ["therapi", "therapi", "naiv", "gross"]
    assert stems("") == stems("?!") == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the role of stem cells?", ["role", "stem", "cell"]),
        ("stem stems STEM", ["stem"]),
        ("What is it?", ["what", "is", "it"]),  # nothing but such words: all of them
        ("", []),
    ],
)
def test_the_words_of_a_question_are_those_that_carry_its_subject(question: str, expected: list[str]) -> None:
    assert content_stems(question) == expected
    assert all(word == word.lower() for word in STOP_WORDS)


def test_passages_with_the_words_are_found_best_first(words: LexicalIndex) -> None:
    found = words.search(content_stems("iron bridges"), 10)
    assert set(keys(found)) == {"a:0", "a:100", "b:0"}
    assert keys(found)[-1] == "b:0"  # only its heading has one of the words
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_a_rare_word_counts_for_more_than_a_common_one(words: LexicalIndex) -> None:
    common, rare = words.search(["bridg"], 10), words.search(["stone"], 10)
    assert keys(rare) == ["a:100"]
    assert rare[0][1] > dict(common)[rare[0][0]]


def test_a_scope_keeps_the_scores_and_leaves_out_the_rest(words: LexicalIndex) -> None:
    everywhere = dict(words.search(["bridg"], 10))
    scoped = words.search(["bridg"], 10, ["b"])
    assert keys(scoped) == ["b:0"]
    assert scoped[0][1] == pytest.approx(everywhere[scoped[0][0]], abs=1e-6)
    assert words.search(["bridg"], 10, []) == words.search([], 10) == []


def test_no_more_than_asked_for_are_returned(words: LexicalIndex) -> None:
    assert keys(words.search(["bridg", "iron"], 1)) == keys(words.search(["bridg", "iron"], 10))[:1]
    assert len(words.search(["bridg"], 2)) == 2


def test_removing_a_document_removes_its_passages(words: LexicalIndex) -> None:
    assert (words.count(), words.frequency("bridg")) == (4, 2)
    words.update(remove=["a"])
    assert words.count() == 2
    assert keys(words.search(["bridg"], 10)) == ["b:0"]


def test_one_commit_removes_before_it_adds(words: LexicalIndex) -> None:
    words.update([passage("a:0", "A new tower.")], remove=["a"])
    assert keys(words.search(["tower"], 10)) == ["a:0"]
    assert words.count() == 3


def test_another_opening_sees_what_was_stored_and_clearing_empties_it(words: LexicalIndex, tmp_path: Path) -> None:
    other = LexicalIndex(tmp_path / "lexical")
    assert other.search(["iron"], 10) == words.search(["iron"], 10) != []
    words.clear()
    other.reopen()
    assert other.count() == words.count() == 0


def test_the_syntax_of_a_query_language_means_nothing(words: LexicalIndex) -> None:
    assert keys(words.search(content_stems('text:iron AND NOT "bridge"~2 [* TO *]'), 10))[0] in ("a:0", "a:100")
    assert words.search(["*"], 10) == []


def test_an_index_with_other_fields_is_refused(tmp_path: Path) -> None:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("title", stored=True)
    (tmp_path / "other").mkdir()
    tantivy.Index(builder.build(), path=str(tmp_path / "other"))
    with pytest.raises(IndexStoreError) as caught:
        LexicalIndex(tmp_path / "other")
    assert str(tmp_path / "other") in str(caught.value) and "cannot be opened" in str(caught.value)


# Joined with the vectors


def test_a_score_is_the_cosine_and_a_part_of_bm25() -> None:
    assert fuse({"a": 0.5, "b": 0.4}, {"b": 10.0, "c": 20.0}) == [
        ("b", pytest.approx(0.4 + 10 * LEXICAL_WEIGHT)),
        ("c", pytest.approx(20 * LEXICAL_WEIGHT)),
        ("a", 0.5),
    ]
    assert fuse({}, {}) == []


def test_ties_are_in_the_order_of_the_ids_whatever_the_order_they_come_in() -> None:
    assert [key for key, _ in fuse({"b": 0.5, "a": 0.5}, {})] == ["a", "b"]
    assert fuse({"b": 0.5, "a": 0.5, "c": 0.1}, {}) == fuse({"c": 0.1, "a": 0.5, "b": 0.5}, {})
