"""Sentences: where they end and where they do not, with exact offsets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import find_sentences, trim

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
LIKE_PROSE = st.lists(
    st.sampled_from(
        ["Dr", "etc", "e.g.", "No", "3.5", "he", "The", '"', "”", "(", ")", ".", "!", "?", "…", " ", "\r\n", "。", "A"]
    )
).map("".join)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Smith came. He left.", ["Dr. Smith came.", "He left."]),
        ("It rose by 3.5 percent. Then it fell.", ["It rose by 3.5 percent.", "Then it fell."]),
        ("He took aspirin, etc. He recovered.", ["He took aspirin, etc.", "He recovered."]),
        ("Strains, etc .; hormones, and so on.", ["Strains, etc .; hormones, and so on."]),
        ("Marrow, etc. under good conditions. Next.", ["Marrow, etc. under good conditions.", "Next."]),
        ("J. Smith wrote it. K. Jones read it.", ["J. Smith wrote it.", "K. Jones read it."]),
        ("It was signed by A. Meyer. Next.", ["It was signed by A. Meyer.", "Next."]),
        ("Lobes of A and B. The rest is grey.", ["Lobes of A and B.", "The rest is grey."]),
        ("Ask Ms Frost (tel. 01632 960). She knows.", ["Ask Ms Frost (tel. 01632 960).", "She knows."]),
        ("Ring the desk on ext. 4411. Next.", ["Ring the desk on ext. 4411.", "Next."]),
        ("Lie down for 30 min. Patients may then go.", ["Lie down for 30 min.", "Patients may then go."]),
        ("This is hepatitis B. Another is C.", ["This is hepatitis B.", "Another is C."]),
        ("He works in the U.S. The rest is abroad.", ["He works in the U.S.", "The rest is abroad."]),
        ("See Fig. 3 for details. Next.", ["See Fig. 3 for details.", "Next."]),
        ("Smith et al. reported this. Others did not.", ["Smith et al. reported this.", "Others did not."]),
        ("It is 5 p.m. The shop is shut.", ["It is 5 p.m.", "The shop is shut."]),
        ("An interval above 460 ms. Patients who faint.", ["An interval above 460 ms.", "Patients who faint."]),
        ("It took 5 sec. Most took 6 sec. or so.", ["It took 5 sec.", "Most took 6 sec. or so."]),
        ("He saw Ms. Smith, and sec. Four of 5 Ms. Lee.", ["He saw Ms. Smith, and sec. Four of 5 Ms. Lee."]),
        ("It is given i.v. Patients were well.", ["It is given i.v.", "Patients were well."]),
        ("It is taken b.i.d. Adults take it p.o. for a day.", ["It is taken b.i.d.", "Adults take it p.o. for a day."]),
        ("Table 1. Triptans: doses", ["Table 1. Triptans: doses"]),
        ("Fig. 2a. Survival of all. See box. Box 3. Warnings", ["Fig. 2a. Survival of all.", "See box.", "Box 3. Warnings"]),
        ("It is shown in Table 1. Triptans help.", ["It is shown in Table 1.", "Triptans help."]),
        ("Open until 6 p.m. Visitors wait outside.", ["Open until 6 p.m.", "Visitors wait outside."]),
        ("Open until 6p.m. Visitors wait outside.", ["Open until 6p.m.", "Visitors wait outside."]),
        ("Open from 9 a.m. Monday to Friday.", ["Open from 9 a.m. Monday to Friday."]),
        ("It takes 0.5 W. Standby takes less.", ["It takes 0.5 W.", "Standby takes less."]),
        ('He said "No. Never." and left. Then he came.', ['He said "No. Never." and left.', "Then he came."]),
        ("“Stop!” he said. She did.", ["“Stop!” he said.", "She did."]),
        ("It ended (really.) Then more.", ["It ended (really.)", "Then more."]),
        ("What? No! Yes...", ["What?", "No!", "Yes..."]),
        ("Wait... what? Fine.", ["Wait... what?", "Fine."]),
        ("これは文です。次の文。", ["これは文です。", "次の文。"]),
        ("你好！世界？", ["你好！", "世界？"]),
        ("1. First item. Second part.", ["1. First item.", "Second part."]),
        ("no capitals here. all lower. done", ["no capitals here.", "all lower.", "done"]),
        ("One line\r\nof two. Next one.", ["One line\r\nof two.", "Next one."]),
        ("no mark at all", ["no mark at all"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    spans = find_sentences(text)
    assert [text[start:end] for start, end in spans] == sentences
    assert find_sentences(text + "\n") == spans


def test_a_part_of_a_text_is_read_with_offsets_of_the_whole() -> None:
    text = "Left out. One. Two. Left out too."
    spans = find_sentences(text, 10, 19)
    assert spans == [(10, 14), (15, 19)]
    assert [text[start:end] for start, end in spans] == ["One.", "Two."]


@pytest.mark.parametrize("text", ["", " ", "\r\n\t\n", "\u3000\u2003"])
def test_white_space_has_no_sentences(text: str) -> None:
    assert find_sentences(text) == []
    start, end = trim(text, 0, len(text))
    assert start == end == 0


@settings(max_examples=150, deadline=None)
@given(st.one_of(ANY_TEXT, LIKE_PROSE))
def test_sentences_of_any_text_hold_all_of_it_once_and_in_order(text: str) -> None:
    spans = find_sentences(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    outside = [place for place, character in enumerate(text) if not character.isspace()]
    covered = {place for start, end in spans for place in range(start, end)}
    assert set(outside) <= covered


@settings(max_examples=100, deadline=None)
@given(LIKE_PROSE, LIKE_PROSE)
def test_a_part_read_alone_gives_the_sentences_it_gives_inside(before: str, text: str) -> None:
    inside = find_sentences(before + text, len(before))
    assert [(start - len(before), end - len(before)) for start, end in inside] == find_sentences(text)
    assert all(start >= len(before) for start, _ in inside)


def test_marks_of_notes_after_a_full_stop_belong_to_the_sentence_before_them() -> None:
    sentences = ["It helps.¹", "It works.[2][3]", "It is safe.[4, 5]", "It is cheap.⁶,⁷", "The end"]
    text = " ".join(sentences)
    assert [text[start:end] for start, end in find_sentences(text)] == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It joins the complex.1 Costimulation gives persistence.2,3 It lasts.", 3),
        ("It is shown in Fig.1 Cells were counted.", 1),
        ("Version no.2 Was better. It was 3.5 Times more.", 2),
        ("They live.12 cells died.", 1),
    ],
)
def test_the_mark_of_a_note_in_plain_digits_belongs_to_the_sentence_before(text: str, sentences: int) -> None:
    found = [text[start:end] for start, end in find_sentences(text)]
    assert len(found) == sentences and " ".join(found) == text
    assert sentences < 3 or found[1] == "Costimulation gives persistence.2,3"
