"""Answer a question from the index: `passages "who must not take ketamine?"`."""

from __future__ import annotations

import argparse
import json

from passages.articles.chunking import Passage
from passages.opening import open_index
from passages.search.answer import Answer, Hit
from passages.search.honesty.strength import NOT_FOUND, RELATED, not_said
from passages.search.scoring import NO_RERANK, parse_ranking


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("question")
    parser.add_argument("--index", default="index", help="folder of the index (default: index)")
    parser.add_argument("-k", type=int, default=10, help="passages to show (default: 10)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--rerank",
        action=argparse.BooleanOptionalAction,
        help="have a cross-encoder put the closest few in order, or never (default: only for an "
        "index without late interaction)",
    )


def run(options: argparse.Namespace) -> int:
    """Print the answer; exit status 0.

    Raises:
        PassagesError: there is no usable index.
    """
    index = open_index(options.index)
    if options.rerank is not None:
        name = "full+late+rerank" if options.rerank else NO_RERANK
        index = index.ranked_by(parse_ranking(name))
    answer = index.search(options.question, k=options.k)
    print(json.dumps(answer.to_json(), ensure_ascii=False) if options.json else as_text(answer))
    return 0


def as_text(answer: Answer) -> str:
    """The answer for a reader at a terminal."""
    if not answer.hits:
        return "Nothing found."
    said = {"not found": f"{NOT_FOUND}. Closest passages:", "related": RELATED}.get(answer.verdict)
    head = [said, ""] if said else []
    return "\n".join([*head, *(_hit_as_text(hit) for hit in answer.hits)]).rstrip()


def _hit_as_text(hit: Hit) -> str:
    lines = "".join(f"({line})\n" for line in not_said(hit))
    also = "".join(f"(also in: {_path(passage)})\n" for passage in hit.other_places)
    return f"{hit.rank}. {_path(hit.passage)}\n{lines}{also}\n{hit.passage.text}\n"


def _path(passage: Passage) -> str:
    return " › ".join((passage.article.title, *passage.headings))
