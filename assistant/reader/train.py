"""Train the reader: `python -m assistant.reader.train --data ../shared/training --output DIR`.

Warm-up, a constant rate, then a linear decay over the last steps; since the decay is counted from the end, a run that is
resumed with another `--max-steps` before its decay began is the run that this number would have given from the start.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional
from transformers import AutoTokenizer, PreTrainedTokenizerBase
from transformers.utils import logging as transformers_logging

from assistant.reader.batches import Batch, batch_order, make_batch
from assistant.reader.conversations import follow_up_records, read_conversations
from assistant.reader.data import SETS, Example, Passages, Split, split_records
from assistant.reader.dialogues import read_dialogues
from assistant.reader.dropout import use_pooled_dropout
from assistant.reader.heldout import figures, held_examples
from assistant.reader.mined import read_mined
from assistant.reader.model import ReaderModel, ReaderOutput, TorchNetwork, load_reader, save_reader, trained_weights
from assistant.reader.sampling import Additions, epoch_examples
from assistant.reader.trained import ReaderConfig, TrainedReader
from assistant.reader.wording import OtherWords
from assistant.reader.written import FOLLOW_UPS, WRITTEN, read_follow_ups, read_written
from corpus.tokens import packaged_model_folder

CHECKPOINT = "checkpoint.pt"
_QUICK = {"squad2": 300, "selqa": 80, "qed": 80, "covidqa": 70, "policyqa": 60, "medquad": 60, WRITTEN: 800, FOLLOW_UPS: 400}


@dataclass
class Progress:
    """Where a run is: steps done, and what it took (seconds of this process, tokens without padding)."""

    step: int = 0
    seconds: float = 0.0
    tokens: int = 0


def losses(output: ReaderOutput, batch: Batch) -> dict[str, Tensor]:
    """The losses of one batch, each a scalar: answerable, evidence (0.3 for wrong passages), answer span and doubt.

    Wrong passages teach "no answer here" to the span heads; passages with unmarked evidence teach the evidence head
    nothing.
    """
    answerable = functional.binary_cross_entropy_with_logits(output.answerable, batch.answerable, reduction="none")
    by_token = functional.binary_cross_entropy_with_logits(output.evidence, batch.evidence, reduction="none")
    by_row = (by_token * batch.evidence_weight).sum(-1) * (0.3 + 0.7 * batch.answerable)
    counted = (batch.evidence_weight.sum(-1) > 0).float() * batch.known
    spans = [
        functional.cross_entropy(logits, goal, ignore_index=-100, reduction="sum") / max(1, int((goal >= 0).sum()))
        for logits, goal in ((output.starts, batch.start), (output.ends, batch.end))
    ]
    doubt = functional.binary_cross_entropy_with_logits(output.doubt, batch.doubt, reduction="none")
    return {
        "answerable": (answerable * batch.known).sum() / batch.known.sum().clamp(min=1),
        "evidence": (by_row * counted).sum() / counted.sum().clamp(min=1),
        "span": (spans[0] + spans[1]) / 2,
        "doubt": (doubt * batch.doubt_weight).sum() / batch.doubt_weight.sum().clamp(min=1),
    }


WEIGHTS_OF_LOSSES = {"answerable": 1.0, "evidence": 1.0, "span": 0.25, "doubt": 0.5}


def rate(step: int, warm_up: int, decay: int, total: int) -> float:
    """Factor of the learning rate at `step`: 0 to 1 over `warm_up` steps, 1, then down to 0 over the last `decay`."""
    return max(0.0, min(1.0, (step + 1) / max(1, warm_up), (total - step) / max(1, decay)))


def training_batches(
    split: Split,
    additions: Additions,
    others: OtherWords,
    tokenizer: PreTrainedTokenizerBase,
    options: argparse.Namespace,
    done: int,
) -> Iterator[Batch]:
    """Batches for ever, epoch after epoch, from step `done` on; the same for the same seed and batch size."""
    passages = Passages()
    step, epoch = 0, options.first_epoch
    while True:
        also = _in_epoch(additions, epoch, options)
        examples = epoch_examples(split.train, passages, others, options.seed, epoch, also)
        lengths = [len(one.question) + len(one.heading) + len(one.text) for one in examples]
        for indices in batch_order(lengths, options.batch_size, random.Random(f"{options.seed}/{epoch}/order")):
            if step >= done:
                yield make_batch(tokenizer, [examples[index] for index in indices], options.max_tokens)
            step += 1
        epoch += 1


def _in_epoch(additions: Additions, epoch: int, options: argparse.Namespace) -> Additions:
    counts = options.made, options.presupposed, options.parallel
    made, presupposed, parallel = (int(some[min(epoch, len(some) - 1)]) for some in counts)
    return replace(additions, made=made, presupposed=presupposed, parallel=parallel)


def _other_words(split: Split) -> OtherWords:
    records = [record for rows in split.train.values() for record in rows]
    return OtherWords.of({text for record in records for text in (record.question, record.passage)})


def steps_of(split: Split, additions: Additions, options: argparse.Namespace) -> int:
    """Steps of `--epochs` passes when `--max-steps` is not given."""
    if options.max_steps is not None:
        return int(options.max_steps)
    passages, none = Passages(), OtherWords({})
    passes = range(options.first_epoch, options.first_epoch + options.epochs)
    counts = [
        len(epoch_examples(split.train, passages, none, options.seed, epoch, _in_epoch(additions, epoch, options)))
        for epoch in passes
    ]
    return sum(-(-count // options.batch_size) for count in counts)


def optimizer_for(model: ReaderModel, options: argparse.Namespace) -> torch.optim.AdamW:
    """AdamW with a rate that falls by `--layer-decay` a layer downwards, and five times the rate for the new heads."""
    groups: dict[float, list[Tensor]] = {}
    layers = model.encoder.config.num_hidden_layers
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        factor = 5.0
        if name.startswith("encoder.embeddings."):
            factor = options.layer_decay**layers
        elif name.startswith("encoder.encoder.layer."):
            factor = options.layer_decay ** (layers - 1 - int(name.split(".")[3]))
        groups.setdefault(factor, []).append(parameter)
    return torch.optim.AdamW(
        [
            {"params": parameters, "lr": options.learning_rate * factor, "peak": options.learning_rate * factor}
            for factor, parameters in groups.items()
        ],
        weight_decay=0.01,
        fused=True,
    )


def save_checkpoint(path: Path, model: ReaderModel, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
    """Write all that a resumed run needs, whole or not at all."""
    state = {
        "model": trained_weights(model),
        "optimizer": optimizer.state_dict(),
        "progress": vars(progress),
        "rng": torch.get_rng_state(),
        "gpu_rng": torch.cuda.get_rng_state_all(),
    }
    partial = path.with_suffix(".part")
    torch.save(state, partial)
    partial.replace(path)


def load_checkpoint(path: Path, model: ReaderModel, optimizer: torch.optim.Optimizer) -> Progress:
    """Restore model, optimizer and random state from `path`; FileNotFoundError if there is none."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"], strict=False)
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["rng"])
    if torch.cuda.is_available() and state.get("gpu_rng"):
        torch.cuda.set_rng_state_all(state["gpu_rng"])
    return Progress(**state["progress"])


