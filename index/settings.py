"""Settings, read from the environment and `.env` by the entry points alone, and passed down from there."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from corpus.errors import SettingsError
from corpus.limits import DEFAULT_LIMITS, Limits

DEFAULT_DATA = ".footnote"

EXAMPLES = {
    "FOOTNOTE_MAX_BYTES": 200_000_000,
    "FOOTNOTE_MAX_PAGES": 2000,
    "FOOTNOTE_MAX_SECONDS": 120,
    "FOOTNOTE_CONTEXT": 8192,
    "FOOTNOTE_TIMEOUT": 60,
}
"""Settings that are numbers, each with one that will do."""


@dataclass(frozen=True)
class ChatSettings:
    """How a chat model is asked.

    Attributes:
        context: Tokens of its window (FOOTNOTE_CONTEXT); None for what LangChain knows of the model, or a careful guess.
        timeout: Seconds that it may be silent (FOOTNOTE_TIMEOUT).
        fallback: The engine that answers when it fails (FOOTNOTE_FALLBACK): `extractive`; None to say that it failed.
    """

    context: int | None = None
    timeout: float = 60
    fallback: str | None = None


DEFAULT_CHAT = ChatSettings()
"""Where nothing is set."""


@dataclass(frozen=True)
class Settings:
    """What a person can set.

    Attributes:
        data: The data folder (FOOTNOTE_DATA).
        embedder: Name or folder of the embedding model (FOOTNOTE_EMBEDDER).
        reader: `footnote`, `similarity`, or name or folder of a cross-encoder (FOOTNOTE_READER).
        chroma_url: A Chroma server to keep the vectors on (FOOTNOTE_CHROMA_URL); None to keep them in the data folder.
        limits: How much of a file is read (FOOTNOTE_MAX_BYTES, FOOTNOTE_MAX_PAGES, FOOTNOTE_MAX_SECONDS).
        model: A chat model by its LangChain name, `provider:name` (FOOTNOTE_MODEL); None to do without.
        chat: How it is asked.
    """

    data: Path = Path(DEFAULT_DATA)
    embedder: str = "all-MiniLM-L6-v2"
    reader: str = "footnote"
    chroma_url: str | None = None
    limits: Limits = DEFAULT_LIMITS
    model: str | None = None
    chat: ChatSettings = DEFAULT_CHAT

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
        settings["limits"] = _limits(values)
        if values.get("model"):
            settings["model"] = _model_name(values["model"] or "")
        settings["chat"] = _chat_settings(values)
        settings.update({key: value for key, value in overrides.items() if value is not None})
        if "data" in settings:
            settings["data"] = Path(str(settings["data"])).expanduser()
        return cls(**settings)  # type: ignore[arg-type]  # the keys above are the fields

    def check_engine(self, name: str | None) -> None:
        """Refuse an engine that these settings do not allow.

        :raises SettingsError: `generative`, without a chat model.
        """
        if name == "generative" and self.model is None:
            raise SettingsError(
                "The engine 'generative' needs a chat model, and FOOTNOTE_MODEL is not set. Set it to PROVIDER:NAME, such as "
                "ollama:qwen3 or openai:gpt-4.1, or take the engine 'extractive', which needs none."
            )


def share_env_file() -> None:
    """Put what else `.env` says into the environment, where the providers' clients look for their keys; what is there stays."""
    for name, value in dotenv_values(".env").items():
        if value is not None and not name.startswith("FOOTNOTE_"):
            os.environ.setdefault(name, value)


def _limits(values: Mapping[str, str | None]) -> Limits:
    given = {
        key: _positive_integer(f"FOOTNOTE_MAX_{key.upper()}", values[f"max_{key}"] or "")
        for key in ("bytes", "pages", "seconds")
        if values.get(f"max_{key}")
    }
    return replace(DEFAULT_LIMITS, **given)


def _chat_settings(values: Mapping[str, str | None]) -> ChatSettings:
    settings: dict[str, Any] = {}
    for key in ("context", "timeout"):
        if values.get(key):
            settings[key] = _positive_integer(f"FOOTNOTE_{key.upper()}", values[key] or "")
    if fallback := values.get("fallback"):
        if fallback != "extractive":
            raise SettingsError(
                f"FOOTNOTE_FALLBACK is {fallback!r}, and 'extractive' was expected: the engine that answers when the chat "
                "model fails. Without it, the failure is shown."
            )
        settings["fallback"] = fallback
    return ChatSettings(**settings)


def _model_name(value: str) -> str:
    if not re.fullmatch(r"[a-z][\w-]*:\S+", value):
        shown = repr(value) if ":" in value else "no such pair"  # somebody may have put the key here
        raise SettingsError(
            f"FOOTNOTE_MODEL is {shown}, and PROVIDER:NAME was expected, such as openai:gpt-4.1 or ollama:qwen3. The "
            "provider's key goes into a setting of its own, such as OPENAI_API_KEY."
        )
    return value


def _positive_integer(name: str, value: str) -> int:
    """Return the number that a setting holds.

    :raises SettingsError: it holds none, or none above zero.
    """
    try:
        number = int(value.replace("_", ""))
    except ValueError:
        number = 0
    if number <= 0:
        raise SettingsError(f"{name} is {value!r}, and a whole number above zero was expected, such as {EXAMPLES[name]}.")
    return number
