"""The commands with a chat model: `python -m assistant` and `python -m eval`, against the scripted server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from chat_server import ChatRequest, ChatServer, Reply, Status
from conftest import ROOT
from generating import data_of, form_of, says
from test_generative_chain import DEFINITION, QUESTION, SAID, define

import index
from assistant.__main__ import main
from corpus import Document
from eval.__main__ import main as evaluate
from index import PassageIndex, SentenceTransformerEmbeddings
from index.commands import run

KEY = "a-key-that-nobody-may-see"
MODEL = "openai:scripted"

Asked = Callable[..., tuple[int, str, str]]


@pytest.fixture
def use(
    article_index: PassageIndex,
    embedder: SentenceTransformerEmbeddings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[[ChatServer], Asked]:
    """Set a server as the model; return what runs the command on the article's index: (exit code, output, errors)."""
    monkeypatch.setattr(index, "SentenceTransformerEmbeddings", lambda name: embedder)
    for name, value in {"NO_PROXY": "127.0.0.1", "COLUMNS": "100", "OPENAI_API_KEY": KEY, "FOOTNOTE_MODEL": MODEL}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FOOTNOTE_TIMEOUT", "5")

    def used(server: ChatServer) -> Asked:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)

        def asked(*arguments: str) -> tuple[int, str, str]:
            code = run(lambda: main([*arguments, "--data", str(article_index.folder)]))
            printed = capsys.readouterr()
            return code, printed.out, printed.err

        return asked

    return used


# One question


def test_the_models_statements_are_printed_with_their_footnotes(use: Callable[[ChatServer], Asked], article: Document) -> None:
    with ChatServer([define]) as server:
        code, out, err = use(server)(QUESTION)
    start = article.text.index(DEFINITION)
    assert (code, err) == (0, "")
    assert out.startswith(f"{SAID} [1]\n\n[1] immunotherapy.txt, Immunotherapy preparation › Cell Therapy, characters {start}-")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert (server.requests[0].body["model"], server.requests[0].body["temperature"]) == ("scripted", 0)


def test_the_json_says_which_model_was_asked_and_what_it_said(use: Callable[[ChatServer], Asked], article: Document) -> None:
    with ChatServer([define]) as server:
        code, out, _ = use(server)(QUESTION, "--json")
    row = json.loads(out)
    (citation,) = row["statements"][0]["citations"]
    assert (code, row["outcome"], row["engine"], row["model"]) == (0, "answered", "generative", MODEL)
    assert article.text[citation["start"] : citation["end"]] == citation["quote"] == DEFINITION
    assert (row["answer"], row["unsupported"], row["notice"]) == (SAID, [], "")
    assert json.loads(row["raw"])["statements"][0]["text"] == SAID
    assert KEY not in out


def test_a_model_that_lies_is_not_repeated_and_the_exit_code_is_3(use: Callable[[ChatServer], Asked]) -> None:
    with ChatServer([says(("It costs 40 euros.", (1, "It costs 40 euros.")))] * 2) as server:
        code, out, err = use(server)(QUESTION)
        row = json.loads(use(server)(QUESTION, "--json")[1])
    assert (code, err) == (3, "")
    assert "It costs" not in out
    assert (row["statements"], [one["text"] for one in row["unsupported"]]) == ([], ["It costs 40 euros."])


def test_a_failure_is_a_message_and_the_exit_code_is_1(use: Callable[[ChatServer], Asked]) -> None:
    with ChatServer([Status(401, f"the key {KEY} is wrong")]) as server:
        code, out, err = use(server)(QUESTION)
    assert (code, out) == (1, "")
    assert err.startswith("error: The chat model's provider did not accept the key. Set the provider's key")
    assert "the key [hidden] is wrong" in err and KEY not in err


