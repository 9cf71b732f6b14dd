"""What people ask a chat for that is no question about a subject, as forms (see `forms`).

Whatever a document may be called is "thedocument" here (see `frames`).
"""

from assistant.talk.forms import expression, read_slots, words_of

_SLOTS = read_slots(r"""
IT = it|this|that|them|these|those
DOCUMENT = thedocument
EVERYTHING = everything|[it] all [of (it|this|that|them)]|the whole (thing|lot)|[the|its|all|my] contents?|here
WHOLE = DOCUMENT|EVERYTHING|IT
THE_ANSWER = what you [just] said|(the|this|that|your|these|those) [last|previous] (answers?|claims?|statements?|reply|\
    response|information|info|facts?|numbers?|figures?|data)
ANSWER = IT|THE_ANSWER
DEGREE = [really|actually|very|so|quite|absolutely|completely|totally|entirely|fully|pretty|even|truly|definitely|just|all|\
    100|percent|hundred|still|always|indeed|that|a bit]*
ON_IT = [(about|on|of|to|upon|from|for|with) (ANSWER|DOCUMENT|(this|that|the) (topic|subject|matter))]
""")

_SUMMARY = r"""
IN_SHORT = (in|into|to|with|using) [a|an|the|its|just|only|about|very|one|two|three|four|five|ten|few|couple|of|short|\
    simple|brief|bullet|main|plain|50|100|200]* (sentences?|words?|lines?|points?|paragraphs?|bullets?|nutshell|short|\
    brief|summary|terms|english|minutes?|essence)
SHORTLY = [IN_SHORT|briefly|shortly|quickly|(for|to) (me|us)]*
MAIN = main|key|central|core|essential|important|principal|major|basic|crucial|vital|top|chief
SIZE = [short|brief|quick|general|high|level|rough|concise|executive|simple|overall|one|two|three|five|sentence|paragraph|\
    page|line|word|little|small|nice|good|comprehensive|complete|full|broad|big|first|plain|very|most]*
GIST = summary|summaries|overview|description|gist|synopsis|abstract|rundown|recap|tldr|digest|essence
POINT = points?|ideas?|messages?|takeaways?|facts?|things?|findings?|conclusions?|statements?|arguments?|thesis|content|\
    insights?|highlights?
OF_IT = [(of|on|for|about|from|in|to|behind) WHOLE]
TELL = say|tell|contain|state|argue|claim|mean|convey|present|describe|explain|offer
(summarise|summarize|summarising|summarizing|condense|shorten|recap|digest|abridge) [WHOLE|[the] SIZE MAIN POINT OF_IT] SHORTLY
(sum|summing|boil|break|strip) [WHOLE] (up|down) [WHOLE] SHORTLY
(explain|describe|introduce|present|sketch|review) DOCUMENT SHORTLY
[what (is|are|were)] [a|an|the|some|its] SIZE GIST OF_IT SHORTLY
[what is] [the|a] (big picture|bottom line|short (version|form)|long story short|main content) OF_IT
[what (is|are)] [a|the|its|some|all|your]* SIZE MAIN [and] [MAIN] [MAIN] POINT OF_IT
[what (is|are)] [the|its|some] (highlights|takeaways|take aways|essentials) OF_IT
what (is|are) DOCUMENT [all|mainly|mostly|actually|generally|really|basically|roughly] (about|on) [IN_SHORT]
what DOCUMENT (is|are) [all|mainly|actually] about
what (is|are|stands) [there] (in|inside|written in|said in|contained in) DOCUMENT
what (can|will|do) (i|we) (find|read|see|learn|have) (in|inside|from) DOCUMENT
what (do|does) WHOLE [all] (boil|come) down to
what (do|does|did) DOCUMENT TELL [me|us|to me]
what (do|does|did) the (authors?|writers?) [want to|try to|wants to|mean to] (say|argue|tell|convey|claim|mean) [us]
what (do|should|must) (i|we) [need to] know about DOCUMENT
what (have|did) (i|we|you) [just] (upload|uploaded|add|added|load|loaded)
[something|a bit|a little] about DOCUMENT
what can you (tell|say) [me|us] about DOCUMENT
[what is] [the|its] (purpose|aim|goal|point|subject|topic|theme|intention) of DOCUMENT
what am i (looking at|reading) [here]
IN_SHORT [what]
"""