def train(options: argparse.Namespace) -> Path:
    """Train as `options` say; returns the folder with the final weights.

    Raises FileNotFoundError where the data or, with `--resume`, the checkpoint is missing.
    """
    split = split_records(options.data, options.seed, options.sets)
    if options.written:
        split.train[WRITTEN] = read_written(options.data, "train")[-options.newest :]
        split.held[WRITTEN] = read_written(options.data, "held")
        split.train[FOLLOW_UPS] = [*read_follow_ups("train"), *follow_up_records(read_conversations("train"))]
        split.held[FOLLOW_UPS] = read_follow_ups("held")
    additions = _additions(options)
    tokenizer = AutoTokenizer.from_pretrained(packaged_model_folder())
    held = held_examples(split.held, options.seed, _QUICK)
    say(f"{len(held)} held-back pairs")
    return fit(
        options,
        steps_of(split, additions, options),
        lambda done: training_batches(split, additions, _other_words(split), tokenizer, options, done),
        losses,
        lambda model: _evaluate(model, held),
    )


def _additions(options: argparse.Namespace) -> Additions:
    dialogues = read_dialogues(options.data) if options.dialogues else []
    return Additions(dialogues, read_mined(options.mined) if options.mined else ())


def fit(
    options: argparse.Namespace,
    total: int,
    batches_from: Callable[[int], Iterator[Batch]],
    losses_of: Callable[[ReaderOutput, Batch], dict[str, Tensor]],
    evaluate: Callable[[ReaderModel], None],
) -> Path:
    """Train a network for `total` steps, with checkpoints; returns the folder with the final weights.

    :param batches_from: Yields the batches from a step on.
    :param losses_of: Names as in `WEIGHTS_OF_LOSSES`.
    :param evaluate: Is called now and then, and reports.
    """
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = load_reader(options.start) if options.start else ReaderModel()
    largest = options.batch_size * options.max_tokens * model.encoder.config.hidden_size
    dropouts = use_pooled_dropout(model, largest) if options.fast else []
    model = model.to(device)
    network: Callable[..., ReaderOutput] = model
    if options.fast:
        model.encoder.set_attn_implementation("eager")
        network = torch.compile(model, dynamic=True)
    optimizer = optimizer_for(model, options)
    checkpoint = options.output / CHECKPOINT
    progress = load_checkpoint(checkpoint, model, optimizer) if options.resume else Progress()
    options.output.mkdir(parents=True, exist_ok=True)
    say(f"{total} steps of {options.batch_size} on {device}, from step {progress.step}")
    sums: dict[str, float] = {}
    began, saved, counted = time.monotonic(), time.monotonic(), 0
    batches = batches_from(progress.step)
    while progress.step < total:
        batch = next(batches).to(device)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rate(progress.step, options.warm_up, options.decay_steps, total)
        for dropout in dropouts:
            dropout.renew()
        for name, value in _step(network, model, optimizer, batch, losses_of, options.fast).items():
            sums[name] = sums.get(name, 0.0) + value
        progress.step, counted = progress.step + 1, counted + 1
        progress.tokens += int(batch.attention_mask.sum())
        if progress.step % options.report_every == 0:
            means = ", ".join(f"{name} {value / counted:.3f}" for name, value in sums.items())
            speed = progress.tokens / (progress.seconds + time.monotonic() - began)
            say(f"step {progress.step}: {means}; {speed:.0f} tokens/s")
            sums, counted = {}, 0
        if time.monotonic() - saved > options.checkpoint_minutes * 60 or progress.step == total:
            now = time.monotonic()
            progress.seconds, began = progress.seconds + now - began, now
            save_checkpoint(checkpoint, model, optimizer, progress)
            save_reader(model, options.output / "latest")
            saved = time.monotonic()
        if progress.step % options.evaluate_every == 0 or progress.step == total:
            evaluate(model.eval())
    final = Path(options.output, "final")
    save_reader(model, final)
    return final


