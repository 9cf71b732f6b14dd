"""What Footnote says by itself. Of the documents it says no more than their names."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.talk.kinds import Kind
from corpus.display import counted
from corpus.loaders import printable_name

_NAMED, _NAMED_AT_MOST = 3, 12  # documents; of more, their number is said

_SURELY = ((0.95, "I am almost certain"), (0.85, "I am quite sure"), (0.7, "I am fairly sure"), (0.5, "I am not sure"))

_NOTHING_BEFORE = {
    Kind.MORE: "there is nothing yet to say more about",
    Kind.SOURCE: "there is no source to show yet",
    Kind.CERTAINTY: "there is nothing yet to be sure of",
    Kind.SHORTER: "there is nothing yet to shorten",
    Kind.OBJECTION: "there is nothing yet to mend",
}
_NOT_ANSWERED = {
    Kind.MORE: "there is nothing to say more about",
    Kind.SOURCE: "there is no source to show",
    Kind.CERTAINTY: "there is nothing to be sure of",
    Kind.SHORTER: "there is nothing to shorten",
    Kind.OBJECTION: "there is nothing to mend",
}


def small_talk(kind: Kind, names: Sequence[str]) -> str:
    """Return the reply to a greeting, thanks, a farewell, or the question what Footnote can do.

    :param names: Of the documents that are asked.
    """
    if kind is Kind.THANKS:
        return "Glad to help. Ask on whenever you like."
    if kind is Kind.FAREWELL:
        return "Goodbye!"
    if not names:
        return f"{'Hello!' if kind is Kind.GREETING else 'I am Footnote.'} {nothing_there(is_selection=False)}"
    if kind is Kind.GREETING:
        return (
            f"Hello! I answer questions about {_listed(names)}, with a footnote to the place that says so on every sentence. "
            "Ask me something, or say “summarise it” or “list the topics”."
        )
    return (
        f"I am Footnote, a program that answers questions about {_listed(names, _NAMED_AT_MOST)}. Every sentence of an "
        "answer has a footnote to the exact place that says so, and what the documents do not say, I do not answer. You can "
        "also ask me to summarise them, to list their topics, to say more about the last answer, to show its source, or how "
        "certain it is."
    )


def first_of_section(sentences: int, cited: int, sections: int) -> str:
    """Return the notice that a section, or several, goes on; empty if all of its sentences are cited."""
    if sentences == cited:
        return ""
    who = "The section has" if sections == 1 else f"The {sections} sections have"
    return f"{who} {sentences} sentences, of which the first {cited} are cited."


def nothing_there(is_selection: bool) -> str:
    """Return what is said where there is no document to ask.

    :param is_selection: Whether there are documents, of which none is chosen.
    """
    if is_selection:
        return "No document is chosen. Choose one, and I can answer questions about it."
    return "There are no documents here yet. Add one, and I can answer questions about it."


def nothing_before(kind: Kind) -> str:
    """Return what is said to "tell me more" and the like before anything was asked."""
    return f"Nothing was asked before, so {_NOTHING_BEFORE[kind]}. Ask a question first, or say “summarise it”."


def not_answered(kind: Kind, asked: str, confidence: float) -> str:
    """Return what is said to "tell me more" and the like after a question that was declined."""
    if kind is Kind.CERTAINTY:
        return (
            f"I did not find an answer to “{asked}”: the reader gives {in_hundred(confidence)} in 100 that the closest "
            "passages answer it. Look at them, or ask in other words."
        )
    return f"I did not find an answer to “{asked}”, so {_NOT_ANSWERED[kind]}. Try it in other words."


def no_more() -> str:
    """Return what is said when all around the last answer was said."""
    return "That is all that stands around the last answer. Ask about something else, or say “list the topics”."


def nothing_quotable() -> str:
    """Return what is said of documents without a single whole sentence."""
    return "There is no whole sentence to quote. Ask for something that you expect there."


def certainty(asked: str, confidence: float) -> str:
    """Return how sure the reader is that what was cited answers a question."""
    surely = next((words for least, words in _SURELY if confidence >= least), "I am not sure at all")
    return (
        f"{surely}: the reader gives {in_hundred(confidence)} in 100 that these sentences answer “{asked}”. "
        "Check them in the source."
    )


def not_meant(asked: str) -> str:
    """Return what is said to "no" and "that is not what I asked".

    :param asked: What was looked up.
    """
    return f"I looked for “{asked}”. Ask in other words, or say what you meant: “no, I meant …”."


def already_short() -> str:
    """Return the notice that an answer that was to be shortened has one sentence only."""
    return "It is one sentence already, and I quote only whole ones."


def verbatim() -> str:
    """Return what can be said of the certainty of an overview."""
    return "These sentences are quoted word for word. Whether what they say is true, I cannot tell; check them in the source."


def left_out(topics: int, documents: int) -> str:
    """Return the notice that topics or documents were left out; empty if none was."""
    parts = [
        f"{count:,} more {what}{'s' * (count > 1)}" for count, what in ((topics, "heading"), (documents, "document")) if count
    ]
    return f"Not shown: {' and '.join(parts)}." if parts else ""


def more_sentences(count: int) -> str:
    """Return the notice that pages have more to say; empty if they have not."""
    return f"Not shown: {counted(count, 'more sentence')}." if count > 0 else ""


def no_headings(names: Sequence[str]) -> str:
    """Return the notice that documents are described by sentences instead; empty if none is."""
    return f"No headings were found in {_listed(names)}: its central sentences instead." if names else ""


def in_hundred(probability: float) -> str:
    """Return a probability in words: "83", "more than 99", "fewer than 1"."""
    if probability > 0.99:
        return "more than 99"
    return "fewer than 1" if probability < 0.01 else f"{100 * probability:.0f}"


def _listed(names: Sequence[str], most: int = _NAMED) -> str:
    shown = [printable_name(name) for name in names]
    if len(shown) > most:
        return f"{', '.join(shown[: most - 1])} and {len(shown) - most + 1:,} more documents"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
