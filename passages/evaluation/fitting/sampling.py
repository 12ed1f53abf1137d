"""Judged questions -> samples: all that a calibration is fitted on."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from passages.building.cutting import CHUNKING, cut
from passages.building.intake import read_corpus, read_synonyms
from passages.evaluation.asking import Answered
from passages.evaluation.judgements import JudgedQuestion, read_questions
from passages.evaluation.quotes import quote_finder
from passages.index.generation import Generation
from passages.index.snapshot import Snapshot
from passages.index.writer import Origin, write_snapshot
from passages.language.synonyms import parse_synonyms
from passages.models.calibration import FEATURES, HIT_FEATURES, Calibration
from passages.models.catalogue import ENCODERS
from passages.models.encoder import TextEncoder, Vectors
from passages.models.token_encoder import TokenTextEncoder, token_encoder
from passages.search.searcher import Index, hit_rows
from passages.search.serving.opened import index_of_published

UNFITTED = Calibration(0.0, 1.0, (0.0,) * len(FEATURES), 0.0, 0.0, "nothing")
NEAR_MISS = "near-miss"

_HITS = 5
_HEADED = 200
"""Articles and passages that show an encoder's scale where there are no judged questions."""

_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of articles and judged questions on them, and more that they do not answer."""

    corpus: Path
    questions: Sequence[JudgedQuestion]
    unanswered: Sequence[JudgedQuestion] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """Features (questions, features) of a collection, and which questions are answerable.

    `near` (questions,) says which are near misses.
    `hits` (hits, hit features) are those of pooled questions, with the logit still to be put
    first; `right` (hits,) says which of them answer, and `asked` (hits,) is the question's row.
    """

    features: NDArray[np.float64]
    answerable: NDArray[np.bool_]
    near: NDArray[np.bool_]
    hits: NDArray[np.float64]
    right: NDArray[np.bool_]
    asked: NDArray[np.int64]


def shipped_collection() -> Collection:
    """The shipped articles, and the judged questions that are there to fit on.

    Raises:
        FileNotFoundError: the library stands without its articles and questions.
    """
    folder = _ROOT / "evaluation"
    questions = _to_fit_on(folder / "questions.jsonl")
    unanswered = _to_fit_on(folder / "unanswered" / "shipped.jsonl")
    return Collection(_ROOT / "corpus", questions, unanswered)


def collection_in(folder: Path) -> Collection:
    """A folder with `corpus/` and `questions.jsonl`, and `unanswered.jsonl` if there is one.

    Raises:
        FileNotFoundError: there are no questions.
    """
    more = folder / "unanswered.jsonl"
    unanswered = _to_fit_on(more) if more.exists() else ()
    return Collection(folder / "corpus", _to_fit_on(folder / "questions.jsonl"), unanswered)


def ids_of(collection: Collection) -> tuple[str, ...]:
    """The ids of the articles."""
    taken, _ = read_corpus(collection.corpus)
    return tuple(sorted(item.article.id for item in taken))


def _to_fit_on(file: Path) -> list[JudgedQuestion]:
    return [question for question in read_questions(file) if question.half == "fit"]


def gathered(
    encoder: TextEncoder, collections: Sequence[Collection]
) -> tuple[Calibration, list[Sample]]:
    """The encoder's scale, that of the first collection, and a sample of each collection.

    A collection whose questions are all answerable is asked a second time, each question without
    the articles that answer it: so it has as many questions that the rest does not cover.
    """
    tokens = token_encoder() if encoder.model.name in ENCODERS else None
    start, samples = UNFITTED, []
    with tempfile.TemporaryDirectory() as folder:
        for number, collection in enumerate(collections):
            index = index_of(collection, encoder, Path(folder) / str(number), tokens)
            if not number:
                snapshot = Snapshot(Path(folder) / "0" / "snapshot")
                centre, spread = scale(snapshot, encoder, collection)
                start = replace(UNFITTED, centre=round(centre, 4), spread=round(spread, 4))
            samples.append(sample(index.calibrated(start), collection))
    return start, samples


def scale(snapshot: Snapshot, encoder: TextEncoder, collection: Collection) -> tuple[float, float]:
    """Mean of question-to-passage cosines, and their standard deviation over passages."""
    asked = [question.text for question in collection.questions]
    questions = encoder.encode_questions(asked)
    return _scale(questions, snapshot.vectors[: len(snapshot)].astype(np.float32))


def scale_of_headings(encoder: TextEncoder, corpus: Path) -> tuple[float, float]:
    """The same of cosines between headings and passages, of as many articles as that takes."""
    taken, _ = read_corpus(corpus)
    passages = cut(taken[:_HEADED], encoder).passages[:_HEADED]
    headings = sorted({name for one in passages for name in (one.article.title, *one.headings)})
    vectors = encoder.encode_passages([passage.encoder_text for passage in passages])
    return _scale(encoder.encode_questions(headings), vectors)


def _scale(questions: Vectors, passages: Vectors) -> tuple[float, float]:
    cosines = questions @ passages.T
    return float(cosines.mean()), float(cosines.std(axis=1).mean())


def sample(index: Index, collection: Collection) -> Sample:
    """Ask the questions and keep what confidence and probabilities are computed from.

    Of a collection with pooled questions the hits of those alone.
    """
    names = {name for name, _ in index.articles()}
    features: list[NDArray[np.float64]] = []
    answerable: list[bool] = []
    near: list[bool] = []
    hits: list[list[float]] = []
    right: list[bool] = []
    asked: list[int] = []
    questions = [*collection.questions, *collection.unanswered]
    has_uncovered = any(not question.relevant for question in questions)
    has_pooled = any(question.pooled for question in questions)
    places = quote_finder(index).find(questions)
    for question, there in zip(questions, places, strict=True):
        answer = index.search(question.text, _HITS)
        if question.pooled or not has_pooled:
            hits += hit_rows(answer.hits, 0.0)
            right += [Answered(question, there, answer).answers(hit) for hit in answer.hits]
            asked += [len(features)] * len(answer.hits)
        features.append(answer.features)
        answerable.append(bool(question.relevant))
        near.append(question.kind == NEAR_MISS)
        if not has_uncovered:
            others = names - {str(quote.article) for quote in question.relevant}
            features.append(index.search(question.text, k=1, articles=others).features)
            answerable.append(False)
            near.append(False)
    return Sample(
        np.array(features),
        np.array(answerable),
        np.array(near),
        np.array(hits, np.float64).reshape(-1, len(HIT_FEATURES)),
        np.array(right, np.bool_),
        np.array(asked, np.int64),
    )


def index_of(
    collection: Collection,
    encoder: TextEncoder,
    folder: Path,
    tokens: TokenTextEncoder | None = None,
) -> Index:
    """An index of the collection in the new folder `folder`, not calibrated yet."""
    done = cut(read_corpus(collection.corpus)[0], encoder)
    articles = [item.article for item in done.taken]
    codes = sorted({article.code for article in articles})
    origin = Origin(
        corpus=str(collection.corpus),
        articles={item.article.id: item.file for item in done.taken},
        chunking=CHUNKING,
        calibration=UNFITTED,
    )
    snapshot = write_snapshot(
        folder / "snapshot",
        articles,
        done.passages,
        encoder,
        origin,
        synonyms=parse_synonyms(read_synonyms(collection.corpus).text, codes),
        tokens=tokens,
    )
    return index_of_published(Generation.of(snapshot), lambda model: encoder)
