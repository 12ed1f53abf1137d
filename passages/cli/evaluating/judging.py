"""Judge which passages answer which questions, blind to what found them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from passages.cli.evaluating.options import INDEX, QUESTIONS
from passages.errors import BadSetting
from passages.evaluation.figures import tables
from passages.evaluation.files.writable import writable
from passages.evaluation.judgements import read_lines, write_lines
from passages.evaluation.judging.agreement import agreements
from passages.evaluation.judging.labels import read_labels
from passages.evaluation.judging.pool import DEPTH, SETTINGS
from passages.evaluation.judging.session import JudgingSession, Pools, Task
from passages.evaluation.judging.verdicts import verdicts
from passages.opening import open_index
from passages.search.scoring import parse_ranking
from passages.search.searcher import Index

LABELS = Path("evaluation/labels.jsonl")
ASKED = "Does it answer? [y]es [n]o [s]kip [u]ndo [q]uit: "


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--judge", metavar="NAME", help="judge under this name")
    what.add_argument("--agreement", action="store_true", help="print how far the judges agree")
    what.add_argument(
        "--write", type=Path, metavar="FILE", help="write what most judges say as judged questions"
    )
    add("--questions", type=Path, default=QUESTIONS, help="what is asked, judged before or not")
    add("--index", type=Path, default=INDEX, help="folder of the index")
    add("--labels", type=Path, default=LABELS, help=f"file of labels (default: {LABELS})")
    add("--settings", default=",".join(SETTINGS), help="the searches whose passages are judged")
    add("--depth", type=int, default=DEPTH, help=f"passages of each search (default: {DEPTH})")


def run(options: argparse.Namespace) -> int:
    """Exit status: 0; 1 where `--write` left questions unfinished.

    Raises:
        PassagesError: no index, questions or labels that cannot be read, a file not written.
    """
    return judge(options, open_index, input, print)


def judge(
    options: argparse.Namespace,
    opened: Callable[[Path], Index],
    ask: Callable[[str], str],
    say: Callable[[str], object],
) -> int:
    """The same, with these functions for input and output."""
    if options.agreement:
        say(_agreement(options.labels))
        return 0
    if options.depth < 1:
        raise BadSetting("--depth must be 1 or more")
    lines = read_lines(options.questions, unjudged=True)
    names = [name for name in options.settings.split(",") if name]
    rankings = {name: parse_ranking(name) for name in names}
    questions = [question for question, _ in lines]
    pools = Pools(opened(options.index), questions, rankings, options.depth)
    if options.judge is not None:
        _work(JudgingSession(pools, options.labels, options.judge), ask, say)
        return 0
    found = verdicts(lines, pools, list(read_labels(options.labels).values()))
    if found.lines:
        with writable(options.write):
            write_lines(options.write, found.lines)
    say(found.told(options.write))
    return int(bool(found.unfinished))


def _work(session: JudgingSession, ask: Callable[[str], str], say: Callable[[str], object]) -> None:
    while task := session.next():
        say(_shown(task))
        try:
            answer = ask(ASKED).strip().lower()[:1]
        except EOFError:
            answer = "q"
        if answer in ("y", "n"):
            session.label(task, answer == "y")
        elif answer == "s":
            session.skip(task)
        elif answer == "u" and not session.undo():
            say("There is nothing to take back.")
        elif answer == "q":
            break
    else:
        say("Nothing is left to judge.")
    say(f"{session.given} label{'' if session.given == 1 else 's'} by {session.judge}")


def _shown(task: Task) -> str:
    path = " › ".join((task.passage.article.title, *task.passage.headings))
    of = f"{task.left} left of this question"
    return f"\n{'─' * 60}\n{task.question.text}    ({of})\n\n{path}\n\n{task.passage.words}\n"


def _agreement(labels: Path) -> str:
    rows = tuple(
        (
            each.first,
            each.second,
            str(each.passages),
            tables.number(each.agreed),
            tables.number(each.kappa) or "undefined",
        )
        for each in agreements(read_labels(labels))
    )
    if not rows:
        return f"{labels} has labels of fewer than two judges"
    head = "judge", "judge", "passages", "agreed", "kappa"
    return tables.as_text([tables.Table("", head, rows, left=2)])
