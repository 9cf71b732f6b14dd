"""One decision of several: on a question that was looked up as a whole and in parts (see `lookups`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from assistant.answer import together
from assistant.citing import MOST_SENTENCES, Chosen, in_reading_order
from assistant.extractive import Decision
from corpus import Span
from index import Retrieved
from index.lexical import content_stems, stems


def merged(whole: Decision, parts: Mapping[str, Decision], is_comparison: bool) -> Decision:
    """Return the decision on a question that was looked up as a whole and in parts.

    What is cited comes from every lookup that found an answer. A comparison whose whole was not found is answered only if
    every side was; of joined questions, those that were found are answered, and a notice names the others.

    :param parts: What was looked up, with the decision on it.
    """
    missing = [asked for asked, part in parts.items() if not part.answered]
    answered = [part for part in parts.values() if part.answered]
    enough = len(answered) == len(parts) if is_comparison else bool(answered)
    if not whole.answered and not enough:
        return whole
    confidence = (min if is_comparison else max)(part.confidence for part in parts.values())
    # In turns, so that each part has its say before the answer is full.
    queues = [[*one.chosen] for one in (*answered, *([whole] if whole.answered else []))]
    turns = [queue[place] for place in range(MOST_SENTENCES) for queue in queues if place < len(queue)]
    kept: dict[tuple[str, Span], Chosen] = {}
    for one in turns:
        if len(kept) < MOST_SENTENCES:
            kept.setdefault(one.key, one)
    seen: dict[str, Retrieved] = {}
    lookups = (whole.retrieved, *(part.retrieved for part in parts.values()))
    for item in (item for place in zip_longest(*lookups) for item in place if item):
        seen.setdefault(item.passage.id, item)
    ranked = tuple(replace(item, rank=rank) for rank, item in enumerate(seen.values(), 1))
    # That the things differ which are compared is no contradiction of the documents.
    notices = [one.notice for one in (*answered, *([whole] if whole.answered and not is_comparison else []))]
    chosen = in_reading_order([*kept.values()])
    unsaid = _unsaid(missing, parts, chosen) if is_comparison and whole.answered else missing if not whole.answered else []
    if unsaid:
        notices.append(f"The documents do not say: {' '.join(f'“{asked}”' for asked in unsaid)}.")
    return Decision(max(whole.confidence, confidence), True, chosen, ranked, together(*notices), whole.others)


def _unsaid(missing: Sequence[str], parts: Iterable[str], chosen: Sequence[Chosen]) -> list[str]:
    """Return which sides of a comparison no word stands in what is cited of, that the other sides do not have."""
    words = {asked: frozenset(content_stems(asked)) for asked in parts}
    told = frozenset(stems(" ".join(f"{one.item.passage.heading} {one.item.passage.between(*one.span)}" for one in chosen)))
    own = {asked: words[asked] - frozenset[str]().union(*(words[two] for two in words if two != asked)) for asked in missing}
    return [asked for asked in missing if own[asked] and not own[asked] & told]
