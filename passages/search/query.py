"""A question, made ready once: its words as the collection knows them, and its vector."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from passages.index.vocabulary import Vocabulary
from passages.language.words import STOP, WORD, normal, reworded, stems, stems_of
from passages.models.encoder import TextEncoder, Vectors

Kind = Literal["asked", "corrected", "unknown", "synonym"]
WEIGHTS: Mapping[Kind, float] = {"asked": 1.0, "corrected": 0.8, "unknown": 0.0, "synonym": 0.1}
"""Weight of a word by how it came into the question: a known word of it, the nearest known word in
the place of an unknown one, an unknown one that nothing stands for, an editor's synonym.

A synonym brings its passages in; what they are worth the encoder says, which is asked in the
articles' words."""

MAX_QUESTION = 2_000
"""Characters of a question that are read; an encoder sees fewer anyway."""

MAX_TERMS = 64
"""Different words of a question that are looked up, in its order."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word that is looked up; `idf` is ln(1 + (N - n + 0.5) / (n + 0.5)) of n passages in N."""

    stem: str
    kind: Kind
    idf: float

    @property
    def weight(self) -> float:
        """What BM25 and idf are multiplied by."""
        return WEIGHTS[self.kind]


@dataclass(frozen=True, slots=True)
class Wording:
    """How a question is read: `text`, with `replaced` words as (typed, read as)."""

    text: str
    replaced: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """All that a source needs to answer a question; made by `make_query`.

    `text` is the question as it was asked, `corrected` the same without misspellings, `wording` how
    it is read with an editor's synonyms too. `vector` (dimension,) has length 1. `asked` is the sum
    of the idf of all words asked, unknown ones included. `within` are the ids of the articles that
    the reader chose, None for all.
    """

    text: str
    corrected: str
    wording: Wording
    terms: tuple[Term, ...]
    asked: float
    vector: Vectors
    within: frozenset[str] | None = None

    @property
    def stems(self) -> frozenset[str]:
        """The words that bring a passage up, synonyms included."""
        return frozenset(term.stem for term in self.terms if term.kind != "unknown")

    def share_of(self, stems: Collection[str]) -> float:
        """The share of the question, by idf, that these stems are; synonyms do not count."""
        return sum(
            term.weight * term.idf / self.asked
            for term in self.terms
            if term.kind not in ("unknown", "synonym") and term.stem in stems
        )


def make_query(
    text: str,
    vocabulary: Vocabulary,
    encoder: TextEncoder,
    within: Collection[str] | None = None,
) -> Query:
    """Make a question ready: look its words up once and encode its wordings together.

    A misspelt word is read by the encoder in pieces, and a lay word may lie far from the one that
    the articles use: so the vector is the mean of those of the question as it was asked and as it
    is read in the articles' own words.
    """
    terms = look_up(text, vocabulary)
    wording = read_as(text, vocabulary)
    vectors = encoder.encode_questions(list(dict.fromkeys([text, wording.text])))
    mean: Vectors = vectors.mean(axis=0)
    return Query(
        text=text,
        corrected=corrected(text, vocabulary).text,
        wording=wording,
        terms=terms,
        asked=sum(term.idf for term in terms if term.kind != "synonym") or 1.0,
        vector=mean / np.linalg.norm(mean),
        within=None if within is None else frozenset(within),
    )


def clean(question: str) -> str:
    """The question in one line of valid Unicode, clipped."""
    valid = question[:MAX_QUESTION].encode("utf-8", "ignore").decode("utf-8")
    return " ".join(valid.replace("\0", " ").split())


def look_up(question: str, vocabulary: Vocabulary) -> tuple[Term, ...]:
    """The words that are looked up, each once: the question's own, then synonyms."""
    kinds: dict[str, Kind] = {}
    for stem in list(dict.fromkeys(stems_of(question)))[:MAX_TERMS]:
        if stem in vocabulary:
            kinds[stem] = "asked"
        elif (near := vocabulary.nearest(stem)) is not None:
            kinds.setdefault(near, "corrected")
        else:
            kinds[stem] = "unknown"
    kinds |= dict.fromkeys(vocabulary.synonyms_of(kinds), "synonym")
    return tuple(Term(stem, kind, vocabulary.idf(stem)) for stem, kind in kinds.items())


def corrected(question: str, vocabulary: Vocabulary) -> Wording:
    """The question with the nearest known word in the place of each unknown one.

    `"wat efects has it"` -> `"wat effects has it"`, where no passage is about "wat" or near.
    """
    words = sorted({normal(word) for word in WORD.findall(question)} - STOP)
    near: dict[str, str] = {}
    for word, stem in zip(words, stems(words), strict=True):
        if stem not in vocabulary and (known := vocabulary.nearest(stem)) is not None:
            near[word] = vocabulary.form(known)
    typed = dict.fromkeys(word for word in WORD.findall(question) if normal(word) in near)
    text = WORD.sub(lambda word: near.get(normal(word[0]), word[0]), question)
    return Wording(text, tuple((word, near[normal(word)]) for word in typed))


def read_as(question: str, vocabulary: Vocabulary) -> Wording:
    """The question in the articles' own words: synonyms of phrases that no passage has, no typos.

    With `hooked, addicted` and passages that say "addicted": `"Will I get hooked?"` ->
    `"Will I get addicted?"`.
    """
    text, replaced = reworded(question, vocabulary.instead)
    spelt = corrected(text, vocabulary)
    return Wording(spelt.text, (*replaced, *spelt.replaced))
