"""The measures of each snapshot, kept beside the index.

<index>/evaluations/history.jsonl    one JSON object a measurement, appended
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from passages.evaluation.figures.summary import finite

logger = logging.getLogger(__name__)

FILE = Path("evaluations") / "history.jsonl"
_KEPT = ("AUROC", "answerable_refused", "uncovered_answered")


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one setting measured on a snapshot; measurements of the same questions compare.

    `questions` is a hash of the questions' file, `measures` and `intervals` are as in a summary.
    """

    snapshot: str
    created: str
    measured: str
    encoder: str
    setting: str
    questions: str
    asked: int
    measures: Mapping[str, float | None]
    intervals: Mapping[str, list[float | None]]


def remember(index: Path, about: Mapping[str, Any], summary: Mapping[str, Any]) -> bool:
    """Append a measurement, unless the same setting was measured on the same snapshot already.

    Args:
        index: the index folder.
        about: `snapshot`, `created`, `encoder`, `setting`, and the `questions`' hash.
        summary: as `summarise` makes it.

    Returns:
        Whether it was kept; not, where the folder may only be read.
    """
    measures = {
        name: value
        for name, value in finite(summary["measures"]).items()
        if name in summary["intervals"] or name in _KEPT
    }
    made = Measurement(
        **{name: about[name] for name in ("snapshot", "created", "encoder", "setting")},
        measured=datetime.now(UTC).isoformat(timespec="seconds"),
        questions=about["questions"],
        asked=summary["questions"],
        measures=measures,
        intervals=finite(summary["intervals"]),
    )
    if any(_same(made, before) for before in history(index)):
        return True
    path = index / FILE
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")
    except OSError as error:
        logger.info("the measures are not kept: %s", error)
        return False
    return True


def history(index: Path, questions: str | None = None) -> list[Measurement]:
    """All measurements in the order in which they were made; those of these questions, if given.

    Invalid lines, cut by a full disk or written by another version, are skipped.
    """
    return [made for made in _read(index / FILE) if questions in (None, made.questions)]


def _read(path: Path) -> Iterator[Measurement]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeError):
        return
    for line in filter(None, lines):
        try:
            yield Measurement(**json.loads(line))
        except (ValueError, TypeError):
            logger.info("%s: a line that is no measurement", path)


def _same(made: Measurement, before: Measurement) -> bool:
    names = ("snapshot", "setting", "questions", "measures")
    return all(getattr(made, name) == getattr(before, name) for name in names)
