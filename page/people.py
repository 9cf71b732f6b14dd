"""Whose page it is: the documents a person sees, and the chain that answers from these and no others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from assistant import AnswerChain
from index import IndexView, Library, PassageIndex
from index.manifest import DocumentRecord
from index.store import SHARED

_KEPT = 64  # people whose chains are kept; a chain shares its models with all others


@dataclass(frozen=True)
class Person:
    """Somebody at the page.

    Attributes:
        owner: Their key (see `browsers.owner_of`); empty for a browser that keeps no cookies.
        library: The documents they see.
        view: The same, to be added to and removed from; None without an owner.
        chain: What answers them.
    """

    owner: str
    library: Library
    view: IndexView | None
    chain: AnswerChain

    def is_own(self, record: DocumentRecord) -> bool:
        """Whether a document is theirs alone, to be removed by them."""
        return record.owner != SHARED and record.owner == self.owner


class People:
    """Makes what a person needs when they first come. May be shared between threads."""

    def __init__(self, index: PassageIndex, make_chain: Callable[[Library], AnswerChain]) -> None:
        self._index = index
        self._make_chain = make_chain
        self.of = lru_cache(maxsize=_KEPT)(self._make)

    def _make(self, owner: str) -> Person:
        if owner == SHARED:
            return Person(owner, self._index, None, self._make_chain(self._index))
        view = IndexView(self._index, owner)
        return Person(owner, view, view, self._make_chain(view))
