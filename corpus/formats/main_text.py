"""What of a web page is its text, and what stands around it: menus, banners, sidebars, footers, links to other pages.

Two steps. First what is surely not text is left out, by what it is (`nav`, `role="search"`), by what its author calls it
("cookie-banner", "related-posts") and by being made of links. Then, if the page says where its text is (`main`, `article`, an
element called "content") and most of what is left stands there, the text is that; else it is all that is left. In doubt a part
stays: to lose a paragraph is worse than to keep a menu. So nothing is left out by its name that holds much of the page's prose,
or its title.

On the pages of tests/data/html (measure.py there) it keeps all words of the main text, and 95 of 100 words that it keeps are of
it; trafilatura 2.3, set for recall, keeps 90 (94 of 100), readability-lxml 85 (89). On six pages written afterwards, before any
change for them: all, and 85 of 100; trafilatura 90 (95), readability-lxml 70 (88).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.formats.markup_hidden import hidden_elements
from corpus.formats.markup_tree import BLOCKS, HEADINGS, Element, Elements, find_all, local, tokens, walk, words_in

_AROUND = re.compile(
    r"""(?!(?:.*[-_])?(?:no|not|has|with|without)[-_])(?:^|[-_])(?:
        cookies? | cookiebar | cookiebanner | consent | gdpr | onetrust | cmp | didomi
      | nav | navs | navbar | navbox | navigation | sitenav | subnav | sidenav | menu | menus | submenu | breadcrumbs? | crumbs
      | pagination | pager | paginator | sidebar | sidebars | rail | masthead | topbar | toolbar | skip | skiplinks? | sitemap
      | share | sharing | sharethis | sharedaddy | addtoany | addthis | social | socials | related | relatedposts
      | newsletters? | subscribe | optin | signup | ads? | adverts? | advertisement | advertising | sponsored | promo | promos
      | promotion | popup | popover | modal | lightbox | footer | siteinfo | colophon | login | signin | portlet
      | editsection | noprint | printfooter | catlinks | linenos | lineno | tagcloud | respond
    )(?:$|[-_])
    | ^(?:comment|reply|quick-reply)-?form | ^jump-to | ^recommended-(?:articles|posts|content|reading|links|stories|for-you)
    | ^(?:most-(?:read|popular)|trending|read-next|more-(?:stories|news|articles)|you-(?:may|might)-(?:also-)?like)
    | ^(?:headerlink|anchorjs-link|back-to-top|mw-jump-link|mw-cite-backlink|d-print-none|no-print)$""",
    re.VERBOSE,
)
_AROUND_ROLES = frozenset("navigation search dialog alertdialog menu menubar toolbar tablist tooltip".split())
_CONTENT_NAMES = frozenset(
    "main-content maincontent main_content page-content article-body article-content article__body entry-content post-content "
    "post-body story-body bodycontent mw-content-text markdown-body content main article primary".split()
)
_RELATED = re.compile(
    r"(?:related (?:articles|posts|topics|content|links|stories|pages|reading|news)"
    r"|you (?:may|might) (?:also )?(?:like|be interested)|share this|more from|more on this|read next|read more|up next"
    r"|most (?:read|popular)|popular (?:posts|articles)|trending"
    r"|recommended (?:for you|reading|articles)|latest (?:news|posts|articles|stories)|explore more|in this section)",
    re.IGNORECASE,
)
_SKIP_LINK = re.compile(r"(?:skip|jump) (?:to|navigation)|back to top|^top$", re.IGNORECASE)
_LISTS = frozenset("ul ol div section table p center dl".split())
_TAGS = frozenset("tags tag-list taglist post-tags post-taglist entry-tags article-tags topics".split())
_MAIL_LINK = re.compile(r"\bunsubscribe\b|\bview\b.{0,30}\bbrowser\b|\bmanage (?:your )?preferences\b", re.IGNORECASE)
_LABELS = frozenset({"advertisement", "advertising", "skip advertisement", "sponsored", "sponsored content", "ad"})
_NOTES = re.compile(r"footnote|endnote|doc-(?:foot|end)notes?|references|bibliograph")
_UNREAD = frozenset("script style template noscript head select option textarea datalist svg iframe object".split())


@dataclass
class _Size:
    """Characters below an element, those in links, and how many links."""

    characters: int = 0
    linked: int = 0
    links: int = 0

    @property
    def prose(self) -> int:
        """Characters that are not in links."""
        return self.characters - self.linked

    @property
    def density(self) -> float:
        """Share of the characters that are in links."""
        return self.linked / self.characters if self.characters else 0.0


@dataclass(frozen=True)
class MainText:
    """Where the text of a page is.

    Attributes:
        roots: The elements that hold it, in order.
        dropped: Elements within them that are left out.
        left_out: How many visible characters are left out.
    """

    roots: list[Element]
    dropped: set[Element]
    left_out: int = field(default=0)


def find_main_text(root: Element) -> MainText:
    """Return where the text of a page is.

    :param root: The page's `html` element.
    """
    body = next(iter(find_all(root, "body")), root)
    hidden = hidden_elements(root)
    before = _sizes(body, hidden)
    around = _Pruning(body, hidden, before).find()
    after = _sizes(body, hidden | around)
    if after[body].characters < max(1, min(100, 0.05 * before[body].characters)):  # a page of links is a page too
        around, after = set(), before
    dropped = hidden | around
    roots = _roots(body, after)
    kept = sum(after[node].characters for node in roots)
    return MainText(roots, dropped, before[body].characters - kept)


def _sizes(body: Element, dropped: Elements) -> dict[Element, _Size]:
    """Return the size of every element that is not dropped."""
    sizes: dict[Element, _Size] = {}
    link = 0
    for node, begins in walk(body, dropped):
        tag = local(node)
        if begins:
            link += tag == "a"
            length = 0 if tag in _UNREAD else len((node.text or "").strip())
            sizes[node] = _Size(length, length if link else 0, int(tag == "a"))
            continue
        link -= tag == "a"
        parent = node.getparent()
        if node is body or parent is None:
            continue
        own, above = sizes[node], sizes[parent]
        tail = len((node.tail or "").strip())
        above.characters += tail
        above.linked += tail if link else 0
        if tag not in _UNREAD:
            above.characters += own.characters
            above.linked += own.linked
            above.links += own.links
    return sizes


class _Pruning:
    """Finds what stands around the text."""

    def __init__(self, body: Element, hidden: Elements, sizes: dict[Element, _Size]) -> None:
        self._body = body
        self._hidden = hidden
        self._sizes = sizes
        self._prose = max(1, sizes[body].prose)
        titles = [one for one in find_all(body, "h1") if one in sizes and not _is_link(one, sizes)]
        self._has_title = _with_ancestors(titles)
        self._laid_out: dict[Element, bool] = {}
        self._mail_lines = {self._line_around(one) for one in sizes if local(one) == "a" and _MAIL_LINK.search(words_in(one))}
        self._has_main = _with_ancestors([one for one in sizes if _is_main(one) or local(one) == "article"])

    def _line_around(self, link: Element) -> Element:
        """Return the block around a link, if there is little else in it; else the link."""
        node = link
        while local(node) not in BLOCKS and node is not self._body and node.getparent() is not None:
            node = node.getparent()
        size = self._sizes.get(node)
        return node if size is not None and size.characters < 300 and size.links <= 6 else link

    def find(self) -> set[Element]:
        """Return the elements that are left out."""
        found: set[Element] = set()
        inside = 0  # how many main and article elements are open
        quoted = 0
        for node, begins in walk(self._body, self._hidden):
            tag = local(node)
            step = 1 if begins else -1
            inside += step * (_is_main(node) or tag == "article")
            quoted += step * (tag == "blockquote")
            if begins and node is not self._body and not quoted and node.getparent() not in found:
                if self._is_around(node, tag, inside > 0):
                    found.add(node)
                elif tag in HEADINGS and _RELATED.match(words_in(node)):
                    found |= self._related_links(node)
            elif begins and node.getparent() in found:
                found.add(node)
        return found

    def _is_around(self, node: Element, tag: str, inside: bool) -> bool:
        size = self._sizes[node]
        roles = set(tokens(node, "role"))
        share = size.prose / self._prose
        if node in self._has_main or tag in ("html", "body", "main"):
            return False
        if tag == "a":
            is_skip = (node.get("href") or "").startswith("#") and size.characters < 60 and _SKIP_LINK.search(words_in(node))
            return bool(is_skip) or node in self._mail_lines or _is_named(node, tag)
        if tag not in BLOCKS:
            return _is_named(node, tag) and share < 0.05
        if _is_notes(node, roles):
            return False
        if tag == "div" and node.get("title") in ("header", "footer"):  # of LibreOffice: what stands on every page
            return share < 0.5
        if tag in ("dialog",) or {"dialog", "alertdialog"} & roles:
            return share < 0.5
        if tag in ("nav", "search") or roles & _AROUND_ROLES:
            return share < 0.5 and (node not in self._has_title or size.density > 0.5)
        if node in self._has_title:
            return False
        if tag in ("header", "footer", "aside") or {"banner", "contentinfo", "complementary"} & roles:
            return share < 0.5 and (not inside or size.density > (0.3 if tag == "footer" else 0.5) or _is_named(node, tag))
        if tag == "form":
            return share < 0.3 and size.characters < 1_000
        if tag in HEADINGS:
            return _is_link(node, self._sizes) and bool(self._has_title) and tag == "h1"
        if len(node) == 0 and size.characters < 40 and (node.text or "").strip().lower() in _LABELS:
            return True
        if node in self._mail_lines:
            return True
        if size.density > 0.7 and not _TAGS.isdisjoint(tokens(node, "class")):
            return True
        return (_is_named(node, tag) and share < 0.3) or (not inside and self._is_link_list(node, tag, size))

    def _is_link_list(self, node: Element, tag: str, size: _Size) -> bool:
        """Whether an element is a list of short links, such as a menu without a name."""
        if size.links < 3 or size.density < 0.7 or size.linked / size.links >= 40:
            return False
        return tag in _LISTS or (tag == "td" and self._is_laid_out(next(node.iterancestors("table"), None)))

    def _is_laid_out(self, table: Element | None) -> bool:
        """Whether a table is there for the layout of the page, and holds no data."""
        if table is not None and table not in self._laid_out:
            self._laid_out[table] = table.find(".//table") is not None or table.find(".//h1") is not None
        return table is not None and self._laid_out[table]

    def _related_links(self, heading: Element) -> set[Element]:
        """Return a heading such as "Related articles" and the lists of links below it; nothing if other text is below it."""
        found = {heading}
        node = heading.getnext()
        while node is not None and not (isinstance(node.tag, str) and local(node) in HEADINGS):
            size = self._sizes.get(node)
            if size is not None and size.characters:
                if size.density < 0.6:
                    return set()
                found.add(node)
            node = node.getnext()
        return found if len(found) > 1 else set()


def _roots(body: Element, sizes: dict[Element, _Size]) -> list[Element]:
    """Return the elements that hold the text: those that the page names, if most of the text is there, else its body."""
    prose = max(1, sizes[body].prose)
    mains = _outermost([node for node in sizes if _is_main(node)])
    if mains:
        best = max(mains, key=lambda node: sizes[node].prose)
        inside = sizes[best].prose
        if inside >= 0.5 * prose or (inside >= 0.25 * prose and inside >= 1_500):
            return _with_title([best], sizes)
    articles = _outermost([node for node in sizes if local(node) == "article" or "article" in tokens(node, "role")])
    if articles and sum(sizes[node].prose for node in articles) >= 0.7 * prose:
        return _with_title(articles, sizes)
    for node, size in sizes.items():  # the outermost first
        if size.prose >= 0.8 * prose and local(node) in ("div", "section", "td"):
            if not _CONTENT_NAMES.isdisjoint(tokens(node, "id") + tokens(node, "class")):
                return _with_title([node], sizes)
    return [body]


def _with_title(roots: list[Element], sizes: dict[Element, _Size]) -> list[Element]:
    """Put the page's title before its text, where it stands outside of it."""
    inside = {node for root in roots for node in root.iter() if isinstance(node.tag, str) and local(node) == "h1"}
    if any(node in sizes for node in inside):
        return roots
    titles = [node for node in sizes if local(node) == "h1" and sizes[node].characters]
    return [*sorted(titles, key=lambda node: _is_link(node, sizes))[:1], *roots]  # a linked one may be the site's name


