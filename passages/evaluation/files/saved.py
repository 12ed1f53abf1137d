"""A run as a folder: all its lines, and what other tools read.

run.json           what was measured, of what, and every line of every setting
qrels.txt          TREC's judgements
run-SETTING.txt    TREC's ranking of every setting; `run.txt` where there is but one
table.md           the table
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from passages.errors import BadQuestions, NoQuestions
from passages.evaluation.asking import Answered
from passages.evaluation.figures.summary import finite
from passages.evaluation.files.writable import writable
from passages.evaluation.lines import Line
from passages.evaluation.measures import as_trec

FILE = "run.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class SavedRun:
    """Lines by setting; `shown` is the setting that stands for the run, `about` says of what."""

    about: Mapping[str, Any]
    shown: str
    lines: Mapping[str, Sequence[Line]]


def save(
    folder: Path, run: SavedRun, answered: Mapping[str, Sequence[Answered]], table: str
) -> None:
    """Write a run into `folder`, in the place of one that was saved there before.

    Raises:
        BadSetting: it cannot be written.
    """
    settings = {name: [line.to_json() for line in lines] for name, lines in run.lines.items()}
    whole = {"format": FORMAT, "about": run.about, "shown": run.shown, "settings": settings}
    text = json.dumps(finite(whole), ensure_ascii=False)
    with writable(folder / FILE):
        for path in (folder / FILE, *folder.glob("run*.txt")):
            path.unlink(missing_ok=True)
        for setting, each in answered.items():
            suffix = "" if len(answered) == 1 else f"-{file_part(setting)}"
            _write_trec(folder, f"run{suffix}.txt", each)
        (folder / "table.md").write_text(table + "\n", encoding="utf-8")
        (folder / FILE).write_text(text + "\n", encoding="utf-8")


def is_saved(folder: Path) -> bool:
    """Whether a run was saved in this folder."""
    return (folder / FILE).is_file()


def read_saved(folder: Path) -> SavedRun:
    """Read a run that was saved.

    Raises:
        NoQuestions: there is none.
        BadQuestions: it was written by another version, or is damaged.
    """
    path = folder / FILE
    if not path.is_file():
        raise NoQuestions(f"no saved run in {folder}: make one with --save {folder}")
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        if given["format"] != FORMAT:
            raise BadQuestions(f"{path} has format {given['format']}, not {FORMAT}: save it again")
        lines = {
            name: [Line.from_json(line) for line in lines]
            for name, lines in given["settings"].items()
        }
        run = SavedRun(given["about"], given["shown"], lines)
        run.lines[run.shown]
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError, UnicodeError) as error:
        raise BadQuestions(f"{path} is no saved run ({error!r}): save it again") from error
    return run


def file_part(setting: str) -> str:
    """A setting as a part of a file name: `full:bm25=4,rerank=0` -> `full_bm25=4_rerank=0`."""
    return re.sub(r"[^\w.+=-]", "_", setting)


def _write_trec(folder: Path, name: str, answered: Sequence[Answered]) -> None:
    qrels, scored = as_trec(answered)
    lines = [f"{qrel.query_id} 0 {qrel.doc_id} {qrel.relevance}\n" for qrel in qrels]
    (folder / "qrels.txt").write_text("".join(lines), encoding="utf-8")
    tag = Path(name).stem
    lines = [
        f"{doc.query_id} Q0 {doc.doc_id} {-doc.score:.0f} {doc.score} {tag}\n" for doc in scored
    ]
    (folder / name).write_text("".join(lines), encoding="utf-8")
