"""Measures, against values worked by hand and against ir_measures itself."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path

import ir_measures
import numpy as np
import pytest

from passages.articles.chunking import Passage
from passages.articles.corpus import Article, read_article, scan
from passages.articles.markup.mapped import Mapped, Span
from passages.articles.readers.decoding import clean
from passages.errors import BadQuestions
from passages.evaluation.asking import Answered
from passages.evaluation.figures.comparison import differences, moves
from passages.evaluation.figures.estimates import auroc, estimate, holm, paired_p, share
from passages.evaluation.figures.summary import refusals, summarise
from passages.evaluation.files.saved import SavedRun, save
from passages.evaluation.judgements import (
    FROZEN,
    JudgedQuestion,
    Judgement,
    half_of,
    read_questions,
)
from passages.evaluation.lines import lines_of
from passages.evaluation.measures import as_trec, per_question
from passages.evaluation.quotes import Place, QuoteFinder, QuotesNotFound
from passages.search.answer import Answer, Hit

TEXT = "Alpha one. Beta two. Gamma three. Delta four. Epsilon five."
ARTICLE = Article("a", "A", TEXT)
SPANS = {
    name: (TEXT.index(name), TEXT.index(".", TEXT.index(name)) + 1)
    for name in ("Alpha", "Beta", "Gamma", "Delta", "Epsilon")
}


def _passage(start: int, end: int, sentence: Span) -> Passage:
    seen = Mapped(TEXT[start:end], ((0, start),))
    return Passage(ARTICLE, (), "", "A", start, end, (sentence,), seen)


def _judged(
    ranked: list[str], quotes: list[str], *, confidence: float = 1.0, kind: str = "k"
) -> Answered:
    """A question answered with the named sentences as passages, in this order."""
    hits = []
    for rank, name in enumerate(ranked, start=1):
        start, end = SPANS[name]
        passage = _passage(start, end, (0, end - start))
        hits.append(Hit(rank, 1 / rank, passage, passage.text, (0, end - start)))
    places = tuple(Place("a", (SPANS[name],)) for name in quotes)
    name = "-".join([*ranked, "for", *quotes])
    question = JudgedQuestion(name, name, kind, ())
    return Answered(question, places, Answer(name, confidence >= 0.5, confidence, tuple(hits)))


def _renamed(judged: Answered, name: str) -> Answered:
    return replace(judged, question=JudgedQuestion(name, name, "k", ()))


def test_measures_by_hand() -> None:
    run = [
        _judged(["Beta", "Alpha", "Gamma"], ["Alpha", "Gamma"]),
        _judged(["Beta"], ["Alpha"]),
        _judged([], ["Alpha"]),
    ]
    values = per_question(run)
    ideal = 1 + 1 / math.log2(3)
    first = (1 / math.log2(3) + 1 / math.log2(4)) / ideal
    np.testing.assert_allclose(values["nDCG@10"], [first, 0, 0])
    np.testing.assert_allclose(values["RR@10"], [0.5, 0, 0])
    np.testing.assert_allclose(values["Success@1"], [0, 0, 0])
    np.testing.assert_allclose(values["R@10"], [1, 0, 0])
    np.testing.assert_allclose(values["words_to_answer"], [4, 2, 0])
    np.testing.assert_allclose(values["marked"], [1, 0, 0])


def test_a_quote_cut_in_two_passages_counts_once() -> None:
    start, end = SPANS["Alpha"][0], SPANS["Beta"][1]
    cut = _judged(["Alpha", "Beta"], [])
    cut = Answered(cut.question, (Place("a", ((start, end),)),), cut.answer)
    values = per_question([cut])
    assert values["nDCG@10"][0] == values["R@10"][0] == 1.0


def test_a_passage_with_two_quotes_stands_for_both_and_no_more() -> None:
    start, end = SPANS["Alpha"][0], SPANS["Beta"][1]
    passage = _passage(start, end, (0, 10))
    hit = Hit(1, 1.0, passage, "Alpha one.", (0, 10))
    places = (Place("a", (SPANS["Alpha"],)), Place("a", (SPANS["Beta"],)))
    judged = Answered(JudgedQuestion("q", "q", "k", ()), places, Answer("q", True, 1.0, (hit,)))
    assert judged.gains() == [[0, 1]]
    assert per_question([judged])["nDCG@10"][0] == 1.0


def test_a_quote_that_no_passage_covers_stays_in_the_ideal() -> None:
    values = per_question([_judged(["Alpha"], ["Alpha", "Delta"])])
    assert values["nDCG@10"][0] == pytest.approx(1 / (1 + 1 / math.log2(3)))
    assert values["R@10"][0] == 0.5


def test_marked_is_whether_the_marked_sentence_overlaps_the_quote() -> None:
    judged = _judged(["Alpha"], ["Alpha"])
    [hit] = judged.answer.hits
    elsewhere = Hit(1, 1.0, _passage(0, len(TEXT), (0, 10)), "Beta two.", SPANS["Beta"])
    answer = Answer("q", True, 1.0, (elsewhere,))
    assert judged.marked
    assert not Answered(judged.question, judged.places, answer).marked
    assert hit.sentence == "Alpha one."


def test_the_trec_files_give_the_same_numbers_in_ir_measures() -> None:
    run = [_judged(["Beta", "Alpha", "Gamma"], ["Alpha", "Gamma"]), _judged(["Beta"], ["Alpha"])]
    qrels, scored = as_trec(run)
    measure = ir_measures.nDCG @ 10
    assert ir_measures.calc_aggregate([measure], qrels, scored)[measure] == pytest.approx(
        per_question(run)["nDCG@10"].mean()
    )


def test_a_passage_that_answers_again_takes_a_rank_and_gains_nothing() -> None:
    whole = SPANS["Alpha"][0], SPANS["Beta"][1]
    places = (Place("a", (whole,)), Place("a", (SPANS["Delta"],)))
    judged = replace(_judged(["Alpha", "Beta", "Delta"], []), places=places)
    assert judged.gains() == [[0], [], [1]]
    qrels, scored = as_trec([judged])
    assert [(qrel.doc_id, qrel.relevance) for qrel in qrels] == [("quote-0", 1), ("quote-1", 1)]
    start, end = SPANS["Beta"]
    assert [doc.doc_id for doc in scored] == ["quote-0", f"a:{start}-{end}", "quote-1"]
    values = per_question([judged])
    assert values["nDCG@10"][0] == pytest.approx((1 + 1 / 2) / (1 + 1 / math.log2(3)))
    assert values["R@10"][0] == 1.0


def test_measures_are_those_of_the_files_that_other_tools_read(tmp_path: Path) -> None:
    run = [
        _judged(["Beta", "Alpha", "Gamma"], ["Alpha", "Gamma", "Epsilon"]),
        _judged(["Delta", "Beta"], ["Delta"]),
        _judged(["Beta"], ["Alpha"]),
        _judged([], ["Gamma"]),
    ]
    save(tmp_path, SavedRun({}, "full", {"full": lines_of(run)}), {"full": run}, "")
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "qrels.txt")))
    scored = list(ir_measures.read_trec_run(str(tmp_path / "run.txt")))
    ours = per_question(run)
    for name in ("nDCG@10", "RR@10", "Success@1", "R@10"):
        measure = ir_measures.parse_measure(name)
        theirs = ir_measures.calc_aggregate([measure], qrels, scored)[measure]
        assert ours[name].mean() == pytest.approx(theirs), name
    assert ours["RR@10"].tolist() == [0.5, 1.0, 0.0, 0.0]


def test_interval_of_a_constant_is_the_constant_and_of_others_holds_the_mean() -> None:
    assert estimate(np.full(5, 0.25)).low == estimate(np.full(5, 0.25)).high == 0.25
    values = np.array([0.0, 1.0] * 50)
    found = estimate(values)
    assert found.mean == 0.5
    # The normal interval is 0.5 +- 1.96 * 0.5 / sqrt(100).
    assert found.low == pytest.approx(0.402, abs=0.02)
    assert found.high == pytest.approx(0.598, abs=0.02)


def test_auroc_counts_pairs() -> None:
    positive, negative = [0.9, 0.5, 0.4], [0.5, 0.1]
    pairs = [(p > n) + 0.5 * (p == n) for p in positive for n in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


def test_refusals_by_hand() -> None:
    run = [
        _judged(["Alpha"], ["Alpha"], confidence=0.9),
        _judged(["Alpha"], ["Alpha"], confidence=0.4),
        _judged(["Alpha"], [], confidence=0.6, kind="near-miss"),
        _judged(["Alpha"], [], confidence=0.1, kind="uncovered"),
    ]
    found = refusals(lines_of(run))
    assert {name: value.mean for name, value in found.items()} == {
        "AUROC": 0.75,
        "AUROC_near_miss": 0.5,
        "answerable_refused": 0.5,
        "uncovered_answered": 0.5,
        "near_miss_answered": 1.0,
        "answered: near-miss": 1.0,
        "AUROC: near-miss": 0.5,
        "answered: uncovered": 0.0,
        "AUROC: uncovered": 1.0,
    }
    # Wilson's interval of 1 in 2, by hand: (0.5 + z²/4 ± z/2 √(1/2 + z²/4)) / (1 + z²/2).
    z = 1.959964
    half = z / 2 * math.sqrt(1 / 2 + z * z / 4) / (1 + z * z / 2)
    assert found["answerable_refused"].low == pytest.approx(0.5 - half, abs=1e-6)
    assert found["answered: uncovered"].high == pytest.approx(z * z / (1 + z * z), abs=1e-6)


def test_summary_counts_kinds_and_ranks() -> None:
    run = [_judged(["Beta", "Alpha"], ["Alpha"], kind="x"), _judged(["Beta"], [], kind="uncovered")]
    run = [replace(judged, seconds=took) for judged, took in zip(run, (0.002, 0.004), strict=True)]
    summary = summarise(lines_of(run))
    assert (summary["questions"], summary["not_covered"]) == (2, 1)
    kinds = {
        kind: (means["questions"], means["answered"]) for kind, means in summary["kinds"].items()
    }
    assert kinds == {"uncovered": (1, 1.0), "x": (1, 1.0)}
    assert summary["kinds"]["x"]["RR@10"] == 0.5
    assert summary["kinds"]["x"]["verdicts"] == {"answered": 1.0, "related": 0.0, "not found": 0.0}
    assert math.isnan(summary["kinds"]["uncovered"]["RR@10"])
    assert summary["measures"]["milliseconds_median"] == 3.0
    assert summary["measures"]["milliseconds_p95"] == pytest.approx(3.9)
    assert [line["first_relevant_rank"] for line in summary["per_question"]] == [2, None]


def test_comparison_finds_a_difference_and_the_question_that_moved() -> None:
    names = ("Alpha", "Beta", "Gamma", "Epsilon")
    late = [_judged(["Delta", name], [name]) for name in names]
    first = lines_of([_renamed(judged, f"{n}") for n, judged in enumerate(late * 3)])
    early = [_judged([name, "Delta"], [name]) for name in names]
    second = lines_of([_renamed(judged, f"{n}") for n, judged in enumerate(early * 3)])
    rows = {row.measure: row for row in differences(first, {"early": second})}
    row = rows["RR@10"]
    assert (row.first, row.second, row.difference.mean) == (0.5, 1.0, 0.5)
    assert row.p < 0.01
    assert [row.p_holm for row in rows.values()] == holm([row.p for row in rows.values()])
    same = next(row for row in differences(first, {"": first}) if row.measure == "RR@10")
    assert (same.difference.mean, same.p) == (0.0, 1.0)
    move = moves(first, second)[0]
    assert (move.first, move.second, move.gain) == (2, 1, pytest.approx(1 - 1 / math.log2(3)))
    with pytest.raises(BadQuestions, match=r"not of the same questions: 12 and 11, 1 .* \(0\)"):
        differences(first, {"": second[1:]})


def _finder() -> QuoteFinder:
    text = "He said “yes, it’s fine”.\n\n- one thing\n- another\n\nTwice. Twice."
    return QuoteFinder([Article("x", "X", text), Article("y", "Y", "Another thing. Twice over.")])


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ('He said "yes, it\'s\nfine".', "He said “yes, it’s fine”."),
        ("• one thing • another", "one thing\n- another"),
        ("one thing or another", None),
        ("• one thing\n• another", "one thing\n- another"),
        ("one thing another", "one thing\n- another"),
    ],
)
def test_quotes_are_found_with_marks_bullets_and_spaces_made_equal(
    quote: str, found: str | None
) -> None:
    question = JudgedQuestion("q", "?", "k", (Judgement(quote, "x"),))
    if found is None:
        with pytest.raises(ValueError, match="q: quote not found in article 'x'"):
            _finder().find([question])
        return
    [[place]] = _finder().find([question])
    [(start, end)] = place.spans
    text = "He said “yes, it’s fine”.\n\n- one thing\n- another\n\nTwice. Twice."
    assert text[start:end] == found


def test_a_quote_without_article_must_be_unique() -> None:
    with pytest.raises(ValueError, match="in several places"):
        _finder().find([JudgedQuestion("q", "?", "k", (Judgement("Twice"),))])
    [[place]] = _finder().find([JudgedQuestion("q", "?", "k", (Judgement("Another thing"),))])
    assert place.article == "y"


def test_all_quotes_that_are_not_found_are_named_with_the_nearest_text() -> None:
    questions = [
        JudgedQuestion("good", "?", "k", (Judgement("Another thing", "y"),)),
        JudgedQuestion("edited", "?", "k", (Judgement("he told me yes, it's fine", "x"),)),
        JudgedQuestion("moved", "?", "k", (Judgement("Twice over.", "x"), Judgement("zebra", "y"))),
        JudgedQuestion("gone", "?", "k", (Judgement("Another thing.", "z"), Judgement(None, "z"))),
    ]
    with pytest.raises(QuotesNotFound) as raised:
        _finder().find(questions)
    found = [(each.question, each.near and each.near.text) for each in raised.value.unfound]
    assert found == [
        ("edited", "He said “yes, it’s fine”."),
        ("moved", "Twice over."),
        ("moved", None),
        ("gone", "Another thing."),
        ("gone", None),
    ]
    said = str(raised.value)
    assert said.startswith("5 of 6 judgements do not fit the articles:")
    assert "edited: quote not found in article 'x': \"he told me yes, it's fine\"" in said
    assert "gone: there is no article 'z'" in said


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"id": "a"}',
        '{"id": "a", "question": "?", "relevant": [{"quote": " - "}]}',
        '{"id": "a", "question": "?", "relevant": [{}]}',
        '{"id": "a", "question": "?", "relevant": 1}',
        '{"id": "a", "question": "?", "relevant": [{"article": "x", "grade": 0}]}',
        '{"id": "a", "question": "?", "relevant": [{"article": "x", "grade": 1.5}]}',
        '{"id": "a", "question": "?", "relevant": [{"article": "x"}, {"article": "x"}]}',
    ],
)
def test_a_line_that_is_no_judged_question_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": "z", "question": "?", "relevant": []}\n' + line + "\n", "utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_questions(path)


def test_an_id_must_not_stand_twice(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text((json.dumps({"id": "z", "question": "?", "relevant": []}) + "\n") * 2, "utf-8")
    with pytest.raises(ValueError, match="'z' stands there twice"):
        read_questions(path)


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("caf\u00e9 noir", "cafe\u0301 noir"),
        ("keta\u00admine", "ketamine"),
        ("one two", "one\u2028two"),
        ("a – “b”", 'a – "b"'),
        ("it’s so", "it's so"),
    ],
)
def test_quotes_are_found_however_the_file_was_written(
    written: str, quoted: str, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text(f"# A\n\nbefore {written} after\n", "utf-8")
    source = scan(tmp_path)[0][0]
    article, _ = read_article(source, source.path.read_bytes())
    for quote in (quoted, written):
        finder = QuoteFinder([article])
        [[place]] = finder.find([JudgedQuestion("q", "?", "k", (Judgement(quote),))])
        [(start, end)] = place.spans
        assert article.text[start:end].split() == clean(written).split()


def test_an_article_is_named_as_its_file_is_however_its_letters_are_composed() -> None:
    finder = QuoteFinder([Article("caf\u00e9", "Café", "Black.")])
    [[place]] = finder.find([JudgedQuestion("q", "?", "k", (Judgement("Black.", "cafe\u0301"),))])
    assert place == Place("caf\u00e9", ((0, 6),))


def test_questions_may_hold_line_separators_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    line = json.dumps({"id": "z", "question": "a\u2028b\x85c?", "relevant": []}, ensure_ascii=False)
    path.write_text(f"\ufeff{line}\r\n\n", "utf-8")
    half = half_of("z")
    assert read_questions(path) == [JudgedQuestion("z", "a\u2028b\x85c?", "uncovered", (), half)]


def _graded(ranked: list[str], grades: dict[str, int]) -> Answered:
    judged = _judged(ranked, list(grades))
    places = tuple(Place("a", (SPANS[name],), grade) for name, grade in grades.items())
    return replace(judged, places=places)


def test_grades_are_the_gains_of_ndcg_and_of_nothing_else() -> None:
    """By hand: gains 1, 0, 3 at ranks 1, 2, 3; the ideal is 3, 2, 1."""
    run = [_graded(["Alpha", "Delta", "Gamma"], {"Alpha": 1, "Beta": 2, "Gamma": 3})]
    values = per_question(run, (2, 10))
    ideal = 3 + 2 / math.log2(3) + 1 / 2
    assert values["nDCG@10"][0] == pytest.approx((1 + 3 / 2) / ideal)
    assert values["nDCG@2"][0] == pytest.approx(1 / (3 + 2 / math.log2(3)))
    assert values["R@10"][0] == pytest.approx(2 / 3)
    assert values["R@2"][0] == pytest.approx(1 / 3)
    assert values["RR@10"][0] == values["Success@1"][0] == 1.0
    assert values["perfect@10"][0] == pytest.approx((3 + 1 / math.log2(3)) / ideal)
    assert values["perfect@2"][0] == pytest.approx(1 / ideal)


def test_an_article_judged_as_a_whole_counts_at_its_first_passage() -> None:
    question = JudgedQuestion("q", "?", "k", (Judgement(None, "a", 2),))
    [places] = QuoteFinder([ARTICLE]).find([question])
    assert places == (Place("a", ((0, len(TEXT)),), 2, whole=True),)
    judged = replace(_judged(["Beta", "Alpha", "Gamma"], []), question=question, places=places)
    assert judged.gains() == [[0], [], []]
    qrels, scored = as_trec([judged])
    assert [(qrel.doc_id, qrel.relevance) for qrel in qrels] == [("a", 2)]
    assert next(doc.doc_id for doc in scored) == "a"
    values = per_question([judged])
    assert values["nDCG@10"].tolist() == values["R@10"].tolist() == [1.0]
    assert math.isnan(values["marked"][0])
    [line] = lines_of([judged])
    assert line.measures["marked"] is None
    assert "marked" not in summarise([line])["measures"]


def test_graded_files_give_the_same_numbers_in_other_tools(tmp_path: Path) -> None:
    run = [
        _graded(["Alpha", "Delta", "Gamma"], {"Alpha": 1, "Beta": 2, "Gamma": 3}),
        _renamed(_graded(["Epsilon", "Beta"], {"Beta": 2, "Delta": 1}), "with a space 50%"),
        _renamed(_judged([], ["Gamma"]), "none"),
    ]
    saved = SavedRun({}, "full", {"full": lines_of(run, (3, 10))})
    save(tmp_path, saved, {"full": run}, "")
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "qrels.txt")))
    scored = list(ir_measures.read_trec_run(str(tmp_path / "run.txt")))
    assert {qrel.query_id for qrel in qrels} >= {"with%20a%20space%2050%25"}
    ours = per_question(run, (3, 10))
    for name in ("nDCG@3", "nDCG@10", "R@3", "R@10", "RR@10", "Success@1"):
        measure = ir_measures.parse_measure(name)
        theirs = ir_measures.calc_aggregate([measure], qrels, scored)[measure]
        assert ours[name].mean() == pytest.approx(theirs), name


@pytest.mark.parametrize(
    ("gains", "p"),
    [
        ([0.0, 0.0], 1.0),
        ([0.3690702464285426, 0, 0, 0, 0, 0, 0], 1.0),
        ([0.1, 0.2, 0, 0], 2 / 4),
        ([0.1, -0.2, 0], 1.0),
        ([0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 2 / 64),
        ([0.1, 0.1, 0.1, 0.1, 0.1, -0.1], 14 / 64),
    ],
)
def test_p_of_few_questions_is_exact(gains: list[float], p: float) -> None:
    """Of the 2^n signs those whose sum is as far from 0, rounding of the means apart."""
    first = np.linspace(0.1, 0.9, len(gains)) ** 2
    assert paired_p(first, first + np.array(gains)) == pytest.approx(p)
    assert paired_p(first + np.array(gains), first) == pytest.approx(p)


def test_p_of_many_questions_is_near_that_of_the_normal_distribution() -> None:
    gains = np.random.default_rng(7).normal(0.1, 1.0, 400)
    z = gains.sum() / math.sqrt((gains**2).sum())
    normal = math.erfc(abs(z) / math.sqrt(2))
    assert paired_p(np.zeros(400), gains) == pytest.approx(normal, abs=0.02)


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_a_share_of_none_has_an_interval_too() -> None:
    assert share([False] * 10).mean == 0.0
    assert share([False] * 10).high == pytest.approx(0.2775, abs=1e-4)


SHIPPED = Path(__file__).parents[1] / "evaluation" / "questions.jsonl"


def test_the_test_half_is_frozen_and_new_questions_go_to_the_fit_half(tmp_path: Path) -> None:
    questions = read_questions(SHIPPED)
    frozen = SHIPPED.with_name(FROZEN).read_text(encoding="utf-8").split()
    assert len(frozen) == 190
    digest = hashlib.sha256("\n".join(sorted(frozen)).encode()).hexdigest()
    assert digest == "0138c5bcee5530c4a9c890170053637cedc2001c4e0e97836bdfb9290fffc2c5"
    assert {question.id for question in questions if question.half == "test"} == set(frozen)
    new = next(name for name in map(str, range(100)) if half_of(name) == "test")
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps({"id": new, "question": "?", "relevant": []}) + "\n", "utf-8")
    assert read_questions(path)[0].half == "test"
    (tmp_path / FROZEN).write_text("other\n", "utf-8")
    assert read_questions(path)[0].half == "fit"
