"""What a file is by its first bytes, whatever its name says: a wrong ending is refused with the right one."""

from __future__ import annotations

import io
import zipfile
import zlib

from corpus.errors import DocumentError
from corpus.refusals import locked

_PACKED = {".docx": "word/", ".pptx": "ppt/", ".xlsx": "xl/"}
_BY_MEDIA_TYPE = {b"application/epub+zip": ".epub", b"application/vnd.oasis.opendocument.text": ".odt"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_OF_OLD = "an Office file of before 2007 (.doc, .xls or .ppt)"
_SIGNED = frozenset((".pdf", ".docx", ".pptx", ".xlsx", ".epub", ".odt", ".rtf"))
"""Endings whose files have a signature."""


def kind_of(data: bytes) -> str:
    """Return the ending that fits a file's bytes, or in words what it is; empty if they have no signature, like a text."""
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    if data.startswith(_OLE):
        return _OFFICE_OF_OLD
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed_kind(data)
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")) and b"\0" in data[:1024]:
        return "a picture"
    return "a program" if data.startswith(b"\x7fELF") else ""


def _packed_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            media_type = b""
            if "mimetype" in names:
                with packed.open("mimetype") as stream:
                    media_type = stream.read(100).strip()  # no more of it: nothing has been limited yet
    # RuntimeError: a password, or, as its NotImplementedError, a way of packing that `zipfile` does not know.
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, EOFError, KeyError):
        return "a damaged or incomplete ZIP file"
    if media_type in _BY_MEDIA_TYPE:
        return _BY_MEDIA_TYPE[media_type]
    for suffix, folder in _PACKED.items():
        if any(name.startswith(folder) for name in names):
            return suffix
    return "a ZIP file"


def check_signature(data: bytes, name: str, suffix: str) -> None:
    """Refuse a file that is of another kind than its name says.

    :param suffix: The ending of its name, in lower case.
    :raises DocumentError: it is another kind, or is protected by a password.
    """
    wanted = suffix if suffix in _SIGNED else ""
    found = ".pdf" if wanted == ".pdf" and b"%PDF-" in data[:1024] else kind_of(data)  # mail programs put lines before it
    if found == wanted or not data.strip():
        return
    if found == _OFFICE_OF_OLD and wanted in _PACKED and "EncryptedPackage".encode("utf-16-le") in data:
        raise locked(name)
    if found.startswith("."):
        raise DocumentError(
            f"{name} is not what its name says: its bytes are those of a {found} file. Rename it to end in {found}."
        )
    what = found or "something else, perhaps text"
    raise DocumentError(
        f"{name} is not what its name says: a {suffix} file was expected, and its bytes are those of {what}. If it is damaged, "
        f"get a whole copy; else give it its own ending, or save it as {suffix} in the program it comes from."
    )
