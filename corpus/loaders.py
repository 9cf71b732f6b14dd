"""Reads a file into a `Document`, by the format that its name ends with.

What cannot be read is refused with what was found and what to do. This happens in the process it is called in; files of
unknown origin go through `corpus.contained`.
"""

import hashlib
import os
import stat
import unicodedata
from dataclasses import fields
from pathlib import Path

from corpus.document import Document, Extract
from corpus.errors import DocumentError
from corpus.formats import FORMATS
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.refusals import too_many_pages
from corpus.signatures import check_signature

_UNSHOWN = frozenset(("Cc", "Cs", "Zl", "Zp"))  # Unicode categories
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def load_document(path: str | os.PathLike[str], *, name: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one file.

    :param path: The file.
    :param name: The name people will see; the file's own by default.
    :param limits: How much of it is read at most.
    :raises DocumentError: missing, a folder, unreadable, empty, too large, of an unknown kind, or not text.
    """
    path = Path(path)
    name = printable_name(path.name if name is None else name)
    suffix = path.suffix.lower()
    data = _read(path, limits.bytes)
    if suffix not in FORMATS:
        raise DocumentError(
            f"{path} is of a kind that is not read here ({suffix or 'no suffix'}). "
            f"Known kinds: {', '.join(FORMATS)}. Convert it, or rename it if it is one of these."
        )
    kind = FORMATS[suffix]
    check_signature(data, name, suffix)
    extract = kind.read(data, name, limits)
    check_length(extract, name, limits)
    if not extract.text.strip():
        raise _empty(path, len(data), extract)
    return make_document(name, extract, media_type=kind.media_type, sha256=hashlib.sha256(data).hexdigest())


def check_length(extract: Extract, name: str, limits: Limits) -> None:
    """Refuse a text that is too long.

    :raises DocumentError: it has more characters or pages than `limits` allow.
    """
    if len(extract.text) > limits.characters:
        raise DocumentError(
            f"{name} is too long: {len(extract.text):,} characters, and at most {limits.characters:,} are read. Split it."
        )
    if len(extract.pages) > limits.pages:
        raise too_many_pages(name, len(extract.pages), extract.page_kind, limits)


def _empty(path: Path, size: int, extract: Extract) -> DocumentError:
    reasons = "; ".join(dict.fromkeys(one.reason for one in extract.skipped))
    why = f" What was found instead: {reasons}." if reasons else ""
    return DocumentError(f"{path} is empty: it has {size} bytes and no words. There is nothing to ask it.{why}")


def make_document(name: str, content: str | Extract, *, media_type: str = "text/plain", sha256: str | None = None) -> Document:
    """Make a `Document` of what was read; its id comes from its name and the digest of its bytes."""
    extract = Extract(content) if isinstance(content, str) else content
    digest = sha256 or hashlib.sha256(extract.text.encode("utf-8", "surrogatepass")).hexdigest()
    parts = {part.name: getattr(extract, part.name) for part in fields(extract)}
    return Document(id=document_id(name, digest), name=name, media_type=media_type, sha256=digest, **parts)


def document_id(name: str, sha256: str) -> str:
    """Return the id of the document with this name and this digest of its file's bytes."""
    return hashlib.sha256(f"{name}\0{sha256}".encode()).hexdigest()[:16]


def printable_name(name: str) -> str:
    """Return a name as it is shown on terminals and pages: it moves no cursor, turns no text round, leads out of no folder.

    Control characters, line ends and marks that change the direction of writing ("fdp.exe" read backwards) are replaced; steps
    such as `..` are left out.
    """
    name = "".join("�" if unicodedata.category(one) in _UNSHOWN or one in _TURNING else one for one in name)
    steps = [step for step in name.split("/") if step not in ("", ".", "..")]
    return "/".join(steps) or "�"


def _read(path: Path, max_bytes: int) -> bytes:
    """Return a file's bytes, or say why not."""
    try:
        details = path.stat()
        if stat.S_ISDIR(details.st_mode):
            raise DocumentError(f"{path} is a folder, and a file was expected.")
        if not stat.S_ISREG(details.st_mode):
            raise DocumentError(f"{path} is not an ordinary file (it is a device, socket or pipe). Copy its text into a file.")
        if details.st_size > max_bytes:
            raise DocumentError(
                f"{path} is too large: {details.st_size:,} bytes, and at most {max_bytes:,} are read. "
                "Split it, or raise the limit (FOOTNOTE_MAX_BYTES)."
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError(f"There is no file {path}. Check the spelling; the current folder is {Path.cwd()}.") from error
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from error
