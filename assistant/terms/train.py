"""Train the term selector: `python -m assistant.terms.train --data ../shared/training --output DIR`.

The reader's network (`assistant.reader.model`) with two of its heads: "evidence" marks the words of the conversation that a
question needs, "answerable" says whether it needs any.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from torch import Tensor
from torch.nn import functional
from transformers import AutoTokenizer, PreTrainedTokenizerBase
from transformers.utils import logging as transformers_logging

from assistant.reader.batches import Batch, batch_order, make_batch
from assistant.reader.conversations import read_conversations
from assistant.reader.data import Example
from assistant.reader.model import ReaderModel, ReaderOutput, TorchNetwork
from assistant.reader.train import add_training_options, fit, say
from assistant.reader.written import read_follow_ups
from assistant.terms.data import CANARD, Conversations, asked_after, asked_in, example_of, read_written, split_followups
from assistant.terms.figures import TermFigures, term_figures
from assistant.terms.followup import FollowUp, read_followups
from assistant.terms.selector import TermSelector
from corpus.tokens import packaged_model_folder

_TOKENS_A_LOSS = 20.0  # a scale only: words needed are few, and each should weigh
_THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6)


def losses(output: ReaderOutput, batch: Batch) -> dict[str, Tensor]:
    """The losses of one batch, each a scalar: whether words are needed, and which."""
    by_token = functional.binary_cross_entropy_with_logits(output.evidence, batch.evidence, reduction="none")
    return {
        "answerable": functional.binary_cross_entropy_with_logits(output.answerable, batch.answerable),
        "evidence": (by_token * batch.text_mask.float()).sum(-1).mean() / _TOKENS_A_LOSS,
    }


def epoch_of(followups: Sequence[FollowUp], conversations: Conversations, rng: random.Random, made: int) -> list[Example]:
    """One pass: every follow-up, half of them without the answers, and `made` conversations."""
    given = [one.without_answers() if rng.random() < 0.5 else one for one in followups]
    return [example_of(one) for one in (*given, *conversations.made(made, rng))]


def training_batches(
    followups: Sequence[FollowUp],
    conversations: Conversations,
    tokenizer: PreTrainedTokenizerBase,
    options: argparse.Namespace,
    done: int,
) -> Iterator[Batch]:
    """Batches for ever, from step `done` on; the same for the same seed and batch size."""
    step, epoch = 0, options.first_epoch
    while True:
        rng = random.Random(f"{options.seed}/{epoch}")
        examples = epoch_of(followups, conversations, rng, options.made)
        for indices in batch_order([len(one.question) + len(one.text) for one in examples], options.batch_size, rng):
            if step >= done:
                yield make_batch(tokenizer, [examples[index] for index in indices], options.max_tokens)
            step += 1
        epoch += 1


def train(options: argparse.Namespace) -> Path:
    """Train as `options` say; returns the folder with the final weights."""
    followups, held = split_followups(read_followups(options.data / CANARD), options.seed)
    sets = {"people": [one.without_answers() for one in held], "people and answers": held}
    if options.written:
        more, sets["written"] = split_followups(read_written(), options.seed)
        more += [*asked_after(read_follow_ups("train")), *asked_in(read_conversations("train"))]
        sets["after one or two"] = [*asked_after(read_follow_ups("held"))]
        sets["in conversations"] = [*asked_in(read_conversations("held"))]
        followups += more * options.written
    conversations = Conversations(options.data)
    tokenizer = AutoTokenizer.from_pretrained(packaged_model_folder())
    steps = -(-(len(followups) + options.made) // options.batch_size)
    return fit(
        options,
        options.max_steps if options.max_steps is not None else int(options.epochs * steps),
        lambda done: training_batches(followups, conversations, tokenizer, options, done),
        losses,
        lambda model: _evaluate(model, sets, conversations, options.seed),
    )


def _evaluate(model: ReaderModel, held: Mapping[str, Sequence[FollowUp]], conversations: Conversations, seed: int) -> None:
    selector = TermSelector(TorchNetwork(model))
    made = [*conversations.made(200, random.Random(f"{seed}/evaluate"))]
    for name, followups in {**held, "made": made}.items():
        scores = [selector.weigh(one.question, one.history) for one in followups]
        figures = {at: term_scores(followups, scores, at) for at in _THRESHOLDS}
        say(f"  held back {name}: " + ", ".join(f"{at}: {figure.f1:.3f}" for at, figure in figures.items()))


def term_scores(followups: Sequence[FollowUp], weights: Sequence[Mapping[str, float]], threshold: float) -> TermFigures:
    """How well the words at or above a threshold are those that are needed."""
    chosen = ({stem for stem, weight in weighed.items() if weight >= threshold} for weighed in weights)
    return term_figures((words, followup.terms) for words, followup in zip(chosen, followups, strict=True))


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command's options; `--help` says what each means."""
    parser = argparse.ArgumentParser(prog="python -m assistant.terms.train", description="Train the term selector.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the *.jsonl.gz training sets")
    parser.add_argument("--output", type=Path, required=True, help="folder for checkpoint, latest/ and final/ weights")
    parser.add_argument("--made", type=int, default=4000, help="conversations made anew for each pass")
    parser.add_argument(
        "--written", type=int, default=1, metavar="N", help="how often the written conversations come in a pass"
    )
    add_training_options(parser)
    return parser.parse_args(arguments)


def main() -> None:
    """Run the command."""
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    say(f"weights in {train(parse())}")


if __name__ == "__main__":
    main()
