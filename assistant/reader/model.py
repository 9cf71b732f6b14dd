"""The reader's network: the packaged MiniLM as a cross-encoder with three heads, and its weights on disk.

One forward a passage gives: how surely the passage answers the question, how much each of its tokens belongs to the
sentences that answer, and where the shortest answer starts and ends. Word and position embeddings stay those of the
packaged model, so only the layers and heads are shipped.
"""

import copy
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoModel

from assistant.reader.network import LOWEST, Scores, padded
from assistant.reader.pairs import EncodedPair
from corpus.errors import ModelError
from corpus.tokens import packaged_model_folder

WEIGHTS = "reader.safetensors"
LAYERS = 6
"""Those of the packaged MiniLM."""

_LAYER = re.compile(r"\bencoder\.layer\.(\d+)\.")
_FROZEN = ("embeddings.word_embeddings.", "embeddings.position_embeddings.")


class ReaderOutput(NamedTuple):
    """Logits of a batch: `answerable` (batch,), `evidence`, `starts`, `ends`, `doubt` (batch, tokens).

    `doubt` is of the question's tokens: how surely they are why the passage does not answer. In `starts` and `ends` place 0
    ([CLS]) stands for "no answer here". Tokens where there can be nothing are at `LOWEST`.
    """

    answerable: Tensor
    evidence: Tensor
    starts: Tensor
    ends: Tensor
    doubt: Tensor


class ReaderModel(nn.Module):
    """MiniLM over (question, passage) pairs, with heads for answerable, evidence and answer span."""

    def __init__(self, layers: int = LAYERS) -> None:
        """
        :param layers: More than MiniLM's are copies of its last until weights are loaded (see `deepen`).
        :raises ModelError: the package with the base model is not installed.
        """
        super().__init__()
        self.encoder = AutoModel.from_pretrained(packaged_model_folder(), add_pooling_layer=False, dtype=torch.float32)
        stack = self.encoder.encoder.layer
        stack.extend([copy.deepcopy(stack[-1]) for _ in range(layers - len(stack))])
        self.encoder.config.num_hidden_layers = layers
        for name, parameter in self.encoder.named_parameters():
            parameter.requires_grad = not name.startswith(_FROZEN)
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.tokens = nn.Linear(width, 3)
        self.doubt = nn.Linear(width, 1)
        self.mixer = nn.Linear(3 * width, width)
        self.answerable = nn.Linear(width, 1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, text_mask: Tensor) -> ReaderOutput:
        """Score a padded batch. All inputs are (batch, tokens); `text_mask` is 1 on the tokens of the passage's text."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        return self.heads(hidden, text_mask, attention_mask * (1 - token_type_ids))

    def heads(self, hidden: Tensor, text_mask: Tensor, question_mask: Tensor) -> ReaderOutput:
        """Score the encoder's output, (batch, tokens, width).

        The answerable logit sees [CLS], the mean of the text's tokens weighted by their evidence, and that of the question's
        tokens weighted by their doubt.
        """
        hidden = self.dropout(hidden)
        evidence, starts, ends = self.tokens(hidden).unbind(-1)
        inside = text_mask.bool()
        evidence = evidence.masked_fill(~inside, LOWEST)
        weights = evidence.softmax(-1).unsqueeze(-1)
        doubt = self.doubt(hidden).squeeze(-1).masked_fill(~question_mask.bool(), LOWEST)
        doubts = doubt.softmax(-1).unsqueeze(-1)
        pooled = torch.cat((hidden[:, 0], (weights * hidden).sum(1), (doubts * hidden).sum(1)), -1)
        answerable = self.answerable(self.dropout(torch.tanh(self.mixer(pooled)))).squeeze(-1)
        first = torch.zeros_like(inside)
        first[:, 0] = True
        allowed = inside | first
        starts, ends = (logits.masked_fill(~allowed, LOWEST) for logits in (starts, ends))
        return ReaderOutput(answerable, evidence, starts, ends, doubt)


class TorchNetwork:
    """A `ReaderModel` as a `Network`, for measuring while it is trained."""

    def __init__(self, model: ReaderModel) -> None:
        self._model = model

    def scores(self, pairs: Sequence[EncodedPair]) -> Scores:
        """Return the logits of a batch, padded to its longest pair."""
        device = self._model.answerable.weight.device
        ids, kinds, mask, inside = (torch.from_numpy(array).to(device) for array in padded(pairs))
        with torch.inference_mode():
            output = self._model(ids, mask, kinds, inside)
        return Scores(*(getattr(output, name).float().cpu().numpy() for name in Scores._fields))


def trained_weights(model: ReaderModel) -> dict[str, Tensor]:
    """The tensors that training changes, by name: everything but the word and position embeddings."""
    kept = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    return {name: tensor for name, tensor in model.state_dict().items() if name in kept}


def completed(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Add what a network without `doubt` lacks, so that it scores as before."""
    if "doubt.weight" in tensors or "mixer.weight" not in tensors:
        return tensors
    width = len(tensors["mixer.weight"])
    mixer = torch.cat((tensors["mixer.weight"], torch.zeros(width, width)), 1)
    return tensors | {"mixer.weight": mixer, "doubt.weight": torch.zeros(1, width), "doubt.bias": torch.full((1,), -3.0)}


def layers_in(names: Iterable[str]) -> int:
    """How many layers a network has whose tensors have these names; at least `LAYERS`."""
    return max([LAYERS, *(int(found.group(1)) + 1 for name in names if (found := _LAYER.search(name)))])


def save_reader(model: ReaderModel, folder: Path) -> None:
    """Write `reader.safetensors` (16-bit, about 22 MB) into `folder`, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.detach().to("cpu", torch.float16).contiguous() for name, tensor in trained_weights(model).items()}
    save_file(tensors, folder / WEIGHTS)


def load_reader(folder: Path) -> ReaderModel:
    """The model in 32 bit, in evaluation mode, with the weights of `folder`.

    :raises ModelError: there are none, or they are of another network; or the package with the base model is missing.
    """
    try:
        tensors = completed({name: tensor.float() for name, tensor in load_file(folder / WEIGHTS).items()})
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{folder / WEIGHTS} cannot be read: {error}. Expected what assistant.reader.train wrote.") from error
    model = ReaderModel(layers_in(tensors))
    wanted = set(trained_weights(model))
    if set(tensors) != wanted:
        raise ModelError(f"{folder / WEIGHTS} does not hold this reader's tensors: {sorted(wanted ^ set(tensors))[:5]}")
    model.load_state_dict(tensors, strict=False)
    return model.eval()
