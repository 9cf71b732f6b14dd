"""The files of `python -m eval formats`, what is asked of each, and what tools of others see in them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CaseError

ROOT = Path(__file__).parent.parent
SAMPLES = Path(__file__).with_name("formats.jsonl")
TRUTH = ROOT / "tests" / "data" / "formats" / "truth.json"


@dataclass(frozen=True)
class Probe:
    """A question with what a right answer cites.

    Attributes:
        question: What is asked.
        quote: Words that a cited quote has to hold.
        page: Where a person finds them: "page 2", "slide 5", "sheet Staff"; empty where the format has no pages.
    """

    question: str
    quote: str
    page: str


@dataclass(frozen=True)
class Sample:
    """A file that is asked.

    Attributes:
        file: Its path, from the root of the project.
        made_by: The program that made it.
        probes: What is asked of it; the first stands in the table.
    """

    file: str
    made_by: str
    probes: tuple[Probe, ...]


def load_samples(path: Path) -> list[Sample]:
    """Read the list of files, one JSON object a line.

    :raises CaseError: it is missing, malformed (with the line), or empty, or has two files of one name, which could not be
        told apart in an answer.
    """
    samples = []
    for number, line in enumerate(_text(path).splitlines(), 1):
        try:
            given = json.loads(line)
            probes = tuple(Probe(str(one["question"]), str(one["quote"]), str(one["page"])) for one in given["questions"])
            samples.append(Sample(str(given["file"]), str(given["made_by"]), probes))
        except (ValueError, TypeError, KeyError) as error:
            raise CaseError(
                f"{path}, line {number}: expected {{file, made_by, questions: [{{question, quote, page}}]}}; found {error!r}."
            ) from error
        if not probes or not all(" ".join(probe.quote.split()) for probe in probes):
            raise CaseError(f"{path}, line {number} lacks a question, or the quote that a right answer cites.")
    names = Counter(Path(sample.file).name for sample in samples)
    if not samples or names.most_common(1)[0][1] > 1:
        found = f"two files called {names.most_common(1)[0][0]}" if samples else "no files"
        raise CaseError(f"{path} lists {found}. Expected files of different names, one object a line.")
    return samples


def load_truth(path: Path) -> dict[str, str]:
    """Return file → the words that a tool of others sees in it; nothing if there is no such file.

    :raises CaseError: it is malformed.
    """
    if not path.exists():
        return {}
    try:
        return {str(file): str(given["words"]) for file, given in json.loads(_text(path)).items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CaseError(f"{path} is not of the form {{file: {{tool, words}}}}: {error!r}.") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path} cannot be read: {error}.") from error
