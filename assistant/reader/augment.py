"""Questions as people type them: bare keywords, lower case, typing errors; and questions made unanswerable."""

import random
import re
from collections.abc import Mapping, Sequence

from index.lexical import STOP_WORDS

_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][\w’'-]+)(?: (?:of |the )?[A-Z][\w’'-]+)*")
OPPOSITES = {
    "first": "last", "largest": "smallest", "most": "least", "before": "after", "increase": "decrease", "north": "south",
    "east": "west", "oldest": "youngest", "highest": "lowest", "more": "fewer", "won": "lost", "began": "ended",
    "start": "end", "male": "female", "best": "worst", "longest": "shortest", "early": "late", "positive": "negative",
    "major": "minor", "increased": "decreased", "allowed": "banned", "cause": "prevent", "causes": "prevents",
    "same": "different", "rich": "poor", "upper": "lower", "founded": "dissolved", "opened": "closed",
    "strong": "weak", "high": "low", "long": "short", "large": "small", "always": "never", "many": "few", "safe": "dangerous",
    "easy": "difficult", "common": "rare", "internal": "external", "public": "private", "permanent": "temporary",
    "young": "old", "hot": "cold", "cheap": "expensive", "accepted": "rejected", "above": "below", "inside": "outside",
}  # fmt: skip
OPPOSITES |= {value: key for key, value in OPPOSITES.items()}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def keywords(question: str) -> str:
    """The question as a search box gets it: no stop-words, no question mark, lower case."""
    words = re.findall(r"[^\W_]+(?:[-'’.][^\W_]+)*", question.lower())
    kept = [word for word in words if word not in STOP_WORDS]
    return " ".join(kept) if len(kept) >= 2 else " ".join(words)


def with_typing_errors(question: str, rng: random.Random) -> str:
    """One or two words of four letters or more get a letter dropped, doubled, swapped or replaced."""
    words = question.split(" ")
    long_words = [place for place, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    for place in rng.sample(long_words, min(len(long_words), rng.choice((1, 1, 2)))):
        word = words[place]
        at = rng.randrange(1, len(word) - 1)
        words[place] = rng.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + rng.choice(_LETTERS) + word[at + 1 :],
            )
        )
    return " ".join(words)


def as_typed(question: str, rng: random.Random) -> str:
    """The question unchanged (about 65 %), or in one of the ways people type: case, mark, keywords, errors."""
    draw = rng.random()
    if draw < 0.65:
        return question
    if draw < 0.75:
        return question.lower()
    if draw < 0.82:
        return question.rstrip(" ?.")
    if draw < 0.90:
        return keywords(question)
    return with_typing_errors(question if rng.random() < 0.5 else question.lower(), rng)


_OPENINGS = (
    "According to the text, ", "According to the document: ", "In this article, ", "In the text: ", "Can you tell me ",
    "Could you please tell me: ", "I would like to know ", "Please tell me, ", "Does it say ", "Tell me: ", "I wonder: ",
    "Could you explain to me ", "What does the document say: ", "My question is: ", "Do you know ", "So, ", "And ",
)  # fmt: skip
_CLOSINGS = (
    " according to the text", " in this article", " in the document", ", please", " as described here", ", does it say",
    " in the text", " by name", ", as the article puts it", " here", ", and where does it say so", " mentioned in the text",
)  # fmt: skip
_WRAPPED = 0.12  # share of the questions


def as_put_to_a_chat(question: str, rng: random.Random) -> str:
    """The question unchanged (88 %), or with words around it that ask nothing, as people put it to a chat about a document."""
    if rng.random() >= _WRAPPED:
        return question
    if rng.random() < 0.5:
        return rng.choice(_OPENINGS) + question[:1].lower() + question[1:]
    bare = question.rstrip("?. ")
    return bare + rng.choice(_CLOSINGS) + question[len(bare) :].strip()


def names_and_numbers(question: str) -> tuple[list[str], list[str]]:
    """The capitalised names inside `question` (never its first word) and its numbers."""
    return _NAME.findall(question), _NUMBER.findall(question)


def falsified(
    question: str, names: Sequence[str], numbers: Sequence[str], counts: Mapping[str, int], rng: random.Random
) -> str | None:
    """A question that its passage no longer answers: a name, number or telling word swapped; None if there is none.

    `names` and `numbers` are the pools to draw replacements from, `counts` how often each word occurs, all of questions of the
    same kind.
    """
    kinds = ["number", "name", "opposite"]
    rng.shuffle(kinds)
    for kind in kinds:
        if kind == "opposite":
            changed = _with_opposite(question, counts, rng)
        else:
            pattern, pool = (_NUMBER, numbers) if kind == "number" else (_NAME, names)
            changed = _with_other(question, pattern, pool, rng)
        if changed is not None:
            return changed
    return None


def _with_other(question: str, pattern: re.Pattern[str], pool: Sequence[str], rng: random.Random) -> str | None:
    found = list(pattern.finditer(question))
    if not found or not pool:
        return None
    match = rng.choice(found)
    other = rng.choice(pool)
    if other.lower() in question.lower() or match.group().lower() in other.lower():
        return None
    return question[: match.start()] + other + question[match.end() :]


def _with_opposite(question: str, counts: Mapping[str, int], rng: random.Random) -> str | None:
    words = question.split(" ")
    places = [place for place, word in enumerate(words) if word.lower().rstrip("?,") in OPPOSITES and place > 0]
    if not places:
        return None
    place = rng.choice(places)
    bare = words[place].rstrip("?,")
    opposite = OPPOSITES[bare.lower()]
    # As often as people use the opposite: else "last", for which "first" is swapped, would itself tell that there is no answer.
    if rng.random() > counts.get(opposite, 0) / max(1, counts.get(bare.lower(), 0)):
        return None
    words[place] = opposite + words[place][len(bare) :]
    return " ".join(words)
