"""What the index says of a change and of its own state."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class AddReport:
    """What an `add` did, as names of documents."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    unchanged: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndexStatus:
    """The state of an index, to look at."""

    folder: Path
    embedder: str
    splitter: str
    documents: int
    passages: int
    vectors: int
    words: int
    generation: int

    @property
    def is_consistent(self) -> bool:
        """Whether both stores hold as many passages as the manifest says."""
        return self.passages == self.vectors == self.words


class AddOutcome:
    """Collects what an `add` does."""

    def __init__(self) -> None:
        self.added: list[str] = []
        self.changed: list[str] = []
        self.renamed: list[tuple[str, str]] = []
        self.unchanged: list[str] = []

    def report(self) -> AddReport:
        """Return what was collected."""
        return AddReport(tuple(self.added), tuple(self.changed), tuple(self.renamed), tuple(self.unchanged))
