"""`passages evaluate --compare A B`: two settings, indexes or saved runs, side by side."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from passages.cli.evaluating.options import QUESTIONS, cutoffs
from passages.cli.progress import ProgressBar
from passages.errors import BadSetting
from passages.evaluation.figures import tables
from passages.evaluation.figures.comparison import differences, moves
from passages.evaluation.figures.summary import finite
from passages.evaluation.files.saved import is_saved, read_saved
from passages.evaluation.judgements import JudgedQuestion, read_questions
from passages.evaluation.lines import Line
from passages.evaluation.measuring import Choice, measure
from passages.index.folder import POINTER
from passages.index.storage.uri import uri_of
from passages.search.scoring import RANKINGS, SHIPPED, parse_ranking
from passages.search.searcher import Index
from passages.service.client import url_of

Opened = Callable[[Path], Index]
"""Opens the index in a folder."""

_ASKING = ("questions", "half", "kind", "limit", "k")


def compared(options: argparse.Namespace, choice: Choice, opened: Opened) -> str:
    """The second run against the first, and the questions that moved most.

    Raises:
        BadSetting: an option that neither run would use, or a name that is nothing.
    """
    names = options.compare
    kinds = [_kind_of(name) for name in names]
    if options.index_given and "setting" not in kinds:
        raise BadSetting("--index does not go with --compare of two indexes or saved runs")
    unused = [name for name in _ASKING if getattr(options, name) is not None]
    if unused and set(kinds) == {"saved run"}:
        raise BadSetting(f"--{unused[0]} does not go with --compare of two saved runs")
    first, second = _both(options, choice, kinds, opened)
    rows, moved = differences(first, {names[1]: second}), moves(first, second)
    if options.json:
        shown = {
            "differences": [asdict(row) for row in rows],
            "moves": [asdict(move) for move in moved],
        }
        return json.dumps(finite(shown), ensure_ascii=False)
    parts = [tables.of_differences(names[0], rows), *tables.of_moves(moved)]
    return tables.as_markdown(parts) if options.markdown else tables.as_text(parts)


def _both(
    options: argparse.Namespace, choice: Choice, kinds: Sequence[str], opened: Opened
) -> list[Sequence[Line]]:
    """The lines of both runs; two settings are scored from one pass."""
    names: Sequence[str] = options.compare
    if set(kinds) == {"saved run"}:
        questions: list[JudgedQuestion] = []
    else:
        questions = choice.of(read_questions(options.questions or QUESTIONS))
    if set(kinds) == {"setting"}:
        by_name = _asked(options, opened(options.index), questions, names)
        return [by_name[name] for name in names]
    runs: list[Sequence[Line]] = []
    for name, kind in zip(names, kinds, strict=True):
        if kind == "saved run":
            saved = read_saved(Path(name))
            runs.append(saved.lines[saved.shown])
        elif kind == "setting":
            runs.append(_asked(options, opened(options.index), questions, [name])[name])
        else:
            runs.append(_asked(options, opened(Path(name)), questions, [SHIPPED])[SHIPPED])
    return runs


def _asked(
    options: argparse.Namespace,
    index: Index,
    questions: Sequence[JudgedQuestion],
    settings: Sequence[str],
) -> dict[str, Sequence[Line]]:
    rankings = {name: parse_ranking(name) for name in settings}
    with ProgressBar("questions") as progress:
        measured = measure(index, questions, rankings, cutoffs(options), progress.show)
    return dict(measured.lines)


def _kind_of(name: str) -> str:
    if name.partition(":")[0] in (*RANKINGS, "shipped"):
        parse_ranking(name)
        return "setting"
    if is_saved(Path(name)):
        return "saved run"
    if url_of(name) or uri_of(name) or (Path(name) / POINTER).exists():
        return "index"
    known = ", ".join((*RANKINGS, "shipped"))
    raise BadSetting(f"{name!r} is no setting ({known}), no index folder and no saved run")
