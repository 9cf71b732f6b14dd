"""Chat models by name: settings, providers and their packages, windows, forms, and what never appears in a message."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

import pytest
from chat_server import ChatServer, Status, connect
from conftest import ROOT
from generating import ask
from langchain.chat_models.base import _BUILTIN_PROVIDERS
from langchain_core.language_models import FakeListChatModel

from assistant.generative.chat import DEFAULT_WINDOW, ChatModel
from assistant.generative.models import ANSWERING, EXTRAS, HIDDEN, explained, load_model, redacted, secrets_of
from corpus.errors import ChatModelError, SettingsError
from index import Settings
from index.settings import ChatSettings, share_env_file

KEY = "sk-live-0123456789abcdef"


@pytest.fixture(autouse=True)
def _nobodys_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)


def load(name: str, **settings: float) -> object:
    return load_model(name, ANSWERING, **{"timeout": 5.0, "retries": 0, **settings})


# Settings


def test_a_model_and_how_it_is_asked_are_read_from_the_environment() -> None:
    settings = Settings.from_environment(
        {
            "FOOTNOTE_MODEL": "ollama:qwen3:8b",
            "FOOTNOTE_CONTEXT": "16_384",
            "FOOTNOTE_TIMEOUT": "90",
            "FOOTNOTE_FALLBACK": "extractive",
        }
    )
    assert settings.model == "ollama:qwen3:8b"
    assert settings.chat == ChatSettings(context=16384, timeout=90, fallback="extractive")
    assert Settings.from_environment({"FOOTNOTE_MODEL": ""}) == Settings()


@pytest.mark.parametrize("value", ["gpt-4.1", ":gpt-4.1", "openai:", "openai: ", "OpenAI gpt", "http//x", " ", KEY])
def test_a_model_that_is_not_a_provider_and_a_name_is_refused_at_the_start(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"FOOTNOTE_MODEL": value})
    assert "PROVIDER:NAME was expected, such as openai:gpt-4.1 or ollama:qwen3" in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("FOOTNOTE_CONTEXT", "large", "such as 8192"),
        ("FOOTNOTE_TIMEOUT", "0", "such as 60"),
        ("FOOTNOTE_FALLBACK", "yes", "'extractive' was expected"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_one_that_can(name: str, value: str, expected: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({name: value})
    assert f"{name} is {value!r}" in str(caught.value)
    assert expected in str(caught.value)


def test_without_a_model_there_is_no_generative_engine() -> None:
    with pytest.raises(SettingsError, match="FOOTNOTE_MODEL is not set. Set it to PROVIDER:NAME"):
        Settings().check_engine("generative")
    Settings().check_engine("extractive")
    Settings(model="openai:gpt-4.1").check_engine("generative")


def test_the_env_file_holds_the_providers_keys_too_and_the_environment_is_stronger(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(f"FOOTNOTE_MODEL=openai:gpt-4.1\nOPENAI_API_KEY={KEY}\nOPENAI_BASE_URL=http://file\n")
    monkeypatch.setattr(os, "environ", {**os.environ, "OPENAI_BASE_URL": "http://environment/v1"})
    share_env_file()
    assert "FOOTNOTE_MODEL" not in os.environ
    model = ChatModel(Settings.from_environment().model or "", ChatSettings()).load()
    assert secrets_of(model) == (KEY,)
    assert str(model.root_client.base_url) == "http://environment/v1/"  # type: ignore[attr-defined]


# Loading


@pytest.mark.parametrize(("provider", "extra"), EXTRAS.items())
def test_each_extra_brings_the_package_that_langchain_wants(provider: str, extra: str) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    package = _BUILTIN_PROVIDERS[provider][0].split(".")[0].replace("_", "-")
    assert [one.split(">=")[0] for one in extras[extra]] == [package]
    assert all(">=" in one for one in extras[extra])


def test_a_missing_package_is_named_with_the_extra_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_anthropic", None)  # importing it then fails as if it were not there
    monkeypatch.setitem(sys.modules, "langchain_xai", None)
    with pytest.raises(SettingsError, match=r"'anthropic:claude'.* not installed. .*pip install 'footnote\[anthropic\]'"):
        load("anthropic:claude")
    with pytest.raises(SettingsError, match="'xai:grok'.*`pip install langchain-xai`"):  # no extra of ours
        load("xai:grok")


@pytest.mark.parametrize("name", ["nobody:model", "", "openai:"])
def test_a_provider_that_langchain_does_not_know_is_a_settings_error(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(name)
    assert "no chat model that LangChain knows by name. Expected PROVIDER:MODEL" in str(caught.value)
    assert "providers: https://" in str(caught.value)


def test_without_a_key_the_message_says_which() -> None:
    chat = ChatModel("openai:gpt-4.1", ChatSettings())
    for _ in range(2):  # a failure is not kept: the key may have come meanwhile
        with pytest.raises(ChatModelError, match="The chat model cannot be used. Check its name, its key.*OPENAI_API_KEY"):
            chat.load()


def test_a_model_is_loaded_once_when_it_is_first_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = ChatModel("openai:gpt-4.1", ChatSettings(timeout=7))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model = chat.load()
    assert chat.load() is model
    assert (model.temperature, model.request_timeout, model.max_retries) == (0, 7, 1)  # type: ignore[attr-defined]


def test_a_model_that_was_made_elsewhere_is_taken_as_it_is() -> None:
    model = FakeListChatModel(responses=["[]"])
    chat = ChatModel(model, ChatSettings())
    assert chat.load() is model
    assert chat.name == "FakeListChatModel"


# Window and form


def test_the_window_is_what_is_set_or_what_langchain_knows_or_a_careful_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert ChatModel("openai:gpt-5-mini", ChatSettings()).window > 100_000
    assert ChatModel("openai:gpt-5-mini", ChatSettings(context=4096)).window == 4096
    assert ChatModel("openai:a-model-of-ones-own", ChatSettings()).window == DEFAULT_WINDOW


@pytest.mark.parametrize(
    "text", ["Cell therapy refers to the introduction of cells.", "細胞療法", "Zelltherapie für Kinder", ""]
)
def test_tokens_are_counted_without_a_download_and_rather_too_many(text: str) -> None:
    chat = ChatModel(FakeListChatModel(responses=[]), ChatSettings())
    assert len(text.split()) < chat.count(text) <= len(text.encode()) // 3 + 1
    own = FakeListChatModel(responses=[], custom_get_token_ids=lambda text: [1] * len(text))
    assert ChatModel(own, ChatSettings()).count(text) == len(text)


def test_a_model_without_structured_output_is_asked_in_words_both_times() -> None:
    model = FakeListChatModel(responses=[])
    assert ChatModel(model, ChatSettings()).forms() == (model, model)
    with ChatServer() as server:
        first, last = ChatModel(connect(server), ChatSettings()).forms()
    assert "response_format" in first.kwargs  # type: ignore[attr-defined]
    assert type(last).__name__ == "ChatOpenAI"


# What never appears in a message


class ForeignError(Exception):
    """An error of a client that knows nothing of LangChain's."""

    def __init__(self, message: str, **said: object) -> None:
        super().__init__(message)
        vars(self).update(said)


