"""Draws one page of a PDF, as a program of its own: it imports nothing of ours, since it is started for every page.

python page/draw.py FILE PAGE      writes the page as WebP to standard output
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

WIDTH = 1400
"""Pixels of a page's width: sharp on a screen of high resolution, some 50 kB as WebP."""

_HIGHEST = 6000  # pixels; a page may be as tall as a tower
_QUALITY = 80  # of WebP, 0..100
_MEMORY = 2 * 2**30  # bytes


def draw(original: Path, page: int) -> bytes:
    """Return a page of a PDF as WebP.

    :raises ValueError, pypdfium2.PdfiumError: it is no PDF, or has no such page.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(original)
    if not 1 <= page <= len(document):
        raise ValueError(f"the document has {len(document)} pages, and page {page} was asked for")
    sheet = document[page - 1]
    width, height = sheet.get_size()
    scale = min(WIDTH / max(width, 1), _HIGHEST / max(height, 1))
    written = io.BytesIO()
    sheet.render(scale=scale).to_pil().convert("RGB").save(written, "webp", quality=_QUALITY)
    return written.getvalue()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str] | None = None) -> int:
    """Write one page to standard output."""
    parser = argparse.ArgumentParser(description="Draw one page of a PDF as WebP.")
    parser.add_argument("file", type=Path)
    parser.add_argument("page", type=int)
    options = parser.parse_args(arguments)
    _limit_memory()
    sys.stdout.buffer.write(draw(options.file, options.page))
    return 0


if __name__ == "__main__":
    sys.exit(main())
