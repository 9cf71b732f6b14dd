"""From examples to tensors: token labels for evidence and answers, and batches of like length."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from assistant.reader.data import Example
from assistant.reader.pairs import cut_question, passage_text
from assistant.reader.spoken import spoken
from assistant.reader.twins import WORD
from assistant.reader.windows import Span, overlaps

_MEGABATCH = 40  # batches that are sorted by length together


@dataclass(frozen=True)
class Batch:
    """Tensors of one step, all (batch, tokens) but where said.

    `answerable` (batch,) 0 or 1; `known` (batch,) 0 where truncation cut the evidence away; `evidence` 0 or 1;
    `evidence_weight` 0 where tokens do not count; `start`, `end` (batch,) token places, 0 for no answer, -100 to leave out;
    `doubt` 1 on the question's words for which it has no answer, `doubt_weight` 0 where that is not known.
    """

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    text_mask: Tensor
    answerable: Tensor
    known: Tensor
    evidence: Tensor
    evidence_weight: Tensor
    start: Tensor
    end: Tensor
    doubt: Tensor
    doubt_weight: Tensor

    def to(self, device: torch.device) -> "Batch":
        """The same batch on another device."""
        return Batch(**{name: tensor.to(device) for name, tensor in vars(self).items()})


def make_batch(tokenizer: PreTrainedTokenizerBase, examples: Sequence[Example], max_tokens: int) -> Batch:
    """Tokenise and label `examples`, padded to the longest; texts are cut where a pair has more than `max_tokens`."""
    texts = [passage_text(example.heading, example.text) for example in examples]
    asked = [cut_question(spoken(example.question, example.before)) for example in examples]
    encoded = tokenizer(
        asked,
        [text for text, _ in texts],
        truncation="only_second",
        max_length=max_tokens,
        padding=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets = encoded["offset_mapping"].tolist()
    labels, doubts = [], []
    for row, (example, question, (_, shift)) in enumerate(zip(examples, asked, texts, strict=True)):
        kinds = encoded.sequence_ids(row)
        inside = [kind == 1 and end > shift for kind, (_, end) in zip(kinds, offsets[row], strict=True)]
        labels.append(_token_labels(example, [(s - shift, e - shift) for s, e in offsets[row]], inside))
        doubts.append(_doubt_labels(example, question, offsets[row], [kind == 0 for kind in kinds]))
    text_mask, evidence, weight, start, end, known = (list(column) for column in zip(*labels, strict=True))
    doubt, doubt_weight = (list(column) for column in zip(*doubts, strict=True))
    return Batch(
        input_ids=encoded["input_ids"],
        attention_mask=encoded["attention_mask"],
        token_type_ids=encoded["token_type_ids"],
        text_mask=torch.tensor(text_mask),
        answerable=torch.tensor([float(example.answerable) for example in examples]),
        known=torch.tensor(known),
        evidence=torch.tensor(evidence),
        evidence_weight=torch.tensor(weight),
        start=torch.tensor(start),
        end=torch.tensor(end),
        doubt=torch.tensor(doubt),
        doubt_weight=torch.tensor(doubt_weight),
    )


def _doubt_labels(
    example: Example, question: str, offsets: Sequence[Span], own: Sequence[bool]
) -> tuple[list[float], list[float]]:
    """Labels and weights of the question's tokens, `own`: the doubtful words weigh as much as the others together."""
    count = max(1, sum(own))
    nothing = [0.0] * len(own)
    if example.answerable:
        return nothing, [ok / count for ok in own]
    at = _places(question, example.doubtful)
    doubtful = [float(ok and any(overlaps(offset, span) for span in at)) for ok, offset in zip(own, offsets, strict=True)]
    marked = sum(doubtful)
    if not marked:
        return nothing, nothing
    others = max(1.0, count - marked)
    weight = [ok * (0.5 / marked if is_marked else 0.5 / others) for ok, is_marked in zip(own, doubtful, strict=True)]
    return doubtful, weight


def _places(question: str, words: Sequence[str]) -> list[Span]:
    """Where the words stand in a question."""
    return [found.span() for found in WORD.finditer(question) if found.group().lower() in words]


def _token_labels(
    example: Example, offsets: Sequence[Span], inside: Sequence[bool]
) -> tuple[list[bool], list[float], list[float], int, int, float]:
    marked = example.evidence or ()
    evidence = [
        float(ok and any(overlaps(offset, span) for span in marked)) for ok, offset in zip(inside, offsets, strict=True)
    ]
    count = max(1, sum(inside))
    weight = [ok / count if example.evidence is not None else 0.0 for ok in inside]
    known = 0.0 if marked and not any(evidence) else 1.0
    start, end = (-100, -100) if example.answerable else (0, 0)
    for answer in example.answers:
        touched = [place for place, ok in enumerate(inside) if ok and overlaps(offsets[place], answer)]
        if touched and offsets[touched[-1]][1] >= answer[1]:
            start, end = touched[0], touched[-1]
            break
    return list(inside), evidence, weight, start, end, known


def batch_order(lengths: Sequence[int], size: int, rng: random.Random) -> Iterator[list[int]]:
    """Index lists of batches of `size` examples of like length, in random order; every example once.

    Sorting only within groups of 40 batches keeps the order random enough to learn from.
    """
    order = list(range(len(lengths)))
    rng.shuffle(order)
    batches: list[list[int]] = []
    for at in range(0, len(order), size * _MEGABATCH):
        group = sorted(order[at : at + size * _MEGABATCH], key=lambda index: lengths[index])
        cut = [group[place : place + size] for place in range(0, len(group), size)]
        rng.shuffle(cut)
        batches.extend(cut)
    yield from batches
