"""Whether documents that differ are told from documents that agree, or speak of different things.

    python -m eval conflicts [--half tune|held|hard|fresh] [--mistakes]

`pairs.jsonl` has pairs of short documents written for this, with a question that both answer. In half of them they differ in a
number, a date, a unit or a denial. The rules of `assistant.rivals` were made on those called "tune"; "held" were written at the
same time and looked at later. As both were easy, "hard" were written, and when the rules were mended, "fresh". New, they had
7 and 9 of 10 differences found, and 5 and 3 false alarms in 10; the rules were mended on both since then, so that today's
figures of them flatter.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import Answer, AnswerChain, build_chain
from corpus import make_document
from eval.runner import indexed_documents
from index import Embedder, SentenceTransformerEmbeddings

PAIRS = Path(__file__).with_name("pairs.jsonl")
_DIFFER = ("The documents differ: ", "The document differs ")


@dataclass(frozen=True)
class Pair:
    """Two documents and a question.

    Attributes:
        id: Its name.
        half: Which part of the set it belongs to.
        question: What is asked of both.
        documents: Their texts by name.
        differ: A stretch of each that answers differently; empty where they do not differ.
    """

    id: str
    half: str
    question: str
    documents: dict[str, str]
    differ: tuple[str, ...]


def load_pairs(path: Path = PAIRS) -> list[Pair]:
    """Return the pairs of a file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Pair(row["id"], row["half"], row["question"], row["documents"], tuple(row["differ"])) for row in rows]


def ask(pair: Pair, embedder: Embedder) -> Answer:
    """Return the answer of the default chain over an index of the two documents."""
    kinds = {".md": "text/markdown"}
    documents = [
        make_document(name, text, media_type=kinds.get(Path(name).suffix, "text/plain"))
        for name, text in pair.documents.items()
    ]
    with indexed_documents(documents, embedder) as index:
        chain: AnswerChain = build_chain(index, embedder)
        return chain.invoke(pair.question)


def is_said_to_differ(answer: Answer) -> bool:
    """Whether an answer says that its sources differ."""
    return answer.notice.startswith(_DIFFER)


def mistake(pair: Pair, answer: Answer) -> str:
    """Return what is wrong with an answer, in words; empty if nothing is."""
    if is_said_to_differ(answer) != bool(pair.differ):
        return "not noticed" if pair.differ else "false alarm"
    cited = [citation.quote for citation in answer.citations]
    return "" if all(any(wanted in quote for quote in cited) for wanted in pair.differ) else "not both cited"


def main(arguments: Sequence[str]) -> int:
    """Print how many pairs were told right, and return the exit code."""
    pairs = load_pairs()
    parser = argparse.ArgumentParser(prog="python -m eval conflicts", description="Documents that differ, and that do not.")
    parser.add_argument("--half", choices=sorted({pair.half for pair in pairs}), help="these alone")
    parser.add_argument("--mistakes", action="store_true", help="name the pairs that were told wrong")
    options = parser.parse_args(arguments)
    embedder = SentenceTransformerEmbeddings()
    counts: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        if options.half in (None, pair.half):
            wrong = mistake(pair, ask(pair, embedder))
            counts[pair.half, wrong or ("both shown" if pair.differ else "quiet")] += 1
            if wrong and options.mistakes:
                sys.stdout.write(f"{pair.half} {pair.id}: {wrong}\n")
    kinds = ("both shown", "not both cited", "not noticed", "quiet", "false alarm")
    sys.stdout.write(f"| pairs | {' | '.join(kinds)} |\n|---|{'---:|' * len(kinds)}\n")
    for half in dict.fromkeys(half for half, _ in counts):
        sys.stdout.write(f"| {half} | {' | '.join(str(counts[half, kind]) for kind in kinds)} |\n")
    return 0
