"""Holds what a chat model says to the passages that it quotes."""

from assistant.verification.claim import Claim, Located, Quote, Verdict
from assistant.verification.verifier import Verifier

__all__ = ["Claim", "Located", "Quote", "Verdict", "Verifier"]
