"""EPUB books: their chapters in reading order, through the same reading of markup as HTML pages.

Chapters that the reading order calls not linear (answers, notes) come after the others. A chapter without a heading gets its
title from the table of contents. Documents that hold only links (a table of contents, an index of pictures) are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.document import Extract, PageKind
from corpus.errors import DocumentError
from corpus.formats.epub_package import Contents, Package, read_contents, read_package
from corpus.formats.epub_pages import Pages, find_pages
from corpus.formats.markup import LeftOut, Markup
from corpus.formats.markup_hidden import hidden_elements
from corpus.formats.markup_kinds import first_with_words, heading_level
from corpus.formats.markup_tree import Element, decode_markup, find_all, local, parse_markup, tokens, walk, words_in
from corpus.formats.packed import Packed, open_packed
from corpus.limits import Limits
from corpus.refusals import too_many_pages
from corpus.writer import TextWriter

_TITLE = "EPUB"
_TITLE_PAGES = 3  # documents at the beginning that may say the book's title
_LEAST_PROSE = 20  # characters outside of links of a document that is not merely a table of contents


@dataclass(frozen=True)
class _Chapter:
    """A document of the book.

    Attributes:
        path: Its place in the archive.
        body: Its text.
        hidden: Elements that are not shown.
    """

    path: str
    body: Element
    hidden: set[Element]


def read(data: bytes, name: str, limits: Limits) -> Extract:
    """Return the text of a book, with the pages of its printed edition where it names them all.

    :raises DocumentError: it is damaged, protected against copying, or has too many pages.
    """
    packed = open_packed(data, name, _TITLE, limits)
    package = read_package(packed, name)
    contents = read_contents(packed, package, name)
    problems: list[str] = []
    chapters = [chapter for path in package.spine if (chapter := _chapter(packed, path, name, problems)) is not None]
    pages = find_pages([(chapter.path, chapter.body) for chapter in chapters], contents.pages)
    if len(pages.marks) > limits.pages:
        raise too_many_pages(name, len(pages.marks), PageKind.PAGE, limits)
    writer = _write(chapters, package, contents, pages)
    if writer.pages < len(pages.marks) + pages.words_before:  # some begin in what is not shown
        writer = _write(chapters, package, contents, Pages(problem="the numbers of printed pages, some of which are hidden"))
    problems += [f"a part of the book that is not in the file ({path})" for path in package.missing]
    for problem in problems:
        writer.skip(problem)
    return writer.extract()


def _write(chapters: list[_Chapter], package: Package, contents: Contents, pages: Pages) -> TextWriter:
    writer = TextWriter()
    left_out = LeftOut()
    headings = {words for chapter in chapters for words in _headings(chapter)}
    titles: dict[Element, int] = {}
    if pages.words_before:
        writer.page(f"before {pages.first}")
    if package.title and package.title not in headings:
        titles = _titles(chapters[:_TITLE_PAGES], package.title, 0)
        if not titles and (pages.words_before or not pages.marks):  # else it would stand before the first page
            writer.heading(package.title, 0)
    for chapter in chapters:
        title = contents.titles.get(chapter.path, "")
        is_titled = bool(_headings(chapter)) or any(node in titles for node in chapter.body.iter())
        if title and not is_titled and words_in(chapter.body):
            own = _titles([chapter], title, 1)
            titles |= own
            if not own:
                writer.heading(title, 1)
        markup = Markup(
            writer, dropped=chapter.hidden, marks=pages.marks, titles=titles, styles=package.styles, left_out=left_out
        )
        markup.write(chapter.body)
    left_out.note(writer)
    if pages.problem:
        writer.skip(pages.problem)
    return writer


def _titles(chapters: list[_Chapter], title: str, level: int) -> dict[Element, int]:
    """Return the first paragraph that says a title, for books that mark no headings; empty if none does."""
    found = (first_with_words([chapter.body], chapter.hidden, {title}, level) for chapter in chapters)
    return next((one for one in found if one), {})


def _chapter(packed: Packed, path: str, name: str, problems: list[str]) -> _Chapter | None:
    """Return a document of the book, or note why it is not read; None for one that holds only links."""
    try:
        root = parse_markup(decode_markup(packed.read(path), name), f"{path} in {name}", _TITLE)
    except DocumentError:
        if packed.is_full:
            raise
        problems.append(f"a part of the book that cannot be read ({path})")
        return None
    if root is None:
        return None
    body = next(iter(find_all(root, "body")), root)
    hidden = hidden_elements(root)
    return None if _is_contents(body, hidden) else _Chapter(path, body, hidden)


def _is_contents(body: Element, hidden: set[Element]) -> bool:
    """Whether a document is a table of contents or a list of pictures: nearly all of its words are links."""
    is_nav = any("toc" in tokens(node, "epub:type") or "doc-toc" in tokens(node, "role") for node in find_all(body, "nav"))
    links = headings = 0
    for node, begins in walk(body, hidden):
        if begins and local(node) == "a" and node.get("href"):
            links += _letters(node)
        elif begins and heading_level(node, local(node)) is not None:
            headings += _letters(node)
    prose = _letters(body) - links - headings
    return links > 0 and (is_nav or links > 10 * prose) and prose < max(_LEAST_PROSE, 0.2 * links)


def _letters(node: Element) -> int:
    return len(words_in(node).replace(" ", ""))


def _headings(chapter: _Chapter) -> list[str]:
    """Return the words of a document's headings."""
    found = []
    for node, begins in walk(chapter.body, chapter.hidden):
        if begins and heading_level(node, local(node)) is not None and (words := words_in(node)):
            found.append(words)
    return found
