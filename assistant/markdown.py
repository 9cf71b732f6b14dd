"""Answers and conversations as Markdown, with footnotes: to be copied, or kept elsewhere.

What a document, a person or a chat model wrote is text here and never markup: nothing of it becomes a heading, a link, a list
or HTML. The escapes are those of CommonMark (https://spec.commonmark.org/0.31.2/#backslash-escapes), and references for `<`,
`>` and `&`, since not every program that reads Markdown knows the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.answer import Answer, Cited, Outcome, Statement, place
from assistant.history import NOT_FOUND
from assistant.kept.conversations import Conversation, KeptExchange
from assistant.kept.quotes import KeptCitation, KeptPassage
from corpus.display import counted, one_line, printable
from index import Retrieved

FAILED = "This question could not be answered."
"""What stands before the reason of a failure."""

_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MARKS = re.compile(r"[&<>\\`*_\[\]#|~$^@]")
_LINKS = re.compile(r"://|(?<![^\W_])www(?=\.)", re.IGNORECASE)  # GitHub and others make links of bare addresses
_OPENING = re.compile(r"[-+=:%]|[0-9]{1,9}(?=[.)])")  # what begins a list or a rule at the start of a line


def escaped(text: str) -> str:
    """Return a text on one line that Markdown shows as these characters, wherever the line stands."""
    line = one_line(printable(" ".join(text.split())))
    opening = _OPENING.match(line)
    marked = _MARKS.sub(lambda match: _REFERENCES.get(match[0], f"\\{match[0]}"), line)
    marked = _LINKS.sub(lambda match: "\\://" if match[0] == "://" else f"{match[0]}\\", marked)
    if opening is None or marked.startswith("\\"):  # "://" is escaped already
        return marked
    # A digit cannot be escaped, so the sign after the number is.
    return f"{opening[0]}\\{marked[opening.end() :]}" if opening[0].isdecimal() else f"\\{marked}"


def answer_markdown(answer: Answer) -> str:
    """Return one answer, its footnotes below it. Declines and replies are said as such; the question is not repeated."""
    notes = _Notes()
    return _joined([*_answer_blocks(answer, notes), notes.block()])


def conversation_markdown(conversation: Conversation) -> str:
    """Return a conversation: each question as a heading, what became of it, and the footnotes of all at the end."""
    summary, notes = conversation.summary, _Notes()
    dates = " to ".join(dict.fromkeys(date[:10] for date in (summary.created, summary.changed)))
    blocks = [f"# {escaped(summary.title)}", f"{counted(summary.questions, 'question')}, {escaped(dates)}"]
    for exchange in conversation.exchanges:
        blocks += _exchange_blocks(exchange, notes)
    return _joined([*blocks, notes.block()])


@dataclass
class _Notes:
    """The footnotes of a text, numbered in the order in which they are cited."""

    numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    answers: int = 0

    def mark(self, citation: Cited) -> str:
        """Return the mark of a citation; that of an answer, cited again in it, keeps its number."""
        key = (self.answers, citation.number, citation.document.id, citation.start, citation.end)
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers) + 1
            self.lines.append(f"[^{self.numbers[key]}]: {_footnote(citation)}")
        return f"[^{self.numbers[key]}]"

    def block(self) -> str:
        """Return the footnotes."""
        return "\n".join(self.lines)


def _footnote(citation: Cited) -> str:
    where = place(citation.document.name, citation.page_label, citation.heading)
    gone = f" (This document {citation.gone.words}.)" if isinstance(citation, KeptCitation) else ""
    return f"{escaped(where)}, characters {citation.start}–{citation.end}: “{escaped(citation.quote)}”{gone}"


def _exchange_blocks(exchange: KeptExchange, notes: _Notes) -> Iterator[str]:
    answer = exchange.answer
    yield f"## {escaped(exchange.question) or '(nothing)'}"
    found_out = answer.searched_for if answer is not None and answer.searched_for != answer.question else ""
    if searched_for := exchange.searched_for or found_out:
        yield f"Searching for: {escaped(searched_for)}"
    if answer is not None and (answer.text or not exchange.stopped):  # of what was stopped nobody knows more
        yield from _answer_blocks(answer, notes)
    if exchange.stopped:
        yield "**Stopped before it was whole.**"
    if exchange.failure:
        yield f"**{FAILED}** {escaped(exchange.failure)}"


def _answer_blocks(answer: Answer, notes: _Notes) -> Iterator[str]:
    notes.answers += 1
    if answer.scope:
        yield f"Searching in: {escaped(answer.scope)}"
    if answer.notice:
        yield f"Note: {escaped(answer.notice)}"
    if answer.outcome is Outcome.ANSWERED:
        yield from _paragraphs(answer.statements, notes)
    elif answer.reply:
        yield "**Footnote, not the document:**"
        yield from (escaped(line) for line in answer.reply.splitlines() if line.strip())
        yield "\n".join(f"- {escaped(option)}" for option in answer.options)
    else:
        yield f"**{NOT_FOUND}**" + (" Closest passages:" if answer.closest else "")
        yield "\n".join(_closest(item) for item in answer.closest)
    if answer.unsupported:
        yield f"Left out: {counted(len(answer.unsupported), 'statement')} that the source does not support."
    if answer.model:
        yield f"Written by {escaped(answer.model)}"


def _paragraphs(statements: tuple[Statement, ...], notes: _Notes) -> Iterator[str]:
    """Yield the statements, those that follow one another in one paragraph; what was an item of a list has its own."""
    lines: list[str] = []
    for statement in statements:
        said = escaped(statement.text) + "".join(notes.mark(citation) for citation in statement.citations)
        if statement.is_item:
            yield "\n".join(lines)
            yield said
            lines = []
        else:
            lines.append(said)
    yield "\n".join(lines)


def _closest(item: Retrieved) -> str:
    where = place(item.document, item.page_label, item.passage.heading)
    gone = f" (This document {item.gone.words}.)" if isinstance(item, KeptPassage) else ""
    return f"- {escaped(where)}: “{escaped(item.passage.text)}”{gone}"


def _joined(blocks: list[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"
