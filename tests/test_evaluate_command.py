"""`passages evaluate`: one pass of many settings, what is kept of it, comparisons, and the gate."""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import ir_measures
import numpy as np
import pytest

from passages.cli.evaluate import add_options, evaluate
from passages.errors import BadQuestions, BadSetting, NoQuestions, PassagesError
from passages.evaluation.figures.reliability import reliability
from passages.evaluation.files.history import history
from passages.evaluation.files.saved import read_saved
from passages.evaluation.lines import Line
from passages.search.honesty.strength import STRONG
from passages.search.scoring import RANKINGS
from passages.search.searcher import Index
from tests.conftest import BagOfWords, build

COLOURS = ["red", "orange", "yellow", "green", "blue", "indigo", "violet", "white", "black"]
COLOURS += ["grey", "brown", "pink"]
SETTINGS = "bm25,encoder,rrf,passage+sentence,full"


class Confused(BagOfWords):
    """Takes one colour for another, as an encoder does that knows what colours have in common."""

    def encode_questions(self, texts: list[str]) -> np.ndarray:
        return super().encode_questions([self._without(text) for text in texts])

    @staticmethod
    def _without(text: str) -> str:
        return " ".join("colour" if word in COLOURS else word for word in text.lower().split())


@pytest.fixture
def opened(tmp_path: Path, open_toy: Callable[[Path], Index]) -> Callable[[Path], Index]:
    """An index of twelve articles that differ in one word, and questions that name it."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    lines = [{"id": "none", "question": "who won the race", "kind": "off", "relevant": []}]
    for colour in COLOURS:
        text = f"The {colour} lamp tells of a fault."
        (corpus / f"{colour}.md").write_text(f"# Lamp\n\n{text}\n", encoding="utf-8")
        lines.append(
            {
                "id": colour,
                "question": f"what tells the {colour} lamp",
                "kind": "named" if len(colour) > 4 else "short",
                "relevant": [{"quote": text, "article": colour}],
                "pooled": colour != "pink",
            }
        )
    (tmp_path / "questions.jsonl").write_text(
        "".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8"
    )
    build(corpus, tmp_path / "index", load=lambda model: Confused(model))

    def open_confused(folder: Path) -> Index:
        from passages.opening import open_index

        return open_index(folder, load=lambda model: Confused(model)).ranked_by(RANKINGS["full"])

    return open_confused


@pytest.fixture
def run(
    opened: Callable[[Path], Index], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def command(*arguments: str | Path, bare: bool = False) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        add_options(parser)
        given = (
            []
            if bare
            else ["--questions", tmp_path / "questions.jsonl", "--index", tmp_path / "index"]
        )
        status = evaluate(parser.parse_args([*map(str, [*given, *arguments])]), opened)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return command


Run = Callable[..., tuple[int, str, str]]


def test_one_pass_scores_every_setting(run: Run, opened: Callable[[Path], Index]) -> None:
    status, out, _ = run("--settings", SETTINGS, "--setting", "full:bm25=0", "--json")
    found = json.loads(out)
    assert status == 0
    assert found["setting"] == "bm25"  # the shipped one is not among them: the first
    assert set(found["settings"]) == {"encoder", "rrf", "passage+sentence", "full", "full:bm25=0"}
    assert found["measures"]["Success@1"] == 1.0
    assert found["settings"]["encoder"]["measures"]["Success@1"] < 0.2
    by_setting = {(row["setting"], row["measure"]): row for row in found["differences"]}
    row = by_setting["encoder", "nDCG@10"]
    assert row["p"] == pytest.approx(2 / 2**12, abs=0.001)
    assert row["p"] < row["p_holm"] <= row["p"] * len(found["differences"])
    same = found["settings"]["full:bm25=0"]["per_question"]
    other = found["settings"]["passage+sentence"]["per_question"]
    assert [line["ranks"] for line in same] == [line["ranks"] for line in other]


def test_a_line_has_all_that_was_measured_of_a_question(run: Run) -> None:
    _, out, _ = run("--setting", "full", "--json", "--k", "1,3")
    found = json.loads(out)
    line = next(line for line in found["per_question"] if line["id"] == "pink")
    assert set(line["measures"]) >= {"nDCG@1", "nDCG@3", "nDCG@10", "R@3", "perfect@3", "marked"}
    assert line["measures"]["perfect@3"] == line["measures"]["nDCG@10"] == 1.0
    assert line["ranks"] == [1]
    assert line["wording"] == "what tells the pink lamp"
    first = line["hits"][0]
    assert (first["article"], first["relevant"], first["signals"]["by_words"]) == ("pink", True, 1)
    assert 0.0 < first["signals"]["bm25"] <= 1.0
    assert line["verdict"] in ("answered", "related", "not found")
    assert first["probability"] is None  # this encoder's was never fitted
    asked = next(line for line in found["per_question"] if line["id"] == "none")
    assert asked["unknown"] == ["race"]
    assert asked["hits"][0]["missing"] == ["race"]
    uncovered = next(line for line in found["per_question"] if line["id"] == "none")
    assert (uncovered["answerable"], uncovered["measures"]) == (False, {})
    assert found["kinds"]["off"]["questions"] == found["kinds"]["off"]["not_covered"] == 1
    assert found["refusals"]["answered: off"]["mean"] in (0.0, 1.0)


def test_a_saved_run_has_every_setting_for_other_tools(run: Run, tmp_path: Path) -> None:
    run("--settings", SETTINGS, "--save", tmp_path / "run")
    saved = read_saved(tmp_path / "run")
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "run" / "qrels.txt")))
    measure = ir_measures.parse_measure("nDCG@10")
    for name, lines in saved.lines.items():
        path = tmp_path / "run" / f"run-{name}.txt"
        theirs = ir_measures.calc_aggregate([measure], qrels, ir_measures.read_trec_run(str(path)))[
            measure
        ]
        ours = np.mean([line.measures["nDCG@10"] for line in lines if line.answerable])
        assert ours == pytest.approx(theirs), name
    assert "| measure | bm25 | encoder |" in (tmp_path / "run" / "table.md").read_text("utf-8")
    run("--setting", "full", "--save", tmp_path / "run")
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == [
        "qrels.txt",
        "run.json",
        "run.txt",
        "table.md",
    ]


def test_a_constant_is_changed_compared_and_stopped_by_the_gate(run: Run, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    assert run("--setting", "full", "--save", before)[0] == 0
    assert run("--setting", "full:bm25=0", "--save", after)[0] == 0
    status, out, _ = run("--compare", before, after, bare=True)
    assert status == 0
    assert "nDCG@10" in out
    assert "Moved most" in out
    passed = run("--setting", "full", "--no-worse-than", before, "--fail-under", "nDCG@10=0.99")
    assert passed[0] == 0
    changed = ("--setting", "full:bm25=0", "--no-worse-than", before)
    status, out, err = run(*changed, "--fail-under", "RR@10=0.99")
    assert status == 1
    assert "not passed: RR@10 is 0." in err
    assert "not passed: nDCG@10 went from 1.0000 to 0." in err
    assert "measure" in out  # the table is printed all the same
    assert run(*changed, "--alpha", "0.000001")[0] == 0
    assert run("--setting", "full", "--fail-under", "words_to_answer=1")[0] == 1
    with pytest.raises(BadSetting, match="no measure 'nDCG@11': there are nDCG@10"):
        run("--fail-under", "nDCG@11=0.5", "--setting", "full")
    with pytest.raises(BadQuestions, match="not of the same questions: 13 and 12"):
        run("--setting", "full", "--no-worse-than", before, "--kind", "named", "--kind", "short")


@pytest.mark.parametrize(
    ("bound", "failed"),
    [
        ("AUROC=0.01", None),
        ("AUROC=1.1", r"AUROC is [01]\.\d{4} \(.* to .*\), below 1\.1"),
        ("answerable_refused=1", None),
        ("uncovered_answered=1", None),
        ("answered: off=1", None),
        ("milliseconds_p95=1000000", None),
        ("milliseconds_median=0", r"milliseconds_median is \d+\.\d{4}, above 0"),
        ("words_to_answer_median=1", "no measure 'words_to_answer_median'"),
        ("refused=0.05", "no measure 'refused': there are nDCG@10, .* answerable_refused, .*"),
        ("AUROC_near_miss=0.5", "AUROC_near_miss says nothing of these questions"),
    ],
)
def test_the_gate_knows_refusals_and_times(run: Run, bound: str, failed: str | None) -> None:
    try:
        status, _, err = run("--setting", "full", "--fail-under", bound)
    except BadSetting as error:
        status, err = 1, str(error)
    assert status == int(failed is not None), err
    assert re.search(failed or "^$", err)


def test_settings_indexes_and_saved_runs_compare_with_each_other(run: Run, tmp_path: Path) -> None:
    index, questions = tmp_path / "index", tmp_path / "questions.jsonl"
    run("--setting", "bm25", "--save", tmp_path / "saved")
    _, out, _ = run("--compare", "bm25", "encoder", "--json")
    rows = {row["measure"]: row for row in json.loads(out)["differences"]}
    assert rows["Success@1"]["first"] == 1.0
    assert rows["Success@1"]["difference"]["mean"] < -0.8
    _, out, _ = run("--compare", tmp_path / "saved", "bm25", "--json")
    assert {row["difference"]["mean"] for row in json.loads(out)["differences"]} == {0.0}
    _, out, _ = run("--compare", index, index, "--questions", questions, "--json", bare=True)
    assert json.loads(out)["moves"] == []
    with pytest.raises(BadSetting, match="--index does not go with --compare of two indexes"):
        run("--compare", index, index)
    with pytest.raises(BadSetting, match="--questions does not go with --compare of two saved"):
        run("--compare", *[tmp_path / "saved"] * 2, "--questions", questions, bare=True)
    with pytest.raises(BadSetting, match="'nothing' is no setting"):
        run("--compare", "nothing", "bm25")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--compare a b --save x", "--compare does not go with --save"),
        ("--compare a b --no-rerank", "--compare does not go with --no-rerank"),
        ("--headings --half fit", "--headings does not go with --half"),
        ("--headings --compare a b", "--compare does not go with --headings"),
        ("--fix-quotes --limit 3", "--fix-quotes does not go with --limit"),
        ("--json --markdown", "--json does not go with --markdown"),
        ("--no-rerank --settings full", "--no-rerank does not go with --settings"),
        ("--sample 3", "--sample says nothing without --limit"),
        ("--alpha 0.1", "--alpha says nothing without --no-worse-than"),
        ("--limit 0", "--limit must be 1 or more"),
        ("--rerank --setting full", "--rerank does not go with --setting"),
        ("--settings , --limit 3", "--settings ',' names no setting"),
        ("--settings full,full", "a setting stands there twice"),
        ("--settings best", "no setting 'best'"),
        ("--setting full:colour=1", "expected NAME:WEIGHT=NUMBER"),
        ("--k 5,x", "expected numbers with commas"),
        ("--fail-under 0.5", "expected MEASURE=NUMBER"),
        ("--per-question rows.xls", "must end with .csv, .parquet, .jsonl"),
        ("--no-worse-than nowhere", "no saved run in nowhere"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: str, message: str) -> None:
    parser = argparse.ArgumentParser()
    add_options(parser)
    with pytest.raises(PassagesError) as raised:
        evaluate(parser.parse_args(arguments.split()), lambda folder: pytest.fail("opened"))
    assert message in str(raised.value)


def test_a_part_of_the_questions_is_drawn_the_same_way_each_time(run: Run) -> None:
    def ids(*arguments: str) -> list[str]:
        _, out, _ = run("--setting", "bm25", "--json", *arguments)
        return [line["id"] for line in json.loads(out)["per_question"]]

    assert ids("--kind", "short") == ["red", "blue", "grey", "pink"]
    drawn = ids("--limit", "5")
    assert len(drawn) == 5
    assert drawn == ids("--limit", "5") == ids("--limit", "5", "--sample", "0")
    assert drawn != ids("--limit", "5", "--sample", "1")
    assert [name for name in ["none", *COLOURS] if name in drawn] == drawn
    with pytest.raises(BadQuestions, match="no questions of kind 'other': named, off, short"):
        run("--kind", "other")


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_row_a_question_and_setting(suffix: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / f"rows.{suffix}"
    run("--settings", "bm25,encoder", "--per-question", path)
    if suffix == "csv":
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        hits = json.loads(rows[1]["hits"])
    elif suffix == "jsonl":
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        hits = rows[1]["hits"]
    else:
        rows = pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()
        hits = rows[1]["hits"]
    assert len(rows) == 2 * 13
    assert [(row["setting"], row["id"]) for row in rows[:2]] == [("bm25", "none"), ("bm25", "red")]
    assert float(rows[1]["nDCG@10"]) == 1.0
    assert hits[0]["article"] == "red"
    lists = [rows[0][name] for name in ("unknown", "missing", "numbers")]
    if suffix == "csv":
        lists = [json.loads(cell) for cell in lists]
    assert lists == [["race"], ["race"], []]


def test_quotes_are_reworded_after_an_edit(run: Run, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    edited = questions.read_text("utf-8").replace("lamp tells of a fault", "lamp speaks of a fault")
    questions.write_text(edited.replace("The pink lamp speaks of a fault.", "Zebra"), "utf-8")
    with pytest.raises(BadQuestions, match="12 of 12 judgements do not fit"):
        run("--setting", "bm25")
    status, out, _ = run("--fix-quotes")
    assert status == 1  # one is left
    assert "11 quotes reworded in" in out
    proposed = [
        json.loads(line)
        for line in (tmp_path / "questions.proposed.jsonl").read_text("utf-8").splitlines()
    ]
    quotes = {line["id"]: [each["quote"] for each in line["relevant"]] for line in proposed}
    assert quotes["red"] == ["The red lamp tells of a fault."]
    assert quotes["pink"] == ["Zebra"]
    assert proposed[-1]["kind"] == "short"
    assert questions.read_text("utf-8").count("speaks") == 11  # the judgements stay as they are


def test_measures_are_remembered_by_snapshot(run: Run, tmp_path: Path) -> None:
    run("--setting", "bm25")
    run("--setting", "bm25")
    run("--setting", "bm25", "--limit", "3")
    run("--setting", "encoder")
    found = history(tmp_path / "index")
    assert [made.setting for made in found] == ["bm25", "encoder"]
    assert found[0].measures["nDCG@10"] == 1.0
    assert (found[0].asked, found[0].snapshot) == (13, found[1].snapshot)
    with (tmp_path / "index" / "evaluations" / "history.jsonl").open("a") as stream:
        stream.write('{"cut by a full di')
    assert len(history(tmp_path / "index", found[0].questions)) == 2
    assert history(tmp_path / "index", "others") == []


def test_a_damaged_saved_run_is_named(run: Run, tmp_path: Path) -> None:
    run("--setting", "bm25", "--save", tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    given = json.loads(path.read_text("utf-8"))
    for line in given["settings"]["bm25"]:
        del line["unknown"]  # as a version before this one saved it
    path.write_text(json.dumps(given), "utf-8")
    assert len(read_saved(tmp_path / "run").lines["bm25"]) == 13
    path.write_text(path.read_text("utf-8")[:-40], "utf-8")
    with pytest.raises(BadQuestions, match=r"run\.json is no saved run"):
        read_saved(tmp_path / "run")
    with pytest.raises(NoQuestions, match="no saved run"):
        read_saved(tmp_path / "other")


def test_reliability_counts_each_word_on_pooled_questions_alone(run: Run, tmp_path: Path) -> None:
    _, out, _ = run("--setting", "bm25")
    assert "Reliability, on 11 questions with pooled judgements; 2 without" in out
    run("--setting", "bm25", "--save", tmp_path / "run")
    lines = list(read_saved(tmp_path / "run").lines["bm25"])
    rows, counted = reliability([_said(line) for line in lines])
    assert counted == 11
    strong, weak = (
        next(row for row in rows if (row.word, row.where) == wanted)
        for wanted in ((STRONG, "hits, rank 1"), ("Weak", "hits, rank 2 to 5"))
    )
    assert (strong.n, strong.right.mean) == (11, 1.0)
    assert (weak.n, weak.right.mean) == (44, 0.0)
    assert strong.right.low == pytest.approx(11 / (11 + 1.959964**2), abs=1e-6)  # Wilson's of 11/11
    assert reliability([replace(line, pooled=False) for line in lines]) == ([], 0)


def test_each_verdict_is_counted_by_what_it_takes_to_be_right(run: Run, tmp_path: Path) -> None:
    """By hand: of each verdict how often, and how often right."""
    run("--setting", "bm25", "--save", tmp_path / "run")
    line = next(each for each in read_saved(tmp_path / "run").lines["bm25"] if each.id == "red")
    said = [
        replace(line, verdict="answered", ranks=(1,)),
        replace(line, verdict="answered", ranks=(1, 3)),
        replace(line, verdict="answered", ranks=(4,)),
        replace(line, verdict="answered", ranks=(11,)),
        replace(line, verdict="related", ranks=(10,)),
        replace(line, verdict="related", ranks=()),
        replace(line, verdict="not found", ranks=(2,)),
        replace(line, verdict="not found", answerable=False, ranks=()),
        replace(line, verdict="not found", answerable=False, ranks=()),
    ]
    rows, _ = reliability([replace(each, pooled=True) for each in said])
    found = [(row.word, row.right_means, row.n, row.right.mean) for row in rows[:4]]
    assert found == [
        ("answered", "the first passage answers", 4, 0.5),
        ("answered", "one of the first ten passages answers", 4, 0.75),
        ("related", "one of the first ten passages answers", 2, 0.5),
        ("not found", "no article answers", 3, pytest.approx(2 / 3)),
    ]
    strong = next(row for row in rows if row.word == STRONG)
    assert (strong.n, math.isnan(strong.right.mean)) == (0, True)


def _said(line: Line) -> Line:
    hits = tuple({**hit, "strength": STRONG if hit["rank"] == 1 else "Weak"} for hit in line.hits)
    return replace(line, hits=hits)
