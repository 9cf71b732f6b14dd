"""Spans and quotes, against values worked out by hand; the arithmetic stands beside each line."""

import pytest

from eval.metrics import Span, find_quote_spans, trim_span


def a(start: int, end: int) -> Span:
    """A span of the document a.txt."""
    return Span("a.txt", start, end)


def test_a_quote_is_found_where_it_stands() -> None:
    text = "Cells divide. Cells die."
    spans = find_quote_spans(text, "Cells die.", "a.txt")
    assert spans == [a(14, 24)]
    assert text[spans[0].start : spans[0].end] == "Cells die."


def test_a_repeated_quote_is_found_at_every_place() -> None:
    assert find_quote_spans("Yes. No. Yes.", "Yes.", "a.txt") == [a(0, 4), a(9, 13)]
    assert find_quote_spans("aaa", "aa", "a.txt") == [a(0, 2), a(1, 3)]  # overlapping each other


def test_a_quote_is_found_character_by_character_only() -> None:
    assert find_quote_spans("T cells", "t cells", "a.txt") == []  # case
    assert find_quote_spans("T  cells", "T cells", "a.txt") == []  # white space
    assert find_quote_spans("", "T cells", "a.txt") == []


def test_offsets_count_characters_not_bytes() -> None:
    assert find_quote_spans("é𝛼 IL-2", "IL-2", "a.txt") == [a(3, 7)]  # 2 letters and a space before it
    assert find_quote_spans("ﬁne İ end", "end", "a.txt") == [a(6, 9)]  # lowering "İ" would shift it


@pytest.mark.parametrize("quote", ["", " ", "\n\t"])
def test_an_empty_quote_is_refused(quote: str) -> None:
    with pytest.raises(ValueError, match=r"quote is .* expected text") as error:
        find_quote_spans("some text", quote, "a.txt")
    assert "'a.txt'" in str(error.value)


def test_trimming_leaves_white_space_at_the_ends_out() -> None:
    text = "  one two \n"
    assert trim_span(a(0, 11), text) == a(2, 9)
    assert trim_span(a(2, 9), text) == a(2, 9)  # nothing to trim; the space within stays
    assert trim_span(a(0, 2), text) == a(0, 0)  # nothing but white space


@pytest.mark.parametrize("span", [a(5, 3), a(-1, 2), a(0, 4)])
def test_trimming_refuses_a_span_outside_the_text(span: Span) -> None:
    with pytest.raises(ValueError, match="expected") as error:
        trim_span(span, "abc")
    assert str(span.end) in str(error.value)
