"""The readers that are set by name: the shipped one with its weights, a cross-encoder from a folder, and none."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scripted import found
from sklearn.metrics import roc_auc_score

from assistant import Outcome, build_chain
from assistant.reader import joint
from assistant.reader.choice import UNCALIBRATED, calibrated_reader, make_reader
from assistant.reader.cross_encoder import CrossEncoderReader
from assistant.reader.joint import JointReader, context
from assistant.reader.nearness import Nearness
from assistant.reader.network import LOWEST, OnnxNetwork, Scores, padded
from assistant.reader.none import NoReader
from assistant.reader.pairs import EncodedPair, PairEncoder
from assistant.reader.protocol import PassageFeatures, SentenceWeights
from assistant.reader.spoken import Spoken
from assistant.reader.trained import WEIGHTS_FOLDER, ReaderConfig, TrainedReader, read_config
from corpus.errors import ModelError
from corpus.tokens import packaged_model_folder
from index import Embedder, PassageIndex, SentenceTransformerEmbeddings

SAMPLE = Path(__file__).parent / "data" / "reader_sample.jsonl"
OTTER = ("The otter swims.", "It was described by Ada Brandt in 1801.", "Otters sleep.")


class Counts:
    def word_frequency(self, stem: str) -> tuple[int, int]:
        return 1, 10


class ScriptedNetwork:
    """Gives each pair an answerable logit of its length less `less`, and as evidence, answer and doubt the token of `word`."""

    def __init__(self, word: str, less: float = 0.0) -> None:
        self.word = word
        self.less = less
        self.batches: list[list[int]] = []
        self._encoder = PairEncoder(packaged_model_folder(), 256)

    def scores(self, pairs: list[EncodedPair]) -> Scores:
        self.batches.append([len(pair.ids) for pair in pairs])
        wanted = self._encoder.encode(self.word, "", "").ids[1]
        batch = padded(pairs)
        hit = (batch.ids == wanted) & (batch.inside == 1)
        asked = (batch.mask == 1) & (batch.kinds == 0)
        doubt = np.where(asked, np.where(batch.ids == wanted, 2.0, -2.0), LOWEST)
        evidence = np.where(batch.inside == 1, np.where(hit, 3.0, -1.0), LOWEST)
        ends = np.where(hit, 2.0, np.where(batch.inside == 1, 0.0, LOWEST))
        ends[:, 0] = 0.5
        return Scores(np.array([len(pair.ids) - self.less for pair in pairs]), evidence, ends, ends, doubt)


@pytest.fixture(scope="module")
def shipped() -> TrainedReader:
    return TrainedReader.load()


# The passage as tokens


def test_tokens_know_their_place_in_the_text_and_the_heading_is_not_in_it() -> None:
    pair = PairEncoder(packaged_model_folder(), 64).encode("Who swims?", "Otter", "The otter swims.")
    inside = [span for span, ok in zip(pair.spans, pair.inside, strict=True) if ok]
    assert ["The otter swims."[start:end] for start, end in inside] == ["The", "otter", "swim", "s", "."]
    asked = [span for span, ok in zip(pair.spans, pair.asked, strict=True) if ok]
    assert ["Who swims?"[start:end] for start, end in asked] == ["Who", "swim", "s", "?"]
    assert len(pair.ids) == len(pair.kinds) == len(pair.inside) == len(pair.asked) == len(pair.spans)
    assert pair.kinds[0] == 0 and pair.kinds[-1] == 1


def test_a_long_passage_is_cut_and_a_long_question_too() -> None:
    pair = PairEncoder(packaged_model_folder(), 64).encode("word " * 30, "", "river " * 500)
    assert len(pair.ids) == 64
    pair = PairEncoder(packaged_model_folder(), 256).encode("word " * 5000, "", "river " * 500)
    assert len(pair.ids) == 256 and sum(pair.inside) > 100


def test_short_pairs_are_padded_with_what_is_not_read() -> None:
    two = EncodedPair([5, 6], [0, 1], [False, True], [True, False], [(0, 0), (0, 1)])
    batch = padded([two, EncodedPair([7], [0], [False], [True], [(0, 0)])])
    assert batch.ids.tolist() == [[5, 6], [7, 0]]
    assert batch.mask.tolist() == [[1, 1], [1, 0]]
    assert batch.inside.tolist() == [[0, 1], [0, 0]]


# The network's scores as a reading


def test_a_sentence_is_as_good_as_the_mean_of_its_tokens_and_the_answer_is_the_best_stretch() -> None:
    reader = TrainedReader(ScriptedNetwork("1801"), ReaderConfig())
    text = " ".join(OTTER)
    spans = [(0, 16), (17, 56), (57, 70)]
    (reading,) = reader.read("When?", [("Otter", text, spans)])
    assert np.argmax(reading.sentence_logits) == 1
    assert reading.sentence_logits[0] == reading.sentence_logits[2] == -1.0
    start, end, margin = reading.answer_span or (0, 0, 0.0)
    assert text[start:end] == "1801" and margin == pytest.approx(2.0 + 2.0 - 1.0)


def test_what_was_cut_away_was_not_read() -> None:
    reader = TrainedReader(ScriptedNetwork("river"), ReaderConfig(max_tokens=32))
    (reading,) = reader.read("Where?", [("", "river " * 50 + "end.", [(0, 12), (300, 304)])])
    assert reading.sentence_logits == [3.0, -20.0]


def test_passages_are_read_in_batches_of_like_length_and_come_back_in_order() -> None:
    network = ScriptedNetwork("river")
    reader = TrainedReader(network, ReaderConfig(batch=2))
    contexts = [("", "river " * size, [(0, 5)]) for size in (9, 1, 5, 3)]
    readings = reader.read("Where?", contexts)
    assert [reading.answerable_logit for reading in readings] == [14.0, 6.0, 10.0, 8.0]
    assert network.batches == [[6, 8], [10, 14]]


def test_the_joint_reader_measures_what_its_weights_are_for(word_embedder: Embedder) -> None:
    _, item = found("otter.txt", *OTTER, heading="Animals", cosine=0.5)
    embedder = word_embedder
    reader = JointReader(
        Counts(),
        SentenceWeights((1.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
        lambda: TrainedReader(ScriptedNetwork("1801"), ReaderConfig()),
        Nearness(embedder),
    )
    (features,) = reader.measure("When do otters swim?", [item])
    assert features.sentences.shape == (3, 6)
    assert features.sentences[:, 2].tolist() == [0.5] * 3
    assert features.sentences[:, 3] == pytest.approx([1.0, 0.0, 0.5])  # "otter" and "swim" each tell half
    asked = embedder.encode(["When do otters swim?"])[0]
    assert features.near == pytest.approx([float(embedder.encode([text])[0] @ asked) for text in OTTER])
    assert features.span is not None and item.passage.text[slice(*features.span)] == "1801"
    (reading,) = reader.read("When do otters swim?", [item])
    assert np.argmax(reading.sentences) == 1 and reading.answers == features.answers
    assert reader.read("When?", []) == []


def joint_reader(network: ScriptedNetwork) -> JointReader:
    return JointReader(Counts(), load=lambda: TrainedReader(network, ReaderConfig()))


def test_the_joint_reader_measures_how_far_a_passage_is_behind_the_best_ones() -> None:
    items = [
        replace(found(f"{text}.txt", text)[1], score=score)
        for text, score in (("Otters.", 0.9), ("Otters sleep by day.", 0.5), ("Otters swim.", 1.1))
    ]
    behind = [features.sentences[0, 4:].tolist() for features in joint_reader(ScriptedNetwork("day")).measure("Otters?", items)]
    assert behind == [pytest.approx([-0.2, -3.0]), pytest.approx([-0.6, 0.0]), pytest.approx([0.0, -2.0])]


@pytest.mark.parametrize(("less", "least", "read"), [(0.0, 4, 4), (100.0, 4, 6), (100.0, 9, 6), (0.0, None, 6)])
def test_passages_after_the_first_are_left_out_where_one_of_these_surely_answers(
    less: float, least: int | None, read: int
) -> None:
    items = [found(f"{number}.txt", f"Otter number {number} swims.", rank=number)[1] for number in range(1, 7)]
    network = ScriptedNetwork("otter", less)
    assert len(joint_reader(network).read("Which otter swims?", items, least=least)) == read
    assert sum(len(batch) for batch in network.batches) == read


def test_what_is_doubted_is_told_of_the_question_itself_and_not_of_what_was_said_before_it() -> None:
    _, item = found("otter.txt", *OTTER)
    reader = joint_reader(ScriptedNetwork("bear"))
    (alone,) = reader.measure("Does a bear swim?", [item])
    assert [(start, end) for start, end, logit in alone.doubts if logit > 0] == [(7, 11)]
    asked = Spoken("And a bear?", (("Does a bear or an otter swim?", "The otter."),))
    (said,) = reader.measure("Does a bear swim?", [item], asked)
    assert [asked.question[start:end] for start, end, _ in said.doubts] == ["And", "a", "bear", "?"]
    assert [asked.question[start:end] for start, end, logit in said.doubts if logit > 0] == ["bear"]


def test_a_heading_line_above_the_first_sentence_is_not_read_twice() -> None:
    _, item = found("otter.txt", "1. Otter", *OTTER)
    passage = item.passage
    without = type(passage)(**{**vars(passage), "sentences": passage.sentences[1:], "heading": "Otter"})
    heading, text, spans = context(without)
    assert (heading, text[: len(OTTER[0])]) == ("Otter", OTTER[0])
    assert [text[start:end] for start, end in spans] == list(OTTER)


def test_a_passage_without_a_score_of_its_own_is_as_good_as_its_best_sentence() -> None:
    weights = SentenceWeights((1.0, 2.0), -1.0)
    assert weights.reading(PassageFeatures(np.array([[1.0, 0.0], [0.0, 3.0]]))).answers == 5.0
    assert weights.reading(PassageFeatures(np.zeros((0, 2)))).sentences == ()
    assert weights.reading(PassageFeatures(np.zeros((1, 2)), answers=7.0)).answers == 7.0


# The shipped weights


def test_the_weights_are_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS_FOLDER.iterdir()) < 25_000_000
    assert read_config(WEIGHTS_FOLDER) == ReaderConfig(
        **json.loads((WEIGHTS_FOLDER / "reader.json").read_text(encoding="utf-8"))
    )


def sample_figures(reader: TrainedReader) -> dict[str, float]:
    """Return the model card's figures: 20 short passages, each with a question that it answers and one that it does not."""
    rows = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    scores: list[float] = []
    labels: list[bool] = []
    best: list[bool] = []
    spans: list[bool] = []
    for row in rows:
        text, places = " ".join(row["sentences"]), []
        for sentence in row["sentences"]:
            start = text.index(sentence)
            places.append((start, start + len(sentence)))
        for question, answered in ((row["question"], True), (row["unanswered"], False)):
            (reading,) = reader.read(question, [(row["heading"], text, places)])
            scores.append(reading.answerable_logit)
            labels.append(answered)
            if answered:
                best.append(int(np.argmax(reading.sentence_logits)) == row["evidence"])
                start, end, _ = reading.answer_span or (0, 0, 0.0)
                first = text.index(row["answer"])
                spans.append(start < first + len(row["answer"]) and first < end)
    return {
        "abstention AUROC": float(roc_auc_score(labels, scores)),
        "best sentence": float(np.mean(best)),
        "answer touched": float(np.mean(spans)),
    }