def _is_main(node: Element) -> bool:
    return local(node) == "main" or "main" in tokens(node, "role")


def _is_link(node: Element, sizes: dict[Element, _Size]) -> bool:
    size = sizes[node]
    return size.characters > 0 and size.density > 0.9


def _is_named(node: Element, tag: str) -> bool:
    """Whether its author calls an element something that stands around the text.

    Headings, and sections with them, often have an id made of their words ("search-strategy"), which says nothing of this kind.
    """
    names = tokens(node, "class")
    if tag in HEADINGS or tag in ("tr", "td", "th", "tbody", "thead", "li", "dt", "dd"):
        names = [name for name in names if name not in ("related", "social", "menu", "share")]
    elif tag != "section" and "section" not in names:
        names = names + tokens(node, "id")
    return any(_AROUND.search(name) for name in names)


def _is_notes(node: Element, roles: set[str]) -> bool:
    names = " ".join([*roles, *tokens(node, "class"), *tokens(node, "id"), *tokens(node, "epub:type")])
    return bool(_NOTES.search(names))


def _with_ancestors(nodes: list[Element]) -> set[Element]:
    found: set[Element] = set()
    for node in nodes:
        one: Element | None = node
        while one is not None and one not in found:
            found.add(one)
            one = one.getparent()
    return found


def _outermost(nodes: list[Element]) -> list[Element]:
    """Return those of some elements, in order, that are not inside another one."""
    chosen = set(nodes)
    return [node for node in nodes if not any(above in chosen for above in node.iterancestors())]
