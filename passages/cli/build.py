"""Build or refresh the index. Only what changed is encoded."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path

from passages.building.build import Report
from passages.building.shards import MakeShards, one_after_another
from passages.building.stored import build_at, rollback_stored
from passages.cli.changes import in_languages, listed
from passages.cli.check import check
from passages.cli.progress import ProgressBar
from passages.errors import BadSetting
from passages.evaluation import fitting
from passages.extras import needs
from passages.index import folder as store
from passages.index.storage.uri import uri_of


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = (
        "A file _synonyms.txt in the corpus folder says which words mean the same: a group a line, "
        "words and phrases separated by commas, the articles' own word first, such as "
        "`nausea, throw up, feel sick`; # starts a remark."
    )
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="folder of articles")
    parser.add_argument(
        "--index", type=Path, default=Path("index"), help="folder of the index, or s3://…"
    )
    parser.add_argument("--model", help="sentence-transformers model: a name or a folder")
    parser.add_argument(
        "--late-interaction",
        action=argparse.BooleanOptionalAction,
        help="compare questions with passages token by token too: better hits, one more encoding "
        "and some 4 kB a passage (default: with the models of the catalogue)",
    )
    parser.add_argument(
        "--shards",
        type=int,
        help="lay the articles in so many shards, of which only those with a changed article are "
        "written anew (default: as many as there are, at first 1; it cannot be changed later)",
    )
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="make the shards of an index in object storage on a Ray cluster: the address of its "
        "head, `auto` on a node",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--dry-run", action="store_true", help="report, but publish nothing")
    parser.add_argument("--drafts", action="store_true", help="take in articles marked as drafts")
    parser.add_argument("--check", action="store_true", help="the same as `passages check`")
    parser.add_argument("--rollback", action="store_true", help="serve the snapshot before again")


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 built, 1 built but files had problems; with --check 0 up to date, else 1.

    Raises:
        PassagesError: nothing was published.
    """
    if options.check:
        return check(options.corpus, options.index)
    if options.rollback:
        uri = uri_of(options.index)
        name = rollback_stored(uri) if uri else store.rollback(options.index)
        print(f"serving {name}")
        return 0
    report = _build(options)
    for problem in report.problems:
        print(f"{problem.severity}: {problem.file}: {problem.problem}", file=sys.stderr)
    print(json.dumps(report.to_json(), ensure_ascii=False) if options.json else _summary(report))
    return int(any(problem.severity != "note" for problem in report.problems))


def _build(options: argparse.Namespace) -> Report:
    with ProgressBar("texts") as progress:
        return build_at(
            options.corpus,
            options.index,
            options.model,
            dry_run=options.dry_run,
            drafts=options.drafts,
            progress=progress.show,
            reading=progress.of("files"),
            cutting=progress.of("articles"),
            calibrate=partial(fitting.calibration_for, corpus=options.corpus),
            late_interaction=options.late_interaction,
            shards=options.shards,
            make_shards=_maker(options),
        )


def _maker(options: argparse.Namespace) -> MakeShards:
    if options.cluster is None:
        return one_after_another
    uri = uri_of(options.index)
    if uri is None:
        raise BadSetting(f"{options.index}: nodes of a cluster build in object storage, s3://…")
    with needs("cluster", "`passages build --cluster`"):
        from passages.cluster.building import RayShards
    return RayShards(options.cluster, uri)


def _summary(report: Report) -> str:
    changes = listed(report.added, report.changed, report.removed)
    lines = [
        f"articles: {report.articles} ({changes}; {report.unchanged} unchanged)",
        f"passages: {report.passages} ({report.embedded} encoded with {report.model}, "
        f"{report.reused} carried over)",
    ]
    if languages := in_languages(report.languages):
        lines.insert(1, f"languages of the articles: {languages}")
    if report.strong is None:
        lines.append("words of strength: none, for none was measured to hold over such articles")
    else:
        lines.append(f"words of strength: from a probability of {report.strong} on, as measured")
    if report.kept:
        lines.append(f"kept with their last good text: {', '.join(report.kept)}")
    done = "published" if report.published else "nothing published, serving"
    return "\n".join([*lines, f"{done}: {report.snapshot} ({report.seconds:.1f} s)"])
