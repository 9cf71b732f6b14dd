"""What people see: turns answers and documents into HTML. Knows no retrieval, and no Gradio."""

from page.conversation import Exchange, render_conversation
from page.source import render_source

__all__ = ["Exchange", "render_conversation", "render_source"]
