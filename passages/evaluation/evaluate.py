"""Measuring as one call: an index and judged questions -> measures, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from passages.evaluation.judgements import JudgedQuestion, read_questions
from passages.extras import needs
from passages.search.scoring import parse_ranking
from passages.search.searcher import Index


def evaluate(
    index: Index,
    questions: str | Path | Sequence[JudgedQuestion],
    settings: Sequence[str] = ("shipped",),
    ks: Sequence[int] = (10,),
) -> dict[str, dict[str, Any]]:
    """Ask judged questions once, and score the answers by every setting.

    Args:
        index: the index to ask.
        questions: a file of judged questions, or the questions.
        settings: names such as `"shipped"` or `"bm25"`, any weight changed: `"full:bm25=4"`.
        ks: the cut-offs of nDCG, recall and the perfect reranker; 10 is always among them.

    Returns:
        By setting what `passages evaluate --json` says of it: `measures`, `intervals`, `refusals`,
        `kinds`, and `per_question`, a line for each question.

    Raises:
        BadQuestions: judgements that do not fit the articles.
        NoQuestions: there is no such file.
        BadSetting: there is no such setting, or the index is a service and ranks by its own.
        MissingExtra: the libraries that measure are not installed.
    """
    rankings = {name: parse_ranking(name) for name in settings}
    asked = read_questions(Path(questions)) if isinstance(questions, str | Path) else questions
    with needs("evaluate", "passages.evaluate"):
        from passages.evaluation.figures.summary import summarise
        from passages.evaluation.measuring import measure
    lines = measure(index, asked, rankings, sorted({*ks, 10})).lines
    return {name: summarise(each) for name, each in lines.items()}
