"""The letters of RTF: bytes in the code pages of their fonts, and Unicode numbers with a substitute after them."""

from __future__ import annotations

import codecs

from corpus.formats.symbols import from_symbols

_CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
_SYMBOLS = 2
_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
DEFAULT_PAGE = "cp1252"


def code_page(number: int) -> str:
    """Return the encoding of `\\ansicpg`; the usual one if there is no such."""
    name = {65001: "utf-8", 10000: "mac_roman"}.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return DEFAULT_PAGE


def document_page(word: str) -> str:
    """Return the encoding that `\\mac`, `\\pc` or `\\pca` stand for, empty for any other word."""
    return _PAGES.get(word, "")


class Fonts:
    """The fonts of a document, by their numbers."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._charsets: dict[int, int] = {}
        self._pages: dict[int, str] = {}

    def set_charset(self, font: int, charset: int) -> None:
        """Say what letters a font has (`\\fcharset`)."""
        self._charsets[font] = charset

    def set_page(self, font: int, page: str) -> None:
        """Say what encoding a font has (`\\cpg`)."""
        self._pages[font] = page

    def add_name(self, font: int, part: str) -> None:
        """Add to a font's name; it ends with a semicolon."""
        if not self._names.get(font, "").endswith(";"):
            self._names[font] = self._names.get(font, "") + part

    def page(self, font: int, default: str) -> str:
        """Return the encoding of bytes in a font."""
        if self._charsets.get(font) == _SYMBOLS:
            return "latin-1"
        return self._pages.get(font) or _CHARSETS.get(self._charsets.get(font, 0), default)

    def letters(self, text: str, font: int) -> str:
        """Return text in a font as Unicode, if it is a font of symbols."""
        return from_symbols(text, self._names.get(font, "").rstrip("; ").strip())


def join_surrogates(text: str) -> str:
    """Return text whose characters beyond the first 65,536 came in two halves; what is half alone is replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
