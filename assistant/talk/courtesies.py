"""What people say to be kind, as forms (see `forms`), and a question without it."""

from __future__ import annotations

import re

from assistant.talk.clauses import Clause, find_clauses
from assistant.talk.forms import expression, expressions, read_slots, words_of

FILLER = "filler"
"""What says nothing, and is neither of the others."""

_SLOTS = read_slots(r"""
FRIEND = [again|there|footnote|bot|robot|all|everyone|everybody|anybody|friends?|my|dear|mate|buddy|folks|team|assistant|sir|\
    madam|mister|miss|to you|you too|too|chat|guys?|back|world|man|dude|bro|pal|boss|boy|girl|chap|lovely|people]*
GOOD = good|great|perfect|awesome|excellent|wonderful|brilliant|cool|super|amazing|fantastic|lovely|nice|neat|sweet|splendid|\
    impressive|interesting|fascinating|helpful|useful|clear|clever|smart|intelligent|fine|handy|superb|marvellous|fabulous|\
    terrific|kind|informative|outstanding|incredible|funny|fun|sharp|quick|right|correct|not bad|the best|\
    a (star|genius|legend|lifesaver)
GOOD_ONE = [one|job|work|answers?|stuff|point|explanation|to (know|hear)|bot|thing|summary|response|news|reply|idea|tool|help|\
    overview|info|information|enough|conversation|talk]
EVER = [really|very|so|quite|super|just|the|a|an|such|extremely|most|exactly|pretty|always|all]*
DEARLY = [[ever] so much|very much [indeed]|a (lot|bunch|million|ton)|again|anyways?|in advance|once (more|again)|everyone|\
    footnote|mate|friend|buddy|man|bro|dude|indeed|loads|lots|kindly|dear|all|guys|bot|though|to you|you|for now]*
LATER = [later|soon|tomorrow|around|again|then|next (time|week)|another time|some time|for now|everyone|all|footnote|now|\
    friend|mate|you|and|there|bot|until]*
OF_YOURS = [all|of|your|the|this|that]*
THING = [good|great|nice|quick|clear|kind|helpful|useful|patient|detailed|long]* (help|answers?|explanations?|info|information|\
    time|effort|support|summary|clarification|patience|assistance|reply|replies|response|work|quotes?|sources?|tips?|hint)
""")

_GREETING = r"""
HELLO = hi|hii|hie|hiee|hello|hey|heya|heyo|heyho|hiya|hullo|howdy|greetings|hallo|halo|hola|bonjour|yo|yoo|sup|salut|aloha|\
    welcome|good (morning|afternoon|evening|day)|morning|evening|afternoon|gday|guten (tag|morgen)
HELLO [HELLO] FRIEND
how (are|is|have) (you|things|life|everything|it|your day|all) [doing|going|been|feeling] [today|now|so far|lately|all]*
how is it going [today|so far]
how do you do
(what is|what) (up|cooking) FRIEND
what is new with you [today|there]*
long time no see
(i am|we are|it is) (back|here|me) [again]
[it is] (nice|pleased|good|glad|great|lovely|a pleasure) to (meet|see|know) you [too|again|here]*
[is] (anybody|anyone|somebody|someone) (there|here|home|around|at home)
are you [still] (there|ok|okay|well|awake|ready|online|here|fine|listening|working) [today]
(you there|can you hear me)
[i] hope (you|all|everything|things) (are|is) [doing|going] (well|fine|ok|okay|good|great) [today]
[what a|it is] (lovely|nice|beautiful|terrible|bad|awful|great|fine|wonderful) (weather|day) [today|outside|we are having]*
"""

