"""One answer as HTML: what is said with its footnotes, what else there is to say about it, and declines.

An answer from the documents, "the document does not say", and what Footnote says by itself look different, since they are.
What a chat model said and could not support is never styled as any of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from urllib.parse import quote as quote_url

from assistant import Answer, Outcome, Statement
from assistant.answer import Cited
from assistant.kept.quotes import KeptCitation, KeptPassage
from corpus.display import counted
from index import Retrieved
from page.html import attributes, escape, shorten

_EXCERPT = 220  # characters of a passage that is only near

_HIGH, _FAIR = 0.85, 0.6
_NEAR = 0.25

_WRITERS = {"extractive": "the document's own words", "generative": "a chat model"}


class Progress(StrEnum):
    """How far an answer has come."""

    GROWING = "growing"
    STOPPED = "stopped"
    WHOLE = "whole"


def decline(documents: int) -> str:
    """Return the sentence that says so when the documents that were searched do not answer."""
    return "The document does not say." if documents == 1 else "The documents do not say."


def writer(engine: str) -> str:
    """Return who writes an engine's answers, in words for a person; an engine that is not known by its name."""
    return _WRITERS.get(engine, engine)


def render_answer(answer: Answer, documents: int, progress: Progress) -> str:
    """Return an answer, as far as it has come.

    :param documents: How many documents there are: with one, an answer need not name it at every turn.
    """
    parts = [f'<p class="notice">{escape(answer.notice)}</p>' if answer.notice else ""]
    kind = "answer"
    if answer.outcome is Outcome.ANSWERED:
        parts += _render_paragraphs(answer.statements)
    elif answer.reply:
        kind = "answer own"
        parts.append(_render_reply(answer, is_open=progress is not Progress.GROWING))
        parts.append("" if answer.options else _render_closest_list(answer, documents))
    elif progress is Progress.WHOLE:  # until then nobody knows
        kind = "answer declined"
        parts.append(_render_decline(answer, documents))
    if progress is not Progress.GROWING:
        parts += [_render_footnotes(list(answer.citations), documents), _render_unsupported(answer)]
    if progress is Progress.WHOLE and answer.outcome is Outcome.ANSWERED:
        parts.append(_render_meta(answer))
    inner = "".join(parts)
    return f'<div class="{kind}">{inner}</div>' if inner else ""


def _render_reply(answer: Answer, *, is_open: bool) -> str:
    """Return what Footnote says by itself, and the questions that it offers, once they can be asked."""
    lines = "".join(f'<p dir="auto">{escape(line)}</p>' for line in answer.reply.splitlines() if line.strip())
    said = f'<p class="speaker">Footnote, not the document</p>{lines}'
    if not answer.options or not is_open:
        return f'<div class="reply">{said}</div>'
    options = "".join(
        f'<li><button type="button" class="option" dir="auto"{attributes(data_question=option)}>{escape(option)}</button></li>'
        for option in answer.options
    )
    return f'<div class="reply">{said}<ul class="options" aria-label="Ask one of these">{options}</ul></div>'


def _render_paragraphs(statements: Sequence[Statement]) -> Iterator[str]:
    for is_item, group in groupby(statements, key=lambda statement: statement.is_item):
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


def render_marker(citation: Cited) -> str:
    """Return the button of a footnote, which carries all that the browser needs to show its quote and find its place.

    Of a document that is gone there is no place to go to: the marker is its number alone.
    """
    if isinstance(citation, KeptCitation):
        told = f"this document {citation.gone.words}"
        kept = attributes(title=told, aria_label=f"Footnote {citation.number}: {told}")
        return f'<span class="marker gone"{kept}>{citation.number}</span>'
    carried = attributes(
        data_document=citation.document.name,
        data_start=citation.start,
        data_end=citation.end,
        data_quote=citation.quote,
        data_heading=citation.heading,
        data_number=citation.number,
        data_page=citation.page_label,
        aria_label=f"Footnote {citation.number}: show it in the source",
    )
    return f'<button type="button" class="marker"{carried}>{citation.number}</button>'


