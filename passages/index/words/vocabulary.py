"""The words of a collection: how many passages each stands in, and an editor's synonyms.

On disk the words lie in the order of their letters, so that one is found by bisection, and those
that begin alike lie together; nothing is read into memory when a vocabulary is opened.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from passages.index.arrays import Strings, map_array, write_array
from passages.index.words.postings import Postings
from passages.language.languages import ENGLISH
from passages.language.synonyms import Phrase, Synonyms
from passages.language.words import language_of, term

_SHORTEST_STEM = 4

_ABOUT, _FREQUENCIES = "vocabulary.json", "frequencies.u32"


class Vocabulary:
    """Terms with their document frequencies; immutable, safe to share between threads."""

    def __init__(
        self,
        words: Strings,
        forms: Strings,
        frequencies: NDArray[np.uint32],
        languages: Mapping[str, tuple[int, int]],
        synonyms: Synonyms = (),
    ) -> None:
        """Look words up in these.

        Args:
            words: terms, in the order of their letters.
            forms: the usual word of each term.
            frequencies: (words,), in how many passages each term stands.
            languages: how many passages each language has, and how many words these.
            synonyms: an editor's groups of phrases.
        """
        self.words = words
        self.forms = forms
        self.frequencies = frequencies
        self.synonyms = synonyms
        self.languages = {code: passages for code, (passages, _) in languages.items()}
        self._words_in = {code: words for code, (_, words) in languages.items()}
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
        n = 0 if place is None else int(self.frequencies[place])
        passages = self.languages.get(language_of(stem), 0)
        return float(np.log1p((passages - n + 0.5) / (n + 0.5)))

    @cached_property
    def mean_lengths(self) -> Mapping[str, float]:
        """The mean number of words of a passage in each language; 1 where there are none."""
        words = self._words_in
        return {code: words[code] / max(1, n) or 1.0 for code, n in self.languages.items()}

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

    def save(self, folder: Path) -> None:
        """Write the vocabulary into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.words.save(folder / "words.bin")
        self.forms.save(folder / "forms.bin")
        write_array(folder / _FREQUENCIES, self.frequencies)
        about = {
            "languages": [(code, n, self._words_in[code]) for code, n in self.languages.items()],
            "synonyms": self.synonyms,
        }
        (folder / _ABOUT).write_text(json.dumps(about, ensure_ascii=False) + "\n", "utf-8")

    @classmethod
    def open(cls, folder: Path) -> Vocabulary:
        """Open what `save` wrote; all but the synonyms stays on disk until it is read.

        Raises:
            ValueError: the files are not those of a vocabulary.
        """
        try:
            about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            languages = {str(code): (int(n), int(of)) for code, n, of in about["languages"]}
            groups = tuple(tuple(map(tuple, group)) for group in about["synonyms"])
            words, forms = Strings.open(folder / "words.bin"), Strings.open(folder / "forms.bin")
            frequencies = map_array(folder / _FREQUENCIES, "<u4", (len(words),))
        except (OSError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{folder} holds no vocabulary ({error!r})") from error
        return cls(words, forms, frequencies, languages, groups)

    def verify(self) -> None:
        """Read all that a question might stumble over.

        Raises:
            ValueError: it is not as `save` writes it.
        """
        for strings in (self.words, self.forms):
            strings.verify()
        if len(self.words) != len(self.forms) or not all(
            len(group) and all(isinstance(stem, str) for phrase in group for stem in phrase)
            for group in self.synonyms
        ):
            raise ValueError("words and forms of the vocabulary do not belong together")


def collect(shards: Sequence[Postings], synonyms: Synonyms = ()) -> Vocabulary:
    """The words of all shards together: frequencies and languages summed, forms counted again."""
    frequencies: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    languages: dict[str, tuple[int, int]] = {}
    for shard in shards:
        for place, (word, n) in enumerate(zip(shard.words, shard.passages_with(), strict=True)):
            frequencies[word] += int(n)
            forms.setdefault(word, Counter()).update(shard.forms_of(place))
        for code, (passages, words) in shard.languages.items():
            before = languages.get(code, (0, 0))
            languages[code] = before[0] + passages, before[1] + words
    ordered = sorted(frequencies)
    return Vocabulary(
        Strings.of(ordered),
        Strings.of(_usual(forms[word]) or word for word in ordered),
        np.array([frequencies[word] for word in ordered], "<u4"),
        dict(sorted(languages.items())) or {ENGLISH: (0, 0)},
        synonyms,
    )


def _usual(forms: Counter[str]) -> str | None:
    """The form that is written most often, of several the last in the order of letters."""
    return max(forms, key=lambda form: (forms[form], form), default=None)
