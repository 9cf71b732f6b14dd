"""How well the citations point to the evidence."""

from collections.abc import Sequence

from eval.metrics.spans import Evidence, Span, _characters, _check_evidence, _check_span
from eval.metrics.statistics import _ratio


def citation_precision(cited: Sequence[Span], evidence: Evidence) -> float | None:
    """Compute the share of the cited characters that are evidence.

        precision = |cited ∩ evidence| / |cited|,  both being sets of (document, position)

    A character cited twice counts once. Of a quote that occurs several times, only the occurrence that
    overlaps most with what is cited is evidence (the first of equals): citing its other copies as well lowers
    precision. Pass spans through `trim_span` where white space at their ends should not count. In 0..1;
    `None` when nothing is cited, 0 when something is and there is no evidence. Source: precision and recall
    of spans by character offsets, Da San Martino et al. (2019), Pavlopoulos et al., SemEval-2021 Task 5.

    :raises ValueError: if a quote has no occurrence or a span is backwards.
    """
    cited_characters = _characters(cited)
    needed = _needed_characters(evidence, cited_characters)
    return _ratio(len(cited_characters & needed), len(cited_characters))


def citation_recall(cited: Sequence[Span], evidence: Evidence) -> float | None:
    """Compute the share of the evidence's characters that are cited.

        recall = |cited ∩ evidence| / |evidence|,  both being sets of (document, position)

    Occurrences are chosen as in `citation_precision`, so a repeated sentence is required once. In 0..1; 0
    when nothing is cited, `None` without evidence. Source: as `citation_precision`.

    :raises ValueError: if a quote has no occurrence or a span is backwards.
    """
    cited_characters = _characters(cited)
    needed = _needed_characters(evidence, cited_characters)
    return _ratio(len(cited_characters & needed), len(needed))


def f1(precision: float | None, recall: float | None) -> float | None:
    """Compute the harmonic mean of a precision and a recall.

        F1 = 2 · precision · recall / (precision + recall)

    In 0..1. 0 when both are 0, and when only the precision is undefined (nothing given, something to find);
    `None` when the recall is (nothing to find). Source: van Rijsbergen, Information Retrieval (1979), ch. 7.

    :raises ValueError: if a value lies outside 0..1 (a percentage, for one).
    """
    for name, value in (("precision", precision), ("recall", recall)):
        if value is not None and not 0 <= value <= 1:
            raise ValueError(f"{name} is {value}; expected 0..1 or None.")
    if recall is None:
        return None
    if not precision or not recall:
        return 0.0
    return 2 * precision * recall / (precision + recall)


def supported(citations: Sequence[Span], evidence: Evidence) -> bool:
    """Say whether some citation of a statement points to some place of the evidence.

        |citation ∩ occurrence| ≥ min(|citation|, |occurrence|) / 2,  for one citation and one occurrence

    Half of the shorter one, so that neither a word of a long quote nor a paragraph around a short one fails.
    Every occurrence of a quote will do; an empty span points nowhere. Source: the overlap coefficient
    (Szymkiewicz-Simpson) of 0.5 or more, in the place of the judge of entailment in `statement_support`'s.

    :raises ValueError: if a quote has no occurrence or a span is backwards.
    """
    _check_evidence(evidence)
    for citation in citations:
        _check_span(citation)
    return any(
        _overlaps_by_half(citation, occurrence)
        for citation in citations
        for occurrences in evidence
        for occurrence in occurrences
    )


def statement_support(statements: Sequence[Sequence[Span]], evidence: Evidence) -> float | None:
    """Compute the share of an answer's statements that cite the evidence, each given as its citations.

        support = |statements that are supported| / |statements|

    A statement without citations is not supported, and nothing is without evidence. In 0..1; `None` without
    statements. Source: citation recall by statement, Gao et al., ALCE (EMNLP 2023), 3, with `supported` in
    the place of entailment.

    :raises ValueError: as `supported`.
    """
    return _ratio(sum(supported(citations, evidence) for citations in statements), len(statements))


def _overlaps_by_half(one: Span, other: Span) -> bool:
    """Say whether two spans share at least half of the characters of the shorter, and any at all."""
    if one.document != other.document:
        return False
    common = min(one.end, other.end) - max(one.start, other.start)
    return common > 0 and 2 * common >= min(one.end - one.start, other.end - other.start)


def _needed_characters(evidence: Evidence, cited: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Unite the evidence quotes, each by its one occurrence that overlaps most with the cited characters."""
    _check_evidence(evidence)
    needed: set[tuple[str, int]] = set()
    for occurrences in evidence:
        candidates = [_characters([occurrence]) for occurrence in occurrences]
        needed |= max(candidates, key=lambda characters: len(characters & cited))
    return needed