def test_the_cards_figures_on_the_sample_are_those_of_the_weights(shipped: TrainedReader) -> None:
    card = (WEIGHTS_FOLDER / "CARD.md").read_text(encoding="utf-8")
    figures = sample_figures(shipped)
    for name, value in figures.items():
        (line,) = [line for line in card.splitlines() if line.startswith(f"| {name} |")]
        assert float(line.split("|")[2]) == pytest.approx(value, abs=0.02), name
    assert figures["abstention AUROC"] > 0.75 and figures["best sentence"] > 0.75


def test_the_same_passage_is_read_alike_alone_and_among_others(shipped: TrainedReader) -> None:
    contexts = [("Otter", " ".join(OTTER), [(0, 16), (17, 56), (57, 70)]), ("", "Bread is baked. " * 20, [(0, 15)])]
    alone = [shipped.read("Who described the otter?", [one])[0] for one in contexts]
    together = shipped.read("Who described the otter?", contexts)
    for first, second in zip(alone, together, strict=True):
        assert first == second
    assert together[0].answerable_logit > together[1].answerable_logit + 2.0


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "reader.onnx").unlink(), "cannot be loaded: .*No such file"),
        (lambda folder: (folder / "reader.onnx").write_bytes(b"nothing"), "cannot be loaded: "),
        (lambda folder: (folder / "reader.json").unlink(), "holds no reader: reader.json"),
        (lambda folder: (folder / "reader.json").write_text('{"layers": 3}'), "holds no reader: reader.json"),
    ],
    ids=["no graph", "a damaged graph", "no configuration", "another configuration"],
)
def test_weights_that_cannot_be_used_are_an_error_that_says_so(damage: object, message: str, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    shutil.copytree(WEIGHTS_FOLDER, folder)
    damage(folder)  # type: ignore[operator]
    with pytest.raises(ModelError, match=message):
        TrainedReader.load(folder)


def test_a_base_model_that_is_missing_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read: No such file"):
        OnnxNetwork(WEIGHTS_FOLDER, tmp_path)


# Other readers


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real cross-encoder in a folder: the packaged MiniLM with an untrained output."""
    import torch
    from sentence_transformers import CrossEncoder

    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("reader") / "model"
    CrossEncoder(str(packaged_model_folder()), num_labels=1, local_files_only=True).save_pretrained(str(folder))
    return folder


def test_a_cross_encoder_in_a_folder_reads_passages_and_their_sentences(cross_encoder: Path) -> None:
    _, item = found("otter.txt", *OTTER, heading="Animals")
    _, other = found("bread.txt", "Bread is baked.")
    reader = CrossEncoderReader(str(cross_encoder), SentenceWeights((1.0, 0.0)))
    readings = reader.read("Who described the otter?", [item, other])
    assert [len(reading.sentences) for reading in readings] == [3, 1]
    again = reader.measure("Who described the otter?", [other])[0]
    assert again.answers == pytest.approx(readings[1].answers, abs=1e-4)
    assert reader.read("Who?", []) == []


def test_a_cross_encoder_answers_through_the_chain_uncalibrated(
    cross_encoder: Path, article_index: PassageIndex, embedder: SentenceTransformerEmbeddings
) -> None:
    reader, calibration = calibrated_reader(str(cross_encoder), embedder, article_index)
    assert (reader.name, calibration) == (str(cross_encoder), UNCALIBRATED)
    answer = build_chain(article_index, embedder, str(cross_encoder)).invoke("What is cell therapy?")
    assert answer.outcome in tuple(Outcome)
    assert 0.0 < answer.confidence < 1.0


@pytest.mark.parametrize(
    ("name", "message"),
    [("./nowhere", "There is no reader folder nowhere"), ("{folder}", "cannot be loaded: ")],
    ids=["no folder", "not a model"],
)
def test_a_folder_that_is_no_cross_encoder_is_refused(name: str, message: str, tmp_path: Path) -> None:
    reader = CrossEncoderReader(name.format(folder=tmp_path))
    with pytest.raises(ModelError, match=message) as caught:
        reader.read("Who?", [found("a.txt", "One.")[1]])
    assert "FOOTNOTE_READER" in str(caught.value)


def test_a_model_of_several_outputs_is_refused(tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder

    CrossEncoder(str(packaged_model_folder()), num_labels=3, local_files_only=True).save_pretrained(str(tmp_path / "three"))
    with pytest.raises(ModelError, match="has 3 outputs, and one was expected"):
        CrossEncoderReader(str(tmp_path / "three")).read("Who?", [found("a.txt", "One.")[1]])


def test_without_a_reader_the_search_decides() -> None:
    _, first = found("a.txt", "One.", "Two.", rank=1)
    _, second = found("b.txt", "Three.", rank=2)
    readings = NoReader().read("Who?", [first, second])
    assert [reading.sentences for reading in readings] == [(1.0, 1.0), (0.5,)]
    assert [reading.answers for reading in readings] == [1.0, 0.5]


def test_readers_are_made_by_their_names(word_embedder: object) -> None:
    for name in ("footnote", "similarity", "none", "some/model"):
        assert make_reader(name, word_embedder, Counts()).name == name  # type: ignore[arg-type]
    assert joint.NAME == "footnote"