_THANKS = r"""
[many|so|a|big|great|lots of|a thousand|warm|no|with|all my|well|yes]* \
    (thanks|thank|thank you|thankyou|thx|thanx|tnx|ty|cheers|merci|danke|gracias|much obliged|much appreciated|appreciated) \
    DEARLY \
    [for (that|this|everything|(helping|explaining|answering|clearing) [me|that|this|it] [up|out]|OF_YOURS THING)] \
    [with (that|this|it)|DEARLY]
[i|we] [really|do|very much|greatly]* appreciate (it|that|this|you|[all] (your|the) THING) [a lot|very much]
i am (very|so|really) grateful [to you]
you [have] [just] (saved me|made my day|helped me) [a (trip|lot)|so much|(lots|plenty) of time|time]
you (rock|rule)
i (love|like) (it|this|that|you|your answers?)
(that|this|it|you|your answer|everything) (is|are|was|were|has been|seems) EVER (GOOD|ok|okay) GOOD_ONE [FRIEND|indeed|now]
[that|this|it] [sounds|looks] EVER GOOD [and GOOD] GOOD_ONE [you are|of you|for me|indeed|now|work]*
what (a|an) EVER GOOD GOOD_ONE [you are|of you|for me|indeed|now]
how [very|really] (nice|kind|lovely|sweet|cool|great|wonderful|interesting|fascinating|helpful|funny|amazing|brilliant|clever) \
    [of you|indeed|that is|this is|you are]
[that|this|it|which] [really|just|already] (helps|helped|works|worked|is enough|will do) [a lot|me|us|very much|for me|out|now]*
[that|this] (answers|answered) my question
[that|this] (clears|cleared) (it|that|this|things|everything) up [nicely|for me]
(ok|okay|okey|okie|oki|k|kk|alright|all right|alrighty|agreed|noted|understood|roger|got it|got that|gotcha|i got it) FRIEND
(i see|i get it|i understand [now]|i understood|aha|wow|whoa|hurray|hooray|yay|haha|hahaha|hehe|lol)
(fair enough|point taken|good enough|no problem|no worries|never mind|nevermind|my bad|sorry|oops|apologies)
[that|this|it|now it] [all] [really|totally] (makes|made) [perfect|total|a lot of|more] sense [now|to me]*
well done
[(that|this|it) (is|was)] [exactly|just|precisely|all|everything|what|that]* \
    (i|we) (needed|wanted|want|need|was (after|looking for)) [to (know|hear|see|read)]
i am [very|so|really] (impressed|happy|satisfied|glad|pleased) [with (it|that|this|your (answer|response|reply))]
(exactly|precisely|indeed|true|correct)
"""

_FAREWELL = r"""
(goodbye|good bye|bye bye|byebye|bye|byee|farewell|so long|cheerio|adios|ciao|au revoir|cya|see you|laters|later) LATER
(exit|quit)
(catch|talk to|speak to) you (later|soon|tomorrow|again|next time) LATER
(until|till) (then|later|tomorrow|soon|next time|we meet again)
(good night|goodnight|night night|sleep well|sweet dreams) FRIEND
[and|you|i hope you]* (have|enjoy) (a|an|the|your) [very] [nice|good|great|lovely|wonderful|pleasant|rest of [the|your]]* \
    (day|one|evening|weekend|night|time|week|afternoon|holiday|morning) [ahead|too|off|everyone]*
take care [of yourself] FRIEND
(all the best|best wishes|kind regards|best regards)
[i|we] [really] (have to|must|have got to|need to|will|am going to|are going to|should) \
    (go|leave|run|be off|log off|be going|get going|stop here) [now|then|soon]*
(i am|we are) [all] (done|off|leaving|finished|out|through) [here|now|for (today|now|the day)|then|today|home]*
(signing off|logging off)
i will leave (it|you) (there|at that|to it|now|for now)
[i think] (that is|that was|that will be|that would be) (all|it|everything) [for (now|today|me|the moment)|from me|today|then]*
[i have] no (more|further|other) questions [for now|from me|today]*
(nothing else|nothing more|done) [for (now|today)|thanks]*
"""

_FILLER = r"""
(hmm|hm|um|uh|er|oh|ah|well|eh|wait|hang on|one moment|so|look|listen|you know|by the way|btw|anyway|please|footnote|excuse me)
(is not it|is it not|are not you|do not you think)
(one (last|more) (thing|question)|[a] (quick|short|another|last|next|small|follow up) question)
i have (a|another|one more|one last) [quick|short|small] question [for you]
(i|we) (have|did|do|had) not (read|looked at|seen|have [the] time to read|want to read) \
    (it|this|that|them|the (document|text)) [yet|all]*
"""

