"""Two versions of the program, one index: `python -m benchmarks.side_by_side CHECKOUT [INDEX …]`.

Asks every judged question of each index by the code in `CHECKOUT` and by this code, and compares
the answers with `==`: hits, scores, sentences, spans, confidence and what it was computed from. An
INDEX is a folder; its questions stand in `INDEX.jsonl` beside it, or are the shipped ones.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

# Runs in either version, so it may use only what both have.
_ASK = """
import json, sys
try:
    from passages.opening import open_index
except ImportError:
    from passages.search import open_index
index = open_index(sys.argv[1])
for line in open(sys.argv[2], encoding="utf-8"):
    question = json.loads(line)["question"]
    found = index.search(question, k=10)
    hits = [
        (h.rank, h.score, h.passage.article.id, h.passage.start, h.passage.end, h.sentence, h.span)
        for h in found.hits
    ]
    said = found.covered, found.confidence, [float(value) for value in found.features]
    print(json.dumps([question, said, hits]), flush=True)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, help="folder of the other version")
    parser.add_argument("indexes", type=Path, nargs="*", default=[ROOT / "index"])
    options = parser.parse_args()
    different = 0
    for index in options.indexes:
        own = index.with_suffix(".jsonl")
        questions = own if own.is_file() else ROOT / "evaluation" / "questions.jsonl"
        running = [
            _asked(checkout, index, questions) for checkout in (options.checkout.resolve(), ROOT)
        ]
        answers = [_answers(process) for process in running]
        unlike = [a[0] for a, b in zip(*answers, strict=True) if a != b]
        different += len(unlike)
        print(f"{index}: {len(answers[0])} questions, {len(unlike)} answered otherwise", flush=True)
        for question in unlike[:5]:
            print(f"  {question}")
    return int(different > 0)


def _asked(checkout: Path, index: Path, questions: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _ASK, str(index.resolve()), str(questions.resolve())],
        env={**os.environ, "PYTHONPATH": str(checkout)},
        stdout=subprocess.PIPE,
        text=True,
    )


def _answers(process: subprocess.Popen[str]) -> list[Any]:
    printed, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"a version ended with status {process.returncode}")
    return [json.loads(line) for line in printed.splitlines()]


if __name__ == "__main__":
    sys.exit(main())
