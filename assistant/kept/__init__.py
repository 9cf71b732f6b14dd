"""Conversations that are kept: what is left of a document that has gone, how they are stored, and how they are handed out."""
