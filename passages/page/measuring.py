"""The judged questions asked of a snapshot: computed once, kept beside the snapshot.

    <index>/evaluations/<snapshot>-<hash of the questions>.json

Where the index folder may only be read, the measures are kept in memory.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from passages import Index
from passages.errors import NoQuestions
from passages.evaluation.judgements import read_questions
from passages.evaluation.measures import (
    RANKING_MEASURES,
    Judged,
    ask,
    estimate,
    finite,
    per_question,
    quote_finder,
    summarise,
)
from passages.page import state as server
from passages.page.settings import settings

logger = logging.getLogger(__name__)

_kept: dict[str, dict[str, Any]] = {}
_measuring = threading.Lock()


def measures(
    index: Index, questions: Path, progress: Callable[[int, int], object]
) -> dict[str, Any]:
    """What `summarise` says, and under `by_kind` every measure and kind with its interval.

    Args:
        index: the index to ask.
        questions: the judged questions.
        progress: called with the questions done and their total, where they must be asked.

    Raises:
        NoQuestions: there are no judged questions.
        BadQuestions: they cannot be read, or do not fit the articles.
    """
    if not questions.is_file():
        raise NoQuestions(f"no judged questions in {questions}")
    name = f"{index.about.name}-{hashlib.sha256(questions.read_bytes()).hexdigest()[:12]}"
    path = settings().index / "evaluations" / f"{name}.json"
    with _measuring:  # whoever comes second finds the result
        found = _kept.get(name) or _read(path)
        if found is None:
            run = _run(index, questions, progress)
            found = finite({**summarise(run), "by_kind": _by_kind(run)})
            _write(path, found)
        _kept.clear()
        _kept[name] = found
        return found


def _run(index: Index, questions: Path, progress: Callable[[int, int], object]) -> list[Judged]:
    finder = quote_finder(index)
    judged = read_questions(questions)
    done = 0

    def step(newly_done: int) -> None:
        nonlocal done
        done += newly_done
        progress(done, len(judged))

    return ask(judged, finder.find, lambda question: server.search(index, question, 10), step)


def _by_kind(run: Sequence[Judged]) -> list[dict[str, Any]]:
    kinds = [judged.question.kind for judged in run if judged.places]
    values = per_question(run)
    rows = []
    for kind in ["all", *sorted(set(kinds))]:
        wanted = np.array([kind in ("all", other) for other in kinds])
        for measure in RANKING_MEASURES:
            interval = estimate(values[measure][wanted])
            rows.append(
                {
                    "measure": measure,
                    "kind": kind,
                    "questions": int(wanted.sum()),
                    "mean": interval.mean,
                    "low": interval.low,
                    "high": interval.high,
                }
            )
    return rows


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write(path: Path, found: dict[str, Any]) -> None:
    """Write the measures, and remove those of snapshots that are gone."""
    try:
        path.parent.mkdir(exist_ok=True)
        for other in path.parent.glob("*.json"):
            if not (path.parents[1] / other.stem.rpartition("-")[0]).is_dir():
                other.unlink()
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        logger.info("measures are kept in memory only: %s", error)
