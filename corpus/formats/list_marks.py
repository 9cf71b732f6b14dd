"""The numbers that stand before list items and headings: 3, c, iii, and what is written around them."""

from enum import StrEnum


class Numerals(StrEnum):
    """How a number is written."""

    DECIMAL = "1"
    LOWER_LETTER = "a"
    UPPER_LETTER = "A"
    LOWER_ROMAN = "i"
    UPPER_ROMAN = "I"
    TWO_DIGITS = "01"


_VALUES = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
_ROMAN = tuple(zip(_VALUES, "m cm d cd c xc l xl x ix v iv i".split(), strict=True))


def write_number(number: int, numerals: Numerals) -> str:
    """Return a number as a list has it; one that letters or Roman numerals cannot say (0, 5000) comes as digits."""
    if numerals in (Numerals.LOWER_ROMAN, Numerals.UPPER_ROMAN) and 0 < number < 4000:
        rest, roman = number, ""
        for value, letters in _ROMAN:
            count, rest = divmod(rest, value)
            roman += letters * count
        return roman.upper() if numerals is Numerals.UPPER_ROMAN else roman
    if numerals in (Numerals.LOWER_LETTER, Numerals.UPPER_LETTER) and 0 < number <= 26 * 10:
        times, place = divmod(number - 1, 26)  # after z comes aa, then bb
        letters = "abcdefghijklmnopqrstuvwxyz"[place] * (times + 1)
        return letters.upper() if numerals is Numerals.UPPER_LETTER else letters
    return f"{number:02d}" if numerals is Numerals.TWO_DIGITS else str(number)
