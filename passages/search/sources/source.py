"""`Source`: three coarse calls, in the order in which a question is answered, and plain look-ups.

Scoring, reranking, confidence and the marked sentence are the same for every source and stay
outside of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from passages.articles.boilerplate import Hashes
from passages.articles.chunking import Passage
from passages.articles.corpus import Article, Problem
from passages.index.arrays import Values
from passages.index.manifest import Manifest
from passages.index.words.vocabulary import Vocabulary
from passages.models.encoder import Vectors
from passages.models.supply import Model
from passages.models.token_codes import Codes
from passages.search.query import Query

Places = NDArray[np.int64]
"""Numbers by which a source knows its passages, ascending as article ids and passages do."""


@dataclass(frozen=True, slots=True)
class About:
    """What a source says of itself; `name` changes with everything that could change an answer."""

    name: str
    created: str
    corpus: str
    model: Model
    articles: int
    sections: int
    passages: int
    sentences: int
    calibration: Mapping[str, Any]
    problems: tuple[Problem, ...]
    token_model: Model | None = None

    @classmethod
    def of(cls, name: str, manifest: Manifest, sections: int | None = None) -> About:
        """What a manifest tells, of one snapshot with its `sections`, or of several shards."""
        shards = manifest.shards
        return cls(
            name=name,
            created=manifest.created,
            corpus=manifest.corpus,
            model=manifest.model,
            articles=sum(one.articles for one in shards) if shards else len(manifest.articles),
            sections=sum(one.sections for one in shards) if sections is None else sections,
            passages=manifest.passages,
            sentences=manifest.sentences,
            calibration=manifest.calibration,
            token_model=manifest.token_model,
            problems=manifest.problems,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates for a query: the nearest passages and the best by words, joined.

    `known` are the stems of the query that a passage has, of the chosen articles if any are.
    """

    places: Places
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of each candidate, every array (candidates,).

    `passage` and `sentence` are cosines of the question with the passage and with its nearest
    sentence; `bm25` is a share of the question, 0 without a common word; `found` is the share of
    its weighted words that stand in the passage; `boilerplate` says that all of the passage stands
    in many articles alike; `texts` are hashes of what a reader sees of it, the same if the words
    are. `late` is the mean over the question's tokens of the cosine with the
    passage's nearest token, NaN for a passage without codes of tokens. `languages` are the codes of
    the passages' languages, empty where all are English.
    """

    passage: Values
    sentence: Values
    bm25: Values
    found: Values
    boilerplate: NDArray[np.bool_]
    late: Values
    texts: Hashes
    languages: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.passage)


@dataclass(frozen=True, slots=True)
class Read:
    """A passage with what its marked sentence is chosen by, and what it covers of a question.

    `vectors` (sentences, dimension), float32, are those of its sentences, `boilerplate`
    (sentences,) whether each stands in many articles. `codes` are those of its tokens, None where
    the collection has none.
    """

    passage: Passage
    vectors: Vectors
    boilerplate: NDArray[np.bool_]
    codes: Codes | None = None

    def cosines(self, vector: Vectors) -> Values:
        """Cosine of `vector` (dimension,) with each sentence; boilerplate among others is last."""
        # Not by `@`: BLAS shares it between threads, which costs more than it saves.
        cosines: Values = np.einsum("ij,j->i", self.vectors, vector)
        if self.boilerplate.any() and not self.boilerplate.all():
            cosines[self.boilerplate] = -1
        return cosines


class Source(Protocol):
    """A collection that can be asked; safe to share between threads."""

    @property
    def about(self) -> About:
        """What this is: model, counts, calibration."""

    @property
    def words(self) -> Vocabulary:
        """The words of the whole collection."""

    def find(self, query: Query, n: int) -> Found:
        """The `n` nearest passages and the `n` best by words."""

    def signals(self, query: Query, places: Places) -> Signals:
        """What scores these candidates, some 200 at most."""

    def read(self, places: Sequence[int]) -> list[Read]:
        """The passages in these places, in this order."""

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None."""

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in the order of its text; none where there is no such id."""

    def articles(self) -> Iterator[tuple[str, str]]:
        """Id and title of every article, in the order of the ids."""

    @property
    def verified(self) -> bool:
        """Whether every byte was compared with its hash since this was opened."""

    def verify(self) -> None:
        """Compare every byte with its hash.

        Raises:
            IndexDamaged: something is not as its manifest says.
        """
