"""Reading a chat model's reply: whole, in pieces, wrapped in words, cut off, malformed."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.generative.reply import ReplyReader
from assistant.verification import Claim, Quote
from corpus.display import one_line

TWO = {
    "statements": [
        {"quotes": [{"passage": "a-1", "text": 'Bees live in a "hive".\n'}], "text": "Bees live in a hive."},
        {"quotes": [{"passage": "a-2", "text": "Ants, too: {nest}]"}, {"passage": "a-1", "text": "x"}], "text": "Ants don't."},
    ]
}
CLAIMS = [
    Claim("Bees live in a hive.", (Quote("a-1", 'Bees live in a "hive".\n'),)),
    Claim("Ants don't.", (Quote("a-2", "Ants, too: {nest}]"), Quote("a-1", "x"))),
]
TEXT = json.dumps(TWO)


def read(*pieces: str) -> tuple[list[Claim], ReplyReader]:
    reader = ReplyReader()
    return [claim for piece in pieces for claim in reader.feed(piece)], reader


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        json.dumps(TWO, indent=2),
        f"```json\n{TEXT}\n```",
        f"Here is the answer:\n```\n{TEXT}\n```\nI hope that helps [1].",
        f'<think>The form is {{"statements": []}}, so …</think>\n{TEXT}',
        f"<thinking>Passage a-1 says it.</thinking>{TEXT}",
        f"Passage a-1 says it.</think>{TEXT}",
        json.dumps(TWO["statements"]),
        f"```json\n{json.dumps(TWO['statements'])}\n```",
        json.dumps({"reasoning": 'The key is "statements": [', **TWO, "confidence": 1}),
        TEXT.replace(r"\n", "\n"),
    ],
    ids=[
        "as asked", "indented", "code fence", "words around", "thoughts with a draft", "thinking",
        "thoughts without a beginning", "a list alone", "a list in a code fence", "other keys, one of which quotes the key",
        "a line break within a string",
    ],
)  # fmt: skip
def test_statements_are_read_whatever_is_around_them(text: str) -> None:
    claims, reader = read(text)
    assert claims == CLAIMS
    assert (reader.is_whole, reader.objects, reader.claims, reader.text) == (True, 2, 2, text)


@given(st.lists(st.integers(0, len(TEXT)), max_size=8))
def test_it_does_not_matter_how_a_reply_is_cut_into_pieces(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(TEXT)]
    claims, reader = read(*(TEXT[start:end] for start, end in pairwise(places)))
    assert claims == CLAIMS
    assert reader.is_whole


def test_a_statement_comes_with_the_piece_that_completes_it() -> None:
    reader = ReplyReader()
    first = TEXT.index("}, {") + 1
    came = [(number, claim.text) for number, character in enumerate(TEXT) for claim in reader.feed(character)]
    assert came[0] == (first - 1, "Bees live in a hive.")
    assert [text for _, text in came] == ["Bees live in a hive.", "Ants don't."]


@given(st.integers(0, len(TEXT) - 1))
def test_of_a_truncated_reply_the_complete_statements_are_kept(end: int) -> None:
    claims, reader = read(TEXT[:end])
    assert claims == CLAIMS[: len(claims)]
    assert reader.claims == len(claims)
    assert not reader.is_whole or end == len(TEXT) - 1  # but for the last brace, which says nothing


@pytest.mark.parametrize(
    "text", ['{"statements": []}', "[]", '```json\n{\n "statements": [ ]\n}\n```', "<think>No.</think> []"]
)
def test_no_statement_at_all_is_a_reply_too(text: str) -> None:
    claims, reader = read(text)
    assert claims == []
    assert (reader.is_whole, reader.objects) == (True, 0)


@pytest.mark.parametrize(
    "text",
    [
        "The passages do not say.",
        "",
        "{",
        '{"statements": "none"}',
        '{"answer": "Bees live in a hive [a-1]."}',
        "<think>I wonder whether",
        '<think>{"statements": []}',
        '{"statements": [{"text": "Bees',
        '{"statements": ["Bees live in a hive."]}',
        '{"statements": [{"text": ' + "[" * 100_000,
    ],
)
def test_what_is_no_list_of_statements_gives_none_and_is_not_whole(text: str) -> None:
    claims, reader = read(text)
    assert claims == []
    assert not reader.is_whole


@pytest.mark.parametrize(
    "statement", [{}, {"text": " "}, {"text": 3, "quotes": []}, {"quotes": [{"passage": "a", "text": "b"}]}]
)
def test_an_object_that_is_no_statement_is_counted_and_left_out(statement: object) -> None:
    claims, reader = read(json.dumps({"statements": [statement, TWO["statements"][0]]}))
    assert claims == CLAIMS[:1]
    assert (reader.is_whole, reader.objects, reader.claims) == (True, 2, 1)


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        (None, ()),
        ("Bees", ()),
        ([], ()),
        ([None, 3, {"passage": "a"}, {"text": ["x"]}], ()),
        (["Bees"], (Quote("", "Bees"),)),
        ([{"text": "Bees"}], (Quote("", "Bees"),)),
        ([{"passage": 7, "text": "Bees"}], (Quote("7", "Bees"),)),
    ],
)
def test_quotes_of_another_form_support_nothing(quotes: object, expected: tuple[Quote, ...]) -> None:
    claims, _ = read(json.dumps({"statements": [{"quotes": quotes, "text": "Bees."}]}))
    assert claims == [Claim("Bees.", expected)]
    assert all(quote.passage in ("", "7") for quote in claims[0].quotes)


def test_a_statement_is_one_line_without_anything_that_steers_a_terminal_or_breaks_a_file() -> None:
    claims, _ = read(r'[{"text": "One\n\u001b[31mtwo \ud83d three\u0000", "quotes": []}]')
    assert claims == [Claim("One [31mtwo three", ())]
    claims[0].text.encode()
    assert one_line(" a\t\tb ") == "a b"