def test_the_setting_lets_the_documents_own_sentences_answer_instead(
    use: Callable[[ChatServer], Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_FALLBACK", "extractive")
    with ChatServer([Status(404, "no such model")]) as server:
        code, out, _ = use(server)(QUESTION, "--json")
    row = json.loads(out)
    assert (code, row["engine"], row["model"]) == (0, "extractive", "")
    assert row["answer"].startswith(DEFINITION) and "Check the name given to FOOTNOTE_MODEL" in row["notice"]


def test_the_sentences_answer_on_request_and_the_model_is_not_asked(use: Callable[[ChatServer], Asked]) -> None:
    with ChatServer() as server:
        code, out, _ = use(server)(QUESTION, "--engine", "extractive", "--json")
    assert (code, json.loads(out)["engine"], server.requests) == (0, "extractive", [])
    assert json.loads(out)["answer"].startswith(DEFINITION)


# Refused at the start


@pytest.mark.parametrize("arguments", [["What is it?"], []], ids=["a question", "a conversation"])
def test_the_generative_engine_without_a_model_is_refused_before_anything_is_opened(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(lambda: main([*arguments, "--engine", "generative", "--data", "nowhere"]))
    printed = capsys.readouterr()
    assert (code, printed.out) == (1, "")
    assert printed.err.startswith("error: The engine 'generative' needs a chat model, and FOOTNOTE_MODEL is not set.")
    assert not Path("nowhere").exists()


def test_a_malformed_model_is_refused_before_anything_is_opened(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOOTNOTE_MODEL", KEY)
    assert run(lambda: main(["What is it?", "--data", "nowhere"])) == 1
    err = capsys.readouterr().err
    assert err.startswith("error: FOOTNOTE_MODEL is no such pair, and PROVIDER:NAME was expected")
    assert KEY not in err and not Path("nowhere").exists()


# As people run it


def test_the_model_and_its_key_may_stand_in_the_env_file(article_index: PassageIndex, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "FOOTNOTE_"))}
    with ChatServer([define]) as server:
        settings = {"FOOTNOTE_MODEL": MODEL, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "NO_PROXY": "127.0.0.1"}
        (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        command = [sys.executable, "-m", "assistant", QUESTION, "--data", str(article_index.folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{SAID} [1]")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [((), set()), (("--engine", "extractive"), {"assistant.generative"})],
    ids=["without a model", "with one that is not asked"],
)
def test_without_asking_a_model_nothing_of_it_is_imported(
    article_index: PassageIndex, arguments: tuple[str, ...], expected: set[str]
) -> None:
    heavy = ("langchain", "langchain_openai", "openai", "torch", "transformers", "assistant.generative")
    code = (
        "import runpy, sys\n"
        "sys.argv = ['assistant', *sys.argv[1:]]\n"
        "try:\n    runpy.run_module('assistant', run_name='__main__')\n"
        f"except SystemExit:\n    print('imported:', *[name for name in {heavy!r} if name in sys.modules])\n"
    )
    asked = [sys.executable, "-c", code, QUESTION, *arguments, "--data", str(article_index.folder)]
    environment = {**os.environ, **({"FOOTNOTE_MODEL": MODEL} if arguments else {})}
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, env=environment, check=False, cwd=ROOT)
    assert DEFINITION in " ".join(done.stdout.split()), done.stderr
    assert set(done.stdout.splitlines()[-1].removeprefix("imported:").split()) == expected


# Evaluation


CASES = [
    {"id": "1", "question": "How many queens has a hive?", "answerable": True, "evidence": ["A hive has exactly one queen."]},
    {"id": "2", "question": "Where do honey bees live?", "answerable": True, "evidence": ["Honey bees live in a hive."]},
    {"id": "3", "question": "Who won the football cup?", "answerable": False},
    {"id": "4", "question": "What is never asked?", "answerable": False},
]


@pytest.fixture
def small(tmp_path: Path) -> list[str]:
    """Return the options for four cases on one small document."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "bees.txt").write_text("Honey bees live in a hive. A hive has exactly one queen.")
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in CASES))
    return ["--cases", str(tmp_path / "cases.jsonl"), "--documents", str(tmp_path / "documents")]


def answer_case(request: ChatRequest) -> Reply:
    """Answer one case, find nothing for the next, and fail on the third."""
    question = data_of(request)["question"]
    if "queens" in question:
        return form_of(request, ("A hive has exactly one queen.", (1, "A hive has exactly one queen.")))
    return Status(429, "slow down") if "football" in question else form_of(request)


def test_an_evaluation_asks_the_model_case_by_case(
    use: Callable[[ChatServer], Asked], small: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "answers.jsonl"
    with ChatServer(answer_case) as server:
        use(server)
        code = run(lambda: evaluate([*small, "--engine", "generative", "--limit", "3", "--output", str(output)]))
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert [row["outcome"] for row in rows] == ["answered", "not_found", "failed"]
    assert (rows[0]["engine"], rows[0]["model"], rows[0]["answer"]) == ("generative", MODEL, "A hive has exactly one queen.")
    assert rows[0]["confidence"] > rows[1]["confidence"]
    assert "takes no more requests for now" in rows[2]["error"] and code == 1
    about = json.loads(output.with_suffix(".run.json").read_text())["about"]
    assert (about["engine"], about["model"]) == ("generative", MODEL)
    printed = capsys.readouterr()
    assert KEY not in output.read_text() + json.dumps(about) + printed.out + printed.err
    assert "failed: 3: The chat model's provider takes no more requests" in printed.err


def test_an_evaluation_asks_no_model_unless_it_is_told_to(
    use: Callable[[ChatServer], Asked], small: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with ChatServer() as server:
        use(server)
        assert run(lambda: evaluate([*small, "--limit", "1"])) == 0
    assert server.requests == []
    assert capsys.readouterr().err == ""


def test_an_evaluation_of_a_model_that_is_not_set_is_refused(small: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code = run(lambda: evaluate([*small, "--engine", "generative"]))
    printed = capsys.readouterr()
    assert (code, printed.out) == (1, "")
    assert "FOOTNOTE_MODEL is not set. Set it to PROVIDER:NAME" in printed.err
