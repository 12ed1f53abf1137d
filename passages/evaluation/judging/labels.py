"""What judges said of passages, kept as one JSON object a line; nothing is ever removed from it.

A label quotes its passage, so it holds as long as the article says those words, however it is cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from passages.errors import BadQuestions
from passages.evaluation.files.writable import writable

Key = tuple[str, str, str]
"""Question, article, words of the passage."""


@dataclass(frozen=True, slots=True)
class Label:
    """What one judge said of one passage; `answers` is None where the judge took it back."""

    question: str
    article: str
    passage: str
    judge: str
    answers: bool | None
    given: str

    @property
    def key(self) -> Key:
        """What was judged."""
        return self.question, self.article, self.passage


def append_label(path: Path, label: Label) -> None:
    """Keep a label at once: a judge may leave at any moment.

    Raises:
        BadSetting: the file cannot be written.
    """
    line = json.dumps(asdict(label), ensure_ascii=False) + "\n"
    with writable(path), path.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(line)


def read_labels(path: Path) -> dict[str, dict[Key, bool]]:
    """The labels that hold, by judge: the last that each gave to a passage.

    Raises:
        BadQuestions: a line that is no label; the message names it.
    """
    judges: dict[str, dict[Key, bool]] = {}
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            label = Label(**json.loads(line))
        except (TypeError, ValueError) as error:
            raise BadQuestions(f"{path} line {number}: no label ({error!r})") from error
        own = judges.setdefault(label.judge, {})
        own.pop(label.key, None)
        if label.answers is not None:
            own[label.key] = label.answers
    return {judge: own for judge, own in judges.items() if own}


def majority(judges: Iterable[dict[Key, bool]]) -> dict[Key, bool | None]:
    """What most judges say of each passage; None where as many say yes as no."""
    votes: dict[Key, int] = {}
    for own in judges:
        for key, answers in own.items():
            votes[key] = votes.get(key, 0) + (1 if answers else -1)
    return {key: None if vote == 0 else vote > 0 for key, vote in votes.items()}
