"""Which words stand in which passage, how often, and what BM25 makes of that.

One index over `heading + heading + body` of every passage: a word of the title or headings counts
as `HEADING_COPIES` in the text, under one saturation. So a passage does not win twice for a word
that stands in its heading and in its text, and a short passage under a long heading is not short.

What is stored depends on the passages alone: how often a word stands in each, and their lengths.
Document frequencies and mean lengths are those of the whole collection (see `vocabulary`), so a
weight is computed when a list is read: one changed article changes no other's postings.

Each language has terms, frequencies and a mean length of its own: in one vocabulary, as a term
begins with the code of its language.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.index.arrays import Strings, check_starts, map_array, write_array
from passages.index.words.term_list import BM25, Bm25, TermList
from passages.language.words import Word

MOST_OFTEN = np.iinfo("<u2").max
"""A word that stands more often in one passage counts as so often: it weighs all it can by then."""

_ABOUT = "postings.json"
_FILES = {
    "starts": "starts.i64",
    "rows": "rows.i32",
    "frequencies": "frequencies.u16",
    "most": "most.u16",
    "shortest": "shortest.u32",
    "lengths": "lengths.u32",
}


@dataclass(frozen=True, slots=True)
class Postings:
    """The words of some passages: word `i` stands in `rows[starts[i]:starts[i + 1]]`.

    It stands there `frequencies` times, at `most`; `lengths` (passages,) are numbers of words,
    `longest` the greatest, and `shortest` the least of a passage of each word. `forms` has for each
    word the ways it is written, with their numbers. `languages` gives for each language its
    passages and their words.
    """

    words: Strings
    forms: Strings
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    frequencies: NDArray[np.uint16]
    most: NDArray[np.uint16]
    shortest: NDArray[np.uint32]
    lengths: NDArray[np.uint32]
    longest: int
    languages: dict[str, tuple[int, int]]
    constants: Bm25 = BM25

    @classmethod
    def of(cls, documents: Iterable[tuple[str, list[Word]]], constants: Bm25 = BM25) -> Postings:
        """Index passages, each given as the code of its language and its words."""
        growing = _Growing()
        for code, words in documents:
            growing.add(code, words)
        return growing.postings(constants)

    @classmethod
    def made_of(
        cls,
        words: dict[str, str],
        starts: NDArray[np.int64],
        rows: NDArray[np.int32],
        frequencies: NDArray[np.uint16],
        lengths: NDArray[np.uint32],
        languages: dict[str, tuple[int, int]],
        constants: Bm25,
    ) -> Postings:
        """Postings of `words`, each with the ways it is written; the rest is found from these."""
        return cls(
            words=Strings.of(words),
            forms=Strings.of(words.values()),
            starts=starts,
            rows=rows,
            frequencies=frequencies,
            most=_reduced(np.maximum, frequencies, starts),
            shortest=_reduced(np.minimum, lengths[rows], starts),
            lengths=lengths,
            longest=int(lengths.max(initial=0)),
            languages=languages,
            constants=constants,
        )

    def save(self, folder: Path) -> None:
        """Write the postings into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.words.save(folder / "words.bin")
        self.forms.save(folder / "forms.bin")
        for name, file in _FILES.items():
            write_array(folder / file, getattr(self, name))
        about = {
            "passages": len(self.lengths),
            "longest": self.longest,
            "languages": self.languages,
        }
        (folder / _ABOUT).write_text(json.dumps(about) + "\n", "utf-8")

    @classmethod
    def open(cls, folder: Path) -> Postings:
        """Open what `save` wrote; it stays on disk until it is read.

        Raises:
            ValueError: the files are not those of postings.
        """
        try:
            about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            languages = {
                str(code): (int(passages), int(words))
                for code, (passages, words) in about["languages"].items()
            }
            words = Strings.open(folder / "words.bin")
            starts = map_array(folder / _FILES["starts"], "<i8", (len(words) + 1,))
            total, of_words = (int(starts[-1]),), (len(words),)
            rows = map_array(folder / _FILES["rows"], "<i4", total)
            frequencies = map_array(folder / _FILES["frequencies"], "<u2", total)
            most = map_array(folder / _FILES["most"], "<u2", of_words)
            shortest = map_array(folder / _FILES["shortest"], "<u4", of_words)
            longest = int(about["longest"])
            lengths = map_array(folder / _FILES["lengths"], "<u4", (about["passages"],))
        except (OSError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{folder} holds no postings ({error!r})") from error
        forms = Strings.open(folder / "forms.bin")
        return cls(
            words, forms, starts, rows, frequencies, most, shortest, lengths, longest, languages
        )

    def verify(self) -> None:
        """Read all that a question might stumble over.

        Raises:
            ValueError: it is not as `save` writes it.
        """
        for strings in (self.words, self.forms):
            strings.verify()
        check_starts("starts.i64", self.starts, len(self.rows), least=1)
        if len(self.words) != len(self.forms):
            raise ValueError("words and forms of the postings do not belong together")
        if len(self.rows) and not 0 <= self.rows.min() <= self.rows.max() < max(1, len(self)):
            raise ValueError("rows.i32 names passages that there are not")
        most = _reduced(np.maximum, self.frequencies, self.starts)
        shortest = _reduced(np.minimum, self.lengths[self.rows], self.starts)
        if self.longest != self.lengths.max(initial=0) or not (
            np.array_equal(most, self.most) and np.array_equal(shortest, self.shortest)
        ):
            raise ValueError("the postings have not the bounds that they are said to have")

    def __len__(self) -> int:
        """Passages."""
        return len(self.lengths)

    def term_list(self, stem: str, idf: float, mean: float) -> TermList:
        """The passages that have this stem: none for one that is unknown.

        Args:
            stem: a term.
            idf: its inverse document frequency in the collection.
            mean: the mean length of the collection's passages in its language.
        """
        place = bisect_left(self.words, stem)
        known = place < len(self.words) and self.words[place] == stem
        start, end = self.starts[place : place + 2] if known else (0, 0)
        return TermList(
            self.rows[start:end],
            self.frequencies[start:end],
            self.lengths,
            self.longest,
            int(self.most[place]) if known else 0,
            int(self.shortest[place]) if known else 0,
            np.float32(idf),
            mean,
            self.constants,
        )

    def passages_with(self) -> NDArray[np.int64]:
        """In how many passages each word stands, (words,)."""
        return np.diff(self.starts)

    def forms_of(self, place: int) -> Counter[str]:
        """How often each form of the word in this place is written."""
        return Counter(json.loads(self.forms[place]))


class _Growing:
    """Postings in the making, passage by passage."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._forms: list[Counter[str]] = []
        self._of_passages, self._often = array("i"), array("H")
        self._sizes, self._lengths = array("q"), array("I")
        self._languages: dict[str, tuple[int, int]] = {}

    def add(self, code: str, words: list[Word]) -> None:
        """Take in the words of the next passage."""
        often = Counter(term for word in words for term in (word.term, *word.parts))
        for term, count in often.items():
            self._of_passages.append(self._id(term))
            self._often.append(min(count, MOST_OFTEN))
        for word in words:
            self._forms[self._ids[word.term]][word.form] += 1
        length = often.total()
        self._sizes.append(len(often))
        self._lengths.append(length)
        passages, total = self._languages.get(code, (0, 0))
        self._languages[code] = passages + 1, total + length

    def _id(self, term: str) -> int:
        found = self._ids.setdefault(term, len(self._ids))
        if found == len(self._forms):
            self._forms.append(Counter())
        return found

    def postings(self, constants: Bm25) -> Postings:
        """What was taken in, in the order of the words."""
        words = sorted(self._ids)
        ids = np.array([self._ids[word] for word in words], np.int64)
        rank = np.empty(len(ids), np.int32)
        rank[ids] = np.arange(len(ids), dtype=np.int32)
        of_passages = rank[np.array(self._of_passages, np.int32)]
        order = np.argsort(of_passages, kind="stable")
        sizes = np.bincount(of_passages, minlength=len(words))
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype("<i8")
        passages = np.arange(len(self._sizes), dtype="<i4")
        rows = np.repeat(passages, np.array(self._sizes, np.int64))[order]
        frequencies = np.array(self._often, np.uint16)[order].astype("<u2")
        lengths = np.array(self._lengths, "<u4")
        return Postings.made_of(
            dict(zip(words, map(listed, (self._forms[place] for place in ids)), strict=True)),
            starts,
            rows,
            frequencies,
            lengths,
            dict(sorted(self._languages.items())),
            constants,
        )


def listed(forms: Counter[str]) -> str:
    """The ways that a word is written, with their numbers, as `Postings.forms` has them."""
    return json.dumps(dict(sorted(forms.items())), ensure_ascii=False, separators=(",", ":"))


def _reduced(
    by: np.ufunc, values: NDArray[np.unsignedinteger], starts: NDArray[np.int64]
) -> NDArray[np.unsignedinteger]:
    """One value for each word; every word stands in a passage."""
    reduced: NDArray[np.unsignedinteger] = (
        by.reduceat(values, starts[:-1]) if len(values) else values[:0]
    )
    return reduced
