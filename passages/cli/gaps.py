"""Say what readers of the page asked in vain: a table of questions that no article answers."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from passages.errors import BadSetting
from passages.opening import open_index
from passages.page.gaps.groups import Gap, gaps
from passages.page.gaps.log import QuestionLog
from passages.page.settings import LONGEST_KEPT


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--index", default="index", help="the index that is asked now")
    parser.add_argument(
        "--folder", type=Path, help="folder of the page's questions (default: PASSAGES_GAPS)"
    )
    parser.add_argument("--days", type=int, default=LONGEST_KEPT, help="look back so many days")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--erase", action="store_true", help="erase all questions that are kept")


def run(options: argparse.Namespace) -> int:
    """Print the table, or erase what it is made of; exit status 0.

    Raises:
        PassagesError: no folder is named, or there is no usable index.
    """
    folder = options.folder or os.environ.get("PASSAGES_GAPS")
    if not folder:
        raise BadSetting("no folder of questions: name it with --folder or PASSAGES_GAPS")
    log = QuestionLog(Path(folder), options.days)
    if options.erase:
        lines = log.erase()
        print(f"erased: {lines:,} line{'' if lines == 1 else 's'} in {log.path}")
        return 0
    asked = log.read()
    found = gaps(asked, open_index(options.index)) if asked else []
    if options.json:
        print(json.dumps([asdict(gap) for gap in found], ensure_ascii=False))
    else:
        print(as_text(found))
    return 0


def as_text(found: Sequence[Gap]) -> str:
    """The gaps for an editor at a terminal: a line each, below it the nearest section."""
    if not found:
        return "No question was asked in vain."
    lines = []
    for gap in found:
        lines.append(
            f"{gap.not_found:>5}  {gap.related:>7}  {gap.unhelpful:>9}  {gap.sentence}\n"
            f"{'':27}nearest: {' › '.join(gap.nearest) or 'nothing'}"
        )
    return "\n".join(["nothing  related  unhelpful", *lines])
