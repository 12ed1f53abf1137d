"""A cross-encoder that reads question and passage together and reorders the closest few.

It costs some 15 ms a passage and core, more than all the rest of a question, so it reads only the
passages whose scores are close to the best: none for a third of the questions. Its files come with
the package that ships the default encoder. Loaded at the first question that needs it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from passages.models.cross_encoder import cross_encoder
from passages.search.scoring import Values

CLOSE = 1.0
"""How far below the best score a passage is still read."""
MOST = 4
"""How many passages are read at most."""
WEIGHT = 0.5
"""Score that one unit of the cross-encoder's logit is worth.

`python -m benchmarks.fit_scoring --rerank` prints the tables. Pooled over the fit questions, SQuAD,
93 articles of MedQuAD and questions of product FAQs, nDCG@10 and Success@1: without 0.877 and
0.800; reading at most 2 within 0.75 of the best 0.886 and 0.827, 3 within 1 0.887 and 0.827, 4
within 1 0.889 and 0.832, 5 within 1.5 0.891 and 0.834. A judged question then takes 20, 28, 31 and
43 ms in the median (`python -m benchmarks.questions`), 7 to 9 without. What to read was tried too,
5 within 1.5: only the best sentence 0.883 and 0.815; the 60 words around it 0.890 and 0.834, but on
product FAQs alone 0.735 for 0.749.
"""


def rerank(question: str, scores: Values, read: Callable[[int], str]) -> Values:
    """Reorder the passages whose scores are close to the best; the others stay below them.

    Args:
        question: as it was asked.
        scores: (candidates,), higher is better.
        read: the text of a candidate, under its headings, by its place in `scores`.

    Returns:
        The same scores, those of the close passages dealt out in their new order.
    """
    order = np.argsort(-scores, kind="stable")[:MOST]
    close = order[scores[order] >= scores[order[0]] - CLOSE] if len(order) else order
    if len(close) < 2:
        return scores
    logits = _logits(question, [read(int(place)) for place in close])
    better = np.argsort(-(scores[close] + np.float32(WEIGHT) * logits), kind="stable")
    dealt = scores.copy()
    dealt[close[better]] = scores[close]
    return dealt


def _logits(question: str, texts: list[str]) -> NDArray[np.float32]:
    return cross_encoder().logits(question, texts)
