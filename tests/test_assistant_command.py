"""`python -m assistant`: what it prints, to the character, and its exit codes."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import assistant.__main__ as command_line
import index
from assistant import Answer, Citation, Outcome, Question, Statement, Turn
from assistant.__main__ import main
from assistant.answer import Unsupported
from assistant.calibration import Calibration
from assistant.history import NOT_FOUND
from assistant.reader import choice
from corpus import Document
from index import PassageIndex, SentenceTransformerEmbeddings
from index.commands import run

ONE_SENTENCE = Calibration(
    weights=(0.0, 1.0, 0.0, 0.0, 0.0),
    bias=0.0,
    threshold=0.0,
    risk=0.0,
    margin=0.0,
    floor=-30.0,
    sentence=(1.0, 0.3, 1.0, 1.0, 6.0, 0.5),
)
"""Always answers, with the best sentence alone."""

CELL_THERAPY = """\
Cell therapy refers to the introduction of cellular preparations into the body to activate or
enhance the body's specific immune response. [1]

[1] immunotherapy.txt, Immunotherapy preparation › Cell Therapy, characters {start}-{end}
    “Cell therapy refers to the introduction of cellular preparations into the body to activate or
    enhance the body's specific immune response.”
"""

Asked = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(
    article_index: PassageIndex,
    embedder: SentenceTransformerEmbeddings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Asked:
    """Run the command on the article's index, without loading the model again; return (exit code, output, errors)."""
    monkeypatch.setattr(index, "SentenceTransformerEmbeddings", lambda name: embedder)
    monkeypatch.setattr(choice, "load_calibration", lambda name: ONE_SENTENCE)
    monkeypatch.setenv("COLUMNS", "100")

    def asked(*arguments: str, stdin: str | bytes = "") -> tuple[int, str, str]:
        source = io.StringIO(stdin) if isinstance(stdin, str) else io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", source)
        code = run(lambda: main([*arguments, "--data", str(article_index.folder)]))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return asked


@pytest.fixture
def decline(monkeypatch: pytest.MonkeyPatch, ask: Asked) -> Asked:
    """The same where nothing is answered."""
    monkeypatch.setattr(choice, "load_calibration", lambda name: replace(ONE_SENTENCE, threshold=1.1))
    return ask


def cell_therapy(article: Document) -> str:
    start = article.text.index("Cell therapy refers to")
    return CELL_THERAPY.format(start=start, end=article.text.index("\n", start))


# One question


def test_an_answer_is_printed_with_its_footnote_and_the_exit_code_is_0(ask: Asked, article: Document) -> None:
    code, out, err = ask("What does cell therapy refer to?")
    assert out == cell_therapy(article)
    assert (code, err) == (0, "")


def test_a_declined_question_shows_the_closest_passages_and_the_exit_code_is_3(decline: Asked) -> None:
    code, out, err = decline("What does cell therapy refer to?")
    lines = out.splitlines()
    assert lines[:3] == ["The documents do not say.", "", "Closest passages:"]
    assert lines[3] == "  - immunotherapy.txt, Immunotherapy preparation › Cell Therapy"
    assert sum(line.startswith("  - ") for line in lines) == 3
    assert "[1]" not in out
    assert (code, err) == (3, "")


