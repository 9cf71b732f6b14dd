"""What an EPUB says of itself: its parts and their order, its title, its table of contents, the list of its printed pages."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from urllib.parse import unquote

from corpus.errors import DocumentError
from corpus.formats.markup_styles import Styles
from corpus.formats.markup_tree import Element, decode_markup, find_all, local, parse_markup, tokens, words_in
from corpus.formats.packed import Packed
from corpus.refusals import damaged

_TITLE = "EPUB"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONTS_ALONE = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_MARKUP = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/xml", "text/xml")


@dataclass(frozen=True)
class Package:
    """A book's parts.

    Attributes:
        title: The book's title, or an empty string.
        spine: Places in the archive of its documents in reading order, those that are not linear last.
        missing: Documents that the reading order names and the archive does not hold.
        navigation: Place of the navigation document of EPUB 3, or an empty string.
        ncx: Place of the table of contents of EPUB 2, or an empty string.
        styles: What its style sheets do to words.
    """

    title: str
    spine: list[str]
    missing: list[str]
    navigation: str = ""
    ncx: str = ""
    styles: Styles = field(default_factory=Styles)


@dataclass(frozen=True)
class Target:
    """A page of the printed edition: what it is called, and where it begins.

    Attributes:
        name: "12", "xii".
        path: The document's place in the archive.
        fragment: Id of the element; empty for the document's beginning.
    """

    name: str
    path: str
    fragment: str


@dataclass(frozen=True)
class Contents:
    """A book's table of contents.

    Attributes:
        titles: Document → the title of the chapter that begins with it.
        pages: The pages of the printed edition, in the order of the list.
    """

    titles: dict[str, str] = field(default_factory=dict)
    pages: list[Target] = field(default_factory=list)


def read_package(packed: Packed, name: str) -> Package:
    """Return a book's parts.

    :raises DocumentError: it is protected against copying, or what every book has is missing.
    """
    roots = [node.get("full-path", "") for node in packed.xml(_CONTAINER).iter("{*}rootfile")] if _CONTAINER in packed else []
    path = next((one for one in [*roots, *packed.names()] if one in packed and one.lower().endswith(".opf")), "")
    if not path:
        raise damaged(name, _TITLE, "it does not name its contents (there is no package document in it)")
    package = packed.xml(path)
    manifest: dict[str, tuple[str, str, str]] = {}
    for item in package.iter("{*}item"):
        place = resolve(path, item.get("href", ""))[0]
        manifest[item.get("id", "")] = (place, item.get("media-type", ""), item.get("properties", ""))
    references = [(node.get("idref", ""), node.get("linear") != "no") for node in package.iter("{*}itemref")]
    ordered = [one for one, linear in references if linear] + [one for one, linear in references if not linear]
    documents = [manifest[one][0] for one in dict.fromkeys(ordered) if one in manifest and _is_markup(*manifest[one][:2])]
    unnamed = [one for one in dict.fromkeys(ordered) if one not in manifest]
    _check_protection(packed, name, documents)
    spine = [one for one in dict.fromkeys(documents) if one in packed]
    if not spine:
        raise damaged(name, _TITLE, "none of the documents that its reading order names is in it")
    title = next((words_in(node) for node in package.iter("{http://purl.org/dc/elements/1.1/}title")), "")
    toc = next((node.get("toc", "") for node in package.iter("{*}spine")), "")
    ncx = manifest[toc] if toc in manifest else next((one for one in manifest.values() if one[1].endswith("ncx+xml")), ("",))
    return Package(
        title=title,
        spine=spine,
        missing=[one for one in dict.fromkeys(documents) if one not in packed] + unnamed,
        navigation=next((place for place, _, properties in manifest.values() if "nav" in properties.split()), ""),
        ncx=ncx[0],
        styles=_styles(packed, [place for place, kind, _ in manifest.values() if kind == "text/css"]),
    )


def _styles(packed: Packed, places: list[str]) -> Styles:
    styles = Styles()
    for place in places:
        if place in packed:
            try:
                styles.read(packed.read(place).decode("utf-8", "replace"))
            except DocumentError:
                if packed.is_full:
                    raise
    return styles


def _is_markup(place: str, media_type: str) -> bool:
    return media_type in _MARKUP or place.lower().endswith((".xhtml", ".html", ".htm", ".xml"))


def _check_protection(packed: Packed, name: str, documents: list[str]) -> None:
    """Refuse a book whose text is encrypted; fonts may be, as in many free books.

    :raises DocumentError: it is protected against copying.
    """
    if _ENCRYPTION not in packed:
        return
    wanted = {one.lower() for one in documents}
    for data in packed.xml(_ENCRYPTION).iter("{*}EncryptedData"):
        methods = {node.get("Algorithm", "") for node in data.iter("{*}EncryptionMethod")}
        places = {unquote(node.get("URI", "")).lower() for node in data.iter("{*}CipherReference")}
        if not methods <= _FONTS_ALONE and places & wanted:
            raise DocumentError(
                f"{name} is protected against copying (DRM), so nothing of it can be read. Add a copy without protection, if "
                "its publisher offers one."
            )


def read_contents(packed: Packed, package: Package, name: str) -> Contents:
    """Return a book's table of contents, from the navigation document of EPUB 3 or the NCX of EPUB 2, as far as it is sound."""
    contents = Contents()
    try:
        if package.navigation in packed:
            _read_navigation(packed, package.navigation, name, contents)
        if package.ncx in packed:
            _read_ncx(packed, package.ncx, contents)
    except DocumentError:
        if packed.is_full:
            raise
    return contents


def _read_navigation(packed: Packed, path: str, name: str, contents: Contents) -> None:
    root = parse_markup(decode_markup(packed.read(path), name), name, _TITLE)
    for nav in find_all(root, "nav") if root is not None else []:
        kinds = tokens(nav, "epub:type") + tokens(nav, "role")
        for link in find_all(nav, "a"):
            place, fragment = resolve(path, link.get("href") or "")
            if "page-list" in kinds or "doc-pagelist" in kinds:
                contents.pages.append(Target(words_in(link), place, fragment))
            elif "toc" in kinds or "doc-toc" in kinds:
                contents.titles.setdefault(place, words_in(link))


def _read_ncx(packed: Packed, path: str, contents: Contents) -> None:
    root = packed.xml(path)
    for point in root.iter("{*}navPoint"):
        label, (place, _) = _label(point), _place(point, path)
        if label and place:
            contents.titles.setdefault(place, label)
    if not contents.pages:
        for target in root.iter("{*}pageTarget"):
            place, fragment = _place(target, path)
            contents.pages.append(Target(_label(target) or target.get("value", ""), place, fragment))


def _label(point: Element) -> str:
    return next((words_in(node) for node in point if local(node).endswith("navlabel")), "")


def _place(point: Element, path: str) -> tuple[str, str]:
    source = next((node.get("src", "") for node in point if local(node).endswith("content")), "")
    return resolve(path, source)


def resolve(path: str, reference: str) -> tuple[str, str]:
    """Return the member that a reference in another one leads to, and the id after "#"."""
    reference, _, fragment = reference.partition("#")
    if not reference:
        return path, unquote(fragment)
    place = posixpath.normpath(posixpath.join("/", posixpath.dirname(path), unquote(reference)))
    return place.lstrip("/"), unquote(fragment)
