"""Turn a test collection into articles and judged questions, or make questions to start from."""

from __future__ import annotations

import argparse
from pathlib import Path

from passages.cli.evaluating.options import INDEX
from passages.evaluation.drafting.headings import from_headings
from passages.evaluation.drafting.log import from_log
from passages.evaluation.files.writable import writable
from passages.evaluation.importing.beir import open_beir
from passages.evaluation.importing.collection import Imported, import_collection
from passages.evaluation.importing.trec import read_documents, read_judged, read_topics
from passages.evaluation.judgements import write_lines
from passages.opening import open_index

_NAMED = 5


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of each kind of collection."""
    kinds = parser.add_subparsers(dest="what", required=True, metavar="beir|trec|headings|log")
    beir = kinds.add_parser("beir", help="a folder as BEIR and MTEB publish it")
    beir.add_argument("folder", type=Path, help="corpus, queries and qrels")
    beir.add_argument("--split", help="whose judgements (default: test, or the only one)")
    trec = kinds.add_parser("trec", help="topics, judgements and documents of a TREC track")
    trec.add_argument("--topics", type=Path, required=True, help="file of topics")
    trec.add_argument("--qrels", type=Path, required=True, help="file of judgements")
    trec.add_argument("--documents", type=Path, required=True, help="file or folder of documents")
    trec.add_argument("--field", help="of a topic, what is asked (default: its title or query)")
    headings = kinds.add_parser("headings", help="questions from the headings of an index")
    headings.add_argument("--index", type=Path, default=INDEX, help="folder of the index")
    log = kinds.add_parser("log", help="questions to judge from a log of what readers asked")
    log.add_argument("file", type=Path, help="a question a line, or JSON lines with `question`")
    for each in (headings, log):
        each.add_argument("--to", type=Path, required=True, help="new file of questions")
    for each in (beir, trec):
        each.add_argument("--to", type=Path, required=True, help="new folder for the collection")
        each.add_argument(
            "--pooled",
            action="store_true",
            help="several searches' best documents were judged: what has no label does not answer",
        )


def run(options: argparse.Namespace) -> int:
    """Import and print what was written; exit status 0.

    Raises:
        PassagesError: files that are missing or are not of that form; nothing is written then.
    """
    if options.what in ("headings", "log"):
        print(_questions(options))
    else:
        print(_said(_beir(options) if options.what == "beir" else _trec(options)))
    return 0


def _questions(options: argparse.Namespace) -> str:
    if options.what == "log":
        lines, what = from_log(options.file), "to judge with `passages judge`"
    else:
        lines = from_headings(open_index(options.index))
        what = "judged by their place alone: a start, no measure of quality"
    with writable(options.to):
        write_lines(options.to, lines)
    return f"{len(lines)} questions in {options.to}, {what}"


def _beir(options: argparse.Namespace) -> Imported:
    given = open_beir(options.folder, options.split)
    return import_collection(
        given.documents(), given.topics(), given.judged(), options.to, pooled=options.pooled
    )


def _trec(options: argparse.Namespace) -> Imported:
    return import_collection(
        read_documents(options.documents),
        read_topics(options.topics, options.field),
        read_judged(options.qrels),
        options.to,
        pooled=options.pooled,
    )


def _said(done: Imported) -> str:
    lines = [
        f"{done.articles} articles in {done.folder / 'corpus'}",
        f"{done.questions} questions with {done.judgements} judgements in "
        f"{done.folder / 'questions.jsonl'}",
    ]
    left_out = {
        "topics without a relevant document": done.without_relevant,
        "documents without text": done.without_text,
        "judged documents that are not there": done.missing_documents,
    }
    for what, ids in left_out.items():
        if ids:
            named = ", ".join(ids[:_NAMED]) + (", …" if ids[_NAMED:] else "")
            lines.append(f"left out: {len(ids)} {what} ({named})")
    return "\n".join(lines)
