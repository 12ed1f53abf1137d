"""A check that needs no judgements: does each heading find its own section without it?

A biased smoke test, not a measure of quality: headings are short, and written by the author of the
very text they should find. It shows whether a change broke something on any folder of articles.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from passages.articles.chunking import Passage
from passages.evaluation.asking import Answered, ask
from passages.evaluation.judgements import JudgedQuestion
from passages.evaluation.quotes import Place
from passages.index.generation import Generation
from passages.index.writer import origin_of, write_snapshot
from passages.progress import Progress, silent
from passages.search.searcher import Index
from passages.search.sources.single import SingleSource

KIND = "heading"


def ask_headings(
    index: Index,
    generation: Generation,
    progress: Progress = silent,
) -> list[Answered]:
    """Ask every heading of a copy of the index in which no section holds its own heading.

    The heading is taken out of the heading path, so out of what encoder and BM25 see; headings
    above it stay. Relevant are the passages of the section.
    """
    ids = list(generation.manifest.articles)
    articles = [article for name in ids if (article := index.article(name)) is not None]
    passages = [passage for name in ids for passage in index.passages_of(name)]
    with tempfile.TemporaryDirectory() as folder:
        copy = write_snapshot(
            Path(folder) / "snapshot",
            articles,
            [_without_own_heading(passage) for passage in passages],
            index.encoder(),
            origin_of(generation.manifest),
            last=generation.shards,
        )
        headless = Index(SingleSource(copy), index.encoder, index.ranking)
        questions, places = _questions(passages)
        found = [tuple(places[question.id]) for question in questions]
        runs = ask(questions, found, lambda text: {KIND: headless.search(text)}, progress)
        return runs.get(KIND, [])


def _without_own_heading(passage: Passage) -> Passage:
    if not passage.headings:
        return passage
    above = passage.headings[:-1]
    return replace(passage, headings=above, prefix=" > ".join((passage.article.title, *above)))


def _questions(passages: list[Passage]) -> tuple[list[JudgedQuestion], dict[str, list[Place]]]:
    places: dict[str, list[Place]] = {}
    questions: dict[str, JudgedQuestion] = {}
    for passage in passages:
        if passage.headings:
            name = f"{passage.article.id}#{passage.anchor}"
            questions[name] = JudgedQuestion(name, passage.headings[-1], KIND, ())
            span = passage.start, passage.end
            places.setdefault(name, []).append(Place(passage.article.id, (span,)))
    return list(questions.values()), places
