"""What a search returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.document import Passage


@dataclass(frozen=True)
class Retrieved:
    """A passage that was found, and why.

    Attributes:
        passage: What was found.
        document: The name of its document.
        score: Decides the order; larger is better. Comparable within one search only.
        rank: Place in the result, counted from 1.
        signals: What the score was made of: `dense` is the cosine of question and passage (-1..1), `lexical` the BM25
            score (0 and up). A signal is absent where the passage was not found by it.
        page_label: What a person calls the page that it starts on: "page 3", "sheet Prices"; empty where there are no pages.
    """

    passage: Passage
    document: str
    score: float
    rank: int
    signals: Mapping[str, float] = field(default_factory=dict)
    page_label: str = ""
