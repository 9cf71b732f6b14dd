"""HTML: saved web pages, newsletters, and what word processors and converters write."""

from __future__ import annotations

import re

from corpus.document import Extract
from corpus.formats.main_text import MainText, find_main_text
from corpus.formats.markup import Markup
from corpus.formats.markup_kinds import first_with_words, heading_level
from corpus.formats.markup_styles import Styles
from corpus.formats.markup_tree import Element, decode_markup, find_all, local, parse_markup, walk, words_in
from corpus.limits import Limits
from corpus.writer import TextWriter

_WORDS = re.compile(r"\w+")


def read(data: bytes, name: str, limits: Limits) -> Extract:
    """Return the main text of a page.

    The title is a heading over all of it, where no heading on the page says the same. A browser's view of a plain text file,
    which is one `pre`, is read as plain text.

    :raises DocumentError: the bytes are not text, or its elements are nested too deep.
    """
    root = parse_markup(decode_markup(data, name), name, "HTML")
    if root is None:
        return Extract("")
    text = _only_pre(root)
    if text is not None:
        return Extract(text)
    main = find_main_text(root)
    headings = _headings(main)
    writer = TextWriter()
    styles = Styles()
    for sheet in find_all(root, "style"):
        styles.read(sheet.text or "")
    titles: dict[Element, int] = {}
    title = next((words_in(node) for node in find_all(root, "title") if local(node.getparent()) == "head"), "")
    if title and not any(_says(title, heading) for _, heading in headings):
        level = 0 if any(level == 1 for level, _ in headings) else 1
        titles = first_with_words(main.roots, main.dropped, {title}, level)
        if not titles:
            writer.heading(title, level)
    markup = Markup(writer, dropped=main.dropped, titles=titles, bold_headings=not headings, styles=styles)
    for one in main.roots:
        markup.write(one)
    markup.left_out.note(writer)
    if main.left_out:
        writer.skip(f"menus, links and other text around the main text ({main.left_out:,} characters)", on_purpose=True)
    return writer.extract()


def _only_pre(root: Element) -> str | None:
    """Return the text of a page that is one `pre`; None for other pages."""
    bodies = find_all(root, "body")
    children = [node for node in bodies[0] if isinstance(node.tag, str)] if bodies else []
    is_alone = len(children) == 1 and local(children[0]) == "pre" and len(children[0]) == 0
    if not is_alone or (bodies[0].text or "").strip() or (children[0].tail or "").strip():
        return None
    return children[0].text or ""


def _headings(main: MainText) -> list[tuple[int, str]]:
    """Return level and words of the headings in the main text."""
    found = []
    for node in (node for root in main.roots for node, begins in walk(root, main.dropped) if begins):
        level = heading_level(node, local(node))
        words = words_in(node) if level is not None else ""
        if level is not None and words:
            found.append((level, words))
    return found


def _says(title: str, heading: str) -> bool:
    """Whether a heading says what a page's title says, or what it says beside the name of the site."""
    said, asked = (" ".join(_WORDS.findall(words.lower())) for words in (heading, title))
    return bool(said) and (said in asked or asked in said)
