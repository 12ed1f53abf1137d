"""The operator's file of the page: what it may say, and how a mistake in it is told."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path

import pytest

from passages import Answer, Hit
from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.articles.markup.mapped import Mapped
from passages.errors import BadSetting
from passages.page.appearance import appearance, read_appearance
from passages.page.reading import dates, marking, origin, results
from tests.conftest import ROOT

WHOLE = """
title = "Green Street Clinic"
heading = "Ask our leaflets"
welcome = "They were written by our nurses."
notice = "Not medical advice."
logo = "logo.svg"
old_after_years = 2

[light]
accent = "#7a1f5c"

[dark]
accent = "#f0a8d8"

[questions]
Before = ["May I eat?", "May I  drive?"]
"""
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "logo.svg").write_bytes(LOGO)
    path = tmp_path / "_page.toml"
    path.write_text(WHOLE, encoding="utf-8")
    return path


def test_a_whole_file(file: Path) -> None:
    looks = read_appearance(file)
    assert (looks.title, looks.heading, looks.notice) == (
        "Green Street Clinic",
        "Ask our leaflets",
        "Not medical advice.",
    )
    assert looks.logo == f"data:image/svg+xml;base64,{base64.b64encode(LOGO).decode()}"
    assert (looks.light.accent, looks.light.page) == ("#7a1f5c", "#fcfbf9")
    assert looks.questions == {"Before": ("May I eat?", "May I drive?")}
    assert looks.old_after_years == 2


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("titel = 'x'", "there is no key `titel`; did you mean `title`"),
        ("title = 3", "`title` must be text"),
        ("logo = 'logo.exe'", "`logo` must be one of .png"),
        ("logo = 'none.png'", "`logo` names "),
        ("old_after_years = 'two'", "`old_after_years` must be a number"),
        ("old_after_years = true", "`old_after_years` must be a number"),
        ("light = 'blue'", "`light` must be a table"),
        ("[light]\naccent = 'blue'", "`light.accent` must be a colour"),
        ("[light]\naccent = '#ffff00'", "`light.accent` is hard to read"),
        ("[dark]\npage = '#ffffff'", "`dark.page` is hard to read"),
        ("[questions]\nBefore = 'May I?'", "`questions.Before` must be a list"),
        ("questions = ['May I?']", "`questions` must name topics"),
        ("title = ", "the page's settings cannot be read"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(text: str, key: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting) as error:
        read_appearance(file)
    assert str(error.value).startswith(f"{file}: ")
    assert key in str(error.value)


def test_a_mistake_made_while_the_page_serves_changes_nothing(file: Path) -> None:
    assert appearance(file.parent).title == "Green Street Clinic"
    file.write_text("title = 3", encoding="utf-8")
    assert appearance(file.parent).title == "Green Street Clinic"
    file.write_text("title = 'Blue Street'", encoding="utf-8")
    assert appearance(file.parent).title == "Blue Street"
    assert appearance(None).title == "Passages"


def test_the_shipped_file_is_in_order() -> None:
    assert (
        len(
            [
                each
                for few in read_appearance(ROOT / "corpus" / "_page.toml").questions.values()
                for each in few
            ]
        )
        == 6
    )


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2024-03-01", '<time datetime="2024-03-01">1 March 2024</time>'),
        ("2024-03-01T10:00:00Z", '<time datetime="2024-03-01">1 March 2024</time>'),
        ("2024-12", '<time datetime="2024-12">December 2024</time>'),
        ("2024", '<time datetime="2024">2024</time>'),
        ("2024-02-31", "2024-02-31"),
        ("last <week>", "last &lt;week&gt;"),
        (None, ""),
    ],
)
def test_a_date_is_said_in_words(written: str | None, words: str) -> None:
    assert origin.date_html(written) == words


def test_an_old_article_says_so_and_a_young_one_does_not() -> None:
    assert dates.years_since((2020, 3, 1), date(2023, 3, 1)) == pytest.approx(3, abs=0.01)
    assert dates.years_since((2020, 0, 0), date(2020, 12, 28)) == 0
    assert origin.old_words("2001-01-01", 3).startswith("More than ")
    assert origin.old_words("2001-01-01", None) == ""
    assert origin.old_words("2001-01-01", 150) == ""
    assert origin.old_words("some day", 1) == ""


LISTED = """# A

Take care. You must not take it if you have:

- glaucoma
- heart disease
- high blood pressure

Or if you are pregnant.
"""


def _hit(rank: int, sentence: str, text: str = LISTED, question_words: str = "") -> Hit:
    article = Article(f"a{rank}", "A", text)
    start = text.index("\n\n") + 2
    body = text[start:].rstrip()
    end = start + len(body)
    first = body.index(sentence)
    span = (first, first + len(sentence))
    passage = Passage(article, ("H",), "h", "", start, end, (span,), Mapped(body, ((0, start),)))
    return Hit(rank, 1.0, passage, sentence, span)


@pytest.mark.parametrize(
    "sentence", ["glaucoma", "heart disease", "You must not take it if you have:"]
)
def test_a_list_is_marked_as_a_whole_with_its_lead_in(sentence: str) -> None:
    hit = _hit(1, sentence)
    start, end = marking.widened(hit.passage, hit.span)
    marked = hit.passage.text[start:end]
    assert marked.endswith("- high blood pressure")
    assert "You must not take it if you have:" in marked
    assert "pregnant" not in marked


def test_a_sentence_outside_the_list_stays_alone() -> None:
    hit = _hit(1, "Or if you are pregnant.")
    assert marking.widened(hit.passage, hit.span) == hit.span


def test_only_the_first_card_is_marked_strongly_and_none_where_nothing_was_found() -> None:
    first, second = _hit(1, "Or if you are pregnant."), _hit(2, "Or if you are pregnant.")
    answer = Answer("who", True, 0.9, (first, second))
    shown = [
        results.card_html(answer, results.Card(n, (hit,)))
        for n, hit in enumerate((first, second), 1)
    ]
    assert "<mark>Or if you are pregnant.</mark>" in shown[0]
    assert "<mark>" not in shown[1]
    assert '<span class="near">Or if you are pregnant.</span>' in shown[1]
    none = Answer("who", False, 0.1, (first,))
    card = results.card_html(none, results.Card(1, (first,)))
    assert "<mark>" not in card
    assert "near" not in card


def test_only_true_matches_are_underlined() -> None:
    text = "# A\n\nHigh blood pressure. The blood is red, pressure falls. Pregnant women, glaucoma."
    hit = _hit(1, "High blood pressure.", text)
    answer = Answer(
        "hypertension in pregnancy glaucma",
        True,
        0.9,
        (hit,),
        stems=frozenset({"pregnanc", "pregnant", "glaucoma", "blood", "pressur"}),
    )
    marks = marking.word_marks(answer, hit.passage, [("high", "blood", "pressur")])
    assert [hit.passage.text[mark.start : mark.end] for mark in marks] == ["High blood pressure"]


def test_what_no_article_has_is_no_answer_on_the_page() -> None:
    hit = _hit(1, "Or if you are pregnant.")
    for answer in (
        Answer("warfarin", True, 0.9, (hit,), unknown=("warfarin",)),
        Answer("who", True, 0.9, (hit,), sure=False),
    ):
        assert not marking.is_sure(answer)
        card = results.card_html(answer, results.Card(1, (hit,)))
        assert '<span class="near">Or if you are pregnant.</span>' in card
    assert marking.is_sure(Answer("who", True, 0.9, (hit,)))
