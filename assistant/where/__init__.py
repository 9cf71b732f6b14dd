"""Where a question wants to be looked up: the documents and pages that it names, and what of them could not be read."""

from assistant.where.locator import Locator, Where

__all__ = ["Locator", "Where"]