class ReadTimeout(Exception):
    """As httpx calls it."""


@pytest.mark.parametrize(
    ("error", "happened"),
    [
        (ForeignError("no", status_code=401), "did not accept the key"),
        (ForeignError("no", code=404), "does not know the model"),
        (ForeignError("no", response=ForeignError("", status_code=429)), "takes no more requests"),
        (ForeignError("no", status_code=503), "failed on its own side"),
        (ForeignError("no", status_code=422), "did not take the request"),
        (ReadTimeout("no"), "did not reply in time"),
        (ForeignError("no", code="insufficient_quota"), "cannot be used"),
    ],
)
def test_clients_with_errors_of_their_own_are_understood_by_status_or_name(error: Exception, happened: str) -> None:
    message = explained(error, ANSWERING)
    assert happened in message
    assert message.endswith(f"({type(error).__name__}: no)")


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abcdefghij.",
        "Bearer abc.def.ghi was refused",
        "https://me:secret@proxy.example/v1 is down",
        "key AIzaSyA1234567890abcdefghijk is blocked",
    ],
)
def test_what_looks_like_a_key_is_hidden(text: str) -> None:
    shown = redacted(text)
    assert HIDDEN in shown
    assert not any(secret in shown for secret in ("sk-proj", "abc.def", "secret", "AIza"))


def test_a_key_that_a_server_repeats_is_hidden_everywhere() -> None:
    secret = "house-key-of-no-known-form"
    with ChatServer([Status(401, f"the key {secret} is wrong"), f"Your key is {secret}, and I say no.", "No."]) as server:
        with pytest.raises(ChatModelError) as refused:
            list(ask(server, api_key=secret))
        with pytest.raises(ChatModelError) as unread:
            list(ask(server, api_key=secret))
        chat = ChatModel(connect(server, api_key=secret), ChatSettings())
    assert server.requests[0].headers["authorization"] == f"Bearer {secret}"
    for text in (str(refused.value), str(unread.value), repr(chat), repr(chat.load()), chat.hide(f"a {secret} b")):
        assert secret not in text
    assert f"the key {HIDDEN} is wrong" in str(refused.value)
