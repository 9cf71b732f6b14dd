"""Passages: exact offsets for any text, along the structure, small enough for the models."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import HEADING_SEPARATOR, Document, Extract, Passage, make_document, split_passages
from corpus.document import PageKind
from corpus.passages import MAX_HEADING_TOKENS, MAX_TOKENS, leans
from corpus.tokens import count_tokens
from corpus.writer import TextWriter

MEDIA = st.sampled_from(["text/plain", "text/markdown"])
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
FRAGMENTS = [
    "# Head\n",
    "## Sub\r\n",
    "Title\n===\n",
    "Short line\n",
    "- item\n",
    "- (2) An item of several words. It goes on.\r\n",
    "  1. nested item here.\n",
    "```\ncode # no\n```\n",
    "***\n",
    "\n\n",
    "\r\n\r\n",
    "\x00",
    "\x0b",
    "\x1c",
    "\u2028",
    "\ufeff",
    "这是一个句子。",
    "😀 👩‍👩‍👧 ",
    "e\u0301",
    "It mainly includes this. ",
    "A sentence of some length, with a clause, stands here. ",
    "word " * 90,
    "x" * 700,
    "Ünïcödé. ",
    "(see Fig. 3). ",
    "**Bold**\n",
    "| a | b |\n",
    "|---|---|\n",
    "a\tb  c\n",
    "+--+--+\n",
    "[^n]: note\n",
    "<!-- x -->\n",
    "---\n",
    "\t",
    "–",
    "…",
]
LIKE_DOCUMENTS = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join)


def check(document: Document, passages: list[Passage]) -> None:
    """Hold what is true of the passages of every text."""
    text = document.text
    assert all(text[p.start : p.end] == p.text for p in passages)
    assert all(p.text.strip() for p in passages)
    assert all(before.end <= after.start for before, after in zip(passages, passages[1:], strict=False))
    covered = {place for p in passages for place in range(p.start, p.end)}
    assert all(place in covered for place, character in enumerate(text) if not character.isspace())
    for p in passages:
        assert p.id == f"{document.id}:{p.start}-{p.end}" and p.document_id == document.id
        assert all(p.start <= start < end <= p.end for start, end in p.sentences)
        assert all(before[1] <= after[0] for before, after in zip(p.sentences, p.sentences[1:], strict=False))
        assert all(text[start:end] == text[start:end].strip() for start, end in p.sentences)


@settings(max_examples=150, deadline=None)
@given(st.one_of(ANY_TEXT, LIKE_DOCUMENTS), MEDIA)
def test_passages_of_any_text_are_its_own_characters_all_of_them_in_order(text: str, media_type: str) -> None:
    document = make_document("any", text, media_type=media_type)
    passages = split_passages(document)
    check(document, passages)
    assert split_passages(document) == passages


@settings(max_examples=60, deadline=None)
@given(LIKE_DOCUMENTS, MEDIA)
def test_passages_fit_the_models_with_their_heading_path(text: str, media_type: str) -> None:
    passages = split_passages(make_document("any", text, media_type=media_type))
    sizes = count_tokens([p.heading for p in passages] + [p.text for p in passages])
    for p, heading, own in zip(passages, sizes, sizes[len(passages) :], strict=False):
        assert heading <= MAX_HEADING_TOKENS
        assert heading + own <= MAX_TOKENS or max(map(len, p.text.split())) > 200, p


@pytest.mark.parametrize("text", ["", "   ", "\r\n\r\n", "\t\x0b\x0c"])
def test_a_text_of_white_space_has_no_passages(text: str) -> None:
    assert split_passages(make_document("blank", text)) == []
    assert split_passages(make_document("blank", text, media_type="text/markdown")) == []


# The article


def holding(article: Document, words: str) -> Passage:
    (found,) = [p for p in split_passages(article) if words in p.text]
    return found


def test_the_articles_passages_hold_what_every_texts_passages_hold(article: Document) -> None:
    passages = split_passages(article)
    check(article, passages)
    assert len(passages) == 6


def test_stem_cell_transplantation_is_found_under_cell_therapy(article: Document) -> None:
    passage = holding(article, "(2) Stem cell transplantation")
    assert passage.heading == f"Immunotherapy preparation{HEADING_SEPARATOR}Cell Therapy"
    item = "(2) Stem cell transplantation Stem cells have"
    assert [article.text[start:end] for start, end in passage.sentences if article.text[start:end].startswith(item)]


def test_it_mainly_includes_stays_with_the_sentence_that_says_what_it_is(article: Document) -> None:
    passage = holding(article, "It mainly includes microorganism preparations")
    quotes = [article.text[start:end] for start, end in passage.sentences]
    place = next(n for n, quote in enumerate(quotes) if quote.startswith("It mainly includes"))
    assert quotes[place - 1].startswith("(1) Biological response modifiers")
    assert quotes[place].endswith("hormones, such as thymosin, thymosin and so on.")


def test_headings_and_bullets_of_the_article_are_never_quotable(article: Document) -> None:
    quotes = [article.text[start:end] for p in split_passages(article) for start, end in p.sentences]
    assert not {"What is Immunotherapy?", "2. Cell Therapy", "Cell Therapy", "Basic Information"} & set(quotes)
    assert not any(quote.startswith("- ") for quote in quotes)
    assert len(quotes) == len(set(quotes)) > 20


def test_every_item_of_the_article_lies_in_one_passage(article: Document) -> None:
    texts = [p.text for p in split_passages(article)]
    items = [line for line in article.text.splitlines() if line.startswith("- ")]
    assert len(items) == 22
    assert all(sum(item in text for text in texts) >= 1 for item in items)


# How things are cut


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "The committee of the northern district met on a long evening and spoke about bridge number {}."
    text = " ".join(sentence.format(number) for number in range(40))
    document = make_document("long.txt", text)
    passages = split_passages(document)
    assert len(passages) > 3
    assert all(p.text.startswith("The committee") and p.text.endswith(".") for p in passages)
    quotes = [text[start:end] for p in passages for start, end in p.sentences]
    assert quotes == [sentence.format(number) for number in range(40)]


def test_a_leaning_sentence_is_not_the_first_of_a_passage_where_a_paragraph_is_cut() -> None:
    lead = "The {}th bridge was built of iron and of stone by the workers of the northern district in one year."
    follow = "It mainly carries carts, horses and people from the northern bank to the market on the other side."
    text = " ".join(lead.format(number) + " " + follow for number in range(15))
    passages = split_passages(make_document("bridges.txt", text))
    assert len(passages) > 2
    assert all(p.text.startswith("The ") and p.text.endswith("other side.") for p in passages)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It mainly includes two kinds.", True),
        ("It's done in the kiln overnight.", True),
        ("They’re kept for a year.", True),
        ("**It** prevents cracks.", True),
        ("_Both_ are sold by weight.", True),
        ("“This is not paid”, the rules say.", True),
        ("4.2 It is paid in May.", True),
        ("(2) These are stored cold.", True),
        ("The latter remain for 180 days.", True),
        ("The latest remain for 180 days.", False),
        ("Former members pay half.", False),
        ("Item 4 is paid in May.", False),
        ("4.2 Travel expenses are paid.", False),
        ("1801", False),
        ("", False),
    ],
)
def test_a_sentence_leans_on_the_one_before_if_it_begins_with_what_points_back(sentence: str, expected: bool) -> None:
    assert leans(f"Glass is annealed. {sentence}", ((19, 19 + len(sentence)),)) is expected


def test_a_string_without_white_space_is_cut_and_nothing_of_it_is_lost() -> None:
    document = make_document("word.txt", "a.b-" * 1000)
    passages = split_passages(document)
    check(document, passages)
    assert len(passages) > 1 and "".join(p.text for p in passages) == document.text
    assert all(count <= MAX_TOKENS for count in count_tokens([p.text for p in passages]))


def test_markdown_headings_become_the_path_and_stay_in_the_text() -> None:
    text = "# Guide\n\nIntro to it.\n\n## Install\n\nRun the thing.\n\n# Other\n\nElse.\n"
    passages = split_passages(make_document("guide.md", text, media_type="text/markdown"))
    assert [p.heading for p in passages] == ["Guide", f"Guide{HEADING_SEPARATOR}Install", "Other"]
    assert [p.text.splitlines()[0] for p in passages] == ["# Guide", "## Install", "# Other"]
    assert [[text[s:e] for s, e in p.sentences] for p in passages] == [["Intro to it."], ["Run the thing."], ["Else."]]


def test_of_a_heading_path_that_is_too_long_the_nearest_headings_are_kept() -> None:
    text = "".join(f"{'#' * level} {'very long heading ' * 6}{level}\n\n" for level in range(1, 7)) + "Text.\n"
    (passage,) = [p for p in split_passages(make_document("deep.md", text, media_type="text/markdown")) if "Text." in p.text]
    assert passage.heading.endswith("6") and not passage.heading.endswith(" 1")
    assert count_tokens([passage.heading])[0] <= MAX_HEADING_TOKENS


def test_smaller_limits_make_smaller_passages(article: Document) -> None:
    small = split_passages(article, target_tokens=40, max_tokens=80)
    check(article, small)
    assert len(small) > len(split_passages(article))
    assert max(count_tokens([p.text for p in small])) <= 80


def test_a_counter_of_words_can_stand_in_for_the_models() -> None:
    document = make_document("words.txt", "One two three four. " * 30)
    passages = split_passages(document, target_tokens=20, max_tokens=40, count=lambda texts: [len(t.split()) for t in texts])
    check(document, passages)
    assert all(len(p.text.split()) <= 40 for p in passages) and len(passages) > 1


def test_a_slide_or_sheet_stands_by_itself_and_the_text_of_a_page_goes_on() -> None:
    def passages(kind: PageKind) -> list[str]:
        writer = TextWriter(kind)
        writer.heading("Cells", 1)
        for items in (("Left one", "Left two"), ("Right one",)):
            writer.page()
            for item in items:
                writer.item(item)
        document = make_document("a.x", writer.extract())
        found = split_passages(document)
        return [f"{p.page}: " + " | ".join(document.text[s:e].replace("\n", " ") for s, e in p.sentences) for p in found]

    assert passages(PageKind.SLIDE) == ["1: Left one • Left two", "2: Right one"]
    assert passages(PageKind.PAGE) == ["1: Left one • Left two | Right one"]  # a quote is on one page


def test_a_passage_knows_the_page_it_starts_on() -> None:
    pages = ((0, 10), (10, 10), (10, 30))  # the second one is without text
    document = make_document("a.pdf", Extract("x" * 30, pages=pages, page_names=("i", "", "1")), media_type="application/pdf")
    assert [document.page_at(offset) for offset in (0, 9, 10, 29)] == [1, 1, 3, 3]
    assert make_document("a.txt", "x" * 30).page_at(5) is None
    assert [document.page_label(page) for page in (1, 2, 3, None)] == ["page i", "page 2", "page 1", ""]


# Tables


def table(rows: int) -> str:
    lines = (f"| Drug number {n} of the list | {n} mg a day |\n" for n in range(rows))
    return "| Drug | Dose of it |\n|---|---|\n" + "".join(lines)


def test_a_short_table_stays_with_its_head() -> None:
    text = "# Doses\n\nGiven once.\n\n" + table(4)
    (passage,) = split_passages(make_document("doses.md", text, media_type="text/markdown"))
    assert passage.heading == "Doses"
    quotes = [text[start:end] for start, end in passage.sentences]
    assert quotes[:3] == ["Given once.", "| Drug | Dose of it |", "| Drug number 0 of the list | 0 mg a day |"]
    assert "|---|---|" not in quotes


def test_a_passage_that_begins_among_rows_has_the_names_of_the_columns_in_its_heading_path() -> None:
    text = "# Doses\n\n" + table(60)
    document = make_document("doses.md", text, media_type="text/markdown")
    first, *others = split_passages(document)
    check(document, [first, *others])
    assert first.heading == "Doses" and first.text.startswith("# Doses\n\n| Drug | Dose of it |\n|---|---|\n| Drug number 0")
    assert len(others) > 3 and {passage.heading for passage in others} == {"Doses › Drug | Dose of it"}
    assert all(count_tokens([p.heading])[0] + count_tokens([p.text])[0] <= MAX_TOKENS for p in others)


def test_the_head_of_a_table_is_never_parted_from_its_first_row() -> None:
    for words in range(60, 130):
        text = "word " * words + ".\n\n" + table(8)
        passages = split_passages(make_document("doses.md", text, media_type="text/markdown"))
        (holder,) = [p for p in passages if "|---|---|" in p.text]
        assert "| Drug | Dose of it |\n|---|---|\n| Drug number 0" in holder.text


def test_of_very_many_column_names_the_first_are_kept() -> None:
    names = " | ".join(f"measurement of the kind {n}" for n in range(20))
    row = " | ".join("12.5" for _ in range(20))
    text = f"# Values\n\n| {names} |\n|{'---|' * 20}\n" + f"| {row} |\n" * 6
    passages = split_passages(make_document("wide.md", text, media_type="text/markdown"))
    assert passages[-1].heading.startswith("Values › measurement of the kind 0 | measurement of")
    assert count_tokens([passages[-1].heading])[0] <= MAX_HEADING_TOKENS


def test_a_passage_that_begins_among_rows_ends_with_them() -> None:
    for after in ("It is not given in:\n\n- heart disease\n", "| Part | Time |\n|---|---|\n| Knee | 2 days |\n"):
        text = "# Doses\n\n" + table(22) + "\n" + after
        document = make_document("doses.md", text, media_type="text/markdown")
        passages = split_passages(document)
        check(document, passages)
        assert passages[-2].heading == "Doses › Drug | Dose of it" and "number 21" in passages[-2].text
        assert passages[-1].heading == "Doses" and passages[-1].text == after.strip()


def test_what_follows_a_table_stays_with_it_under_its_heading_or_introduction() -> None:
    for before in ("", "# Doses\n\n", "Given once.\n\n"):
        text = f"{before}{table(3)}\nThese are for adults.\n"
        (passage,) = split_passages(make_document("doses.md", text, media_type="text/markdown"))
        assert passage.heading == ("Doses" if "#" in before else "")


def test_a_rule_within_a_table_parts_it_not() -> None:
    row = "| {:<30} | {:<10} |\n"
    rule = f"+{'-' * 32}+{'-' * 12}+\n"
    rows = "".join(row.format(f"Drug number {n} of the list", f"{n} mg a day") + rule for n in range(40))
    text = rule + row.format("Drug", "Dose") + rule.replace("-", "=") + rows
    passages = split_passages(make_document("doses.txt", text))
    check(make_document("doses.txt", text), passages)
    assert all(len(passage.sentences) > 1 for passage in passages[1:-1])
