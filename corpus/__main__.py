"""Print the passages of files: number, offsets, page, heading path and text.

python -m corpus corpus/documents/immunotherapy.txt
"""

import argparse
import sys

from corpus import Document, FootnoteError, find_files, split_passages
from corpus.contained import Readers
from corpus.coverage import describe
from corpus.display import printable


def main(arguments: list[str] | None = None) -> int:
    """Print the passages of every path; return 0, or 1 when one could not be read."""
    parser = argparse.ArgumentParser(prog="python -m corpus", description="Print the passages of files, to look at.")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder of documents")
    options = parser.parse_args(arguments)
    failed = False
    with Readers() as readers:
        for given in options.paths:
            try:
                for reading in readers.read_all(find_files([given])):
                    if reading.document is None:
                        _complain(reading.error)
                        failed = True
                    else:
                        _print(reading.document)
            except FootnoteError as error:  # nothing to read there, or the tokenizer is not installed
                _complain(error)
                failed = True
    return 1 if failed else 0


def _print(document: Document) -> None:
    sys.stdout.write(printable(f"# {document.name} ({describe(document)})\n"))
    for number, passage in enumerate(split_passages(document), 1):
        page = f" {document.page_label(passage.page)}".rstrip()
        head = f"[{number}] {passage.start}-{passage.end}{page} {passage.heading}".rstrip()
        sys.stdout.write(printable(f"\n{head}\n{passage.text}\n"))


def _complain(error: FootnoteError | None) -> None:
    sys.stderr.write(f"error: {printable(str(error))}\n")


if __name__ == "__main__":
    sys.exit(main())
