"""`python -m eval new` with a scripted person: what is asked, what is suggested, and what stands in the file afterwards."""

from __future__ import annotations

import io
import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from corpus import Document
from corpus.errors import CaseError, DocumentError, SettingsError
from eval.cases import load_cases
from eval.new import write_cases
from eval.quotes import nearest_quote, similarity
from eval.scoring import find_evidence

BEES = (
    "# Honey bees\n\n"
    "Honey bees live in a hive. A hive has exactly one queen, and\nshe lays up to 2,000 eggs a day.\n\n"
    "## Work\n\n"
    "The workers’ combs are built of wax. A bee’s dance tells the others where food is.\n"
)
ANTS = "Ants live in a nest. Leafcutter ants grow a fungus as their food. A nest may hold a million ants.\n"
QUEEN = "A hive has exactly one queen, and\nshe lays up to 2,000 eggs a day."
MOLECULAR = (
    "Molecular therapy refers to the introduction of molecular preparations to the body to regulate the body's specific "
    "immune response."
)


class Session:
    """A folder with two documents, and a person who types what the script says; after it, the input ends."""

    def __init__(self, folder: Path) -> None:
        self.bees, self.ants = folder / "documents" / "bees.md", folder / "documents" / "notes" / "ants.txt"
        self.ants.parent.mkdir(parents=True)
        self.bees.write_text(BEES, encoding="utf-8")
        self.ants.write_text(ANTS, encoding="utf-8")
        self.documents = folder / "documents"
        self.output = folder / "cases.jsonl"
        self.prompts: list[str] = []
        self.said = ""

    def type(self, *lines: str, path: Path | None = None, output: Path | None = None) -> list[dict[str, Any]]:
        """Run a session and return the rows of its file."""
        script = iter(lines)
        self.prompts.clear()
        stream = io.StringIO()

        def read(prompt: str) -> str:
            self.prompts.append(prompt)
            try:
                return next(script)
            except StopIteration:
                raise EOFError from None

        try:
            code = write_cases(path or self.bees, output or self.output, read, Console(file=stream, width=200))
        finally:
            self.said = stream.getvalue()
        assert code == 0
        assert next(script, None) is None, "the session ended before the script"
        return self.rows() if self.output.exists() else []

    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(tmp_path)


HIVE = ("How many queens has a hive?", "y", "A hive has exactly one queen", "", "one | 1", "", "number")
"""A whole case about the bees."""


def test_a_session_asks_part_by_part_and_writes_a_case_of_the_documented_form(session: Session) -> None:
    assert session.type(*HIVE, "") == [
        {
            "id": "bees:001",
            "question": "How many queens has a hive?",
            "documents": ["bees.md"],
            "answerable": True,
            "evidence": ["A hive has exactly one queen"],
            "expected": [["one", "1"]],
            "category": "number",
        }
    ]
    assert session.prompts == [
        "Question (empty ends): ",
        "Does the document answer it? (y/n) ",
        "Quote 1: ",
        "Quote 2 (empty ends): ",
        "Key fact 1 (empty ends): ",
        "Key fact 2 (empty ends): ",
        "Category (empty for none): ",
        "Question (empty ends): ",
    ]
    assert session.said == (
        f"The cases are written to {session.output}. Type ? for help at any prompt, undo to go back, quit to end.\n"
        "“A hive has exactly one queen”\n"
        "  bees.md, Honey bees, line 3, characters 41-69\n"
        "Kept as bees:001.\n\n"
        f"1 case in {session.output}, 1 of them new. Run them with:\n"
        f"  python -m eval --cases {session.output} --documents {session.bees}\n"
    )


def test_the_file_is_named_after_the_document_and_lies_in_the_current_folder(session: Session) -> None:
    stream = io.StringIO()
    script = iter(["Who won the cup in 1998?", "n", "", ""])
    assert write_cases(session.bees, None, lambda prompt: next(script), Console(file=stream, width=200)) == 0
    assert [case.id for case in load_cases(Path("bees.cases.jsonl"))] == ["bees:001"]
    assert stream.getvalue().startswith("The cases are written to bees.cases.jsonl.")
    script = iter([""])
    assert write_cases(session.documents, None, lambda prompt: next(script), Console(file=stream, width=200)) == 0
    assert "The cases are written to documents.cases.jsonl." in stream.getvalue()


