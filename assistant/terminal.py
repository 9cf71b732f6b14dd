"""An answer as text: the statements with numbered marks, and the footnotes below."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

from assistant.answer import Answer, Cited, Outcome, Statement, Unsupported, place
from assistant.history import NOT_FOUND
from assistant.kept.quotes import KeptCitation
from corpus.display import counted
from index import Retrieved
from index.commands import printable

_BOLD, _DIM, _MARK, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"
_WIDEST = 100
_EXCERPT = 300  # characters of a closest passage


def render(answer: Answer, *, colour: bool, width: int | None = None, unsupported: bool = False) -> str:
    """Return an answer for a terminal, or plain for a pipe.

    Control characters of the documents, and of what a chat model says, are left out: neither may steer the terminal.

    :param unsupported: Whether to show what was left out since the source does not support it; else how much that was.
    """
    paint = _Paint(colour)
    width = width or min(shutil.get_terminal_size().columns, _WIDEST)
    lines: list[str] = []
    if looked := _looked_up(answer):
        lines += [*map(paint.dim, looked), ""]
    if answer.notice:
        lines += [paint.dim(textwrap.fill(f"Note: {_line(answer.notice)}", width)), ""]
    if answer.outcome is Outcome.ANSWERED:
        lines += _answered(answer, paint, width)
    elif answer.reply:
        lines += _reply(answer, paint, width)
    else:
        lines += _declined(answer, paint, width)
    if answer.unsupported:
        lines += ["", *_left_out(answer.unsupported, paint, width, shown=unsupported)]
    return "\n".join(lines) + "\n"


def _looked_up(answer: Answer) -> list[str]:
    """Return what was looked up and where, if that is not what was asked, or the question named a place."""
    lines = [f"Searching for: {_line(answer.searched_for)}"] if answer.searched_for != answer.question else []
    return [*lines, f"Searching in: {_line(answer.scope)}"] if answer.scope else lines


def _answered(answer: Answer, paint: _Paint, width: int) -> list[str]:
    lines = []
    for statement in answer.statements:
        marks = "".join(f" [{citation.number}]" for citation in statement.citations)
        text = textwrap.fill(_line(statement.text) + marks, width)
        if statement.emphasis is not None:
            text = _emphasised(text, statement, paint)
        for citation in statement.citations:  # the last "[1]" is the mark: a document may write one of its own
            before, mark, after = text.rpartition(f"[{citation.number}]")
            text = before + paint.mark(mark) + after
        lines.append(text)
    lines.append("")
    for citation in answer.citations:
        lines += _footnote(citation, paint, width)
    return lines


def _reply(answer: Answer, paint: _Paint, width: int) -> list[str]:
    """Return what Footnote says by itself, and the questions that it offers, with the numbers that ask them."""
    lines = [textwrap.fill(_line(line), width) for line in answer.reply.splitlines() if line.strip()]
    for number, option in enumerate(answer.options, 1):
        text = textwrap.fill(_line(option), width, initial_indent=f"  {number}. ", subsequent_indent="     ")
        lines.append(text.replace(f"{number}.", paint.mark(f"{number}."), 1))
    return lines if answer.options else lines + _closest_passages(answer, paint, width)


def _declined(answer: Answer, paint: _Paint, width: int) -> list[str]:
    return [paint.bold(NOT_FOUND), *_closest_passages(answer, paint, width)]


def _closest_passages(answer: Answer, paint: _Paint, width: int) -> list[str]:
    """Return where to look further, if that is said; else nothing."""
    lines = ["", "Closest passages:"] if answer.closest else []
    for retrieved in answer.closest:
        lines += _closest(retrieved, paint, width)
    return lines


def _left_out(unsupported: Sequence[Unsupported], paint: _Paint, width: int, *, shown: bool) -> list[str]:
    said = f"Left out: {counted(len(unsupported), 'statement')} that the source does not support"
    if not shown:
        return [paint.dim(textwrap.fill(f"{said}; --unsupported shows {'it' if len(unsupported) == 1 else 'them'}", width))]
    lines = [f"{said}:"]
    for one in unsupported:
        lines.append(textwrap.fill(f"[unsupported] {_line(one.text)}", width, initial_indent="  ", subsequent_indent="    "))
        lines.append(paint.dim(textwrap.fill(_line(one.reason), width, initial_indent="    ", subsequent_indent="    ")))
    return lines


def _emphasised(wrapped: str, statement: Statement, paint: _Paint) -> str:
    """Return the wrapped statement with the stretch that answers in bold.

    Wrapping changes white space alone, so its place is found by counting the other characters.
    """
    start, end = statement.emphasis or (0, 0)
    first = len("".join(_line(statement.text[:start]).split()))
    last = first + len("".join(_line(statement.text[start:end]).split()))
    places = [place for place, character in enumerate(wrapped) if not character.isspace()]
    begin, stop = places[first], places[last - 1] + 1
    return wrapped[:begin] + paint.bold(wrapped[begin:stop]) + wrapped[stop:]


class _Paint:
    """Colours, or none."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def _wrap(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self._colour else text

    def bold(self, text: str) -> str:
        return self._wrap(_BOLD, text)

    def dim(self, text: str) -> str:
        return self._wrap(_DIM, text)

    def mark(self, text: str) -> str:
        return self._wrap(_MARK, text)


def _line(text: str) -> str:
    return printable(" ".join(text.split()))


def _footnote(citation: Cited, paint: _Paint, width: int) -> list[str]:
    quote = textwrap.fill(f"“{_line(citation.quote)}”", width, initial_indent="    ", subsequent_indent="    ")
    where = _line(place(citation.document.name, citation.page_label, citation.heading))
    if isinstance(citation, KeptCitation):
        where += f" (this document {citation.gone.words})"
    return [f"{paint.mark(f'[{citation.number}]')} {where}, characters {citation.start}-{citation.end}", paint.dim(quote)]


def _closest(retrieved: Retrieved, paint: _Paint, width: int) -> list[str]:
    passage = retrieved.passage
    text = textwrap.shorten(_line(passage.text), _EXCERPT, placeholder=" …")
    excerpt = textwrap.fill(text, width, initial_indent="    ", subsequent_indent="    ")
    return [f"  - {_line(place(retrieved.document, retrieved.page_label, passage.heading))}", paint.dim(excerpt)]
