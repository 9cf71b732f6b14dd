"""Words that say the same in most texts, so that a statement in other words is still seen to speak of the same."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.verification.forms import stem

_ROWS = """
use utilise employ apply usage utilisation application
show demonstrate indicate reveal illustrate display exhibit
help assist aid support facilitate
begin start commence launch initiate
end finish conclude terminate
get obtain acquire receive gain secure
buy purchase
need require necessitate must
want wish desire
give provide supply offer furnish grant
make create produce build construct form generate manufacture establish develop
find discover detect identify locate
think believe consider regard
say state declare report announce mention claim assert note
call name term title dub designate
occur happen arise appear
live reside dwell inhabit
move relocate transfer
keep retain maintain preserve store
stop halt cease discontinue
try attempt seek endeavour
change alter modify transform convert
join unite combine merge connect link
split divide separate
choose select pick elect
contain include comprise incorporate consist hold
allow permit enable let
cause trigger induce lead result produce
treat cure therapy treatment
large big huge great sizeable considerable substantial major
small little tiny minor
important significant crucial key vital essential
main chief principal primary major central
famous renowned well-known noted celebrated
fast quick rapid swift
many numerous countless
several various multiple number
often frequently commonly regularly
usually typically generally normally commonly
also additionally moreover furthermore besides too
however nevertheless nonetheless yet but
because since as due owing
therefore thus hence consequently so accordingly
although though despite
while whereas
about approximately roughly around circa nearly almost
people person individual human inhabitant resident
child kid infant youngster
company firm business corporation enterprise
country nation state
city town
job work occupation employment
house home building residence
car vehicle automobile
doctor physician
illness disease disorder condition sickness ailment
drug medicine medication pharmaceutical
method approach technique procedure way means
problem issue difficulty
result outcome finding consequence effect
kind type sort form category class
part portion component section element
area region zone district
place location site spot
site website page
amount quantity level
number figure count
idea concept notion
aim goal objective purpose
reason cause
ability capability capacity able capable can
chance opportunity possibility
money fund cash
law legislation statute act rule regulation
war conflict battle
ship vessel boat
movie film picture
song track single
book novel volume
picture image photograph
fight combat battle
die perish pass
kill slay
win triumph
attack assault
damage harm injury injure hurt
protect guard shield safeguard
repair fix mend
clean wash
close shut near
near close adjacent nearby beside
high elevated
current present existing
currently now presently today
previous former prior earlier
new novel recent modern
entire whole complete full total all
same identical equal
different distinct other diverse various
similar alike comparable
possible potential
necessary required essential needed
enough sufficient adequate
correct right accurate
clear obvious evident apparent
difficult hard challenging
easy simple straightforward
rare uncommon unusual
common widespread frequent
increase rise grow climb gain
decrease decline fall drop reduce lower diminish lessen
improve enhance better
accept adopt approve
reject refuse
support back endorse
lend borrow
pay spend cost
charge fee price
sell market
send dispatch ship transmit
carry transport convey bear
arrive reach come
leave depart exit
open launch
write author compose pen
direct director
found establish set founder
lead head run manage command leader
teach instruct train
learn study
study research investigation examine investigate
test trial examine
measure assess evaluate determine
compare contrast
describe characterise depict portray
explain clarify account
notify inform tell alert
ask request inquire
answer reply respond response
agree consent
forbid prohibit ban
stay remain
disappear vanish go
last continue persist endure
surround enclose encircle
cover span extend
roughly approximately
voter vote
award prize honour
marry wed marriage
born birth
old aged ancient
located situated lies sits stands
city municipality
population inhabitants residents
mainly mostly largely primarily chiefly predominantly
only solely exclusively
above over exceeding beyond
below under beneath
within inside
during throughout course
before prior
after following
between among
like such
accident crash
begin onset
signs symptoms
tumour cancer malignancy
dose dosage
hospital clinic
shot injection vaccination
infected infection
capacity hold
"""


def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, row in enumerate(_ROWS.strip().splitlines()):
        for word in row.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(rows) for word, rows in found.items()}


_GROUPS: Mapping[str, frozenset[int]] = _groups()
_NONE: frozenset[int] = frozenset()


def mean_the_same(one: str, two: str) -> bool:
    """Whether two stems are of the same word, or of words that can stand for each other."""
    return one == two or bool(_GROUPS.get(one, _NONE) & _GROUPS.get(two, _NONE))
