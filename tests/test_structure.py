"""Headings, items, paragraphs: what a line is, in Markdown, in plain text and in the article."""

import time

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


TITLE = "Glicazon 5 mg tablets"


@pytest.mark.parametrize("below", ["", "Anna Meyer\nVersion 3, May 2024\n10:00\n", f"\n{PROSE}\n"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_the_first_bare_line_is_the_title_of_what_is_below_it(below: str, gap: str) -> None:
    text = f"{TITLE}\n{below}\nUse{gap}{PROSE}\nStorage{gap}{PROSE}"
    assert headings(text) == [(9, TITLE), (10, "Use"), (10, "Storage")]


def test_a_section_right_below_a_title_is_one() -> None:
    assert headings(f"{TITLE}\nUse\n{PROSE}\nStorage\n{PROSE}") == [(9, TITLE), (10, "Use"), (10, "Storage")]


@pytest.mark.parametrize("line", ["Introduction", "SUMMARY", "What is it?"])
def test_a_first_line_that_names_a_section_is_no_title(line: str) -> None:
    assert headings(f"{line}\n\n{PROSE}\nStorage\n\n{PROSE}") == [(10, line), (10, "Storage")]


def test_a_numbered_bare_heading_loses_its_number_in_the_title() -> None:
    text = "2.1 Methods\n\n" + PROSE
    assert headings(text) == [(10, "Methods")]
    assert kinds(text)[0] == ("heading", "2.1 Methods")


@pytest.mark.parametrize("line", ["Use of vit. C", "Table 2. Adverse events"])
def test_a_number_or_letter_within_a_bare_heading_stays_in_the_title(line: str) -> None:
    assert headings(f"{line}\n\n{PROSE}") == [(10, line)]


ROWS = "Drug       Dose     Number\nAspirin    5 mg     3\nTriptan    10 mg    4\n"


@pytest.mark.parametrize("caption", ["Table 2. Adverse events", "Figure 3. Survival", "TABLE A1: Doses", "Fig. 4 Numbers"])
def test_the_caption_of_a_table_is_no_heading(caption: str) -> None:
    assert headings(f"Methods\n\n{PROSE}\n{caption}\n{ROWS}\n{PROSE}") == [(10, "Methods")]
    assert headings(f"Methods\n{caption}\n{ROWS}\n{PROSE}") == [(10, "Methods")]
    assert kinds(f"{caption}\n{ROWS}")[0] == ("paragraph", caption)


LONG = "They block what aldosterone does in the kidney and, since they compete with it, do nothing in patients without it"


@pytest.mark.parametrize("label", ["Adverse reactions", "4.8 Adverse reactions", "What is known of it?"])
def test_a_label_after_a_paragraph_of_one_long_line_is_a_heading_without_an_empty_line(label: str) -> None:
    text = f"{LONG}, as all say.\n{label}\n(1) Water is lost, and so is salt.\n"
    assert kinds(text)[0] == ("paragraph", f"{LONG}, as all say.")
    assert headings(text) == [(10, label.removeprefix("4.8 "))]
    assert headings(text.replace("say.", "say (2019).")) == headings(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG}, as all of them have said:\nWater\n\n{PROSE}",  # an entry of a list
        f"{LONG}, as all of them have said to\nProfessor Smith\n\n{PROSE}",
        f"{LONG}, as all of them have said.\nThis is a sentence.\n\n{PROSE}",
    ],
)
def test_a_short_line_that_is_no_label_after_a_long_one_goes_on_with_it(text: str) -> None:
    assert headings(text) == []


def test_a_label_in_text_wrapped_by_hand_is_a_heading_only_with_a_section_number() -> None:
    wrapped = (
        "They block what aldosterone does in the kidney and, since they\ncompete with it, do nothing in patients without it.\n"
    )
    assert headings(f"{wrapped}Adverse reactions\n\n{PROSE}") == []
    assert kinds(f"{wrapped}Adverse reactions\nare rare.\n") == [("paragraph", f"{wrapped}Adverse reactions\nare rare.")]
    for number in ("2.4.", "2.4", "10.2.1"):
        assert headings(f"{wrapped}{number} Adverse reactions\n{PROSE}") == [(10, "Adverse reactions")]
    assert headings(f"{wrapped}2.4 million people\n\n{PROSE}") == []


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


