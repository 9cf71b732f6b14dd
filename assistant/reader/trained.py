"""Read passages for a question: does each answer, which sentences do, and what is the shortest answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from assistant.reader.batches import cut_question, passage_text
from assistant.reader.model import ReaderConfig, ReaderModel, base_folder, load_reader
from assistant.reader.windows import Span

Context = tuple[str, str, Sequence[Span]]
_BATCH = 16
_UNREAD = -20.0  # the score of a sentence that was cut away, well below any that was read


@dataclass(frozen=True)
class Reading:
    """What the reader thinks of one passage.

    `answerable_logit` and `sentence_logits` are log-odds, above 0 for more likely than not (uncalibrated); a sentence
    beyond the token limit scores -20. `answer_span` is (start, end, margin): characters of the passage's text, and by how
    much it beats "no answer here"; None if no text was read.
    """

    answerable_logit: float
    sentence_logits: list[float]
    answer_span: tuple[int, int, float] | None


@dataclass(frozen=True)
class _Encoded:
    """One tokenised pair; all lists have one entry a token, `spans` are characters of the passage's text."""

    input_ids: list[int]
    token_type_ids: list[int]
    attention_mask: list[int]
    text_mask: list[int]
    spans: list[Span]


class TrainedReader:
    """The shipped reader, ready to read. It keeps no state between calls, so threads may share it."""

    def __init__(self, model: ReaderModel, tokenizer: PreTrainedTokenizerBase, config: ReaderConfig) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._config = config

    @classmethod
    def load(cls, folder: Path | str) -> "TrainedReader":
        """Load the weights in `folder`; raises what `model.load_reader` raises."""
        model, config = load_reader(Path(folder))
        return cls(model, AutoTokenizer.from_pretrained(base_folder(config.base_package)), config)

    def read(self, question: str, contexts: Sequence[Context]) -> list[Reading]:
        """One reading for each context (heading, text, spans of its sentences in the text), in the order given."""
        return self.read_pairs([(question, context) for context in contexts])

    def read_pairs(self, pairs: Sequence[tuple[str, Context]]) -> list[Reading]:
        """Like `read` for (question, context) pairs of different questions, batched by length."""
        encoded = [self._encode(question, heading, text) for question, (heading, text, _) in pairs]
        order = sorted(range(len(pairs)), key=lambda index: len(encoded[index].input_ids))
        readings: list[Reading | None] = [None] * len(pairs)
        for at in range(0, len(order), _BATCH):
            part = order[at : at + _BATCH]
            output = self._forward([encoded[index] for index in part])
            for row, index in enumerate(part):
                readings[index] = self._reading(encoded[index], pairs[index][1][2], [tensor[row] for tensor in output])
        return [reading for reading in readings if reading is not None]

    def _encode(self, question: str, heading: str, text: str) -> _Encoded:
        passage, shift = passage_text(heading, text)
        encoded = self._tokenizer(
            cut_question(question),
            passage,
            truncation="only_second",
            max_length=self._config.max_tokens,
            return_offsets_mapping=True,
        )
        spans = [(start - shift, end - shift) for start, end in encoded["offset_mapping"]]
        inside = [int(kind == 1 and end > 0) for kind, (_, end) in zip(encoded.sequence_ids(0), spans, strict=True)]
        return _Encoded(encoded["input_ids"], encoded["token_type_ids"], encoded["attention_mask"], inside, spans)

    def _forward(self, rows: Sequence[_Encoded]) -> Sequence[Tensor]:
        longest = max(len(row.input_ids) for row in rows)
        device = self._model.answerable.weight.device

        def padded(lists: Iterable[list[int]], fill: int = 0) -> Tensor:
            return torch.tensor([one + [fill] * (longest - len(one)) for one in lists], device=device)

        with torch.inference_mode():
            output = self._model(
                padded((row.input_ids for row in rows), self._tokenizer.pad_token_id),
                padded(row.attention_mask for row in rows),
                padded(row.token_type_ids for row in rows),
                padded(row.text_mask for row in rows),
            )
        return [tensor.float().cpu() for tensor in output]

    def _reading(self, encoded: _Encoded, sentences: Sequence[Span], row: Sequence[Tensor]) -> Reading:
        answerable, evidence, starts, ends = row
        spans, inside = encoded.spans, encoded.text_mask
        places = [place for place, ok in enumerate(inside) if ok]
        logits = [self._pooled(evidence, [at for at in places if start <= spans[at][0] < end]) for start, end in sentences]
        best = best_span(starts, ends, places, self._config.answer_tokens)
        answer = None if best is None else (max(0, spans[best[0]][0]), spans[best[1]][1], best[2])
        return Reading(float(answerable), logits, answer)

    def _pooled(self, evidence: Tensor, places: Sequence[int]) -> float:
        if not places:
            return _UNREAD
        scores = evidence[list(places)]
        if self._config.pooling == "max":
            return float(scores.max())
        if self._config.pooling == "logsumexp":
            return float(scores.logsumexp(0))
        return float(scores.mean())


def best_span(starts: Tensor, ends: Tensor, places: Sequence[int], longest: int) -> tuple[int, int, float] | None:
    """The best-scored answer: first and last token place, and its margin over "no answer"; None without text tokens.

    `places` are neighbouring token places of the text, in order; `longest` is in tokens.
    """
    if not places:
        return None
    first, last = places[0], places[-1] + 1
    pairs = starts[first:last, None] + ends[None, first:last]
    allowed = torch.ones_like(pairs, dtype=torch.bool).triu().tril(longest - 1)
    pairs = pairs.masked_fill(~allowed, float("-inf"))
    flat = int(pairs.argmax())
    start, end = divmod(flat, last - first)
    return first + start, first + end, float(pairs[start, end] - starts[0] - ends[0])
