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
from passages.language.languages import ENGLISH
from passages.language.synonyms import Phrase, Synonyms
from passages.language.words import language_of, term

_SHORTEST_STEM = 4


class Vocabulary:
    """Terms with their document frequencies; immutable, safe to share between threads."""

    def __init__(
        self,
        words: Strings,
        forms: Strings,
        starts: NDArray[np.int64],
        passages: int,
        synonyms: Synonyms = (),
        languages: Mapping[str, int] | None = None,
    ) -> None:
        """Look words up in these.

        Args:
            words: terms, in the order of their letters.
            forms: the usual word of each term.
            starts: (words + 1,), where each term's list of passages begins; their differences are
                the document frequencies.
            passages: how many passages there are.
            synonyms: an editor's groups of phrases.
            languages: how many passages each language has; all are English where not given.
        """
        self.words = words
        self.forms = forms
        self.passages = passages
        self.synonyms = synonyms
        self.languages = languages or {ENGLISH: passages}
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
        """ln(1 + (N - n + 0.5) / (n + 0.5)) of a term in n of N passages (Lucene's BM25).

        Both are counted among the passages in the term's own language.
        """
        place = self.place(stem)
        n = 0 if place is None else int(self._starts[place + 1] - self._starts[place])
        passages = self.languages.get(language_of(stem), 0)
        return float(np.log1p((passages - n + 0.5) / (n + 0.5)))

    def _nearest(self, stem: str, form: str) -> str | None:
        """The known term with the fewest edits to an unknown one, of these the most frequent.

        One edit (or two neighbours swapped), two in a stem of 8 letters or more; the first letter
        is taken to be right, and whatever has a digit. The stems are compared and, for a
        misspelling may lie in the ending, the words: `form` is the unknown one as it stands. A term
        is near to those of its language.
        """
        code = language_of(stem)
        before = term("", code)
        letters = stem.removeprefix(before)
        if len(letters) < _SHORTEST_STEM or not letters.isalpha():
            return None
        edits = 1 if len(letters) < 8 else 2
        first = bisect_left(self.words, before + letters[0])
        last = bisect_left(self.words, before + chr(ord(letters[0]) + 1))
        size = len(stem.encode())
        near = self.words.sized(first, last, size - 4 * edits, size + 4 * edits)
        known = [word for word in near if language_of(word) == code]
        found = process.extract(stem, known, scorer=OSA.distance, score_cutoff=edits + 1, limit=50)
        ranked = []
        for other, of_stem, _ in found:
            of_form = OSA.distance(form, self.form(other))
            if min(of_stem, of_form) <= edits:
                ranked.append((min(of_stem, of_form), of_form, self.idf(other), other))
        return min(ranked)[-1] if ranked else None

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