# Tables


def rows(text: str, *, markdown: bool = True) -> list[tuple[str, str, str]]:
    return [(b.kind.value, text[b.start : b.end], b.title) for b in find_blocks(text, markdown)]


@pytest.mark.parametrize("markdown", [True, False])
def test_each_row_of_a_pipe_table_is_a_block_that_knows_the_names_of_its_columns(markdown: bool) -> None:
    lines = ["| Drug | **Dose** |", "|:-----|-----:|", "| A | 5 mg |", "| B \\| C | `x` |", "| D | 1 |", "| E | 2 |"]
    text = PROSE + "\n".join(lines) + "\nText below it, of one line.\n"
    names = "Drug | Dose"
    assert rows(text, markdown=markdown) == [
        ("paragraph", PROSE.strip(), ""),
        ("row", lines[0], ""),
        ("rule", lines[1], ""),
        *(("row", line, names) for line in lines[2:]),
        ("paragraph", "Text below it, of one line.", ""),
    ]


def test_a_pipe_table_needs_no_outer_pipes_and_ends_at_another_block() -> None:
    text = "Drug | Dose\n--- | ---\nA | 5 mg\n- item | x\n\n| One |\n|---|\n| a |\n> quoted | x\n"
    assert [kind for kind, *_ in rows(text)] == ["row", "rule", "row", "item", "row", "rule", "row", "paragraph"]


@pytest.mark.parametrize(
    "text",
    ["a | b\nc | d\n", "| a | b |\n|---|\n", "a | b\n---\n", "```\n| a |\n|---|\n| b |\n```\n", "| a |\n\n|---|\n| b |\n"],
)
def test_pipes_alone_make_no_table(text: str) -> None:
    assert not any(kind == "row" for kind, *_ in rows(text))


def test_a_row_of_a_grid_table_may_be_several_lines() -> None:
    text = "+---+---+\n| A | B |\n+===+===+\n| 1 | x |\n|   | y |\n+---+---+\n| 2 | z |\n+---+---+\n"
    assert [(row, title) for kind, row, title in rows(text) if kind == "row"] == [
        ("| A | B |", ""),
        ("| 1 | x |\n|   | y |", "A | B"),
        ("| 2 | z |", "A | B"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Drug\tDose\nAspirin\t100 mg\nIbuprofen, coated and taken with a meal\t400 mg\n",
        "Drug        Dose\nAspirin     100 mg\nIbuprofen   400 mg\n",
        "   Drug     Dose\nAspirin   100 mg\n   Salt    40 mg\n",
    ],
)
def test_lines_in_columns_are_rows_in_plain_text(text: str) -> None:
    lines = [line.strip() for line in text.splitlines()]
    assert rows(text, markdown=False) == [
        ("row", lines[0], ""),
        ("row", lines[1], "Drug | Dose"),
        ("row", lines[2], "Drug | Dose"),
    ]


def test_two_spaces_after_a_full_stop_make_no_table() -> None:
    lines = [
        "It is given once.  The dose is small and is the same for all of them.",
        "Nobody knows why.  It may be that it works, as",
        "so many things do.  We shall see in the years that come, and after them.",
    ]
    text = "\n".join(lines)
    assert not any(kind == "row" for kind, *_ in rows(text, markdown=False))


# What only Markdown has


def test_front_matter_is_a_row_a_field() -> None:
    text = "---\ntitle: On doses\nauthors:\n  - A. B.\n  - C. D.\n---\n# One\n"
    assert kinds(text, markdown=True) == [
        ("rule", "---"),
        ("row", "title: On doses"),
        ("row", "authors:\n  - A. B.\n  - C. D."),
        ("rule", "---"),
        ("heading", "# One"),
    ]
    assert kinds("---\n\nA text after a rule.\n", markdown=True) == [("rule", "---"), ("paragraph", "A text after a rule.")]


@pytest.mark.parametrize(
    "line",
    [
        "<!-- a comment\nof two lines -->",
        '[1]: https://example.org "Title"',
        "![logo](logo.png)",
        "[![build](a.svg)](https://example.org)",
        "![one](a.png) ![two](b.png)",
    ],
)
def test_what_a_reader_does_not_see_as_words_is_kept_and_never_quoted(line: str) -> None:
    text = f"Before it.\n\n{line}\n\nAfter it.\n"
    blocks = find_blocks(text, True)
    assert kinds(text, markdown=True) == [("paragraph", "Before it."), ("rule", line), ("paragraph", "After it.")]
    assert block_sentences(text, blocks[1]) == []


