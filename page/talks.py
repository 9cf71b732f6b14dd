"""The list of a person's conversations: to be opened, renamed, searched, exported and deleted."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from assistant.kept.conversations import Summary
from corpus.display import counted
from page.html import attributes, escape

SHOWN = 100
"""Conversations that are listed at once; a search finds the others."""


def render_talks(
    summaries: Sequence[Summary],
    *,
    current: str | None = None,
    sought: str = "",
    message: str = "",
    today: date | None = None,
) -> str:
    """Return the list.

    :param summaries: Those to list, the last changed first.
    :param current: Key of the one that is open.
    :param sought: What was searched for in them.
    :param message: Why something could not be done.
    :param today: The day of the reader, to say "today".
    """
    today = today or datetime.now().astimezone().date()
    listed = "".join(_render(one, one.id == current, today) for one in summaries[:SHOWN])
    below = ""
    if len(summaries) > SHOWN:
        below = f"{counted(len(summaries) - SHOWN, 'older one')}: search to find them."
    elif not summaries:
        below = "None has all these words." if sought else "What you ask is kept here, on this machine."
    below = f'<p class="none">{below}</p>' if below else ""
    failure = f'<p class="failure" role="alert">{escape(message)}</p>' if message else ""
    hidden = attributes(hidden=not summaries and not sought)
    field = attributes(type="search", value=sought, placeholder="Search", aria_label="Search conversations", autocomplete="off")
    return (
        '<section class="talks" aria-labelledby="talks-title">'
        '<div class="rail-head"><h2 id="talks-title">Conversations</h2></div>'
        f'<input class="find"{field}{hidden}>{failure}<ul class="talk-list">{listed}</ul>{below}</section>'
    )


def render_download(text: str, kind: str, title: str, suffix: str) -> str:
    """Return a link that a browser saves as a file.

    :param kind: Media type of `text`.
    :param title: Names the file.
    """
    data = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    name = re.sub(r"[^\w .,()-]+", "_", title).strip(" ._")[:60] or "conversation"
    return f"<a{attributes(href=f'data:{kind};base64,{data}', download=name + suffix)}>Save {escape(name + suffix)}</a>"


def _render(one: Summary, is_current: bool, today: date) -> str:
    title = one.title or "A damaged conversation"
    key = attributes(data_conversation=one.id)
    if one.damage:
        inner = f'<span class="talk-title">{escape(title)}</span><p class="none">{escape(one.damage)}</p>'
        actions = _action("delete", "Delete", key, title)
    else:
        current = attributes(aria_current="true" if is_current else False)
        inner = f'<button type="button" class="open-talk" dir="auto"{key}{current}>{escape(title)}</button>'
        actions = "".join(
            _action(what, label, key, title)
            for what, label in (("rename", "Rename"), ("markdown", "Markdown"), ("json", "JSON"), ("delete", "Delete"))
        )
    facts = f"{_day(one.changed, today)} · {counted(one.questions, 'question')}" if not one.damage else ""
    menu = (
        f'<details class="more"><summary{attributes(aria_label=f"More for {title}")}>⋯</summary>'
        f'<div class="menu">{actions}</div></details>'
    )
    return (
        f'<li class="talk{" is-current" if is_current else ""}"{attributes(data_title=title)}><div class="about">{inner}'
        f'<p class="when">{facts}</p></div>{menu}</li>'
    )


def _action(what: str, label: str, key: str, title: str) -> str:
    said = attributes(data_do=what, aria_label=f"{label}: {title}")
    return f'<button type="button" class="talk-action"{key}{said}>{label}</button>'


def _day(written: str, today: date) -> str:
    """Return the day of an ISO 8601 time, as said to somebody on the day `today`."""
    try:
        day = datetime.fromisoformat(written).replace(tzinfo=UTC).astimezone().date()
    except ValueError:
        return ""
    ago = (today - day).days
    if ago in (0, 1):
        return ("Today", "Yesterday")[ago]
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"
