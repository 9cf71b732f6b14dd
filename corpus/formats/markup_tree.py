"""HTML and XHTML as trees: the encoding that a page names, broken markup as it comes, and questions about elements."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Set
from functools import lru_cache
from itertools import dropwhile
from typing import TypeAlias

from lxml import etree

from corpus.errors import DocumentError
from corpus.formats.text import decode
from corpus.refusals import damaged

Element: TypeAlias = etree._Element
Elements: TypeAlias = Set[Element]

_DECLARED = re.compile(rb"<meta\b[^<>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"\s*<\?xml\b[^<>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_XML_LINE = re.compile(r"\s*<\?xml\b[^<>]{0,400}\?>")
_HEAD = 8_192  # bytes that are searched for the name of the encoding
_ONE_BYTE = re.compile(r"iso8859|cp\d|ascii|latin|mac|koi8|tis")
_MANY_BYTES = frozenset("utf-8 gb2312 gbk gb18030 big5 big5hkscs cp950 shift_jis cp932 euc_jp iso2022_jp euc_kr cp949".split())
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p pre search section summary table tbody "
    "td tfoot th thead tr ul xmp".split()
)
"""Elements that begin and end a line."""

_IN_HEAD = frozenset("base basefont bgsound link meta noscript object script style template title".split())

HEADINGS = {f"h{level}": level for level in range(1, 7)}
"""Heading elements, and how deep they stand."""


def decode_markup(data: bytes, name: str) -> str:
    """Decode a page by its byte order mark, by the encoding that it names, or else as any text.

    Where it names a one-byte encoding, and all of it is UTF-8, it is UTF-8: a server or an editor changed it later.

    :raises DocumentError: the bytes are not text.
    """
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data, name)
    found = _XML_DECLARED.match(data[:_HEAD]) or _DECLARED.search(data[:_HEAD])
    encoding = _known_encoding(found.group(1).decode("ascii")) if found else ""
    if not encoding or b"\0" in data[:4096]:
        return decode(data, name)
    for candidate in ("utf-8", encoding) if _ONE_BYTE.match(encoding) else (encoding,):
        try:
            return data.decode(candidate)
        except UnicodeDecodeError:
            continue
    return decode(data, name)


def _known_encoding(label: str) -> str:
    """Return the codec that browsers use for a label; empty if it is not one for text."""
    try:
        encoding = codecs.lookup(label).name
    except LookupError:
        return ""
    encoding = _AS_BROWSERS_DO.get(encoding, encoding)
    return encoding if encoding in _MANY_BYTES or _ONE_BYTE.match(encoding) else ""


def parse_markup(text: str, name: str, title: str) -> Element | None:
    """Return the `html` element of a page without its comments; None if nothing is in it.

    XHTML goes the same way: a parser that forgives reads what a strict one reads, and also what many books really hold.

    :param title: What the file should be, for messages: "HTML".
    :raises DocumentError: its elements are nested deeper than the parser goes (2,000 and more).
    """
    text = _without_cdata(_XML_LINE.sub("", text, count=1))
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if parser.error_log and parser.error_log[0].type_name == "ERR_DOCUMENT_EMPTY":
            return None
        raise damaged(name, title, f"its markup cannot be followed ({' '.join(str(error).split())[:120]})") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):  # what follows is not in the tree
        raise _too_deep(name, title)
    if root is not None:
        _empty_head(root)
    return root


def _empty_head(root: Element) -> None:
    """Move into the body what the parser has left in the head: it does not know that `main`, `section` and the like end it."""
    head = next((node for node in root if local(node) == "head"), None)
    strays = [] if head is None else list(dropwhile(lambda node: local(node) in _IN_HEAD, head))
    if not strays:
        return
    body = next((node for node in root if local(node) == "body"), None)
    if body is None:
        body = etree.SubElement(root, "body")
    for place, node in enumerate(strays):  # each takes the text behind it along
        body.insert(place, node)
    strays[-1].tail = (strays[-1].tail or "") + (body.text or "")
    body.text = None


def _too_deep(name: str, title: str) -> DocumentError:
    return damaged(name, title, "its elements are nested more than 2,000 deep")


def _without_cdata(text: str) -> str:
    """Write CDATA sections of XHTML as ordinary text; an HTML parser takes them for comments."""
    first, *others = text.split("<![CDATA[")
    parts = [first]
    for other in others:
        inside, end, after = other.partition("]]>")
        parts.append(inside.replace("&", "&amp;").replace("<", "&lt;") + after if end else other)
    return "".join(parts)


def local(node: Element) -> str:
    """Return an element's name in lower case, without a prefix ("m:math")."""
    return _without_prefix(node.tag)


@lru_cache(maxsize=4096)
def _without_prefix(tag: object) -> str:
    return str(tag).rpartition(":")[2].lower()


def tokens(node: Element, attribute: str) -> list[str]:
    """Return the words of an attribute, such as its classes or roles, in lower case."""
    value = node.get(attribute)
    return value.lower().split() if value else []


def style_of(node: Element) -> dict[str, str]:
    """Return the properties of an element's own `style`, in lower case."""
    style = (node.get("style") or "").lower()
    if not style:
        return {}
    pairs = (one.partition(":") for one in style.split(";"))
    return {key.strip(): value.replace("!important", "").strip() for key, _, value in pairs if value}


def walk(root: Element, passed_over: Elements = frozenset()) -> Iterator[tuple[Element, bool]]:
    """Yield every element twice, when it begins (True) and when it ends (False), without recursion.

    :param passed_over: Elements that are not entered, nor yielded.
    """
    if root in passed_over:
        return
    yield root, True
    stack: list[tuple[Element, Iterator[Element]]] = [(root, iter(root))]
    while stack:
        node, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield node, False
        elif isinstance(child.tag, str) and child not in passed_over:
            yield child, True
            stack.append((child, iter(child)))


def words_in(node: Element) -> str:
    """Return all text below an element, spaces joined."""
    if len(node) == 0:
        return " ".join((node.text or "").split())
    return " ".join(" ".join(node.itertext()).split())


def find_all(root: Element, *names: str) -> list[Element]:
    """Return the elements of these names, in order."""
    wanted = frozenset(names)
    return [node for node in root.iter(etree.Element) if local(node) in wanted]
