"""Marks inside and across lines that no reader sees."""
