"""Settings: from the environment, from `.env`, from the command line, in that order of strength."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import DEFAULT_LIMITS, Limits
from corpus.errors import SettingsError
from index import DEFAULT_EMBEDDER, Settings


def test_without_any_setting_the_defaults_hold() -> None:
    settings = Settings.from_environment()
    assert settings == Settings()
    assert (settings.data, settings.embedder, settings.chroma_url) == (Path(".footnote"), DEFAULT_EMBEDDER, None)
    assert settings.limits == DEFAULT_LIMITS


def test_every_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "FOOTNOTE_DATA": "/elsewhere",
        "FOOTNOTE_EMBEDDER": "some/model",
        "FOOTNOTE_READER": "some/reader",
        "FOOTNOTE_CHROMA_URL": "http://localhost:8000",
        "FOOTNOTE_MAX_BYTES": "1_000",
    }.items():
        monkeypatch.setenv(name, value)
    settings = Settings.from_environment()
    assert settings == Settings(Path("/elsewhere"), "some/model", "some/reader", "http://localhost:8000", Limits(bytes=1000))
    assert Settings.from_environment({}) == Settings()


def test_a_file_called_env_is_read_and_the_environment_is_stronger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("FOOTNOTE_DATA=from-file\nFOOTNOTE_EMBEDDER='from/file'\n# a comment\nOTHER=1\n")
    monkeypatch.setenv("FOOTNOTE_DATA", "from-environment")
    settings = Settings.from_environment()
    assert settings.data == Path("from-environment")
    assert settings.embedder == "from/file"


def test_the_command_line_is_stronger_than_both_and_nothing_given_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA", "from-environment")
    assert Settings.from_environment(data="given").data == Path("given")
    assert Settings.from_environment(data=None).data == Path("from-environment")


def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FOOTNOTE_EMBEDDER\nFOOTNOTE_DATA=\n")
    monkeypatch.setenv("FOOTNOTE_MAX_BYTES", "")
    settings = Settings.from_environment()
    assert settings == Settings()
    assert settings.chroma_url is None


def test_a_home_folder_is_spelled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    assert Settings.from_environment({"FOOTNOTE_DATA": "~/data"}).data == Path("/home/somebody/data")
    assert Settings.from_environment({"FOOTNOTE_DATA": "data"}).data == Path("data")


@pytest.mark.parametrize("value", ["0", "-5", "many", "1.5", "5 MB"])
def test_a_limit_that_is_no_number_above_zero_is_refused(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"FOOTNOTE_MAX_BYTES": value})
    assert f"FOOTNOTE_MAX_BYTES is {value!r}" in str(caught.value)
    assert "a whole number above zero was expected, such as 200000000" in str(caught.value)
