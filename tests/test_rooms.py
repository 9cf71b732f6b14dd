"""The rooms of the house: who may import whom, where each outside library enters, and what the commands do not pay for."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import corpus.errors
from corpus.errors import FootnoteError

ROOT = Path(corpus.errors.__file__).parent.parent
ABOVE = {
    "corpus": set(),
    "index": {"corpus"},
    "assistant": {"corpus", "index"},
    "eval": {"corpus", "index", "assistant"},
    "page": {"corpus", "index", "assistant"},
    "app": {"corpus", "index", "assistant", "page"},
}
"""Room → the rooms it may import from."""

FORMATS = {path.relative_to(ROOT).as_posix() for path in (ROOT / "corpus" / "formats").glob("*.py")}
"""Each reads one kind of file, or a part of it, with the libraries of that kind."""

ENTRANCES = {
    "chromadb": {"index/vectors.py", "eval/retrieval.py"},  # the second is the tutorial's recipe, to be measured against
    "tantivy": {"index/lexical.py"},
    "sentence_transformers": {"index/embeddings.py"},
    "tokenizers": {"corpus/tokens.py", "index/minilm.py"},
    "onnxruntime": {"index/minilm.py"},
    "charset_normalizer": {"corpus/formats/text.py"},
    "filelock": {"index/folder.py", "page/received.py"},
    "rapidfuzz": {"index/vocabulary.py", "eval/quotes.py"},
    "dotenv": {"index/settings.py"},
    "matplotlib": {"eval/plots.py"},
    "jinja2": {"eval/report.py"},
    "langchain": {"assistant/generative/models.py"},
    "gradio": {"page/blocks.py", "page/events.py", "page/api.py", "app.py"},
    "mcp": {"page/tools.py"},
    "watchfiles": {"index/watching.py"},
    "pypdfium2": FORMATS | {"page/draw.py"},
    "lxml": FORMATS,
}
"""Outside library → the modules that may import it. The trained reader may bring its own into assistant/reader."""

HEAVY = ("torch", "sentence_transformers", "transformers", "gradio")


def modules() -> list[Path]:
    return [ROOT / "app.py", *(path for room in ABOVE for path in sorted((ROOT / room).rglob("*.py")))]


def imported(path: Path) -> Iterator[str]:
    """Yield the names of modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield node.module or ""


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def test_each_room_imports_only_the_rooms_above_it() -> None:
    seen: set[str] = set()
    for path in modules():
        room = room_of(path)
        rooms = {name.split(".")[0] for name in imported(path)} & ABOVE.keys() - {room}
        assert rooms <= ABOVE[room], f"{path.relative_to(ROOT)} imports {rooms - ABOVE[room]}"
        seen |= rooms
    assert seen == {"corpus", "index", "assistant", "page"}  # nobody imports eval or app


@pytest.mark.parametrize("library", ENTRANCES)
def test_each_outside_library_enters_through_its_own_module(library: str) -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if any(name.split(".")[0] == library for name in imported(path)) and "reader" not in path.parts
    }
    assert found, f"nobody imports {library} any more"
    assert found <= ENTRANCES[library], f"{library} is imported by {found - ENTRANCES[library]} too"


def test_library_code_reads_no_environment() -> None:
    allowed = {"index/settings.py"}
    for path in modules():
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        if not name.endswith("__main__.py") and name not in allowed and not name.startswith("app"):
            assert "os.getenv" not in text and "environ[" not in text and "environ.get" not in text, name
    assert allowed <= {path.relative_to(ROOT).as_posix() for path in modules()}


def test_errors_are_one_tree_whose_classes_say_when_they_happen() -> None:
    kinds = [kind for kind in vars(corpus.errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(kinds) >= 10
    for kind in kinds:
        assert issubclass(kind, FootnoteError) and kind.__doc__
        assert kind.__name__ in (corpus.errors.__doc__ or "")


def heavy_imports(*command: str) -> tuple[int, set[str]]:
    """Run a command in a process of its own; return its exit code and which heavy libraries it imported."""
    code = (
        "import runpy, sys\n"
        "module, sys.argv = sys.argv[1], sys.argv[1:]\n"
        "code = 0\n"
        "try:\n    runpy.run_module(module, run_name='__main__')\n"
        "except SystemExit as stop:\n    code = stop.code or 0\n"
        f"print('imported:', *[name for name in {HEAVY!r} if name in sys.modules])\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, timeout=60, cwd=ROOT)
    last = done.stdout.splitlines()[-1]
    assert last.startswith("imported:"), done.stderr
    return done.returncode, set(last.split()[1:])


@pytest.mark.parametrize(
    "command", ["corpus --help", "index --help", "assistant --help", "eval --help", "page.accounts --help", "page.mcp --help"]
)
def test_help_imports_nothing_heavy(command: str) -> None:
    code, heavy = heavy_imports(*command.split())
    assert code == 0
    assert heavy == set()


def test_list_and_status_import_nothing_heavy(article_index, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for command in ("list", "status"):
        code, heavy = heavy_imports("index", "--data", str(article_index.folder), command)
        assert code == 0
        assert heavy == set()


def test_a_question_is_answered_without_torch(article_index, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, heavy = heavy_imports("assistant", "What is cell therapy?", "--json", "--data", str(article_index.folder))
    assert code in (0, 3)
    assert heavy == set()
