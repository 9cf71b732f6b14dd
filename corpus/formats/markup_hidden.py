"""Which elements of a page nobody sees, and which of them a click opens."""

from __future__ import annotations

import re

from lxml import etree

from corpus.formats.markup_tree import Element, style_of, tokens

_FOR_SCREEN_READERS = re.compile(
    r"(?:^|[\s-])(?:sr-only|visually-?hidden|hidden-visually|screen-?reader(?:-text|-only)?|element-invisible|at-only|a11y-hidden)"
    r"(?:$|\s)"
)
_OPENERS = ("aria-controls", "data-target", "data-bs-target")
_OPENED_BY_LINK = re.compile(r"\b(tab|accordion|collaps|toggle|expand)")
_PANEL = re.compile(r"\b(tab-?pane|tab-?panel|tab-?content|accordion|collaps|panel|faq|answer|expand|toggle|read-?more)")


def hidden_elements(root: Element) -> set[Element]:
    """Return the elements that a browser does not show.

    What a click on the page opens (the panels of tabs, answers in a list of questions) is not among them. `aria-hidden` alone
    hides from screen readers what everybody else sees.
    """
    elements = [node for node in root.iter(etree.Element) if isinstance(node.tag, str)]
    openable = {name for node in elements for name in _opens(node)}
    return {node for node in elements if _is_hidden(node) and not _is_panel(node, openable)}


def _opens(node: Element) -> list[str]:
    """Return the ids of what a click on an element opens."""
    names = [name.lstrip("#.") for attribute in _OPENERS for name in (node.get(attribute) or "").split()]
    link = node.get("href") or ""
    if link.startswith("#") and (
        _OPENED_BY_LINK.search((node.get("class") or "").lower()) or node.get("data-toggle") or "tab" in tokens(node, "role")
    ):
        names.append(link[1:])
    return names


def _is_hidden(node: Element) -> bool:
    if node.get("hidden") is not None and (node.get("hidden") or "").lower() != "until-found":
        return True
    if node.get("style"):
        style = style_of(node)
        if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
            return True
    if node.tag == "dialog" and node.get("open") is None:
        return True
    return _FOR_SCREEN_READERS.search((node.get("class") or "").lower()) is not None


def _is_panel(node: Element, openable: set[str]) -> bool:
    if node.get("id") in openable:
        return True
    return "tabpanel" in tokens(node, "role") or bool(_PANEL.search((node.get("class") or "").lower()))
