"""An index and judged questions -> runs of several settings, from one pass."""

from __future__ import annotations

import hashlib
import platform
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from passages.errors import BadQuestions, ServiceUnavailable
from passages.evaluation.asking import CUTOFF, Answered, ask
from passages.evaluation.judgements import JudgedQuestion
from passages.evaluation.lines import Line, lines_of
from passages.evaluation.quotes import quote_finder
from passages.progress import Progress, silent
from passages.search.scoring import Ranking
from passages.search.searcher import Index
from passages.version import VERSION


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the questions are asked: a half, some kinds, so many drawn by a seed."""

    half: str | None = None
    kinds: Collection[str] = ()
    limit: int | None = None
    seed: int = 0

    @property
    def all(self) -> bool:
        """Whether nothing is left out."""
        return self.half is None and not self.kinds and self.limit is None

    def of(self, questions: Sequence[JudgedQuestion]) -> list[JudgedQuestion]:
        """The chosen questions, in their order.

        Raises:
            BadQuestions: there is no such kind, or none is left.
        """
        known = {question.kind for question in questions}
        if unknown := sorted(set(self.kinds) - known):
            raise BadQuestions(f"no questions of kind {unknown[0]!r}: {', '.join(sorted(known))}")
        chosen = [
            question
            for question in questions
            if self.half in (None, question.half)
            and (not self.kinds or question.kind in self.kinds)
        ]
        if self.limit is not None and self.limit < len(chosen):
            drawn = random.Random(self.seed).sample(range(len(chosen)), self.limit)  # noqa: S311
            chosen = [chosen[place] for place in sorted(drawn)]
        if not chosen:
            raise BadQuestions("no question is left to ask")
        return chosen


@dataclass(frozen=True, slots=True)
class Measured:
    """Runs by setting, as answers and as lines."""

    answered: Mapping[str, Sequence[Answered]]
    lines: Mapping[str, Sequence[Line]]


def measure(
    index: Index,
    questions: Sequence[JudgedQuestion],
    rankings: Mapping[str, Ranking],
    ks: Sequence[int] = (CUTOFF,),
    progress: Progress = silent,
) -> Measured:
    """Ask every question once and score it by every ranking; models are loaded before.

    Raises:
        BadQuestions: judgements do not fit the articles.
        ServiceUnavailable: the service asked changed over to another snapshot in between.
    """
    snapshot = index.about.name
    places = quote_finder(index).find(questions)
    index.load(rankings.values())
    k = max((*ks, CUTOFF))
    runs = ask(questions, places, lambda text: index.answers(text, rankings, k), progress)
    if index.about.name != snapshot:
        raise ServiceUnavailable(
            "another snapshot began to serve while the questions were asked: measure again"
        )
    return Measured(runs, {name: lines_of(run, ks) for name, run in runs.items()})


def about(index: Index, questions: Path, ks: Sequence[int]) -> dict[str, Any]:
    """What was measured, when and by what: kept with a run."""
    return {
        "snapshot": index.about.name,
        "created": index.about.created,
        "encoder": index.about.model.name,
        "passages": index.about.passages,
        "questions": questions_hash(questions),
        "questions_file": questions.name,
        "k": list(ks),
        "version": VERSION,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def questions_hash(path: Path) -> str:
    """A hash of the questions' file: only measurements of the same questions compare."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
