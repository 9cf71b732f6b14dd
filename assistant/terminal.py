"""An answer as text: the statements with numbered marks, and the footnotes below."""

from __future__ import annotations

import shutil
import textwrap

from assistant.answer import Answer, Citation, Outcome, Statement
from index import Retrieved
from index.commands import printable

NOT_FOUND = "The documents do not say."

_BOLD, _DIM, _MARK, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"
_BEGIN, _END = "\x01", "\x02"  # no document's: control characters of its text have been taken out
_WIDEST = 100
_EXCERPT = 300  # characters of a closest passage


def render(answer: Answer, *, colour: bool, width: int | None = None) -> str:
    """Return an answer for a terminal, or plain for a pipe.

    Control characters of the documents are left out: a document must not be able to steer the terminal.
    """
    paint = _Paint(colour)
    width = width or min(shutil.get_terminal_size().columns, _WIDEST)
    lines: list[str] = []
    if answer.searched_for != answer.question:
        lines += [paint.dim(f"Searching for: {_line(answer.searched_for)}"), ""]
    if answer.outcome is Outcome.NOT_FOUND:
        lines += [paint.bold(NOT_FOUND)]
        if answer.closest:
            lines += ["", "Closest passages:"]
        for retrieved in answer.closest:
            lines += _closest(retrieved, paint, width)
        return "\n".join(lines) + "\n"
    for statement in answer.statements:
        marks = "".join(f" [{citation.number}]" for citation in statement.citations)
        text = textwrap.fill(_marked(statement, paint) + marks, width)
        text = text.replace(_BEGIN, paint.begin_bold).replace(_END, paint.end_bold)
        for citation in statement.citations:  # the last "[1]" is the mark: a document may write one of its own
            before, mark, after = text.rpartition(f"[{citation.number}]")
            text = before + paint.mark(mark) + after
        lines.append(text)
    lines.append("")
    for citation in answer.citations:
        lines += _footnote(citation, paint, width)
    return "\n".join(lines) + "\n"


def _marked(statement: Statement, paint: _Paint) -> str:
    """Return a statement on one line, the stretch that answers between marks that stand for bold."""
    if statement.emphasis is None or not paint.begin_bold:
        return _line(statement.text)
    start, end = statement.emphasis
    parts = (statement.text[:start], _BEGIN, statement.text[start:end], _END, statement.text[end:])
    return "".join(printable(part) if part not in (_BEGIN, _END) else part for part in parts)


class _Paint:
    """Colours, or none."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour
        self.begin_bold, self.end_bold = (_BOLD, _RESET) if colour else ("", "")

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


def _place(document: str, page: int | None, heading: str) -> str:
    parts = [document, f"page {page}" if page is not None else "", heading]
    return _line(", ".join(part for part in parts if part))


def _footnote(citation: Citation, paint: _Paint, width: int) -> list[str]:
    place = _place(citation.document.name, citation.page, citation.heading)
    quote = textwrap.fill(f"“{_line(citation.quote)}”", width, initial_indent="    ", subsequent_indent="    ")
    return [f"{paint.mark(f'[{citation.number}]')} {place}, characters {citation.start}-{citation.end}", paint.dim(quote)]


def _closest(retrieved: Retrieved, paint: _Paint, width: int) -> list[str]:
    passage = retrieved.passage
    text = textwrap.shorten(_line(passage.text), _EXCERPT, placeholder=" …")
    excerpt = textwrap.fill(text, width, initial_indent="    ", subsequent_indent="    ")
    return [f"  - {_place(retrieved.document, passage.page, passage.heading)}", paint.dim(excerpt)]
