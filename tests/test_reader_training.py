"""The reader's training code: offsets, windows, the split, and a real run of a few steps on made-up rows."""

import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from assistant.reader import train as training
from assistant.reader.augment import as_put_to_a_chat, as_typed, falsified, keywords
from assistant.reader.batches import batch_order, make_batch
from assistant.reader.data import Passages, Record, split_records
from assistant.reader.export import averaged, export, quantise
from assistant.reader.export import main as export_command
from assistant.reader.giveaways import shares_to_keep
from assistant.reader.model import ReaderModel, TorchNetwork, load_reader, save_reader
from assistant.reader.network import OnnxNetwork
from assistant.reader.pairs import PairEncoder, passage_text
from assistant.reader.sampling import epoch_examples, window_without_evidence
from assistant.reader.trained import ReaderConfig, TrainedReader, best_span
from assistant.reader.windows import overlap, sentence_spans
from assistant.reader.wording import OtherWords
from assistant.reader.written import FOLLOW_UPS, WRITTEN
from corpus.errors import ModelError
from corpus.tokens import packaged_model_folder

ANIMALS = "otter heron badger lynx marten stork beaver ibis tapir okapi gecko quokka".split()
SOURCES = ("squad2", "qed")
NO_OTHERS = OtherWords({})


def _rows(source: str) -> list[dict]:
    rows = []
    for place, animal in enumerate(ANIMALS):
        first = f"The {animal} lives beside rivers in Norland."
        second = f"It was described by Dr. Ada Brandt in {1800 + place}."
        third = f"Every {animal} sleeps for nine hours."
        passage = f"{first} {second} {third}"
        at = passage.index(second)
        row = {"id": f"{source}:{place}", "title": f"{animal}_{source}", "passage": passage, "answerable": True}
        row |= {"question": f"Who described the {animal}?", "answers": ["Ada Brandt"], "evidence": [[at, at + len(second)]]}
        rows.append(row)
        if source == "squad2":
            no = {"question": f"Who painted the {animal}?", "answerable": False, "answers": [], "evidence": []}
            rows.append(row | no)
    return rows


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for source in SOURCES:
        with gzip.open(tmp_path / f"{source}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in _rows(source))
    return tmp_path


def test_sentences_keep_every_character_but_spaces() -> None:
    text = 'Dr. Ada Brandt came in 1801. She said: "No." Then she left.\n- An item\n' + "word " * 300
    spans = sentence_spans(text)
    assert text[slice(*spans[0])] == "Dr. Ada Brandt came in 1801."
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())
    assert all(end - start <= 400 for start, end in spans)


def test_questions_as_typed() -> None:
    assert keywords("Who described the otter in 1801?") == "described otter 1801"
    rng = random.Random(1)
    assert all(as_typed("Who described the otter?", rng).strip() for _ in range(200))
    put = [as_put_to_a_chat("Who described the otter?", random.Random(seed)) for seed in range(2000)]
    wrapped = [one for one in put if one != "Who described the otter?"]
    assert 0.09 < len(wrapped) / len(put) < 0.15 and all("ho described the otter" in one for one in wrapped)
    assert any(one.endswith(" the otter in this article?") for one in wrapped)
    counts = {"first": 2, "last": 1}
    changed = [falsified("Who was the first king in 1801?", [], ["1790"], counts, random.Random(seed)) for seed in range(300)]
    assert set(changed) == {"Who was the last king in 1801?", "Who was the first king in 1790?"}
    only_words = [falsified("Who was the first king?", [], [], counts, random.Random(seed)) for seed in range(300)]
    assert 0.4 < sum(one is None for one in only_words) / 300 < 0.6  # "last" is half as frequent as "first"
    assert overlap("Who described the otter?", "The otter was described late.") == 1.0


def test_split_keeps_titles_apart_and_epoch_repeats(data: Path) -> None:
    split = split_records(data, 3, SOURCES)
    for source in SOURCES:
        assert not {row.group for row in split.train[source]} & {row.group for row in split.held[source]}
    first = epoch_examples(split.train, Passages(), NO_OTHERS, 3, 0)
    assert first == epoch_examples(split.train, Passages(), NO_OTHERS, 3, 0)
    assert first != epoch_examples(split.train, Passages(), NO_OTHERS, 3, 1)
    for example in first:
        for start, end in (*(example.evidence or ()), *example.answers):
            assert 0 <= start < end <= len(example.text)
        if example.answers:
            assert {example.text[s:e] for s, e in example.answers} == {"Ada Brandt"}


