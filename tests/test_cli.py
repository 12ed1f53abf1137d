"""The commands as a user or a script calls them: exit codes, JSON fields, plain words."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from passages.cli.main import COMMANDS
from tests.conftest import ROOT

pytestmark = pytest.mark.real_model

# What a command says every ten seconds, and so on a slow machine alone.
_PROGRESS = re.compile(rb"(?m)^[\d,]+ of [\d,]+ \w+ \(\d+%\).*\n")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def test_build_ask_evaluate_and_check(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    snapshot = _build(corpus, index)
    _ask(corpus, index)
    _evaluate(index, tmp_path / "questions.jsonl", snapshot)
    assert _run("build_index.py", "--corpus", corpus, "--index", index, "--check").returncode == 0
    (corpus / "tea.md").unlink()
    check = _run("build_index.py", "--corpus", corpus, "--index", index, "--check")
    assert (check.returncode, "1 removed [tea]" in check.stdout) == (1, True)


def _build(corpus: Path, index: Path) -> str:
    (corpus / "bad.md").write_bytes(b"\0")
    built = _run("build_index.py", "--corpus", corpus, "--index", index, "--json")
    assert built.returncode == 1
    assert "error: bad.md: holds NUL bytes" in built.stderr
    assert "%|" not in built.stderr  # no progress bar in a pipe
    report = json.loads(built.stdout)
    fields = "snapshot articles passages embedded reused added changed removed problems seconds"
    assert set(fields.split()) <= report.keys()
    assert (report["articles"], report["passages"], report["embedded"]) == (2, 5, 5)
    assert report["problems"][0]["file"] == "bad.md"
    return str(report["snapshot"])


def _ask(corpus: Path, index: Path) -> None:
    asked = _run("-m", "passages", "is green tea bitter?", "--index", index, "--json", "-k", "2")
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer.keys() >= {"question", "covered", "confidence", "wording", "hits"}
    assert answer["wording"] == {"text": "is green tea bitter?", "replaced": []}
    assert len(answer["hits"]) == 2
    first = answer["hits"][0]
    tea = (corpus / "tea.md").read_text(encoding="utf-8")
    assert tea[first.pop("start") : first.pop("end")] == first["text"]
    assert first.pop("key") == f"{tea.index(first['text'])}-{_digest(first['text'])}"
    assert isinstance(first["score"], float)
    wanted = {
        "rank": 1,
        "article": "tea",
        "title": "Tea",
        "headings": ["Green tea"],
        "anchor": "green-tea",
        "text": "Green tea is not fermented. It is bitter.",
        "sentence": "It is bitter.",
        "language": "en",
    }
    assert {name: first[name] for name in wanted} == wanted  # fields may be added


def _evaluate(index: Path, questions: Path, snapshot: str) -> None:
    judged = [
        {"id": "1", "question": "is green tea bitter?", "relevant": [{"quote": "It is bitter."}]},
        {"id": "2", "question": "who won the race?", "relevant": []},
    ]
    questions.write_text("".join(json.dumps(line) + "\n" for line in judged), "utf-8")
    measured = _run("evaluate.py", "--questions", questions, "--index", index, "--json")
    assert measured.returncode == 0, measured.stderr
    summary = json.loads(measured.stdout)
    assert (summary["questions"], summary["not_covered"]) == (2, 1)
    assert {"nDCG@10", "RR@10", "Success@1", "R@10", "words_to_answer", "marked"} <= summary[
        "measures"
    ].keys()
    assert summary["measures"]["Success@1"] == 1.0
    assert summary["kinds"]["plain"]["questions"] == 1
    lines = summary["per_question"]
    fields = "id question kind first_relevant_rank covered confidence"
    assert set(fields.split()) <= lines[0].keys()
    assert [line["first_relevant_rank"] for line in lines] == [1, None]
    assert summary["snapshot"] == snapshot


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("build_index.py", "--corpus", "no-such-folder"), "no corpus folder at no-such-folder"),
        (("build_index.py", "--model", "no-such-model"), "no model 'no-such-model'"),
        (("build_index.py", "--rollback"), "no index in"),
        (("-m", "passages", "?"), "no index in"),
        (("evaluate.py",), "no index in"),
        (
            ("evaluate.py", "--compare", "full", "bm25", "--questions", "no-such-file"),
            "no-such-file",
        ),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_one_line(
    arguments: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    ended = _run(*arguments, "--index", tmp_path / "index")
    assert ended.returncode == 2
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_check_of_no_index_says_so(tmp_path: Path) -> None:
    ended = _run("build_index.py", "--check", "--index", tmp_path / "index")
    assert ended.returncode == 1
    assert "no index in" in ended.stdout


def test_the_overview_names_every_command_and_no_words_are_a_mistake() -> None:
    helped, empty = _run("-m", "passages", "--help"), _run("-m", "passages")
    assert (helped.returncode, empty.returncode) == (0, 2)
    assert helped.stdout == empty.stdout
    assert all(f"\n  {name} " in helped.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_and_what_it_takes(name: str) -> None:
    helped = _run("-m", "passages", name, "--help")
    assert helped.returncode == 0, helped.stderr
    assert helped.stdout.startswith(f"usage: passages {name} ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("-m", "passages", "--help"),
        ("-m", "passages", "is green tea bitter?", "--index", "INDEX"),
        ("-m", "passages", "check", "--corpus", "CORPUS", "--index", "INDEX"),
        ("build_index.py", "--corpus", "CORPUS", "--index", "INDEX"),
        ("evaluate.py", "--headings", "--index", "INDEX"),
    ],
)
def test_a_command_ends_quietly_when_its_readers_are_gone(
    arguments: tuple[str, ...], corpus: Path, tmp_path: Path
) -> None:
    places = {"CORPUS": str(corpus), "INDEX": str(tmp_path / "index")}
    assert _run("build_index.py", "--corpus", corpus, "--index", places["INDEX"]).returncode == 0
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, *(places.get(word, word) for word in arguments)]
    ended = subprocess.run(
        command, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, timeout=120, check=False
    )
    os.close(write)
    assert (ended.returncode, _PROGRESS.sub(b"", ended.stderr)) == (141, b"")
