"""Settings, read from the environment and `.env` by the entry points alone, and passed down from there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from corpus.errors import SettingsError
from corpus.loaders import MAX_BYTES

DEFAULT_DATA = ".footnote"


@dataclass(frozen=True)
class Settings:
    """What a person can set.

    Attributes:
        data: The data folder (FOOTNOTE_DATA).
        embedder: Name or folder of the embedding model (FOOTNOTE_EMBEDDER).
        reader: `footnote`, `similarity`, or name or folder of a cross-encoder (FOOTNOTE_READER).
        chroma_url: A Chroma server to keep the vectors on (FOOTNOTE_CHROMA_URL); None to keep them in the data folder.
        max_bytes: Largest file that is read (FOOTNOTE_MAX_BYTES).
    """

    data: Path = Path(DEFAULT_DATA)
    embedder: str = "all-MiniLM-L6-v2"
    reader: str = "footnote"
    chroma_url: str | None = None
    max_bytes: int = MAX_BYTES

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **overrides: str | Path | None) -> Settings:
        """Read the settings; what the environment does not say comes from `.env`, and `overrides` (not None) win.

        :raises SettingsError: a value that cannot be used.
        """
        given = dict(dotenv_values(".env")) if environment is None and Path(".env").is_file() else {}
        given.update(os.environ if environment is None else environment)
        values = {
            name.removeprefix("FOOTNOTE_").lower(): value for name, value in given.items() if name.startswith("FOOTNOTE_")
        }
        settings: dict[str, object] = {key: values[key] for key in ("embedder", "reader", "chroma_url") if values.get(key)}
        if values.get("data"):
            settings["data"] = values["data"]
        if values.get("max_bytes"):
            settings["max_bytes"] = _positive_integer("FOOTNOTE_MAX_BYTES", values["max_bytes"] or "")
        settings.update({key: value for key, value in overrides.items() if value is not None})
        if "data" in settings:
            settings["data"] = Path(str(settings["data"])).expanduser()
        return cls(**settings)  # type: ignore[arg-type]  # the keys above are the fields


def _positive_integer(name: str, value: str) -> int:
    try:
        number = int(value.replace("_", ""))
    except ValueError:
        number = 0
    if number <= 0:
        raise SettingsError(f"{name} is {value!r}, and a whole number above zero was expected, such as 50000000.")
    return number
