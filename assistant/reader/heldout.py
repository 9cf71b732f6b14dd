"""Figures on titles that were never trained on: does the reader decline, and does it find the sentence."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sklearn.metrics import roc_auc_score

from assistant.reader.data import Example, Passages, Record
from assistant.reader.sampling import evaluation_examples
from assistant.reader.spoken import spoken
from assistant.reader.trained import TrainedReader
from assistant.reader.windows import overlaps, sentence_spans


@dataclass(frozen=True)
class Figures:
    """Figures of one set; shares and areas from 0 to 1, None where the set has no such cases.

    `abstention`: area under the curve of the answerable logit; `best_sentence`: how often the best-scored sentence of an
    answering passage is evidence; `sentences`: area under the curve of sentence scores within answering passages.
    """

    pairs: int
    abstention: float | None
    best_sentence: float | None
    sentences: float | None

    def line(self) -> str:
        """The figures as one line of text."""
        parts = [f"{self.pairs} pairs"]
        named = {"abstention": self.abstention, "best sentence": self.best_sentence, "sentence AUROC": self.sentences}
        parts += [f"{name} {value:.3f}" for name, value in named.items() if value is not None]
        return ", ".join(parts)


def held_examples(held: dict[str, list[Record]], seed: int, limits: dict[str, int]) -> list[Example]:
    """Held-back pairs, the same for the same seed: at most `limits[set]` of each set (all where no limit is named)."""
    chosen: list[Example] = []
    for source, rows in sorted(held.items()):
        if not rows:
            continue
        rng = random.Random(f"held/{seed}/{source}")
        made = evaluation_examples(rows, Passages(), rng)
        rng.shuffle(made)
        chosen.extend(made[: limits.get(source, len(made))])
    return chosen


def figures(reader: TrainedReader, examples: Sequence[Example]) -> dict[str, Figures]:
    """Read all `examples` and return the figures by set name."""
    sentences = [sentence_spans(example.text) for example in examples]
    readings = reader.read_pairs(
        [
            (spoken(one.question, one.before), (one.heading, one.text, spans))
            for one, spans in zip(examples, sentences, strict=True)
        ]
    )
    places: dict[str, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        places[example.source].append(place)
    result: dict[str, Figures] = {}
    for source, those in places.items():
        hits: list[float] = []
        scores: list[float] = []
        labels: list[bool] = []
        for place in those:
            example, logits = examples[place], readings[place].sentence_logits
            if not example.answerable or not example.evidence or len(logits) < 2:
                continue
            truth = [any(overlaps(span, marked) for marked in example.evidence) for span in sentences[place]]
            hits.append(truth[max(range(len(logits)), key=logits.__getitem__)])
            scores.extend(logits)
            labels.extend(truth)
        result[source] = Figures(
            len(those),
            area([examples[place].answerable for place in those], [readings[place].answerable_logit for place in those]),
            sum(hits) / len(hits) if hits else None,
            area(labels, scores),
        )
    return result


def area(labels: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Area under the ROC curve, None unless both kinds of label are there."""
    return float(roc_auc_score(labels, scores)) if len(set(labels)) == 2 else None
