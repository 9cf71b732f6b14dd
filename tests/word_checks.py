"""What every document that was read is checked for, and how files are damaged."""

import random
from pathlib import Path

from corpus.blocks import BlockKind
from corpus.document import Extract
from corpus.errors import DocumentError
from corpus.loaders import load_document
from corpus.passages import split_passages

WORD = Path(__file__).parent / "data" / "word"


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
