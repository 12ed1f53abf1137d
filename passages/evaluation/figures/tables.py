"""Summaries, differences and reliability as tables, in plain text or Markdown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from passages.evaluation.figures.comparison import Difference, Move
from passages.evaluation.figures.reliability import Row
from passages.evaluation.lines import Line
from passages.evaluation.measures import RANKING_MEASURES
from passages.search.answer import Verdict

WORST = 10
"""Questions listed that are answered worst, or that moved most."""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells under a head; the first column is text, the others stand to the right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1
    """How many columns are text."""


def as_text(parts: Sequence[Table | str]) -> str:
    """Tables and sentences for a terminal, a blank line between them."""
    return "\n\n".join(part if isinstance(part, str) else _text(part) for part in parts)


def as_markdown(parts: Sequence[Table | str]) -> str:
    """The same as Markdown."""
    return "\n\n".join(part if isinstance(part, str) else _markdown(part) for part in parts)


def of_run(summary: Mapping[str, Any]) -> list[Table | str]:
    """One setting: its measures, refusals, kinds, and the questions it answers worst."""
    measures, intervals = summary["measures"], summary["intervals"]
    rows = [(name, number(measures[name]), interval(*intervals[name])) for name in intervals]
    rows += [
        (name, number(found["mean"]), interval(found["low"], found["high"]))
        for name, found in summary["refusals"].items()
        if not math.isnan(found["mean"])
    ]
    others = [name for name in measures if name not in intervals | summary["refusals"]]
    rows += [(name, number(measures[name]), "") for name in others]
    return [
        Table("", ("measure", "value", "95 % interval"), tuple(rows)),
        of_kinds(summary["kinds"]),
        *([of_languages(spoken)] if len(spoken := summary["languages"]) > 1 else []),
        *worst(summary["per_question"]),
    ]


def of_kinds(kinds: Mapping[str, Mapping[str, Any]]) -> Table:
    """One row per kind of question, uncovered ones included, with the share of each verdict."""
    return _of_groups("kind", kinds)


def of_languages(languages: Mapping[str, Mapping[str, Any]]) -> Table:
    """The same with one row per language."""
    return _of_groups("language", languages)


def _of_groups(name: str, groups: Mapping[str, Mapping[str, Any]]) -> Table:
    verdicts = get_args(Verdict)
    names = [
        measure
        for measure in (*RANKING_MEASURES, "words_to_answer", "marked")
        if any(measure in means for means in groups.values())
    ]
    rows = tuple(
        (
            group,
            str(means["questions"]),
            str(means["not_covered"]),
            *(number(means[measure]) for measure in names),
            *(number(means["verdicts"][verdict]) for verdict in verdicts),
        )
        for group, means in groups.items()
    )
    head = (name, "n", "not covered", *names, *(f"“{verdict}”" for verdict in verdicts))
    return Table(f"By {name}; the last columns say how often each verdict was given", head, rows)


def worst(lines: Sequence[Mapping[str, Any]]) -> list[Table | str]:
    """The questions whose first relevant passage comes latest."""
    asked = [line for line in lines if line["answerable"] and line["first_relevant_rank"] != 1]
    asked.sort(key=lambda line: -(line["first_relevant_rank"] or math.inf))
    rows = tuple(
        (str(line["first_relevant_rank"] or "none"), line["id"], line["question"])
        for line in asked[:WORST]
    )
    title = "The first relevant passage comes late"
    return [Table(title, ("rank", "id", "question"), rows, left=3)] if rows else []


def of_settings(summaries: Mapping[str, Mapping[str, Any]]) -> Table:
    """The means of several settings side by side."""
    names = dict.fromkeys(name for each in summaries.values() for name in each["intervals"])
    names |= dict.fromkeys(("AUROC", "answerable_refused", "uncovered_answered"))
    rows = tuple(
        (name, *(number(each["measures"].get(name)) for each in summaries.values()))
        for name in names
    )
    return Table("", ("measure", *summaries), tuple(row for row in rows if any(row[1:])))


def of_differences(first: str, rows: Sequence[Difference]) -> Table:
    """How far each setting differs from the first, with interval and p values."""
    cells = tuple(
        (
            row.setting,
            row.measure,
            number(row.first),
            number(row.second),
            f"{row.difference.mean:+.3f}",
            f"{row.difference.low:+.3f} to {row.difference.high:+.3f}",
            f"{row.p:.4f}",
            f"{row.p_holm:.4f}",
        )
        for row in rows
    )
    head = "setting", "measure", first, "setting's", "difference", "95 % interval", "p", "p (Holm)"
    title = f"Difference from {first}; p (Holm) is corrected for all {len(rows)} comparisons"
    return Table(title, head, cells, left=2)


def of_moves(moved: Sequence[Move]) -> list[Table | str]:
    """The questions whose first relevant passage moved, the largest difference first."""
    rows = tuple(
        (str(move.first or "none"), str(move.second or "none"), move.id, move.question)
        for move in moved
    )
    title = "Moved most: rank of the first relevant passage"
    return [Table(title, ("from", "to", "id", "question"), rows, left=4)] if rows else []


def of_reliability(rows: Sequence[Row], counted: int, lines: Sequence[Line]) -> list[Table | str]:
    """How often each word was right, and of which questions."""
    left_out = len(lines) - counted
    if not counted:
        return [
            "No reliability table: these judgements were not pooled (no question has "
            '"pooled": true), so that passages that answer as well would count as wrong.'
        ]
    cells = tuple(
        (
            row.word,
            row.where,
            row.right_means,
            str(row.n),
            number(row.right.mean),
            interval(row.right.low, row.right.high),
        )
        for row in rows
    )
    without = f"; {left_out} without pooled judgements left out" if left_out else ""
    title = f"Reliability, on {counted} questions with pooled judgements{without}"
    head = "word", "of", "right means", "n", "right", "95 % interval"
    return [Table(title, head, cells, left=3)]


def number(value: float | None) -> str:
    """Three decimals below ten, none above; empty for NaN."""
    if value is None or math.isnan(value):
        return ""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.0f}"


def interval(low: float | None, high: float | None) -> str:
    """`0.700 to 0.800`."""
    return f"{number(low)} to {number(high)}" if number(low) else ""


def _text(table: Table) -> str:
    cells = [table.head, *table.rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(table.head))]
    lines = [table.title] if table.title else []
    for row in cells:
        padded = [
            cell.ljust(width) if place < table.left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def _markdown(table: Table) -> str:
    marks = tuple("---" if place < table.left else "---:" for place in range(len(table.head)))
    rows = [table.head, marks, *table.rows]
    lines = [f"**{table.title}**\n"] if table.title else []
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)