def test_other_words_are_close_in_meaning_and_no_opposites() -> None:
    texts = [
        f"The residents told of problems, troubles and issues {number}; many lived in the town or village."
        for number in range(12)
    ]
    texts += [
        f"Locals, citizens and inhabitants of the town moved from the north to the south in {number}." for number in range(12)
    ]
    others = OtherWords.of(texts)
    said = {others.reworded("What problems did the inhabitants of North Town have?", random.Random(seed)) for seed in range(60)}
    words = {word for question in said for word in question.rstrip("?").split()}
    assert words & {"issues", "troubles"} and words & {"residents", "citizens", "locals"}
    assert all(question.startswith("What ") and question.endswith("have?") and "North Town" in question for question in said)
    assert all("south" not in others.reworded("from the north", random.Random(seed)) for seed in range(30))
    assert OtherWords.of([]).reworded("What problems?", random.Random(1)) == "What problems?"


def test_questions_whose_words_give_away_that_they_have_no_answer_are_thinned() -> None:
    def record(group: int, number: int, question: str, answerable: bool) -> Record:
        return Record("squad2", f"title {group}", "", f"{question} {number}?", "A passage.", answerable, ())

    rows = []
    for group in range(5):
        rows += [record(group, number, "Who built the mill", True) for number in range(20)]
        rows += [record(group, number, "Who built the mill", False) for number in range(20)]
        rows += [record(group, number, "Who never saw the mill", False) for number in range(10)]
    shares = shares_to_keep(rows)
    of = {
        kind: [
            share
            for share, row in zip(shares, rows, strict=True)
            if row.question.startswith(kind[0]) and row.answerable is kind[1]
        ]
        for kind in (("Who built", True), ("Who built", False), ("Who never", False))
    }
    assert set(of["Who built", True]) == {1.0} and min(of["Who built", False]) > 0.9
    assert max(of["Who never", False]) < 0.4
    assert shares_to_keep(rows[:40]) == [1.0] * 40  # too few to tell


def test_window_without_evidence_has_none(data: Path) -> None:
    record = split_records(data, 3, SOURCES).train["qed"][0]
    for seed in range(20):
        example = window_without_evidence(record, Passages(), 500, random.Random(seed))
        assert example is not None and not example.answerable and "Brandt" not in example.text


