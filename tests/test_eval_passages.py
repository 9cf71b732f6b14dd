"""Which characters of a document the report marks, and what it shows around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import Evidence, Span, citation_precision, citation_recall
from eval.passages import Piece, Shown, shown_passages

QUEEN, COMB, DRONES = "A hive has one queen.", "Workers build the comb.", "Drones do no work."
BEES = f"{QUEEN} {COMB} {DRONES}"
WHOLE = Span("bees.txt", 0, len(BEES))


def at(quote: str, text: str = BEES, document: str = "bees.txt") -> Span:
    return Span(document, text.index(quote), text.index(quote) + len(quote))


def row(*cited: Span, retrieved: Sequence[Span] = ()) -> dict[str, Any]:
    """One statement a citation."""
    statements = [{"text": "", "citations": [span._asdict()]} for span in cited]
    return {"statements": statements, "retrieved": [span._asdict() for span in retrieved]}


def shown(*cited: Span, evidence: Evidence = (), retrieved: Sequence[Span] = (WHOLE,), text: str = BEES) -> list[Shown]:
    return shown_passages(row(*cited, retrieved=retrieved), evidence, {"bees.txt": text})


def text_of(one: Shown) -> str:
    return "".join(piece.text for piece in one.pieces)


def test_what_is_cited_and_evidence_is_a_hit_inside_its_passage() -> None:
    (one,) = shown(at(COMB), evidence=[[at(COMB)]])
    assert one.pieces == (Piece(f"{QUEEN} ", ""), Piece(COMB, "hit"), Piece(f" {DRONES}", ""))
    assert (one.document, one.begins, one.ends) == ("bees.txt", True, True)


def test_a_citation_beside_the_evidence_is_marked_as_cited_and_the_evidence_as_missed() -> None:
    (one,) = shown(at(QUEEN), evidence=[[at(DRONES)]])
    assert one.pieces == (Piece(QUEEN, "cited"), Piece(f" {COMB} ", ""), Piece(DRONES, "missed"))
    assert text_of(one) == BEES


def test_where_nothing_answers_the_citation_is_shown_alone() -> None:
    (one,) = shown(at(QUEEN), retrieved=[at(f"{QUEEN} {COMB}")])
    assert one.pieces == (Piece(QUEEN, "cited"), Piece(f" {COMB}", ""))
    assert (one.begins, one.ends) == (True, False)


def test_where_nothing_was_cited_the_evidence_is_shown_alone() -> None:
    (one,) = shown(evidence=[[at(COMB)]], retrieved=[at(COMB)])
    assert one.pieces == (Piece(COMB, "missed"),)
    assert (one.begins, one.ends) == (False, False)


def test_a_citation_that_overlaps_the_evidence_is_split_where_they_part() -> None:
    (one,) = shown(at("queen. Workers build"), evidence=[[at(COMB)]])
    kinds = {kind: "".join(piece.text for piece in one.pieces if piece.kind == kind) for kind in ("cited", "hit", "missed")}
    assert kinds == {"cited": "queen. ", "hit": "Workers build", "missed": " the comb."}
    assert text_of(one) == BEES


def test_evidence_in_no_retrieved_passage_is_shown_with_what_is_around_it() -> None:
    text = "x" * 500 + COMB + "y" * 500
    (one,) = shown(evidence=[[at(COMB, text)]], retrieved=[Span("bees.txt", 0, 501)], text=text)
    assert one.pieces == (Piece("x" * 160, ""), Piece(COMB, "missed"), Piece("y" * 160, ""))
    assert (one.begins, one.ends) == (False, False)


def test_what_is_around_evidence_ends_with_the_document() -> None:
    (one,) = shown(evidence=[[at(COMB)]], retrieved=[])
    assert text_of(one) == BEES
    assert (one.begins, one.ends) == (True, True)


def test_of_a_repeated_quote_the_cited_place_counts() -> None:
    text = f"{QUEEN} {COMB} {QUEEN}"
    places = [Span("bees.txt", 0, 21), Span("bees.txt", 46, 67)]
    (one,) = shown(places[1], evidence=[places], retrieved=[Span("bees.txt", 0, len(text))], text=text)
    assert one.pieces == (Piece(f"{QUEEN} {COMB} ", ""), Piece(QUEEN, "hit"))
    (other,) = shown(evidence=[places], retrieved=[places[0]], text=text)
    assert other.pieces == (Piece(QUEEN, "missed"),)  # none was cited: the first


def test_of_a_repeated_quote_the_place_that_was_cited_most_counts_as_it_does_in_the_figures() -> None:
    text = f"{QUEEN} {COMB} {QUEEN}"
    places = [Span("bees.txt", 0, 21), Span("bees.txt", 46, 67)]
    cited = [Span("bees.txt", 15, 45), places[1]]  # six characters of the first place, all of the second
    (one,) = shown(*cited, evidence=[places], retrieved=[Span("bees.txt", 0, len(text))], text=text)
    assert [piece.text for piece in one.pieces if piece.kind == "hit"] == [QUEEN]
    assert not [piece for piece in one.pieces if piece.kind == "missed"]
    assert citation_recall(cited, [places]) == 1.0


def test_passages_that_overlap_are_shown_as_one() -> None:
    passages = [at(f"{COMB} {DRONES}"), at(f"{QUEEN} {COMB}")]
    (one,) = shown(at(QUEEN), at(DRONES), evidence=[[at(COMB)]], retrieved=passages)
    assert text_of(one) == BEES
    assert [piece.kind for piece in one.pieces if piece.kind] == ["cited", "missed", "cited"]


def test_passages_that_only_touch_are_shown_apart_in_reading_order() -> None:
    passages = [Span("bees.txt", 22, len(BEES)), Span("bees.txt", 0, 22)]
    first, second = shown(at(COMB), at(QUEEN), retrieved=passages)
    assert (text_of(first), text_of(second)) == (BEES[:22], BEES[22:])
    assert (first.begins, first.ends, second.begins, second.ends) == (True, False, False, True)


def test_each_document_has_its_own_marks() -> None:
    ants = "A nest has many queens."
    cited = row(at("many queens", ants, "ants.txt"), retrieved=[WHOLE])
    first, second = shown_passages(cited, [[at(QUEEN)]], {"bees.txt": BEES, "ants.txt": ants})
    assert (first.document, second.document) == ("ants.txt", "bees.txt")
    assert [piece for piece in first.pieces if piece.kind] == [Piece("many queens", "cited")]
    assert [piece for piece in second.pieces if piece.kind] == [Piece(QUEEN, "missed")]


def test_a_citation_of_what_is_not_there_is_left_out() -> None:
    assert shown(Span("wasps.txt", 0, 9), retrieved=[]) == []
    assert shown(Span("bees.txt", 900, 990), retrieved=[]) == []
    assert shown(retrieved=[WHOLE]) == []  # nothing cited, nothing expected


# Every character of these texts is another, so that a text says where it stands.
TEXTS = {name: "".join(chr(first + place) for place in range(600)) for name, first in (("a", 0x4E00), ("b", 0x6000))}
spans = st.builds(
    lambda name, start, length: Span(name, start, min(600, start + length)),
    st.sampled_from("ab"),
    st.integers(0, 599),
    st.integers(1, 120),
)


@given(
    cited=st.lists(spans, max_size=4),
    evidence=st.lists(st.lists(spans, min_size=1, max_size=3), max_size=3),
    retrieved=st.lists(spans, max_size=4),
)
def test_every_character_is_shown_as_it_stands_and_marked_as_it_counts(
    cited: list[Span], evidence: list[list[Span]], retrieved: list[Span]
) -> None:
    kinds: dict[tuple[str, int], str] = {}
    for one in shown_passages(row(*cited, retrieved=retrieved), evidence, TEXTS):
        text = TEXTS[one.document]
        start = text.index(text_of(one))  # raises where the characters are not those of the document
        assert (one.begins, one.ends) == (start == 0, start + len(text_of(one)) == len(text))
        assert all(piece.text for piece in one.pieces)
        for kind in (piece.kind for piece in one.pieces for _ in piece.text):
            assert (one.document, start) not in kinds, "shown twice"
            kinds[one.document, start] = kind
            start += 1
    marked = {kind: {place for place, found in kinds.items() if found == kind} for kind in ("hit", "cited", "missed")}
    assert marked["hit"] | marked["cited"] == {(span.document, place) for span in cited for place in range(*span[1:])}
    needed = marked["hit"] | marked["missed"]
    assert needed <= {(span.document, place) for places in evidence for span in places for place in range(*span[1:])}
    if cited:
        assert len(marked["hit"]) / len(marked["hit"] | marked["cited"]) == citation_precision(cited, evidence)
    if evidence:
        assert len(marked["hit"]) / len(needed) == citation_recall(cited, evidence)
