"""Measure the index with judged questions."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from passages.cli.evaluating.compare import Opened, compared
from passages.cli.evaluating.options import (
    ALPHA,
    INDEX,
    QUESTIONS,
    add_options,
    check_options,
    cutoffs,
    rankings_of,
    shown_of,
)
from passages.cli.progress import ProgressBar
from passages.errors import BadSetting
from passages.evaluation.figures import tables
from passages.evaluation.figures.comparison import Difference, differences
from passages.evaluation.figures.gate import below, check_names, parse_least, worse
from passages.evaluation.figures.reliability import reliability
from passages.evaluation.figures.summary import finite, summarise
from passages.evaluation.files.history import remember
from passages.evaluation.files.per_question import check_suffix, write_per_question
from passages.evaluation.files.saved import SavedRun, read_saved, save
from passages.evaluation.files.writable import writable
from passages.evaluation.heading_check import KIND, ask_headings
from passages.evaluation.judgements import read_lines, read_questions, write_lines
from passages.evaluation.judging.rewording import reword
from passages.evaluation.lines import Line, lines_of
from passages.evaluation.measuring import Choice, Measured, about, measure
from passages.evaluation.quotes import quote_finder
from passages.index.folder import serving
from passages.index.generation import open_generation
from passages.opening import local_folder, open_index
from passages.service.client import url_of

__all__ = ["add_options", "run"]


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 measured, 1 a gate is not passed or a quote not found.

    Raises:
        PassagesError: no index, judgements that do not fit the articles, options that do not go
            together, or a file that cannot be written.
    """
    return evaluate(options, open_index)


def evaluate(options: argparse.Namespace, opened: Opened) -> int:
    """The same with indexes opened by `opened`."""
    check_options(options)
    options.index_given = options.index is not None
    options.index = options.index or INDEX
    if options.fix_quotes:
        return _fix_quotes(options, opened)
    if options.headings:
        print(_headings(options, opened))
        return 0
    if options.compare:
        print(compared(options, choice_of(options), opened))
        return 0
    return _measure(options, opened)


def choice_of(options: argparse.Namespace) -> Choice:
    """Which questions the options choose."""
    return Choice(options.half, tuple(options.kind or ()), options.limit, options.sample or 0)


def _measure(options: argparse.Namespace, opened: Opened) -> int:
    rankings, ks, choice = rankings_of(options), cutoffs(options), choice_of(options)
    least = [parse_least(text) for text in options.fail_under or ()]
    before = read_saved(options.no_worse_than) if options.no_worse_than else None
    if options.per_question:
        check_suffix(options.per_question)
    questions = options.questions or QUESTIONS
    chosen = choice.of(read_questions(questions))
    check_names(least, chosen, ks)
    index = opened(options.index)
    with ProgressBar("questions") as progress:
        measured = measure(index, chosen, rankings, ks, progress.show)
    what = about(index, questions, ks)
    shown = shown_of(list(rankings))
    lines = measured.lines[shown]
    failed = below(summarise(lines), least)
    if before is not None:
        failed += worse(lines, before.lines[before.shown], options.alpha or ALPHA)
    _keep(options, measured, SavedRun(what, shown, measured.lines))
    if choice.all and options.index.is_dir():
        remember(options.index, what | {"setting": shown}, summarise(lines))
    print(_shown(options, what, shown, measured.lines))
    for sentence in failed:
        print(f"not passed: {sentence}", file=sys.stderr)
    return int(bool(failed))


def _keep(options: argparse.Namespace, measured: Measured, saved: SavedRun) -> None:
    if options.save:
        parts = _parts(saved.about, saved.shown, saved.lines)
        save(options.save, saved, measured.answered, tables.as_markdown(parts))
    if options.per_question:
        write_per_question(options.per_question, measured.lines)


def _shown(
    options: argparse.Namespace,
    what: Mapping[str, Any],
    shown: str,
    lines: Mapping[str, Sequence[Line]],
) -> str:
    if not options.json:
        parts = _parts(what, shown, lines)
        return tables.as_markdown(parts) if options.markdown else tables.as_text(parts)
    rows, counted = reliability(lines[shown])
    whole = {
        **what,
        **summarise(lines[shown]),  # `questions` is their number, as it was before runs were named
        "setting": shown,
        "settings": {name: summarise(each) for name, each in lines.items() if name != shown},
        "differences": [asdict(row) for row in _differences(shown, lines)],
        "reliability": {"questions": counted, "rows": [asdict(row) for row in rows]},
    }
    return json.dumps(finite(whole), ensure_ascii=False)


def _parts(
    what: Mapping[str, Any], shown: str, lines: Mapping[str, Sequence[Line]]
) -> list[tables.Table | str]:
    summaries = {name: summarise(each) for name, each in lines.items()}
    summary = summaries[shown]
    answerable = summary["questions"] - summary["not_covered"]
    parts: list[tables.Table | str] = [
        f"{what['encoder']}, snapshot {what['snapshot']}, setting {shown}\n"
        f"{answerable} answerable questions, {summary['not_covered']} that no article covers"
    ]
    if len(lines) > 1:
        rows = _differences(shown, lines)
        parts += [tables.of_settings(summaries), tables.of_differences(shown, rows)]
    parts += tables.of_run(summary)
    rows_of_words, counted = reliability(lines[shown])
    return [*parts, *tables.of_reliability(rows_of_words, counted, lines[shown])]


def _differences(shown: str, lines: Mapping[str, Sequence[Line]]) -> list[Difference]:
    others = {name: each for name, each in lines.items() if name != shown}
    return differences(lines[shown], others)


def _headings(options: argparse.Namespace, opened: Opened) -> str:
    if url := url_of(options.index):
        raise BadSetting(f"{url}: --headings needs an index folder")
    index = opened(options.index)
    if options.rerank is not None:
        [ranking] = rankings_of(options).values()
        index = index.ranked_by(ranking)
    with ProgressBar("headings") as progress:
        answered = ask_headings(
            index, open_generation(serving(local_folder(options.index))), progress.show
        )
    lines = {KIND: lines_of(answered)}
    what = {"encoder": index.about.model.name, "snapshot": index.about.name}
    return _shown(options, what, KIND, lines)


def _fix_quotes(options: argparse.Namespace, opened: Opened) -> int:
    questions = options.questions or QUESTIONS
    done = reword(read_lines(questions), quote_finder(opened(options.index)))
    for each in (*done.reworded, *done.left):
        print(each)
    if not done.reworded:
        print(f"nothing to propose: {len(done.left)} quotes are not found, and nothing is near")
        return int(bool(done.left))
    proposed = questions.with_name(f"{questions.stem}.proposed{questions.suffix}")
    with writable(proposed):
        write_lines(proposed, done.lines)
    print(f"\n{len(done.reworded)} quotes reworded in {proposed}, {len(done.left)} not: read each,")
    print(f"then put the file in the place of {questions}")
    return int(bool(done.left))