_SUMMARY_AT_FIRST = r"""
what (is|are) IT [all|mainly|actually|really] (about|on)
what is all this about
what (is|are) (this|it|that|these|here|in (here|it|this)|inside)
what (do|does) IT (say|tell|contain|describe|explain) [me|us]
(explain|describe) IT [to me|briefly]
about IT
what (do|should) (i|we) [need to] know [about it]
"""

_TOPIC_SLOTS = read_slots(r"""
TOPIC = topics?|subjects?|themes?|sections?|subsections?|chapters?|headings?|headers?|headlines?|subheadings?|subtopics?
PART = TOPIC|parts|things|areas|issues|matters|titles|fields
ALL_THE = [(kinds?|sorts?|types?) of|section|chapter|all|the|main|key|different|various|available|major|its|other|important|of|\
    these|single]*
IN_IT = [that are|that is] [covered|discussed|addressed|mentioned|treated|included|found|contained] [there] \
    [(of|in|from|for|by|on) WHOLE|WHOLE (covers?|has|have)]
COVERED = covered|discussed|addressed|mentioned|treated|described|included|available|explained|dealt with|talked about|\
    in there|there|listed|presented|touched on
COVER = cover|have|discuss|treat|address|contain|include|mention|hold|describe|explain|go into|deal [with]|talk about|\
    speak (about|of)|consist of|touch [on|upon]|go (over|through)
STRUCTURED = structured|organised|organized|divided|built|arranged|split|composed|laid out|set up|put together
""")

_TOPICS = r"""
[list|name|enumerate|outline|overview] [of] [a|an|the] [list of|overview of|names? of] ALL_THE TOPIC IN_IT
(list|name|enumerate) ALL_THE PART (of|in) DOCUMENT
TOPIC (list|names|overview)
[what is] [on] [the|a|an|its] (table of contents?|contents? (table|list)|toc|contents|outline|structure|layout) [(of|for) WHOLE]
outline DOCUMENT
(what|which) ALL_THE TOPIC (is|are) [being] COVERED [(in|by|on) WHOLE|here]
(what|which) ALL_THE PART (is|are) [being] [COVERED] (in|by) DOCUMENT
(what|which) ALL_THE PART (do|does) DOCUMENT COVER
(what|which) ALL_THE PART (DOCUMENT|it) (COVER|covers|has|discusses|contains|includes|mentions|describes|deals with|talks about)
(what|which) ALL_THE TOPIC (there are|are there)
(what|which) ALL_THE TOPIC (do|does) IT COVER
(what|which) ALL_THE TOPIC (do you (cover|know|have)|can (i|we|you) (ask [you]|talk|answer|choose|discuss|chat) [about|from])
what (is|are) ALL_THE TOPIC IN_IT [called|named]
what (is|are) ALL_THE PART (of|in) DOCUMENT [called]
what (is|are) COVERED (here|(in|by) DOCUMENT)
what (do|does) DOCUMENT COVER
how (is|are) DOCUMENT STRUCTURED
how many TOPIC (are there|(do|does) WHOLE have) [in WHOLE]
"""

_TOPICS_AT_FIRST = r"""
what (do|does) IT COVER
what (is|are) COVERED [in (it|this|here)]
how (is|are) IT STRUCTURED
(what|which) ALL_THE PART (do|does) IT COVER
(what|which) ALL_THE PART are (COVERED|there)
"""

