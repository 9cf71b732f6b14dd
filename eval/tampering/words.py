"""False negations, quantifiers and comparisons: each function changes one in a sentence, or returns None where it has none."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from eval.tampering.facts import Fact

_NEGATED = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|without|cannot|unable|lacks?|lacked|lacking|fails?|failed|hardly|"
    r"rarely|seldom|barely|scarcely|unlikely|impossible|unless|except)\b|n['’]t\b",
    re.IGNORECASE,
)
"""A sentence with one of these already gets no negation more: two of them may come to none."""

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has been|have been|had been|can|could|will|would|may|might|should|must)"
    r"(?= (?!not\b|never\b|only\b|also\b|to\b|the\b|it\b|they\b|I\b|he\b|she\b|we\b|you\b|there\b)[a-z]{3})"
)
_PRESENT = "includes uses contains provides causes requires allows makes shows becomes takes gives means needs plays".split()
_PAST = {
    "became": "become", "began": "begin", "won": "win", "made": "make", "took": "take", "gave": "give", "led": "lead",
    "included": "include", "used": "use", "received": "receive", "showed": "show", "caused": "cause", "required": "require",
    "moved": "move", "opened": "open", "played": "play", "reached": "reach", "returned": "return", "increased": "increase",
}  # fmt: skip
_POSITIVE = {
    "able": "unable", "likely": "unlikely", "possible": "impossible", "common": "uncommon", "known": "unknown",
    "effective": "ineffective", "clear": "unclear", "necessary": "unnecessary", "available": "unavailable",
    "sufficient": "insufficient", "important": "unimportant", "related": "unrelated", "usual": "unusual", "stable": "unstable",
    "successful": "unsuccessful", "significant": "insignificant", "legal": "illegal", "active": "inactive",
    "complete": "incomplete", "direct": "indirect", "correct": "incorrect", "appropriate": "inappropriate",
    "dependent": "independent", "similar": "dissimilar", "with": "without", "allowed": "forbidden", "successfully": "in vain",
}  # fmt: skip

_DROPPED = (
    (r"\bdoes(?: not|n['’]t| n['’]t) ", "does "),
    (r"\bdo(?: not|n['’]t| n['’]t) ", ""),
    (r"\bdid(?: not|n['’]t| n['’]t) ", "did "),
    (r"\b(is|are|was|were|has|have|had|could|would|should|must|may|might)(?: not| n['’]t|n['’]t)\b", r"\1"),
    (r"\b(?:cannot|can not|can['’]t|ca n['’]t)\b", "can"),
    (r"\b(?:will not|won['’]t|wo n['’]t)\b", "will"),
    (r"\b(?:not|never) (?=[a-z])", ""),
    (r"\bnever\b", "always"),
    (r"\bwithout\b", "with"),
    (r"\bno (?=[a-z])(?!longer|more|less|doubt|one|matter)", "some "),
    (r"\bno longer\b", "still"),
    (r"\bneither\b(.*?)\bnor\b", r"both\1and"),
    (r"\bunable to\b", "able to"),
    (r"\bfail(s|ed|) to\b", r"manage\1 to"),
    (r"\black of\b", "presence of"),
    (r"\blacks?\b", "has"),
    (r"\bunlikely\b", "likely"),
    (r"\bimpossible\b", "possible"),
    (r"\bunknown\b", "known"),
    (r"\bnone of\b", "all of"),
    (r"\bnone\b", "all"),
    (r"\bNo (?=[a-z])(?!longer|more|less|doubt|one|matter)", "Some "),
    (r"\bNone of\b", "Most of"),
)

QUANTIFIERS: Mapping[str, tuple[str, ...]] = {
    "all": ("some", "few", "most", "none of"), "every": ("hardly any", "not every", "only one"), "each": ("only one", "no"),
    "most": ("all", "few", "some"), "many": ("few", "all", "no"), "some": ("all", "most", "no"),
    "several": ("all", "few", "no"), "few": ("many", "most", "all"), "both": ("neither of", "only one of"),
    "any": ("no", "hardly any"),
    "numerous": ("few", "all"), "always": ("never", "sometimes", "rarely"), "usually": ("always", "rarely", "never"),
    "often": ("rarely", "always", "never"), "sometimes": ("always", "never", "usually"), "rarely": ("often", "usually"),
    "frequently": ("rarely", "always"), "generally": ("always", "rarely"), "typically": ("never", "always"),
    "commonly": ("rarely", "always"), "mainly": ("entirely", "only"), "primarily": ("exclusively", "hardly"),
    "mostly": ("entirely", "hardly"), "largely": ("entirely", "hardly"), "partly": ("entirely", "mostly"),
    "only": ("not only", "almost never", "mostly"), "at least": ("at most", "fewer than", "exactly"),
    "at most": ("at least", "more than"), "up to": ("at least", "more than"), "more than": ("less than", "at most", "exactly"),
    "less than": ("more than", "at least"), "fewer than": ("more than", "at least"), "nearly": ("more than", "exactly"),
    "almost": ("more than", "exactly"), "may": ("must", "will always"), "might": ("must", "will certainly"),
    "can": ("must",), "must": ("may", "need not"), "majority": ("minority",), "minority": ("majority",), "half": ("all",),
    "a number of": ("all", "a handful of"), "a few": ("all", "most", "thousands of"), "entire": ("partial",),
    "completely": ("partly", "hardly"), "exclusively": ("partly", "among others"), "everyone": ("nobody", "someone"),
}  # fmt: skip

COMPARISONS: Mapping[str, str] = {
    "more": "less", "higher": "lower", "larger": "smaller", "greater": "smaller", "bigger": "smaller", "longer": "shorter",
    "better": "worse", "older": "younger", "faster": "slower", "stronger": "weaker", "heavier": "lighter", "wider": "narrower",
    "earlier": "later", "closer": "farther", "deeper": "shallower", "richer": "poorer", "warmer": "colder", "cheaper": "dearer",
    "easier": "harder", "newer": "older", "highest": "lowest", "largest": "smallest", "greatest": "smallest",
    "longest": "shortest", "best": "worst", "oldest": "youngest", "fastest": "slowest", "strongest": "weakest",
    "earliest": "latest", "first": "last", "most": "least", "before": "after", "above": "below", "increase": "decrease",
    "increases": "decreases", "increased": "decreased", "increasing": "decreasing", "rise": "fall", "rises": "falls",
    "rose": "fell", "rising": "falling", "grew": "shrank", "gained": "lost", "gain": "loss", "improved": "worsened",
    "improve": "worsen", "reduce": "increase", "reduced": "increased", "reduces": "increases", "exceeds": "falls below",
    "exceeded": "fell below", "maximum": "minimum", "superior": "inferior", "expand": "contract", "expanded": "contracted",
    "accelerated": "slowed", "upper": "lower", "northern": "southern", "eastern": "western", "north": "south", "east": "west",
    "majority": "minority", "over": "under", "win": "lose", "won": "lost", "victory": "defeat", "positive": "negative",
    "advantage": "disadvantage", "enhanced": "diminished", "raised": "lowered", "strengthened": "weakened", "top": "bottom",
    "early": "late", "high": "low", "large": "small", "long": "short", "strong": "weak", "begin": "end", "began": "ended",
    "prior to": "after", "following": "preceding", "inside": "outside", "near": "far from", "allowed": "prohibited",
    "accepted": "rejected", "supported": "opposed", "similar to": "different from", "same": "different", "rich": "poor",
}  # fmt: skip
_BOTH_WAYS = dict(COMPARISONS) | {second: first for first, second in COMPARISONS.items() if second not in COMPARISONS}
_THAN = re.compile(
    r"^(?P<a>(?!When|If|In|It|He|She|They|There)[A-Z](?:(?!\b(?:that|which|may|will|can|has|have)\b)[^,;:]){2,45}?) "
    r"(?P<verb>is|are|was|were) (?P<how>(?:\w+ ){0,3}?(?:more \w+|less \w+|\w+er) (?:\w+ ){0,3}?)"
    r"than (?P<b>(?!\d|that\b|those\b|any\b|in\b|with\b|one\b)[^,;:.\d]{2,35}?)(?P<rest> ?[.,;].*)$"
)


def negation_added(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Negate the sentence: its verb, an adjective of it, or all of it."""
    if _NEGATED.search(text):
        return None
    ways = [_not_after_auxiliary, _not_before_verb, _opposite_word]
    for way in rng.sample(ways, len(ways)):
        changed = way(text, rng)
        if changed is not None:
            return changed
    return f"It is not true that {text[0].lower() if text.split()[0].lower() in _OPENERS else text[0]}{text[1:]}"


