"""Questions in twelve languages: BM25 alone and everything on, one line a language.

XQuAD (Artetxe, Ruder and Yogatama 2020) asks the same 1,190 questions of the same 240 paragraphs in
every language. Download its repository, github.com/deepmind/xquad, and name the folder:

    python -m benchmarks.xquad FOLDER                      # words alone: a minute
    python -m benchmarks.xquad FOLDER --all en de zh       # with the encoder, of these languages
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from passages.building.build import build
from passages.index.words.lexicon import Lexicon
from passages.language.languages import language
from passages.language.words import words_of
from passages.models.catalogue import DEFAULT_MODEL
from passages.opening import open_index
from passages.search.answer import Hit
from passages.search.query import Query, Wording, asked_by, corrected, look_up
from passages.search.scoring import RANKINGS, SHIPPED
from passages.search.sources.matching import Match

DEPTH = 10
HITS = 30  # passages that are read until ten paragraphs have come

Questions = list[tuple[str, int]]
"""A question and the number of the paragraph that answers it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a copy of XQuAD: xquad.en.json and so on")
    parser.add_argument("--all", nargs="+", default=[], metavar="LANGUAGE", help="everything on")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the encoder for --all")
    parser.add_argument("--paragraphs", type=int, help="only the first so many of each language")
    parser.add_argument("--questions", type=int, help="only about so many of each language")
    given = parser.parse_args()
    files = {path.suffixes[0][1:]: path for path in sorted(given.folder.glob("xquad.*.json"))}
    if not files:
        parser.error(f"no xquad.*.json in {given.folder}")
    last = "all" if given.all else "right words corrected"
    print(f"nDCG@{DEPTH}{'':18}   words    {last}")
    for code in given.all or files:
        paragraphs, questions = read(files[code])
        paragraphs = paragraphs[: given.paragraphs]
        questions = [asked for asked in questions if asked[1] < len(paragraphs)]
        if given.questions:
            questions = questions[:: max(1, len(questions) // given.questions)]
        if given.all:
            words, everything = with_encoder(code, paragraphs, questions, given.model)
            shown = f"{words:.3f}  {everything:.3f}"
        else:
            shown = f"{by_words(code, paragraphs, questions):.3f}"
            shown += f"  {corrections(code, paragraphs, questions):6.2%}"
        print(f"{code}  {language(code).name:20}  {shown}", flush=True)


def read(file: Path) -> tuple[list[str], Questions]:
    """The paragraphs of a language, and its questions."""
    paragraphs: list[str] = []
    questions: Questions = []
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            questions += [(asked["question"], len(paragraphs)) for asked in paragraph["qas"]]
            paragraphs.append(paragraph["context"])
    return paragraphs, questions


def by_words(code: str, paragraphs: Sequence[str], questions: Questions) -> float:
    """NDCG of BM25 over whole paragraphs."""
    lexicon = Lexicon.build((paragraph, "", code) for paragraph in paragraphs)
    gains = []
    for question, answer in questions:
        terms = look_up(question, lexicon.vocabulary)
        asked = asked_by(terms, lexicon.vocabulary)
        lengths, nothing = lexicon.vocabulary.mean_lengths, np.zeros(0, np.float32)
        query = Query(question, question, Wording(question), terms, asked, lengths, nothing)
        gains.append(gain(Match.of(query, lexicon.postings).best(DEPTH).tolist(), answer))
    return float(np.mean(gains))


def corrections(code: str, paragraphs: Sequence[str], questions: Questions) -> float:
    """The share of the words of questions that would be read as others.

    Half of the questions are asked of the paragraphs that do not answer them, so that many of their
    words are unknown; nearly all words of XQuAD are spelt rightly.
    """
    half = len(paragraphs) // 2
    lexicon = Lexicon.build((paragraph, "", code) for paragraph in paragraphs[:half])
    others = [question for question, answer in questions if answer >= half]
    changed = sum(len(corrected(each, lexicon.vocabulary).replaced) for each in others)
    return changed / sum(len(words_of(each, code)) for each in others)


def with_encoder(
    code: str, paragraphs: Sequence[str], questions: Questions, model: str
) -> tuple[float, float]:
    """NDCG of an index with an article for each paragraph: by words alone, and as shipped."""
    with TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, paragraph in enumerate(paragraphs):
            text = f"---\nlang: {code}\ntitle: {number}\n---\n\n{paragraph}\n"
            (corpus / f"{number}.md").write_text(text, encoding="utf-8")
        build(corpus, Path(folder, "index"), model)
        index = open_index(Path(folder, "index"))
        rankings = {"words": RANKINGS["bm25"], "all": RANKINGS[SHIPPED]}
        gains = []
        for question, answer in questions:
            answers = index.answers(question, rankings, HITS)
            gains.append([gain(_paragraphs(answers[name].hits), answer) for name in rankings])
        words, everything = np.mean(gains, axis=0)
        return float(words), float(everything)


def _paragraphs(hits: Iterable[Hit]) -> list[int]:
    """The paragraphs of some hits, each once."""
    return list(dict.fromkeys(int(hit.passage.article.id) for hit in hits))


def gain(found: Sequence[int], wanted: int) -> float:
    """The nDCG of one ranking with one right answer."""
    places = list(found[:DEPTH])
    return 1 / math.log2(places.index(wanted) + 2) if wanted in places else 0.0


if __name__ == "__main__":
    main()
