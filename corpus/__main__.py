"""Print the passages of files: number, offsets, page, heading path and text.

python -m corpus corpus/documents/immunotherapy.txt
"""

import argparse
import sys

from corpus import FootnoteError, find_files, load_document, split_passages
from corpus.display import printable


def main(arguments: list[str] | None = None) -> int:
    """Print the passages of every path; return 0, or 1 when one could not be read."""
    parser = argparse.ArgumentParser(prog="python -m corpus", description="Print the passages of files, to look at.")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder of documents")
    options = parser.parse_args(arguments)
    failed = False
    for given in options.paths:
        try:
            for path, name in find_files([given]):
                document = load_document(path, name=name)
                sys.stdout.write(printable(f"# {document.name} ({len(document.text)} characters)\n"))
                for number, passage in enumerate(split_passages(document), 1):
                    page = f" page {passage.page}" if passage.page is not None else ""
                    head = f"[{number}] {passage.start}-{passage.end}{page} {passage.heading}".rstrip()
                    sys.stdout.write(printable(f"\n{head}\n{passage.text}\n"))
        except FootnoteError as error:  # a file that cannot be read, or the tokenizer is not installed
            sys.stderr.write(f"error: {printable(str(error))}\n")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