_MORE = r"""
DETAIL = details?|information|infos?|info|context|background|explanation|depth
IN_DETAIL = (in|with|at) [more|greater|full|further|some|any|much]* (details?|depth|length)
FURTHER = [any|some|a|bit|little|even|much|lots?|of|more|further|additional|extra|other|the|all|in|with|greater|deeper|full|\
    few|one|two|three|four|five]*
WORTH = [interesting|important|notable|relevant|significant|noteworthy|useful|new|worth (knowing|mentioning|noting)|\
    of (interest|note)]
FOUND = [that] [can you|could you|to|(you|i|we|one) [can|could|should|would|must|might|need to|want to|ought to|like to]] \
    [add|say|know|tell|share|find|found|mention|mentioned|read|learn|hear|offer|give|said|written|stated] [me|us]
SAYS = (do|does) (WHOLE|the author) (say|mention|tell|state|write|have to say) [me|us]|\
    (can|could|would|do|did) (you|we|i) (tell|say|know|have|add|share|find|offer) [me|us]|\
    (should|must|can) (i|we) (know|learn)|\
    (is|are) (there|said|written|mentioned|stated|in DOCUMENT) [to (say|know|tell|read|learn)]
FACT = aspects?|facts?|things?|information|details?|points?
[any|some|a bit|a little|a lot|even|much|lots|there (is|must be|has to be)|say|show|hear|know|learn|read|one|two|three|a few]* \
    more [DETAIL|sentences?|DOCUMENT|facts] [to (say|know|read|it)] ON_IT
(any|some|further|additional|extra|the|all|other|in|with|greater|deeper|full) FURTHER (details?|depth) ON_IT
(further|additional|extra|other|any (further|more|other)|some (more|further)|in more) FURTHER [WORTH] DETAIL WORTH ON_IT FOUND
details?
(anything|something|everything|nothing) (else|more|further) WORTH FOUND WORTH ON_IT [in DOCUMENT]
[so|and] what (else|more|further) [is] WORTH [SAYS] WORTH ON_IT [in DOCUMENT]
[any|some|the]* other (interesting|important|notable|relevant|significant) FACT FOUND [(about|in|of|on) WHOLE]
is (that|this|it) [really] (all|everything|it) [there is|you (have|know|found)|(it|DOCUMENT) says]
(elaborate|expand|enlarge|extend) [(on|upon) ANSWER|IT] [a bit|a little|some|further|more|in detail]*
(explain|describe|develop|say|discuss|answer|clarify) [ANSWER] (IN_DETAIL|[a bit|a little] more|further|better)
go (on|ahead|deeper|further|[deeper|further] into [more|greater|the|further|some] (details?|depth|it|that|this)) ON_IT
(continue|carry on|keep (going|reading|talking|it coming)|proceed|read on|resume) ON_IT [reading|talking|from there]
(next|next part|and|and so|and then|then|so|[and] then what|what (next|then)|(dig|dive) deeper) ON_IT
what comes (next|then|after (that|this))
[be] [a bit|a little] more (specific|detailed|precise|elaborate|thorough|explicit|concrete)
IN_DETAIL
(a|the) (longer|full|fuller|long|complete|detailed) (answer|version|story|explanation)
(do|does) WHOLE (say|mention|tell|have|state) [anything|something] (else|more|further) ON_IT [in DOCUMENT]
"""

_SOURCE = r"""
PLACE = passages?|sources?|quotes?|quotations?|citations?|references?|paragraphs?|sentences?|evidence|proofs?|excerpts?|\
    extracts?|footnotes|originals?|wording|snippets?
WHERE = passages?|pages?|sections?|paragraphs?|sentences?|lines?|chapters?|parts?|sources?|place|DOCUMENT
EXACT = [the|your|its|a|an|some|any|exact|original|full|literal|precise|relevant|supporting|whole|surrounding|very|direct|\
    verbatim|complete|corresponding|matching|actual|primary]*
FOR_IT = [(of|for|to|behind|from|with|on|about|supporting) ANSWER|that (says|supports|proves|shows) [ANSWER|so]|\
    ANSWER (is|was|comes|came) from|[that] you (used|use|quoted|cited|found|have) [for ANSWER]|in context|used|in DOCUMENT]
SHOWS = says?|said|states?|stated|supports?|supported|shows?|proves?|mentions?|confirms?|claims?|contains?
WRITTEN = written|stated|said|mentioned|documented|described|quoted|coming from|taken from|claimed
AT = [on|in|from|at] (what|which) WHERE [(of|in) DOCUMENT]
EXACT PLACE FOR_IT [needed|required|missing|exactly]
[the|its|exact|original|surrounding]* (original|exact|source) (words?|wording|sentence|DOCUMENT) FOR_IT
[the|its|exact|original|surrounding|whole]* (context|DOCUMENT around IT|DOCUMENT passage) FOR_IT
(what|which|where) (is|are|was|were) EXACT PLACE FOR_IT
(what|which) [exact|other] (passages?|pages?|sentences?|paragraphs?|sections?|sources?|lines?|DOCUMENT) [exactly]
(what|which) WHERE [(of|in) DOCUMENT] [exactly] SHOWS [ANSWER|so]
AT (is|was|are) ANSWER [WRITTEN] [on|in|from]
AT (did|do|does) ANSWER (come|stand|appear|stem) [on|in|from]
AT (did|do|does|can) (you|i|it|DOCUMENT) (find|get|take|read|say|use|quote|see) [ANSWER|so] [from|in]
(on|in|from) (what|which) WHERE [(of|in) DOCUMENT]
where [exactly] [in DOCUMENT] (do|does|did) (it|they|DOCUMENT|the author) [exactly] (say|state|mention|claim|write) [ANSWER|so]
where [exactly] [in DOCUMENT] (is|was|are) ANSWER WRITTEN [in DOCUMENT]
where [exactly] in DOCUMENT [(is|was|are|can i find|do i find|did you find|do you see) ANSWER [WRITTEN]]
where (is|was|are) (this|that|THE_ANSWER) from
where (did|do|have) you (get|got|find|found|read|see|take|have|taken|learn) [ANSWER] [from|written]
where (can|could|do|would|should) (i|we) (read|verify|check|look|see|find) [ANSWER] [up] (in DOCUMENT|for (myself|ourselves))
where (can|could|do) (i|we) (read|verify|check) (this|that) [up]
where (does|did|do) (this|that|the|your|these) (information|info|answer|claim|statement|quote|number|figure) (come|stem) from
where (it|DOCUMENT) says? [ANSWER|so]
where you (got|found|read|have|took) ANSWER [from]
(says who|who says [so|that|this]|according to (whom|who|what|which source))
how (do|did|can|would) you (know|find out|know about|come to|come up with|arrive at) [ANSWER|so|(that|this) conclusion]
what makes you (say|think|believe) [that|so|this]
what (is|are) (ANSWER|you) (based|basing IT) on
what (do|did) you base (ANSWER|your answers?) on
(based on what|on what basis|on what (is|are) ANSWER based)
(prove|support|justify|substantiate) ANSWER [with [a|the] PLACE]
back (ANSWER up|up ANSWER) [with [a|the] PLACE]
(cite|quote|reference) [ANSWER|EXACT PLACE|EXACT WHERE|DOCUMENT|the relevant part] [verbatim|exactly|literally|word for word]
what (do|does|did) (it|they|DOCUMENT|the passage) say (exactly|literally|verbatim|word for word)
what (do|does|did) (it|they|DOCUMENT|the passage) (exactly|literally|actually) say
what exactly (do|does) (it|DOCUMENT) say
IT in [its] context
"""

