"""The conversation: questions, answers with their footnotes, declines with the closest passages, and failures.

The three ends of a question look different, since they are: an answer, "the document does not say", and a failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant import Answer, Citation, Outcome, Statement
from index import Retrieved
from page.html import attributes, escape, shorten

_LONGEST_QUESTION = 400  # characters of a question that are shown
_EXCERPT = 220  # characters of a passage that is only near
_ITEM = re.compile(r"(?:\(?\w{1,3}[.)]|[-•*])\s")  # a statement that was an item of a list stays on its own line

_HIGH, _FAIR = 0.85, 0.6
_NEAR = 0.25


@dataclass(frozen=True)
class Exchange:
    """One question of a conversation and what became of it.

    Attributes:
        question: As it was typed.
        answer: The answer, as far as it has come.
        failure: Why there is none, in words for the person who asked.
        waiting: What is being waited for; empty once it is over.
    """

    question: str
    answer: Answer | None = None
    failure: str = ""
    waiting: str = ""


def history(exchanges: Sequence[Exchange]) -> list[dict[str, str]]:
    """Return the turns that the next question may refer to."""
    turns: list[dict[str, str]] = []
    for exchange in exchanges:
        if exchange.answer is not None and not exchange.waiting:
            turns.append({"role": "user", "content": exchange.question})
            turns.append({"role": "assistant", "content": exchange.answer.text or decline(1)})
    return turns


def decline(documents: int) -> str:
    """Return the sentence that says so when the documents that were searched do not answer."""
    return "The document does not say." if documents == 1 else "The documents do not say."


def render_conversation(exchanges: Sequence[Exchange], documents: int = 1) -> str:
    """Return the conversation, oldest question first.

    :param documents: How many documents there are: with one, an answer need not name it at every turn.
    """
    turns = "".join(_render_exchange(exchange, documents) for exchange in exchanges)
    return f'<div class="turns" role="log" aria-label="Conversation">{turns}</div>' if turns else ""


def render_status(message: str, *, failed: bool = False) -> str:
    """Return the line that says how far the program is; nothing once it is ready."""
    if not message:
        return ""
    if failed:
        return f'<div class="failure" role="alert"><strong>Footnote could not get ready.</strong><p>{escape(message)}</p></div>'
    return f'<div class="status" role="status"><span class="spinner" aria-hidden="true"></span>{escape(message)}</div>'


def _render_exchange(exchange: Exchange, documents: int) -> str:
    asked = shorten(exchange.question, _LONGEST_QUESTION) or "(nothing)"
    parts = [f'<h2 class="question" dir="auto">{escape(asked)}</h2>']
    if exchange.answer is not None:
        parts.append(_render_answer(exchange.answer, documents, whole=not exchange.waiting))
    if exchange.waiting:
        parts.append(render_status(exchange.waiting))
    if exchange.failure:
        parts.append(
            '<div class="failure" role="alert"><strong>This question could not be answered.</strong>'
            f"<p>{escape(exchange.failure)}</p></div>"
        )
    return f'<article class="turn">{"".join(parts)}</article>'


def _render_answer(answer: Answer, documents: int, *, whole: bool) -> str:
    looked_up = ""
    if answer.searched_for != " ".join(answer.question.split()):
        looked_up = f'<p class="searched">Searching for: <q>{escape(answer.searched_for)}</q></p>'
    if answer.outcome is Outcome.NOT_FOUND:
        return f'<div class="answer declined">{looked_up}{_render_decline(answer, documents)}</div>'
    statements = "".join(_render_paragraphs(answer.statements))
    foot = _render_footnotes(list(answer.citations), documents) + _render_meta(answer) if whole else ""
    return f'<div class="answer">{looked_up}{statements}{foot}</div>'


def _render_paragraphs(statements: Sequence[Statement]) -> Iterator[str]:
    for is_item, group in groupby(statements, key=lambda statement: _ITEM.match(statement.text) is not None):
        rendered = [_render_statement(statement) for statement in group]
        if is_item:
            yield from (f'<p class="listed" dir="auto">{statement}</p>' for statement in rendered)
        else:
            yield f'<p dir="auto">{" ".join(rendered)}</p>'


def _render_statement(statement: Statement) -> str:
    """Return a sentence with its markers; the last word and they stay on one line."""
    markers = "".join(render_marker(citation) for citation in statement.citations)
    head, space, last = statement.text.rpartition(" ")
    if len(last) > 30:  # no room to promise
        head, space, last = statement.text, "", ""
    cut = len(head + space)
    start, end = statement.emphasis or (0, 0)

    def shown(first: int, stop: int) -> str:
        """Return a part of the statement, what it has of the answer in bold."""
        inner, outer = max(first, min(start, stop)), min(stop, max(end, first))
        if inner >= outer:
            return escape(statement.text[first:stop])
        strong = f"<strong>{escape(statement.text[inner:outer])}</strong>"
        return escape(statement.text[first:inner]) + strong + escape(statement.text[outer:stop])

    tail = shown(cut, len(statement.text))
    return f'<span class="statement">{shown(0, cut)}<span class="tail">{tail}{markers}</span></span>'


def render_marker(citation: Citation) -> str:
    """Return the button of a footnote, which carries all that the browser needs to show its quote and find its place."""
    carried = attributes(
        data_document=citation.document.name,
        data_start=citation.start,
        data_end=citation.end,
        data_quote=citation.quote,
        data_heading=citation.heading,
        data_number=citation.number,
        data_page="" if citation.page is None else citation.page,
        aria_label=f"Footnote {citation.number}: show it in the source",
    )
    return f'<button type="button" class="marker"{carried}>{citation.number}</button>'


def _render_footnotes(citations: Sequence[Citation], documents: int) -> str:
    """Return the foot of an answer: where each footnote stands, neighbours of one place on one line."""
    lines = []
    for place, group in groupby(citations, key=lambda citation: _place(citation, documents)):
        markers = "".join(render_marker(citation) for citation in group)
        lines.append(f'<li><span class="numbers">{markers}</span><span class="place"><bdi>{escape(place)}</bdi></span></li>')
    return f'<ol class="footnotes" aria-label="Footnotes">{"".join(lines)}</ol>' if lines else ""


def _place(citation: Citation, documents: int) -> str:
    page = "" if citation.page is None else f"page {citation.page}"
    name = citation.document.name if documents > 1 or not citation.heading else ""
    return " · ".join(part for part in (name, page, citation.heading) if part)


def _render_meta(answer: Answer) -> str:
    level = "high" if answer.confidence >= _HIGH else "fair" if answer.confidence >= _FAIR else "low"
    words = {"high": "High confidence", "fair": "Fair confidence", "low": "Low confidence: check it against the source"}[level]
    return (
        f'<p class="meta"><span class="confidence {level}"><span class="meter" aria-hidden="true"><i></i><i></i><i></i></span>'
        f"{words}</span><span>{answer.seconds:.1f} s</span></p>"
    )


def _render_decline(answer: Answer, documents: int) -> str:
    near = "Something near it was found, but no answer." if answer.confidence >= _NEAR else "Nothing in it comes close."
    near = near if documents == 1 else near.replace("in it", "in them")
    closest = "".join(f"<li>{_render_closest(item, documents)}</li>" for item in answer.closest)
    listed = f'<h3>Closest passages</h3><ul class="closest-list">{closest}</ul>' if closest else ""
    return f'<p class="decline"><strong>{decline(documents)}</strong> {near}</p>{listed}'


def _render_closest(item: Retrieved, documents: int) -> str:
    passage = item.passage
    place = attributes(data_document=item.document, data_start=passage.start, data_end=passage.end)
    said = [passage.text[start - passage.start : end - passage.start] for start, end in passage.sentences]
    name = item.document if documents > 1 or not passage.heading else ""
    heading = " · ".join(part for part in (name, passage.heading) if part)
    return (
        f'<button type="button" class="closest"{place}><span class="place"><bdi>{escape(heading)}</bdi></span>'
        f'<span class="excerpt">{escape(shorten(" ".join(said) or passage.text, _EXCERPT))}</span></button>'
    )
