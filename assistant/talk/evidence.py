"""What was cited, shown again: in its context, or sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.talk.contents import Scope
from assistant.talk.memory import Place, by_document
from assistant.talk.quoting import Quote, overlap
from corpus import Document, Passage, Span
from index import Embedder


def in_context(places: Sequence[Place], scope: Scope) -> list[Quote]:
    """Return each place with the sentence before and after it, in its passage, and the place itself emphasised."""
    return [
        quote
        for name, spans in by_document(places).items()
        for quote in _contexts(scope.document(name), scope.passages(name), spans)
    ]


def whole_sentences(places: Sequence[Place], scope: Scope) -> list[Quote]:
    """Return the sentences that were cited; of a place without any, such as a heading, the place."""
    found: dict[Place, Quote] = {}
    for name, spans in by_document(places).items():
        document = scope.document(name)
        for span in spans:
            whole = [
                Quote(document, one, passage.heading)
                for passage in scope.passages(name)
                for one in passage.sentences
                if overlap(one, [span])
            ]
            for quote in whole or [Quote(document, span)]:
                found.setdefault((name, quote.span), quote)
    return list(found.values())


def nearest_sentence(asked: str, quotes: Sequence[Quote], embedder: Embedder) -> Quote:
    """Return the one of some sentences, at least one, that is nearest to a question."""
    likeness = embedder.encode([quote.text for quote in quotes]) @ embedder.encode([asked], query=True)[0]
    return quotes[int(likeness.argmax())]


def _contexts(document: Document, passages: Sequence[Passage], spans: Sequence[Span]) -> Iterator[Quote]:
    left = set(spans)
    for passage in passages:
        cited = [place for place, sentence in enumerate(passage.sentences) if overlap(sentence, spans)]
        if not cited:
            continue
        shown = passage.sentences[max(cited[0] - 1, 0) : cited[-1] + 2]
        span = (shown[0][0], shown[-1][1])
        emphasis = (passage.sentences[cited[0]][0], passage.sentences[cited[-1]][1])
        is_one = cited == list(range(cited[0], cited[-1] + 1)) and emphasis != span
        left -= {one for one in left if overlap(one, [span])}
        yield Quote(document, span, passage.heading, emphasis if is_one else None)
    for span in sorted(left):
        yield Quote(document, span)
