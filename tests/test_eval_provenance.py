"""Where a result comes from: the commit and what differs from it, the settings, the machine."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from eval import provenance as module
from eval.provenance import commit, machine, provenance, tree
from index import Settings


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:  # a hook that runs the tests sets some
        monkeypatch.delenv(name)
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "code.py").write_text("1\n", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "One")
    return folder


def test_a_run_says_when_with_what_and_where_it_was_made() -> None:
    about = provenance(Settings(reader="similarity", embedder="words"), "extractive")
    assert list(about) == ["date", "footnote", "commit", "changed", "engine", "reader", "embedder", "machine"]
    assert (about["engine"], about["reader"], about["embedder"]) == ("extractive", "similarity", "words")
    generated = provenance(Settings(model="ollama:qwen3"), "generative")
    assert (generated["model"], "model" in about) == ("ollama:qwen3", False)
    age = datetime.now(UTC) - datetime.fromisoformat(about["date"])
    assert timedelta(seconds=-1) <= age <= timedelta(minutes=5)
    assert json.loads(json.dumps(about)) == about


def test_the_commit_is_that_of_the_folder_and_changed_when_files_differ(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    assert commit(repository) == {"commit": head, "changed": False}
    (repository / "code.py").write_text("2\n", encoding="utf-8")
    assert commit(repository) == {"commit": head, "changed": True}
    git(repository, "commit", "-q", "-a", "-m", "Two")
    assert commit(repository) == {"commit": git(repository, "rev-parse", "HEAD"), "changed": False}
    (repository / "new.py").write_text("3\n", encoding="utf-8")
    assert commit(repository)["changed"] is True


def test_results_that_a_run_has_written_do_not_count_as_a_change(repository: Path) -> None:
    before = tree(repository)
    results = repository / "eval" / "results"
    results.mkdir(parents=True)
    (results / "bees.json").write_text("{}", encoding="utf-8")
    assert commit(repository)["changed"] is False
    git(repository, "add", ".")
    assert tree(repository) == before
    (repository / "eval" / "more.py").write_text("4\n", encoding="utf-8")
    assert commit(repository)["changed"] is True


def test_the_digest_of_a_tree_changes_with_the_commit_and_with_what_differs_from_it(repository: Path) -> None:
    digests = [tree(repository), tree(repository)]
    assert digests[0] == digests[1]
    (repository / "code.py").write_text("2\n", encoding="utf-8")
    digests.append(tree(repository))
    (repository / "code.py").write_text("3\n", encoding="utf-8")
    digests.append(tree(repository))
    git(repository, "commit", "-q", "-a", "-m", "Two")
    digests.append(tree(repository))
    assert len(set(digests)) == 4


def test_outside_a_repository_or_without_git_the_commit_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit(tmp_path) == {"commit": None, "changed": None}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit(module.ROOT) == {"commit": None, "changed": None}
    assert tree(tmp_path) == tree(module.ROOT)


def test_a_folder_that_is_run_without_being_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(module, "version", missing)
    assert provenance(Settings(), "extractive")["footnote"] is None
    monkeypatch.setattr(module, "version", lambda name: f"{name} 1.2")
    assert provenance(Settings(), "extractive")["footnote"] == "footnote 1.2"


def test_the_machine_is_described_by_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nmodel name\t: AMD EPYC 7B13\nmodel name\t: other\n", encoding="utf-8")
    (tmp_path / "meminfo").write_text("MemTotal:       16393512 kB\nMemFree:  1 kB\n", encoding="utf-8")
    monkeypatch.setattr(module, "_CPU_INFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(module, "_MEMORY_INFO", tmp_path / "meminfo")
    found = machine()
    assert (found["processor"], found["memory_gib"]) == ("AMD EPYC 7B13", 16)  # 16,393,512 / 2²⁰ = 15.6
    assert (found["cores"], found["python"]) == (os.cpu_count(), platform.python_version())


def test_a_machine_that_does_not_describe_itself_is_described_as_far_as_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CPU_INFO", tmp_path / "gone")
    monkeypatch.setattr(module, "_MEMORY_INFO", tmp_path / "gone")
    found = machine()
    assert "memory_gib" not in found
    assert found["processor"] == (platform.processor() or platform.machine())
    assert found["system"] == platform.system()
