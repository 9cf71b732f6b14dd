"""Turn trained weights into what is shipped: `python -m assistant.reader.export RUN/final`.

Writes `reader.onnx` and `reader.json`. Linear layers get 8-bit weights, one scale a column, and their inputs are rounded to 8
bits as they come, with one scale (ONNX Runtime's dynamic quantization). These weights keep to 7 bits, since processors without
VNNI add products of 8-bit numbers in 16 bits, which overflow. What attention gives has a few large values, beside which one
scale leaves little of the others (docs/log.md): the layer after it has a scale for every `BLOCK` weights, and inputs
(MatMulNBits at accuracy level 4). Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from torch import Tensor, nn

from assistant.reader.model import ReaderModel, load_reader
from assistant.reader.network import GRAPH, Scores
from assistant.reader.trained import CONFIG, WEIGHTS_FOLDER, ReaderConfig
from index.commands import run
from index.export import unseen, write_graph

BLOCK = 128
"""How many weights, and inputs, share a scale, in the layers that have more than one."""

_OF_BLOCKS = "/attention/output/"
_EIGHT_BIT_INPUTS = 4  # MatMulNBits' `accuracy_level`


class _Graph(nn.Module):
    """The network from the sum of word and position embeddings on."""

    def __init__(self, model: ReaderModel) -> None:
        super().__init__()
        self._model = model

    def forward(self, embedded: Tensor, kinds: Tensor, mask: Tensor, inside: Tensor) -> Scores:
        encoder = self._model.encoder
        hidden = encoder.embeddings.LayerNorm(embedded + encoder.embeddings.token_type_embeddings(kinds))
        hidden = encoder.encoder(hidden, attention_mask=unseen(mask, hidden)).last_hidden_state
        output = self._model.heads(hidden, inside, mask * (1 - kinds))
        return Scores(*(getattr(output, name) for name in Scores._fields))


def export(model: ReaderModel, path: Path) -> None:
    """Write the network in 32 bit as an ONNX graph. Inputs and outputs are those of `network.OnnxNetwork`."""
    model.encoder.set_attn_implementation("eager")
    whole = torch.ones((2, 5), dtype=torch.int64)
    embedded = torch.zeros((2, 5, model.encoder.config.hidden_size))
    inputs = {"embedded": embedded, "kinds": torch.zeros_like(whole), "mask": whole, "inside": whole}
    outputs = {name: ["batch"] if name == "answerable" else ["batch", "tokens"] for name in Scores._fields}
    write_graph(_Graph(model), path, inputs, outputs, fold=True)


def quantise(source: Path, target: Path) -> None:
    """Write the graph with 8-bit weights in its matrix products; the heads, which are small, stay as they are."""
    graph = onnx.load(source)
    products = [node.name for node in graph.graph.node if node.op_type == "MatMul"]
    others = [name for name in products if _OF_BLOCKS not in name]
    by_blocks = MatMulNBitsQuantizer(
        graph,
        bits=8,
        block_size=BLOCK,
        is_symmetric=True,
        accuracy_level=_EIGHT_BIT_INPUTS,
        nodes_to_exclude=others,
    )
    by_blocks.process()
    quantize_dynamic(
        by_blocks.model.model,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_quantize=[name for name in others if "/encoder/" in name],
    )


def averaged(models: Sequence[ReaderModel], shares: Sequence[float] = ()) -> ReaderModel:
    """Return the mean of the weights of one run and of those that went on from it.

    It does better than either on documents unlike those trained on (WiSE-FT: Wortsman et al., CVPR 2022).

    :param shares: What each counts; all the same if empty.
    """
    states = [model.state_dict() for model in models]
    counts = torch.tensor(shares or [1.0] * len(models))
    mean = {
        name: torch.tensordot(counts / counts.sum(), torch.stack([state[name].float() for state in states]), 1)
        for name in states[0]
    }
    models[0].load_state_dict({name: value.to(states[0][name].dtype) for name, value in mean.items()})
    return models[0]


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m assistant.reader.export", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "weights",
        type=Path,
        nargs="+",
        help="folder that assistant.reader.train wrote: RUN/final; of several, the mean is taken",
    )
    parser.add_argument(
        "--shares", type=float, nargs="+", default=[], metavar="X", help="what each of several counts in the mean"
    )
    parser.add_argument("--output", type=Path, default=WEIGHTS_FOLDER, metavar="DIR")
    parser.add_argument("--whole", action="store_true", help="keep 32 bits, to compare with")
    options = parser.parse_args(arguments)
    if options.shares and len(options.shares) != len(options.weights):
        parser.error(f"--shares has {len(options.shares)} numbers for {len(options.weights)} folders; give one for each")
    logging.getLogger().setLevel(logging.ERROR)  # the quantizer advises a preparation that changes nothing here
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, GRAPH)
        export(averaged([load_reader(folder) for folder in options.weights], options.shares), path)
        if not options.whole:
            whole, path = path, Path(folder, f"small-{GRAPH}")
            quantise(whole, path)
        shutil.copyfile(path, options.output / GRAPH)
    (options.output / CONFIG).write_text(json.dumps(asdict(ReaderConfig()), indent=2) + "\n", encoding="utf-8")
    size = (options.output / GRAPH).stat().st_size
    sys.stdout.write(f"{options.output / GRAPH}: {size / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