_CERTAINTY = r"""
SURE = sure|certain|positive|confident|serious|right|correct|convinced|mistaken|wrong|kidding|joking|guessing|lying|\
    hallucinating
TRUE = true|correct|right|accurate|so|certain|sure|a fact|the truth|the case|wrong|false|reliable|trustworthy|valid|for real|\
    real|factual|made up|a guess|a joke|for (sure|certain)
UNTRUE = wrong|false|untrue|incorrect|nonsense|mistaken|a mistake|an error|rubbish|a lie|made up|invented|impossible|\
    not (true|right|correct|so|accurate)
ABOUT = [(about|of|in|with|on) ANSWER|[that] ANSWER is TRUE]
[but|and|so] are you DEGREE SURE ABOUT [or not]
are you [just] (making|inventing) (ANSWER|things) [up]
[you [are]] DEGREE (sure|certain|positive) ABOUT
do you DEGREE (think|believe) (so|[that] ANSWER is TRUE)
how DEGREE (sure|certain|confident) you are ABOUT
how DEGREE (reliable|accurate|certain|sure|true|correct) (this|that|THE_ANSWER) is
i find (that|it|this) (hard|difficult) to believe
(that|this|it) is (hard|difficult) to believe
what (is|are) the (odds|chances?|probability|likelihood) [(that|of)] ANSWER [is|being] TRUE
[oh|wait|what|is that|is this] (really|seriously|honestly|truly) [now|true|sure|so|though]
(for real|no way|no kidding|you (are|must be|have to be) (kidding|joking) [me])
how DEGREE (sure|certain|confident|positive|convinced) (are|can|could) you [be] ABOUT
how DEGREE (reliable|accurate|trustworthy|certain|sure|true|correct|right|confident) (is|are) (this|that|THE_ANSWER)
how (likely|probable) is ANSWER [that ANSWER is|to be] TRUE
[but] is ANSWER DEGREE TRUE
is (that|this|it) DEGREE what (it|DOCUMENT|they) (says?|states?|means?)
(ANSWER|you|it) (is|are|must be|might be|could be|may be|seems?|looks?|sounds?|has to be) DEGREE UNTRUE
(ANSWER|you|it) (is|are|can|does|do|could) not DEGREE [be|sound|look|seem] DEGREE (true|right|correct|so|accurate|serious)
(can|could|should|may|do) (i|we|one|you) DEGREE (trust|rely on|believe|depend on|count on|stand by) (ANSWER|you)
(can|could|should) (i|we) be (sure|certain) [of|about] [ANSWER]
(can|could|might|may) (ANSWER|you|there) be (UNTRUE|TRUE|trusted|relied on)
i (do not|can not|can hardly|hardly) DEGREE (believe|trust) (ANSWER|you)
i [really|strongly] doubt (ANSWER|you)
[i am] not DEGREE (sure|convinced|certain) ABOUT
(did|have|do) you [just] (make|made|invent|invented|hallucinate|hallucinated|guess|guessed|dream) ANSWER [up]
(double check|check|recheck|verify|confirm|doublecheck) [ANSWER] [again|once more]
(do|does) (it|DOCUMENT) (really|actually|truly) (say|state|mention|claim) [ANSWER|so]
[what is] (your|the) (confidence|certainty) [level|score] [(in|about|of) (that|this)]
confidence [level|score]
how (can|do|could) (you|i|we) be DEGREE (sure|certain) ABOUT
how (can|do|could) (you|i|we) know [if|whether|that] ANSWER is TRUE
is (it|that|this) really
"""

