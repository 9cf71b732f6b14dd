"""Figures on titles that were never trained on: does the reader decline, and does it find the sentence.

    python -m assistant.reader.heldout --data ../shared/training [--weights DIR]

prints those of the model card.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import roc_auc_score

from assistant.doubtful import doubtful_words
from assistant.reader.conversations import follow_up_records, read_conversations
from assistant.reader.data import SETS, Example, Passages, Record, split_records
from assistant.reader.sampling import evaluation_examples
from assistant.reader.spoken import spoken
from assistant.reader.trained import WEIGHTS_FOLDER, ReaderConfig, TrainedReader
from assistant.reader.twins import words_of
from assistant.reader.windows import overlaps, sentence_spans
from assistant.reader.written import FOLLOW_UPS, QUESTIONS_FOLDER, WRITTEN, read_follow_ups, read_written
from index.commands import run

_LIMITS = {"squad2": 400, "selqa": 100, "qed": 100, "covidqa": 100, "policyqa": 50, "medquad": 100}
"""Pairs of each set in the model card; of the written ones all."""


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


def told_words(reader: TrainedReader, examples: Sequence[Example]) -> tuple[int, float, float] | None:
    """Measure which words a reader holds to be why there is no answer, of questions that differ from an answered one by a few.

    :returns: How many such questions there are; the share of which one of these words is told (see `doubtful_words`); the
        share of the stretches told that have one. None if nothing is told.
    """
    twins = [example for example in examples if example.doubtful]
    readings = reader.read_pairs([(one.question, (one.heading, one.text, [])) for one in twins])
    told = [
        [any(word in one.doubtful for word in words_of(stretch)) for stretch in doubtful_words(one.question, reading.doubts)]
        for one, reading in zip(twins, readings, strict=True)
    ]
    stretches = [is_right for some in told for is_right in some]
    if not stretches:
        return None
    return len(twins), sum(map(any, told)) / len(twins), sum(stretches) / len(stretches)


def area(labels: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Area under the ROC curve, None unless both kinds of label are there."""
    return float(roc_auc_score(labels, scores)) if len(set(labels)) == 2 else None


def main(arguments: list[str] | None = None) -> int:
    """Measure weights on all that is held back, and print a row a set."""
    parser = argparse.ArgumentParser(
        prog="python -m assistant.reader.heldout", description="What weights make of the questions that are held back."
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/training"), metavar="DIR", help="the training sets")
    parser.add_argument(
        "--weights", type=Path, default=WEIGHTS_FOLDER, metavar="DIR", help="as shipped, or as training wrote them (32 bits)"
    )
    parser.add_argument("--written", type=Path, default=QUESTIONS_FOLDER, metavar="DIR", help="the questions written for it")
    parser.add_argument("--seed", type=int, default=7, help="of the training")
    options = parser.parse_args(arguments)
    reader = _reader(options.weights)
    held = split_records(options.data, options.seed, SETS).held | {WRITTEN: read_written(options.data, "held", options.written)}
    asked = read_follow_ups("held", options.written)
    talked = [*follow_up_records(read_conversations("held", options.written))]
    parts = {
        "": held,
        ", in conversation": {FOLLOW_UPS: [record for record in asked if record.before]},
        ", written out": {FOLLOW_UPS: [record for record in asked if not record.before]},
        ", in whole conversations": {FOLLOW_UPS: [record for record in talked if record.before]},
    }
    sys.stdout.write("| set | pairs | abstention | best sentence |\n|---|---|---|---|\n")
    for suffix, records in parts.items():
        for source, found in figures(reader, held_examples(records, options.seed, _LIMITS)).items():
            cells = ("-" if value is None else f"{value:.3f}" for value in (found.abstention, found.best_sentence))
            sys.stdout.write(f"| {source}{suffix} | {found.pairs:,} | {' | '.join(cells)} |\n")
    told = told_words(reader, held_examples({WRITTEN: held[WRITTEN]}, options.seed, _LIMITS))
    if told:
        sys.stdout.write(
            f"\nOf {told[0]:,} questions that differ from an answered one by a few words, one of them is told of {told[1]:.3f};"
            f" {told[2]:.3f} of the stretches told have one.\n"
        )
    return 0


def _reader(folder: Path) -> TrainedReader:
    from assistant.reader.model import WEIGHTS, TorchNetwork, load_reader

    if not (folder / WEIGHTS).is_file():
        return TrainedReader.load(folder)
    return TrainedReader(TorchNetwork(load_reader(folder)), ReaderConfig())


if __name__ == "__main__":
    sys.exit(run(main))
