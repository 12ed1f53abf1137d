"""Measure the index with judged questions."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from tqdm import tqdm

from passages.errors import BadSetting
from passages.evaluation.comparison import compare, moves
from passages.evaluation.heading_check import ask_headings
from passages.evaluation.judgements import JudgedQuestion, read_questions
from passages.evaluation.measures import (
    RANKING_MEASURES,
    Judged,
    as_trec,
    ask,
    finite,
    quote_finder,
    summarise,
)
from passages.index.folder import serving
from passages.index.snapshot import Snapshot
from passages.opening import open_index
from passages.search.scoring import RANKINGS, SHIPPED, parse_ranking
from passages.search.searcher import Index

WORST = 10


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--questions", type=Path, default=Path("evaluation/questions.jsonl"))
    parser.add_argument("--index", type=Path, default=Path("index"), help="folder of the index")
    parser.add_argument("--half", choices=("fit", "test"), help="only this half of the questions")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--rerank",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="have a cross-encoder put the closest few in order (default: yes)",
    )
    parser.add_argument("--save", type=Path, help="folder for the run and qrels in TREC format")
    parser.add_argument(
        "--compare",
        nargs=2,
        metavar="SETTING",
        help=f"two of {', '.join(RANKINGS)}, or two index folders",
    )
    parser.add_argument(
        "--headings",
        action="store_true",
        help="no judgements: does each heading find its section without it? A biased smoke test",
    )


def run(options: argparse.Namespace) -> int:
    """Measure and print; exit status 0.

    Raises:
        PassagesError: no index, or judgements that do not fit the articles.
    """
    print(_measured(options))
    return 0


def _measured(options: argparse.Namespace) -> str:
    if options.compare:
        return _comparison(options, _questions(options))
    if options.headings:
        index = open_index(options.index)
        with _bar("headings") as bar:
            run = ask_headings(index, Snapshot(serving(options.index)), bar.update)
            return _shown(options, index, run)
    index = _chosen(SHIPPED if options.rerank else "full", options.index)
    run = _run(index, _questions(options))
    if options.save:
        save(run, options.save)
    return _shown(options, index, run)


def _questions(options: argparse.Namespace) -> list[JudgedQuestion]:
    questions = read_questions(options.questions)
    return [question for question in questions if options.half in (None, question.half)]


def _run(index: Index, questions: Sequence[JudgedQuestion]) -> list[Judged]:
    finder = quote_finder(index)
    with _bar("questions", len(questions)) as bar:
        return ask(questions, finder.find, index.search, bar.update)


def _bar(unit: str, total: int | None = None) -> tqdm[NoReturn]:
    return tqdm(total=total, unit=f" {unit}", disable=not sys.stderr.isatty(), leave=False)


def _shown(options: argparse.Namespace, index: Index, run: Sequence[Judged]) -> str:
    summary = summarise(run) | {
        "snapshot": index.about.name,
        "encoder": index.about.model.name,
    }
    return json.dumps(finite(summary), ensure_ascii=False) if options.json else _table(summary)


def _comparison(options: argparse.Namespace, questions: Sequence[JudgedQuestion]) -> str:
    """The two settings side by side, and the questions that moved most."""
    names = options.compare
    first, second = (_run(_chosen(name, options.index), questions) for name in names)
    differences, moved = compare(first, second), moves(first, second)
    if options.json:
        shown = {
            "differences": [asdict(row) for row in differences],
            "moves": [asdict(move) for move in moved],
        }
        return json.dumps(shown, ensure_ascii=False)
    lines = [f"{'measure':<16}{names[0]:>20}{names[1]:>20}   difference (95 % interval)      p"]
    for row in differences:
        gain = row.difference
        interval = f"{gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"
        lines.append(
            f"{row.measure:<16}{row.first:>20.3f}{row.second:>20.3f}   {interval}  {row.p:.4f}"
        )
    lines += ["", "moved most (rank of the first relevant passage):"] if moved else []
    for move in moved:
        ranks = f"{move.first or 'none'} -> {move.second or 'none'}"
        lines.append(f"  {ranks:<14}{move.id}: {move.question}")
    return "\n".join(lines)


def _chosen(name: str, folder: Path) -> Index:
    """The index in its folder with this setting, or the index in the folder `name`."""
    if name in RANKINGS or ":" in name:
        return open_index(folder).ranked_by(parse_ranking(name))
    return open_index(name)


def save(run: Sequence[Judged], folder: Path) -> None:
    """Write `qrels.txt` and `run.txt` in TREC format, for other tools.

    Raises:
        BadSetting: the folder cannot be written.
    """
    qrels, scored = as_trec(run)
    lines = [f"{qrel.query_id} 0 {qrel.doc_id} {qrel.relevance}\n" for qrel in qrels]
    ranked = [
        f"{doc.query_id} Q0 {doc.doc_id} {-doc.score:.0f} {doc.score} passages\n" for doc in scored
    ]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "qrels.txt").write_text("".join(lines), encoding="utf-8")
        (folder / "run.txt").write_text("".join(ranked), encoding="utf-8")
    except OSError as error:
        raise BadSetting(f"{folder} cannot be written: {error.strerror}") from error


def _table(summary: dict[str, Any]) -> str:
    measures, intervals = summary["measures"], summary["intervals"]
    answerable = summary["questions"] - summary["not_covered"]
    lines = [
        f"{summary['encoder']}, snapshot {summary['snapshot']}",
        f"{answerable} answerable questions, {summary['not_covered']} that no article covers",
        "",
        f"{'measure':<20}{'mean':>8}   95 % interval",
    ]
    for name, (low, high) in intervals.items():
        lines.append(f"{name:<20}{_number(measures[name]):>8}   {_number(low)} to {_number(high)}")
    others = [name for name in measures if name not in intervals]
    lines += [f"{name:<20}{_number(measures[name]):>8}" for name in others]
    columns = (*RANKING_MEASURES, "words_to_answer", "marked")
    lines += ["", f"{'kind':<14}{'n':>5}" + "".join(f"{name:>16}" for name in columns)]
    for kind, means in summary["kinds"].items():
        cells = "".join(f"{_number(means[name]):>16}" for name in columns)
        lines.append(f"{kind:<14}{means['questions']:>5}{cells}")
    return "\n".join([*lines, "", *_worst(summary)])


def _worst(summary: dict[str, Any]) -> list[str]:
    kinds = summary["kinds"]
    asked = [line for line in summary["per_question"] if line["kind"] in kinds]
    asked.sort(key=lambda line: -(line["first_relevant_rank"] or math.inf))
    late = [line for line in asked if line["first_relevant_rank"] != 1][:WORST]
    lines = ["the first relevant passage comes late:"] if late else []
    for line in late:
        rank = line["first_relevant_rank"] or "none"
        lines.append(f"  rank {rank:<5} {line['id']}: {line['question']}")
    return lines


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.0f}"