_CAPABILITIES = r"""
SELF = [a|an|the] [real|human|actual]* (bot|robot|chatbot|chat bot|human [being]|person|machine|ai|a i|chatgpt|gpt|llm|\
    language model|computer|program|real|alive|intelligent|assistant|someone|search engine|artificial intelligence)
TOOL = (this|the) (tool|app|application|chat|chatbot|bot|site|website|program|service|assistant|software|system|interface)
(who|what) [exactly] are you [exactly]
who is (this|there|footnote)
(who|whom|what) am i (talking|speaking|chatting|writing) (to|with)
(is (this|there)|am i (talking|speaking|chatting|writing) (to|with)) SELF
[what is|and] (your|you) name
(do you have a name|what are you called|what (should|can|may|shall) i call you)
are you [even|really|just|actually]* SELF [or [just] SELF]
you are [just|only] SELF [are not you|right]
what [else] (can|could|will) you (do|help|offer|answer|help [me] with|do for (me|us)|tell me|do with WHOLE)
what you [can|could|are able to] (do|know|answer|help [me] with) [for me]
who you are
how you work
what do you know about
(what|which) [kinds? of|sorts? of]* things can you (do|help with|answer) [for (me|us)]
what (do|can|are) you (do|able to do|capable of [doing]|good (at|for)|for|made for|here for|know|supposed to do)
[what are|what] [the|some|kinds? of]* things [that|which] (i|you) (can|could) (do|help|ask|answer) [with|you|me|for me]
[how|what|with what] (can|could) you [please] (help|assist) [me|us|here|out]*
(help|assist) [me|us|out|needed|menu|page]*
[some|your|a bit of] (help|assistance)
how (does|do) (you|footnote|TOOL) (work|function|operate) [exactly]
how (do|can|should|could|would) (i|we|one) (use|work with|talk to|chat with|get started with|ask) (you|footnote|TOOL)
what (can|could|should|may|do|shall|might) (i|we) (ask [you] [about]|do here|ask here|use you for|say to you)
(what|which) [kinds? of|sorts? of|types? of] (questions|things) (can|could|should|may|do) (i|we|you) (ask|answer|handle) [you]
[some|a few|an|any|good]* (sample|example|suggested|possible|examples? of) questions? [that] [(i|we) (can|could) ask [you]]
suggest [some|a few|a] questions? [to ask]
(can|do|will) you answer [my|any|all]* questions [about WHOLE]
[what (are|is)] your (features?|capability|capabilities|functions?|purpose|abilities|limits|skills|job|role|task|limitations)
[a bit|a little|something|more] about (yourself|you)
(introduce|describe|explain|present) yourself
who (made|built|created|wrote|programmed|developed|trained|designed|invented|owns|is behind) you
(how were you (made|built|trained|created)|where (are|do) you [come] from|how old are you)
what is footnote
(what|which) languages? (do|can) you (speak|know|understand|read|support)
do you (speak|understand|know) (english|german|french|spanish|italian|chinese|other languages)
(what|which|how many) DOCUMENT (do|can) you (have|know|use|hold|know about|see|search|read) [access to]
(what|which|how many) DOCUMENT are (there|loaded|available|indexed|uploaded|in scope|here)
(what|which|how many) DOCUMENT have (i|you|we) (uploaded|loaded|added)
(what|which) DOCUMENT can (i|we) (ask [you] about|search|read|use|see)
(list|name|enumerate) DOCUMENT
(what|which) are [the|your] [available|loaded|uploaded|indexed] DOCUMENT
(what happens here|where am i|what is possible here)
"""

