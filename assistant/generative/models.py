"""Loads chat models by their LangChain names, and says in words for a person why one cannot be used.

A model has a role: it answers questions, or it judges answers. The same things go wrong in both, and only the names of the
settings differ. Whatever a provider says is repeated shortened, without keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langchain_core.exceptions import (
    ContextOverflowError,
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelInvalidRequestError,
    ModelNotFoundError,
    ModelPermissionDeniedError,
    ModelRateLimitError,
    ModelTimeoutError,
)
from pydantic import SecretStr, ValidationError

from corpus.errors import ChatModelError, FootnoteError, SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

SHOWN = 300
"""Characters of a reply or of a provider's message that an error repeats."""

EXTRAS = {
    "anthropic": "anthropic",
    "azure_openai": "openai",
    "deepseek": "deepseek",
    "google_genai": "google",
    "groq": "groq",
    "mistralai": "mistral",
    "ollama": "ollama",
    "openai": "openai",
}
"""LangChain's name of a provider → the extra of this project that brings its package. Others are installed by hand."""

HIDDEN = "[hidden]"
"""Stands where a key stood."""

_SHORTEST_KEY = 6
"""What is shorter is a word that a server without keys was given for one, and occurs elsewhere."""

_KEY = re.compile(r"\b(?:sk|pk|gsk|xai|hf)[-_][\w-]{8,}|\bAIza[\w-]{20,}|(?<=Bearer )\S+|(?<=://)[^/@\s]+(?=@)")
"""What the large providers' keys look like, for where the model's own key is not known: it could not be set up."""


@dataclass(frozen=True)
class Role:
    """How messages speak of a model, and as what they are raised.

    Attributes:
        name: Who speaks: "judge".
        model: What it is: "judge's model".
        setting: Where its name was given: "--judge".
        relief: What to do when the provider takes no more requests.
        room: What to do when it takes no text as long.
        error: The class of what is raised when it cannot be used.
    """

    name: str
    model: str
    setting: str
    relief: str
    room: str
    error: type[FootnoteError]


ANSWERING = Role(
    name="chat model",
    model="chat model",
    setting="FOOTNOTE_MODEL",
    relief="Wait a little, and ask again",
    room="this question's passages. Set FOOTNOTE_CONTEXT to the model's real window, or take a model with a larger context",
    error=ChatModelError,
)
"""The model that answers questions."""


def load_model(name: str, role: Role, *, timeout: float, retries: int, context: int | None = None) -> BaseChatModel:
    """Return a chat model by its LangChain name, such as `openai:gpt-4.1` or `ollama:qwen3`; its temperature is 0.

    :param timeout: Seconds that it may be silent.
    :param retries: How often the provider's client asks again after a rate limit, a failure of the server or of the connection.
    :param context: Tokens of the window, for a server that has to be told.
    :raises SettingsError: the name is none, or the provider's package is not installed.
    :raises FootnoteError: the role's error: the model cannot be set up, for instance without a key.
    """
    from langchain.chat_models import init_chat_model

    if not name.strip() or name.endswith(":"):
        raise SettingsError(_unknown(name, role))
    try:
        model: BaseChatModel = init_chat_model(name, **_model_settings(name, timeout, retries, context))
    except ImportError as error:  # its message names the package and the command that installs it
        raise SettingsError(_missing(name, role, error)) from error
    except ValidationError as error:  # a ValueError too, but about the key or an option, not about the name
        raise role.error(explained(error, role)) from error
    except ValueError as error:
        raise SettingsError(_unknown(name, role)) from error
    except Exception as error:  # each provider's client has errors of its own, below no common root
        raise role.error(explained(error, role)) from error
    return model


def _model_settings(name: str, timeout: float, retries: int, context: int | None) -> dict[str, Any]:
    settings: dict[str, Any] = {"temperature": 0, "timeout": timeout, "max_retries": retries}
    if name.startswith("ollama:"):
        settings["client_kwargs"] = {"timeout": timeout}  # it ignores `timeout`, and waits for ever
        settings["num_ctx"] = context  # it takes any text, and silently forgets what is beyond a window of its own choice
    return settings


@dataclass(frozen=True)
class _Cause:
    """One way in which a request fails.

    Attributes:
        kinds: LangChain's errors for it.
        statuses: The HTTP statuses for it, of clients that do not raise these.
        named: What other errors for it have in the name of their class, if anything.
        words: What happened, and what to do; `{setting}`, `{relief}` and `{room}` are the role's.
    """

    kinds: tuple[type[Exception], ...]
    words: str
    statuses: frozenset[int] = frozenset()
    named: str | None = None


