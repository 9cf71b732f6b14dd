"""What `python -m eval new PATH` does: asks a person for evaluation cases about their own documents.

Each case is kept as soon as it is whole, so that an interruption loses at most the one being typed. Every quote is one that
stands in a document, character by character: one that does not is answered with the nearest that does.
"""

from __future__ import annotations

import argparse
import shlex
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from assistant.question import Question
from corpus import Document, Passage, find_files, split_passages
from corpus.contained import load_all
from corpus.display import counted
from corpus.errors import QuestionError
from corpus.loaders import printable_name
from eval.case_file import CaseFile
from eval.cases import Case
from eval.metrics import Span, find_quote_spans, key_fact_recall, normalise_words
from eval.prompts import Back, Ended, Read, Terminal
from eval.quotes import nearest_quote, similarity
from index.commands import printable

_LISTED = 20  # documents named at the prompt
_PLACES = 3  # places named of a quote that stands several times
_OFTEN = 3  # times from which a single word says little about where the answer is

_HELP_QUESTION = """What a person would ask of your documents, in their words. Ask some that the documents do not answer, too:
declining those is measured as well. An empty line ends the session."""
_HELP_DOCUMENT = """The document to which the question is put, by its number or by its name or a part of it. Leave it empty if
it is put to all of them at once."""
_HELP_ANSWERABLE = """y if somebody who reads the document can answer the question from it alone, n if not. With n, a right
answer is that the documents do not say."""
_HELP_EVIDENCE = """The sentences that hold the answer, one quote at a time, each as it stands in the document. Line breaks may
be typed as spaces; if a letter is wrong, the nearest exact quote is suggested. An empty line ends them."""
_HELP_FACTS = """What an answer has to say, one fact a line, as short as it can be: `1998`. Ways of writing it that count as
well are divided by |: `two | 2 | a pair`. Upper and lower case do not matter. An empty line ends them; none are needed."""
_HELP_CATEGORY = """The kind of question, such as `definition` or `list`: the results are shown for each. Type a new one, or the
number of one in use, or leave it empty."""


def main(arguments: Sequence[str]) -> int:
    """Run the dialogue; return 0."""
    parser = argparse.ArgumentParser(prog="python -m eval new", description="Write evaluation cases for your own documents.")
    parser.add_argument("path", type=Path, metavar="PATH", help="a document, or a folder of documents")
    parser.add_argument("--output", type=Path, metavar="FILE", help="the file of cases (default: NAME.cases.jsonl, here)")
    options = parser.parse_args(arguments)
    return write_cases(options.path, options.output, input, Console())


def write_cases(path: Path, output: Path | None, read: Read, console: Console) -> int:
    """Ask for cases about the document or folder `path` until the person ends; return 0.

    :param output: The file of cases, continued if it exists; `<stem of path>.cases.jsonl` in the current folder by default.
    :raises DocumentError: a document cannot be read, or there is none.
    :raises CaseError: the file of cases exists and is malformed; it is left as it is.
    :raises SettingsError: the file of cases cannot be written to.
    """
    documents = list(load_all(find_files([path])))
    stem = printable_name((path.resolve().name if path.is_dir() else path.stem) or "documents")
    kept = CaseFile(output or Path(f"{stem}.cases.jsonl"), stem)
    terminal = Terminal(read, console)
    session = _Session({document.name: document for document in documents}, kept, terminal)
    before = len(kept.cases)
    try:
        session.run()
    except (Ended, KeyboardInterrupt):
        terminal.say("")
        if session.draft.question:
            terminal.say("The case that was not finished is not kept.", "yellow")
    finally:
        kept.leave()
    total = len(kept.cases)
    if total:
        terminal.say(f"{counted(total, 'case')} in {kept.path}, {total - before} of them new. Run them with:")
        command = f"python -m eval --cases {shlex.quote(str(kept.path))} --documents {shlex.quote(str(path))}"
        terminal.say(f"  {command}", wrap=False)
    else:
        terminal.say("No case was written.")
    return 0


@dataclass
class _Draft:
    """A case that is being typed."""

    question: str = ""
    documents: tuple[str, ...] | None = None
    answerable: bool = True
    evidence: list[str] = field(default_factory=list)
    expected: list[tuple[str, ...]] = field(default_factory=list)
    category: str = ""


