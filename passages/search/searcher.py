"""Question -> hits: candidates, scoring, and whether the articles cover it at all.

The one search there is: the page, the command line and the evaluation call it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.articles.chunking import Passage
from passages.articles.markdown import Span
from passages.errors import IndexDamaged
from passages.index import folder as store
from passages.index.snapshot import Rows, Snapshot
from passages.models.calibration import Calibration
from passages.models.encoder import Encoder, TextEncoder, Vectors
from passages.models.supply import Model, find_model
from passages.search.confidence import features, without_lacking
from passages.search.rerank import rerank
from passages.search.scoring import RERANKED, Signals, Values, put_last, score

CANDIDATES = 100
"""Passages whose sentences are read and scored, from each of FAISS and BM25."""

MAX_QUESTION = 2_000
"""Characters of a question that are read; an encoder sees fewer anyway."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found; a higher `score` is better, comparable within one answer only.

    `sentence` is the sentence nearest to the question and `span` its place in the passage's text.
    """

    rank: int
    score: float
    passage: Passage
    sentence: str
    span: Span


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits for a question, best first; `covered` says whether the best one answers it.

    `confidence` is the calibrated probability of that, from 0 to 1.
    """

    question: str
    covered: bool
    confidence: float
    hits: tuple[Hit, ...]
    features: NDArray[np.float64] = field(default_factory=lambda: np.empty(0), compare=False)
    """What the confidence was computed from (see `confidence.FEATURES`)."""


class Index:
    """One snapshot ready to be asked. Immutable, safe to share between threads."""

    def __init__(
        self,
        snapshot: Snapshot,
        load: Callable[[Model], TextEncoder] = Encoder,
        setting: str = RERANKED,
    ) -> None:
        self.snapshot = snapshot
        self._calibration = Calibration.from_json(snapshot.manifest.calibration)
        self._setting = setting
        self._load = load
        self._loading = threading.Lock()
        self._encoder: TextEncoder | None = None

    def encoder(self) -> TextEncoder:
        """The snapshot's encoder, loaded at the first call: that takes seconds.

        Raises:
            IndexDamaged: the model of that name is not the one that the snapshot was built with.
        """
        with self._loading:
            if self._encoder is None:
                self._encoder = self._load(_same_model(self.snapshot))
            return self._encoder

    def calibrated(self, calibration: Calibration) -> Index:
        """The same index with another calibration, to fit one."""
        other = Index(self.snapshot, self._load, self._setting)
        other._calibration = calibration
        other.take_encoder(self)
        return other

    def scored_by(self, setting: str) -> Index:
        """The same index with another way to score, one of `scoring.SETTINGS`, to compare."""
        other = Index(self.snapshot, self._load, setting)
        other.take_encoder(self)
        return other

    def take_encoder(self, other: Index) -> bool:
        """Use the encoder that `other` has loaded, if it is the same model."""
        if other.snapshot.manifest.model == self.snapshot.manifest.model:
            self._encoder = other._encoder
        return self._encoder is not None

    def search(self, question: str, k: int = 10, articles: Collection[str] | None = None) -> Answer:
        """The `k` passages that answer the question best, among `articles` (ids) if given."""
        asked = _clean(question)
        within = self._rows_of(articles)
        if not asked or k < 1 or (within is not None and not len(within)):
            return Answer(question, covered=False, confidence=0.0, hits=())
        vector = self._encode(asked)
        match = self.snapshot.lexicon.match(asked, within)
        nearest = self.snapshot.nearest(vector, CANDIDATES, within)
        rows = np.union1d(nearest, match.best(CANDIDATES, within))
        if not len(rows):
            return Answer(question, covered=False, confidence=0.0, hits=())
        signals = Signals(
            passage=self.snapshot.passage_cosines(vector, rows),
            sentence=self.snapshot.best_sentence_cosines(vector, rows),
            bm25=match.scores(rows),
            found=match.found(rows),
        )
        scores = score(signals, self._calibration.spread, self._setting)
        scores = put_last(scores, self.snapshot.is_boilerplate(rows))
        # The calibration was fitted on scores before any reranking.
        rise = self._rise(asked, vector, int(rows[scores.argmax()]))
        seen = features(signals, scores, match, self._calibration, rise)
        if self._setting == RERANKED:
            scores = rerank(asked, scores, lambda place: self._text(int(rows[place])))
        return self._answer(question, vector, rows, scores, seen, k)

    def _rise(self, asked: str, vector: Vectors, row: int) -> float:
        """How far the cosine with the passage's nearest sentence rises without words it lacks."""
        corrected = self.snapshot.lexicon.corrected(asked)
        rest = without_lacking(corrected, self._text(row))
        if rest in ("", corrected):
            return 0.0
        wordings = vector, self.encoder().encode_questions([rest])[0]
        whole, part = (self.snapshot.sentence_cosines(each, row).max() for each in wordings)
        return float(part - whole)

    def _text(self, row: int) -> str:
        return self.snapshot.passage(row).encoder_text

    def _encode(self, asked: str) -> Vectors:
        """The question's vector; the mean with that of the question in the articles' own words.

        A misspelt word is read by the encoder in pieces, and a lay word may lie far from the one
        that the articles use. Questions with typos: nDCG@10 0.83 with words corrected for BM25
        only, 0.86 with both. Questions in lay words of the fit half: 0.69 with synonyms for BM25
        only, 0.73 with both.
        """
        lexicon = self.snapshot.lexicon
        wordings = list(dict.fromkeys([asked, lexicon.corrected(lexicon.reworded(asked))]))
        vectors = self.encoder().encode_questions(wordings)
        mean: Vectors = vectors.mean(axis=0)
        return mean / np.linalg.norm(mean)

    def _answer(
        self,
        question: str,
        vector: Vectors,
        rows: Rows,
        scores: Values,
        seen: NDArray[np.float64],
        k: int,
    ) -> Answer:
        confidence = self._calibration.confidence(seen)
        hits = []
        for rank, place in enumerate(np.argsort(-scores, kind="stable")[:k], start=1):
            row = int(rows[place])
            passage = self.snapshot.passage(row)
            nearest = int(self.snapshot.sentence_cosines(vector, row).argmax())
            start, end = passage.sentences[nearest]
            hits.append(
                Hit(rank, float(scores[place]), passage, passage.text[start:end], (start, end))
            )
        covered = confidence >= self._calibration.threshold
        return Answer(question, covered, confidence, tuple(hits), seen)

    def _rows_of(self, articles: Collection[str] | None) -> Rows | None:
        if articles is None:
            return None
        found = (self.snapshot.article_row(article) for article in articles)
        ranges = [self.snapshot.passage_rows(row) for row in found if row is not None]
        return np.concatenate([np.empty(0, np.int64), *ranges]).astype(np.int64)


