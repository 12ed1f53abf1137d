"""Judged questions -> measures."""
