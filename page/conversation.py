"""The conversation: each question, what was looked up for it, and what became of it.

The ends of a question look different, since they are: an answer, "the document does not say", a word of Footnote's own, and a
failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant import Answer, Turn
from assistant.history import turns_of
from assistant.kept.conversations import KeptExchange
from assistant.markdown import answer_markdown
from assistant.question import MAX_CHARACTERS
from page.answer import Progress, render_answer
from page.html import attributes, escape, shorten

_LONGEST_QUESTION = 400  # characters of a question that are shown


@dataclass(frozen=True)
class Exchange:
    """One question of a conversation and what became of it.

    Attributes:
        question: As it was typed.
        answer: The answer, as far as it has come.
        failure: Why there is none, in words for the person who asked.
        waiting: What is being waited for; empty once it is over.
        searched_for: What to look up, as the person put it; empty if that was left to Footnote.
        stopped: Whether the person stopped it before it was whole.
        documents: Names of the documents it was limited to; None for all.
        complaint: What became of a complaint about it, in words; empty if there was none.
    """

    question: str
    answer: Answer | None = None
    failure: str = ""
    waiting: str = ""
    searched_for: str = ""
    stopped: bool = False
    documents: tuple[str, ...] | None = None
    complaint: str = ""

    @classmethod
    def of_kept(cls, kept: KeptExchange) -> Exchange:
        """Return an exchange as it was kept."""
        return cls(
            kept.question,
            kept.answer,
            kept.failure,
            searched_for=kept.searched_for,
            stopped=kept.stopped,
            documents=kept.documents,
        )

    def to_keep(self) -> KeptExchange:
        """Return what is kept of it, once it is over."""
        return KeptExchange(self.question, self.answer, self.failure, self.searched_for, self.stopped, self.documents)

    @property
    def progress(self) -> Progress:
        """How far the answer has come."""
        if self.waiting:
            return Progress.GROWING
        return Progress.STOPPED if self.stopped else Progress.WHOLE


def history(exchanges: Sequence[Exchange]) -> list[Turn]:
    """Return the turns that the next question may refer to: of what was stopped, what had been said until then."""
    turns: list[Turn] = []
    for exchange in exchanges:
        if exchange.answer is not None and not exchange.waiting and (exchange.answer.text or not exchange.stopped):
            turns += turns_of(exchange.answer)
    return turns


def render_conversation(exchanges: Sequence[Exchange], documents: int = 1) -> str:
    """Return the conversation, oldest question first.

    :param documents: How many documents there are: with one, an answer need not name it at every turn.
    """
    turns = "".join(
        _render_exchange(exchange, documents, number, is_last=number == len(exchanges) - 1)
        for number, exchange in enumerate(exchanges)
    )
    kind = "turns busy" if any(exchange.waiting for exchange in exchanges) else "turns"
    return f'<div class="{kind}" role="log" aria-label="Conversation">{turns}</div>' if turns else ""


def render_status(message: str, *, failed: bool = False) -> str:
    """Return the line that says how far the program is; nothing once it is ready."""
    if not message:
        return ""
    if failed:
        return f'<div class="failure" role="alert"><strong>Footnote could not get ready.</strong><p>{escape(message)}</p></div>'
    return f'<div class="status" role="status"><span class="spinner" aria-hidden="true"></span>{escape(message)}</div>'


def _render_exchange(exchange: Exchange, documents: int, number: int, *, is_last: bool) -> str:
    asked = shorten(exchange.question, _LONGEST_QUESTION) or "(nothing)"
    parts = [f'<h2 class="question" dir="auto">{escape(asked)}</h2>', _render_lookup(exchange)]
    if exchange.answer is not None:
        parts.append(render_answer(exchange.answer, documents, exchange.progress))
    if exchange.waiting:
        parts.append(render_status(exchange.waiting))
    if exchange.stopped:
        rest = "what had been found until then stands above" if exchange.answer is not None and exchange.answer.text else ""
        parts.append(f'<p class="stopped">You stopped this answer{f": {rest}" if rest else ""}.</p>')
    if exchange.failure:
        parts.append(
            '<div class="failure" role="alert"><strong>This question could not be answered.</strong>'
            f"<p>{escape(exchange.failure)}</p></div>"
        )
    if not exchange.waiting:
        parts.append(_render_actions(exchange, number, is_last=is_last))
    return f'<article class="turn">{"".join(parts)}</article>'


def _render_actions(exchange: Exchange, number: int, *, is_last: bool) -> str:
    """Return what can be done with an answer: copy it, ask again or otherwise, and say what is wrong with it."""
    answer = exchange.answer
    buttons, forms = "", ""
    if answer is not None and not exchange.stopped:
        buttons += f'<button type="button" class="copy"{attributes(data_text=answer_markdown(answer))}>Copy</button>'
    if is_last:
        if len(exchange.question) <= MAX_CHARACTERS:
            asked = attributes(data_question=exchange.question, data_searched=exchange.searched_for)
            buttons += f'<button type="button" class="again"{asked}>Ask again</button>'
        buttons += '<button type="button" class="reword" aria-expanded="false">Edit the question</button>'
        field = attributes(aria_label="Put it otherwise", rows=2, required=True, dir="auto")
        forms += (
            f'<form class="rewording" hidden><textarea{field}>{escape(exchange.question)}</textarea>'
            '<button type="submit">Ask</button></form>'
        )
    if answer is not None and not answer.reply and not exchange.stopped and not exchange.complaint:
        buttons += '<button type="button" class="wrong" aria-expanded="false">Something wrong?</button>'
        forms += _render_complaint(number)
    said = f'<p class="complained" role="status">{escape(exchange.complaint)}</p>' if exchange.complaint else ""
    return f'<div class="actions" role="group" aria-label="This answer">{buttons}</div>{forms}{said}'


def _render_complaint(number: int) -> str:
    """Return the form, hidden at first, that makes a complaint: what would have been right, and where it stands."""
    return (
        f'<form class="complaint" hidden{attributes(data_turn=number)}>'
        "<p>What would have been right? Select the passage in the source, and take it here. It is kept on this machine as a "
        "test that later versions have to pass.</p>"
        '<ul class="picked" aria-label="Passages taken"></ul>'
        '<div class="complaint-row"><button type="button" class="pick">Take what is selected</button>'
        '<label><input type="checkbox" class="not-there"> The documents do not say</label></div>'
        '<label class="note">Anything else? <textarea rows="2" maxlength="2000" dir="auto"></textarea></label>'
        '<div class="complaint-row"><button type="submit" class="send" disabled>Keep it as a test</button>'
        '<button type="button" class="cancel">Cancel</button></div></form>'
    )


def _render_lookup(exchange: Exchange) -> str:
    """Return what was looked up where that is not what was asked, and a field, hidden at first, to put it otherwise."""
    answer = exchange.answer
    found_out = answer.searched_for if answer is not None and answer.searched_for != " ".join(answer.question.split()) else ""
    searched_for = exchange.searched_for or found_out
    scope = answer.scope if answer is not None else ""
    place = f'<p class="searched" dir="auto">Searching in: <bdi>{escape(scope)}</bdi></p>' if scope else ""
    if not searched_for:
        return f'<div class="lookup">{place}</div>' if place else ""
    by_whom = ' <span class="by-you">as you put it</span>' if exchange.searched_for else ""
    quoted = escape(shorten(searched_for, _LONGEST_QUESTION))
    shown = f"Searching for: <q>{quoted}</q>{by_whom}"
    if exchange.waiting or answer is None:
        return f'<div class="lookup"><p class="searched" dir="auto">{shown}</p>{place}</div>'
    edit = '<button type="button" class="edit" aria-label="Edit what is searched for" aria-expanded="false">Edit</button>'
    field = attributes(type="text", value=searched_for, required=True, autocomplete="off", dir="auto", aria_label="Search for")
    form = f'<form class="edited" hidden{attributes(data_question=answer.question)}><input{field}>'
    return (
        f'<div class="lookup"><p class="searched" dir="auto">{shown} {edit}</p>{place}'
        f'{form}<button type="submit">Search</button></form></div>'
    )
