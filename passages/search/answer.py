"""What a question is answered with: hits, each a passage word for word, and their one JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from passages.articles.chunking import Passage
from passages.articles.markdown import Span
from passages.search.honesty.lacking import NOTHING, Lacking, OtherNumber

Verdict = Literal["answered", "related", "not found"]


@dataclass(frozen=True, slots=True)
class HitSignals:
    """What brought a hit up: its signals, and its ranks among the candidates by each of them.

    `by_words` is None without a word in common.
    """

    passage: float
    sentence: float
    bm25: float
    found: float
    by_passage: int
    by_sentence: int
    by_words: int | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found; a higher `score` is better, comparable within one answer only.

    `sentence` is the sentence nearest to the question, as a reader sees it, and `span` its place in
    the passage's text, which is as the article has it.
    `lacking` is what the question names and the passage does not. `probability` is how sure it is
    that the passage answers, by what was measured on judged questions, None where it was not;
    `strong` says that hits like this one did answer.
    `other_places` are the passages that hold the same text elsewhere, best first, of all that was
    found. `signals` say what brought it up, to whoever tunes or measures.
    """

    rank: int
    score: float
    passage: Passage
    sentence: str
    span: Span
    lacking: Lacking = NOTHING
    probability: float | None = None
    strong: bool = False
    other_places: tuple[Passage, ...] = ()
    signals: HitSignals | None = field(default=None, compare=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """Words, names and numbers of the question that the passage does not mention."""
        return self.lacking.missing

    @property
    def numbers(self) -> tuple[OtherNumber, ...]:
        """Numbers that were asked for, and what the passage says of the same unit instead."""
        return self.lacking.numbers

    def to_json(self) -> dict[str, Any]:
        """The hit as JSON values; `text` is the passage without its headings.

        `words` is what a reader sees of it.
        """
        return {
            "rank": self.rank,
            "score": self.score,
            "article": self.passage.article.id,
            "title": self.passage.article.title,
            "source": self.passage.article.source,
            "url": self.passage.article.url,
            "date": self.passage.article.date,
            "language": self.passage.article.language,
            "headings": list(self.passage.headings),
            "anchor": self.passage.anchor,
            "text": self.passage.text,
            "words": self.passage.words,
            "sentence": self.sentence,
            "span": list(self.span),
            "key": key(self.passage),
            "start": self.passage.start,
            "end": self.passage.end,
            "probability": self.probability,
            "strong": self.strong,
            "missing": list(self.missing),
            "numbers": [number.to_json() for number in self.numbers],
            "other_places": [_place_json(passage) for passage in self.other_places],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits for a question, best first; `covered` says whether the articles may answer it.

    `sure` says that the best hit is likely to answer, and lacks no name or number of the question.
    `unknown` are the question's words, names and numbers that no article has. `confidence` is the
    calibrated probability that the articles answer, from 0 to 1. `wording` is the question as it
    was read, `replaced` its words that were read as others, (typed, read as). `stems` are the words
    that bring a passage up. `measured` says whether the confidence was measured in the language of
    the best passage: in another one no word of strength is honest. `features` are what the
    confidence was computed from.
    """

    question: str
    covered: bool
    confidence: float
    hits: tuple[Hit, ...]
    wording: str = ""
    replaced: tuple[tuple[str, str], ...] = ()
    stems: frozenset[str] = frozenset()
    measured: bool = True
    sure: bool = True
    unknown: tuple[str, ...] = ()
    features: NDArray[np.float64] = field(default_factory=lambda: np.empty(0), compare=False)

    @property
    def verdict(self) -> Verdict:
        """Whether the question is answered, or something related was found, or neither."""
        if not self.covered:
            return "not found"
        return "answered" if self.sure else "related"

    def to_json(self) -> dict[str, Any]:
        """The answer as JSON values: what the command line, HTTP and MCP give."""
        return {
            "question": self.question,
            "verdict": self.verdict,
            "covered": self.covered,
            "confidence": self.confidence,
            "measured": self.measured,
            "wording": {
                "text": self.wording,
                "replaced": [{"typed": typed, "read": read} for typed, read in self.replaced],
            },
            "stems": sorted(self.stems),
            "unknown": list(self.unknown),
            "hits": [hit.to_json() for hit in self.hits],
        }


def _place_json(passage: Passage) -> dict[str, Any]:
    """Where a passage stands."""
    return {
        "article": passage.article.id,
        "title": passage.article.title,
        "headings": list(passage.headings),
        "anchor": passage.anchor,
        "key": key(passage),
        "start": passage.start,
        "end": passage.end,
    }


def key(passage: Passage) -> str:
    """A passage's permalink: where it begins and a hash of its words, `1204-9f86d081`."""
    return f"{passage.start}-{_digest(passage)}"


def resolve(wanted: str, passages: Sequence[Passage]) -> Passage | None:
    """The passage of that key, or one of the same words elsewhere; None if the words changed."""
    digest = wanted.rpartition("-")[2]
    alike = [passage for passage in passages if _digest(passage) == digest]
    return next((passage for passage in alike if key(passage) == wanted), next(iter(alike), None))


def _digest(passage: Passage) -> str:
    return hashlib.sha256(passage.text.encode()).hexdigest()[:8]
