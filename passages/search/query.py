"""A question, made ready once: its words as the collection knows them, and its vector."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from passages.index.words.vocabulary import Vocabulary
from passages.language.detection import nearest
from passages.language.languages import language
from passages.language.synonyms import reworded
from passages.language.word_lists import is_near_stop_word, is_rather_another, is_word, word_list
from passages.language.words import Word, is_gram, language_of, words_of
from passages.models.encoder import TextEncoder, Vectors
from passages.models.token_codes import TokenVectors
from passages.models.token_encoder import TokenTextEncoder

Kind = Literal["asked", "part", "corrected", "unknown", "synonym"]
WEIGHTS: Mapping[Kind, float] = {
    "asked": 1.0,
    "part": 1.0,
    "corrected": 0.8,
    "unknown": 0.0,
    "synonym": 0.1,
}
"""Weight of a term by how it came into the question: a known word of it, a known group of letters
in a word of it, the nearest known word in the place of an unknown one, an unknown one that nothing
stands for, an editor's synonym.

A synonym brings its passages in; what they are worth the encoder says, which is asked in the
articles' words."""

MAX_QUESTION = 2_000
"""Characters of a question that are read; an encoder sees fewer anyway."""

MAX_TERMS = 64
"""Different words of a question that are looked up, in its order."""

SHORTEST_CORRECTED = 5
"""Letters of a word that may be a misspelling: one edit makes a shorter word into too many."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word that is looked up; `idf` is ln(1 + (N - n + 0.5) / (n + 0.5)) of n passages in N."""

    stem: str
    kind: Kind
    idf: float

    @property
    def language(self) -> str:
        """The code of the language that the word was read in."""
        return language_of(self.stem)

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
    it is read with an editor's synonyms too. `vector` (dimension,) has length 1, `tokens` are the
    vectors of the tokens of each wording, each as long as its token counts, and `words` those of
    each word of the last that counts. The question is read in every language that the collection
    has; `asked` is for each the sum of the idf of all that is asked, unknown words included, and
    `mean_lengths` the mean length of its passages, in words. `within` are the ids of the articles
    that the reader chose, None for all.
    """

    text: str
    corrected: str
    wording: Wording
    terms: tuple[Term, ...]
    asked: Mapping[str, float]
    mean_lengths: Mapping[str, float]
    vector: Vectors
    tokens: tuple[TokenVectors, ...] = ()
    words: tuple[TokenVectors, ...] = ()
    within: frozenset[str] | None = None

    @property
    def stems(self) -> frozenset[str]:
        """The words that bring a passage up, synonyms included."""
        return frozenset(term.stem for term in self.terms if term.kind not in ("unknown", "part"))

    def share_of(self, stems: Collection[str]) -> float:
        """The share of the question, by idf, that these terms are; synonyms do not count.

        Of the languages that it is read in, the one in which most is known.
        """
        shares = dict.fromkeys(self.asked, 0.0)
        for term in self.terms:
            if term.kind not in ("unknown", "synonym") and term.stem in stems:
                shares[term.language] += term.weight * term.idf / self.asked[term.language]
        return max(shares.values(), default=0.0)


def make_query(
    text: str,
    vocabulary: Vocabulary,
    encoder: TextEncoder,
    within: Collection[str] | None = None,
    tokens: TokenTextEncoder | None = None,
) -> Query:
    """Make a question ready: look its words up once and encode its wordings together.

    A misspelt word is read by the encoder in pieces, and a lay word may lie far from the one that
    the articles use: so the vector is the mean of those of the question as it was asked and as it
    is read in the articles' own words. A question in quotation marks is asked as it is typed.
    """
    terms = look_up(text, vocabulary)
    wording = read_as(text, vocabulary)
    if is_as_typed(text):
        terms = tuple(_as_typed(term) for term in terms if term.kind != "synonym")
        wording = Wording(text)
    wordings = list(dict.fromkeys([text, wording.text]))
    vectors = encoder.encode_questions(wordings)
    mean: Vectors = vectors.mean(axis=0)
    light = language(nearest(text, vocabulary.languages)).stop
    by_token = tuple(tokens.encode_questions(wordings, light)) if tokens else ()
    return Query(
        text=text,
        corrected=wording.text if is_as_typed(text) else corrected(text, vocabulary).text,
        wording=wording,
        terms=terms,
        asked=asked_by(terms, vocabulary),
        mean_lengths=vocabulary.mean_lengths,
        vector=mean / np.linalg.norm(mean),
        tokens=by_token,
        words=_by_word(wordings[-1], vocabulary, by_token[-1], tokens) if tokens else (),
        within=None if within is None else frozenset(within),
    )


def _by_word(
    text: str, vocabulary: Vocabulary, vectors: TokenVectors, tokens: TokenTextEncoder
) -> tuple[TokenVectors, ...]:
    """The vectors of the tokens of each word that counts."""
    spans = tokens.spans(text)
    by_word = (
        [n for n, (start, end) in enumerate(spans) if word.start <= start and end <= word.end]
        for word in words_of(text, nearest(text, vocabulary.languages))
    )
    return tuple(vectors[places] for places in by_word if places)


def is_as_typed(text: str) -> bool:
    """Whether a question stands in quotation marks: no word of it is to be read as another."""
    return len(text) > 2 and text[0] in '"“„' and text[-1] in '"”“'


def _as_typed(term: Term) -> Term:
    return replace(term, kind="unknown") if term.kind == "corrected" else term


def clean(question: str) -> str:
    """The question in one line of valid Unicode, clipped."""
    valid = question[:MAX_QUESTION].encode("utf-8", "ignore").decode("utf-8")
    return " ".join(valid.replace("\0", " ").split())


def look_up(question: str, vocabulary: Vocabulary) -> tuple[Term, ...]:
    """The terms that are looked up, each once: the question's own, then synonyms."""
    spoken = nearest(question, vocabulary.languages)
    kinds: dict[str, Kind] = {}
    for code in vocabulary.languages:
        words = {word.term: word for word in words_of(question, code)}
        for word in list(words.values())[:MAX_TERMS]:
            near = _correction(word, vocabulary, spoken)
            if word.term in vocabulary:
                kinds[word.term] = "asked"
            elif near is not None:
                kinds.setdefault(near, "corrected")
            else:
                kinds[word.term] = "unknown"
            for part in filter(is_gram, word.parts):
                kinds.setdefault(part, "part" if part in vocabulary else "unknown")
    kinds |= dict.fromkeys(vocabulary.synonyms_of(kinds), "synonym")
    return tuple(Term(stem, kind, vocabulary.idf(stem)) for stem, kind in kinds.items())