_OPENERS = frozenset("the a an this these those it he she they in on at for during after before many some most all its".split())


def _not_after_auxiliary(text: str, rng: random.Random) -> str | None:
    match = _AUXILIARY.search(text)
    if match is None:
        return None
    first, _, rest = match.group().partition(" ")
    way = rng.choice(("not", "not", "n't", "never"))
    if way == "n't" and first in ("is", "are", "was", "were", "could", "would", "should"):
        negated = f"{first}n't"
    else:
        negated = f"{first} {'not' if way == 'n' + chr(39) + 't' else way}"
    return text[: match.start()] + f"{negated} {rest}".strip() + text[match.end() :]


def _not_before_verb(text: str, rng: random.Random) -> str | None:
    present = re.search(rf"\b(?:{'|'.join(_PRESENT)})\b", text)
    if present is not None:
        verb = present.group()
        base = verb[:-1]
        return (
            text[: present.start()]
            + rng.choice((f"does not {base}", f"doesn't {base}", f"never {verb}"))
            + text[present.end() :]
        )
    past = re.search(rf"(?<!was )(?<!were )(?<!been )(?<!is )(?<!are )(?<!and )\b(?:{'|'.join(_PAST)})\b(?! by| as)", text)
    if past is None:
        return None
    return text[: past.start()] + rng.choice(("did not ", "didn't ")) + _PAST[past.group()] + text[past.end() :]


