"""Judgements made and kept true: pools, labels, agreement, quotes that no longer fit."""
