"""Weights taken back out of a graph that was exported."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
import torch

from assistant.reader.export import export, quantise
from assistant.reader.model import ReaderModel, load_reader, trained_weights
from assistant.reader.network import GRAPH
from assistant.reader.restore import main
from corpus.errors import ModelError


def test_the_network_of_a_graph_comes_back_as_near_as_eight_bits_are(tmp_path: Path) -> None:
    model = ReaderModel(7).eval()
    with torch.no_grad():
        for parameter in model.encoder.encoder.layer[6].parameters():
            parameter.mul_(0.9).add_(0.001)  # an export keeps tensors that are alike once
    export(model, tmp_path / "whole.onnx")
    quantise(tmp_path / "whole.onnx", tmp_path / GRAPH)
    assert main(["--weights", str(tmp_path), "--output", str(tmp_path / "back")]) == 0
    back, wanted = trained_weights(load_reader(tmp_path / "back")), trained_weights(model)
    assert set(back) == set(wanted)
    for name, tensor in wanted.items():
        # Half a step of 7 bits with a sign for each output's largest weight, and what 16 bits leave of it.
        largest = tensor.abs().amax(dim=-1, keepdim=True) if tensor.dim() > 1 else tensor.abs()
        assert ((back[name] - tensor).abs() <= largest / 63 * 0.51 + 1e-3).all(), name


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