def open_index(
    folder: str | Path = "index",
    load: Callable[[Model], TextEncoder] = Encoder,
    *,
    verify: bool = False,
) -> Index:
    """Open the serving snapshot of an index folder, which need not be writable.

    Args:
        folder: the index folder.
        load: makes the encoder when one is needed.
        verify: read through a snapshot that is too large for it at every opening too.

    Raises:
        NoIndex: (a FileNotFoundError) nothing was built yet; the message has the command.
        IndexDamaged: (a ValueError) damaged; the message has the command that mends it.
    """
    index = Path(folder)
    while True:
        pointer = store.read_pointer(index)
        try:
            snapshot = Snapshot(store.checked(index, pointer))
            if verify and not snapshot.verified:
                snapshot.verify()
            return Index(snapshot, load)
        except IndexDamaged as error:
            # Two builds may have landed meanwhile and removed what was just opened.
            if store.read_pointer(index) == pointer:
                raise IndexDamaged(f"{error}: {store.build_command(index)}") from error


def _same_model(snapshot: Snapshot) -> Model:
    wanted = snapshot.manifest.model
    if Path(wanted.name).resolve().is_relative_to(snapshot.folder.resolve().parent):
        raise IndexDamaged(f"the index names a model inside itself ({wanted.name}): not loaded")
    found = find_model(wanted.name, wanted.precision)
    if found != wanted:
        raise IndexDamaged(
            f"the index was built with {wanted.name} {wanted.fingerprint}, this machine has "
            f"{found.fingerprint}: {store.build_command(snapshot.folder.parent)}"
        )
    return found


def _clean(question: str) -> str:
    """The question in one line of valid Unicode, clipped."""
    valid = question[:MAX_QUESTION].encode("utf-8", "ignore").decode("utf-8")
    return " ".join(valid.replace("\0", " ").split())
