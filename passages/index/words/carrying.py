"""Postings of a new snapshot from those of the last: only what is new or gone is read as words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from passages.index.words.postings import Postings, listed


def carry_over(
    last: Postings, fresh: Postings, gone: Postings, carried: NDArray[np.int64]
) -> Postings:
    """The postings that indexing all passages anew would give.

    Args:
        last: those of the last snapshot.
        fresh: those of the passages that it does not have, in their order.
        gone: those of its passages that are no more; for them the ways that words are written are
            counted down.
        carried: (passages,), for each passage its row in the last snapshot, ascending, or -1.
    """
    kept = carried >= 0
    new_rows = np.full(len(last), -1, np.int64)
    new_rows[carried[kept]] = np.flatnonzero(kept)
    lengths = np.empty(len(carried), "<u4")
    lengths[kept], lengths[~kept] = last.lengths[carried[kept]], fresh.lengths
    before, added = list(last.words), list(fresh.words)
    words = sorted({*before, *added})
    place = {word: number for number, word in enumerate(words)}
    parts = (
        _entries(last, [place[word] for word in before], new_rows),
        _entries(fresh, [place[word] for word in added], np.flatnonzero(~kept)),
    )
    of_words, rows, frequencies = (
        np.concatenate([one[which] for one in parts]) for which in range(3)
    )
    # Two runs in order: merged in one pass.
    order = np.argsort(of_words * max(1, len(carried)) + rows, kind="stable")
    sizes = np.bincount(of_words, minlength=len(words))
    known = sizes > 0
    starts = np.concatenate([[0], np.cumsum(sizes[known])]).astype("<i8")
    rows, frequencies = rows[order].astype("<i4"), frequencies[order].astype("<u2")
    forms = _forms(last, fresh, gone)
    still = [word for word, is_known in zip(words, known, strict=True) if is_known]
    return Postings.made_of(
        {word: forms[word] for word in still},
        starts,
        rows,
        frequencies,
        lengths,
        _languages(last, fresh, gone),
        last.constants,
    )


def _entries(
    postings: Postings, places: Sequence[int], new_rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint16]]:
    """Word, row and frequency of every posting that is still there."""
    of_words = np.repeat(np.array(places, np.int64), np.diff(postings.starts))
    rows = new_rows[postings.rows]
    there = rows >= 0
    return of_words[there], rows[there], postings.frequencies[there]


def _forms(last: Postings, fresh: Postings, gone: Postings) -> dict[str, str]:
    """How often each word is written in which way, as the postings list it."""
    forms = dict(zip(last.words, last.forms, strict=True))
    added, removed = _counted(fresh), _counted(gone)
    for word in {*added, *removed}:
        counts = Counter[str](json.loads(forms.get(word, "{}")))
        counts.update(added.get(word, {}))
        counts.subtract(removed.get(word, {}))
        forms[word] = listed(+counts)
    return forms


def _counted(postings: Postings) -> dict[str, Counter[str]]:
    return {word: postings.forms_of(place) for place, word in enumerate(postings.words)}


def _languages(last: Postings, fresh: Postings, gone: Postings) -> dict[str, tuple[int, int]]:
    passages, words = Counter[str](), Counter[str]()
    for sign, postings in ((1, last), (1, fresh), (-1, gone)):
        for code, (count, length) in postings.languages.items():
            passages[code] += sign * count
            words[code] += sign * length
    return {code: (passages[code], words[code]) for code in sorted(passages) if passages[code]}
