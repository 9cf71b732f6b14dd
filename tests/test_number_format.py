"""Numbers as a spreadsheet shows them. The values here are Excel's; others are held against LibreOffice in `test_sheets`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.formats.number_format import format_number, format_text, general, is_date_format


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (0.5, ".00", ".50"),
        (2.5, "0", "3"),
        (1e15, "#,##0", "1,000,000,000,000,000"),
        (-5, '"$"#,##0.00_);[Red]("$"#,##0.00)', "($5.00)"),
        (5, "[>=100]0;[<100]0.0", "5.0"),
        (-5, "[>=100]0;[<100]0.0", "-5.0"),
        (0, '#,##0;-#,##0;"-"', "-"),
        (45356, "[$-409]d. mmmm yyyy;@", "5. March 2024"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (45356.999999, "yyyy-mm-dd hh:mm", "2024-03-06 00:00"),
        (45356.5, "dddd h:mm", "Tuesday 12:00"),
        (3.5 / 86400, "ss.0", "03.5"),
        (1.25, "[mm]:ss", "1800:00"),
        (0.000123, "0.00E+00", "1.23E-04"),
        (999.96, "0.0E+0", "1.0E+3"),
        (0.3333, "# ?/?", "1/3"),
        (1e300, "yyyy-mm-dd", "1E+300"),
        (float("inf"), "0.00", "inf"),
    ],
)
def test_a_number_is_shown_by_its_format(value: float, code: str, shown: str) -> None:
    assert format_number(value, code) == shown


def test_days_counted_from_1904_are_later() -> None:
    assert format_number(0, "yyyy-mm-dd", since_1904=True) == "1904-01-01"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(50.0, "50"), (0.1 + 0.2, "0.3"), (1 / 3, "0.3333333333"), (123456789012.0, "123456789012"), (1e-7, "0.0000001")],
)
def test_a_number_without_a_format_is_shown_plainly(value: float, shown: str) -> None:
    assert general(value) == shown


def test_a_text_may_have_something_around_it() -> None:
    assert format_text("BCG", '@" (live)"') == "BCG (live)"
    assert format_text("BCG", "0.00") == "BCG"


@pytest.mark.parametrize(
    ("code", "is_date"), [("0.00", False), ('0" d"', False), ("General", False), ("d/m/yy", True), ("[h]:mm", True)]
)
def test_dates_are_told_from_numbers(code: str, is_date: bool) -> None:
    assert is_date_format(code) is is_date


@given(st.floats(), st.text(alphabet='0#?.,%/@EeyYmdhs[]$-+_*\\"; GneralAMP<>=€x', max_size=30))
def test_any_format_shows_something_or_nothing(value: float, code: str) -> None:
    assert isinstance(format_number(value, code), str)


@given(st.integers(-(10**12), 10**12))
def test_thousands_are_parted_and_no_digit_is_lost(value: int) -> None:
    assert format_number(value, "#,##0") == f"{value:,}"
    assert format_number(value, "0") == str(value)
