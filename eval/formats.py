"""`python -m eval formats`: files of every format, made by other programs, are read, indexed together and asked.

A row of the table is a file: how much of it was read, and whether the answer to a question cites the right words on the page
where a person finds them. The questions were written down before any of them was asked; the table has the first of each file,
and the line below it counts all.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

import index
from corpus import Document
from corpus.blocks import BlockKind
from corpus.contained import Readers
from corpus.display import counted, printable
from corpus.formats import FORMATS
from corpus.structure import document_blocks
from eval.format_list import ROOT, SAMPLES, TRUTH, Probe, Sample, load_samples, load_truth
from eval.options import make_console
from eval.runner import indexed_documents

if TYPE_CHECKING:
    from assistant import Answer, AnswerChain

COLUMNS = (
    *("format", "made by", "characters", "words read", "headings", "pages", "question"),
    *("answered", "right quote", "right page", "seconds"),
)
_FIGURES = ("characters", "words read", "headings", "pages", "seconds")
_NONE = "–"
_HYPHENATED = re.compile(r"\b(\w+)[-\u2010\xad] (\w+)")  # over two lines, as pdftotext leaves it


@dataclass(frozen=True)
class Asked:
    """What became of a question.

    Attributes:
        probe: The question.
        is_answered: Whether there was an answer at all.
        is_quoted: Whether it cites the words, in this file.
        pages: Where those quotes are, in words; empty strings where there are no pages.
        cited: All that was cited, for a person who looks for the fault: name and quote.
    """

    probe: Probe
    is_answered: bool
    is_quoted: bool
    pages: tuple[str, ...]
    cited: tuple[str, ...]

    @property
    def is_placed(self) -> bool:
        """Whether the words are cited, and on the page where a person finds them."""
        return self.is_quoted and set(self.pages) == {self.probe.page}


@dataclass(frozen=True)
class Row:
    """A file and what became of it.

    Attributes:
        sample: The file.
        document: What was read; None if it could not be.
        seconds: Reading it took, by a process that has its libraries loaded.
        share: Of the words that an independent tool sees, weighed by their letters, the part that was read; None if not known.
        asked: What became of its questions.
        error: Why it could not be read; empty if it could.
    """

    sample: Sample
    document: Document | None
    seconds: float = 0.0
    share: float | None = None
    asked: tuple[Asked, ...] = ()
    error: str = ""


def main(arguments: Sequence[str]) -> int:
    """Read, ask and print; return 1 if a file could not be read or a quote is cited on a wrong page."""
    parser = argparse.ArgumentParser(prog="python -m eval formats", description=__doc__)
    parser.add_argument("--list", type=Path, default=SAMPLES, metavar="FILE", help="the files and questions, one object a line")
    parser.add_argument("--root", type=Path, default=ROOT, metavar="DIR", help="where the paths in the list begin")
    parser.add_argument("--truth", type=Path, default=TRUTH, metavar="FILE", help="the words that independent tools see")
    parser.add_argument("--markdown", action="store_true", help="print the table in Markdown, as in the README")
    options = parser.parse_args(arguments)
    rows = measure(load_samples(options.list), options.root, load_truth(options.truth))
    if options.markdown:
        sys.stdout.write(markdown(rows))
    else:
        _print(rows)
    misplaced = any(asked.is_quoted and not asked.is_placed for row in rows for asked in row.asked)
    return 1 if misplaced or any(row.error for row in rows) else 0


def measure(samples: Sequence[Sample], root: Path, truth: Mapping[str, str]) -> list[Row]:
    """Read the files, index all of them together, and ask each its questions."""
    from assistant import build_chain

    with Readers(1) as readers:
        rows = [_read(readers, sample, root, truth.get(sample.file)) for sample in samples]
    settings = index.Settings.from_environment()
    embedder = index.SentenceTransformerEmbeddings(settings.embedder)
    with indexed_documents([row.document for row in rows if row.document], embedder) as made:
        chain = build_chain(made, embedder, settings.reader)
        return [_asked(chain, row) for row in rows]


def _read(readers: Readers, sample: Sample, root: Path, words: str | None) -> Row:
    path = root / sample.file
    readers.read(path, path.name)  # the process starts, and imports what it needs
    started = time.perf_counter()
    reading = readers.read(path, path.name)
    seconds = time.perf_counter() - started
    if reading.document is None:
        return Row(sample, None, seconds, error=str(reading.error))
    share = None if words is None else share_of_words(reading.document.text, words)
    return Row(sample, reading.document, seconds, share)


def share_of_words(text: str, words: str) -> float | None:
    """Return what part of `words` is in `text`, each as often as it stands there and weighed by its letters.

    None if there are no words. Words that `text` has besides (column names in each row of a table) count neither way. A word
    that is broken at the end of a line is one or two, as it is in `text`.
    """
    known = _bag(text)

    def joined(broken: re.Match[str]) -> str:
        whole = broken[1] + broken[2]
        return whole if whole.casefold() in known else f"{broken[1]} {broken[2]}"

    wanted = _bag(_HYPHENATED.sub(joined, words))
    found = known & wanted
    total = sum(len(word) * count for word, count in wanted.items())
    return sum(len(word) * count for word, count in found.items()) / total if total else None


def _bag(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _asked(chain: AnswerChain, row: Row) -> Row:
    if row.document is None:
        return row
    asked = tuple(judge(probe, row.document, chain.invoke({"question": probe.question})) for probe in row.sample.probes)
    return replace(row, asked=asked)


def judge(probe: Probe, document: Document, answer: Answer) -> Asked:
    """Say whether an answer cites the words wanted, in that document, and where."""
    wanted = " ".join(probe.quote.split())
    citations = list(answer.citations)
    right = [one for one in citations if one.document.id == document.id and wanted in " ".join(one.quote.split())]
    return Asked(
        probe=probe,
        is_answered=bool(answer.statements),
        is_quoted=bool(right),
        pages=tuple(one.page_label for one in right),
        cited=tuple(f"{one.document.name}: {one.quote}" for one in citations),
    )


def markdown(rows: Sequence[Row]) -> str:
    """Return the table in Markdown, and the count of all questions below it."""
    lines = [COLUMNS, tuple("---:" if column in _FIGURES else "---" for column in COLUMNS), *map(_cells, rows)]
    table = "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
    return f"{table}\n{count(rows)}\n"


def count(rows: Sequence[Row]) -> str:
    """Return in a sentence how many of all questions were answered rightly."""
    asked = [one for row in rows for one in row.asked]
    right = sum(one.is_placed for one in asked)
    misplaced = sum(one.is_quoted and not one.is_placed for one in asked)
    first = [row.asked[0] for row in rows if row.asked]
    return (
        f"Of the questions in the table, {sum(one.is_placed for one in first)} of {len(first)} are answered with the right "
        f"words on the right page; of all {len(asked)} that were written down beforehand, {right}. Not answered: "
        f"{sum(not one.is_answered for one in asked)}. Other words cited: "
        f"{sum(one.is_answered and not one.is_quoted for one in asked)}. Right words on a wrong page: {misplaced}."
    )


def _cells(row: Row) -> tuple[str, ...]:
    path = Path(row.sample.file)
    kind = FORMATS.get(path.suffix.lower())
    name = f"{kind.title} ({path.suffix})" if kind else path.suffix
    if row.document is None:
        return (name, row.sample.made_by, *[_NONE] * 3, f"not read: {row.error}", *[_NONE] * (len(COLUMNS) - 6))
    document, first = row.document, row.asked[0]
    headings = sum(block.kind is BlockKind.HEADING for block in document_blocks(document))
    return (
        name,
        row.sample.made_by,
        f"{len(document.text):,}",
        _NONE if row.share is None else f"{row.share:.1%}",
        str(headings),
        counted(len(document.pages), document.page_kind.value) if document.pages else _NONE,
        first.probe.question,
        "yes" if first.is_answered else "no",
        "yes" if first.is_quoted else "no",
        _page(first),
        f"{row.seconds:.2f}",
    )


def _page(asked: Asked) -> str:
    """Return where the words are cited, and where they are if that is another page."""
    if not asked.is_quoted:
        return _NONE
    found = ", ".join(dict.fromkeys(page or "none" for page in asked.pages))
    if asked.is_placed:
        return asked.probe.page or _NONE
    return f"no: {found}, and it is on {asked.probe.page or 'none'}"


def _print(rows: Sequence[Row]) -> None:
    """Print the table, the count, and what each question that went wrong wanted and got."""
    table = Table(title="Files of every format")
    for column in COLUMNS:
        table.add_column(column, justify="right" if column in _FIGURES else "left")
    for row in rows:
        table.add_row(*(escape(printable(cell)) for cell in _cells(row)))
    console = make_console()
    console.print(table)
    console.print(escape(count(rows)))
    for row in rows:
        for asked in row.asked:
            if not asked.is_placed:
                console.print(f"\n{escape(printable(asked.probe.question))} ({escape(Path(row.sample.file).name)})")
                console.print(f"  wanted: {escape(printable(f'{asked.probe.quote} {asked.probe.page}'.rstrip()))}")
                for cited in asked.cited or ("nothing: it declined",):
                    console.print(f"  cited:  {escape(printable(cited))}")
