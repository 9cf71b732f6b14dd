"""Letters of symbol fonts as Unicode: in Symbol "a" is α, in Wingdings "ü" is a tick. As they stand they read wrong."""

_SYMBOL = dict(
    zip(
        [*range(0x20, 0x7F), *range(0xA0, 0xF0), *range(0xF1, 0xFF)],
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?"
        "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
        "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵"
        "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
        "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        strict=True,
    )
)
_WINGDINGS = {
    **dict(zip(b"\x20\x22\x28\x2a\x4a\x4c\x6c\x6e\x6f\x71\x76", " ✂☎✉☺☹●■☐❑❖", strict=True)),
    **dict(zip(b"\xa7\xa8\xd8\xdf\xe0\xe1\xe2\xe8\xfb\xfc\xfd\xfe", "▪☐➢←→↑↓➔✗✓☒☑", strict=True)),
}
_WINGDINGS_2 = dict(zip(b"\x20\x4f\x50\x51\x52\xa3", " ✗✓☒☑☐", strict=True))
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def is_symbol_font(font: str) -> bool:
    """Whether the letters of a font are not what their codes say."""
    return font.strip().lower() in _FONTS


def from_symbols(text: str, font: str) -> str:
    """Return text in a font as Unicode; in an ordinary font it is that already.

    A symbol font's letters are written by their codes (20 to FF), or moved to F020 to F0FF. One that is not known comes out as
    the replacement character: something stands there, and what it is cannot be said.
    """
    table = _FONTS.get(font.strip().lower())
    if table is None:
        return text
    codes = (code - 0xF000 if 0xF000 <= code <= 0xF0FF else code for code in map(ord, text))
    return "".join(table.get(code, _UNKNOWN) if 0x20 <= code <= 0xFF else chr(code) for code in codes)
