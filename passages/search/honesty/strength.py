"""What a reader is told about an answer; a word of strength only where it was measured."""

from __future__ import annotations

from collections.abc import Callable

from passages.search.answer import Answer, Hit

STRONG = "Strong match"
NOT_FOUND = "I did not find an answer in these articles"
RELATED = "These passages are related. They may not answer the question."


def strength(answer: Answer, hit: Hit) -> str:
    """A word of strength where hits like this one were right often enough, else none.

    `passages.evaluation.fitting` says how often that is, and from which probability on.
    """
    return STRONG if hit.strong and answer.verdict == "answered" else ""


ASKED = "asked: {asked}; this passage says {says}"
MISSING = "not mentioned here: {words}"


def not_said(hit: Hit, translated: Callable[[str], str] = str) -> list[str]:
    """What the question names and the passage does not, in a line each."""
    asked, missing = translated(ASKED), translated(MISSING)
    lines = [asked.format(asked=each.asked, says=each.says) for each in hit.numbers]
    return [*lines, missing.format(words=", ".join(hit.missing))] if hit.missing else lines
