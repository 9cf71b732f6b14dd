"""Formulas on one line: Word's own (OMML) and MathML, as a person would type them, "x = (a+b)/2"."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from corpus.formats.ooxml import local, raised

_NOT_TEXT = frozenset({"annotation", "annotation-xml", "rPr", "ctrlPr", "fPr", "dPr", "naryPr", "accPr", "radPr"})


def write_equation(element: etree._Element) -> str:
    """Return a formula on one line. What is not known of it comes as its parts, one after the other.

    :param element: An `oMath` or `math`, or a part of one.
    """
    return " ".join(_write(element).split())


def _write(element: etree._Element) -> str:
    name = local(element)
    if name in _NOT_TEXT:
        return ""
    if name == "t":
        return element.text or ""
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        text = " ".join("".join(str(one) for one in element.itertext()).split())
        return f" {text} " if name == "mo" and text in _SPACED else text
    if name in _RULES:
        return _RULES[name](element)
    return _all(element)


_SPACED = frozenset("=<>≤≥≈≠±→+−")


def _all(element: etree._Element) -> str:
    return "".join(_write(child) for child in element if isinstance(child.tag, str))


def _parts(element: etree._Element, *names: str) -> list[str]:
    """Return the parts of an OMML element by their names, or of a MathML element by their order."""
    children = [child for child in element if isinstance(child.tag, str) and local(child) not in _NOT_TEXT]
    by_name = {local(child): child for child in children}
    if any(name in by_name for name in names):
        return [_write(by_name[name]) if name in by_name else "" for name in names]
    texts = [_write(child) for child in children]
    return (texts + [""] * len(names))[: len(names)]


def _group(text: str) -> str:
    text = text.strip()
    return text if len(text) < 2 or text.isalnum() or (text[0] == "(" and text.find(")") == len(text) - 1) else f"({text})"


def _fraction(element: etree._Element) -> str:
    top, bottom = _parts(element, "num", "den")
    return f"{_group(top)}/{_group(bottom)}"


def _power(element: etree._Element) -> str:
    base, power = _parts(element, "e", "sup")
    return _raise(_group(base) if " " in base.strip() else base, power)


def _raise(base: str, power: str) -> str:
    power = power.strip()
    return base + (raised(power) if raised(power) != power else f"^{_group(power)}" if power else "")


def _index(element: etree._Element) -> str:
    base, index = _parts(element, "e", "sub")
    return f"{base}_{_group(index)}"


def _both(element: etree._Element) -> str:
    base, index, power = _parts(element, "e", "sub", "sup")
    return _raise(f"{base}_{_group(index)}" if index.strip() else base, power)


def _root(element: etree._Element) -> str:
    if local(element) == "rad":
        degree, base = _parts(element, "deg", "e")
    elif local(element) == "mroot":
        base, degree = _parts(element, "", "")
    else:
        base, degree = _all(element), ""
    return f"{raised(degree.strip())}√{_group(base) or '()'}"


def _delimited(element: etree._Element) -> str:
    if local(element) == "mfenced":
        opening, closing = element.get("open", "("), element.get("close", ")")
    else:
        opening, closing = _property(element, "begChr", "("), _property(element, "endChr", ")")
    parts = [_write(child) for child in element if isinstance(child.tag, str) and local(child) not in _NOT_TEXT]
    return f"{opening}{', '.join(part for part in parts if part)}{closing}"


def _property(element: etree._Element, name: str, default: str) -> str:
    """Return a value of an OMML element's properties; an empty one is not the default."""
    for one in element.iterfind(f"./*/{{*}}{name}"):
        return next((str(value) for key, value in one.attrib.items() if str(key).endswith("}val")), default)
    return default


def _nary(element: etree._Element) -> str:
    low, high, body = _parts(element, "sub", "sup", "e")
    sign = _property(element, "chr", "∫")
    limits = (f"_{_group(low)}" if low.strip() else "") + (f"^{_group(high)}" if high.strip() else "")
    return f"{sign}{limits} {body}"


def _matrix(element: etree._Element) -> str:
    rows = [[_write(cell) for cell in row if isinstance(cell.tag, str)] for row in element.iterfind("{*}mr")]
    rows = rows or [[_write(cell) for cell in row if isinstance(cell.tag, str)] for row in element.iterfind("{*}mtr")]
    return "[" + "; ".join(", ".join(cell for cell in row if cell) for row in rows) + "]"


def _function(element: etree._Element) -> str:
    name, argument = _parts(element, "fName", "e")
    return f"{name} {argument}"


_RULES: dict[str, Callable[[etree._Element], str]] = {
    "f": _fraction,
    "mfrac": _fraction,
    "sSup": _power,
    "msup": _power,
    "sSub": _index,
    "msub": _index,
    "sSubSup": _both,
    "msubsup": _both,
    "munderover": _both,
    "limLow": lambda element: "_".join(_group(part) for part in _parts(element, "e", "lim")),
    "munder": _index,
    "rad": _root,
    "msqrt": _root,
    "mroot": _root,
    "d": _delimited,
    "mfenced": _delimited,
    "nary": _nary,
    "m": _matrix,
    "mtable": _matrix,
    "func": _function,
}
