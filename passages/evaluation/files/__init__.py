"""Runs as files: saved and read again, in TREC format, a table a question, the history."""
