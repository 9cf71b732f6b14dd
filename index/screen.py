"""What the commands of the index show while they work: lines on standard output, failures and bars on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from corpus.display import printable
from index.store import ProgressCallback

if TYPE_CHECKING:
    from rich.progress import Progress


class Screen:
    """Lines and bars of `python -m index add`. In a pipe there are no bars.

    Attributes:
        failures: What could not be read, and why.
    """

    def __init__(self, *, is_immediate: bool = False) -> None:
        """
        :param is_immediate: Write failures as they come, and not at the end.
        """
        self.failures: list[str] = []
        self._is_immediate = is_immediate
        self._bars: Progress | None = None

    def say(self, line: str) -> None:
        """Write a line, at once: another program may be waiting for it."""
        sys.stdout.write(f"{printable(line)}\n")
        sys.stdout.flush()

    def fail(self, message: str) -> None:
        """Note a failure."""
        self.failures.append(message)
        if self._is_immediate:
            self.write_failures()
            self.failures.clear()

    def write_failures(self) -> None:
        """Write the failures, a paragraph each."""
        sys.stderr.write("".join(f"error: {printable(failure)}\n" for failure in self.failures))
        sys.stderr.flush()

    def read(self, done: int, total: int) -> None:
        """So many files are read of so many."""
        if self._bars:
            self._bars.update(self._bars.task_ids[0], completed=done, total=total)

    def embedded(self, more: int) -> None:
        """So many more passages are embedded."""
        if self._bars:
            self._bars.advance(self._bars.task_ids[1], more)

    @contextmanager
    def bars(self) -> Iterator[None]:
        """Show two bars on a terminal: files read, passages embedded."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        is_shown = console.is_terminal and sys.stdout.isatty()  # else the lines that go to a file would show up in its place
        with Progress(*columns, console=console, transient=True, disable=not is_shown) as self._bars:
            self._bars.add_task("files read", total=None)
            self._bars.add_task("passages embedded", total=None)
            try:
                yield
            finally:
                self._bars.stop()
        self._bars = None


@contextmanager
def progress_bar(label: str) -> Iterator[ProgressCallback]:
    """Show a bar on a terminal; say nothing in a pipe."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def update(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=printable(name).replace("[", "\\["))

        yield update
