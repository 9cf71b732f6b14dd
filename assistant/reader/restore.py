"""Make weights to train on of what is shipped: `python -m assistant.reader.restore --output DIR`.

The opposite of `export`: DIR holds the network of `reader.onnx`, for `train --start` or `export`. Weights of matrix products
come back as they are shipped, in 7 or 8 bits. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Collection
from pathlib import Path

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped] # protobuf has no types
from onnx import numpy_helper

from assistant.reader.model import ReaderModel, completed, layers_in, save_reader, trained_weights
from assistant.reader.network import GRAPH
from assistant.reader.trained import WEIGHTS_FOLDER
from corpus.errors import ModelError
from index.commands import run

_PRODUCT = re.compile(r"/(\w.*)/(?:Gemm_)?MatMul(?:_quant|_Q8)?$")
_MIDDLE = 128  # in blocks, the 8 bits that stand for 0


def restore(graph: onnx.ModelProto) -> ReaderModel:
    """Return the network of a graph that `export` wrote, in 32 bit.

    :raises ModelError: the graph is another network's.
    """
    held = {one.name: one for one in graph.graph.initializer}
    found = {
        name.removeprefix("_model."): numpy_helper.to_array(one)
        for name, one in held.items()
        if name.startswith("_model.") and "_Transposed" not in name
    }
    for node in graph.graph.node:
        product = _PRODUCT.search(node.name)
        if product and node.input[1] in held:
            name = product.group(1).replace("/", ".")
            found[f"{name}.weight"] = _weight(held, node)
    model = ReaderModel(layers_in(found))
    wanted = trained_weights(model)
    tensors = {_full_name(name, wanted): torch.from_numpy(np.array(value, dtype=np.float32)) for name, value in found.items()}
    tensors = completed(tensors)
    if {name: value.shape for name, value in tensors.items()} != {name: value.shape for name, value in wanted.items()}:
        odd = sorted(set(tensors) ^ set(wanted))[:5]
        raise ModelError(f"The graph does not hold this reader's tensors: {odd}. Expected what assistant.reader.export wrote.")
    model.load_state_dict(tensors, strict=False)
    return model.eval()


def _weight(held: dict[str, onnx.TensorProto], node: onnx.NodeProto) -> np.ndarray:
    """Return the weights (outputs, inputs) of a product, which has them in 32 bits, in 8 by blocks, or in 7."""
    name = node.input[1]
    kept = numpy_helper.to_array(held[name])
    weights: np.ndarray
    if kept.dtype == np.float32:
        weights = kept.T
    elif node.op_type == "MatMulNBits":
        scales = numpy_helper.to_array(held[node.input[2]]).reshape(*kept.shape[:2], 1)
        weights = ((kept.astype(np.float32) - _MIDDLE) * scales).reshape(len(kept), -1)
    else:
        scale, zero = (
            numpy_helper.to_array(held[f"{name.removesuffix('_quantized')}_{part}"]) for part in ("scale", "zero_point")
        )
        weights = ((kept.astype(np.float32) - zero.astype(np.float32)) * scale).T
    return weights


def _full_name(name: str, wanted: Collection[str]) -> str:
    """Return a tensor's name in the model: nodes are named without the module "encoder" that stands for the base model."""
    return name if name in wanted or name.startswith("encoder.encoder.") else f"encoder.{name}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m assistant.reader.restore", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--weights", type=Path, default=WEIGHTS_FOLDER, metavar="DIR", help="holds reader.onnx")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    options = parser.parse_args(arguments)
    path = options.weights / GRAPH
    try:
        graph = onnx.load(path)
    except (OSError, DecodeError) as error:
        raise ModelError(f"{path} cannot be read: {error}. Expected what assistant.reader.export wrote.") from error
    save_reader(restore(graph), options.output)
    sys.stdout.write(f"{options.output}\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
