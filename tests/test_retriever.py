"""The LangChain face of the index: a retriever whose documents can be cited exactly."""

from __future__ import annotations

import asyncio

from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda

from corpus import Document
from index import PassageIndex, SearchMode
from index.retriever import PassageRetriever

QUESTION = "What do immunosuppressants do?"


def test_it_returns_what_the_index_finds_in_the_same_order(article_index: PassageIndex) -> None:
    retriever = PassageRetriever(index=article_index, k=4)
    documents = retriever.invoke(QUESTION)
    assert isinstance(retriever, BaseRetriever)
    assert [one.id for one in documents] == [found.passage.id for found in article_index.search(QUESTION, 4)]
    assert len(documents) == 4


def test_a_document_says_where_it_stands_so_that_it_can_be_cited(article_index: PassageIndex, article: Document) -> None:
    best = PassageRetriever(index=article_index).invoke(QUESTION)[0]
    place = best.metadata
    assert set(place) == {"document", "start", "end", "heading", "page", "score", "signals"}
    assert article.text[place["start"] : place["end"]] == best.page_content
    assert (place["document"], place["page"]) == ("immunotherapy.txt", None)
    assert place["heading"] == "Immunotherapy preparation › Immunomodulatory therapy"
    assert set(place["signals"]) == {"dense", "lexical"}


def test_scope_and_mode_are_passed_on(article_index: PassageIndex) -> None:
    words = PassageRetriever(index=article_index, documents=["immunotherapy.txt"], mode=SearchMode.LEXICAL).invoke(
        "cyclosporine"
    )
    assert [set(one.metadata["signals"]) for one in words] == [{"lexical"}]
    assert PassageRetriever(index=article_index, documents=[]).invoke("cyclosporine") == []


def test_it_can_be_batched_awaited_and_chained(article_index: PassageIndex) -> None:
    retriever = PassageRetriever(index=article_index, k=1)
    (first,) = retriever.invoke(QUESTION)
    assert retriever.batch([QUESTION, QUESTION]) == [[first], [first]]
    assert asyncio.run(retriever.ainvoke(QUESTION)) == [first]
    chain = retriever | RunnableLambda(lambda documents: documents[0].page_content)
    assert chain.invoke(QUESTION) == first.page_content
