"""The judged questions asked of the index that serves: once a snapshot, in the background.

    <index>/evaluations/<snapshot>-<hash of the questions>.json

Where the index folder may only be read, the measures are kept in memory.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from passages import Index
from passages.errors import PassagesError
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
_FAULT = "Something went wrong; the log says what."


class Measurer:
    """Asks the questions in a thread of its own: whoever looks sees how far it is.

    Attributes change by themselves while `running`: `done` of `total` questions are asked, and
    `error` says why the last run measured nothing.
    """

    def __init__(self, folder: Path) -> None:
        """Keep what is measured beside the index in `folder`."""
        self._folder = folder
        self._kept: dict[str, dict[str, Any]] = {}
        self._starting = threading.Lock()
        self.running = False
        self.done = 0
        self.total = 0
        self.error: str | None = None

    def measures(self, index: Index, questions: Path) -> dict[str, Any] | None:
        """What `summarise` says, `by_kind` and `reliability`; None: these were not asked yet.

        Raises:
            NoQuestions: no judged questions.
            BadQuestions: they are none.
        """
        read_questions(questions)
        name = _name(index, questions)
        found = self._kept.get(name) or _read(self._path(name))
        if found is not None:
            self._kept = {name: found}
        return found

    def start(self, index: Index, questions: Path) -> None:
        """Ask the questions of this snapshot, unless questions are being asked."""
        with self._starting:
            if self.running:
                return
            self.running, self.done, self.total, self.error = True, 0, 0, None
            # A daemon: the server must be able to stop.
            threading.Thread(target=self._measure, args=(index, questions), daemon=True).start()

    def _measure(self, index: Index, questions: Path) -> None:
        try:
            judged = read_questions(questions)
            setting = {_SETTING: index.ranking}
            lines = measure(index, judged, setting, progress=self._progress).lines[_SETTING]
            name = _name(index, questions)
            found = finite(_found(lines))
            self._kept = {name: found}
            _write(self._path(name), found)
            what = about(index, questions, (10,)) | {"setting": _SETTING}
            remember(self._folder, what, summarise(lines))
        except PassagesError as error:
            self.error = str(error)
        except Exception:  # whoever looks would wait for this thread for ever
            logger.exception("the judged questions were not asked: a fault in Passages")
            self.error = _FAULT
        finally:
            self.running = False

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def _path(self, name: str) -> Path:
        return self._folder / "evaluations" / f"{name}.json"


def over_time(questions: Path) -> list[Measurement]:
    """What these questions measured on this and earlier snapshots, in the order of the days."""
    return history(settings().index, questions_hash(questions))


def _name(index: Index, questions: Path) -> str:
    return f"{index.about.name}-{questions_hash(questions)}"


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
