"""Weights taken back out of a graph that was exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from assistant.reader.export import export, merged, quantise
from assistant.reader.model import ReaderModel, load_reader, trained_weights
from assistant.reader.network import GRAPH
from assistant.reader.restore import main, restore
from corpus.errors import ModelError


def test_the_networks_of_a_graph_come_back_as_near_as_eight_bits_are(tmp_path: Path) -> None:
    models = []
    for seed in range(2):
        torch.manual_seed(seed)
        models.append(ReaderModel().eval())
        export(models[-1], tmp_path / "whole.onnx")
        quantise(tmp_path / "whole.onnx", tmp_path / f"{seed}.onnx")
    both = merged([onnx.load(tmp_path / f"{seed}.onnx") for seed in range(2)])
    onnx.save(both, tmp_path / GRAPH)
    assert main(["--weights", str(tmp_path), "--output", str(tmp_path / "back")]) == 0
    for seed, model in enumerate(models):
        back = trained_weights(load_reader(tmp_path / "back" / str(seed)))
        for name, tensor in trained_weights(model).items():
            # Half a step of 7 bits with a sign for each output's largest weight, and what 16 bits leave of it.
            largest = tensor.abs().amax(dim=-1, keepdim=True) if tensor.dim() > 1 else tensor.abs()
            assert ((back[name] - tensor).abs() <= largest / 63 * 0.51 + 1e-3).all(), name
    (alone,) = restore(onnx.load(tmp_path / "1.onnx"))
    assert np.allclose(alone.tokens.weight.detach(), models[1].tokens.weight.detach())


def test_another_graph_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        main(["--weights", str(tmp_path), "--output", str(tmp_path / "back")])
    (tmp_path / GRAPH).write_bytes(b"no graph at all")
    with pytest.raises(ModelError, match="cannot be read"):
        main(["--weights", str(tmp_path), "--output", str(tmp_path / "back")])
    graph = onnx.helper.make_graph([], "empty", [], [])
    onnx.save(onnx.helper.make_model(graph), tmp_path / GRAPH)
    with pytest.raises(ModelError, match="does not hold this reader's tensors"):
        main(["--weights", str(tmp_path), "--output", str(tmp_path / "back")])
    assert not (tmp_path / "back").exists()
