"""Writes a tree of HTML as blocks: what a browser would show, in its order, without its looks.

HTML pages and the chapters of EPUB books go through here. The tree is walked without recursion. White space is that of a
browser: `<b>a</b>b` is one word, the ends of blocks part words, and lines broken by `<br>` are one paragraph, unless they begin
with bullets. Elements named in `dropped` are left out, and so are pictures, players and struck-out text, which are counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.blocks import BlockKind
from corpus.formats.markup_inline import Inline, PageMark, Part, bare_label, raised
from corpus.formats.markup_kinds import code_text, heading_level, is_note_mark, is_page_break
from corpus.formats.markup_lists import ListState, PendingItem, is_list, word_item
from corpus.formats.markup_styles import Styles
from corpus.formats.markup_tables import Table, is_data_table, read_table
from corpus.formats.markup_tree import BLOCKS, Element, Elements, local, tokens, words_in
from corpus.writer import TextWriter, clean

_UNSEEN = frozenset(
    "annotation annotation-xml area audio base canvas datalist embed frame head iframe input link map meta meter noframes "
    "noscript object optgroup option param progress rp script select source style svg template textarea title track "
    "video".split()
)
_PLAYERS = {"audio", "video", "iframe", "object", "embed"}
_FORMULA = re.compile(r"math|latex|\btex\b|equation")
_DISPLAY_STYLE = re.compile(r"^\{\\displaystyle (.*)\}$", re.DOTALL)
_BULLETED = re.compile(r"[•·▪◦‣●○■*–—-]\s+(?=\S)")
_LINKS_TO_HEADINGS = frozenset({"", "¶", "#", "§", "🔗", "link", "permalink"})
_LINKS_BACK = frozenset({"↩", "↩︎", "↑", "⤴", "^", "[↩]", "return"})  # from a note to the place that it is about
_TERM = 200  # characters; a longer <dt> is a paragraph of its own


@dataclass
class LeftOut:
    """How many things were left out, by kind."""

    pictures: int = 0
    players: int = 0
    struck: int = 0

    def note(self, writer: TextWriter) -> None:
        """Note what was left out, as a whole."""
        if self.pictures:
            writer.skip("a picture without text" if self.pictures == 1 else f"{self.pictures:,} pictures without text")
        if self.players:
            writer.skip(
                "a video, sound or embedded page" if self.players == 1 else f"{self.players:,} videos, sounds or embedded pages"
            )
        if self.struck:
            writer.skip("struck-out text" if self.struck == 1 else f"struck-out text in {self.struck:,} places")


class Markup:
    """Writes trees of HTML, one after the other, into a `TextWriter`."""

    def __init__(
        self,
        writer: TextWriter,
        *,
        dropped: Elements = frozenset(),
        marks: Mapping[Element, str] | None = None,
        titles: Mapping[Element, int] | None = None,
        bold_headings: bool = False,
        styles: Styles | None = None,
        left_out: LeftOut | None = None,
    ) -> None:
        """Make one.

        :param dropped: Elements that are left out with all they hold.
        :param marks: Elements at which a page begins, and what the page is called.
        :param titles: Elements that are headings, though they are not marked as such, and how deep they stand.
        :param bold_headings: Take short bold paragraphs for headings, where a page marks none as such.
        :param styles: What its classes do to words.
        :param left_out: Counts what is left out; a new count if None.
        """
        self.left_out = left_out or LeftOut()
        self._writer = writer
        self._dropped = dropped
        self._marks = marks or {}
        self._titles = titles or {}
        self._bold_headings = bold_headings
        self._styles = styles or Styles()
        self._line = Inline()
        self._heading: int | None = None
        self._heading_length = 0
        self._lists: list[ListState] = []
        self._item: PendingItem | None = None
        self._term = ""
        self._forms = 0
        self._raised: list[int] = []

    def write(self, root: Element) -> None:
        """Write what an element and all below it say."""
        if not self._begin(root):
            return
        self._line.add(root.text)
        stack = [(root, iter(root))]
        while stack:
            node, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._end(node)
                if stack:
                    self._line.add(node.tail)
            elif isinstance(child.tag, str) and self._begin(child):
                self._line.add(child.text)
                stack.append((child, iter(child)))
            else:
                self._line.add(child.tail)
        self._flush()
        self._settle_term()

    # Elements

    def _begin(self, node: Element) -> bool:
        """Note that an element begins; return whether what is in it is to be read."""
        tag = local(node)
        if tag in BLOCKS:
            if tag == "dt" and local(node.getparent()) == "dt":  # its end tag is missing
                self._end_term()
            self._flush()
        if node in self._marks:
            self._line.mark(PageMark(self._marks[node]))
        if node in self._dropped or (self._marks and is_page_break(node)):
            return False
        if tag in BLOCKS:
            return self._begin_block(node, tag)
        return self._begin_inline(node, tag)

    def _begin_block(self, node: Element, tag: str) -> bool:
        level = self._level(node, tag)
        if level is not None and self._heading is None:
            self._settle_term()
            self._heading = level
            self._heading_length = len(words_in(node))
        elif is_list(tag):
            self._settle_term()
            self._lists.append(ListState(node))
        elif tag == "li":
            self._item = self._lists[-1].item(node, len(self._lists) - 1) if self._lists else PendingItem()
        elif tag == "p":
            self._item = word_item(node) or self._item
        elif tag == "table":
            return self._begin_table(node)
        elif tag == "form":
            self._forms += 1
        elif tag == "legend":
            return not self._forms
        elif tag in ("pre", "listing", "xmp"):
            self._settle_term()
            self._writer.code(code_text(node))
            return False
        return True

    def _begin_inline(self, node: Element, tag: str) -> bool:
        if tag in _UNSEEN:
            self.left_out.players += tag in _PLAYERS
            if tag == "input" and node.get("type") == "checkbox" and self._item is not None:
                self._item.check(node.get("checked") is not None)
            return False
        if self._styles.is_struck(node, tag):
            self.left_out.struck += bool(words_in(node))
            return False
        if tag == "img":
            self._picture(node)
        elif tag == "br":
            if self._line.break_line():
                self._flush()
        elif tag == "q":
            self._line.add("“")
        elif tag == "rt":
            self._line.add("(")
        elif self._is_control(node, tag):
            return False
        before = node.getprevious()
        if tag == "a" and before is not None and not before.tail and not self._raised and local(before) == "a":
            self._line.add(" ")  # buttons in a row, which only the style sheet parts
        if self._is_raised(node, tag):
            self._raised.append(self._line.position)
        self._line.formula(node, tag)
        self._line.bold += self._styles.is_bold(node, tag)
        return True

    def _end(self, node: Element) -> None:
        tag = local(node)
        if tag not in BLOCKS:
            self._end_inline(node, tag)
            return
        if self._heading is not None and self._level(node, tag) is not None:
            self._end_heading()
        elif tag == "dt":
            self._end_term()
        self._flush()
        if is_list(tag):
            self._lists.pop()
        elif tag in ("li", "p"):
            self._item = None if tag == "li" or word_item(node) else self._item
        elif tag in ("dd", "dl"):
            self._settle_term()
        elif tag == "form":
            self._forms -= 1

    def _end_inline(self, node: Element, tag: str) -> None:
        if self._is_raised(node, tag):
            after = (node.tail or "") if tag != "a" and node.find(".//a") is None else None
            self._line.replace_from(self._raised.pop(), lambda text, before: raised(text, before, after))
        if tag == "q":
            self._line.add("”")
        elif tag == "rt":
            self._line.add(")")
        self._line.bold -= self._styles.is_bold(node, tag)

    def _is_control(self, node: Element, tag: str) -> bool:
        """Whether an inline element is there to be clicked, not read."""
        if tag == "button":  # a heading may be one that opens what is below it
            return self._heading is None or 2 * len(words_in(node)) < self._heading_length
        if tag == "a" and (node.get("href") or "").startswith("#"):
            return words_in(node).lower() in (_LINKS_TO_HEADINGS if self._heading is not None else _LINKS_BACK)
        return tag == "label" and self._forms > 0

    def _level(self, node: Element, tag: str) -> int | None:
        return self._titles[node] if node in self._titles else heading_level(node, tag)

    def _is_raised(self, node: Element, tag: str) -> bool:
        return self._styles.is_raised(node, tag) or is_note_mark(node, tag)

    def _picture(self, node: Element) -> None:
        formula = " ".join(tokens(node, "class"))
        if _FORMULA.search(formula) and node.get("alt"):
            self._line.add(_DISPLAY_STYLE.sub(r"\1", node.get("alt") or ""))
        elif not any(re.fullmatch(r"[0-3](px)?", node.get(side) or "") for side in ("width", "height")):  # no spacers
            self.left_out.pictures += 1

    # Blocks

    def _flush(self) -> None:
        """Write the words that have come since the last block, if any; within a heading they go on."""
        if self._heading is not None:
            self._line.add(" ")
            return
        is_bold = self._line.is_bold
        parts = self._line.take()
        text = clean("".join(part for part in parts if not isinstance(part, PageMark)))
        if not text:
            self._begin_pages(parts)
        elif self._term:
            joint = " " if self._term[-1] in ".:?!;" else ": "
            term, self._term = self._term + joint, ""
            self._write(BlockKind.ITEM, _prefixed(term, parts), level=2 * len(self._lists))
        elif self._item is not None:
            item, self._item = self._item, None
            words = item.take_mark(parts)
            self._write(BlockKind.ITEM, words, level=2 * item.level, numbered=item.numbered, mark=item.mark)
        elif self._bold_headings and is_bold and not self._lists and bare_label(text):
            self._write(BlockKind.HEADING, parts, level=2)
        else:
            self._write_lines(parts)

    def _write_lines(self, parts: list[Part]) -> None:
        """Write a paragraph; where several of its lines begin with a bullet, each line is for itself."""
        lines = "".join(part for part in parts if isinstance(part, str)).split("\n")
        bulleted = sum(_BULLETED.match(line.strip()) is not None for line in lines)
        if bulleted < 2 or any(isinstance(part, PageMark) for part in parts):
            self._write(BlockKind.PARAGRAPH, parts)
            return
        for line in (line.strip() for line in lines):
            if bullet := _BULLETED.match(line):
                self._writer.item(line[bullet.end() :], level=len(self._lists))
            else:
                self._writer.paragraph(line)

    def _write(self, kind: BlockKind, parts: list[Part], *, level: int = 0, numbered: bool = False, mark: str = "") -> None:
        """Write a block; pages may begin in the middle of it."""
        writer = self._writer
        writer.open(kind, level=level, numbered=numbered)
        is_first = True
        gap = False
        for part in parts:
            if isinstance(part, PageMark):
                writer.page(part.name)
                continue
            words = clean(part)
            if words and is_first:
                if mark:
                    writer.add(f"{mark} ")
                if not numbered:
                    writer.begin_content()
                writer.add(words)
            elif words:
                writer.add(" " + words if gap or part[0].isspace() else words)
            is_first = is_first and not words
            gap = part[-1:].isspace() if words else gap or part.isspace()
        writer.close()

    def _begin_pages(self, parts: list[Part]) -> None:
        for part in parts:
            if isinstance(part, PageMark):
                self._writer.page(part.name)

    def _end_heading(self) -> None:
        level, self._heading = self._heading, None
        parts = self._line.take()
        if any(clean(part) for part in parts if isinstance(part, str)):
            if self._item is not None and self._item.numbered:  # <li><h3>: the number is the heading's
                parts = _prefixed(f"{self._item.mark} ", parts)
                self._item = None
            self._write(BlockKind.HEADING, parts, level=level or 0)
        else:
            self._begin_pages(parts)

    def _end_term(self) -> None:
        """Keep the words of a <dt>, which are written with its description."""
        parts = self._line.take()
        self._begin_pages(parts)
        term = clean("".join(part for part in parts if isinstance(part, str)))
        self._term = ", ".join(filter(None, (self._term, term)))
        if len(self._term) > _TERM:
            self._settle_term()

    def _settle_term(self) -> None:
        """Write a term that no description followed."""
        if self._term:
            self._writer.paragraph(self._term)
            self._term = ""

    def _begin_table(self, node: Element) -> bool:
        self._settle_term()
        if not is_data_table(node, self._dropped):
            return True
        table = read_table(node, self._dropped, self._cell_text, self._styles)
        self._write_table(table)
        return False

    def _write_table(self, table: Table) -> None:
        for line in table.titles:
            self._writer.paragraph(line)
        for row in table.rows:
            for name in row.pages:
                self._writer.page(name)
            self._writer.row(row.cells, title=" ".join(table.titles))

    def _cell_text(self, cell: Element) -> tuple[str, list[str]]:
        """Return the text of a table cell as one line, and the names of the pages that begin in it."""
        if len(cell) == 0:
            return cell.text or "", []
        writer = TextWriter()
        Markup(writer, dropped=self._dropped, marks=self._marks, styles=self._styles, left_out=self.left_out).write(cell)
        made = writer.extract()
        joined = ""
        for block in made.blocks or ():
            joint = ", " if block.kind is BlockKind.ITEM and joined and joined[-1].isalnum() else " "
            joined += joint + made.text[block.start if block.numbered else block.content : block.end]
        return joined, list(made.page_names or [""] * len(made.pages))


def _prefixed(words: str, parts: list[Part]) -> list[Part]:
    """Put words before the first words of a block, after the pages that begin before them."""
    place = next(n for n, part in enumerate(parts) if isinstance(part, str) and clean(part))
    return [*parts[:place], f"{words}{parts[place]}", *parts[place + 1 :]]