def _step(
    network: Callable[..., ReaderOutput],
    model: ReaderModel,
    optimizer: torch.optim.Optimizer,
    batch: Batch,
    losses_of: Callable[[ReaderOutput, Batch], dict[str, Tensor]],
    fast: bool,
) -> dict[str, float]:
    model.train()
    kind = batch.input_ids.device.type
    with torch.autocast(kind, torch.bfloat16, enabled=_in_16_bits(kind, fast)):
        output = network(batch.input_ids, batch.attention_mask, batch.token_type_ids, batch.text_mask)
    parts = losses_of(ReaderOutput(*(tensor.float() for tensor in output)), batch)
    loss = torch.stack([WEIGHTS_OF_LOSSES[name] * value for name, value in parts.items()]).sum()
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return {name: float(value.detach()) for name, value in parts.items()}


def _in_16_bits(kind: str, fast: bool) -> bool:
    """Whether matrices are multiplied in 16 bits: a processor without instructions for that takes hundreds of times as long."""
    return kind == "cuda" or (fast and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported()))


def _evaluate(model: ReaderModel, held: list[Example]) -> None:
    reader = TrainedReader(TorchNetwork(model), ReaderConfig())
    for source, figure in figures(reader, held).items():
        say(f"  held back {source}: {figure.line()}")


def say(text: str) -> None:
    """Report, with the time."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command's options; `--help` says what each means."""
    parser = argparse.ArgumentParser(prog="python -m assistant.reader.train", description="Train the reader.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the *.jsonl.gz training sets")
    parser.add_argument("--output", type=Path, required=True, help="folder for checkpoint, latest/ and final/ weights")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="training sets to use")
    parser.add_argument(
        "--made", type=int, nargs="+", default=[0], help="questions made by rule in the first pass, the second …"
    )
    parser.add_argument(
        "--presupposed", type=int, nargs="+", default=[0], help="the same of questions that take something for granted"
    )
    parser.add_argument("--parallel", type=int, nargs="+", default=[0], help="the same of questions for things of one kind")
    parser.add_argument("--mined", type=Path, metavar="FILE", help="also pairs of assistant.reader.mined")
    parser.add_argument("--written", action="store_true", help="also the questions written for this reader")
    parser.add_argument(
        "--newest", type=int, default=0, metavar="N", help="of these only the last N, which were learned the least"
    )
    parser.add_argument("--no-dialogues", dest="dialogues", action="store_false", help="without those of CANARD")
    add_training_options(parser)
    return parser.parse_args(arguments)


def add_training_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of every training run."""
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start", type=Path, help="weights to go on from: the final/ of another run of the same seed")
    parser.add_argument("--first-epoch", type=int, default=0, help="number of the first pass; each number draws other windows")
    parser.add_argument("--epochs", type=int, default=3, help="passes, each with windows drawn anew")
    parser.add_argument("--max-steps", type=int, help="stop after so many steps instead of --epochs")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--max-tokens", type=int, default=192)
    parser.add_argument("--learning-rate", type=float, default=8e-5, help="of the top layer; the heads learn at 5 times it")
    parser.add_argument("--layer-decay", type=float, default=0.9, help="factor of the rate from a layer to the one below")
    parser.add_argument("--warm-up", type=int, default=60, help="steps")
    parser.add_argument("--decay-steps", type=int, default=500, help="steps over which the rate falls to 0 at the end")
    parser.add_argument("--checkpoint-minutes", type=float, default=8)
    parser.add_argument("--evaluate-every", type=int, default=300, help="steps")
    parser.add_argument("--report-every", type=int, default=20, help="steps")
    parser.add_argument(
        "--fast",
        action="store_true",
        help="compiled, pooled dropout, 16 bits where the processor has them (thrice as fast with AMX); needs a C++ compiler",
    )
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --output")


def main() -> None:
    """Run the command."""
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = train(parse())
    say(f"weights in {folder}")


if __name__ == "__main__":
    main()
