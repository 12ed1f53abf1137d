"""What a reader is told of an answer and its hits; of strength only where that was measured."""

from __future__ import annotations

from passages.search.answer import Answer, Hit

STRONG = "Strong match"
NOT_FOUND = "I did not find an answer in these articles"
RELATED = "These passages are related. They may not answer the question."


def strength(answer: Answer, hit: Hit) -> str:
    """A word of strength where hits like this one were right often enough, else none.

    `passages.evaluation.fitting` says how often that is, and from which probability on.
    """
    return STRONG if hit.strong and answer.verdict == "answered" else ""


def not_said(hit: Hit) -> list[str]:
    """What the question names and the passage does not, in a line each."""
    lines = [f"asked: {each.asked}; this passage says {each.says}" for each in hit.numbers]
    return [*lines, f"not mentioned here: {', '.join(hit.missing)}"] if hit.missing else lines
