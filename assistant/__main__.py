"""Ask a question on the command line.

    python -m assistant "What is immunotherapy?"
    python -m assistant "How does it work?" --document immunotherapy.txt --json
    python -m assistant                      a conversation; an empty line or Ctrl+D ends it
    FOOTNOTE_MODEL=ollama:qwen3 python -m assistant "What is immunotherapy?"        a chat model writes, held to its quotes

In a conversation, a number alone asks the question that was offered under it.

Exit codes: 0 answered, 1 failed (a message on standard error), 3 the documents do not say. Small talk that is returned is 0; a
question that is asked back is 3, since the documents did not answer it.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import FootnoteError
from index.commands import printable, run

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.chain import AnswerChain
    from assistant.question import Turn
    from index import Settings

EXIT_NOT_FOUND = 3
_HISTORY_LINES = 1000


def main(arguments: list[str] | None = None) -> int:
    """Answer one question, or hold a conversation; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m assistant",
        description="Ask a question; every sentence of the answer cites the document.",
        epilog="Exit codes: 0 answered, 1 failed, 3 the documents do not say. Small talk is 0, a question asked back 3.",
    )
    parser.add_argument("question", nargs="?", help="without it, a conversation")
    parser.add_argument("--document", action="append", metavar="NAME", help="look only here (may be given several times)")
    parser.add_argument(
        "--engine",
        choices=("extractive", "generative"),
        help="the documents' own sentences, or what the chat model in FOOTNOTE_MODEL writes (the default where that is set)",
    )
    parser.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    parser.add_argument("--unsupported", action="store_true", help="show, marked, what a chat model said without support")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder (default: FOOTNOTE_DATA, else .footnote)")
    options = parser.parse_args(arguments)
    from index import Settings
    from index.settings import share_env_file

    settings = Settings.from_environment(data=options.data)
    settings.check_engine(options.engine)
    share_env_file()
    if options.question is None:
        return _converse(settings, options)
    from assistant.question import Question

    question = Question.of({"question": options.question, "documents": options.document})  # refused before anything loads
    return _exit_code(_ask(_open(settings, options.engine), question.text, (), options))


def _open(settings: Settings, engine: str | None) -> AnswerChain:
    from assistant.chain import build_chain
    from index import PassageIndex, SentenceTransformerEmbeddings

    embedder = SentenceTransformerEmbeddings(settings.embedder)
    index = PassageIndex(settings.data, embedder, chroma_url=settings.chroma_url)
    return build_chain(index, embedder, settings.reader, settings.model, settings.chat, engine=engine)


def _ask(chain: AnswerChain, question: str, history: Sequence[Turn], options: argparse.Namespace) -> Answer:
    """Print the answer to a question, and return it."""
    from assistant.question import Question
    from assistant.terminal import render

    documents = None if options.document is None else tuple(options.document)
    answer = chain.invoke(Question(question, tuple(history), documents))
    if options.json:
        sys.stdout.write(json.dumps(answer.to_json(), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(render(answer, colour=sys.stdout.isatty(), unsupported=options.unsupported))
    sys.stdout.flush()
    return answer


def _exit_code(answer: Answer) -> int:
    """Return 0 for who got what they asked for: an answer, or a reply to small talk; a reply that asks back is neither."""
    from assistant.talk.talk import ENGINE as TALK

    is_small_talk = bool(answer.reply) and answer.engine == TALK
    return 0 if answer.outcome == "answered" or is_small_talk else EXIT_NOT_FOUND


def _converse(settings: Settings, options: argparse.Namespace) -> int:
    """Ask and answer until the input ends. A failed question is told and the conversation goes on."""
    from assistant.history import turns_of

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a byte that is not text spoils one question, not the conversation
    is_interactive = sys.stdin.isatty()
    if is_interactive:
        _edit_lines(settings.data / "history")
        sys.stdout.write("Ask about your documents; an empty line ends. Getting ready …\n")
    chain = _open(settings, options.engine)
    history: list[Turn] = []
    offered: tuple[str, ...] = ()
    code = 0
    while True:
        try:
            line = input("? " if is_interactive else "").strip()
        except EOFError:
            break
        if not line:
            if is_interactive:
                break
            continue
        try:
            answer = _ask(chain, _picked(line, offered), history, options)
        except FootnoteError as error:
            sys.stderr.write(f"error: {printable(str(error))}\n")
            code = 1
            continue
        history += turns_of(answer)
        offered, code = answer.options, _exit_code(answer)
    return code


def _picked(line: str, offered: Sequence[str]) -> str:
    """Return the question whose number was typed alone; otherwise what was typed."""
    return {str(number): option for number, option in enumerate(offered, 1)}.get(line, line)


def _edit_lines(path: Path) -> None:
    """Give the prompt line editing and a history that outlives the conversation, where the system has them."""
    try:
        import atexit
        import readline
    except ImportError:  # Windows: the console edits lines by itself
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            readline.read_history_file(path)
        readline.set_history_length(_HISTORY_LINES)
        atexit.register(readline.write_history_file, path)
    except OSError:
        return  # a history is a convenience: without one the conversation works all the same


if __name__ == "__main__":
    sys.exit(run(main))
