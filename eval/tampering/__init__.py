"""Tampering: true statements with quotes, each with one change, and which of them the verification lets stand."""

from eval.tampering.command import main

__all__ = ["main"]
