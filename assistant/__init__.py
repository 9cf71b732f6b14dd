"""From a question to an answer whose every sentence cites the exact characters of a document."""

from assistant.answer import Answer, Citation, Outcome, Statement
from assistant.chain import AnswerChain, build_chain
from assistant.question import Question, Turn

__all__ = ["Answer", "AnswerChain", "Citation", "Outcome", "Question", "Statement", "Turn", "build_chain"]
