"""Files that are ZIP archives inside (DOCX, ODT, PPTX, XLSX, EPUB), opened without trusting them.

Nothing is unpacked to disk, and no name inside is taken for a path. What an archive says of its own sizes may be a lie, so the
bytes that really come out are counted, and XML that declares entities (a few lines that grow to gigabytes) or that is nested
beyond all use is refused. A format that takes members itself uses `open_packed`; one whose library opens the archive calls
`check_packed` first.
"""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from lxml import etree

from corpus.errors import DocumentError
from corpus.limits import Limits
from corpus.refusals import damaged, locked

ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,  # from `zipfile`: a way of packing, or a version of ZIP, that it does not know
    RuntimeError,  # from `zipfile`: a member that needs a password
    ValueError,
    OverflowError,
)
"""What `zipfile` raises on damaged archives."""

MAX_DEPTH = 256
"""Elements within elements; the limit of lxml's own parser."""

_MAX_MEMBERS = 50_000
_CHUNK = 1 << 18
_RATIO, _RATIO_FROM = 250, 64 << 20  # of a document's XML the best packed is some 100 times as large as what is stored
_ENCRYPTED = 0x1
_XML_ENDS = (".xml", ".rels", ".vml", ".opf", ".ncx", ".xhtml", ".html", ".htm")


class Packed:
    """An open archive; made by `open_packed`."""

    def __init__(self, archive: zipfile.ZipFile, name: str, title: str, limits: Limits) -> None:
        self._archive = archive
        self._name = name
        self._title = title
        self._limits = limits
        self._by_key = {_key(one.filename): one for one in archive.infolist() if not one.is_dir()}
        self._taken = 0

    def names(self) -> list[str]:
        """Return the members' names in the archive's order, folders left out."""
        return [one.filename for one in self._by_key.values()]

    @property
    def is_full(self) -> bool:
        """Whether more has been taken than the limit allows: nothing more will come."""
        return self._taken > self._limits.unpacked

    def __contains__(self, member: str) -> bool:
        return _key(member) in self._by_key

    def read(self, member: str) -> bytes:
        """Return a member's bytes. Case and the direction of slashes in its name do not matter.

        :raises DocumentError: there is none, it is damaged or locked, or all that was read so far is more than the limit.
        """
        info = self._by_key.get(_key(member))
        if info is None:
            raise damaged(self._name, self._title, f"there is no {member} in it")
        content = io.BytesIO()
        for chunk in _chunks(self._archive, info, self._name, self._title):
            self._taken += len(chunk)
            if self._taken > self._limits.unpacked:
                raise _too_large(self._name, self._limits)
            content.write(chunk)
        return content.getvalue()

    def xml(self, member: str) -> etree._Element:
        """Return the root of a member that is XML, without its comments; entities are not resolved, and no network is used.

        :raises DocumentError: as `read`, or it is not well-formed, declares entities, or is nested too deep.
        """
        return parse_xml(self.read(member), member, self._name, self._title)


def parse_xml(content: bytes, member: str, name: str, title: str) -> etree._Element:
    """Return the root of XML, without comments and processing instructions.

    :param member: What it is called in the file, for messages.
    :raises DocumentError: it is not well-formed, declares entities, or is nested too deep.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:  # LookupError: an encoding that does not exist
        raise damaged(name, title, f"{member} in it is not well-formed ({_short(error)})") from error
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise _declares_entities(name, title, member)
    return root


def open_packed(data: bytes, name: str, title: str, limits: Limits) -> Packed:
    """Open an archive; what is taken from it is counted as it is taken.

    :param title: What the file should be, for messages: "Word".
    :raises DocumentError: it is no ZIP archive, is protected by a password, or says itself that it is too large.
    """
    return Packed(_open(data, name, title, limits), name, title, limits)


def check_packed(data: bytes, name: str, title: str, limits: Limits) -> None:
    """Unpack all of an archive, keeping nothing, to see that a library may open it.

    :raises DocumentError: as `Packed.read` and `Packed.xml` would for any of its members; XML that is not well-formed is left
        to the library.
    """
    archive = _open(data, name, title, limits)
    total = 0
    for info in archive.infolist():
        watch = _XmlWatch() if info.filename.lower().endswith(_XML_ENDS) else None
        for chunk in _chunks(archive, info, name, title):
            total += len(chunk)
            if total > limits.unpacked:
                raise _too_large(name, limits)
            if watch is not None:
                watch.feed(chunk)
                if watch.declares_entities:
                    raise _declares_entities(name, title, info.filename)
                if watch.is_too_deep:
                    raise damaged(name, title, f"{info.filename} in it is nested more than {MAX_DEPTH} elements deep")


class _XmlWatch:
    """Follows XML as it comes, until it is found harmful or ends to be well-formed, where a library stops too."""

    def __init__(self) -> None:
        self.declares_entities = False
        self.is_too_deep = False
        self._depth = 0
        self._is_over = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity

    def feed(self, chunk: bytes) -> None:
        if self._is_over:
            return
        try:
            self._parser.Parse(chunk, False)
        except (expat.ExpatError, ValueError, LookupError):  # ValueError and LookupError: an encoding expat cannot read
            self._is_over = True

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self.is_too_deep = self.is_too_deep or self._depth > MAX_DEPTH

    def _end(self, tag: str) -> None:
        self._depth -= 1

    def _entity(self, *declaration: object) -> None:
        self.declares_entities = True


def _open(data: bytes, name: str, title: str, limits: Limits) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except ZIP_ERRORS as error:
        raise damaged(name, title, f"it is not a whole ZIP archive ({_short(error)})") from error
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise damaged(name, title, f"{len(members):,} files are packed in it, and at most {_MAX_MEMBERS:,} are expected")
    if any(one.flag_bits & _ENCRYPTED for one in members):
        raise locked(name)
    if sum(one.file_size for one in members) > limits.unpacked:
        raise _too_large(name, limits)
    return archive


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, title: str) -> Iterator[bytes]:
    """Yield the bytes of a member as they are unpacked."""
    taken = 0
    try:
        with archive.open(info) as member:
            while chunk := member.read(_CHUNK):
                taken += len(chunk)
                if taken > _RATIO_FROM and taken > _RATIO * max(info.compress_size, 1):
                    raise DocumentError(
                        f"{name} is not read: {info.filename} in it unpacks to more than {_RATIO} times its size, which no "
                        "document needs. If you trust it, open it in its program, save it again, and add that copy."
                    )
                yield chunk
    except ZIP_ERRORS as error:
        raise damaged(name, title, f"{info.filename} in it cannot be unpacked ({_short(error)})") from error


def _key(member: str) -> str:
    """Return a name as it is looked up: some writers use backslashes, and OOXML's names ignore case."""
    return member.replace("\\", "/").lstrip("/").lower()


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _too_large(name: str, limits: Limits) -> DocumentError:
    return DocumentError(
        f"{name} unpacks to more than {limits.unpacked:,} bytes, the most that is read of a packed file. Split it, or leave "
        "out its pictures."
    )


def _declares_entities(name: str, title: str, member: str) -> DocumentError:
    return damaged(name, title, f"{member} in it declares XML entities, which documents do not need and which can do harm")
