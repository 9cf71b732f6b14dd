"""Answers that a chat model writes, held to the passages that it quotes."""

from assistant.generative.chat import ChatModel
from assistant.generative.engine import GenerativeEngine

__all__ = ["ChatModel", "GenerativeEngine"]
