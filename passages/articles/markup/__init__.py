"""Markdown in its dialects: what is markup, what is text, and where each stands in the source."""