def test_a_session_over_the_article_loads_as_cases_whose_quotes_are_found(
    session: Session, article: Document, article_path: Path
) -> None:
    typo = MOLECULAR.replace("molecular", "moleculr").replace("body's", "bodys")
    session.type(
        *("What is molecular therapy?", "y", typo, "", "", "molecular preparations", "", "definition"),
        *("Which vaccines are used for tumors?", "y", "cell VACCINES including tumor cell vaccines", "y", "", "", "1"),
        *("What does it cost?", "n", ""),
        "",
        path=article_path,
    )
    cases = load_cases(session.output)
    assert [case.id for case in cases] == ["immunotherapy:001", "immunotherapy:002", "immunotherapy:003"]
    assert cases[0].evidence == (MOLECULAR,)
    assert cases[1].evidence == ("(1) Cell vaccines Including tumor cell vaccines",)  # a number belongs to its sentence
    assert [case.category for case in cases] == ["definition", "definition", ""]
    for case in cases:
        assert all(places for places in find_evidence(case, {article.name: article.text}))
    assert "immunotherapy.txt, Immunotherapy preparation › Molecular therapy, line 16, characters 1468-1599" in session.said


def test_a_wrong_letter_gets_the_exact_sentence_suggested_which_may_be_declined(session: Session) -> None:
    typed = "honey bees liv in a hive"
    rows = session.type("Where do bees live?", "y", typed, "n", typed, "Y", "", "", "", "")
    assert session.said.count("That does not stand there exactly. Did you mean: “Honey bees live in a hive.”?") == 2
    assert session.said.count("Then type it as it stands in the document.") == 1
    assert session.prompts[2:7] == ["Quote 1: ", "(Y/n) ", "Quote 1: ", "(Y/n) ", "Quote 2 (empty ends): "]
    assert [row["evidence"] for row in rows] == [["Honey bees live in a hive."]]


def test_a_quote_over_two_lines_is_typed_on_one_and_kept_as_it_stands(session: Session) -> None:
    rows = session.type("What does the queen do?", "y", QUEEN.replace("\n", " "), "", "", "", "", "")
    assert rows[0]["evidence"] == [QUEEN]
    assert "Did you mean: “A hive has exactly one queen, and she lays up to 2,000 eggs a day.”?" in session.said


def test_straight_quotes_are_typed_for_curly_ones_and_kept_as_they_stand(session: Session) -> None:
    rows = session.type("What are combs of?", "y", "The workers' combs are built of wax.", "", "", "wax", "", "", "")
    assert rows[0]["evidence"] == ["The workers’ combs are built of wax."]


def test_what_is_nowhere_gets_no_suggestion_and_one_quote_is_needed(session: Session) -> None:
    rows = session.type("Where?", "y", "Elephants sleep standing in the savanna", "", "in a hive", "", "", "", "")
    assert "That does not stand there, nor anything near it." in session.said
    assert "At least one quote is needed. If no document answers the question, undo." in session.said
    assert rows[0]["evidence"] == ["in a hive"]


def test_a_word_that_stands_often_is_questioned_and_repeated_quotes_are_counted(session: Session) -> None:
    session.ants.write_text(ANTS + "A nest is cool. A nest is dark.", encoding="utf-8")
    rows = session.type("What?", "y", "nest", "", "nest", "y", "A nest", "A nest", "", "", "", "", path=session.ants)
    assert session.said.count("“nest” stands 4 times, and says little about where the answer is. Keep it?") == 2
    assert "It stands 3 times; an answer may cite any of them." in session.said
    assert "It stands 4 times (1 more are not shown)" in session.said
    assert "That quote is among them already." in session.said
    assert rows[0]["evidence"] == ["nest", "A nest"]


def test_an_unanswerable_question_needs_no_evidence(session: Session) -> None:
    rows = session.type("How old does a queen get?", "maybe", "n", "absent", "")
    assert "Type y or n." in session.said
    assert rows[0] | {"id": ""} == {
        "id": "",
        "question": "How old does a queen get?",
        "documents": ["bees.md"],
        "answerable": False,
        "evidence": [],
        "expected": [],
        "category": "absent",
    }


def test_a_fact_that_the_evidence_does_not_say_is_kept_only_if_confirmed(session: Session) -> None:
    facts = ("eleven", "n", "two | a pair", "y", "ONE", "ONE", "|", "")
    rows = session.type("How many?", "y", "exactly one queen", "", *facts, "", "")
    assert "That is not in the evidence, so an answer made of the evidence cannot say it. Keep it?" in session.said
    assert "None of these spellings is in the evidence" in session.said
    assert "That fact is among them already." in session.said
    assert "That says nothing." in session.said
    assert rows[0]["expected"] == [["two", "a pair"], ["ONE"]]


