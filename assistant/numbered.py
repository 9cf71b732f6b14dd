"""The words by which numbered things are told from quantities: nouns, units, and what stands between them and a number."""

from corpus.calendar import MONTHS
from index.lexical import STOP_WORDS

NUMBERED = frozenset(
    "grade stage phase type chapter section table figure part class factor category level appendix annex volume step book "
    "article group arm cohort ward room bed floor patient participant subject case sample specimen site centre center trial "
    "study visit cycle day week month dose vaccine batch lot version release protocol question item point paragraph rule "
    "option plan schedule zone building hospital clinic district region team session module exercise lesson episode season "
    "shelf drawer locker device machine error experiment condition hepatitis vitamin hemophilia haemophilia influenza "
    "immunoglobulin drug treatment regimen gate platform terminal war track clause".split()
)
"""Nouns of which a number or letter after them names one, whatever else is said of them."""

ROMAN_NOUNS = frozenset(
    "grade stage phase type chapter section table figure part class factor category level appendix annex volume step book "
    "article group arm cohort war trial clause".split()
)
DOTTED_NOUNS = frozenset(
    "chapter section table figure part version release appendix annex article paragraph rule item step clause point".split()
)
SECTION_MARKED = frozenset("section clause paragraph article rule".split())
"""Nouns that are left out before a number like "4.2" or "§ 7" at the beginning of a text."""

ITEM_MARKED = frozenset("step item point rule".split())
"""Nouns that are left out before "3.", "3)" or "(3)" at the beginning of a text."""

ORDERED_NOUNS = frozenset("day week month grade stage level".split())
TIMES = frozenset("day week month".split())
MARKERS = frozenset("no nr num number numbers numbered nos id".split())
SIGNS = frozenset("#№:(=")
JOINING = frozenset({"and", "or", "/", "&", ","})
RANGING = frozenset({"to", "through", "until", "-", "–", "—", "−"})
ALIASES = {
    "fig": "figure", "interleukin": "il", "interferon": "ifn", "centre": "center", "haemophilia": "hemophilia",
    "§": "section", "subsection": "section", "subclause": "clause", "subparagraph": "paragraph",
}  # fmt: skip
LETTERS = frozenset("bcdefgk")  # which name things in small letters too
NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
        "nineteen twenty".split(),
        1,
    )
}
ORDINALS = {
    word: value
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1)
}
NO_NOUNS = (
    STOP_WORDS
    | MARKERS
    | frozenset(MONTHS)
    | frozenset(NUMBER_WORDS)
    | frozenset(
        # before a quantity
        "age aged weight height temperature bmi ph year summer winter spring autumn fall century decade page slide sheet top "
        "last next past previous another every per around approximately nearly almost roughly between within least first "
        "second third total plus minus times equal equals value rate ratio mean median average amount price cost fee sum speed "
        "length width depth distance size score count sized since before after during until till circa approx exactly only "
        "whose these those this that several pre post mid sub under over non hour minute dr mr mrs st vs versus by without "
        "born died founded published among".split()
    )
    | frozenset(
        "contain contains contained include includes included receive receives received take takes took taken give gives "
        "gave given get gets got need needs needed use uses used costs lasts lasted weigh weighs weighed measure measures keep "
        "keeps kept hold holds held make makes made treat treats treated see saw show shows find found want wants name list "
        "add adds have has had having carry carries require requires required reach reaches reached".split()
    )
)
UNITS = frozenset(
    "% ° € $ £ percent percentage mg g kg mcg µg μg ng ml dl l cl µl iu mm cm m km mmol mol kcal kj years months weeks days "
    "hours minutes seconds year hour minute min hrs h times fold million billion thousand hundred degrees celsius mmhg bpm "
    "am pm people percentiles".split()
)
UNIT_LETTERS = frozenset("m cm mm km kg ml dl ft".split())  # "m2"
UPWARD = frozenset("higher more above greater worse later over older up upward upwards onward onwards beyond".split())
DOWNWARD = frozenset("lower less below fewer milder earlier under younger down downward downwards".split())
ALONE = frozenset("upward upwards onward onwards downward downwards".split())
"""These open a range without "and" or "or" before them: "from level 2 upwards"."""

COMPARED = frozenset("difference differences distinction distinctions similarities contrast comparison relation".split())
"""Before "between" these compare two things, and name no range: "the difference between clause 3.1 and clause 3.3"."""

BEFORE_UP = {"above", "over", "beyond", "exceeding"}
BEFORE_DOWN = {"below", "under"}
ABOVE, BELOW = frozenset({"≥", ">", "⩾"}), frozenset({"≤", "<", "⩽"})
AFTER_ROMAN_ONE = frozenset(
    "should can could am have had need want do did was will would must may might take get feel see".split()
)
"""After these "I" is a person: "at what stage I should …"."""
