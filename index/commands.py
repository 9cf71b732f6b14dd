"""What every command does with its errors and its words on the terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from corpus.errors import FootnoteError

EXIT_FAILURE = 1
EXIT_INTERRUPTED = 130

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return text without control characters, which could move a terminal's cursor or change its colours.

    Tabs and line feeds stay; a carriage return, as in Windows line ends, goes.
    """
    return _CONTROL.sub("", text)


def run(main: Callable[[], int]) -> int:
    """Run a command; a failure becomes one paragraph on standard error and exit code 1, never a traceback."""
    try:
        return main()
    except FootnoteError as error:
        sys.stderr.write(f"error: {printable(str(error))}\n")
        return EXIT_FAILURE
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped\n")
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        sys.stderr.close()
        return EXIT_FAILURE
