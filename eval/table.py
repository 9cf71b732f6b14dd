"""`python -m eval table`: writes the kept results into the README's tables, or says whether they are there."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import SettingsError
from eval.results import RESULTS_FOLDER, load_results, markdown_table, with_table
from eval.tampering import kept

README = Path(__file__).parent.parent / "README.md"


def main(arguments: Sequence[str]) -> int:
    """Write the table, or with --check only look; return 1 if it is not that of the kept results."""
    parser = argparse.ArgumentParser(prog="python -m eval table", description="The README's tables, from the kept results.")
    parser.add_argument("--readme", type=Path, default=README, metavar="FILE")
    parser.add_argument("--results", type=Path, default=RESULTS_FOLDER, metavar="DIR")
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if the table is another")
    options = parser.parse_args(arguments)
    try:
        text = options.readme.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{options.readme} cannot be read: {error.strerror}. Check --readme.") from error
    wanted = with_table(text, markdown_table(load_results(options.results)))
    tampering = kept.load(options.results)
    if tampering is not None:
        wanted = with_table(wanted, kept.markdown(tampering), "tampering")
    if wanted == text:
        return 0
    if options.check:
        sys.stderr.write(f"{options.readme} does not show the kept results. Write them with `python -m eval table`.\n")
        return 1
    try:
        options.readme.write_text(wanted, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{options.readme} cannot be written: {error.strerror}.") from error
    return 0
