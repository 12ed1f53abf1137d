"""Late interaction: a question and passages compared token by token (Khattab and Zaharia 2020)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from passages.models.token_codes import TokenVectors


def late_interaction(
    wordings: Sequence[TokenVectors], tokens: TokenVectors, counts: NDArray[np.int64]
) -> NDArray[np.float32]:
    """The mean over a question's tokens of the best cosine with a token of each passage.

    Args:
        wordings: the vectors of the question's tokens in each of its wordings, each
            (tokens, dimension) and as long as the token counts; the result is their mean.
        tokens: (tokens, dimension), those of one passage after those of another, of length 1.
        counts: (passages,), how many tokens each has.

    Returns:
        One number a passage, (passages,); NaN for one without tokens.
    """
    late = np.full(len(counts), np.nan, np.float32)
    has = counts > 0
    spoken = [vectors for vectors in wordings if len(vectors)]
    if not has.any() or not spoken:
        return late
    starts = (np.cumsum(counts) - counts)[has]
    # Token by token of the passages along the first axis, so that each passage is one run of rows.
    cosines = np.einsum("td,qd->tq", tokens, np.concatenate(spoken), optimize=True)
    best = np.maximum.reduceat(cosines, starts, axis=0)
    parts = np.split(best, np.cumsum([len(vectors) for vectors in spoken])[:-1], axis=1)
    late[has] = np.mean([part.mean(axis=1) for part in parts], axis=0)
    return late
