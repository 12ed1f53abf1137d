"""One line per question: all that was measured, as JSON values that can be kept and compared.

Tables, comparisons, gates and files are made of these lines alone, so that a run of today and one
that was saved on another machine are treated alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any

import numpy as np

from passages.errors import BadQuestions
from passages.evaluation.asking import CUTOFF, Answered
from passages.evaluation.measures import Values, per_question
from passages.language.detection import nearest
from passages.language.languages import ENGLISH
from passages.search.answer import Answer, Hit
from passages.search.honesty.strength import strength


@dataclass(frozen=True, slots=True)
class Line:
    """The result of one setting for one question.

    `ranks` are those of all hits that answer; `measures` holds a number a measure, None where it
    means nothing for the question, and is empty where the articles do not cover it. `unknown` are
    words, names and numbers of the question that no article has; a hit tells which of them its
    passage lacks (`missing`), and what it says instead of a number (`numbers`). `language` is the
    code of that of the passage that answers, or else the one that the question reads like.
    """

    id: str
    question: str
    kind: str
    half: str
    pooled: bool
    answerable: bool
    measures: Mapping[str, float | None]
    first_relevant_rank: int | None
    ranks: tuple[int, ...]
    covered: bool
    verdict: str
    confidence: float
    wording: str
    replaced: tuple[tuple[str, str], ...]
    milliseconds: float
    hits: tuple[Mapping[str, Any], ...]
    unknown: tuple[str, ...] = ()
    language: str = ENGLISH

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Line:
        """What `to_json` gave; a run that was saved before a field was added lacks it.

        Raises:
            BadQuestions: the fields are not those of a line.
        """
        try:
            known = {
                field.name: given[field.name]
                for field in fields(cls)
                if field.default is MISSING or field.name in given
            }
            for name in known.keys() & {"ranks", "replaced", "hits", "unknown"}:
                known[name] = tuple(known[name])
            return cls(**known)
        except (KeyError, TypeError) as error:
            raise BadQuestions(f"no line of a saved run ({error!r})") from error


def lines_of(run: Sequence[Answered], ks: Sequence[int] = (CUTOFF,)) -> list[Line]:
    """A line for each question of a run, in its order."""
    values = per_question(run, ks)
    rows = iter(range(len(run)))
    spoken = sorted({hit.passage.article.code for each in run for hit in each.answer.hits})
    return [
        _line(answered, _row(values, next(rows)) if answered.places else {}, spoken)
        for answered in run
    ]


def column(lines: Sequence[Line], measure: str) -> Values:
    """A measure of the answerable questions that have one, (questions,)."""
    found = (line.measures.get(measure) for line in lines if line.answerable)
    return np.array([value for value in found if value is not None], np.float64)


def _row(values: Mapping[str, Values], row: int) -> dict[str, float | None]:
    numbers = {name: float(column[row]) for name, column in values.items()}
    return {name: None if math.isnan(number) else number for name, number in numbers.items()}


def _line(answered: Answered, measures: dict[str, float | None], spoken: Sequence[str]) -> Line:
    question, answer, first = answered.question, answered.answer, answered.first_relevant
    relevant = [answered.answers(hit) for hit in answer.hits]
    return Line(
        id=question.id,
        question=question.text,
        kind=question.kind,
        half=question.half,
        pooled=question.pooled,
        answerable=bool(answered.places),
        measures=measures,
        first_relevant_rank=first.rank if first else None,
        ranks=tuple(hit.rank for hit, right in zip(answer.hits, relevant, strict=True) if right),
        covered=bool(answer.covered),
        verdict=answer.verdict,
        confidence=float(answer.confidence),
        wording=answer.wording,
        replaced=answer.replaced,
        milliseconds=answered.seconds * 1000,
        hits=tuple(
            _hit(answer, hit, right) for hit, right in zip(answer.hits, relevant, strict=True)
        ),
        unknown=answer.unknown,
        language=first.passage.article.code
        if first
        else nearest(question.text, spoken or (ENGLISH,)),
    )


def _hit(answer: Answer, hit: Hit, right: bool) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": hit.score,
        "article": hit.passage.article.id,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "sentence": hit.sentence,
        "relevant": right,
        "probability": hit.probability,
        "strength": strength(answer, hit) if answer.measured else "",
        "missing": list(hit.missing),
        "numbers": [number.to_json() for number in hit.numbers],
        "signals": asdict(hit.signals) if hit.signals else None,
    }
