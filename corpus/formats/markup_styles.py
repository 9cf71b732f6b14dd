"""The little of CSS that changes what words mean: raised text (10⁶ is not 106), struck-out text, and bold text.

Word processors write these as classes. Only rules for one class (`.c7 { vertical-align: super }`) are looked at, and an
element's own `style`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.formats.markup_tree import Element, style_of, tokens

_ONE_CLASS = re.compile(r"\s*\w*\.([\w-]+)\s*")
_RAISED = re.compile(r"vertical-align\s*:\s*super|font-size\s*:\s*0?\.[^;]*;\s*position\s*:\s*relative\s*;\s*top\s*:\s*-")
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through")
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[789]00)")


@dataclass
class Styles:
    """Names of classes, by what they do to words.

    Attributes:
        raised: Superscript.
        struck: Struck out.
        bold: Bold.
    """

    raised: set[str] = field(default_factory=set)
    struck: set[str] = field(default_factory=set)
    bold: set[str] = field(default_factory=set)

    def read(self, css: str) -> None:
        """Take the classes of a style sheet."""
        first, *others = css.split("/*")
        uncommented = first + "".join(other.partition("*/")[2] for other in others)
        for rule in uncommented.lower().split("}"):
            selectors, _, body = rule.rpartition("{")
            for pattern, names in ((_RAISED, self.raised), (_STRUCK, self.struck), (_BOLD, self.bold)):
                if pattern.search(body):
                    found = (_ONE_CLASS.fullmatch(one) for one in selectors.split(","))
                    names.update(one.group(1) for one in found if one)

    def is_raised(self, node: Element, tag: str) -> bool:
        """Whether an element raises its words."""
        return tag == "sup" or _has(node, self.raised) or _own(node, "vertical-align") == "super"

    def is_struck(self, node: Element, tag: str) -> bool:
        """Whether an element strikes its words out."""
        return tag in ("del", "s", "strike") or _has(node, self.struck) or "line-through" in _own(node, "text-decoration")

    def is_bold(self, node: Element, tag: str) -> bool:
        """Whether an element makes its words bold."""
        return tag in ("b", "strong") or _has(node, self.bold) or _own(node, "font-weight") in ("bold", "700")


def _has(node: Element, names: set[str]) -> bool:
    return bool(names) and not names.isdisjoint(tokens(node, "class"))


def _own(node: Element, key: str) -> str:
    return style_of(node).get(key, "") if node.get("style") else ""
