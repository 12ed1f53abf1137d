"""The commands of docs/evaluation.md, run one after another on a small made-up collection."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import ir_measures
import pytest

from passages.cli.main import main
from passages.evaluation.files.saved import read_saved
from passages.evaluation.lines import column
from tests.conftest import ROOT

pytestmark = [pytest.mark.real_model, pytest.mark.slow]

_COMMAND = re.compile(r"^\$ passages (.*?)(?:  # exit status (\d))?$", re.MULTILINE)
ASKED = (
    ("why does my tummy hurt", "Abdominal pain has many causes.", "tummy"),
    ("I can't get to sleep", "Insomnia is treated with a regular rhythm at night.", "sleep"),
    ("how hard to pump my tyres", "Inflate the wheels to 2.5 bar.", "tyres"),
    ("doctor for kids", "A paediatrician treats children.", "kids"),
    ("when is the shop open", "Business hours: daily from nine to five.", "shop"),
    ("I want my money back", "Refunds are paid within two weeks.", "money"),
    ("my car won't start", "If the engine does not turn over, test the battery.", "start"),
    ("how to stop smoking", "Nicotine patches ease giving up cigarettes.", "stop"),
    ("I am feeling blue", "Low mood that lasts may be depression.", "blue"),
    ("a film for tonight", "Movies this evening in the cinema.", "film"),
    ("cheap flights", "Airline tickets at a low price.", "cheap"),
    ("wifi is down", "No wireless internet? Restart the router.", "down"),
    ("signs of a heart attack", "Myocardial infarction: pain in the chest.", "signs"),
    ("my baby won't eat", "An infant that refuses feeding.", "eat"),
)
OTHERS = "The museum keeps the word {} on a label beside a painting from the last century."
"""A question, a document that answers it in other words, and a word of it in another document."""


def _collection(folder: Path) -> None:
    """Documents that meaning tells apart and words do not."""
    (folder / "my-collection" / "qrels").mkdir(parents=True)
    documents, queries, qrels = [], [], ["query-id\tcorpus-id\tscore"]
    for number, (question, answer, word) in enumerate(ASKED):
        documents.append({"_id": f"right/{number}", "title": "", "text": answer})
        documents.append({"_id": f"wrong/{number}", "title": "", "text": OTHERS.format(word)})
        queries.append({"_id": f"q{number}", "text": question})
        qrels.append(f"q{number}\tright/{number}\t2")
        if number % 2:  # what is of some use to the question
            qrels.append(f"q{number}\tright/{number - 1}\t1")
    for name, rows in (("corpus", documents), ("queries", queries)):
        path = folder / "my-collection" / f"{name}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (folder / "my-collection" / "qrels" / "test.tsv").write_text("\n".join(qrels) + "\n", "utf-8")
    (folder / "topics.txt").write_text("301\tgreen tea\n", "utf-8")
    (folder / "qrels.txt").write_text("301 0 FT-1 2\n", "utf-8")
    (folder / "documents").mkdir()
    (folder / "documents" / "ft.tsv").write_text("FT-1\tTea is green.\n", "utf-8")
    (folder / "asked.txt").write_text("is the pump stuck?\n", "utf-8")


def _judged(command: str) -> int:
    """Judge in a process of its own, whose answers come from its input."""
    answers = "y\n" * 8 + "n\n" * 40
    judging = [sys.executable, "-m", "passages", *shlex.split(command)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ['PYTHONPATH']}"}
    return subprocess.run(judging, input=answers, text=True, env=environment).returncode


def test_every_command_of_the_page_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _collection(tmp_path)
    monkeypatch.chdir(tmp_path)
    commands = _COMMAND.findall((ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8"))
    assert len(commands) == 18
    said = {}
    for command, status in commands:
        ended = _judged(command) if "--judge" in command else main(shlex.split(command))
        said[command] = capsys.readouterr()
        assert ended == int(status or 0), (command, said[command].err)
    before = next(shown.out for command, shown in said.items() if "--k 5,10" in command)
    assert "setting shipped" in before
    assert "perfect@100" in before
    _agrees_with_ir_measures(tmp_path / "trial" / "before")
    stopped = next(shown.err for command, shown in said.items() if "--alpha" in command)
    assert re.search(r"not passed: nDCG@10 went from [01]\.\d+ to 0\.\d+", stopped)
    compared = said["evaluate --compare trial/before trial/after"].out
    assert "Difference from trial/before" in compared
    assert "Moved most" in compared
    assert "kappa" in said["judge --agreement --labels trial/labels.jsonl"].out
    [judged] = (tmp_path / "trial" / "judged.jsonl").read_text("utf-8").splitlines()
    assert json.loads(judged)["pooled"]
    assert (tmp_path / "trial" / "rows.csv").is_file()


def _agrees_with_ir_measures(run: Path) -> None:
    """Every figure of every setting, by the files that other tools read."""
    qrels = list(ir_measures.read_trec_qrels(str(run / "qrels.txt")))
    assert {qrel.relevance for qrel in qrels} == {1, 2}
    settings = read_saved(run).lines
    assert list(settings) == ["bm25", "encoder", "rrf", "passage+sentence", "full", "shipped"]
    names = [f"{name}@{k}" for name in ("nDCG", "R") for k in (5, 10, 50, 100)]
    measures = [ir_measures.parse_measure(name) for name in (*names, "RR@10", "Success@1")]
    for setting, lines in settings.items():
        ranked = ir_measures.read_trec_run(str(run / f"run-{setting}.txt"))
        theirs = ir_measures.calc_aggregate(measures, qrels, ranked)
        ours = {measure: float(column(lines, str(measure)).mean()) for measure in measures}
        assert ours == pytest.approx(theirs), setting
