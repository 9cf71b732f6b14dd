"""What every command does with its errors and its words on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable

from corpus.display import printable
from corpus.errors import FootnoteError

__all__ = ["EXIT_FAILURE", "EXIT_INTERRUPTED", "printable", "run"]

EXIT_FAILURE = 1
EXIT_INTERRUPTED = 130


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
