"""Words that say the same, and words that say the contrary: each row is one scale, with its two ends."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.verification.forms import stem

_ROWS = """
large larger largest big bigger biggest huge great greater greatest enormous vast sizeable substantial considerable
    massive giant | small smaller smallest little tiny slight minimal modest miniature
more greater higher larger bigger | less fewer lower smaller lesser
most greatest largest highest biggest maximum maximal peak | least smallest fewest lowest minimum minimal
high higher highest tall taller tallest elevated upper top above over | low lower lowest bottom below under beneath
increase rise grow growth climb gain raise expand expansion surge soar boost escalate multiply upward upwards up enlarge
    extend enhance strengthen heighten | decrease fall decline drop reduce reduction lower shrink diminish lessen
    contract plunge sink cut downward downwards down dwindle fell weaken ease curb minimise limit
long longer longest lengthy prolong extend lengthen | short shorter shortest brief briefly shorten
before prior preceding precede previous previously earlier formerly ahead beforehand | after following subsequent
    subsequently later afterwards thereafter follow since
early earlier earliest initial initially beginning first | late later latest final finally last ending
begin start commence launch open initiate found establish introduce onset | end stop cease finish terminate close
    conclude abolish dissolve halt discontinue
fast faster fastest quick quickly rapid rapidly swift swiftly accelerate speed hasten | slow slower slowest slowly
    sluggish gradual gradually decelerate delay
good better best well improved superior excellent favourable beneficial improve enhance advantage outperform | bad worse
    worst badly poor poorer poorly inferior unfavourable detrimental deteriorate worsen disadvantage impair underperform
strong stronger strongest powerful strengthen strongly robust | weak weaker weakest weaken weakly feeble faint
severe serious severely heavy | mild slight mildly light
old older oldest ancient elder elderly | young younger youngest new newer newest recent modern
heavy heavier heaviest | light lighter lightest
wide wider widest broad broader broadest thick thicker widen | narrow narrower narrowest thin thinner narrowing
deep deeper deepest | shallow shallower superficial
hot hotter hottest warm warmer warmest heat | cold colder coldest cool cooler coolest
rich richer richest wealthy wealthier affluent | poor poorer poorest needy
expensive costly dear dearer pricey | cheap cheaper cheapest inexpensive affordable
easy easier easiest simple simpler easily | hard harder hardest difficult complex complicated tough
near nearer nearest close closer closest adjacent nearby | far farther further farthest furthest distant remote
inside within inner internal interior indoors | outside outer external exterior outdoors beyond
front forward forwards | back rear behind backward backwards
win victorious beat conquer triumph winner gain | lose loss loser surrender
victory | defeat
elect | defeat
allow permit authorise enable let legal lawful legalise permission | forbid prohibit ban bar prevent disallow outlaw
    illegal unlawful block prohibition
accept adopt approve agree support back endorse favour embrace welcome supporter | reject refuse oppose deny dismiss
    disagree disapprove resist veto decline opponent
succeed success successful successfully manage | fail failure unsuccessful unsuccessfully vain
include contain comprise incorporate including | exclude omit excluding except
create build make construct produce form generate erect | destroy demolish dismantle ruin eliminate
positive positively | negative negatively
active actively activate activation activity | passive inactive dormant
same identical equal alike similar similarly resemble comparable equally | different differ distinct various diverse
    unlike dissimilar unequal opposite differently contrary difference differing
present presence exist existence | absent absence lack missing
alive live living life survive survival survivor birth born | dead die death deceased kill perish extinct
open opened | closed shut close
public publicly | private privately
major majority main | minor minority
love like prefer enjoy favour | dislike hate avoid
add attach | remove subtract delete detach
arrive enter join arrival entry | depart leave departure exit quit
attack offensive invade | defend defensive
true correct accurate correctly accurately | false incorrect wrong inaccurate untrue incorrectly
safe safely harmless | dangerous unsafe hazardous harmful risky
famous popular renowned | unknown obscure unpopular
common frequent usual widespread prevalent frequently commonly usually often | rare uncommon infrequent unusual rarely
    infrequently unusually seldom
