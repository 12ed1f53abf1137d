"""BM25 over the passages: which words stand in which passage, and what they weigh there.

One index over `heading + heading + body` of every passage: a word of the title or headings counts
as `HEADING_COPIES` in the text, under one saturation. So a passage does not win twice for a word
that stands in its heading and in its text, and a short passage under a long heading is not short.

Each language has terms, frequencies and a mean length of its own: in one vocabulary, as a term
begins with the code of its language.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from passages.index.arrays import Strings, check_starts, map_array, write_array
from passages.index.vocabulary import Vocabulary
from passages.language.languages import ENGLISH
from passages.language.synonyms import Synonyms
from passages.language.words import Word, words_of

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bm25:
    """The constants of BM25: copies of title and headings, term saturation, length."""

    heading_copies: int = 2
    k1: float = 0.75
    b: float = 0.75


BM25 = Bm25()
"""`python -m benchmarks.fit_scoring --bm25` prints the table that these three come from."""

_ABOUT = "lexicon.json"
_FILES = {
    "starts": "starts.i64",
    "rows": "rows.i32",
    "weights": "weights.f32",
    "most": "most.f32",
}


@dataclass(frozen=True, slots=True)
class TermList:
    """A word's passages: `rows` (n,) ascending, `weights` (n,) its BM25 there, `most` the largest.

    What the files of the snapshot hold: read, never written.
    """

    rows: NDArray[np.int32]
    weights: Scores
    most: float

    def add_to(self, sums: Scores, share: np.float32) -> None:
        """Add `share` of the weights to `sums` (passages,): reads all of it."""
        sums[self.rows] += share * self.weights

    def places(self, rows: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """For each of `rows` its place in here, and whether it is in here at all."""
        if not len(self.rows):
            return np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_)
        places = np.searchsorted(self.rows, rows).clip(max=len(self.rows) - 1)
        return places, self.rows[places] == rows


@dataclass(frozen=True, slots=True)
class Postings:
    """BM25 weights by word: word `i` has `weights[starts[i]:starts[i + 1]]` in `rows` of these.

    `most` is the largest weight of each word.
    """

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: Scores
    most: Scores

    def of(self, place: int) -> TermList:
        """The passages of the word with this number."""
        start, end = self.starts[place : place + 2]
        return TermList(self.rows[start:end], self.weights[start:end], float(self.most[place]))


class Lexicon:
    """The words of all passages and where they stand; immutable, safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary, postings: Postings) -> None:
        self.vocabulary = vocabulary
        self._postings = postings

    @classmethod
    def build(
        cls,
        texts: Iterable[tuple[str, str] | tuple[str, str, str]],
        synonyms: Synonyms = (),
        constants: Bm25 = BM25,
    ) -> Lexicon:
        """Index passages, each given as its body, its title and heading path, and its language.

        The language is a code of ISO 639-1, English where it is left out.
        """
        of_languages: dict[str, _Documents] = {}
        passages = 0
        for body, heading, *language in texts:
            code = language[0] if language else ENGLISH
            documents = of_languages.setdefault(code, _Documents())
            documents.add(
                passages,
                words_of(heading, code) * constants.heading_copies + words_of(body, code),
            )
            passages += 1
        words, postings = _joined([each.weighed(constants) for each in of_languages.values()])
        usual: dict[str, str] = {}
        for each in of_languages.values():
            usual |= each.usual_forms()
        vocabulary = Vocabulary(
            Strings.of(words),
            Strings.of(usual.get(word, word) for word in words),
            postings.starts,
            passages,
            synonyms,
            {code: len(each.rows) for code, each in sorted(of_languages.items())},
        )
        return cls(vocabulary, postings)

    def save(self, folder: Path) -> None:
        """Write the lexicon into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.vocabulary.words.save(folder / "words.bin")
        self.vocabulary.forms.save(folder / "forms.bin")
        for name, file in _FILES.items():
            write_array(folder / file, getattr(self._postings, name))
        about = {
            "passages": len(self),
            "synonyms": self.vocabulary.synonyms,
            "languages": dict(self.vocabulary.languages),
        }
        (folder / _ABOUT).write_text(json.dumps(about, ensure_ascii=False) + "\n", "utf-8")

    @classmethod
    def open(cls, folder: Path) -> Lexicon:
        """Open what `save` wrote; all but the synonyms stays on disk until it is read.

        Raises:
            ValueError: the files are not those of a lexicon.
        """
        try:
            about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            passages = about["passages"]
            groups = tuple(tuple(map(tuple, group)) for group in about["synonyms"])
            languages = {str(code): int(n) for code, n in about.get("languages", {}).items()}
            words, forms = Strings.open(folder / "words.bin"), Strings.open(folder / "forms.bin")
            starts = map_array(folder / _FILES["starts"], "<i8", (len(words) + 1,))
            total = (int(starts[-1]),)
            rows = map_array(folder / _FILES["rows"], "<i4", total)
            weights = map_array(folder / _FILES["weights"], "<f4", total)
            most = map_array(folder / _FILES["most"], "<f4", (len(words),))
        except (OSError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{folder} is no lexicon ({error!r})") from error
        vocabulary = Vocabulary(words, forms, starts, passages, groups, languages)
        return cls(vocabulary, Postings(starts, rows, weights, most))

    def verify(self) -> None:
        """Read all that a question might stumble over.

        Raises:
            ValueError: it is not as `save` writes it.
        """
        words, forms = self.vocabulary.words, self.vocabulary.forms
        for strings in (words, forms):
            strings.verify()
        rows = self._postings.rows
        check_starts("starts.i64", self._postings.starts, len(rows))
        if len(words) != len(forms) or not all(
            len(group) and all(isinstance(stem, str) for phrase in group for stem in phrase)
            for group in self.vocabulary.synonyms
        ):
            raise ValueError("words and forms of the lexicon do not belong together")
        if len(rows) and not 0 <= rows.min() <= rows.max() < max(1, len(self)):
            raise ValueError("rows.i32 names passages that there are not")

    def __len__(self) -> int:
        """Passages."""
        return self.vocabulary.passages

    def term_list(self, stem: str) -> TermList:
        """The passages that have this stem: none for one that is unknown."""
        place = self.vocabulary.place(stem)
        if place is None:
            return TermList(np.empty(0, np.int32), np.empty(0, np.float32), 0.0)
        return self._postings.of(place)


class _Documents:
    """The passages in one language: `rows` are their numbers among all."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self._ids: dict[str, int] = {}
        self._documents: list[list[int]] = []
        self._forms: Counter[tuple[str, str]] = Counter()

    def add(self, row: int, words: list[Word]) -> None:
        """Take in the words of the passage in this row, which is after all others."""
        ids = self._ids
        self.rows.append(row)
        self._documents.append(
            [ids.setdefault(term, len(ids)) for word in words for term in (word.term, *word.parts)]
        )
        self._forms.update((word.term, word.form) for word in words)

    def usual_forms(self) -> dict[str, str]:
        """For each term of a word the most frequent form that has it."""
        ranked = sorted(self._forms, key=lambda pair: (self._forms[pair], pair[1]))
        return dict(ranked)

    def weighed(self, constants: Bm25) -> tuple[list[str], Postings]:
        """The terms in order, and their BM25 weights."""
        ids, documents = self._ids, self._documents
        if not ids:  # bm25s cannot divide by a mean length of nothing
            ids, documents = {"": 0}, [[0] for _ in documents]
        bm25 = bm25s.BM25(method="lucene", k1=constants.k1, b=constants.b)
        bm25.index((documents, ids), create_empty_token=False, show_progress=False)
        words = sorted(ids)
        order = np.array([ids[word] for word in words])
        columns = bm25.scores
        rows = np.array(self.rows, "<i4")[columns["indices"]]
        return words, _in_order(columns["indptr"].astype(np.int64), rows, columns["data"], order)


