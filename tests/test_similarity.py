"""The similarity reader, with an embedder that counts words and frequencies written down by hand."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from conftest import WordEmbedder
from scripted import found

import assistant.reader.nearness as nearness
from assistant.reader.protocol import SentenceWeights
from assistant.reader.similarity import UNFITTED, SimilarityReader
from index import Retrieved
from index.lexical import content_stems

COSINE, SENTENCE_WORDS, HEADING_WORDS, PASSAGE_COSINE, PASSAGE_WORDS = range(5)


class Counts:
    """Says in how many of ten passages a stem stands: in one, if it was not told otherwise."""

    def __init__(self, **holding: int) -> None:
        self.holding = holding

    def word_frequency(self, stem: str) -> tuple[int, int]:
        return self.holding.get(stem, 1), 10


@pytest.fixture
def bees() -> Retrieved:
    return found("bees.txt", "queen hive", "queen wax comb", heading="bees", cosine=0.25)[1]


def reader_of(embedder: WordEmbedder, *, counts: Counts | None = None, weights: SentenceWeights = UNFITTED) -> SimilarityReader:
    return SimilarityReader(embedder, counts or Counts(), weights)


def test_the_cosine_is_that_of_the_question_and_the_sentence_under_its_heading(
    word_embedder: WordEmbedder, bees: Retrieved
) -> None:
    (features,) = reader_of(word_embedder).features("queen hive", [bees])
    # "bees: queen hive" has three words, two of them the question's; "bees: queen wax comb" has four, and one of them.
    assert features[:, COSINE] == pytest.approx([2 / math.sqrt(2 * 3), 1 / math.sqrt(2 * 4)])
    assert features.shape == (2, 5)
    assert word_embedder.asked == ["bees: queen hive", "bees: queen wax comb"]
    assert word_embedder.queries == ["queen hive"]


def test_words_count_by_how_rare_they_are(word_embedder: WordEmbedder, bees: Retrieved) -> None:
    reader = reader_of(word_embedder, counts=Counts(queen=9, wax=1))
    (features,) = reader.features("queen wax", [bees])
    queen, wax = math.log(1 + 1.5 / 9.5), math.log(1 + 9.5 / 1.5)
    assert features[:, SENTENCE_WORDS] == pytest.approx([queen / (queen + wax), 1.0])
    assert features[0, SENTENCE_WORDS] < 0.1


def test_a_word_of_the_heading_counts_for_every_sentence_below_it(word_embedder: WordEmbedder, bees: Retrieved) -> None:
    (features,) = reader_of(word_embedder).features("bees wax", [bees])
    assert features[:, SENTENCE_WORDS] == pytest.approx([0.0, 0.5])
    assert features[:, HEADING_WORDS] == pytest.approx([0.5, 1.0])
    assert features[:, PASSAGE_WORDS] == pytest.approx([1.0, 1.0])


def test_the_passages_own_cosine_is_the_one_it_was_found_with(word_embedder: WordEmbedder, bees: Retrieved) -> None:
    (features,) = reader_of(word_embedder).features("queen hive", [bees])
    assert features[:, PASSAGE_COSINE].tolist() == [0.25, 0.25]
    by_words = Retrieved(bees.passage, bees.document, bees.score, 1, {"lexical": 3.0})
    (features,) = reader_of(word_embedder).features("queen hive", [by_words])
    assert features[:, PASSAGE_COSINE] == pytest.approx([features[:, COSINE].max()] * 2)


def test_a_score_is_the_weighted_sum_and_a_passage_is_as_good_as_its_best_sentence(
    word_embedder: WordEmbedder, bees: Retrieved
) -> None:
    reader = reader_of(word_embedder, weights=SentenceWeights((0.0, 4.0, 0.0, 2.0, 1.0), -3.0))
    (reading,) = reader.read("wax", [bees])
    # 4·0 + 2·0.25 + 1·1 - 3 and 4·1 + 2·0.25 + 1·1 - 3
    assert reading.sentences == pytest.approx((-1.5, 2.5))
    assert reading.answers == pytest.approx(2.5)
    assert reading.span is None


def test_words_are_compared_by_their_stems(word_embedder: WordEmbedder) -> None:
    item = found("bees.txt", "Vaccines are used.", "Nothing is known.")[1]
    (features,) = reader_of(word_embedder).features("What is a vaccine?", [item])
    assert content_stems("What is a vaccine?") == content_stems("vaccines")
    assert features[:, SENTENCE_WORDS].tolist() == [1.0, 0.0]


def test_one_reading_comes_back_for_each_passage_in_their_order(word_embedder: WordEmbedder) -> None:
    items = [found(f"{word}.txt", word, f"{word} {word}")[1] for word in ("hive", "nest", "web")]
    weights = SentenceWeights((1.0, 0.0, 0.0, 0.0, 0.0), 0.0)
    readings = reader_of(word_embedder, weights=weights).read("nest", items)
    assert [round(reading.answers, 3) for reading in readings] == [0.0, 1.0, 0.0]
    assert [len(reading.sentences) for reading in readings] == [2, 2, 2]


def test_a_passage_without_sentences_answers_nothing(word_embedder: WordEmbedder, bees: Retrieved) -> None:
    bare = found("bare.txt")[1]
    readings = reader_of(word_embedder).read("queen", [bare, bees])
    assert (readings[0].answers, readings[0].sentences) == (-math.inf, ())
    assert len(readings[1].sentences) == 2


def test_nothing_found_is_nothing_read_and_nothing_embedded(word_embedder: WordEmbedder) -> None:
    assert reader_of(word_embedder).read("queen", []) == []
    assert word_embedder.asked == word_embedder.queries == []


def test_a_sentence_is_embedded_once_however_often_it_is_read(word_embedder: WordEmbedder, bees: Retrieved) -> None:
    reader = reader_of(word_embedder)
    first = reader.read("queen", [bees])
    again = reader.read("queen", [bees, found("ants.txt", "ant nest")[1]])
    assert again[0] == first[0]
    assert word_embedder.asked == ["bees: queen hive", "bees: queen wax comb", "ant nest"]


@pytest.fixture
def small_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(nearness, "_KEPT", 2)
    yield 2


def test_what_was_read_least_recently_is_forgotten_first(word_embedder: WordEmbedder, small_memory: int) -> None:
    reader = reader_of(word_embedder)
    hive, nest, web = (found(f"{word}.txt", word)[1] for word in ("hive", "nest", "web"))
    for items in ([hive], [nest], [hive], [web], [hive], [nest]):
        reader.read("queen", items)
    assert word_embedder.asked == ["hive", "nest", "web", "nest"]
    assert small_memory == 2


def test_a_passage_that_is_about_to_be_forgotten_can_still_be_read(word_embedder: WordEmbedder, small_memory: int) -> None:
    reader = reader_of(word_embedder)
    items = [found(f"{word}.txt", word)[1] for word in ("hive", "nest", "web", "comb", "wax")]
    alone = [SimilarityReader(WordEmbedder(), Counts()).read("web", [item])[0] for item in items]
    reader.read("queen", items[:small_memory])
    assert reader.read("web", items) == alone
    assert reader.read("web", items[::-1]) == alone[::-1]


def test_threads_that_share_a_reader_with_little_memory_read_the_same(word_embedder: WordEmbedder, small_memory: int) -> None:
    reader = reader_of(word_embedder)
    items = [found(f"{number}.txt", f"word{number}")[1] for number in range(12)]
    expected = reader.read("word3", items)
    seen: list[bool] = []

    def read() -> None:
        for first in range(12):
            seen.append(reader.read("word3", items[first:] + items[:first]) == expected[first:] + expected[:first])

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(seen) == 48
    assert all(seen)


def test_the_real_model_finds_the_sentence_that_says_it_in_other_words(embedder: object, bees: Retrieved) -> None:
    item = found("a.txt", "The physician prescribed an antibiotic.", "The train left at noon.")[1]
    reader = SimilarityReader(embedder, Counts(), SentenceWeights((1.0, 0.0, 0.0, 0.0, 0.0), 0.0))
    (reading,) = reader.read("Which medicine did the doctor give?", [item])
    assert int(np.argmax(reading.sentences)) == 0
    assert reading.sentences[0] > reading.sentences[1] + 0.2
