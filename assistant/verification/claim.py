"""What a chat model says, the quotes it gives for it, and what the check of both comes to."""

from __future__ import annotations

from dataclasses import dataclass

from corpus import Span
from index import Retrieved


@dataclass(frozen=True)
class Quote:
    """A stretch of a passage, as a chat model gave it.

    Attributes:
        passage: The passage's id, as the model wrote it; it may be invented.
        text: The quoted words, as the model wrote them; they may be invented too.
    """

    passage: str
    text: str


@dataclass(frozen=True)
class Claim:
    """A statement of a chat model with its quotes.

    Attributes:
        text: The statement.
        quotes: What is said to support it; may be none.
    """

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Located:
    """Where a quote really stands.

    Attributes:
        item: The passage.
        span: Offsets into the text of the passage's document.
    """

    item: Retrieved
    span: Span


@dataclass(frozen=True)
class Verdict:
    """Whether a claim stands.

    Attributes:
        reason: Why it does not, in words for a person; empty if it stands.
        places: Where its quotes stand, those that were found.
        support: Log-odds of the reader that the quotes support it; None where the check ended before.
    """

    reason: str = ""
    places: tuple[Located, ...] = ()
    support: float | None = None

    @property
    def stands(self) -> bool:
        """Whether nothing speaks against the claim."""
        return not self.reason
