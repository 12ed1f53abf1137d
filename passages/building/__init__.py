"""Corpus -> snapshot: which articles changed, and the stages in order."""
