"""How long an answer takes, against the bare retrieval of every tutorial, in one run on the same documents.

    python -m eval speed [--cases FILE] [--documents DIR] [--limit N]

Each question is put to each way in turn, so that all of them see the same state of the machine. Before the first counts,
some others are asked: models load and caches fill. No way finds a question embedded by another.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from assistant.chain import AnswerChain, extractive_chain
from assistant.conversation import resolve
from assistant.question import Question
from assistant.reader import joint, similarity
from assistant.reader.choice import calibrated_reader
from assistant.reader.joint import JointReader
from assistant.reader.nearness import Nearness
from assistant.reader.network import Network, Scores
from assistant.reader.pairs import EncodedPair
from assistant.reader.trained import WEIGHTS_FOLDER, TrainedReader
from eval.cases import Case
from eval.memory import resident
from eval.metrics import percentile
from eval.options import add_case_options, chosen_cases, chosen_folders, make_console, opened
from eval.retrieval import recipe_search
from eval.summary import Figures
from eval.tables import print_figures
from index import PassageIndex
from index.embeddings import SentenceTransformerEmbeddings

_WARM_UP = ("What is this about?", "Who wrote it?", "When was it written?")
_RECIPE_DEPTH = 5


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(prog="python -m eval speed", description="What an answer takes.")
    add_case_options(parser)
    options = parser.parse_args(arguments)
    cases = chosen_cases(options)
    with opened(chosen_folders(options), cases, options.data) as session:
        timings = measure_speed(session.index, session.embedder, cases, session.texts, session.advance)
    print_figures(make_console(), timings, "Speed")
    return 0


@dataclass
class Timing:
    """What a way of answering takes.

    Attributes:
        seconds: Of each question.
        tokens: Word pieces that the reader read for each.
        memory: Megabytes that the first question added to the program, after what the ways before it had loaded.
        weights: Megabytes on disk that the repository has for it.
    """

    seconds: list[float] = field(default_factory=list)
    tokens: list[float] = field(default_factory=list)
    memory: float = 0.0
    weights: float | None = None

    def summary(self, base: float) -> Figures:
        """Return median and 95th percentile in milliseconds, the median as a multiple of `base` seconds, and the rest."""
        median, high = percentile(self.seconds, 50), percentile(self.seconds, 95)
        return {
            "questions": len(self.seconds),
            "median, ms": None if median is None else 1000 * median,
            "95 %, ms": None if high is None else 1000 * high,
            "times the recipe": None if median is None else median / base,
            "tokens read, median": percentile(self.tokens, 50) if any(self.tokens) else None,
            "memory added, MB": self.memory or None,
            "weights on disk, MB": self.weights,
        }


class CountingNetwork:
    """Passes on to a network and counts the word pieces that it reads."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.tokens = 0

    def scores(self, pairs: Sequence[EncodedPair]) -> Scores:
        """Return what the network returns."""
        self.tokens += sum(len(pair.ids) for pair in pairs)
        return self._network.scores(pairs)


def measure_speed(
    index: PassageIndex,
    embedder: SentenceTransformerEmbeddings,
    cases: Sequence[Case],
    texts: Mapping[str, str],
    advance: Callable[[], None],
) -> dict[str, Figures]:
    """Return what each way of answering takes: the recipe's retrieval, our search, and whole answers with each reader."""
    counters: list[CountingNetwork] = []
    tutorial = SentenceTransformerEmbeddings(embedder.name, device="cpu")  # with torch, as in the tutorials
    chains = {name: _chain(index, embedder, name, counters) for name in (similarity.NAME, joint.NAME)}
    ways: dict[str, Callable[[Case], object]] = {
        "recipe": recipe_search(tutorial, texts, _RECIPE_DEPTH),
        "recipe, our embedder": recipe_search(embedder, texts, _RECIPE_DEPTH),
        "search": lambda case: index.search(resolve(Question.of(case.asked)), _RECIPE_DEPTH, documents=case.documents),
        "answer, similarity": lambda case: chains[similarity.NAME].invoke(case.asked),
        "answer, footnote": lambda case: chains[joint.NAME].invoke(case.asked),
    }
    timings = {name: Timing() for name in ways}
    timings["answer, footnote"].weights = sum(file.stat().st_size for file in WEIGHTS_FOLDER.iterdir()) / 1e6
    for name, ask in ways.items():
        before = resident()
        for text in _WARM_UP:
            ask(Case("warm-up", text))
        timings[name].memory = max(0.0, resident() - before)
    for case in cases:
        for name, ask in ways.items():
            embedder.forget()
            tutorial.forget()
            read = sum(counter.tokens for counter in counters)
            started = perf_counter()
            ask(case)
            timings[name].seconds.append(perf_counter() - started)
            timings[name].tokens.append(float(sum(counter.tokens for counter in counters) - read))
        advance()
    base = percentile(timings["recipe"].seconds, 50) or 1.0
    return {name: timing.summary(base) for name, timing in timings.items()}


def _chain(
    index: PassageIndex, embedder: SentenceTransformerEmbeddings, name: str, counters: list[CountingNetwork]
) -> AnswerChain:
    reader, calibration = calibrated_reader(name, embedder, index)
    if name == joint.NAME:

        def load() -> TrainedReader:
            return TrainedReader.load(wrap=wrap)

        def wrap(network: Network) -> Network:
            counters.append(CountingNetwork(network))
            return counters[-1]

        reader = JointReader(index, calibration.sentence_weights, load, Nearness(embedder))
    return extractive_chain(index, reader, calibration, embedder)
