"""Ask evaluation cases and measure the answers.

python -m eval                                                    the project's own cases, on their documents
python -m eval --cases FILE --documents DIR --output answers.jsonl
python -m eval --cases FILE --documents DIR --retrieval           compares searches, answers nothing
python -m eval complaints                                        what was complained of, on the documents of the data folder
python -m eval new | compare | report | bench | table | ablation | followups | turns | speed | tampering | support
             | conflicts | adding | formats                                           each with --help
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from index.commands import run

COMMANDS = (
    "complaints", "new", "compare", "report", "bench", "table", "ablation", "followups", "turns", "speed", "tampering",
    "support", "conflicts", "adding", "formats",
)  # fmt: skip
"""Each is a module of this folder with a `main(arguments) -> int`, imported only when it is asked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, by default the cases; return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    name, rest = (arguments[0], arguments[1:]) if arguments and arguments[0] in COMMANDS else ("run", arguments)
    return int(import_module(f"eval.{name}").main(rest))


if __name__ == "__main__":
    sys.exit(run(main))