def asked_by(terms: Iterable[Term], vocabulary: Vocabulary) -> dict[str, float]:
    """The sum of the idf of all that is asked, for each language; 1 where that is nothing."""
    asked = dict.fromkeys(vocabulary.languages, 0.0)
    for term in terms:
        if term.kind != "synonym":
            asked[term.language] += term.idf
    return {code: idf or 1.0 for code, idf in asked.items()}


def _correction(word: Word, vocabulary: Vocabulary, spoken: str) -> str | None:
    """The known term that is meant by a word of a question in the language `spoken`.

    None for a word that is known, or that a language of the collection has although no passage has
    it; and for any word of a language without a list of its words.
    """
    if language_of(word.term) != spoken or word_list(spoken) is None or word.term in vocabulary:
        return None
    if len(word.form) < SHORTEST_CORRECTED or is_word(word.form, vocabulary.languages):
        return None
    if is_near_stop_word(word.form, spoken):
        return None
    near = vocabulary.nearest(word.term, word.form)
    if near is None or is_rather_another(word.form, vocabulary.form(near), spoken):
        return None
    return near


def corrected(question: str, vocabulary: Vocabulary) -> Wording:
    """The question with the nearest known word in the place of each misspelt one.

    `"wat efects has it"` -> `"wat effects has it"`, where a passage speaks of effects.
    """
    spoken = nearest(question, vocabulary.languages)
    parts, done = [], 0
    replaced: dict[str, str] = {}
    for word in words_of(question, spoken):
        near = _correction(word, vocabulary, spoken)
        if near is not None:
            form = vocabulary.form(near)
            parts += [question[done : word.start], form]
            replaced[question[word.start : word.end]] = form
            done = word.end
    return Wording("".join([*parts, question[done:]]), tuple(replaced.items()))


def read_as(question: str, vocabulary: Vocabulary) -> Wording:
    """The question in the articles' own words: synonyms of phrases that no passage has, no typos.

    With `hooked, addicted` and passages that say "addicted": `"Will I get hooked?"` ->
    `"Will I get addicted?"`.
    """
    spoken = nearest(question, vocabulary.languages)
    text, replaced = reworded(question, vocabulary.instead, spoken)
    spelt = corrected(text, vocabulary)
    return Wording(spelt.text, (*replaced, *spelt.replaced))
