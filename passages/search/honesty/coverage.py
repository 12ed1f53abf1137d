"""What passages cover of a question, token by token."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from passages.models.token_codes import TokenVectors


def coverage(words: Sequence[TokenVectors], passages: Sequence[TokenVectors]) -> float:
    """How near the passages come to the word of a question that they come least near to.

    Of each word the mean over its tokens of the cosine with the nearest token of a passage, in the
    passage where that is highest. NaN without words or tokens.

    Args:
        words: the vectors of each word's tokens, each (tokens, dimension), of any length.
        passages: those of each passage's tokens, of length 1.
    """
    spoken = [tokens for tokens in passages if len(tokens)]
    if not words or not spoken:
        return float("nan")
    units = [word / np.linalg.norm(word, axis=1, keepdims=True) for word in words]
    return min(
        max(float(np.einsum("qd,td->qt", unit, tokens).max(axis=1).mean()) for tokens in spoken)
        for unit in units
    )
