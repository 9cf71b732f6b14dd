"""Headings, items, paragraphs: what a line is, in Markdown, in plain text and in the article."""

import pytest

from corpus import Document
from corpus.blocks import Block, BlockKind
from corpus.structure import block_sentences, find_blocks


def kinds(text: str, *, markdown: bool = False) -> list[tuple[str, str]]:
    return [(block.kind.value, text[block.start : block.end]) for block in find_blocks(text, markdown)]


def headings(text: str, *, markdown: bool = False) -> list[tuple[int, str]]:
    return [(b.level, b.title) for b in find_blocks(text, markdown) if b.kind is BlockKind.HEADING]


PROSE = "The body defends itself against many things, and it does so in several ways at once, every day.\n"


@pytest.mark.parametrize(
    ("line", "level", "title"),
    [
        ("# One\n", 1, "One"),
        ("###### Six ##\n", 6, "Six"),
        ("   ## Indented\r\n", 2, "Indented"),
        ("Big\n===\n", 1, "Big"),
        ("Small\r\n-----\r\n", 2, "Small"),
        ("**Bold line**\n", 10, "Bold line"),
    ],
)
def test_markdown_headings_have_a_level_and_a_title_without_marks(line: str, level: int, title: str) -> None:
    assert headings(line + "\n" + PROSE, markdown=True) == [(level, title)]
    assert kinds(line + "\n" + PROSE, markdown=True)[-1] == ("paragraph", PROSE.strip())


@pytest.mark.parametrize("line", ["#Tag without a space\n", "####### Seven\n", "    # indented as code\n"])
def test_what_only_looks_like_a_markdown_heading_is_none(line: str) -> None:
    assert headings(line + "\n" + PROSE, markdown=True) == []
    assert kinds(line, markdown=True) == [("paragraph", line.strip())]


def test_fenced_code_is_one_block_and_its_hashes_are_no_headings() -> None:
    text = "# Install\n\n```sh\n# a comment\n\npip install x\n```\n\nThen start it.\n"
    assert [kind for kind, _ in kinds(text, markdown=True)] == ["heading", "code", "paragraph"]
    assert headings(text, markdown=True) == [(1, "Install")]


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_a_fence_that_is_never_closed_holds_the_rest(fence: str) -> None:
    text = f"Before it.\n{fence}\n# no heading\n\nlast line"
    assert kinds(text, markdown=True) == [("paragraph", "Before it."), ("code", f"{fence}\n# no heading\n\nlast line")]
    code = find_blocks(text, True)[-1]
    assert block_sentences(text, code) == [(code.start, code.end)]


@pytest.mark.parametrize("rule", ["***", "* * *", "___", "=====", "- - -"])
def test_a_rule_is_neither_heading_nor_quotable(rule: str) -> None:
    text = f"One thing.\n\n{rule}\n\nAnother thing.\n"
    blocks = find_blocks(text, True)
    assert [block.kind.value for block in blocks] == ["paragraph", "rule", "paragraph"]
    assert block_sentences(text, blocks[1]) == []


@pytest.mark.parametrize(
    ("line", "content", "numbered"),
    [
        ("- a bullet of some words.", "a bullet of some words.", False),
        ("* a bullet of some words.", "a bullet of some words.", False),
        ("• a bullet of some words.", "a bullet of some words.", False),
        ("– a bullet of some words.", "a bullet of some words.", False),
        ("1. a numbered one.", "1. a numbered one.", True),
        ("2) a numbered one.", "2) a numbered one.", True),
        ("(3) a numbered one.", "(3) a numbered one.", True),
        ("(iv) a numbered one.", "(iv) a numbered one.", True),
        ("a) a lettered one.", "a) a lettered one.", True),
        ("- (2) Stem cell transplantation is one.", "(2) Stem cell transplantation is one.", True),
    ],
)
def test_items_leave_their_bullet_out_and_keep_their_number(line: str, content: str, numbered: bool) -> None:
    (block,) = find_blocks(line)
    assert block.kind is BlockKind.ITEM
    assert line[block.content : block.end] == content
    assert block.numbered is numbered


def test_an_item_goes_on_over_its_indented_lines() -> None:
    text = "- one thing that goes\n  on here.\n- another thing.\n"
    assert kinds(text) == [("item", "- one thing that goes\n  on here."), ("item", "- another thing.")]
    first = find_blocks(text)[0]
    assert [text[start:end] for start, end in block_sentences(text, first)] == ["one thing that goes\n  on here."]


def test_a_short_bare_line_over_text_is_a_heading_in_plain_text_and_a_paragraph_in_markdown() -> None:
    text = "Basic Information\n\n" + PROSE
    assert headings(text) == [(10, "Basic Information")]
    assert headings(text, markdown=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "Roses are red\nViolets are blue\nSugar is sweet\nSo are you\n\n" + PROSE,  # verse
        "It ends here.\n\n" + PROSE,  # a sentence
        PROSE + "\nThe end\n",  # nothing follows
    ],
)
def test_verse_sentences_and_last_lines_are_no_headings(text: str) -> None:
    assert headings(text) == []
    assert all(block.kind is BlockKind.PARAGRAPH for block in find_blocks(text))


def test_a_numbered_bare_heading_loses_its_number_in_the_title() -> None:
    text = "2.1 Methods\n\n" + PROSE
    assert headings(text) == [(10, "Methods")]
    assert kinds(text)[0] == ("heading", "2.1 Methods")


def test_windows_line_ends_change_no_block() -> None:
    text = "# A\n\nOne.\n\n- item one is here.\n- item two is here.\n\n```\ncode\n```\n"
    windows = text.replace("\n", "\r\n")
    assert [kind for kind, _ in kinds(windows, markdown=True)] == [kind for kind, _ in kinds(text, markdown=True)]
    assert [part.replace("\r\n", "\n") for _, part in kinds(windows, markdown=True)] == [
        p for _, p in kinds(text, markdown=True)
    ]


# The article


def article_blocks(article: Document) -> list[Block]:
    return find_blocks(article.text)


def test_the_articles_headings_are_found(article: Document) -> None:
    titles = [block.title for block in article_blocks(article) if block.kind is BlockKind.HEADING]
    assert titles == [
        "What is Immunotherapy?",
        "Basic Information",
        "Classification of immunotherapy",
        "Immunotherapy preparation",
        "Molecular therapy",
        "Cell Therapy",
        "Immunomodulatory therapy",
    ]
    assert all(block_sentences(article.text, b) == [] for b in article_blocks(article) if b.kind is BlockKind.HEADING)


def test_the_articles_blocks_hold_all_of_it_and_its_items_are_whole(article: Document) -> None:
    blocks = article_blocks(article)
    covered = {place for block in blocks for place in range(block.start, block.end)}
    assert all(place in covered for place, character in enumerate(article.text) if not character.isspace())
    lines = [line for line in article.text.splitlines() if line.startswith("- (2) Stem cell")]
    assert lines and lines[0] in [article.text[block.start : block.end] for block in blocks if block.kind is BlockKind.ITEM]
