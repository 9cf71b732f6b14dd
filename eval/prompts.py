"""Questions to a person at the terminal, with a way back, a way out, and help at each."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from corpus.errors import SettingsError
from index.commands import printable

Read = Callable[[str], str]
"""Shows a prompt and returns what was typed: `input`, or `Console.input` of rich (no prompt holds markup)."""

_HELP_CONFIRM = "y for yes, n for no; an empty line takes the one in capitals."


class Back(Exception):
    """The person goes back to the prompt before."""


class Ended(Exception):
    """The person ends the session."""


class Terminal:
    """Asks and says, with whatever documents and people wrote made harmless."""

    def __init__(self, read: Read, console: Console) -> None:
        self._read = read
        self._console = console

    def say(self, text: str, style: str = "", *, wrap: bool = True) -> None:
        """Print a paragraph. It is a `Text`, so neither markup nor emoji codes in it mean anything."""
        self._console.print(Text(printable(text), style), soft_wrap=not wrap)

    def ask(self, prompt: str, explanation: str) -> str:
        """Return what is typed, without white space at its ends.

        :raises Back: it is "undo".
        :raises Ended: it is "quit", or the input ends.
        """
        while True:
            try:
                typed = self._read(prompt).strip()
            except (EOFError, KeyboardInterrupt) as end:
                raise Ended from end
            except UnicodeDecodeError as error:
                raise SettingsError("What was typed is not UTF-8 text. Set the terminal to UTF-8, and begin again.") from error
            if typed == "?":
                self.say(" ".join(explanation.split()), "dim")
            elif typed == "undo":
                raise Back
            elif typed == "quit":
                raise Ended
            else:
                return typed

    def choose(self, prompt: str, explanation: str, default: bool | None = None) -> bool:
        """Return whether y or n is typed."""
        while True:
            typed = self.ask(prompt, explanation).lower()
            if typed in ("y", "yes") or (not typed and default is True):
                return True
            if typed in ("n", "no") or (not typed and default is False):
                return False
            self.say("Type y or n.", "yellow")

    def confirm(self, question: str, *, default: bool) -> bool:
        """Return whether a person agrees. To go back is to decline: the prompt before is the one that was answered wrongly."""
        self.say(question, "yellow")
        try:
            return self.choose("(Y/n) " if default else "(y/N) ", _HELP_CONFIRM, default)
        except Back:
            return False
