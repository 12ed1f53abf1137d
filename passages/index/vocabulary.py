"""The words of a collection: how many passages each stands in, and an editor's synonyms.

On disk the words lie in the order of their letters, so that one is found by bisection, and those
that begin alike lie together; nothing is read into memory when a vocabulary is opened.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from passages.index.arrays import Strings
from passages.language.words import Phrase, Synonyms


class Vocabulary:
    """Stems with their document frequencies; immutable, safe to share between threads."""

    def __init__(
        self,
        words: Strings,
        forms: Strings,
        starts: NDArray[np.int64],
        passages: int,
        synonyms: Synonyms = (),
    ) -> None:
        """Look words up in these.

        Args:
            words: stems, in the order of their letters.
            forms: the usual word of each stem.
            starts: (words + 1,), where each stem's list of passages begins; their differences are
                the document frequencies.
            passages: how many passages there are.
            synonyms: an editor's groups of phrases.
        """
        self.words = words
        self.forms = forms
        self.passages = passages
        self.synonyms = synonyms
        self._starts = starts
        self.nearest = lru_cache(maxsize=4096)(self._nearest)

    def place(self, stem: str) -> int | None:
        """The number of a stem, or None where no passage has it."""
        place = bisect_left(self.words, stem)
        return place if place < len(self.words) and self.words[place] == stem else None

    def __contains__(self, stem: str) -> bool:
        return self.place(stem) is not None

    def form(self, stem: str) -> str:
        """The usual word of a stem, or the stem where there is none."""
        place = self.place(stem)
        return stem if place is None else self.forms[place]

    def idf(self, stem: str) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)) of a stem in n of N passages (Lucene's BM25)."""
        place = self.place(stem)
        n = 0 if place is None else int(self._starts[place + 1] - self._starts[place])
        return float(np.log1p((self.passages - n + 0.5) / (n + 0.5)))

    def _nearest(self, stem: str) -> str | None:
        """The known stem with the fewest edits to an unknown one, of these the most frequent.

        One edit (or two neighbours swapped) in a word of 4 letters or more, two from 8 on; the
        first letter is taken to be right, and whatever has a digit.
        """
        if len(stem) < 4 or not stem.isalpha():
            return None
        edits = 1 if len(stem) < 8 else 2
        first = bisect_left(self.words, stem[0])
        last = bisect_left(self.words, chr(ord(stem[0]) + 1))
        size = len(stem.encode())
        known = self.words.sized(first, last, size - 4 * edits, size + 4 * edits)
        near = process.extract(stem, known, scorer=OSA.distance, score_cutoff=edits, limit=20)
        if not near:
            return None
        best: str = min(near, key=lambda found: (found[1], self.idf(found[0]), found[0]))[0]
        return best

    @cached_property
    def instead(self) -> Mapping[Phrase, str]:
        """For each phrase of a group that has an unknown word, the first known one of the group."""
        instead: dict[Phrase, str] = {}
        for group in self.synonyms:
            known = [all(stem in self for stem in phrase) for phrase in group]
            if any(known):
                best = " ".join(self.form(stem) for stem in group[known.index(True)])
                for phrase, is_known in zip(group, known, strict=True):
                    if not is_known:
                        instead.setdefault(phrase, best)
        return instead

    def synonyms_of(self, stems: Iterable[str]) -> list[str]:
        """Known stems of all phrases that share a group with a phrase made of `stems`."""
        asked = set(stems)
        added = [
            stem
            for group in self.synonyms
            if any(asked.issuperset(phrase) for phrase in group)
            for phrase in group
            for stem in phrase
        ]
        new = (stem for stem in dict.fromkeys(added) if stem not in asked)
        return [stem for stem in new if stem in self]
