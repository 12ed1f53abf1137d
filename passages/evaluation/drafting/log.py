"""An operator's log -> questions to judge: what readers asked, the most frequent first.

A log is a file with a question a line, or JSON lines with a field `question`, such as the feedback
that the page keeps. A "yes" there says that one passage helped, not that no other answers, so such
a question is to be judged as well.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from passages.errors import BadQuestions
from passages.evaluation.importing.tables import open_text

KIND = "log"


def from_log(path: Path) -> list[dict[str, Any]]:
    """The questions of a log, each once, without `relevant`: `passages judge` asks for it.

    `asked` counts how often it stands there, letter case and spaces apart.

    Raises:
        NoQuestions: the log cannot be read.
        BadQuestions: it holds no question.
    """
    asked: dict[str, tuple[str, int]] = {}
    with open_text(path) as stream:
        for line in stream:
            question = " ".join(_question(line).split())
            if question:
                first, times = asked.get(question.casefold(), (question, 0))
                asked[question.casefold()] = first, times + 1
    if not asked:
        raise BadQuestions(f"{path} holds no question")
    often = sorted(asked.items(), key=lambda item: -item[1][1])
    return [
        {
            "id": f"{KIND}-{hashlib.sha256(key.encode()).hexdigest()[:10]}",
            "question": question,
            "kind": KIND,
            "made_from": "an operator's log",
            "asked": times,
        }
        for key, (question, times) in often
    ]


def _question(line: str) -> str:
    if not line.lstrip().startswith("{"):
        return line
    try:
        return str(json.loads(line).get("question", ""))
    except ValueError:
        return line
