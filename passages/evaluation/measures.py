"""Runs -> measures, one number per question, by `ir_measures`.

A mean is only ever taken over all questions that the articles answer, those with nothing found
included as zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import ir_measures
import numpy as np
from ir_measures import Qrel, ScoredDoc
from numpy.typing import NDArray

from passages.evaluation.asking import CUTOFF, Answered

Values = NDArray[np.float64]

RANKING_MEASURES = ("nDCG@10", "RR@10", "Success@1", "R@10")
LOWER_IS_BETTER = frozenset({"words_to_answer"})


def measure_names(ks: Sequence[int] = (CUTOFF,)) -> list[str]:
    """The measures at these cut-offs, in the order of the table.

    `perfect@k` is nDCG@10 after the best order that the first k hits could be put in: the ceiling
    of a reranker that reads them.
    """
    return [
        *(f"nDCG@{k}" for k in ks),
        f"RR@{CUTOFF}",
        "Success@1",
        *(f"R@{k}" for k in ks),
        *(f"perfect@{k}" for k in ks),
        "words_to_answer",
        "marked",
    ]


def as_trec(run: Iterable[Answered]) -> tuple[list[Qrel], list[ScoredDoc]]:
    """A run as qrels and scored documents that give each judgement one gain, its grade.

    A document is a judgement at the first passage that overlaps it, or else the passage. So a quote
    cut in two passages counts once, a passage with two quotes stands for both, a quote that no
    passage covers stays in the ideal, and an article judged as a whole counts at its first passage.
    """
    qrels, scored = [], []
    for answered in run:
        name = word(answered.question.id)
        documents = _judged_documents(answered)
        qrels += [
            Qrel(name, document, place.grade)
            for document, place in zip(documents, answered.places, strict=True)
        ]
        ranked: list[str] = []
        for hit, found in zip(answered.answer.hits, answered.gains(), strict=True):
            passage = hit.passage
            place = f"{word(passage.article.id)}:{passage.start}-{passage.end}"
            best_first = sorted(found, key=lambda number: -answered.places[number].grade)
            ranked += [documents[number] for number in best_first] or [place]
        # Ranks, not scores, decide: equal scores would be put in another order by the tools.
        scored += [ScoredDoc(name, doc, -float(rank)) for rank, doc in enumerate(ranked)]
    return qrels, scored


def per_question(run: Sequence[Answered], ks: Sequence[int] = (CUTOFF,)) -> dict[str, Values]:
    """Each measure for each answerable question of the run, in its order.

    nDCG (its gains are the grades), RR, Success and R by `ir_measures`, with the documents of
    `as_trec`; `words_to_answer` in words, capped at ten passages; `marked` is 1 where the marked
    sentence answers, and not a number where articles are judged as a whole.
    """
    answerable = [answered for answered in run if answered.places]
    qrels, scored = as_trec(answerable)
    names = measure_names(ks)
    wanted = [name for name in names if name.partition("@")[0] in ("nDCG", "RR", "Success", "R")]
    values = _calculated(answerable, wanted, qrels, scored)
    for k in ks:
        perfect = _perfect(qrels, scored, k)
        [values[f"perfect@{k}"]] = _calculated(
            answerable, [f"nDCG@{CUTOFF}"], qrels, perfect
        ).values()
    values["words_to_answer"] = np.array([float(each.words_to_answer) for each in answerable])
    marked = [each.marked for each in answerable]
    values["marked"] = np.array([np.nan if mark is None else float(mark) for mark in marked])
    return {name: values[name] for name in names}


def word(name: str) -> str:
    """An id as TREC's files need it, without white space: `my tea` -> `my%20tea`."""
    return re.sub(r"[\s%]", lambda sign: "".join(f"%{b:02X}" for b in sign[0].encode()), name)


def _judged_documents(answered: Answered) -> list[str]:
    return [
        word(place.article) if place.whole else f"quote-{number}"
        for number, place in enumerate(answered.places)
    ]


def _calculated(
    answerable: Sequence[Answered],
    names: Sequence[str],
    qrels: Sequence[Qrel],
    scored: Sequence[ScoredDoc],
) -> dict[str, Values]:
    rows = {word(answered.question.id): row for row, answered in enumerate(answerable)}
    values = {name: np.zeros(len(answerable)) for name in names}
    if qrels:
        measures = [ir_measures.parse_measure(name) for name in names]
        for metric in ir_measures.iter_calc(measures, qrels, scored):
            values[str(metric.measure)][rows[metric.query_id]] = metric.value
    return values


def _perfect(qrels: Iterable[Qrel], scored: Iterable[ScoredDoc], k: int) -> list[ScoredDoc]:
    """What the first `k` documents of each question hold of the judged ones, best first."""
    grades = {(qrel.query_id, qrel.doc_id): qrel.relevance for qrel in qrels}
    return [
        ScoredDoc(document.query_id, document.doc_id, float(grade))
        for document in scored
        if -document.score < k and (grade := grades.get((document.query_id, document.doc_id), 0))
    ]
