"""Readers: which sentences of a passage answer a question, and whether any does."""

from assistant.reader.protocol import PassageReading, Reader

__all__ = ["PassageReading", "Reader"]
