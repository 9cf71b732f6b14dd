"""What every document that was read is checked for, and how files are damaged."""

import random
from pathlib import Path

from corpus.blocks import BlockKind
from corpus.document import Extract
from corpus.errors import DocumentError
from corpus.loaders import load_document
from corpus.passages import split_passages

WORD = Path(__file__).parent / "data" / "word"
FEATURES = [  # the lines of features.docx
    "h0 Guide to BCG",
    "h1 Introduction",
    "p BCG is given into the bladder.¹ It holds 10⁸ cells, ± 5%. See Table 1.",
    "i0 ¹ A live vaccine.",
    "p The dose is 81 mg a week.",
    "p A paragraph that was joined to this one.",
    "p In a content control.",
    "p Storage comes first.",
    "p Keep the vials cold.",
    "h2 Lists",
    "i0 1. First step",
    "i2 a) Warm the vial",
    "i2 b) Shake the vial",
    "i0 2. Second step",
    "p A pause.",
    "i0 3. Third step",
    "i0 1. A new count",
    "i0 • A bullet",
    "i2 • A bullet below",
    "h1 Doses",
    "p Table 1. Doses by arm",
    "r Drug: BCG; Dose Low: 40 mg; Dose High: 81 mg; Route: bladder",
    "r Drug: BCG; Dose Low: 20 mg; Dose High: 30 mg; Route: skin",
    "r Drug: IL-2; Dose Low: not given; Dose High: not given; Route: vein",
    "p Between the tables.",
    "p A box made of a table of one cell.",
    "p Its second paragraph.",
    "p And another.",
    "r Sponsor: Acme",
    "r Phase: II",
    "p The mean is (a+b)/2 in both arms.",
    "p This sentence begins on page two and ends on page three. The last page says that the trial was stopped.",
]
BY_LIBREOFFICE = [line.replace("(a+b)/2 ", "") for line in FEATURES]  # LibreOffice drops the formula itself


def lines(extract):
    """Return the blocks as short lines: "h1 Title", "p words", "i2 1. item", "r Drug: BCG", "c code"."""
    marks = {BlockKind.HEADING: "h", BlockKind.ITEM: "i", BlockKind.PARAGRAPH: "p", BlockKind.ROW: "r", BlockKind.CODE: "c"}
    return [
        f"{marks[block.kind]}{block.level if block.kind in (BlockKind.HEADING, BlockKind.ITEM) else ''} "
        f"{extract.text[block.start : block.end]}"
        for block in extract.blocks
    ]


def reasons(extract):
    return [one.reason for one in extract.skipped]


def check_offsets(path):
    """Assert that passages and sentences are what stands at their offsets; return the document."""
    document = load_document(path)
    passages = split_passages(document)
    assert "".join("".join(passage.text for passage in passages).split()) == "".join(document.text.split())
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.page == document.page_at(passage.start)
        for start, end in passage.sentences:
            assert passage.start <= start < end <= passage.end
            assert document.text[start:end].strip() == document.text[start:end]
    return document


def check_damaged(read, data, limits, *, count=150):
    """Assert that a file cut anywhere, or with some bytes changed, is read or refused, and nothing else."""
    chance = random.Random(1)
    outcomes = set()
    for number in range(count):
        broken = bytearray(data[: chance.randrange(len(data))] if number % 3 == 0 else data)
        for _ in range(chance.randrange(1, 12) if number % 3 else 0):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            assert isinstance(read(bytes(broken), "a", limits), Extract)
            outcomes.add("read")
        except DocumentError as error:
            assert str(error).startswith("a ")
            outcomes.add("refused")
    return outcomes


def pages_of(document, words):
    """Return the page on which words begin."""
    assert document.text.count(words) == 1, words
    return document.page_at(document.text.index(words))
