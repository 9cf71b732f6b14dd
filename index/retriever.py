"""The index as a LangChain retriever, for chains that are not ours."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.retrieved import Retrieved
from index.store import PassageIndex, SearchMode


class PassageRetriever(BaseRetriever):
    """Returns passages as LangChain documents, best first.

    `page_content` is the passage's text; the metadata has `document`, `start`, `end`, `heading`, `page`, `score` and
    `signals`, so that a chain built on it can cite exactly.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: PassageIndex
    k: int = 10
    documents: Sequence[str] | None = None
    mode: SearchMode = SearchMode.HYBRID

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[LangChainDocument]:
        found = self.index.search(query, self.k, documents=self.documents, mode=self.mode)
        return [as_langchain(retrieved) for retrieved in found]


def as_langchain(retrieved: Retrieved) -> LangChainDocument:
    """Return a found passage as a LangChain document."""
    passage = retrieved.passage
    return LangChainDocument(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "document": retrieved.document,
            "start": passage.start,
            "end": passage.end,
            "heading": passage.heading,
            "page": passage.page,
            "score": retrieved.score,
            "signals": dict(retrieved.signals),
        },
    )
