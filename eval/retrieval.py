"""Compares searches on the same cases in one run: ours, its two halves, and the recipe of every tutorial.

The recipe: LangChain's recursive splitter at 1,000 characters with 200 of overlap, Chroma, all-MiniLM-L6-v2, nearest first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import uuid4

import numpy as np

from assistant.conversation import resolve
from assistant.question import Question
from eval.cases import Case
from eval.metrics import Span, auroc, mean_defined
from eval.scoring import find_evidence, retrieval_values
from eval.summary import Figures
from index import Embedder, PassageIndex, SearchMode

DEPTH = 10
Search = Callable[[Case], tuple[list[Span], float]]
"""From a case to the places found, best first, and the score of the best."""


def compare_searches(
    index: PassageIndex, embedder: Embedder, cases: Sequence[Case], texts: Mapping[str, str]
) -> dict[str, Figures]:
    """Return, for each search, its mean figures and the AUROC of its best score as a sign that a case is answerable."""
    searches: dict[str, Search] = {
        "recipe": recipe_search(embedder, texts),
        **{mode.value: index_search(index, mode) for mode in (SearchMode.DENSE, SearchMode.LEXICAL, SearchMode.HYBRID)},
    }
    return {name: _measure(search, cases, texts) for name, search in searches.items()}


def _measure(search: Search, cases: Sequence[Case], texts: Mapping[str, str]) -> Figures:
    rows: list[dict[str, float | None]] = []
    best: list[float] = []
    for case in cases:
        found, top = search(case)
        best.append(top)
        rows.append(retrieval_values(case, find_evidence(case, texts), found))
    summary: Figures = {"cases": len(rows)}
    summary |= {
        name: mean_defined(row[name] for row in rows)
        for name in ("hit@1", "hit@5", "MRR@10", "nDCG@10", "recall@1", "recall@5")
    }
    summary["AUROC"] = auroc(best, [case.answerable for case in cases])
    return summary


def index_search(index: PassageIndex, mode: SearchMode) -> Search:
    """Return our search for the first `DEPTH` passages, with the resolved question."""

    def search(case: Case) -> tuple[list[Span], float]:
        question = Question.of(case.asked)
        found = index.search(resolve(question), DEPTH, documents=question.documents, mode=mode)
        places = [Span(item.document, item.passage.start, item.passage.end) for item in found]
        return places, found[0].score if found else 0.0

    return search


def recipe_search(embedder: Embedder, texts: Mapping[str, str], depth: int = DEPTH) -> Search:
    """Return the tutorial recipe's search over `texts` for the first `depth` chunks, with the question as it was asked last."""
    import chromadb
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    names = list(texts)
    chunks = splitter.create_documents([texts[name] for name in names], [{"document": name} for name in names])
    client = chromadb.EphemeralClient()  # all of a process share one store, hence a name of its own each time
    collection = client.create_collection(
        f"recipe-{uuid4()}", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    vectors = embedder.encode([chunk.page_content for chunk in chunks])
    for first in range(0, len(chunks), 1000):
        part = chunks[first : first + 1000]
        collection.upsert(
            ids=[str(first + number) for number in range(len(part))],
            embeddings=vectors[first : first + 1000],
            metadatas=[chunk.metadata for chunk in part],
        )

    def search(case: Case) -> tuple[list[Span], float]:
        vector: np.ndarray = embedder.encode([case.question], query=True)
        where = None if case.documents is None else {"document": {"$in": list(case.documents)}}
        found = collection.query(query_embeddings=vector, n_results=depth, where=where, include=["distances"])  # type: ignore[arg-type]
        hits = [chunks[int(key)] for key in found["ids"][0]]
        places = [
            Span(hit.metadata["document"], hit.metadata["start_index"], hit.metadata["start_index"] + len(hit.page_content))
            for hit in hits
        ]
        distances = found["distances"] or [[1.0]]
        return places, 1.0 - float(distances[0][0]) if hits else 0.0

    return search
