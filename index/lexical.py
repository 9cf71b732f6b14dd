"""Words in tantivy: BM25 over stems, the one module that knows it.

A question is never given to tantivy's query parser, which has a syntax of its own; its words become terms one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import tantivy

from corpus.document import Passage
from corpus.errors import IndexStoreError

_ANALYZER = "footnote"
_HEADING_WEIGHT = 0.5  # of a word's score where it stands in the heading path; see docs/log.md
_WRITER_MEMORY = 64_000_000  # bytes; tantivy's smallest is 15 MB a thread
_LONGEST_TERM = 60  # characters

STOP_WORDS = frozenset(
    "a about above all also am an and any are as at be because been being both but by can could did do does doing done "
    "either etc for from had has have having he her here hers him his how i if in into is it its itself just may me might "
    "mine more most much must my no nor not of off on once one only or other our ours out over own please same shall she "
    "should so some such tell than that the their theirs them then there these they this those through to too under until "
    "up us very was we were what when where which while who whom whose why will with would you your yours".split()
)
"""Words that say nothing of the subject of a question. Compared before stemming."""


@lru_cache(maxsize=1)
def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_TERM))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def stems(text: str) -> list[str]:
    """Return the stems of every word of `text`, in order, as they are indexed."""
    return list(_analyzer().analyze(text))


def content_stems(text: str) -> list[str]:
    """Return the stems of the words of `text` that carry its subject, each once; of all its words if none does."""
    words = [word for word in _plain_words(text) if word not in STOP_WORDS]
    return list(dict.fromkeys(stems(" ".join(words)) or stems(text)))


@lru_cache(maxsize=1)
def _plain_analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .build()
    )


def _plain_words(text: str) -> list[str]:
    return list(_plain_analyzer().analyze(text))


class LexicalIndex:
    """A tantivy index of passages in a folder."""

    def __init__(self, folder: Path) -> None:
        """
        :param folder: Where the index is; made if it is missing.
        :raises IndexStoreError: it cannot be opened or is not one of ours.
        """
        self._folder = folder
        self._schema = _schema()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(folder))
        except (ValueError, OSError) as error:
            raise self._error("opened", error) from error
        self._index.register_tokenizer(_ANALYZER, _analyzer())
        self.reopen()

    def _error(self, what: str, error: Exception) -> IndexStoreError:
        reason = str(error).strip().splitlines()[0][:200]
        if what in ("written", "cleared"):
            hint = "Nothing that was stored is lost. Check the disk's space and the folder's permissions."
        else:
            hint = "Make it afresh with `python -m index rebuild` (the stored texts are kept)."
        return IndexStoreError(f"The word index in {self._folder} cannot be {what}: {reason}. {hint}")

    def update(self, add: Iterable[Passage] = (), remove: Iterable[str] = ()) -> None:
        """Remove all passages of the documents `remove`, then add passages, in one commit."""
        try:
            writer = self._index.writer(_WRITER_MEMORY, 1)
            for document_id in remove:
                writer.delete_documents_by_term("document_id", document_id)
            for passage in add:
                writer.add_document(
                    tantivy.Document(
                        passage_id=passage.id, document_id=passage.document_id, heading=passage.heading, text=passage.text
                    )
                )
            writer.commit()
            writer.wait_merging_threads()
        except (ValueError, OSError) as error:
            raise self._error("written", error) from error
        self.reopen()

    def search(self, terms: Sequence[str], count: int, document_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Return (passage id, BM25 score) for the passages with any of these stems, best first, within `document_ids`.

        The scores are BM25 (Robertson and Zaragoza 2009, k1 1.2, b 0.75) of the text plus half that of the heading path.
        """
        if not terms or document_ids is not None and not document_ids:
            return []
        should = [(tantivy.Occur.Should, self._term("text", term)) for term in terms]
        should += [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term("heading", term), _HEADING_WEIGHT)) for term in terms
        ]
        query = tantivy.Query.boolean_query(should)
        if document_ids is not None:
            scope = tantivy.Query.term_set_query(self._schema, "document_id", list(document_ids))
            unscored = tantivy.Query.const_score_query(scope, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)])
        searcher = self._index.searcher()
        found = searcher.search(query, max(count, 1), count=False).hits
        return [(str(searcher.doc(address)["passage_id"][0]), float(score)) for score, address in found]

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, "freq")

    def frequency(self, term: str) -> int:
        """Return the number of passages whose text holds this stem; removed ones count until tantivy merges its files."""
        return int(self._index.searcher().doc_freq("text", term))

    def count(self) -> int:
        """Return the number of passages stored."""
        return int(self._index.searcher().num_docs)

    def clear(self) -> None:
        """Remove everything."""
        try:
            writer = self._index.writer(_WRITER_MEMORY, 1)
            writer.delete_all_documents()
            writer.commit()
            writer.wait_merging_threads()
        except (ValueError, OSError) as error:
            raise self._error("cleared", error) from error
        self.reopen()

    def reopen(self) -> None:
        """See what has been committed, by this process or another."""
        self._index.reload()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage_id", stored=True, tokenizer_name="raw")
    builder.add_text_field("document_id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("heading", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()