def test_an_existing_file_is_continued_and_a_question_is_asked_once(session: Session) -> None:
    session.type(*HIVE, "")
    before = session.output.read_bytes()
    session.output.write_bytes(before.rstrip(b"\n"))  # as some editors leave it
    rows = session.type(" how many  queens has a hive? ", "Who won the cup?", "n", "1", "")
    assert session.output.read_bytes().startswith(before)
    assert "It holds 1 case already; they stay, and new ones follow." in session.said
    assert "That is asked already." in session.said
    assert "1 number\n" in session.said
    assert "2 cases in" in session.said and "1 of them new" in session.said
    assert [(row["id"], row.get("category")) for row in rows] == [("bees:001", "number"), ("bees:002", "number")]


@pytest.mark.parametrize(
    ("ids", "following"), [(["7", "9"], "10"), (["a:099"], "a:100"), (["x", "y"], "bees:001"), (["q5", "q2"], "q6")]
)
def test_ids_go_on_in_the_form_of_the_last(session: Session, ids: list[str], following: str) -> None:
    lines = (json.dumps({"id": name, "question": f"Why {name}?", "answerable": False}) for name in ids)
    session.output.write_text("\n".join(lines), encoding="utf-8")
    assert session.type("Who won the cup?", "n", "", "")[-1]["id"] == following
    assert len(load_cases(session.output)) == len(ids) + 1


def test_cases_about_another_document_are_pointed_out(session: Session) -> None:
    session.type(*HIVE, "")
    session.type("", path=session.ants)
    assert "Some of them are about bees.md, which is not among these documents" in session.said


@pytest.mark.parametrize("content", ["{not json}\n", '{"id": "1"}\n', '{"id": "1", "question": "Q?", "answerable": 1}'])
def test_a_malformed_file_is_refused_and_left_as_it_is(session: Session, content: str) -> None:
    session.output.write_text(content, encoding="utf-8")
    with pytest.raises(CaseError, match="line 1"):
        session.type("Q?")
    assert session.output.read_text(encoding="utf-8") == content
    assert session.prompts == []


def test_the_end_of_the_input_keeps_what_was_finished(session: Session) -> None:
    rows = session.type(*HIVE, "Where do bees live?", "y", "in a hive")
    assert [row["id"] for row in rows] == ["bees:001"]
    assert "The case that was not finished is not kept." in session.said
    assert "1 case in" in session.said


def test_a_case_is_in_the_file_before_the_next_is_asked_and_an_interruption_is_no_error(session: Session) -> None:
    script = iter([*HIVE, "Where do bees live?"])
    lines: list[int] = []

    def read(prompt: str) -> str:
        lines.append(session.output.read_text(encoding="utf-8").count("\n"))
        typed = next(script, None)
        if typed is None:
            raise KeyboardInterrupt
        return typed

    assert write_cases(session.bees, session.output, read, Console(file=io.StringIO())) == 0
    assert lines == [0] * 7 + [1] * 2
    assert len(load_cases(session.output)) == 1


@pytest.mark.parametrize("end", [[], [""], ["quit"], ["Where?", "y", "quit"]])
def test_a_session_without_a_case_leaves_no_file(session: Session, end: list[str]) -> None:
    assert session.type(*end) == []
    assert not session.output.exists()
    assert "No case was written." in session.said


def test_undo_goes_back_prompt_by_prompt(session: Session) -> None:
    rows = session.type(
        *("undo", "Wrong?", "undo", "How many queens?", "n", "undo", "y"),  # the question, then whether it is answered
        *("in a hive", "undo", "undo", "y"),  # the quote, then whether it is answered
        *("one queen", "", "undo", "exactly one", "", "one", "undo", "undo", "", "1", "undo", "exactly one", ""),
        *("undo", "", "number", ""),
    )
    assert "This is the first prompt." in session.said
    assert "Taken back: “in a hive”" in session.said
    assert rows[0]["question"] == "How many queens?"
    assert rows[0]["evidence"] == ["one queen", "exactly one"]
    assert rows[0]["expected"] == [["exactly one"]]


def test_undo_at_a_suggestion_goes_back_to_the_quote(session: Session) -> None:
    rows = session.type("Where?", "y", "honey bees liv in a hive", "undo", "in a hive", "", "", "", "")
    assert rows[0]["evidence"] == ["in a hive"]


