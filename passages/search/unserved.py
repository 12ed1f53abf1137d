"""Passages in a language that the encoder does not serve: the words lead.

An encoder that was trained on English alone finds its own likeness in other languages, not theirs:
its cosines there say little, and its order is worse than that of the words.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from passages.articles.chunking import Passage
from passages.index.arrays import Values
from passages.language.words import words_of
from passages.search.query import Query
from passages.search.sources.source import Read, Signals

DENSE_SHARE = 0.0
"""How much of such a cosine counts: the rest is what any passage has. `python -m benchmarks.xquad
FOLDER --all de zh` prints what comes of it."""


def led_by_words(signals: Signals, languages: Collection[str], centre: float) -> Signals:
    """The signals with the cosines of passages that are not served drawn to the `centre`.

    That is the cosine of a passage that has nothing to do with the question, so that passages of
    other languages beside them, which the encoder does serve, still compare.
    """
    strange = np.array([code not in languages for code in signals.languages])

    def drawn(cosines: Values) -> Values:
        near = centre + DENSE_SHARE * (cosines - centre)
        return np.where(strange, near, cosines).astype(np.float32)

    return replace(signals, passage=drawn(signals.passage), sentence=drawn(signals.sentence))


def best_sentence(query: Query, read: Read) -> int:
    """The sentence that has most of the question's words, by idf; of equals the nearest."""
    passage: Passage = read.passage
    idf = {term.stem: term.weight * term.idf for term in query.terms}
    text, code = passage.words, passage.article.code
    shares = []
    for start, end in passage.sentences:
        words = words_of(text[start:end], code)
        terms = {term for word in words for term in (word.term, *word.parts)}
        shares.append(sum(idf.get(term, 0.0) for term in terms))
    cosines = read.cosines(query.vector)
    return max(range(len(shares)), key=lambda number: (shares[number], cosines[number]))
