"""Archives opened without trusting them: bombs, lies about sizes, entities, depth, damage."""

import io
import struct
import zipfile

import pytest
from wordfiles import pack

from corpus.errors import DocumentError
from corpus.formats.packed import check_packed, open_packed
from corpus.limits import Limits

LIMITS = Limits(unpacked=1_000_000)


def both(data, message):
    """Assert that a file is refused by either way in."""
    with pytest.raises(DocumentError, match=message):
        check_packed(data, "a.docx", "Word", LIMITS)
    with pytest.raises(DocumentError, match=message):
        opened = open_packed(data, "a.docx", "Word", LIMITS)
        for member in opened.names():
            opened.xml(member)


def test_members_are_found_whatever_their_case_and_slashes():
    packed = open_packed(pack({"word\\Document.xml": "<a>text</a>", "b.bin": b"\1\2"}), "a.docx", "Word", LIMITS)
    assert packed.xml("word/document.xml").text == "text"
    assert packed.read("/B.BIN") == b"\1\2"
    assert "word/document.xml" in packed and "word/styles.xml" not in packed
    with pytest.raises(DocumentError, match="there is no word/styles.xml in it"):
        packed.read("word/styles.xml")


def test_a_sound_file_passes():
    check_packed(pack({"a.xml": "<!DOCTYPE a><a/>", "bad.xml": "<a>", "b.bin": "x"}), "a.docx", "Word", LIMITS)


def test_what_unpacks_to_too_much_is_refused():
    both(pack({"a.xml": "<a>" + " " * 1_000_001 + "</a>"}), "unpacks to more than 1,000,000 bytes")


def test_a_lie_about_the_size_does_not_help():
    """The declared size is made small in the directory and in the member's own header."""
    data = bytearray(pack({"a.xml": b"<a>" + b" " * 2_000_000 + b"</a>"}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + offset, 10)
    with pytest.raises(DocumentError):
        check_packed(bytes(data), "a.docx", "Word", LIMITS)
    with pytest.raises(DocumentError):
        open_packed(bytes(data), "a.docx", "Word", LIMITS).xml("a.xml")


def test_many_members_count_together():
    data = pack({f"{number}.xml": "<a>" + " " * 300_000 + "</a>" for number in range(4)})
    both(data, "unpacks to more than 1,000,000 bytes")


def test_a_member_far_larger_than_its_size_is_refused_before_the_limit():
    data = pack({"a.bin": bytes(70 << 20)})
    with pytest.raises(DocumentError, match="unpacks to more than 250 times its size"):
        check_packed(data, "a.docx", "Word", Limits())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(encoding):
    laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    both(pack({"word/a.xml": laughs.encode(encoding)}), "declares XML entities")


def test_xml_nested_too_deep_is_refused():
    both(pack({"a.xml": "<a>" * 300 + "</a>" * 300}), "deep|Excessive depth")


def test_a_file_that_is_no_archive_is_refused():
    both(b"PK\x03\x04 and no more", "cannot be read as Word: it is not a whole ZIP archive")


def test_an_encrypted_member_is_a_password():
    data = bytearray(pack({"a.xml": "<a/>"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    both(bytes(data), "protected by a password")


def test_a_wrong_checksum_is_damage():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.xml", "<a>word</a>")
    both(packed.getvalue().replace(b"<a>word", b"<a>wort"), "a.xml in it cannot be unpacked")