def _opposite_word(text: str, rng: random.Random) -> str | None:
    return _swapped(text, {word: (other,) for word, other in _POSITIVE.items()}, rng)


def negation_dropped(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Take the one negation of a sentence away."""
    if len(_NEGATED.findall(text)) > 2 or re.search(r"\bnot (?:only|just|necessarily)\b|\bwhether or not\b", text):
        return None
    for pattern, other in _DROPPED:
        changed, count = re.subn(pattern, other, text, count=1)
        if count:
            return changed
    return None


def other_quantifier(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Put another quantity, frequency or necessity in the place of one."""
    return _swapped(text, QUANTIFIERS, rng)


def turned_round(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Turn a comparison, an order or a direction round."""
    return _swapped(text, {word: (other,) for word, other in _BOTH_WAYS.items()}, rng)


def exchanged_sides(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Exchange what is compared with "than"."""
    match = _THAN.match(text)
    if match is None:
        return None
    first, second = match["a"], match["b"].strip()
    lowered = first[0].lower() + first[1:] if first.split()[0].lower() in _OPENERS else first
    return f"{second[0].upper()}{second[1:]} {match['verb']} {match['how']}than {lowered}{match['rest']}"


def _swapped(text: str, others: Mapping[str, tuple[str, ...]], rng: random.Random) -> str | None:
    pattern = rf"(?<![\w-])(?:{'|'.join(re.escape(word) for word in sorted(others, key=len, reverse=True))})(?![\w’'-])"
    found = [match for match in re.finditer(pattern, text, re.IGNORECASE) if _means_it(text, match)]
    if not found:
        return None
    match = rng.choice(found)
    other = rng.choice(others[match.group().lower()])
    other = other[0].upper() + other[1:] if match.group()[0].isupper() else other
    return text[: match.start()] + other + text[match.end() :]


def _means_it(text: str, match: re.Match[str]) -> bool:
    """Whether a word is not part of a name or of an idiom in which it says something else."""
    word, before, after = match.group(), text[: match.start()].rstrip().lower(), text[match.end() :].lstrip().lower()
    if word[0].isupper() and match.start() > 0:
        return False
    idioms = (
        before.endswith(("the same time", "at first", "known", "as well", "no", "not", "more and", "once", "or")),
        before.endswith(("the", "a")) and word in ("can", "may", "might", "top"),
        word in ("over", "under") and not after[:1].isdigit(),
        word == "all" and after.startswith(("the way", "but", "over")),
        word in ("most", "more", "less") and after.startswith(("and", "or")),
        word in ("first", "last") and after.startswith(("name", "and", ",")),
        word in ("long", "early", "same", "following", "top") and after.startswith(("as", "of", "been", "time", "ago", ",")),
        word == "any" and not before,
    )
    return not any(idioms)