healthy | ill sick unhealthy diseased
male man boy father son husband king brother | female woman girl mother daughter wife queen sister
cause produce induce trigger | prevent avoid avert preclude
activate stimulate promote induce | inhibit suppress block deactivate
encourage promote foster | discourage deter hinder impede
exceed surpass outnumber outweigh | below
dry | wet moist damp
light bright | dark
day daytime | night nighttime
summer | winter
urban | rural
child children kid infant childhood baby | adult adulthood grown-up
he him his himself | she her hers herself
from out off away | to into toward towards onto
for favour | against
because due owing thanks since | although though despite notwithstanding spite
like | unlike
ahead forward | behind
up | down
in | out
on | off
past previous former earlier last ago | future next upcoming coming forthcoming
much | little
enough sufficient adequate sufficiently adequately | insufficient inadequate scarce
alone separately individually | together jointly
possible possibly perhaps maybe probable probably likely | certain certainly definite definitely sure surely
liquid fluid | solid
benefit beneficial advantage | harm harmful risk cost damage
risk danger | safety benefit
income revenue earnings | expense expenditure spending
release publish issue | withdraw suppress recall
appoint hire employ recruit | dismiss fire sack
confirm affirm prove | deny refute disprove
democratic | authoritarian dictatorial
free | paid
together | apart
domestic | foreign
primary | secondary
civil civilian | military
guilty | innocent
temporary temporarily | permanent permanently
partial partly partially incomplete | complete full total entire completely fully totally entirely whole
single individual sole | multiple several
natural | artificial synthetic
voluntary optional | compulsory mandatory required obligatory
full | empty
hard | soft
public | secret
credit | debit
profit | loss
ascend ascending | descend descending
vertical vertically | horizontal horizontally
left | right
believe trust | doubt distrust
remember | forget
appear | disappear vanish
war | peace
friend ally | enemy foe
acid acidic | alkaline
anterior | posterior
upstream | downstream
proximal | distal
dorsal | ventral
systolic | diastolic
acute | chronic
benign | malignant
dominant | recessive
aerobic | anaerobic
offline | online
liberal | conservative
optimistic | pessimistic
formal | informal
"""

_CONVERSE_ROWS = """
lend loan lender | borrow borrower
sell seller sale | buy purchase buyer
export exporter | import importer
send sender deliver | receive recipient
give award grant donate | receive accept
teach teacher | learn pupil student
employ employer | work employee
parent mother father | child son daughter
winner | loser
"""
"""Words for the two sides of one thing: "A lends to B" is "B borrows from A"."""

OPPOSITE_PREFIXES: tuple[tuple[str, str], ...] = (
    ("over", "under"), ("hyper", "hypo"), ("pre", "post"), ("intra", "extra"), ("intra", "inter"), ("pro", "anti"),
    ("mono", "poly"), ("up", "down"), ("in", "out"), ("in", "de"), ("im", "ex"), ("in", "ex"), ("homo", "hetero"),
    ("macro", "micro"), ("endo", "exo"), ("exo", "endo"), ("uni", "bi"), ("for", "back"), ("after", "before"),
)  # fmt: skip
NEGATING_PREFIXES = ("un", "in", "im", "il", "ir", "non", "dis", "mis", "anti", "a")

Pole = tuple[int, int]
"""A scale, and which of its ends: 1 or -1."""


def _poles(rows: str) -> dict[str, frozenset[Pole]]:
    found: dict[str, set[Pole]] = {}
    for number, row in enumerate(rows.replace("\n    ", " ").strip().splitlines()):
        for pole, words in zip((1, -1), row.split("|"), strict=True):
            for word in words.split():
                for form in (word, stem(word)):
                    found.setdefault(form, set()).add((number, pole))
    return {word: frozenset(poles) for word, poles in found.items()}


_POLES: Mapping[str, frozenset[Pole]] = _poles(_ROWS)
_CONVERSES: Mapping[str, frozenset[Pole]] = _poles(_CONVERSE_ROWS)
_NONE: frozenset[Pole] = frozenset()


def poles(word: str) -> frozenset[Pole]:
    """Return the ends of scales that a lower-case word may stand for."""
    return _POLES.get(word, _NONE) | _POLES.get(stem(word), _NONE)


def are_alike(one: str, two: str) -> bool:
    """Whether two words stand for the same end of some scale."""
    return bool(poles(one) & poles(two))


def are_opposite(one: str, two: str) -> bool:
    """Whether two words stand for the two ends of a scale, or say so by their beginnings or endings."""
    if stem(one) == stem(two) or are_alike(one, two):
        return False
    there = poles(two)
    return any((scale, -pole) in there for scale, pole in poles(one)) or _by_prefix(one, two)


def are_converse(one: str, two: str) -> bool:
    """Whether two words stand for the two sides of one thing."""
    there = _CONVERSES.get(two, _NONE) | _CONVERSES.get(stem(two), _NONE)
    here = _CONVERSES.get(one, _NONE) | _CONVERSES.get(stem(one), _NONE)
    return any((thing, -side) in there for thing, side in here)


def _by_prefix(one: str, two: str) -> bool:
    for first, second in OPPOSITE_PREFIXES:
        for left, right in ((first, second), (second, first)):
            rest = one.removeprefix(left)
            if rest != one and len(rest) >= 4 and two == right + rest:
                return True
    return False


def negates(word: str, other: str) -> bool:
    """Whether a word is another with a beginning or ending that denies it: "unsuitable", "painless" for "painful"."""
    for prefix in NEGATING_PREFIXES:
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) >= 4 and (rest == other or stem(rest) == stem(other)):
            return True
    base = word.removesuffix("less")
    return base != word and len(base) >= 3 and (other == base + "ful" or stem(other) == stem(base))
