"""More layers for weights that were trained, and their way to disk."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.nn import functional
from transformers import AutoTokenizer

from assistant.reader.deepen import followed, main
from assistant.reader.model import ReaderModel, load_reader, save_reader
from corpus.errors import ModelError
from corpus.tokens import packaged_model_folder


@pytest.mark.parametrize(("new", "places"), [(1, [5]), (2, [2, 5]), (3, [1, 3, 5]), (4, [0, 2, 3, 5]), (6, [0, 1, 2, 3, 4, 5])])
def test_new_layers_are_spread_evenly_and_one_is_the_last(new: int, places: list[int]) -> None:
    assert followed(6, new) == places


def test_a_deeper_network_scores_nearly_as_before_until_it_is_trained(tmp_path: Path) -> None:
    before = ReaderModel().eval()
    save_reader(before, tmp_path / "before")
    assert main([str(tmp_path / "before"), "--layers", "9", "--output", str(tmp_path / "after")]) == 0
    after = load_reader(tmp_path / "after")
    assert len(after.encoder.encoder.layer) == after.encoder.config.num_hidden_layers == 9
    tokens = AutoTokenizer.from_pretrained(packaged_model_folder())(
        ["Who described the otter?"] * 2,
        ["The otter swims.", "Ada Brandt described the otter in 1801, and nobody believed her."],
        padding=True,
        return_tensors="pt",
    )
    with torch.no_grad():
        old, new = (model.encoder(**tokens).last_hidden_state[tokens["attention_mask"].bool()] for model in (before, after))
    assert functional.cosine_similarity(old, new, -1).min() > 0.9  # 0.25 where the copies are left as they are
    new_layer = after.encoder.encoder.layer[2]
    assert not new_layer.output.dense.weight.any() and new_layer.intermediate.dense.weight.any()


@pytest.mark.parametrize("layers", ["6", "13"])
def test_fewer_and_more_than_twice_as_many_layers_are_refused(tmp_path: Path, layers: str) -> None:
    save_reader(ReaderModel(), tmp_path)
    with pytest.raises(ModelError, match=r"6 layers can become 7 to 12, not"):
        main([str(tmp_path), "--layers", layers, "--output", str(tmp_path / "after")])
    assert not (tmp_path / "after").exists()