def _render_footnotes(citations: Sequence[Cited], documents: int) -> str:
    """Return the foot of an answer: where each footnote stands, neighbours of one place on one line."""
    lines = []
    for place, group in groupby(citations, key=lambda citation: _place(citation, documents)):
        members = list(group)
        markers = "".join(render_marker(one) for one in members)
        kept = [escape(one.quote) for one in members if isinstance(one, KeptCitation)]  # seen nowhere else any more
        quotes = "".join(f'<q class="kept" dir="auto">{quote}</q>' for quote in kept)
        shown = f"{_render_place(members[0], place)}{quotes}"
        lines.append(f'<li><span class="numbers">{markers}</span>{shown}</li>')
    return f'<ol class="footnotes" aria-label="Footnotes">{"".join(lines)}</ol>' if lines else ""


def _render_place(citation: Cited, place: str) -> str:
    """Return where a footnote stands, as a link that opens the source there, in another window too."""
    if isinstance(citation, KeptCitation):
        return f'<span class="place"><bdi>{escape(place)}</bdi></span>'
    name, start, end = citation.document.name, citation.start, citation.end
    link = f"#document={quote_url(name, safe='')}&start={start}&end={end}"
    carried = attributes(href=link, data_document=name, data_start=start, data_end=end, data_number=citation.number)
    return f'<a class="place"{carried}><bdi>{escape(place)}</bdi></a>'


def _place(citation: Cited, documents: int) -> str:
    gone = f"this document {citation.gone.words}" if isinstance(citation, KeptCitation) else ""
    name = citation.document.name if documents > 1 or not citation.heading or gone else ""
    return " · ".join(part for part in (name, citation.page_label, citation.heading, gone) if part)


def _render_meta(answer: Answer) -> str:
    level = "high" if answer.confidence >= _HIGH else "fair" if answer.confidence >= _FAIR else "low"
    by = f"<span>Written by {escape(answer.model)}</span>" if answer.model else ""
    words = {"high": "High confidence", "fair": "Fair confidence", "low": "Low confidence: check it against the source"}[level]
    return (
        f'<p class="meta"><span class="confidence {level}"><span class="meter" aria-hidden="true"><i></i><i></i><i></i></span>'
        f"{words}</span>{by}<span>{answer.seconds:.1f} s</span></p>"
    )


def _render_decline(answer: Answer, documents: int) -> str:
    near = "Something near it was found, but no answer." if answer.confidence >= _NEAR else "Nothing in it comes close."
    near = near if documents == 1 else near.replace("in it", "in them")
    near = "" if answer.notice or not answer.closest else near  # a notice says more
    return f'<p class="decline"><strong>{decline(documents)}</strong> {near}</p>{_render_closest_list(answer, documents)}'


def _render_closest_list(answer: Answer, documents: int) -> str:
    closest = "".join(f"<li>{_render_closest(item, documents)}</li>" for item in answer.closest)
    return f'<h3>Closest passages</h3><ul class="closest-list">{closest}</ul>' if closest else ""


def _render_closest(item: Retrieved, documents: int) -> str:
    passage = item.passage
    place = attributes(data_document=item.document, data_start=passage.start, data_end=passage.end)
    said = [passage.text[start - passage.start : end - passage.start] for start, end in passage.sentences]
    name = item.document if documents > 1 or not passage.heading else ""
    gone = f"this document {item.gone.words}" if isinstance(item, KeptPassage) else ""
    heading = " · ".join(part for part in (name, item.page_label, passage.heading, gone) if part)
    inner = (
        f'<span class="place"><bdi>{escape(heading)}</bdi></span>'
        f'<span class="excerpt">{escape(shorten(" ".join(said) or passage.text, _EXCERPT))}</span>'
    )
    if gone:  # there is no place to go to
        return f'<div class="closest gone">{inner}</div>'
    return f'<button type="button" class="closest"{place}>{inner}</button>'


def _render_unsupported(answer: Answer) -> str:
    """Return, folded, what a chat model said and the source does not support."""
    if not answer.unsupported:
        return ""
    items = "".join(
        f'<li><span class="tag">Unsupported</span> <span class="claim" dir="auto">{escape(one.text)}</span>'
        f'<span class="reason">{escape(one.reason)}</span></li>'
        for one in answer.unsupported
    )
    summary = f"Left out: {counted(len(answer.unsupported), 'statement')} that the source does not support"
    return f'<details class="unsupported"><summary>{summary}</summary><ul>{items}</ul></details>'
