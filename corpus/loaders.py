"""Reads a file into a `Document`: one loader a format, behind `load_document`.

A new format is one function in `LOADERS`. What cannot be read is refused with what was found and what to do.
"""

import codecs
import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from corpus.document import Document
from corpus.errors import DocumentError

MAX_BYTES = 50_000_000
"""Default limit of one file's size, in bytes. Its text alone would take an hour to embed on two cores."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, name: str) -> str:
    """Decode text as it comes: by its byte order mark, as UTF-8, as UTF-16 without a mark, or as a one-byte encoding.

    Line ends are kept; a byte order mark is not part of the text.

    :raises DocumentError: the bytes are not text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise _not_text(name, f"it begins as {encoding.upper()} and breaks off at byte {error.start}") from error
    if b"\0" in data[:4096]:
        return _decode_unmarked_utf16(data, name)
    try:
        return _checked(data.decode("utf-8"), name)
    except UnicodeDecodeError:
        pass
    encoding = _guess(data[:100_000])
    try:
        return _checked(data.decode(encoding), name)
    except UnicodeDecodeError:
        return _checked(data.decode("latin-1"), name)


def _guess(data: bytes) -> str:
    """Return the likeliest encoding of bytes that are not UTF-8.

    Windows-1252 (a superset of printable Latin-1) wins where the detector finds another as likely: it is the commonest,
    and on French or Portuguese the detector cannot tell it from Central European. Only a short list of others is asked
    for, since the detector is unsure on short texts.
    """
    found = from_bytes(data, cp_isolation=["cp1252", "cp1250", "cp1251", "big5", "gb18030", "shift_jis", "euc_kr"])
    best = found.best()
    if best is None:
        return "latin-1"
    likeliest = [match.encoding for match in found if (match.chaos, match.coherence) == (best.chaos, best.coherence)]
    return "cp1252" if "cp1252" in likeliest else best.encoding


def _decode_unmarked_utf16(data: bytes, name: str) -> str:
    """Decode UTF-16 that has no mark: in Western text every second byte is zero."""
    sample = data[:4096]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) > 0.6 * len(zeros):
            try:
                return _checked(data.decode(encoding), name)
            except UnicodeDecodeError:
                continue
    raise _not_text(name, "it contains zero bytes")


def _checked(text: str, name: str) -> str:
    """Return `text` unless many of its characters are control codes, as they are when a binary file is decoded."""
    sample = text[:20_000]
    odd = sum(unicodedata.category(character) == "Cc" and character not in "\t\n\r\f\v\x1b\x85" for character in sample)
    if odd > 0.02 * len(sample):
        raise _not_text(name, f"{odd} of its first {len(sample)} characters are control codes")
    return text


def _not_text(name: str, found: str) -> DocumentError:
    return DocumentError(
        f"{name} is not a text file: {found}. Footnote reads plain text (.txt) and Markdown (.md); "
        "convert the file to one of these and add it again."
    )


def _load_text(data: bytes, name: str) -> str:
    return decode(data, name)


Loader = Callable[[bytes, str], str]

LOADERS: dict[str, tuple[str, Loader]] = {
    ".txt": ("text/plain", _load_text),
    ".text": ("text/plain", _load_text),
    ".md": ("text/markdown", _load_text),
    ".markdown": ("text/markdown", _load_text),
}
"""File suffix → media type, and the function from a file's bytes and name to its text."""


def load_document(path: str | os.PathLike[str], *, name: str | None = None, max_bytes: int = MAX_BYTES) -> Document:
    """Read one file.

    :param path: The file.
    :param name: The name people will see; the file's own by default.
    :param max_bytes: The largest size that is read.
    :raises DocumentError: missing, a folder, unreadable, empty, too large, of an unknown kind, or not text.
    """
    path = Path(path)
    name = printable_name(path.name if name is None else name)
    suffix = path.suffix.lower()
    data = _read(path, max_bytes)
    if suffix not in LOADERS:
        raise DocumentError(
            f"{path} is of a kind that is not read here ({suffix or 'no suffix'}). "
            f"Known kinds: {', '.join(LOADERS)}. Convert it, or rename it if it is one of these."
        )
    media_type, load = LOADERS[suffix]
    text = load(data, name)
    if not text.strip():
        raise DocumentError(f"{path} is empty: it has {len(data)} bytes and no words. There is nothing to ask it.")
    return make_document(name, text, media_type=media_type, sha256=hashlib.sha256(data).hexdigest())


def make_document(name: str, text: str, *, media_type: str = "text/plain", sha256: str | None = None) -> Document:
    """Make a `Document` of text that is already decoded; its id comes from its name and the digest of its bytes."""
    digest = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    key = hashlib.sha256(f"{name}\0{digest}".encode()).hexdigest()[:16]
    return Document(id=key, name=name, text=text, media_type=media_type, sha256=digest)


def printable_name(name: str) -> str:
    """Return a name without control characters, since it is shown on terminals and pages."""
    return "".join("�" if unicodedata.category(character) in ("Cc", "Cs") else character for character in name)


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


def find_files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[tuple[Path, str]]:
    """Yield (file, name) for each file given, and for each readable file in each folder given, in order of name.

    In a folder, files of other kinds and hidden ones are passed over, links that leave the folder too; a name keeps the
    path below the folder, so that two files called `notes.md` stay two documents.

    :raises DocumentError: a path does not exist, or a folder holds no document.
    """
    for given in map(Path, paths):
        if not given.is_dir():
            yield given, given.name
            continue
        root = given.resolve()
        found = sorted(
            path
            for path in given.rglob("*")
            if path.suffix.lower() in LOADERS
            and path.is_file()
            and path.resolve().is_relative_to(root)
            and not any(part.startswith(".") for part in path.relative_to(given).parts)
        )
        if not found:
            raise DocumentError(f"The folder {given} holds no document. Known kinds: {', '.join(LOADERS)}.")
        for path in found:
            yield path, path.relative_to(given).as_posix()
