"""Reads RTF part by part: keeps what holds in each group, and puts text where it belongs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from corpus.formats.flow import HARD, Flow, Text, note, without_breaks
from corpus.formats.line import note_mark, raise_marks
from corpus.formats.rtf_letters import DEFAULT_PAGE, Fonts, code_page, document_page, join_surrogates
from corpus.formats.rtf_paragraphs import StyleSheet
from corpus.formats.rtf_state import Letters, Paragraph, Place, State
from corpus.formats.rtf_story import Story
from corpus.formats.rtf_tables import RowShape
from corpus.formats.rtf_tokens import Kind, Token, tokens
from corpus.formats.unread import COMMENT, CONTENTS, FORMULA, HIDDEN, OBJECT, PICTURE

_NOWHERE = frozenset(
    "aftncn aftnsep aftnsepc atnauthor atnid bkmkend bkmkstart colorschememapping colortbl datafield datastore falt filetbl "
    "fldinst footer footerf footerl footerr formfield ftncn ftnsep ftnsepc generator header headerf headerl headerr "
    "latentstyles listoverridetable listtable mmathPict mmathPr nonesttables nonshppict objclass objdata objname panose "
    "pgdsctbl pntxta pntxtb revtbl rsidtbl rxe shpgrp shprslt sp tc template themedata userprops wgrffmtfilter xe "
    "xmlnstbl".split()
)
_UNREAD = {"pict": PICTURE, "object": OBJECT, "annotation": COMMENT, "moMath": FORMULA, "moMathPara": FORMULA}
_READ = frozenset("shpinst shptxt shppict footnote nesttableprops fldrslt do dptxbxtext listtext pntext info ud".split())
_CHARACTERS = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "bullet": "•",
    "endash": "–",
    "emdash": "—",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "column": " ",
}
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"\n": "", b"\r": ""}
_INFO = ("nofpages", "nofchars")


class RtfReader:
    """Reads one file.

    Attributes:
        info: The counts the file says of itself, by their control words.
        unread: How many there are of what is not read, by what it is.
        endnotes: What is to come at the end.
        breaks_off: Whether the file ends before its last group does.
    """

    def __init__(self) -> None:
        self.info: dict[str, int] = {}
        self.unread: Counter[str] = Counter()
        self.endnotes: list[Flow] = []
        self.breaks_off = False
        self._state = State()
        self._outer: list[State] = []
        self._stories = [Story()]
        self._fonts = Fonts()
        self._page = DEFAULT_PAGE
        self._default_font = 0
        self._styles = StyleSheet()
        self._bytes = bytearray()
        self._text: list[str] = []
        self._to_skip = 0  # characters after a Unicode number that stand for it in old programs
        self._row = RowShape()
        self._inner_row = RowShape()
        self._notes = Counter[bool]()
        self._section_ended = False

    def read(self, data: bytes) -> Iterator[int]:
        """Read a file; yields at each group how deep it stands in others."""
        for token in tokens(data):
            if token.kind is Kind.OPEN:
                self._flush()
                self._to_skip = 0
                self._outer.append(self._state)
                self._state = self._state.inner()
                yield len(self._outer)
            elif token.kind is Kind.CLOSE:
                self._close()
                if not self._outer:
                    return
            else:
                self._take(token)
        self.breaks_off = True

    def finish(self) -> list[Flow]:
        """Return the body; what is still open ends here."""
        self._flush()
        while self._outer:
            self._close()
        if self._story.line.has_content:
            self._end_paragraph()
        return self._stories[0].finish()

    @property
    def _story(self) -> Story:
        return self._stories[-1]

    def _take(self, token: Token) -> None:
        if token.kind is Kind.WORD:
            if self._to_skip and token.word not in ("u", "uc"):
                self._to_skip -= 1
                return
            self._word(token.word, token.number)
        elif token.kind is Kind.SYMBOL:
            self._symbol(token.data)
        else:
            data = token.data[self._to_skip :]
            self._to_skip -= len(token.data) - len(data)
            if self._text_goes_on():
                self._bytes += data

    def _text_goes_on(self) -> bool:
        return self._state.place not in (Place.NOWHERE, Place.INFO, Place.PROPERTIES)

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._state.is_optional = True
        elif self._to_skip:
            self._to_skip -= 1
        elif symbol in b"\\{}":
            self._add(symbol.decode("ascii"))
        elif symbol in (b"\n", b"\r"):
            self._word("par", None)
        elif symbol in _SYMBOLS:
            self._add(_SYMBOLS[symbol])

    # Text

    def _add(self, text: str) -> None:
        if self._text_goes_on():
            self._decode()
            self._text.append(text)

    def _decode(self) -> None:
        if self._bytes:
            page = self._fonts.page(self._state.letters.font, self._page)
            self._text.append(self._bytes.decode(page, "replace"))
            self._bytes.clear()

    def _flush(self) -> None:
        """Put the text that has come where it belongs; called before anything changes."""
        self._decode()
        if not self._text:
            return
        text, self._text = join_surrogates("".join(self._text)), []
        state, letters = self._state, self._state.letters
        if state.place is Place.FONTS:
            self._fonts.add_name(letters.font, text)
        elif state.place is Place.STYLES:
            self._styles.add_name(state.style, text)
        elif state.place in (Place.BODY, Place.LIST_MARK) and not letters.is_deleted:
            text = self._fonts.letters(text, letters.font)
            if letters.is_hidden:
                self.unread[HIDDEN] += bool(text.strip())
            elif state.place is Place.LIST_MARK:
                self._story.mark += text
            else:
                self._begin_section(text)
                self._story.line.add(
                    raise_marks(text) if letters.is_raised else text, is_bold=letters.is_bold, size=letters.size
                )

    def _begin_section(self, text: str) -> None:
        if self._section_ended and text.strip():
            self._section_ended = False
            self._story.line.add_break(is_hard=True)

    # Groups

    def _close(self) -> None:
        self._flush()
        self._to_skip = 0
        if self._state.opens_story:
            self._end_story(self._state.opens_story)
        self._state = self._outer.pop() if self._outer else State()

    def _open_story(self, kind: str) -> None:
        self._state.opens_story = kind
        self._state.place = Place.BODY
        self._state.paragraph = Paragraph()
        # The mark stands before the note, at its beginning, or at both places.
        self._stories.append(Story(has_own_mark=kind == "note" and self._story.has_own_mark))
        self._stories[-2].has_own_mark = False

    def _end_story(self, kind: str) -> None:
        if self._story.line.has_content:
            self._end_paragraph()
        story = self._stories.pop()
        content = without_breaks(story.finish())
        if kind == "box":
            self._story.line.add_aside(content)
            return
        mark = ""
        if story.has_own_mark:
            self._notes[story.is_endnote] += 1
            mark = note_mark(str(self._notes[story.is_endnote]))
        self._story.line.add(mark)
        content = note(mark, content)
        if story.is_endnote:
            self.endnotes.extend(content)
        else:
            self._story.line.add_aside(content)

    def _destination(self, word: str) -> bool:
        """Begin what a group is for; return whether the word says that."""
        state = self._state
        if state.place is Place.NOWHERE:
            return True
        if word in ("fonttbl", "stylesheet", "info"):
            state.place = {"fonttbl": Place.FONTS, "stylesheet": Place.STYLES, "info": Place.INFO}[word]
        elif word in ("listtext", "pntext"):
            state.place = Place.LIST_MARK
            self._story.mark = ""
        elif word == "nesttableprops":
            state.place = Place.PROPERTIES
            self._inner_row = RowShape()
        elif word in _UNREAD:
            self.unread[_UNREAD[word]] += 1
            state.place = Place.NOWHERE
        elif word == "footnote" and state.place is Place.BODY:
            self._open_story("note")
        elif word in ("shptxt", "dptxbxtext"):
            self._open_story("box")
        elif word == "shpinst":
            state.place = Place.PROPERTIES
        elif word in _NOWHERE or (state.is_optional and word not in _READ):
            state.place = Place.NOWHERE
        else:
            return False
        return True

    # Control words

    def _word(self, word: str, number: int | None) -> None:
        state = self._state
        if word == "u" and number is not None:
            if self._text_goes_on():
                self._decode()
                self._text.append(chr(number % 65_536))
            self._to_skip = state.after_unicode
        elif word == "uc":
            state.after_unicode = min(max(number or 0, 0), 100)
        elif word in _CHARACTERS:
            self._add(_CHARACTERS[word])
        else:
            self._flush()
            if self._destination(word) or self._about_document(word, number):
                pass
            elif state.place is Place.FONTS:
                self._about_font(word, number or 0)
            elif not self._about_table(word, number or 0):
                self._about_text(word, number)
            state.is_optional = False

    def _about_document(self, word: str, number: int | None) -> bool:
        if word == "ansicpg":
            self._page = code_page(number or 0)
        elif page := document_page(word):
            self._page = page
        elif word == "deff":
            self._default_font = self._state.letters.font = number or 0
        elif self._state.place is Place.INFO:
            if word in _INFO:
                self.info[word] = number or 0
        elif word == "s" and self._state.place is Place.STYLES:
            self._state.style = number or 0
        elif word == "outlinelevel" and self._state.place is Place.STYLES:
            self._styles.set_outline(self._state.style, number or 0)
        elif word in ("cs", "ds", "ts") and self._state.place is Place.STYLES:
            self._state.style = -1  # a style of letters, sections or tables
        else:
            return False
        return True

    def _about_font(self, word: str, number: int) -> None:
        if word == "f":
            self._state.letters.font = number
        elif word == "fcharset":
            self._fonts.set_charset(self._state.letters.font, number)
        elif word == "cpg":
            self._fonts.set_page(self._state.letters.font, code_page(number))

    def _about_text(self, word: str, number: int | None) -> None:
        """Take a word about letters, the paragraph, or where it ends."""
        state = self._state
        if word == "plain":
            state.letters = Letters(font=self._default_font)
        elif state.letters.take(word, number) or state.place is not Place.BODY:
            pass
        elif word == "pard":
            state.paragraph = Paragraph()
        elif word == "par":
            if not state.letters.is_deleted:  # else it goes on in the next one
                self._end_paragraph()
        elif word == "page":
            self._story.line.add_break(is_hard=True)
        elif word == "sect":
            self._end_paragraph()
            self._section_ended = True
        elif word in ("sbknone", "sbkcol"):
            self._section_ended = False
        elif word == "chftn":
            self._story.has_own_mark = True
        elif word == "ftnalt":
            self._story.is_endnote = True
        else:
            state.paragraph.take(word, number)

    def _about_table(self, word: str, number: int) -> bool:
        if self._state.place not in (Place.BODY, Place.PROPERTIES):
            return False
        is_inner = self._state.place is Place.PROPERTIES
        depth = max(self._state.paragraph.depth, 2) if word.startswith("nest") else 1
        row = self._inner_row if is_inner else self._row
        if word == "trowd":
            if is_inner:
                self._inner_row = RowShape()
            else:
                self._row = RowShape()
        elif word in ("cell", "nestcell"):
            if self._story.line.has_content:
                self._end_paragraph(depth)
            self._story.end_cell(depth)
        elif word in ("row", "nestrow"):
            self._story.end_row(depth, row)
        else:
            return row.take(word, number)
        return True

    def _end_paragraph(self, depth: int | None = None) -> None:
        story, paragraph = self._story, self._state.paragraph
        text = story.line.finish()
        if paragraph.breaks_page and len(self._stories) == 1:
            text.text = HARD + text.text
            text.asides = [(position + 1, content) for position, content in text.asides]
        if self._styles.is_contents(paragraph):
            self.unread[CONTENTS] = 1
            text = Text("".join(mark for mark in text.text if mark in "\f\v"))
        else:
            self._styles.classify(text, paragraph, story.mark)
        story.add(text, paragraph.tables if depth is None else depth)
        story.begin_paragraph()
