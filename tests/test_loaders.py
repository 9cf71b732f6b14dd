"""Loaders: encodings as they come, and what each kind of bad file is told."""

from __future__ import annotations

import codecs
import hashlib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Document, DocumentError, Limits, find_files, load_document, make_document
from corpus.formats.text import decode
from corpus.loaders import printable_name

TEXT = "Größe: 3 µm – naïve café.\r\nSecond line.\rThird\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x06\x00\x00\x00" + bytes(range(256)) * 4


def refusal(path: Path | str, **options: Limits) -> str:
    with pytest.raises(DocumentError) as caught:
        load_document(path, **options)
    message = str(caught.value)
    assert "\n" not in message and message.endswith(".")  # one paragraph of sentences
    return message


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("cp1252", b""),
    ],
)
def test_text_is_read_in_the_encoding_it_comes_in_with_its_line_ends(tmp_path: Path, encoding: str, mark: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(mark + TEXT.encode(encoding))
    document = load_document(path)
    assert document.text == TEXT
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("iso-8859-1", "Le café est très bon, déjà vu à l'été; où êtes-vous? Ça va être prêt.\n" * 3),
        ("cp1252", "São Paulo não é a capital; coração e ações."),
        ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy. Děkuji za pomoc.\n" * 3),
        ("cp1251", "Иммунотерапия — это метод лечения, который помогает организму бороться с болезнью.\n" * 5),
        ("gb18030", "免疫疗法是一种治疗方法，它可以帮助身体抵抗疾病。这是第二句话。\n" * 5),
    ],
)
def test_encodings_of_old_are_recognised(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), "old.txt") == text
    assert decode(text.encode("utf-8"), "new.txt") == text


@pytest.mark.skipif(shutil.which("iconv") is None, reason="there is no iconv on this machine")
@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1", "WINDOWS-1252"])
def test_files_that_iconv_wrote_read_the_same(article_path: Path, article: Document, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "converted.txt"
    with path.open("wb") as stream:
        subprocess.run(["iconv", "-f", "UTF-8", "-t", encoding, str(article_path)], stdout=stream, check=True)
    document = load_document(path)
    assert document.text == article.text
    assert (document.sha256 == article.sha256) == (path.read_bytes() == article_path.read_bytes())


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=100))
def test_any_text_in_utf_8_is_read_back_as_it_was(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode(), "any.txt") == text
    if not text.startswith("\ufeff"):
        assert decode(text.encode(), "any.txt") == text


