"""The words of SmartArt, in the order and depth of its nodes."""

from __future__ import annotations

from lxml import etree

from corpus.formats.pptx_text import body_text

_MAX_DEPTH = 20


def read_diagram(root: etree._Element) -> list[tuple[int, str]]:
    """Return depth, from 0, and words of each node that has any.

    :param root: The diagram's data, a part of the archive.
    """
    words: dict[str, str] = {}
    top = ""
    for one in root.iterfind("{*}ptLst/{*}pt"):
        key, kind = one.get("modelId", ""), one.get("type", "node")
        if kind == "doc":
            top = key
        elif kind in ("node", "asst"):
            body = one.find("{*}t")
            words[key] = body_text(body) if body is not None else ""
    children: dict[str, list[tuple[int, str]]] = {}
    for one in root.iterfind("{*}cxnLst/{*}cxn"):
        place = one.get("srcOrd", "0")
        if one.get("type", "parOf") == "parOf" and place.isdigit():
            children.setdefault(one.get("srcId", ""), []).append((int(place[:9]), one.get("destId", "")))
    nodes: list[tuple[int, str]] = []
    seen: set[str] = set()
    pending = [(0, key) for _, key in sorted(children.get(top, []), reverse=True)]
    while pending:
        level, key = pending.pop()
        if key in seen or key not in words:
            continue
        seen.add(key)
        if words[key].strip():
            nodes.append((min(level, _MAX_DEPTH), words[key]))
        pending.extend((level + 1, child) for _, child in sorted(children.get(key, []), reverse=True))
    return nodes + [(0, text) for key, text in words.items() if key not in seen and text.strip()]
