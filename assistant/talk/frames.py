"""What may stand around a request, and in it for the document."""

from __future__ import annotations

import re
from functools import cache

from assistant.talk.forms import expression, words_of

_END = r"(?= |$)"

_DOCUMENT = expression(
    r"""
PAPER = documents?|docs?|texts?|articles?|papers?|files?|pdfs?|books?|booklets?|reports?|manuals?|guides?|handbooks?|\
    brochures?|leaflets?|essays?|uploads?|materials?
[(all|both|each|every) [of]] [the|this|that|these|those|my|our|your|its|whole|entire|complete|full|uploaded|current|single]* \
    PAPER [(i|we) [have] (uploaded|added)|here]
""",
    {},
)

_OPENINGS = expression(
    r"""
(please|kindly|just|so|and|but|ok|okay|well|now|then|also|maybe|actually|again|sorry|yes|hmm|um|oh|ah|quickly|briefly|simply)
(can|could|would|will) you [be so kind [as] to|like to|please|kindly|just|maybe|perhaps|quickly|briefly]*
(can|could|may) (i|we) [please] (see|have|get|hear|read|know)
(i|we) (would|want|need|wish|have) [really|just] [like|love|you] [you] [to (see|have|get|hear|read|know|learn|find out)|to]
(do you have|have you got|is there|was there|are there|is it possible to|would you mind|how about)
(give|show|get|provide|offer|write|make|bring|tell|read|send|display|print|present|do|generate|create|open) [me|us] [with]
let (me|us) (see|have|hear|know|get|read)
(i|we) (want|need|would like) you to
(i am|we are) (looking for|interested in|curious about)
(explain|describe) [to (me|us)]
what would you say (is|are)
[a|an|the|some|any|rough|general]* (idea|impression|sense|picture) of
[can you|could you] (point|take|direct|lead|send) (me|us) to
(what is|what are)
""",
    {},
)
ASIDE = frozenset(
    "please kindly just maybe perhaps exactly actually really basically simply quickly briefly also still both".split()
)
"""Words that a request can do without."""

_CLOSINGS = expression(
    r"""
(please|thanks|thank you|for (me|us)|to (me|us)|now|again|then|though|here|mate|footnote|if (you can|possible)|in advance|first)
(quickly|briefly|today|or (not|what))
""",
    {},
)
WORDS = words_of([_DOCUMENT, _OPENINGS, _CLOSINGS]) | ASIDE


@cache  # compiled when they are first needed: it takes a tenth of a second
def compiled(expression: str) -> re.Pattern[str]:
    """Return a regular expression, compiled."""
    return re.compile(expression)


def with_document(words: str) -> str:
    """Return plain words with "thedocument" for all that a document may be called: "these files", "my paper"."""
    return compiled(_DOCUMENT + _END).sub(" thedocument", words)


def without_opening(words: str) -> str | None:
    """Return a clause without what may stand before a request ("could you please"); None if it begins with no such thing."""
    opening = compiled(_OPENINGS + _END).match(words)
    return words[opening.end() :] if opening else None


def without_closing(words: str) -> str | None:
    """Return a clause without what may stand after a request ("please"); None if it ends with no such thing."""
    closing = compiled(_CLOSINGS + "$").search(words)
    return words[: closing.start()] if closing else None