def test_the_shipped_article_is_kept_byte_for_byte(article_path: Path, article: Document) -> None:
    assert article.text.encode() == article_path.read_bytes()
    assert "thymosin, thymosin" in article.text and "Corynebacterium brevis" in article.text
    assert (article.name, article.media_type, article.pages) == ("immunotherapy.txt", "text/plain", ())


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [(".txt", "text/plain"), (".TXT", "text/plain"), (".md", "text/markdown"), (".markdown", "text/markdown")],
)
def test_the_suffix_says_the_kind(tmp_path: Path, suffix: str, media_type: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("Words.")
    document = load_document(path)
    assert document.media_type == media_type
    assert document.name == path.name


def test_the_id_changes_with_the_name_and_with_the_text_and_with_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Words.")
    same = load_document(tmp_path / "a.txt")
    assert same == load_document(tmp_path / "a.txt") == make_document("a.txt", "Words.")
    assert len({same.id, make_document("b.txt", "Words.").id, make_document("a.txt", "Other.").id}) == 3


# What bad input gets


def test_a_missing_file_is_named_with_the_folder_it_was_looked_for_in(tmp_path: Path) -> None:
    message = refusal("nowhere.txt")
    assert "There is no file nowhere.txt" in message
    assert str(tmp_path) in message and "spelling" in message


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_file_is_refused_with_its_size(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(data)
    message = refusal(path)
    assert f"{path} is empty" in message
    assert f"{len(data)} bytes" in message


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 8, b"\x00\x01text" * 50, bytes(range(1, 32)) * 20],
    ids=["all bytes", "zeros", "control codes"],
)
def test_a_binary_file_called_txt_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "picture.txt"
    path.write_bytes(data)
    message = refusal(path)
    assert "picture.txt is not a text file" in message
    assert "give it the ending of that kind" in message and "get a whole copy" in message


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (PNG, "a picture"),
        (b"GIF89a\x10\x00" + bytes(40), "a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
        (b"PK\x03\x04" + bytes(range(256)) * 8, "a damaged or incomplete ZIP file"),
        (b"\x7fELF" + bytes(200) + b"text" * 50, "a program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an Office file of before 2007"),
    ],
)
def test_a_file_of_another_kind_is_told_what_it_is(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(data)
    message = refusal(path)
    assert "words.txt is not what its name says" in message and what in message


def test_a_file_with_the_ending_of_another_kind_is_told_its_own(tmp_path: Path) -> None:
    for name, data, ending in [
        ("report.txt", b"%PDF-1.7\n1 0 obj", ".pdf"),
        ("report.docx", b"%PDF-1.7\n1 0 obj", ".pdf"),
        ("report.pdf", rb"{\rtf1 Words.}", ".rtf"),
    ]:
        (tmp_path / name).write_bytes(data)
        assert refusal(tmp_path / name).endswith(f"its bytes are those of a {ending} file. Rename it to end in {ending}.")


def test_an_archive_whose_kind_is_damaged_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/epub+zip" * 40)
    data = bytearray(path.read_bytes())
    begin = 30 + len("mimetype")
    data[begin : begin + 8] = b"\xff" * 8
    path.write_bytes(data)
    assert "its bytes are those of a damaged or incomplete ZIP file" in refusal(path)


@pytest.mark.parametrize("text", ["PKU is a disease.", "The mark %PDF-1.7 opens a PDF.", "GIF89a: a format."])
def test_a_text_that_speaks_of_other_kinds_is_a_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    assert load_document(tmp_path / "a.txt").text == text


def test_a_file_that_breaks_off_within_its_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.txt"
    path.write_bytes(codecs.BOM_UTF16_LE + "text".encode("utf-16-le")[:-1])
    message = refusal(path)
    assert "half.txt is not a text file" in message
    assert "UTF-16" in message and "byte 6" in message


def test_a_file_of_an_unknown_kind_is_told_the_known_ones(tmp_path: Path) -> None:
    for name in ("report.xyz", "README"):
        (tmp_path / name).write_text("Words.")
    assert "(.xyz)" in refusal(tmp_path / "report.xyz") and ".markdown" in refusal(tmp_path / "report.xyz")
    assert "(no suffix)" in refusal(tmp_path / "README")


def test_a_folder_given_as_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    message = refusal(tmp_path / "folder.txt")
    assert "folder.txt is a folder" in message
    assert "a file was expected" in message


def test_a_file_that_is_too_large_is_refused_unread_with_both_sizes(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.truncate(5_000_000_000)  # a hole: takes no space on the disk
    message = refusal(path)
    assert "5,000,000,000 bytes" in message and "200,000,000" in message and "FOOTNOTE_MAX_BYTES" in message
    path.write_text("Words.")
    assert "6 bytes, and at most 5 are read" in refusal(path, limits=Limits(bytes=5))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_or_device_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    message = refusal(tmp_path / "pipe.txt")
    assert "pipe.txt is not an ordinary file" in message
    assert "not an ordinary file" in refusal("/dev/zero")


def test_a_file_without_permission_to_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("Words.")

    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", denied)
    message = refusal(path)
    assert f"{path} cannot be read: Permission denied" in message
    assert "Check its permissions" in message


def test_a_name_too_long_for_the_file_system_is_refused() -> None:
    message = refusal("x" * 5000 + ".txt")
    assert "cannot be read: File name too long" in message
    assert "permissions" in message


def test_control_characters_in_a_name_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\nb.txt"
    path.write_text("Words.")
    assert load_document(path).name == "a�[31m�b.txt"
    assert printable_name("plain é 名.txt") == "plain é 名.txt"


# Folders


def test_a_folder_gives_its_documents_by_name_and_passes_over_the_rest(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "sub/a.txt", ".hidden.txt", ".git/x.txt", "c.png", "sub.txt/in.md"):
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Words.")
    found = list(find_files([tmp_path / "docs"]))
    assert [name for _, name in found] == ["a.txt", "b.md", "sub/a.txt", "sub.txt/in.md"]
    assert all(path == tmp_path / "docs" / name for path, name in found)


def test_a_link_that_leaves_the_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Secret.")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "own.txt").write_text("Own.")
    (tmp_path / "docs" / "out.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "docs" / "in.txt").symlink_to(tmp_path / "docs" / "own.txt")
    (tmp_path / "docs" / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    assert [name for _, name in find_files([tmp_path / "docs"])] == ["in.txt", "own.txt"]
    assert load_document(tmp_path / "docs" / "out.txt").text == "Secret."  # asked for by itself, it is read


def test_a_folder_without_documents_is_refused_with_the_known_kinds(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(PNG)
    with pytest.raises(DocumentError) as caught:
        list(find_files([tmp_path / "pictures"]))
    assert f"{tmp_path / 'pictures'} holds no document" in str(caught.value)
    assert ".txt, .text, .md, .markdown" in str(caught.value)


def test_files_are_given_in_the_order_asked_for(tmp_path: Path) -> None:
    assert list(find_files(["b.txt", "a.txt"])) == [(Path("b.txt"), "b.txt"), (Path("a.txt"), "a.txt")]
    assert list(find_files([])) == []