_COURTESIES = [
    (name, re.compile(form + r"(?= |$)"))
    for name, forms in (("greeting", _GREETING), ("thanks", _THANKS), ("farewell", _FAREWELL), (FILLER, _FILLER))
    for form in expressions(forms, _SLOTS)
]

WORDS = words_of(form.pattern for _, form in _COURTESIES)


def find_courtesies(words: str) -> list[tuple[int, str]]:
    """Return where the courtesies end that a clause may begin with, and their kinds; the longest first."""
    return sorted({(match.end(), name) for name, form in _COURTESIES if (match := form.match(words))}, reverse=True)


NAMED = re.compile(
    expression(
        r"""
[so|and|ok|okay|well|oh]* (hi|hello|hey|hallo|good (morning|afternoon|evening|night)|bye|bye bye|goodbye|cheers)
[so|and|ok|okay|well|oh|great|perfect|many]* (thanks|thank you) [so much|very much|a lot]
""",
        {},
    )
    + r" (?P<name>[^\W\d_]+)"
)
"""A courtesy with a name that nobody knows: "hello Sara"."""

_BEFORE_A_QUESTION = re.compile(
    r" (?:(?:ok|okay|great|oh|many) )*"
    r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening)|thanks|thank|thx|cheers)\b"
)
_RUN_ON = re.compile(
    r"\W*(?:hi|hello|hey|thanks|thank you|ok|okay|good (?:morning|afternoon|evening))(?: there| footnote| again| so much)?\s+"
    r"(?=(?:what|which|who|whose|whom|when|where|why|how|can|could|would|please|tell|is|are|does|do|did|i)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r" (?:(?:so|and|but|then|now|also|please) )*(?:what|which|who|whose|whom|when|where|why|how|can|could|would|will|should|is|"
    r"are|was|were|does|do|did|has|have|tell|give|show|list|name|explain|describe|define|compare|i|let)\b"
)
_TAKEN_BACK = re.compile(r" (?:sorry|oops|my bad|apologies|never ?mind|wait|hang on)\b")
_STOPS = ".!?\n"


def without_courtesy(text: str) -> str:
    """Return a question without the greeting, thanks and the like around it; itself if there is nothing else in it.

    "Hi! What is immunotherapy?" asks "What is immunotherapy?"; "Hello, Dolly" and "Sorry, I meant the vaccines" stay.
    """
    clauses = find_clauses(text)
    said = [_courtesies(clause.words) for clause in clauses]
    first, last = 0, len(clauses)
    while first < last - 1 and said[first] is not None and _goes_before(clauses[first], clauses[first + 1]):
        first += 1
    while last - 1 > first and said[last - 1]:
        last -= 1
    if not any(said[:first]):  # fillers alone stay: "Oh, I misread the display"
        first = 0
    if not clauses or said[first] is not None:
        return text
    start, end = clauses[first].start, clauses[last - 1].end
    is_asked = "?" in clauses[last - 1].mark + clauses[-1].mark
    asked = text[start:] if last == len(clauses) else text[start:end] + "?" * is_asked
    run_on = _RUN_ON.match(asked)
    return (asked[run_on.end() :] if run_on else asked).strip()


def _courtesies(words: str) -> list[str] | None:
    """Return the courtesies that a clause consists of, without fillers; None if it says something else."""
    found: list[str] = []
    while words:
        end, name = next(iter(find_courtesies(words)), (0, ""))
        if not end:
            return None
        found += [name] if name != FILLER else []
        words = words[end:].removeprefix(" and")
    return found


def _goes_before(clause: Clause, following: Clause) -> bool:
    """Whether a courtesy stands before a question, and is not what that one begins with."""
    if _TAKEN_BACK.match(clause.words):
        return False
    is_apart = any(stop in clause.mark for stop in _STOPS)
    return is_apart or bool(_BEFORE_A_QUESTION.match(clause.words)) or bool(_ASKS.match(following.words))
