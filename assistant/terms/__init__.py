"""Which words of a conversation a follow-up needs: learned from follow-ups that people wrote out."""

from assistant.terms.conversation import needed_terms
from assistant.terms.figures import TermFigures, term_figures
from assistant.terms.followup import FollowUp, read_followups
from assistant.terms.rewriter import Rewriter

__all__ = ["FollowUp", "Rewriter", "TermFigures", "needed_terms", "read_followups", "term_figures"]
