"""What a question and its answer leave for the questions after them."""

from assistant.answer import Answer
from assistant.kept.quotes import KeptCitation
from assistant.question import Turn

NOT_FOUND = "The documents do not say."
"""What an answer that found nothing says."""


def is_decline(turn: Turn) -> bool:
    """Whether a turn says that the documents do not say."""
    return turn.role != "user" and turn.content.strip() == NOT_FOUND


def turns_of(answer: Answer) -> tuple[Turn, Turn]:
    """Return the two turns of an answered question: what was asked, and what was said, with what it was looked up by.

    What was cited of a document that is gone is left out: something else may stand at its place now.
    """
    cited = tuple((one.document.name, one.start, one.end) for one in answer.citations if not isinstance(one, KeptCitation))
    said = answer.text or NOT_FOUND
    return Turn("user", answer.question), Turn("assistant", said, answer.searched_for, cited)
