"""The engine that lets a chat model write: every statement is held to its quotes, and shown only when it stands."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answer import Answer, Citation, Outcome, Statement, Unsupported, cite, together
from assistant.calibration import probability
from assistant.extractive import Decision
from assistant.generative.asking import Asking
from assistant.generative.chat import ChatModel
from assistant.generative.request import make_request
from assistant.verification import Claim, Located, Verdict
from corpus.errors import ChatModelError, ChatReplyError, SettingsError
from index import Library

if TYPE_CHECKING:
    from assistant.chain import Engine
    from assistant.verification.verifier import Verifier

CUT = "Not all of the answer came; what did was checked as usual."
ANOTHER = "Its quote is about another one than the question names."
INSTEAD = "The chat model gave no answer, so these are the document's own sentences."


class GenerativeEngine:
    """Asks a chat model about the passages, and checks what it says.

    The model is asked even where the reader finds no answer, which it does too often, but never without a passage.

    The confidence of an answer is that of the reader, c, raised by how well the quotes support the statements: it is
    1 - (1 - c) (1 - s), where s is the mean of the reader's probabilities that they do. Where the model finds no answer, or
    none that stands, it is c / 2: two have read the passages, and one of them says no. So of two questions with the same c,
    the one that is answered ranks above the other.
    """

    name = "generative"

    def __init__(self, index: Library, chat: ChatModel, verifier: Verifier, fallback: Engine | None = None) -> None:
        """
        :param fallback: Answers when the chat model fails, and says so; None to raise.
        """
        self._index = index
        self._chat = chat
        self._verifier = verifier
        self._fallback = fallback

    def answer(self, blank: Answer, decision: Decision) -> Iterator[Answer]:
        """Yield the answer as it grows, a statement at a time, each verified; last with what did not stand.

        :raises SettingsError: the model's name is none, or its provider's package is not installed.
        :raises ChatModelError: it cannot be asked, does not answer, or not in a way that can be used.
        """
        if not decision.retrieved:
            return
        try:
            yield from self._written(replace(blank, model=self._chat.name), decision)
        except (ChatModelError, SettingsError) as error:
            if self._fallback is None:
                raise
            notice = together(f"{INSTEAD} {error}", blank.notice)
            yield from _instead(self._fallback, replace(blank, engine=self._fallback.name, notice=notice), decision)

    def _written(self, blank: Answer, decision: Decision) -> Iterator[Answer]:
        request = make_request(blank.searched_for, blank.question, decision.retrieved, self._chat.window, self._chat.count)
        asking = Asking(self._chat, request)
        answer = blank
        support: list[float | None] = []
        with closing(_unlike(asking.claims())) as claims:
            for claim in claims:
                verdict = _of_asked(self._verifier.verify(claim, request.passages), decision)
                if verdict.stands and claim.text not in [statement.text for statement in answer.statements]:
                    support.append(verdict.support)
                    answer = self._with_statement(answer, claim, verdict)
                    answer = replace(answer, confidence=raised(decision.confidence, support))
                    yield answer
                else:
                    answer = _without_support(answer, Unsupported(claim.text, verdict.reason))
        if not answer.statements:
            if asking.cut:
                raise ChatReplyError(asking.cut)
            answer = replace(answer, confidence=decision.confidence / 2)
        yield replace(answer, raw=asking.raw, notice=together(f"{CUT} {asking.cut}" if asking.cut else "", blank.notice))

    def _with_statement(self, answer: Answer, claim: Claim, verdict: Verdict) -> Answer:
        """Return the answer with one statement more; each of its places has a footnote of its own."""
        first = sum(len(statement.citations) for statement in answer.statements) + 1
        places = {(place.item.document, place.span): place for place in verdict.places}
        citations = tuple(self._citation(number, place) for number, place in enumerate(places.values(), first))
        statements = (*answer.statements, Statement(claim.text, citations))
        unsupported = tuple(one for one in answer.unsupported if one.text != claim.text)
        return replace(answer, outcome=Outcome.ANSWERED, closest=(), statements=statements, unsupported=unsupported)

    def _citation(self, number: int, place: Located) -> Citation:
        return cite(number, self._index.document(place.item.document), place.span, place.item.passage.heading)


def _of_asked(verdict: Verdict, decision: Decision) -> Verdict:
    """Return a verdict that does not let a quote about ward 4 stand where the question asks about ward 5."""
    if verdict.stands and any(decision.is_about_another(place.item, place.span) for place in verdict.places):
        return replace(verdict, reason=ANOTHER)
    return verdict


def _unlike(claims: Generator[Claim]) -> Generator[Claim]:
    """Yield each claim once: a small model may go round in circles."""
    seen: set[Claim] = set()
    with closing(claims):
        for claim in claims:
            if claim not in seen:
                seen.add(claim)
                yield claim


def _without_support(answer: Answer, one: Unsupported) -> Answer:
    """Return the answer with one statement more that does not stand, unless it was said before, with or without support."""
    said = [statement.text for statement in answer.statements] + [other.text for other in answer.unsupported]
    return answer if one.text in said else replace(answer, unsupported=(*answer.unsupported, one))


def _instead(engine: Engine, blank: Answer, decision: Decision) -> Iterator[Answer]:
    """Yield another engine's answer; the blank one, which says that it is another's, where that is all."""
    answer = blank
    for answer in engine.answer(blank, decision):
        yield answer
    if answer is blank:
        yield blank


def raised(confidence: float, support: list[float | None]) -> float:
    """Return the confidence of an answer whose statements have this support, as log-odds; see `GenerativeEngine`."""
    known = [probability(odds) for odds in support if odds is not None]
    return 1.0 - (1.0 - confidence) * (1.0 - sum(known) / len(known)) if known else confidence