def test_help_says_what_is_asked_at_every_prompt(session: Session) -> None:
    asked = [item for line in HIVE for item in ("?", line)]
    rows = session.type(*asked, "?", "")
    assert len(rows) == 1
    for words in ("What a person would ask", "can answer the question from it alone", "nearest exact quote", "divided by |"):
        assert words in session.said
    assert "The kind of question" in session.said


def test_a_folder_of_two_asks_which_document_and_searches_only_there(session: Session) -> None:
    rows = session.type(
        *("What do ants grow?", "2", "y", "Honey bees live in a hive.", "grow a fungus", "", "", ""),
        *("Where do they live?", "flies", "s", "BEES", "y", "live in a hive", "", "", ""),
        *("Who lives where?", "", "y", "live in a", "Ants liv in a nest", "y", "", "", ""),
        *("Where is a nest?", "notes/ants.txt", "y", "in a nest", "undo", "undo", "undo", "bees.md", "n", ""),
        "",
        path=session.documents,
    )
    assert [row["documents"] for row in rows] == [["notes/ants.txt"], ["bees.md"], None, ["bees.md"]]
    assert "  1 bees.md\n  2 notes/ants.txt\n" in session.said
    assert "It stands in bees.md, to which this question is not put." in session.said
    assert "No document is called so. There are:" in session.said
    assert "2 documents are called so: bees.md, notes/ants.txt." in session.said
    assert "It stands 2 times; an answer may cite any of them." in session.said
    assert rows[2]["evidence"] == ["live in a", "Ants live in a nest."]
    texts = {"bees.md": BEES, "notes/ants.txt": ANTS}
    assert [len(find_evidence(case, texts)) for case in load_cases(session.output)] == [1, 1, 2, 0]
    assert f"--documents {session.documents}" in session.said


def test_quotes_that_the_new_document_does_not_hold_go_when_it_is_changed(session: Session) -> None:
    back = ("undo", "undo")  # from the second quote: takes the first back, so type it again first
    rows = session.type(
        *("Where?", "", "y", "in a hive", "in a nest", "", "undo", *back, "undo", "undo", "2", "y", "in a nest", "", "", ""),
        "",
        path=session.documents,
    )
    assert (rows[0]["documents"], rows[0]["evidence"]) == (["notes/ants.txt"], ["in a nest"])


def test_markup_emoji_and_control_characters_are_shown_harmlessly_and_kept_exactly(session: Session) -> None:
    quote = "[bold]Bees[/bold] :bee: hum\x1b[31m in [/red] C."
    session.bees.write_text(f"# [red]Title\n\n{quote} They fly.\n", encoding="utf-8")
    rows = session.type("What [/b] hums?\x1b[2J", "y", quote, "", "[bold]bees | \x1b[1m", "", "[i]kind", "")
    assert rows[0]["evidence"] == [quote]
    assert rows[0]["question"] == "What [/b] hums?[2J"
    assert rows[0]["expected"] == [["[bold]bees", "[1m"]]
    assert rows[0]["category"] == "[i]kind"
    assert "\x1b" not in session.said
    assert "“[bold]Bees[/bold] :bee: hum[31m in [/red] C.”" in session.said
    assert "bees.md, [red]Title, line 3" in session.said
    assert find_evidence(load_cases(session.output)[0], {"bees.md": session.bees.read_text(encoding="utf-8")})


def test_what_is_no_utf8_or_too_long_is_told(session: Session) -> None:
    rows = session.type("why " * 500, "!", "Where, caf\udce9?", "y", "hon\udce9y bees live in a hive", "", "", "", "", "")
    assert "The question is too long: 500 words" in session.said
    assert "The question is empty." in session.said
    assert (rows[0]["question"], rows[0]["evidence"]) == ("Where, caf?", ["Honey bees live in a hive."])

    def read(prompt: str) -> str:
        raise UnicodeDecodeError("utf-8", b"\xe9", 0, 1, "invalid start byte")

    with pytest.raises(SettingsError, match="not UTF-8"):
        write_cases(session.bees, session.output, read, Console(file=io.StringIO()))


def test_an_output_that_cannot_be_written_is_refused_before_anything_is_asked(session: Session) -> None:
    target = session.documents / "nowhere" / "cases.jsonl"
    with pytest.raises(SettingsError, match=r"cannot be written to .*nowhere.*: No such file or directory\. Check the folder"):
        session.type("Q?", output=target)
    with pytest.raises(SettingsError, match="is not an ordinary file"):
        session.type("Q?", output=session.documents)
    assert session.prompts == []