class _Session:
    """The dialogue. Each step asks for one part of the draft and returns whether it had anything to ask.

    Attributes:
        draft: The case being typed.
    """

    def __init__(self, documents: Mapping[str, Document], kept: CaseFile, terminal: Terminal) -> None:
        self._documents = documents
        self._kept = kept
        self._terminal = terminal
        self._sections: dict[str, list[Passage]] = {}
        self.draft = _Draft()

    def run(self) -> None:
        """Ask for cases until an empty question.

        :raises Ended: the person ends it elsewhere.
        """
        say = self._terminal.say
        say(f"The cases are written to {self._kept.path}. Type ? for help at any prompt, undo to go back, quit to end.")
        if self._kept.cases:
            say(f"It holds {counted(len(self._kept.cases), 'case')} already; they stay, and new ones follow.")
        strangers = {name for case in self._kept.cases for name in case.documents or () if name not in self._documents}
        if strangers:
            say(f"Some of them are about {min(strangers)}, which is not among these documents: they cannot be run together.")
        if len(self._documents) > 1:
            self._list_documents()
        while self._type_case():
            draft = self.draft
            case = Case(
                id=self._kept.next_id,
                question=draft.question,
                documents=draft.documents,
                answerable=draft.answerable,
                evidence=tuple(draft.evidence),
                expected=tuple(draft.expected),
                category=draft.category,
            )
            self._kept.append(case)
            self.draft = _Draft()
            say(f"Kept as {case.id}.\n", "green")

    def _type_case(self) -> bool:
        """Fill the draft, prompt by prompt; return False where the question stays empty."""
        steps = [self._question, self._scope, self._answerable, self._evidence, self._facts, self._category]
        asked: list[int] = []
        step = 0
        while step < len(steps):
            try:
                if steps[step]():
                    asked.append(step)
            except Back:
                if not asked:
                    self._terminal.say(f"This is the first prompt. Cases that are kept can be changed in {self._kept.path}.")
                step = asked.pop() if asked else step
                continue
            if not self.draft.question:
                return False
            step += 1
        return True

    def _question(self) -> bool:
        self.draft.question = ""
        known = {normalise_words(case.question) for case in self._kept.cases if not case.history}
        while typed := self._terminal.ask("Question (empty ends): ", _HELP_QUESTION):
            try:
                question = Question.of(printable(typed)).text
            except QuestionError as error:
                self._terminal.say(str(error), "yellow")
                continue
            if normalise_words(question) not in known:
                self.draft.question = question
                break
            self._terminal.say("That is asked already. Ask in other words, or something else.", "yellow")
        return True

    def _list_documents(self) -> None:
        names = list(self._documents)
        for number, name in enumerate(names[:_LISTED], 1):
            self._terminal.say(f"{number:3} {name}", wrap=False)
        if len(names) > _LISTED:
            self._terminal.say(f"    … and {len(names) - _LISTED} more: type a part of the name.")

    def _scope(self) -> bool:
        names = list(self._documents)
        if len(names) == 1:
            self.draft.documents = (names[0],)
            return False
        while typed := self._terminal.ask("Document (number or name, empty for all): ", _HELP_DOCUMENT):
            found = self._named(typed)
            if len(found) == 1:
                break
            if found:
                self._terminal.say(f"{len(found)} documents are called so: {', '.join(found[:5])}.", "yellow")
            else:
                self._terminal.say("No document is called so. There are:", "yellow")
                self._list_documents()
        self.draft.documents = (found[0],) if typed else None
        # After going back: what stands in the document that was chosen before need not stand in this one.
        self.draft.evidence = [quote for quote in self.draft.evidence if self._places(quote)]
        return True

    def _named(self, typed: str) -> list[str]:
        """Return the documents that a number, a name or a part of one may mean."""
        names = list(self._documents)
        if typed in names:
            return [typed]
        if typed.isdecimal() and 1 <= int(typed[:9]) <= len(names):
            return [names[int(typed) - 1]]
        return [name for name in names if printable(typed).casefold() in name.casefold()]

    def _answerable(self) -> bool:
        prompt = "Does the document answer it? (y/n) " if self.draft.documents else "Do the documents answer it? (y/n) "
        self.draft.answerable = self._terminal.choose(prompt, _HELP_ANSWERABLE)
        if not self.draft.answerable:
            self.draft.evidence, self.draft.expected = [], []
        return True

    def _evidence(self) -> bool:
        evidence = self.draft.evidence
        while self.draft.answerable:
            end = " (empty ends)" if evidence else ""
            try:
                typed = self._terminal.ask(f"Quote {len(evidence) + 1}{end}: ", _HELP_EVIDENCE)
            except Back:
                if not evidence:
                    raise
                self._terminal.say(f"Taken back: {_quoted(evidence.pop())}")
                continue
            if typed and (quote := self._exact(typed)) and self._is_wanted(quote):
                evidence.append(quote)
            elif not typed and evidence:
                break
            elif not typed:
                self._terminal.say("At least one quote is needed. If no document answers the question, undo.", "yellow")
        return self.draft.answerable

    @property
    def _in_scope(self) -> list[Document]:
        names = self._documents if self.draft.documents is None else self.draft.documents
        return [self._documents[name] for name in names]

    def _places(self, quote: str) -> list[Span]:
        return [span for document in self._in_scope for span in find_quote_spans(document.text, quote, document.name)]

    def _exact(self, typed: str) -> str | None:
        """Return the quote if it stands in a document of the case, else the nearest that does if the person agrees."""
        if self._places(typed):
            return typed
        spans = ((document, nearest_quote(document.text, typed)) for document in self._in_scope)
        near = [document.text[span[0] : span[1]] for document, span in spans if span]
        if near:
            quote = max(near, key=lambda found: similarity(typed, found))
            if self._terminal.confirm(f"That does not stand there exactly. Did you mean: {_quoted(quote)}?", default=True):
                return quote
            self._terminal.say("Then type it as it stands in the document.")
            return None
        self._terminal.say("That does not stand there, nor anything near it.", "yellow")
        elsewhere = [document.name for document in self._documents.values() if typed in document.text]
        if elsewhere:
            self._terminal.say(f"It stands in {elsewhere[0]}, to which this question is not put.")
        return None

    def _is_wanted(self, quote: str) -> bool:
        """Show where an exact quote stands; return whether it is to be kept."""
        if quote in self.draft.evidence:
            self._terminal.say("That quote is among them already.", "yellow")
            return False
        places = self._places(quote)
        if len(places) >= _OFTEN and len(quote.split()) < 2:
            question = f"{_quoted(quote)} stands {len(places):,} times, and says little about where the answer is. Keep it?"
            if not self._terminal.confirm(question, default=False):
                return False
        self._terminal.say(_quoted(quote))
        for span in places[:_PLACES]:
            self._terminal.say(f"  {self._place(span)}", "dim")
        if len(places) > 1:
            more = f" ({len(places) - _PLACES:,} more are not shown)" if len(places) > _PLACES else ""
            self._terminal.say(f"It stands {len(places):,} times{more}; an answer may cite any of them.")
        return True

    def _place(self, span: Span) -> str:
        document = self._documents[span.document]
        if document.name not in self._sections:
            # Only the headings are wanted: with words that weigh nothing a passage is a whole section.
            self._sections[document.name] = split_passages(document, count=lambda texts: [0] * len(texts))
        sections = self._sections[document.name]
        section = sections[max(0, bisect_right([passage.start for passage in sections], span.start) - 1)]
        page = f"page {section.page}" if section.page is not None else ""
        line = f"line {document.text.count(chr(10), 0, span.start) + 1}"
        return ", ".join(filter(None, [document.name, page, section.heading, line, f"characters {span.start}-{span.end}"]))

    def _facts(self) -> bool:
        expected = self.draft.expected
        while self.draft.answerable:
            try:
                typed = self._terminal.ask(f"Key fact {len(expected) + 1} (empty ends): ", _HELP_FACTS)
            except Back:
                if not expected:
                    raise
                self._terminal.say(f"Taken back: {' | '.join(expected.pop())}")
                continue
            if not typed:
                break
            spellings = [" ".join(printable(spelling).split()) for spelling in typed.split("|")]
            fact = tuple(dict.fromkeys(spelling for spelling in spellings if normalise_words(spelling)))
            if not fact:
                self._terminal.say("That says nothing. Type a fact, such as: two | 2", "yellow")
            elif fact in expected:
                self._terminal.say("That fact is among them already.", "yellow")
            elif self._is_backed(fact):
                expected.append(fact)
        return self.draft.answerable

    def _is_backed(self, fact: tuple[str, ...]) -> bool:
        """Whether the evidence says a fact in one of its spellings, or the person keeps it nevertheless."""
        if key_fact_recall([fact], "\n".join(self.draft.evidence)):
            return True
        spelling = "None of these spellings is" if len(fact) > 1 else "That is not"
        return self._terminal.confirm(
            f"{spelling} in the evidence, so an answer made of the evidence cannot say it. Keep it?", default=False
        )

    def _category(self) -> bool:
        in_use = list(dict.fromkeys(case.category for case in self._kept.cases if case.category))
        if in_use:
            self._terminal.say("  ".join(f"{number} {name}" for number, name in enumerate(in_use, 1)), "dim")
        typed = " ".join(printable(self._terminal.ask("Category (empty for none): ", _HELP_CATEGORY)).split())
        by_number = {str(number): name for number, name in enumerate(in_use, 1)}
        self.draft.category = by_number.get(typed, typed)
        return True


def _quoted(text: str) -> str:
    return f"“{' '.join(text.split())}”"
