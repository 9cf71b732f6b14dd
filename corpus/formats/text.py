"""Plain text and Markdown, in whatever encoding they come."""

import codecs
import unicodedata

from charset_normalizer import from_bytes

from corpus.document import Extract
from corpus.errors import DocumentError
from corpus.limits import Limits

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
        f"{name} is not a text file: {found}. If it is of another kind, give it the ending of that kind; if it is damaged, "
        "get a whole copy and add it again."
    )


def read(data: bytes, name: str, limits: Limits) -> Extract:
    """Return the text of a file as it is; its structure is found in the text.

    :raises DocumentError: the bytes are not text.
    """
    return Extract(decode(data, name))
