"""Words as they are searched for: without upper case and accents."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return a text to compare: without accents, and with one form of each letter, as in "cafe" for "Café"."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))
