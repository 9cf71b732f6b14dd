"""Forms of a word that no stemmer knows to be one: irregular verbs and nouns, and spellings of two sides of an ocean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from index.lexical import stems

_IRREGULAR = """
arise arose arisen|awake awoke awoken|be am is are was were been|bear bore borne born|beat beaten|become became
begin began begun|bend bent|bind bound|bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred
bring brought|build built|burn burnt|buy bought|catch caught|choose chose chosen|cling clung|come came|creep crept
deal dealt|dig dug|do does did done|draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|eat ate eaten
fall fell fallen|feed fed|feel felt|fight fought|find found|flee fled|fly flew flown|forbid forbade forbidden
forget forgot forgotten|freeze froze frozen|get got gotten|give gave given|go goes went gone|grind ground|grow grew grown
hang hung|have has had|hear heard|hide hid hidden|hold held|keep kept|know knew known|lay laid|lead led|learn learnt
leave left|lend lent|lie lay lain|light lit|lose lost|make made|mean meant|meet met|overcome overcame|pay paid
ride rode ridden|ring rang rung|rise rose risen|run ran|say said|see saw seen|seek sought|sell sold|send sent
shake shook shaken|shine shone|shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat|sleep slept
slide slid|speak spoke spoken|speed sped|spend spent|spin spun|spring sprang sprung|stand stood|steal stole stolen
stick stuck|sting stung|strike struck stricken|strive strove striven|swear swore sworn|sweep swept|swim swam swum
swing swung|take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown
undergo underwent undergone|understand understood|undertake undertook|wake woke woken|wear wore worn|weave wove woven
win won|withdraw withdrew withdrawn|withstand withstood|write wrote written|child children|man men|woman women|foot feet
tooth teeth|goose geese|mouse mice|person people persons|datum data|medium media|bacterium bacteria|criterion criteria
phenomenon phenomena|analysis analyses|crisis crises|basis bases|diagnosis diagnoses|hypothesis hypotheses|thesis theses
index indices|matrix matrices|virus viruses|fungus fungi|nucleus nuclei|stimulus stimuli|alga algae|larva larvae
vertebra vertebrae|appendix appendices|die dies died dying death deaths dead|birth births born|long length|wide width
high height|deep depth|strong strength|broad breadth|choose choice choices|sell sale sales|weigh weight weights|grow growth
succeed success successful|fail failure failures|analyse analyze|behaviour behavior|centre center|colour color
defence defense|favour favor|fibre fiber|flavour flavor|grey gray|harbour harbor|honour honor|humour humor|labour labor
licence license|litre liter|metre meter|neighbour neighbor|paediatric pediatric|haemoglobin hemoglobin|anaemia anemia
oedema edema|oesophagus esophagus|foetus fetus|tumour tumor|programme program|theatre theater|travelled traveled
travelling traveling|aluminium aluminum|artefact artifact|cheque check|plough plow|tyre tire|sulphur sulfur
diarrhoea diarrhea|leukaemia leukemia|oestrogen estrogen|rumour rumor|vapour vapor|vigour vigor|parlour parlor
saviour savior
"""
_LEMMAS: Mapping[str, str] = {
    form: row.split()[0] for row in reversed(_IRREGULAR.replace("\n", "|").split("|")) for form in row.split()
}


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return what the forms of a lower-case word have in common: "won" and "winning" are "win", "realised" is "realiz"."""
    word = _LEMMAS.get(word, word)
    for british, american in (("isation", "ization"), ("ise", "ize"), ("ising", "izing"), ("ised", "ized"), ("ises", "izes")):
        if word.endswith(british) and len(word) > len(british) + 2:
            word = word[: -len(british)] + american
            break
    found = stems(word)
    if not found:
        return word
    return _LEMMAS.get(found[0], found[0])