def test_token_labels_cover_the_evidence(data: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(packaged_model_folder())
    right = [
        one for one in epoch_examples(split_records(data, 3, SOURCES).train, Passages(), NO_OTHERS, 3, 0) if one.answerable
    ]
    batch = make_batch(tokenizer, right, 192)
    for row in range(len(right)):
        marked = tokenizer.decode(batch.input_ids[row][batch.evidence[row].bool()])
        assert marked.startswith("it was described by dr. ada brandt")
        answer = batch.input_ids[row][batch.start[row] : batch.end[row] + 1]
        assert tokenizer.decode(answer) == "ada brandt"
    assert passage_text("Otter", "x") == ("Otter: x", 7)
    assert sorted(sum(batch_order([5, 1, 9, 2, 7], 2, random.Random(0)), [])) == [0, 1, 2, 3, 4]


def test_best_span_obeys_order_and_length() -> None:
    starts, ends = np.array([0.0, 1.0, 9.0, 0.0, 0.0]), np.array([0.0, 9.0, 0.0, 1.0, 8.0])
    assert best_span(starts, ends, [1, 2, 3, 4], 4) == (2, 4, 17.0)
    assert best_span(starts, ends, [1, 2, 3, 4], 2) == (1, 1, 10.0) or best_span(starts, ends, [1, 2, 3, 4], 2)[2] == 10.0
    assert best_span(starts, ends, [], 4) is None


def test_rate_warms_up_and_decays_to_nothing() -> None:
    rates = [training.rate(step, 4, 5, 20) for step in range(21)]
    assert rates[0] == 0.25 and rates[10] == 1.0 and rates[19] == 0.2 and rates[20] == 0.0


def test_a_run_trains_resumes_alike_and_reads(data: Path, tmp_path: Path) -> None:
    common = ["--data", str(data), "--sets", *SOURCES, "--no-dialogues", "--made", "4", "--batch-size", "4"]
    common += ["--max-tokens", "64", "--decay-steps", "2"]
    common += ["--warm-up", "1", "--evaluate-every", "100"]
    whole = training.train(training.parse([*common, "--output", str(tmp_path / "a"), "--max-steps", "4"]))
    # Stopped before its decay began, then resumed: the same weights as the run that was never stopped.
    part = ["--output", str(tmp_path / "b")]
    training.train(training.parse([*common, *part, "--max-steps", "2", "--decay-steps", "1"]))
    again = training.train(training.parse([*common, *part, "--max-steps", "4", "--resume"]))
    first, second = (load_reader(folder).state_dict() for folder in (whole, again))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert (whole / "reader.safetensors").stat().st_size < 25_000_000
    text = "The otter swims. Ada Brandt described it."
    contexts = [("Otter", text, [(0, 16), (17, 41)]), ("", "No.", [(0, 3)])]
    readings = TrainedReader(TorchNetwork(load_reader(whole)), ReaderConfig()).read("Who described it?", contexts)
    assert [len(reading.sentence_logits) for reading in readings] == [2, 1]
    start, end, _ = readings[0].answer_span or (0, 0, 0.0)
    assert 0 <= start < end <= len(text)


def test_a_later_stage_goes_on_from_deeper_weights_with_the_newest_written_questions(
    tmp_path: Path, training_sets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(training, "_QUICK", {"qed": 2, WRITTEN: 4, FOLLOW_UPS: 2})  # all of them take a minute
    save_reader(ReaderModel(7), tmp_path / "before")
    options = ["--data", str(training_sets), "--sets", "qed", "--written", "--newest", "30", "--no-dialogues"]
    options += ["--presupposed", "3", "--parallel", "3"]
    options += ["--start", str(tmp_path / "before"), "--first-epoch", "2", "--max-steps", "2", "--batch-size", "2"]
    options += ["--max-tokens", "96", "--decay-steps", "1", "--layer-decay", "0.95", "--output", str(tmp_path / "run")]
    after = load_reader(training.train(training.parse(options)))
    assert after.encoder.config.num_hidden_layers == 7
    before = load_reader(tmp_path / "before").state_dict()
    assert not torch.equal(after.state_dict()["answerable.weight"], before["answerable.weight"])
    assert "held back written: 4 pairs" in capsys.readouterr().out


def test_the_exported_network_scores_as_the_trained_one_and_in_eight_bits_nearly_so(tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = ReaderModel().eval()
    encoder = PairEncoder(packaged_model_folder(), 256)
    texts = ("The otter swims.", "Ada Brandt described the otter in 1801, " * 6)
    pairs = [encoder.encode("Who described the otter?", "Otter", text) for text in texts]
    wanted = TorchNetwork(model).scores(pairs)
    for folder in (tmp_path / "whole", tmp_path / "small"):
        folder.mkdir()
    export(model, tmp_path / "whole" / "reader.onnx")
    quantise(tmp_path / "whole" / "reader.onnx", tmp_path / "small" / "reader.onnx")
    for folder, near in (("whole", 1e-4), ("small", 0.15)):
        scores = OnnxNetwork(tmp_path / folder, packaged_model_folder()).scores(pairs)
        for mine, theirs in zip(scores, wanted, strict=True):
            assert np.abs(mine - theirs).max() < near
    sizes = [(tmp_path / folder / "reader.onnx").stat().st_size for folder in ("whole", "small")]
    assert sizes[1] < 13_000_000 < sizes[0]


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_reader(tmp_path)
    model = ReaderModel()
    model.mixer = torch.nn.Linear(2, 2, bias=False)
    save_reader(model, tmp_path)
    with pytest.raises(ModelError, match="tensors"):
        load_reader(tmp_path)


def test_the_mean_of_two_runs_lies_half_way_between_them() -> None:
    first, second = ReaderModel(), ReaderModel()
    with torch.no_grad():
        for parameter in second.parameters():
            parameter.add_(1.0)
    before = {name: value.clone() for name, value in first.state_dict().items()}
    mean = averaged([first, second])
    for name, value in second.state_dict().items():
        middle = (before[name].float() + value.float()) / 2
        assert torch.allclose(mean.state_dict()[name].float(), middle), name
    assert averaged([second]) is second


def test_in_a_mean_each_run_counts_as_much_as_is_said() -> None:
    first, second = ReaderModel(), ReaderModel()
    low, high = first.mixer.weight.detach().clone(), second.mixer.weight.detach().clone()
    mean = averaged([first, second], [3.0, 1.0])
    assert torch.allclose(mean.mixer.weight, 0.75 * low + 0.25 * high, atol=1e-6)


def test_as_many_shares_as_folders_are_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        export_command([str(tmp_path), "--shares", "0.5", "0.5"])
    assert "--shares has 2 numbers for 1 folders" in capsys.readouterr().err