def test_the_json_is_one_object_on_one_line_with_the_fields_of_the_design(ask: Asked, article: Document) -> None:
    code, out, err = ask("What does cell therapy refer to?", "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    row = json.loads(out)
    about = {"question", "searched_for", "engine", "model", "seconds"}
    answer, besides = {"outcome", "answer", "confidence", "statements"}, {"reply", "options", "notice", "unsupported", "raw"}
    assert set(row) == about | answer | besides | {"closest", "retrieved", "scope"}
    assert (row["outcome"], row["engine"], row["closest"]) == ("answered", "extractive", [])
    assert 0.0 <= row["confidence"] <= 1.0 and row["seconds"] > 0.0
    (citation,) = row["statements"][0]["citations"]
    assert set(citation) == {"number", "document", "start", "end", "quote", "heading", "page", "place"}
    assert article.text[citation["start"] : citation["end"]] == citation["quote"] == row["answer"]
    assert len(row["retrieved"]) == 6
    assert all(set(place) == {"document", "start", "end", "score"} for place in row["retrieved"])
    assert [place["score"] for place in row["retrieved"]] == sorted((p["score"] for p in row["retrieved"]), reverse=True)


def test_the_json_of_a_declined_question_says_so_and_exits_with_3(decline: Asked, article: Document) -> None:
    code, out, _ = decline("What does cell therapy refer to?", "--json")
    row = json.loads(out)
    assert code == 3
    assert (row["outcome"], row["answer"], row["statements"]) == ("not_found", "", [])
    assert [article.text[item["start"] : item["end"]] for item in row["closest"]] == [item["text"] for item in row["closest"]]
    assert len(row["closest"]) == 3


def test_a_document_in_scope_is_asked_by_its_name(ask: Asked, article: Document) -> None:
    code, out, _ = ask("What does cell therapy refer to?", "--document", "immunotherapy.txt")
    assert (code, out) == (0, cell_therapy(article))
    assert ask("What is it?", "--document", "immunotherapy.txt", "--document", "other.txt")[0] == 1


# What is no answer


class Played:
    """A chain that replies with what it is given, and records the questions."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked = [*answers], []  # type: ignore[var-annotated]

    def invoke(self, question: Question) -> Answer:
        self.asked.append(question)
        return replace(self.answers.pop(0), question=question.text)


def blank(question: str = "", **changes: object) -> Answer:
    answer = Answer(question, "What is a hive?", Outcome.NOT_FOUND, (), (), 0.1, "extractive")
    return replace(answer, **changes)  # type: ignore[arg-type]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, Played]]:
    """Run the command on a chain that gives these answers; return (exit code, output, chain)."""

    def played(*answers: Answer, arguments: Sequence[str] = (), stdin: str = "") -> tuple[int, str, Played]:
        chain = Played(*answers)
        monkeypatch.setattr(command_line, "_open", lambda settings, engine: chain)
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = run(lambda: main([*arguments]))
        return code, capsys.readouterr().out, chain

    return played


def test_small_talk_is_returned_with_0_and_a_question_asked_back_with_3(play) -> None:
    hello, back = blank(reply="Hello.", engine="talk"), blank(reply="What do you mean?", options=("How much is a hive?",))
    assert play(hello, arguments=["Hello"])[0] == 0
    assert play(replace(hello, options=back.options), arguments=["Hello"])[0] == 0
    code, out, _ = play(back, arguments=["How much is it?"])
    assert code == 3 and out.endswith("What do you mean?\n  1. How much is a hive?\n")
    assert play(blank(), arguments=["What is it?"])[0] == 3
    assert play(back, hello, stdin="How much is it?\nHello\n")[0] == 0


def test_what_was_left_out_is_shown_where_it_is_asked_for(play) -> None:
    answer = blank(unsupported=(Unsupported("Bees sing.", "It has no quote."),))
    assert "[unsupported]" not in play(answer, arguments=["Do they?"])[1]
    assert "  [unsupported] Bees sing.\n    It has no quote.\n" in play(answer, arguments=["Do they?", "--unsupported"])[1]


def test_a_number_alone_asks_what_was_offered_under_it_and_only_then(play) -> None:
    back = blank(reply="What do you mean?", options=("How much is a hive?", "How much is a queen?"))
    _, _, chain = play(back, back, blank(), blank(), stdin="How much is it?\n2\n3\n1\n")
    asked = [question.text for question in chain.asked]
    assert asked == ["How much is it?", "How much is a queen?", "3", "1"], "there was no third, and nothing was offered last"
    assert [turn.content for turn in chain.asked[1].history] == ["How much is it?", "What do you mean?"]
    _, _, chain = play(back, blank(), stdin=f"How much is it?\n{'9' * 5000}\n")
    assert chain.asked[1].text == "9" * 5000


def test_a_conversation_hands_on_what_was_looked_up_cited_and_said(play, article: Document) -> None:
    quote = "Cell therapy refers to"
    start = article.text.index(quote)
    cited = Statement(quote, (Citation(1, article, start, start + len(quote), quote),))
    answers = [blank(statements=(cited,), outcome=Outcome.ANSWERED), blank(reply="Hello."), blank(), blank()]
    _, _, chain = play(*answers, stdin="What is it?\nHello\nWhy?\nAnd?\n")
    assert chain.asked[0].history == ()
    assert chain.asked[3].history == (
        Turn("user", "What is it?"),
        Turn("assistant", quote, "What is a hive?", (("immunotherapy.txt", start, start + len(quote)),)),
        Turn("user", "Hello"),
        Turn("assistant", "Hello.", "What is a hive?"),
        Turn("user", "Why?"),
        Turn("assistant", NOT_FOUND, "What is a hive?"),
    )


# What fails


def test_an_unknown_document_is_named_with_the_one_that_was_meant(ask: Asked) -> None:
    code, out, err = ask("What is it?", "--document", "imunotherapy.txt")
    assert (code, out) == (1, "")
    assert err == (
        "error: The index holds no document called 'imunotherapy.txt'. Did you mean immunotherapy.txt? "
        "See `python -m index list`.\n"
    )


@pytest.mark.parametrize("question", ["", "   ", "\x00\x1b", "?!"], ids=["nothing", "spaces", "control characters", "marks"])
def test_an_empty_question_is_refused_before_anything_is_opened(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(lambda: main([question, "--data", "nowhere"]))
    printed = capsys.readouterr()
    assert (code, printed.out) == (1, "")
    assert printed.err == ("error: The question is empty. Write what you want to know, for example: What is immunotherapy?\n")
    assert not Path("nowhere").exists()


def test_a_question_of_ten_thousand_words_is_refused_with_its_length(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(lambda: main(["word " * 10_000, "--data", "nowhere"]))
    printed = capsys.readouterr()
    assert (code, printed.out) == (1, "")
    assert printed.err.startswith("error: The question is too long: 10,000 words, 49,999 characters; at most 400 words")
    assert len(printed.err) < 400


def test_without_an_index_it_says_how_to_make_one_and_makes_none(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(lambda: main(["What is it?", "--data", "nowhere"]))
    printed = capsys.readouterr()
    assert (code, printed.out) == (1, "")
    assert printed.err.startswith("error: There is no index in ")
    assert "python -m index add PATH" in printed.err
    assert not Path("nowhere").exists()


def test_a_missing_model_folder_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FOOTNOTE_EMBEDDER", "./no-model")
    code = run(lambda: main(["What is it?"]))
    printed = capsys.readouterr()
    assert (code, printed.out) == (1, "")
    assert printed.err == "error: There is no model folder no-model. Expected a folder saved by sentence-transformers.\n"


def test_a_missing_calibration_is_a_message_and_no_traceback(ask: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.calibration import load_calibration

    monkeypatch.setattr(choice, "load_calibration", lambda name: load_calibration(name, Path("gone.json")))
    code, out, err = ask("What does cell therapy refer to?")
    assert (code, out) == (1, "")
    assert err.startswith("error: The calibration gone.json cannot be read: No such file or directory.")


# A conversation


def test_a_conversation_in_a_pipe_answers_line_by_line_and_outlives_a_question_that_fails(
    ask: Asked, article: Document
) -> None:
    too_long = "word " * 500
    lines = f"What does cell therapy refer to?\n\n{too_long}\nWhat is stem cell transplantation?\n"
    code, out, err = ask(stdin=lines)
    first = cell_therapy(article)
    assert out.startswith(first)
    assert out[len(first) :].startswith("(2) Stem cell transplantation Stem cells have the ability of self-renewal")
    assert err == (
        "error: The question is too long: 500 words, 2,499 characters; at most 400 words and 8,000 characters are read. "
        "Ask for one thing at a time, or add the text as a document.\n"
    )
    assert code == 0


def test_the_exit_code_of_a_conversation_is_that_of_its_last_question(ask: Asked, decline: Asked) -> None:
    assert decline(stdin="What is cell therapy?\n")[0] == 3
    assert decline(stdin="What is cell therapy?\n?\n")[0] == 1
    assert decline(stdin="")[:2] == (0, "")


def test_a_conversation_can_be_had_in_json_one_object_a_line(ask: Asked) -> None:
    code, out, err = ask("--json", stdin="What does cell therapy refer to?\nAnd what about stem cells?\n")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [row["question"] for row in rows] == ["What does cell therapy refer to?", "And what about stem cells?"]
    assert "stem cells" in rows[1]["searched_for"]
    assert "cell therapy" not in rows[1]["searched_for"]


def test_bytes_that_are_not_text_spoil_nothing(ask: Asked, article: Document) -> None:
    code, out, err = ask(stdin=b"\xff\xfe\nWhat does cell therapy refer to?\n")
    assert (code, out) == (0, cell_therapy(article))
    assert err.startswith("error: The question is empty.")


# As people run it


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "assistant", *arguments]


@pytest.fixture
def data(article_index: PassageIndex, tmp_path: Path) -> Path:
    return Path(shutil.copytree(article_index.folder, tmp_path / "data"))


def test_the_real_command_in_a_pipe_is_plain_and_quiet(data: Path, article: Document) -> None:
    asked = command("What does cell therapy refer to?", "--data", str(data))
    finished = subprocess.run(asked, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "\x1b" not in finished.stdout
    start = article.text.index("Cell therapy refers to")
    assert f"immunotherapy.txt, Immunotherapy preparation › Cell Therapy, characters {start}-" in finished.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal needs a Unix")
def test_on_a_terminal_it_prompts_in_colour_and_keeps_what_was_asked(data: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("--data", str(data)), stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "dumb"}
    )
    os.close(theirs)
    os.write(ours, b"What does cell therapy refer to?\n\n")
    shown = b""
    try:
        while block := os.read(ours, 4096):
            shown += block
    except OSError:  # how Linux says that the other side has closed
        pass
    os.close(ours)
    text = shown.decode().replace("\r\n", "\n")
    assert process.wait(120) == 0, text
    assert "Ask about your documents; an empty line ends. Getting ready …\n" in text
    assert "\n? " in text
    assert "\x1b[36m[1]\x1b[0m immunotherapy.txt" in text
    assert "What does cell therapy refer to?" in (data / "history").read_text(encoding="utf-8")


def test_help_is_printed_without_loading_a_model() -> None:
    program = (
        "import sys, assistant.__main__ as command\n"
        "try:\n    command.main(['--help'])\n"
        "except SystemExit as end:\n    print(end.code, 'torch' in sys.modules, 'chromadb' in sys.modules)\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert finished.stdout.startswith("usage: python -m assistant")
    help_text = " ".join(finished.stdout.split())
    assert (
        "Exit codes: 0 answered, 1 failed, 3 the documents do not say. Small talk is 0, a question asked back 3." in help_text
    )
    assert "--unsupported" in help_text
    assert finished.stdout.endswith("\n0 False False\n")
