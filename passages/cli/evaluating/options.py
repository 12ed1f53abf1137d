"""The options of `passages evaluate`, and which of them go together.

A combination without a meaning is refused: an option that is silently ignored yields a number other
than the one that was asked for.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from passages.errors import BadSetting
from passages.search.scoring import NO_RERANK, RANKINGS, SHIPPED, Ranking, parse_ranking

QUESTIONS = Path("evaluation/questions.jsonl")
INDEX = Path("index")
ALPHA = 0.05

_CHOOSING = {"questions", "half", "kind", "limit", "sample", "k"}
_SHOWING = {"json", "markdown"}
MODES = {
    "compare": _CHOOSING | _SHOWING | {"index"},
    "headings": _SHOWING | {"index", "rerank"},
    "fix_quotes": {"index", "questions"},
}
"""What goes with each of the ways to use the command other than to measure."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options; one that is not given is None."""
    _add_what_is_asked(parser)
    _add_settings(parser)
    _add_output(parser)
    _add_gates(parser)
    _add_other_ways(parser)


def _add_what_is_asked(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--questions", type=Path, help=f"judged questions (default: {QUESTIONS})")
    add("--index", type=Path, help=f"folder of the index (default: {INDEX})")
    add("--half", choices=("fit", "test"), help="only this half of the questions")
    add("--kind", action="append", help="only questions of this kind; may be repeated")
    add("--limit", type=int, help="only so many questions, drawn at random")
    add("--sample", type=int, metavar="SEED", help="draw others than with seed 0")
    add("--k", help="cut-offs of nDCG, recall and the perfect reranker: 5,10,50,100")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    names = ", ".join((*RANKINGS, "shipped"))
    add("--settings", help=f"settings to measure in one pass, with commas: {names}")
    add(
        "--setting",
        action="append",
        help="a setting with other weights, such as full:bm25=4; may be repeated",
    )
    add(
        "--rerank",
        action=argparse.BooleanOptionalAction,
        help="have a cross-encoder put the closest few in order (default: yes)",
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--json", action="store_true", default=None, help="print JSON")
    add("--markdown", action="store_true", default=None, help="print the tables as Markdown")
    add("--save", type=Path, help="folder for the run: to compare with, and in TREC format")
    add("--per-question", type=Path, help="file for a row a question: .csv, .parquet or .jsonl")


def _add_gates(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--fail-under",
        action="append",
        metavar="MEASURE=NUMBER",
        help="exit with 1 if a measure is worse, such as nDCG@10=0.85 or uncovered_answered=0.3; "
        "may be repeated",
    )
    add(
        "--no-worse-than",
        type=Path,
        metavar="SAVED",
        help="exit with 1 if a measure is lower than in this saved run, beyond chance",
    )
    add("--alpha", type=float, help=f"what counts as chance (default: {ALPHA})")


def _add_other_ways(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--compare",
        nargs=2,
        metavar="RUN",
        help="two settings, index folders or saved runs: the second against the first",
    )
    add(
        "--headings",
        action="store_true",
        default=None,
        help="no judgements: does each heading find its section without it? A biased smoke test",
    )
    add(
        "--fix-quotes",
        action="store_true",
        default=None,
        help="propose new wording for quotes that the articles no longer have",
    )


def check_options(options: argparse.Namespace) -> None:
    """Refuse options that do not go together.

    Raises:
        BadSetting: two options that do not; the message names both.
    """
    given = {name: _flag(name, value) for name, value in vars(options).items() if value is not None}
    modes = [mode for mode in MODES if mode in given]
    for mode in modes:
        if others := sorted(given.keys() - MODES[mode] - {mode}):
            raise BadSetting(f"{given[mode]} does not go with {given[others[0]]}")
    for first, second in (("json", "markdown"), ("rerank", "settings"), ("rerank", "setting")):
        if {first, second} <= given.keys():
            raise BadSetting(f"{given[first]} does not go with {given[second]}")
    for option, needed in (("sample", "limit"), ("alpha", "no_worse_than")):
        if option in given and needed not in given:
            raise BadSetting(f"{given[option]} says nothing without {_flag(needed)}")
    if options.limit is not None and options.limit < 1:
        raise BadSetting("--limit must be 1 or more")
    if options.alpha is not None and not 0 < options.alpha < 1:
        raise BadSetting("--alpha must lie between 0 and 1")


def rankings_of(options: argparse.Namespace) -> dict[str, Ranking]:
    """The settings to measure, by the names they were given.

    Raises:
        BadSetting: a name or weight that is none, or a setting twice.
    """
    names = [name.strip() for name in (options.settings or "").split(",") if name.strip()]
    if options.settings is not None and not names:
        raise BadSetting(f"--settings {options.settings!r} names no setting")
    names += options.setting or []
    if options.rerank is not None:
        names = ["full+late+rerank" if options.rerank else NO_RERANK]
    names = names or ["shipped"]
    if len(set(names)) < len(names):
        raise BadSetting(f"a setting stands there twice: {', '.join(names)}")
    return {name: parse_ranking(name) for name in names}


def shown_of(names: list[str]) -> str:
    """The setting that stands for the run: the shipped one, or else the first."""
    return next((name for name in names if name in ("shipped", SHIPPED)), names[0])


def cutoffs(options: argparse.Namespace) -> tuple[int, ...]:
    """The cut-offs, ascending; 10 is always among them.

    Raises:
        BadSetting: no list of numbers from 1 on.
    """
    try:
        ks = {int(part) for part in (options.k or "10").split(",")}
    except ValueError:
        ks = {0}
    if min(ks) < 1:
        raise BadSetting(f"--k {options.k!r}: expected numbers with commas, such as 5,10,50,100")
    return tuple(sorted(ks | {10}))


def _flag(name: str, value: object = None) -> str:
    """The option as it was typed."""
    return f"--{'no-' if value is False else ''}{name.replace('_', '-')}"