def _joined(parts: list[tuple[list[str], Postings]]) -> tuple[list[str], Postings]:
    """The postings of several languages, which have no term in common, as one."""
    if not parts:
        nothing = np.zeros(1, "<f4")
        return [""], Postings(np.zeros(2, "<i8"), nothing[:0].astype("<i4"), nothing[:0], nothing)
    if len(parts) == 1:
        return parts[0]
    words = [word for of_part, _ in parts for word in of_part]
    sizes = np.concatenate([np.diff(postings.starts) for _, postings in parts])
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    rows = np.concatenate([postings.rows for _, postings in parts])
    weights = np.concatenate([postings.weights for _, postings in parts])
    order = np.array(sorted(range(len(words)), key=words.__getitem__))
    return [words[place] for place in order], _in_order(starts, rows, weights, order)


def _in_order(
    columns: NDArray[np.int64],
    rows: NDArray[np.int32],
    weights: NDArray[np.float32],
    order: NDArray[np.int64],
) -> Postings:
    """The columns of a matrix of passages and words, in the given order of the words."""
    sizes = np.diff(columns)[order]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype("<i8")
    taken = np.repeat(columns[order] - starts[:-1], sizes) + np.arange(starts[-1])
    weights = weights[taken].astype("<f4")
    most = (
        np.maximum.reduceat(weights, starts[:-1]) if len(weights) else np.zeros(len(order), "<f4")
    )
    return Postings(starts, rows[taken].astype("<i4"), weights, most.astype("<f4"))
