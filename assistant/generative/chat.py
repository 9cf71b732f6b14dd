"""The chat model as the engine sees it: loaded when it is first needed, with its window, its forms and its secrets."""

from __future__ import annotations

from threading import Lock
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableSequence

from assistant.generative.models import ANSWERING, explained, load_model, redacted, secrets_of
from assistant.generative.prompt import FORM
from index.settings import ChatSettings

DEFAULT_WINDOW = 8192
"""Tokens, where neither the settings nor LangChain know better: what nearly every model in use has, and no more."""

RETRIES = 1
"""How often the provider's client asks again: somebody is waiting."""

_BYTES_A_TOKEN = 3
"""A careful guess: English has four or more, and no usual writing less than three."""


class ChatModel:
    """A chat model by its name, or one that was made elsewhere. May be shared between threads."""

    def __init__(self, model: str | BaseChatModel, settings: ChatSettings) -> None:
        self.name = model if isinstance(model, str) else type(model).__name__
        self._model = None if isinstance(model, str) else model
        self._settings = settings
        self._lock = Lock()

    def load(self) -> BaseChatModel:
        """Return the model.

        :raises SettingsError: its name is none, or its provider's package is not installed.
        :raises ChatModelError: it cannot be set up.
        """
        with self._lock:
            if self._model is None:
                context = self._settings.context or DEFAULT_WINDOW
                timeout = self._settings.timeout
                self._model = load_model(self.name, ANSWERING, timeout=timeout, retries=RETRIES, context=context)
            return self._model

    @property
    def window(self) -> int:
        """Tokens that it takes, with its reply: as set, as LangChain knows it, or a careful guess."""
        known = (self.load().profile or {}).get("max_input_tokens")
        return self._settings.context or known or DEFAULT_WINDOW

    def count(self, text: str) -> int:
        """Return about how many tokens a text has, rather too many: most models' own counting would need a download."""
        model = self.load()
        if model.custom_get_token_ids is not None:
            return model.get_num_tokens(text)
        return len(text.encode("utf-8", "replace")) // _BYTES_A_TOKEN + 1

    def forms(self) -> tuple[Runnable[Any, Any], Runnable[Any, Any]]:
        """Return the ways to ask it: held to the form, if it can be; and in words alone, which it may take better."""
        model = self.load()
        try:
            structured = model.with_structured_output(FORM)
        except NotImplementedError:
            return model, model
        # What follows the model there says nothing before the reply is whole, and fails where much could still be read.
        return (structured.first if isinstance(structured, RunnableSequence) else model), model

    def explain(self, error: Exception) -> str:
        """Return what to tell a person about an error of the provider's client."""
        return explained(error, ANSWERING, secrets_of(self.load()))

    def hide(self, text: str) -> str:
        """Return a text without the model's keys."""
        return redacted(text, secrets_of(self.load()))