CAUSES = (
    _Cause(
        (ModelAuthenticationError,),
        "did not accept the key. Set the provider's key, such as OPENAI_API_KEY, to a valid one",
        frozenset({401}),
    ),
    _Cause(
        (ModelPermissionDeniedError,),
        "does not allow this key to use the model. Take another model or another key",
        frozenset({403}),
    ),
    _Cause((ModelNotFoundError,), "does not know the model. Check the name given to {setting}", frozenset({404})),
    _Cause((ModelRateLimitError,), "takes no more requests for now, or the quota is used up. {relief}", frozenset({429})),
    _Cause((ContextOverflowError,), "takes no text as long as {room}", frozenset({413})),
    _Cause(
        (ModelInvalidRequestError,),
        "did not take the request, for the reason in brackets. Another model may take it",
        frozenset({400, 422}),
    ),
    _Cause(
        (ModelTimeoutError, TimeoutError),
        "did not reply in time. Try again, or take a faster model",
        frozenset({408, 504}),
        "Timeout",
    ),
    _Cause(
        (ModelConnectionError, ConnectionError),
        "cannot be reached, or broke off. Check the network and the provider's address",
        named="Connect",
    ),
    _Cause((ModelAPIError,), "failed on its own side. Try again later", frozenset(range(500, 600))),
)
"""The ways, in the order in which they are looked for."""


def explained(error: Exception, role: Role, secrets: Iterable[str] = ()) -> str:
    """Return what happened and what to do, for an error of a provider's client.

    :param secrets: What must not be repeated.
    """
    detail = f"{type(error).__name__}: {shortened(redacted(_said(error), secrets))}"
    cause = _cause(error)
    if cause is None:
        return f"The {role.model} cannot be used. Check its name, its key and its server. ({detail})"
    words = cause.words.format(setting=role.setting, relief=role.relief, room=role.room)
    return f"The {role.name}'s provider {words}. ({detail})"


def is_refused_form(error: Exception) -> bool:
    """Return whether a provider did not take a request as it was: the reply's form, perhaps, which not every model has."""
    cause = _cause(error)
    return cause is not None and ModelInvalidRequestError in cause.kinds


def _cause(error: Exception) -> _Cause | None:
    """Return the way in which a request failed; for a client whose errors are not LangChain's, by status or by name."""
    if found := next((cause for cause in CAUSES if isinstance(error, cause.kinds)), None):
        return found
    status = _status(error)
    if found := next((cause for cause in CAUSES if status in cause.statuses), None):
        return found
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    return next((cause for cause in CAUSES if cause.named and cause.named in names), None)


def _status(error: Exception) -> int | None:
    response = getattr(error, "response", None)
    for holder, name in ((error, "status_code"), (error, "code"), (response, "status_code")):
        if isinstance(value := getattr(holder, name, None), int):
            return value
    return None


def _said(error: Exception) -> str:
    """Return the message of an error; of a validation only what is wrong, since its text repeats what was given."""
    if isinstance(error, ValidationError):
        return "; ".join(one["msg"] for one in error.errors(include_url=False, include_input=False))
    return str(error)


def secrets_of(model: BaseChatModel) -> tuple[str, ...]:
    """Return the keys that a model holds."""
    held = (value.get_secret_value() for value in vars(model).values() if isinstance(value, SecretStr))
    return tuple(secret for secret in held if len(secret) >= _SHORTEST_KEY)


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a text without these secrets, and without what looks like a key."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return _KEY.sub(HIDDEN, text)


def shortened(text: str) -> str:
    """Return the beginning of a text, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _missing(name: str, role: Role, error: ImportError) -> str:
    extra = EXTRAS.get(name.partition(":")[0])
    advice = f" Install it with: pip install 'footnote[{extra}]'" if extra else ""
    return f"The {role.name} {name!r} cannot be loaded: its provider's package is not installed.{advice} ({error}.)"


def _unknown(name: str, role: Role) -> str:
    return (
        f"The {role.name} {redacted(name)!r} is no chat model that LangChain knows by name. Expected PROVIDER:MODEL, such as "
        "openai:gpt-4.1 or ollama:qwen3; the providers: https://docs.langchain.com/oss/python/integrations/providers"
    )
