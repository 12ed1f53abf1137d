"""The judged questions asked of the index that serves: computed once, kept beside it.

    <index>/evaluations/<snapshot>-<hash of the questions>.json

Where the index folder may only be read, the measures are kept in memory.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from passages import Index
from passages.evaluation.figures.estimates import estimate
from passages.evaluation.figures.reliability import reliability
from passages.evaluation.figures.summary import finite, summarise
from passages.evaluation.files.history import Measurement, history, remember
from passages.evaluation.judgements import read_questions
from passages.evaluation.lines import Line, column
from passages.evaluation.measures import RANKING_MEASURES
from passages.evaluation.measuring import about, measure, questions_hash
from passages.page.settings import settings

logger = logging.getLogger(__name__)

_FORMAT = 3
_SETTING = "shipped"
_kept: dict[str, dict[str, Any]] = {}
_measuring = threading.Lock()


def measures(
    index: Index, questions: Path, progress: Callable[[int, int], object]
) -> dict[str, Any]:
    """What `summarise` says; `by_kind`, every measure and kind with its interval; `reliability`.

    Args:
        index: the index to ask.
        questions: the judged questions.
        progress: called with the questions done and their total, where they must be asked.

    Raises:
        NoQuestions: no judged questions.
        BadQuestions: they are none, or do not fit the articles.
    """
    judged = read_questions(questions)
    name = f"{index.about.name}-{questions_hash(questions)}"
    path = settings().index / "evaluations" / f"{name}.json"
    with _measuring:  # whoever comes second finds the result
        found = _kept.get(name) or _read(path)
        if found is None:
            lines = measure(index, judged, {_SETTING: index.ranking}, progress=progress).lines
            found = finite(_found(lines[_SETTING]))
            _write(path, found)
            what = about(index, questions, (10,)) | {"setting": _SETTING}
            remember(settings().index, what, summarise(lines[_SETTING]))
        _kept.clear()
        _kept[name] = found
        return found


def over_time(questions: Path) -> list[Measurement]:
    """What these questions measured on this and earlier snapshots, in the order of the days."""
    return history(settings().index, questions_hash(questions))


def _found(lines: Sequence[Line]) -> dict[str, Any]:
    rows, counted = reliability(lines)
    return {
        **summarise(lines),
        "by_kind": _by_kind(lines),
        "reliability": [asdict(row) for row in rows],
        "pooled": counted,
        "format": _FORMAT,
    }


def _by_kind(lines: Sequence[Line]) -> list[dict[str, Any]]:
    kinds = sorted({line.kind for line in lines if line.answerable})
    rows = []
    for kind in ["all", *kinds]:
        own = [line for line in lines if line.answerable and kind in ("all", line.kind)]
        for name in RANKING_MEASURES:
            found = estimate(column(own, name))
            rows.append({"measure": name, "kind": kind, "questions": len(own), **asdict(found)})
    return rows


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("format") == _FORMAT else None


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
