"""The same in other words: rules that change how a sentence is put and not what it says, one function a rule."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

from eval.tampering.quantities import DAYS, MONTHS

_MOST_RULES = 3
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()

SYNONYMS: Mapping[str, str] = {
    "use": "employ", "uses": "employs", "used": "utilised", "using": "employing", "show": "demonstrate",
    "shows": "demonstrates", "showed": "demonstrated", "shown": "demonstrated", "help": "assist", "helps": "assists",
    "begin": "start", "began": "started", "begins": "starts", "start": "begin", "started": "began", "however": "nevertheless",
    "but": "yet", "also": "additionally", "because": "since", "although": "even though", "though": "although",
    "while": "whereas", "about": "approximately", "approximately": "roughly", "around": "about", "many": "numerous",
    "numerous": "many", "several": "a number of", "often": "frequently", "frequently": "often", "usually": "typically",
    "generally": "in general", "important": "significant", "large": "big", "big": "large", "small": "little",
    "quickly": "rapidly", "rapidly": "fast", "people": "persons", "children": "kids", "called": "named", "known as": "called",
    "located": "situated", "get": "obtain", "obtained": "got", "purchase": "buy", "purchased": "bought", "occur": "happen",
    "occurs": "happens", "occurred": "took place", "contains": "includes", "consists of": "is made up of", "such as": "like",
    "including": "among them", "in order to": "to", "due to": "because of", "as well as": "and also", "therefore": "thus",
    "thus": "hence", "additional": "further", "various": "different", "ability": "capability", "method": "approach",
    "methods": "approaches", "created": "made", "built": "constructed", "constructed": "built", "received": "got",
    "allow": "permit", "allows": "permits", "allowed": "permitted", "provide": "supply", "provides": "supplies",
    "provided": "supplied", "must": "has to", "may": "might", "might": "may", "is able to": "can", "can": "is able to",
    "every": "each", "each": "every", "all of the": "all", "most of the": "most", "prior to": "before", "before": "prior to",
    "after": "following", "more than": "over", "over": "more than", "at least": "no fewer than", "less than": "under",
    "famous": "well known", "died": "passed away", "near": "close to", "during": "in the course of", "within": "inside",
    "increase": "rise", "increased": "rose", "decreased": "declined", "reduced": "lowered", "higher": "greater",
    "entire": "whole", "currently": "at present", "similar": "comparable", "reported": "stated", "described": "characterised",
    "study": "investigation", "result": "outcome", "results": "findings", "found": "discovered", "main": "principal",
    "primary": "main", "kind": "type",
}  # fmt: skip
_CONTRACTED = (
    (r"\b(is|are|was|were|does|do|did|has|have|had|could|would|should) not\b", r"\1n't"),
    (r"\b(?:cannot|can not)\b", "can't"),
    (r"\bwill not\b", "won't"),
    (r"\b(it|he|she|that|there) is\b", r"\1's"),
    (r"\b(they|we|you) are\b", r"\1're"),
)
_WRITTEN_OUT = (
    (r"\bca ?n['’]t\b", "cannot"),
    (r"\bwo ?n['’]t\b", "will not"),
    (r"\b(is|are|was|were|does|do|did|has|have|had|could|would|should) ?n['’]t\b", r"\1 not"),
)
_UNITS = (
    (r"(?<=\d) ?%", " percent"), (r"(?<=\d) (?:percent|per cent)\b", "%"), (r"(?<=\d) ?km\b(?!/)", " kilometres"),
    (r"(?<=\d) ?mg\b(?!/)", " milligrams"), (r"(?<=\d) ?kg\b(?!/)", " kilograms"), (r"(?<=\d) ?h\b", " hours"),
    (r"(?<=\d) ?min\b", " minutes"), (r"(?<=\d) ?mL\b", " ml"), (r"(?<=\d) kilomet(?:re|er)s\b", " km"),
    (r"(?<=\d) ?°C\b", " degrees Celsius"), (r"\$(\d[\d.,]*\d|\d)(?![\d.,]*\d)(?! ?(?:m|b|tr)illion)", r"\1 dollars"),
    (r"\$(\d(?:[\d.,]*\d)?) ((?:m|b|tr)illion)", r"\1 \2 dollars"), (r"(?<=\d) miles\b", " mi"),
)  # fmt: skip
_SAID = ("According to the document, {}", "The text says that {}", "As the source states, {}", "It is stated that {}")
_LEFT_OUT = r"\b(?:however|moreover|furthermore|in addition|also|additionally|therefore|thus|indeed|for example|for instance)\b"
_ADVERBIAL = (
    r"(?:In|On|During|After|Before|Since|By|At|From|Until|Within|Throughout|Under|For) "
    r"(?:(?!\b(?:which|that|who|and|but|he|she|they|it|we)\b)[^,;:()]){3,45}"
)


def reworded(text: str, rng: random.Random) -> str | None:
    """Return a sentence put otherwise by one to three rules; None if no rule fits."""
    wanted, done = rng.randint(1, _MOST_RULES), 0
    result = text
    for rule in rng.sample(RULES, len(RULES)):
        changed = rule(result, rng)
        if changed is not None and changed != result:
            result, done = " ".join(changed.split()), done + 1
        if done == wanted:
            break
    return result if done else None


def _numbers_as_words(text: str, rng: random.Random) -> str | None:
    def written(match: re.Match[str]) -> str:
        return _ONES[int(match.group())]

    small = r"(?<![\w.,$£€/%–\[(-])(?:1\d|20|[2-9])(?= [a-z]{3}(?!llion))(?! (?:percent|per cent))"
    changed = re.sub(small, written, text)
    return re.sub(r"(?<![\d,])(\d{1,3}),(\d{3})\b(?!,)", r"\1\2", text) if changed == text else changed


def _words_as_numbers(text: str, rng: random.Random) -> str | None:
    def figure(match: re.Match[str]) -> str:
        return str(_ONES.index(match.group()))

    return re.sub(rf"(?<![\w-])(?<!- )(?:{'|'.join(_ONES[2:])})(?![\w-])(?! -)", figure, text)


def _contracted(text: str, rng: random.Random) -> str | None:
    return _substituted(text, _CONTRACTED)


def _written_out(text: str, rng: random.Random) -> str | None:
    return _substituted(text, _WRITTEN_OUT)


def _other_units(text: str, rng: random.Random) -> str | None:
    return _substituted(text, _UNITS)


def _other_date_form(text: str, rng: random.Random) -> str | None:
    month = f"(?P<month>{'|'.join(MONTHS)})"
    changed = re.sub(
        rf"\b{month} (?P<day>\d{{1,2}})(?:st|nd|rd|th)? ?,? (?P<year>\d{{4}})\b", r"\g<day> \g<month> \g<year>", text
    )
    if changed != text:
        return changed
    changed = re.sub(rf"\b(?P<day>\d{{1,2}}) {month} (?P<year>\d{{4}})\b", r"\g<month> \g<day>, \g<year>", text)
    return changed if changed != text else re.sub(rf"\b({'|'.join(DAYS)}), (?={month})", r"\1 ", text)


def _synonyms(text: str, rng: random.Random) -> str | None:
    """Exchange one to three words for others that say the same there."""
    pattern = rf"(?<![\w-])(?:{'|'.join(re.escape(word) for word in sorted(SYNONYMS, key=len, reverse=True))})(?![\w-])"
    found = [match for match in re.finditer(pattern, text) if _is_usual(text, match)]
    if not found:
        return None
    for match in sorted(rng.sample(found, min(len(found), rng.randint(1, 3))), key=lambda one: -one.start()):
        text = text[: match.start()] + SYNONYMS[match.group()] + text[match.end() :]
    return text


def _is_usual(text: str, match: re.Match[str]) -> bool:
    """Whether a word stands in the sense in which its synonym says the same."""
    word, after = match.group(), text[match.end() :].lstrip()
    before = text[: match.start()].rstrip()
    is_counted, is_noun = after[:1].isdigit(), before.endswith(("a", "an", "the", "is", "was", "are"))
    cases: Mapping[str, bool] = {
        "over": is_counted, "about": is_counted, "around": is_counted, "within": not is_counted,
        "before": after[:1].isalpha(), "more than": not before.endswith(("not", "no")),
        "can": not after.startswith(("not", "'t", "’t")), "must": not after.startswith("not"),
        "may": not after.startswith("not"),
        "while": before.endswith(","), "after": not after[:1].islower() or after.startswith("the "),
        "but": before.endswith(","), "though": before.endswith(","), "because": not after.startswith("of"),
        "found": before.endswith(("been", "was", "were", "we", "We")), "used": not after.startswith("to"),
        "known as": not before.endswith("also"), "near": after[:1].isupper() or after.startswith("the"),
        "increased": not is_noun, "increase": before.endswith(("an", "the", "An", "The")), "decreased": not is_noun,
        "each": not after.startswith(("other", "of")),
    }  # fmt: skip
    return cases.get(word, True)


def _said_so(text: str, rng: random.Random) -> str | None:
    first = text.split()[0]
    lowered = text[0].lower() + text[1:] if first.lower() in _OPENERS else text
    return rng.choice(_SAID).format(lowered)


_OPENERS = frozenset(
    "the a an this these those that it he she they in on at for during after before many some most all its their his her "
    "there when while although if because since as by with from to under several each every both other another".split()
)


def _without_brackets(text: str, rng: random.Random) -> str | None:
    return re.sub(r" ?(?:\([^()]*\)|\[[^\[\]]*\])", "", text)


def _without_aside(text: str, rng: random.Random) -> str | None:
    """Leave out a clause between commas that only adds something."""
    aside = r" ?, (?:which|who|whose|where) (?:(?!\bnot\b)[^,;:()]){5,80} ?,(?= [a-z])"
    changed = re.sub(aside, "", text, count=1)
    if changed != text:
        return changed
    return re.sub(r"(?<=[a-z]) ?, (?:which|where) (?:(?!\bnot\b)[^,;:()]){5,90}(?= ?\.$)", "", text, count=1)


def _without_linking_word(text: str, rng: random.Random) -> str | None:
    opening = re.match(_LEFT_OUT + r" ?, ?(?=\S)", text, re.IGNORECASE)
    if opening is not None:
        rest = text[opening.end() :]
        return rest[0].upper() + rest[1:]
    return re.sub(r" (?:also|indeed|thus|therefore)(?= [a-z])", "", text, count=1)


def _without_second_clause(text: str, rng: random.Random) -> str | None:
    """Keep the first of two clauses that are joined."""
    match = re.match(
        r"(?P<first>[A-Z][^,;:()]{30,}) ?(?:;|, (?:and|but|while|whereas)) (?:the|it|they|he|she|this|these|in|a) ", text
    )
    return None if match is None else match["first"].rstrip() + "."


def _adverbial_last(text: str, rng: random.Random) -> str | None:
    match = re.match(rf"(?P<adverbial>{_ADVERBIAL}) ?, (?P<rest>[^,;:()]{{20,}}?) ?\.$", text)
    if match is None:
        return None
    adverbial, rest = match["adverbial"], match["rest"]
    return f"{rest[0].upper()}{rest[1:]} {adverbial[0].lower()}{adverbial[1:]}."


def _adverbial_first(text: str, rng: random.Random) -> str | None:
    match = re.match(
        r"(?P<rest>[A-Z][^,;:()]{20,}) (?P<adverbial>(?:in|since|during) (?:(?:early|late|mid) )?\d{4}) ?\.$", text
    )
    if match is None:
        return None
    rest = match["rest"]
    lowered = rest[0].lower() + rest[1:] if rest.split()[0].lower() in _OPENERS else rest
    return f"{match['adverbial'][0].upper()}{match['adverbial'][1:]}, {lowered}."


def _active(text: str, rng: random.Random) -> str | None:
    """Say who did it first: "X was founded by Y in 1990." becomes "Y founded X in 1990."."""
    match = re.match(
        r"(?P<what>(?:The |A |An )?[A-Z]?[^,;:()]{3,50}?) (?:was|were) (?P<verb>\w{3,}ed) by "
        r"(?P<who>(?:the )?[A-Z][\w.-]+(?: [A-Z][\w.-]+){0,3})"
        r"(?P<rest>(?: (?:in|on|at|during|from|for|to) [^,;:()]*)?) ?\.$",
        text,
    )
    if match is None or re.search(r"\b(?:which|that|who|and|it)\b", match["what"]):
        return None
    what = match["what"]
    lowered = what[0].lower() + what[1:] if what.split()[0].lower() in _OPENERS else what
    return f"{match['who'][0].upper()}{match['who'][1:]} {match['verb']} {lowered}{match['rest']}."


def _genitive(text: str, rng: random.Random) -> str | None:
    """Say "the capital of France" for "France's capital"."""
    after = r"(?= (?:is|was|are|were|has|had|in|of|and)\b| ?[.,])"
    pattern = rf"(?<=[a-z] )(?<!of )(?P<who>[A-Z]\w+)(?: ?['’]s) (?P<what>[a-z]{{4,}}){after}"
    return re.sub(pattern, r"the \g<what> of \g<who>", text, count=1)


def _reasons_first(text: str, rng: random.Random) -> str | None:
    """Move a subordinate clause from the beginning to the end."""
    match = re.match(
        r"(?P<sub>(?:When|If|Although|Because|While|Since|As) [^,;:()]{8,70}) ?, (?P<main>(?!and\b|but\b)[^;:()]{15,}?) ?\.$",
        text,
    )
    if match is None or re.search(r",.*\b(?:and|but|which|while)\b", match["main"]):
        return None
    main, sub = match["main"], match["sub"]
    return f"{main[0].upper()}{main[1:]} {sub[0].lower()}{sub[1:]}."


def _untokenised(text: str, rng: random.Random) -> str | None:
    """Write a text whose words and marks were set apart as people write it."""
    text = re.sub(r" (?=[,.;:)\]%]|['’]s\b|n['’]t\b)", "", re.sub(r"(?<=[(\[$]) ", "", text))
    return re.sub(r"(?<=\w) - (?=\w)", "-", text)


def _substituted(text: str, rules: Sequence[tuple[str, str]]) -> str:
    for pattern, other in rules:
        text = re.sub(pattern, other, text)
    return text


RULES: tuple[Callable[[str, random.Random], str | None], ...] = (
    _numbers_as_words, _words_as_numbers, _contracted, _written_out, _other_units, _other_date_form, _synonyms, _synonyms,
    _said_so, _without_brackets, _without_aside, _without_linking_word, _without_second_clause, _adverbial_last,
    _adverbial_first, _active, _genitive, _reasons_first, _untokenised,
)  # fmt: skip
