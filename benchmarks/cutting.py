"""How long a passage should be: `python -m benchmarks.cutting [COLLECTION …] [--tokens N …]`.

Cuts the shipped articles, and each collection (a folder with `corpus/` and `questions.jsonl`), into
passages of at most so many tokens, and asks the judged questions of each, those of the fit half
where halves are named. Passages, sentences and words are searched, without late interaction.

nDCG@10   how far up the passages stand that answer
words     that a reader goes through until the answer: mean and median, capped at ten passages
marked    how often the marked sentence answers
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.machine import describe
from passages.articles.chunking import chunk
from passages.building.cutting import CHUNKING
from passages.building.intake import read_corpus
from passages.evaluation.asking import ask
from passages.evaluation.fitting.sampling import UNFITTED, Collection, shipped_collection
from passages.evaluation.judgements import read_questions
from passages.evaluation.measures import per_question
from passages.evaluation.quotes import quote_finder
from passages.index.writer import Origin, write_snapshot
from passages.models.catalogue import DEFAULT_MODEL
from passages.models.encoder import Encoder, TextEncoder
from passages.models.supply import find_model
from passages.search.scoring import RANKINGS
from passages.search.serving.opened import index_of_snapshot

SETTING = "full"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("collections", type=Path, nargs="*")
    parser.add_argument("--tokens", type=int, nargs="+", default=[128, 256, 512])
    parser.add_argument("--model", default=DEFAULT_MODEL)
    options = parser.parse_args(arguments)
    encoder = Encoder(find_model(options.model))
    print(describe())
    print(f"{'':<28}{'passages':>9}{'nDCG@10':>9}{'words':>7}{'median':>8}{'marked':>8}")
    named = {"the fit half of evaluation/": shipped_collection()}
    for folder in options.collections:
        questions = read_questions(folder / "questions.jsonl")
        fit = [question for question in questions if question.half == "fit"]
        named[folder.name] = Collection(folder / "corpus", fit or questions)
    for name, collection in named.items():
        for tokens in options.tokens:
            print(f"{f'{name}, {tokens}':<33}{row(collection, encoder, tokens)}", flush=True)


def row(collection: Collection, encoder: TextEncoder, tokens: int) -> str:
    """The figures of one collection cut into passages of at most so many tokens."""
    most = min(encoder.max_tokens, tokens)
    taken = read_corpus(collection.corpus)[0]
    articles = [item.article for item in taken]
    passages = [each for item in articles for each in chunk(item, encoder.count_tokens, most)]
    origin = Origin(
        corpus=str(collection.corpus),
        articles={item.article.id: item.file for item in taken},
        chunking={**CHUNKING, "passage_tokens": most},
        calibration=UNFITTED,
    )
    with tempfile.TemporaryDirectory() as folder:
        snapshot = write_snapshot(Path(folder) / "snapshot", articles, passages, encoder, origin)
        index = index_of_snapshot(snapshot, lambda model: encoder).ranked_by(RANKINGS[SETTING])
        found = quote_finder(index).find(collection.questions)
        asked = ask(collection.questions, found, lambda text: {SETTING: index.search(text)})
    values = per_question(asked[SETTING])
    words = values["words_to_answer"]
    return (
        f"{len(passages):>4}{values['nDCG@10'].mean():>9.3f}{words.mean():>7.0f}"
        f"{np.median(words):>8.0f}{np.nanmean(values['marked']):>8.3f}"
    )


if __name__ == "__main__":
    main()