@pytest.mark.parametrize("line", ["![Figure 1. Survival by arm](km.png)", "See [1]: it says so.", "<!-- a --> text"])
def test_a_picture_with_a_caption_and_text_with_such_signs_are_text(line: str) -> None:
    assert kinds(line + "\n", markdown=True) == [("paragraph", line)]


def test_the_text_of_a_note_is_quoted_without_its_mark() -> None:
    text = "A claim.[^a]\n\n[^a]: Smith found it.\n    It goes on.\n[^b]: Another.\n"
    notes = find_blocks(text, True)[1:]
    assert [text[start:end] for note in notes for start, end in block_sentences(text, note)] == [
        "Smith found it.",
        "It goes on.",
        "Another.",
    ]


def test_fenced_code_in_a_list_is_code() -> None:
    text = "- one\n    ```sh\n    # no heading\n    - no item\n    ```\n- ```\n  x\n  ```\n- two\n"
    assert [kind for kind, _ in kinds(text, markdown=True)] == ["item", "code", "code", "item"]


def test_a_fence_with_words_does_not_close_another() -> None:
    text = "````md\n```python\nx\n```\n````\nafter\n"
    assert kinds(text, markdown=True) == [("code", "````md\n```python\nx\n```\n````"), ("paragraph", "after")]


def test_a_line_of_an_item_that_is_not_indented_goes_on_with_its_sentence() -> None:
    assert kinds("- It was approved by the\nFDA in 2011.\n- two\n", markdown=True) == [
        ("item", "- It was approved by the\nFDA in 2011."),
        ("item", "- two"),
    ]
    assert kinds("Short line.\nNext one  \nThird\n", markdown=True) == [
        ("paragraph", "Short line."),
        ("paragraph", "Next one"),
        ("paragraph", "Third"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# " + " " * 100_000 + "x",
        "line of words\n" * 20_000,
        "<!--\n" * 20_000,
        "![" * 50_000,
        "|" * 50_000 + "\n" + "|-" * 25_000,
        "+--+\n" * 20_000,
        "-" * 50_000 + "  " + "=" * 50_000 + "\nx  y\nx  y\n",
        "a  b\na  b\n\n" * 10_000,
        "```\n" * 20_001,
        ".[1]" * 30_000,
    ],
)
def test_hostile_lines_take_no_long_time(text: str) -> None:
    started = time.perf_counter()
    blocks = find_blocks(text, True)
    assert blocks and [block_sentences(text, block) for block in blocks]
    assert time.perf_counter() - started < 20


def test_names_above_a_line_of_dashes_are_those_of_the_columns_below() -> None:
    text = (
        "  Drug name   Dose   Route\n  ----------- ------ -------\n  BCG         81 mg  bladder\n"
        "  IL 2               vein\n\nAfter it.\n"
    )
    found = [(block.kind, block.title) for block in find_blocks(text, markdown=True)]
    names = "Drug name | Dose | Route"
    kinds = [BlockKind.ROW, BlockKind.RULE, BlockKind.ROW, BlockKind.ROW, BlockKind.PARAGRAPH]
    assert found == list(zip(kinds, ["", "", names, names, ""], strict=True))


def test_dashes_in_one_group_below_a_line_are_no_table() -> None:
    assert [block.kind for block in find_blocks("A title\n-------\n\nWords.\n", markdown=True)] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
    ]


def test_what_pandoc_says_of_headings_and_divisions_is_no_title_and_not_quoted() -> None:
    text = "::: {.note}\n# Allergy {#allergy .unnumbered}\n\nWords follow.\n:::\n\n# A set {1, 2}\n"
    found = [(block.kind, block.title) for block in find_blocks(text, markdown=True)]
    assert found == [
        (BlockKind.RULE, ""),
        (BlockKind.HEADING, "Allergy"),
        (BlockKind.PARAGRAPH, ""),
        (BlockKind.RULE, ""),
        (BlockKind.HEADING, "A set {1, 2}"),
    ]