_CAPABILITIES_AT_FIRST = r"""
TOOL = tool|app|application|chat|chatbot|bot|site|website|program|service|assistant|software|system|interface|thing|page
how (does|do) (this|it|that|this thing|this page|everything) (work|function|operate)
how (do|can|should|could) (i|we) (use|work with|operate|get started with|start with) (this|it|that|this thing)
how (do|can) (i|we) (start|begin|get started)
what is (this|the) TOOL [for]
what is (this|it) for
"""

_SHORTER = r"""
BRIEF = brief|briefer|shorter|short|concise|more concise|less long|quicker
COULD = [(can|could|would|will) you [please]]
[a bit|a little|much|even|in]* BRIEF [(answer|version|one|sentences?|form)]
COULD (be|make it|keep it|say it|say that|put it|answer|give it|make that|keep that) [a bit|a little|much|even|more]* BRIEF
COULD (give|tell|show) me [the|a|an] [much|even]* BRIEF (answer|version|one|form)
COULD (shorten|condense|trim|cut) ANSWER [down|short|a bit|a little]*
(in|with|as) [just|only|about]* (one|a single|a) [short|single]* (sentence|line|phrase)
[that|this|it] [(is|was)] [way|much|far|a bit|a little]* too (long|much|wordy|detailed) [text|information|detail|for me]*
(just|only) [give me] the [short|main|best] (answer|sentence|one|point)
[the] (short|main|best) (answer|sentence|version) [only]
COULD [just|only|simply]* (answer|say|reply|tell me|give me) [it|that|with|by|just|only|simply|a|a simple|a clear]* \
    yes or no [answer]
[just|only|simply|a|a simple|a plain|a clear]* yes or no [answer]
"""

_MORE_AFTERWARDS = r"""
i [still|really|just]* (do not|did not|can not|could not) [quite|really|fully]* (understand|get|follow|see) \
    [that|this|it|the answer|you|what you mean|what that means|what it means|what this means]
(that|this|it|the answer) (is|was) not [very|really|quite|entirely]* (clear|understandable|comprehensible) [to me|enough]
(that|this|it|the answer) (makes|made) no sense [to me]
"""

_OBJECTION = r"""
ASKED = asked|meant|wanted|was asking|was looking for|am asking|am looking for|mean|want|need|needed|asked for
(no|nope|nah|no no|no it is not|no that is not it|wrong|incorrect|nonsense|rubbish)
[that|this|it] [(is|was)] not [really|quite|exactly|at all|even]* [what|the thing|the one] (i|we) ASKED \
    [for|about|to know|at all]*
(that|this|it|you) (does|do|did|has|have) not [really|even|quite]* (answer|answered|address) [my|the] (question|it|that)
(that|this|it) (is|was) [not (an|the)|no] answer [to (my question|that|it)]
you [completely|totally]* (misunderstood|misread|misunderstand) [me|my question|the question|that|it]*
you (are not|did not) (answer|answering|get|understand) [me|it|my question|the question|that]
i (ASKED) (something|anything) (else|different)
wrong (answer|one|thing|part|passage|sentence|question)
not (that|this|it|that one|this one)
"""

ALWAYS = {
    "certainty": expression(_CERTAINTY, _SLOTS),
    "source": expression(_SOURCE, _SLOTS),
    "more": expression(_MORE, _SLOTS),
    "topics": expression(_TOPICS, _SLOTS | _TOPIC_SLOTS),
    "summary": expression(_SUMMARY, _SLOTS),
    "capabilities": expression(_CAPABILITIES, _SLOTS),
}
"""Kind → its forms; a clause is of the first kind that fits."""

AT_FIRST = {
    "summary": expression(_SUMMARY_AT_FIRST, _SLOTS),
    "topics": expression(_TOPICS_AT_FIRST, _SLOTS | _TOPIC_SLOTS),
    "capabilities": expression(_CAPABILITIES_AT_FIRST, _SLOTS),
}
"""Those that count only before anything was asked: later, "it" is what was talked about."""

AFTERWARDS = {
    "shorter": expression(_SHORTER, _SLOTS),
    "objection": expression(_OBJECTION, _SLOTS),
    "more": expression(_MORE_AFTERWARDS, _SLOTS),
}
"""Those that count only after something was asked, before the others: "in one sentence" asks for no summary then."""

WORDS = words_of([*ALWAYS.values(), *AT_FIRST.values(), *AFTERWARDS.values()])
