"""Runs as files: saved runs, TREC format, one row per question, the history."""