def test_documents_that_cannot_be_read_are_refused(session: Session, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="There is no file"):
        session.type("Q?", path=tmp_path / "gone.txt")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DocumentError, match="holds no document"):
        session.type("Q?", path=tmp_path / "empty")
    assert not session.output.exists()


def nearest(text: str, typed: str) -> str | None:
    span = nearest_quote(text, typed)
    return None if span is None else text[span[0] : span[1]]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("molecular therapy refers to the introduction", "Molecular therapy refers to the introduction"),
        (MOLECULAR[:-1].lower(), MOLECULAR),  # the full stop comes with the sentence
        (MOLECULAR.replace(" ", "\n\t"), MOLECULAR),
        (f"“{MOLECULAR}”", MOLECULAR),
        ("cell tharapy", "Cell Therapy"),
        ("genetcally", "genetically"),
        ("immunity therapy Foreign name", "immunity therapy\n- Foreign name"),
        ("ANTI—TUMOR immune", "anti-tumor immune"),
        (
            "Cell therapy refers to introduction of cells into the body to activate the body's specific immune response",
            "Cell therapy refers to the introduction of cellular preparations into the body to activate or enhance the body's "
            "specific immune response.",
        ),
        ("there are a lot of methods of immunotherapy that can be applied to many diseases", None),
        ("The bees live in the forest and make honey in summer for their queen", None),
        ("hive", None),
        ("?!", None),
        ("", None),
    ],
)
def test_the_nearest_quote_of_the_article(article: Document, typed: str, found: str | None) -> None:
    assert nearest(article.text, typed) == found


def test_a_bullet_or_heading_mark_is_no_part_of_a_sentence() -> None:
    text = "# Bees live in hives\n\n- Ants live in nests.\n> Wasps chew wood.\n"
    assert nearest(text, "ants live in nest") == "Ants live in nests."
    assert nearest(text, "bees live in hive") == "Bees live in hives"
    assert nearest(text, "wasps chew wood") == "Wasps chew wood."


def test_a_quote_without_spaces_between_words_is_cut_at_its_characters() -> None:
    assert nearest("免疫疗法是一种治疗方法。它有很多种。", "免疫疗法是一种冶疗方法") == "免疫疗法是一种治疗方法。"


@pytest.mark.parametrize("length", [5, 60, 300, 990, 3000])
def test_a_megabyte_is_searched_in_less_than_two_seconds(article: Document, length: int) -> None:
    shuffled = random.Random(1)
    words = sorted(set(article.text.split()))
    text = " ".join(shuffled.choice(words) + shuffled.choice(["", "", "\n"]) for _ in range(150_000))[:1_000_000]
    there = text[500_000 : 500_000 + length]
    for typed in (there[: length // 2] + "#" + there[length // 2 + 1 :], there[::-1]):
        started = time.perf_counter()
        span = nearest_quote(text, typed)
        assert time.perf_counter() - started < 2.0
        if 60 <= length <= 990 and typed != there[::-1]:
            assert span is not None and span[0] <= 500_020 and span[1] >= 500_000 + length - 20


WORDS = [
    "bee",
    "bees",
    "hive",
    "queen",
    "of",
    "a",
    "wax",
    "“Wax",
    "ants’",
    "don't",
    "–",
    "nest.",
    "2,000",
    "Ä",
    "ﬁn",
    "İ",
    "蜂",
]
texts = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).flatmap(
        lambda words: st.lists(st.sampled_from([" ", "\n", "  ", "\r\n\r\n", "\u00a0"]), min_size=len(words)).map(
            lambda spaces: "".join(word + space for word, space in zip(words, spaces, strict=False))
        )
    ),
    st.text(min_size=1, max_size=200),
)


@settings(max_examples=400, deadline=None)
@given(texts, st.data())
def test_a_quote_with_one_character_changed_is_found_where_it_was_or_something_as_like(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    place = data.draw(st.integers(start, end - 1))
    typed = text[start:place] + data.draw(st.sampled_from("xE #’\n")) + text[place + 1 : end]
    span = nearest_quote(text, typed)
    if span is None:
        return
    assert 0 <= span[0] < span[1] <= len(text)
    found = text[span[0] : span[1]]
    overlaps = span[0] < end and start < span[1]
    assert overlaps or similarity(typed, found) >= 70.0  # less than NEAR: its sentence may add a little


@settings(max_examples=100, deadline=None)
@given(texts, st.data())
def test_a_quote_that_stands_there_is_found_exactly(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    typed = text[start : data.draw(st.integers(start + 1, len(text)))].strip()
    assert nearest(text, typed) == (typed or None)
