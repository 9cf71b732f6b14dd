"""Units of measurement and of money, by all their names, with what they are of the unit that their kind is counted in."""

from __future__ import annotations

from collections.abc import Mapping

_TABLE = """
mass 1 g gram grams gramme grammes
mass 1e-3 mg milligram milligrams milligramme milligrammes
mass 1e-6 µg μg ug mcg microgram micrograms
mass 1e-9 ng nanogram nanograms
mass 1e-12 pg picogram picograms
mass 1e3 kg kilo kilos kilogram kilograms kilogramme kilogrammes
mass 1e6 tonne tonnes t ton tons
mass 453.59237 lb lbs pound pounds
mass 28.349523125 oz ounce ounces
mass 6350.29318 stone stones
length 1 m metre metres meter meters
length 1e-1 dm decimetre decimetres
length 1e-2 cm centimetre centimetres centimeter centimeters
length 1e-3 mm millimetre millimetres millimeter millimeters
length 1e-6 µm μm um micron microns micrometre micrometres micrometer micrometers
length 1e-9 nm nanometre nanometres nanometer nanometers
length 1e3 km kilometre kilometres kilometer kilometers
length 1609.344 mi mile miles
length 0.9144 yd yard yards
length 0.3048 ft foot feet
length 0.0254 inch inches
length 1852 nmi
length 1.8288 fathom fathoms
length 9.4607e15 lightyear lightyears
area 1e4 ha hectare hectares
area 4046.8564224 acre acres
volume 1 l litre litres liter liters
volume 1e-1 dl decilitre decilitres deciliter deciliters
volume 1e-2 cl centilitre centilitres centiliter centiliters
volume 1e-3 ml millilitre millilitres milliliter milliliters cc
volume 1e-6 µl μl ul microlitre microlitres microliter microliters
volume 3.785411784 gal gallon gallons
volume 0.473176473 pint pints
volume 0.946352946 quart quarts
volume 158.987294928 barrel barrels
time 1 s sec secs second seconds
time 1e-3 ms millisecond milliseconds
time 60 min mins minute minutes
time 3600 h hr hrs hour hours hourly
time 86400 d day days daily
time 604800 week weeks weekly wk wks
time 1209600 fortnight fortnights fortnightly
months 1 month months monthly
months 3 quarterly
months 12 year years yearly annual annually yr yrs annum
months 120 decade decades
months 1200 century centuries
months 12000 millennium millennia
power 1 w watt watts
power 1e3 kw kilowatt kilowatts
power 1e6 mw megawatt megawatts
power 1e9 gw gigawatt gigawatts
power 745.7 hp horsepower
energy 1 j joule joules
energy 1e3 kj kilojoule kilojoules
energy 4.184 cal calorie calories
energy 4184 kcal kilocalorie kilocalories
energy 3.6e6 kwh
energy 3.6e9 mwh
voltage 1 v volt volts
voltage 1e3 kv kilovolt kilovolts
current 1 amp amps ampere amperes
current 1e-3 ma milliamp milliamps
resistance 1 ohm ohms
frequency 1 hz hertz
frequency 1e3 khz kilohertz
frequency 1e6 mhz megahertz
frequency 1e9 ghz gigahertz
pressure 1 pa pascal pascals
pressure 1e3 kpa
pressure 1e5 bar bars
pressure 133.322 mmhg
pressure 6894.757 psi
pressure 101325 atm atmosphere atmospheres
data 1 byte bytes
data 1e3 kb kilobyte kilobytes
data 1e6 mb megabyte megabytes
data 1e9 gb gigabyte gigabytes
data 1e12 tb terabyte terabytes
force 1 n newton newtons
amount 1 mol mole moles
amount 1e-3 mmol millimole millimoles
amount 1e-6 µmol μmol umol
speed 1 knot knots
sound 1 db decibel decibels
celsius 1 °c celsius centigrade
fahrenheit 1 °f fahrenheit
kelvin 1 kelvin kelvins
part 1e-2 % percent percentage pct
part 1e-3 ‰
part 1e-6 ppm
points 1 pp
times 1 times fold x-fold
dollars 1 $ usd dollar dollars
dollars 1e-2 cent cents
euros 1 € eur euro euros
sterling 1 £ gbp pound pounds quid
yen 1 ¥ jpy yen
rupees 1 ₹ inr rupee rupees
francs 1 chf franc francs
crowns 1 sek nok dkk krone kroner krona kronor crown crowns
yuan 1 cny rmb yuan renminbi
roubles 1 rub rouble roubles ruble rubles
pesos 1 mxn peso pesos
wons 1 krw
score 1 point points
"""

Dimension = tuple[str, float]
"""The kind of a unit, and how much of the unit in which that kind is counted it is."""

UNITS: dict[str, tuple[Dimension, ...]] = {}
"""Name of a unit → what it may be: a pound is a weight and money."""

for _row in _TABLE.strip().splitlines():
    _kind, _size, *_names = _row.split()
    for _name in _names:
        UNITS[_name] = (*UNITS.get(_name, ()), (_kind, float(_size)))

SCALES: Mapping[str, float] = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "hundreds": 1e2, "thousands": 1e3,
    "millions": 1e6, "billions": 1e9, "lakh": 1e5, "crore": 1e7, "bn": 1e9, "mn": 1e6, "mio": 1e6, "k": 1e3,
}  # fmt: skip
"""Words that multiply the number before them."""

TIMES_OF = frozenset({"time", "months"})
"""Kinds whose units are said without a number too: "weekly", "a few days"."""

AMBIGUOUS = frozenset(
    "g m t l s d h v w j n a min sec stone stones foot feet yard yards bar bars mole moles times point points pound pounds "
    "second minute quarterly crown crowns ton tons score atmosphere fold inch k cal hp um ms mb ma".split()
)
"""Units whose names are other words or letters too; they are units only after a number."""
