"""Give weights more layers, to train on: `python -m assistant.reader.deepen RESTORED --layers 9 --output DEEPER`.

A new layer is a copy of the one it follows that adds nothing yet: what its two halves give is multiplied by 0, so that the
network scores nearly as before and learns from there (block expansion: Wu et al., "LLaMA Pro", ACL 2024). BERT normalises
after each half, which is not nothing: the norms of a new layer get the mean and the spread that its inputs have, measured on
follow-ups that were written for the reader. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import copy
import random
import sys
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoTokenizer

from assistant.reader.batches import Batch, make_batch
from assistant.reader.data import Passages
from assistant.reader.model import ReaderModel, load_reader, save_reader
from assistant.reader.sampling import evaluation_examples
from assistant.reader.written import read_follow_ups
from corpus.errors import ModelError
from corpus.tokens import packaged_model_folder
from index.commands import run

_PAIRS = 64
_LONGEST = 256


def followed(old: int, new: int) -> list[int]:
    """Return which of the `old` layers are followed by a new one, spread evenly, the last among them.

    :raises ModelError: `new` is not between 1 and `old`.
    """
    if not 1 <= new <= old:
        raise ModelError(
            f"{old} layers can become {old + 1} to {2 * old}, not {old + new}: each can be followed by one new one."
        )
    return [(place + 1) * old // new - 1 for place in range(new)]


def deepen(model: ReaderModel, new: int, batch: Batch) -> None:
    """Put `new` layers into `model`, which stays in evaluation mode.

    :param batch: Pairs on which the layers' inputs are measured.
    :raises ModelError: as many layers cannot be put in.
    """
    layers: nn.ModuleList = model.encoder.encoder.layer
    with torch.inference_mode():
        after: tuple[Tensor, ...] = model.encoder(
            batch.input_ids, batch.attention_mask, batch.token_type_ids, output_hidden_states=True
        ).hidden_states[1:]
    chosen = followed(len(layers), new)
    deeper: list[nn.Module] = []
    for place, (layer, hidden) in enumerate(zip(layers, after, strict=True)):
        deeper.append(layer)
        if place in chosen:
            deeper.append(_idle(layer, hidden[batch.attention_mask.bool()]))
    model.encoder.encoder.layer = nn.ModuleList(deeper)
    model.encoder.config.num_hidden_layers = len(deeper)


def _idle(layer: Any, hidden: Tensor) -> nn.Module:
    """Return a copy of `layer` that gives what it gets, if that is like `hidden`, (tokens, width)."""
    idle: nn.Module = copy.deepcopy(layer)
    halves: list[Any] = [idle.get_submodule("attention.output"), idle.get_submodule("output")]
    with torch.no_grad():
        for half in halves:
            half.dense.weight.zero_()
            half.dense.bias.zero_()
            half.LayerNorm.weight.fill_(hidden.std(-1, correction=0).mean())
            half.LayerNorm.bias.fill_(hidden.mean())
    return idle


def _batch() -> Batch:
    records = read_follow_ups("held")[:_PAIRS]
    examples = evaluation_examples(records, Passages(), random.Random(0))
    return make_batch(AutoTokenizer.from_pretrained(packaged_model_folder()), examples, _LONGEST)


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m assistant.reader.deepen", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("weights", type=Path, help="folder that assistant.reader.train or restore wrote")
    parser.add_argument("--layers", type=int, required=True, metavar="N", help="how many there are to be")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    options = parser.parse_args(arguments)
    model = load_reader(options.weights)
    deepen(model, options.layers - model.encoder.config.num_hidden_layers, _batch())
    save_reader(model, options.output)
    sys.stdout.write(f"{options.output}: {options.layers} layers\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
