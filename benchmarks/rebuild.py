"""What a rebuild costs beside a full build: `python -m benchmarks.rebuild`.

Generated articles of 1,200 words (the shipped ones have twice that), the default encoder, each
case in a process of its own, the import of Python's libraries counted in. Ratios are taken within
one round.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
WORDS = ("clinic", "dose", "patient", "therapy", "sleep", "mood", "nerve", "study", "risk", "week")


def main() -> None:
    options = _options()
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        for number in range(options.rounds):
            _write_corpus(corpus, options.articles, seed=number)
            shutil.rmtree(index, ignore_errors=True)
            full = _build(corpus, index)
            nothing = _build(corpus, index)
            _change(corpus, range(1))
            one = _build(corpus, index)
            _change(corpus, range(options.articles // 10))
            tenth = _build(corpus, index)
            rounds.append((full, nothing, one, tenth))
    print(f"{options.articles} articles, {options.rounds} rounds, medians")
    full = statistics.median(times[0] for times in rounds)
    print(f"{'full build':<24}{full:>8.2f} s")
    names = "nothing changed", "one article changed", "a tenth changed"
    for place, name in enumerate(names, start=1):
        seconds = statistics.median(times[place] for times in rounds)
        ratio = statistics.median(times[0] / times[place] for times in rounds)
        print(f"{name:<24}{seconds:>8.2f} s   1/{ratio:.0f} of a full build")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=1)
    return parser.parse_args()


def _write_corpus(corpus: Path, articles: int, seed: int) -> None:
    choose = random.Random(seed)
    shutil.rmtree(corpus, ignore_errors=True)
    corpus.mkdir()
    for number in range(articles):
        sections = []
        for place in range(20):
            sentences = [
                " ".join(choose.choices(WORDS, k=9)).capitalize() + f" {number}." for _ in range(6)
            ]
            sections.append(f"## Part {place}\n\n{' '.join(sentences)}\n")
        text = f"# Article {number}\n\n" + "\n".join(sections)
        (corpus / f"article-{number}.md").write_text(text, "utf-8")


def _change(corpus: Path, articles: range) -> None:
    """Add a sentence to the last section of each of these articles."""
    for number in articles:
        with (corpus / f"article-{number}.md").open("a", encoding="utf-8") as article:
            article.write("\nOne more sentence here.\n")


def _build(corpus: Path, index: Path) -> float:
    options = ["--corpus", str(corpus), "--index", str(index), "--json"]
    command = [sys.executable, "build_index.py", *options]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    seconds = time.perf_counter() - started
    report = json.loads(done.stdout)
    print(f"  {report['embedded']:>5} of {report['passages']} passages encoded: {seconds:.2f} s")
    return seconds


if __name__ == "__main__":
    main()
