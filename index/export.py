"""Makes `minilm.onnx`, the packaged embedder's network without its weights: `python -m index.export`.

Needs torch, transformers and onnx (the extra `train`); what it makes is in the repository.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn
from transformers import AutoModel

from corpus.tokens import packaged_model_folder
from index.minilm import DIMENSION, GRAPH, LAYERS

OPSET = 17
"""The first with layer normalisation as one operation."""


class _Embedder(nn.Module):
    """From the sum of word, place and kind embeddings to unit vectors; the parameters keep the package's names."""

    def __init__(self) -> None:
        super().__init__()
        model = AutoModel.from_pretrained(
            packaged_model_folder(), add_pooling_layer=False, dtype=torch.float32, attn_implementation="eager"
        )
        self.embeddings = model.embeddings
        self.encoder = model.encoder

    def forward(self, embedded: Tensor, mask: Tensor) -> Tensor:
        hidden = self.embeddings.LayerNorm(embedded)
        hidden = self.encoder(hidden, attention_mask=unseen(mask, hidden)).last_hidden_state
        inside = mask[:, :, None].to(hidden.dtype)
        pooled = (hidden * inside).sum(1) / inside.sum(1).clamp(min=1e-9)
        return nn.functional.normalize(pooled, dim=-1)


def unseen(mask: Tensor, hidden: Tensor) -> Tensor:
    """Return what is added to the attention scores, (batch, 1, 1, tokens): padding is not looked at."""
    return (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4


def write_graph(
    network: nn.Module, path: Path, inputs: dict[str, Tensor], outputs: dict[str, list[str]], *, fold: bool
) -> None:
    """Write a network as an ONNX graph whose batch and token axes are free.

    :param inputs: Name and example of each; their first two axes are batch and tokens.
    :param outputs: Name and free axes of each.
    :param fold: Compute beforehand what depends on weights alone; they lose their names.
    """
    axes = {name: {0: "batch", 1: "tokens"} for name in inputs} | {
        name: dict(enumerate(free)) for name, free in outputs.items()
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the newer exporter renames the weights
        torch.onnx.export(
            network.eval(),
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=OPSET,
            do_constant_folding=fold,
            dynamo=False,
        )


def without_weights(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Return the graph with its layers' weights left out, to be handed over when it is loaded."""
    for tensor in graph.graph.initializer:
        if tensor.name.startswith(LAYERS):
            size = len(tensor.raw_data)
            tensor.ClearField("raw_data")
            tensor.data_location = onnx.TensorProto.EXTERNAL
            for key, value in (("location", "weights"), ("offset", "0"), ("length", str(size))):
                tensor.external_data.add(key=key, value=value)
    return graph


def main() -> int:
    """Write the graph."""
    parser = argparse.ArgumentParser(prog="python -m index.export", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--output", type=Path, default=GRAPH, metavar="FILE")
    options = parser.parse_args()
    example = {"embedded": torch.zeros((2, 5, DIMENSION)), "mask": torch.ones((2, 5), dtype=torch.int64)}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, "whole.onnx")
        write_graph(_Embedder(), whole, example, {"vectors": ["batch"]}, fold=False)
        graph = without_weights(onnx.load(whole))
    options.output.write_bytes(graph.SerializeToString())
    sys.stdout.write(f"{options.output}: {options.output.stat().st_size / 1000:.0f} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
