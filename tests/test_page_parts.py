"""The parts of the page that need no page: HTML of a passage, addresses, cards, phrases."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passages import Answer, Hit
from passages.articles.chunking import Passage
from passages.articles.corpus import Article
from passages.articles.markup.mapped import Mapped
from passages.language.words import stems_of
from passages.page.notice.emergency import parse_phrase
from passages.page.notice.notice import Notice, read_notice
from passages.page.parts.chrome import literal
from passages.page.reading import article_view, results
from passages.page.reading.render import Mark, render
from passages.page.screens import first_visit
from passages.page.settings import build_command, default_corpus
from passages.search.answer import key, resolve
from passages.search.honesty.lacking import Lacking, OtherNumber
from passages.search.honesty.strength import strength
from tests.conftest import ROOT

NOTICE = ROOT / "corpus" / "_notice.md"
TAGS = {"p", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td", "strong", "em", "mark", "span", "s"}


class Reading(HTMLParser):
    """What a browser makes of HTML: its tags, attributes and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a\nb\n\nc", "<p>a b</p><p>c</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("**a** *b* `c<`", "<p><strong>a</strong> <em>b</em> <code>c&lt;</code></p>"),
        ("[a](javascript:b) [c](http://d.e)", "<p>a c</p>"),
        ("![an image](http://a.b/c.png)", "<p>an image</p>"),
        ("<script>alert(1)</script>", ""),
        ("a <unknown>b</unknown>", "<p>a &lt;unknown&gt;b&lt;/unknown&gt;</p>"),
        ('!!! tip "Now"\n    *a*', "<p>Now</p><p><em>a</em></p>"),
        ("1 < 2 & \\*", "<p>1 &lt; 2 &amp; *</p>"),
        ("> a\n\n---", "<blockquote><p>a</p></blockquote><hr>"),
        ("```\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
        ("", ""),
    ],
)
def test_markdown_as_html(markdown: str, html: str) -> None:
    assert render(markdown) == html


def test_marks_land_on_the_words_they_cover() -> None:
    text = "One two. **Three** four."
    assert render(text, [Mark(9, 24, "best"), Mark(4, 7, "word")]) == (
        '<p>One <span class="word">two</span>. <strong><mark>Three</mark></strong>'
        "<mark> four.</mark></p>"
    )
    assert render("a b c", [Mark(2, 5, "best"), Mark(4, 5, "word")]) == (
        '<p>a <mark>b <span class="word">c</span></mark></p>'
    )
    listed = "Such as:\n\n- a b\n- c d"
    assert "<li>c <mark>d</mark></li>" in render(listed, [Mark(20, 21, "best")])


def test_a_mark_after_a_link_is_not_put_into_its_address() -> None:
    text = "See [it](http://here.x/end) at the end."
    place = text.rindex("end")
    assert render(text, [Mark(place, place + 3, "word")]) == (
        '<p>See it at the <span class="word">end</span>.</p>'
    )


@given(st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
def test_no_text_can_make_a_tag_of_its_own(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [Mark(min(span), max(span), "best") for span in spans]
    read = Reading(render(text, marks))
    assert read.tags <= TAGS
    assert {name for name, _ in read.attributes} <= {"class", "start"}


@given(st.text(alphabet=st.characters(categories=["L", "N"], include_characters=" \n"), min_size=1))
def test_words_are_shown_as_they_are_whatever_is_marked(text: str) -> None:
    marked = render(text, [Mark(0, len(text) // 2, "best"), Mark(1, len(text), "word")])
    assert Reading(marked).words == Reading(render(text)).words


def seen(text: str, start: int, end: int) -> Mapped:
    """A stretch of a text without markup."""
    return Mapped(text[start:end], ((0, start),))


def passage(start: int, end: int, article: str = "a", anchor: str = "s") -> Passage:
    text = "".join(chr(97 + place % 26) for place in range(400))
    of = Article(article, article, text)
    return Passage(of, (anchor,), anchor, "", start, end, ((0, 1),), seen(text, start, end))


def hit(rank: int, of: Passage, score: float = 1.0) -> Hit:
    return Hit(rank, score, of, of.text[:1], (0, 1))


def test_a_passage_is_found_again_where_it_moved_and_not_where_it_changed() -> None:
    first, same, other = passage(0, 10), passage(26, 36), passage(50, 60)
    assert first.text == same.text
    assert resolve(key(same), [first, same, other]) is same
    assert resolve(key(same), [first, other]) is first
    assert resolve(key(same), [other]) is None
    assert resolve("nonsense", [first]) is None


def test_cards_join_hits_that_follow_each_other_and_no_others() -> None:
    hits = [
        hit(1, passage(0, 9, "a", "one")),
        hit(2, passage(0, 9, "b", "one")),
        hit(3, passage(20, 29, "a", "two")),
        hit(4, passage(10, 19, "a", "one")),
        hit(5, passage(20, 29, "a", "one")),
    ]
    groups = results.cards(hits)
    ranks = [[[found.rank for found in card.hits] for card in group] for group in groups]
    assert ranks == [[[1]], [[2]], [[3], [4, 5]]]
    assert [card.number for group in groups for card in group] == [1, 2, 3, 4]


def test_a_later_page_of_hits_moves_no_card_of_the_first() -> None:
    hits = tuple(
        hit(rank, passage(rank, rank + 5, "ab"[rank % 2], str(rank))) for rank in range(1, 12)
    )
    answer = Answer("q", covered=True, confidence=1.0, hits=hits)
    first = results.in_reading_order(Answer("q", True, 1.0, hits[:5]))
    assert results.in_reading_order(answer)[: len(first)] == first
    assert [card.number for card in results.in_reading_order(answer)] == list(range(1, 12))


def test_a_word_of_strength_is_said_only_where_it_was_measured() -> None:
    strong, plain = replace(hit(1, passage(0, 5)), strong=True), hit(2, passage(5, 9))
    answer = Answer("q", True, 0.9, (strong, plain))
    assert [strength(answer, each) for each in answer.hits] == ["Strong match", ""]
    assert strength(replace(answer, sure=False), strong) == ""
    assert strength(replace(answer, covered=False), strong) == ""


def test_what_a_passage_lacks_stands_on_its_card() -> None:
    lacks = Lacking(("Xanax", "<b>"), (OtherNumber("5 mg/kg", "0.5 mg/kg"),))
    first = replace(hit(1, passage(0, 5)), lacking=lacks)
    card = results.card_html(Answer("q", True, 0.9, (first,)), results.Card(1, (first,)))
    assert "<p>asked: 5 mg/kg; this passage says 0.5 mg/kg</p>" in card
    assert "<p>not mentioned here: Xanax, &lt;b&gt;</p>" in card


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("I want to END my life", True),
        ("he can’t breathe!!", True),
        ("she took too much, what now?", True),
        ("will it change my life in the end?", False),
        ("what is the right dose?", False),
        ("", False),
    ],
)
def test_the_shipped_notice(question: str, fits: bool) -> None:
    assert read_notice(NOTICE).fits(question) is fits


def test_the_shipped_notice_names_no_number() -> None:
    assert not any(character.isdigit() for character in read_notice(NOTICE).text)


def test_phrases_are_whole_words_in_any_script() -> None:
    notice = Notice(tuple(parse_phrase(each, {}) for each in ("nicht mehr leben", "übel")), "")
    assert notice.fits("Ich will nicht  mehr leben.")
    assert notice.fits("Mir ist ÜBEL")
    assert not notice.fits("Übelkeit")


def test_a_notice_of_another_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notice.md"
    for text in ("no front matter", "---\nother: 1\n---\ntext", "---\n[\n---\ntext"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=r"notice\.md"):
            read_notice(path)


def test_labels_are_literal() -> None:
    assert literal("*a* [b](c) :smile:  $x$") == (
        r"\*a\* \[b\]\(c\) " + ":\u2060smile:\u2060" + r" \$x\$"
    )


def test_examples_take_turns_and_repeat_no_words() -> None:
    headings = {
        "How Is It Taken?": "a",
        "How Is It Given?": "a",
        "What Does It Cost?": "a",
        "The Rare Risks": "b",
    }
    assert first_visit._choose(headings)[:3] == [
        "How Is It Given?",
        "The Rare Risks",
        "What Does It Cost?",
    ]


def test_the_build_command_is_as_short_as_it_can_be() -> None:
    assert build_command(default_corpus(), ROOT / "index") == "python -m passages build"
    assert build_command(ROOT / "my texts", Path("/srv/index")) == (
        "python -m passages build --corpus 'my texts' --index /srv/index"
    )


def test_a_passage_says_its_language_and_direction() -> None:
    article = Article("a", "متحف", "## التذاكر\n\nعشرة دنانير <b>", language="ar")
    text = "عشرة دنانير <b>"
    start = article.text.index(text)
    end = start + len(text)
    visible = seen(article.text, start, end)
    passage = Passage(article, ("التذاكر",), "t", "p", start, end, ((0, len(text)),), visible)
    hit = Hit(1, 1.0, passage, text, (0, len(text)))
    stems = frozenset(stems_of("دنانير", "ar"))
    answer = Answer("دنانير", True, 0.9, (hit,), stems=stems, measured=False)
    card = results.card_html(answer, results.Card(1, (hit,)))
    assert '<div lang="ar" dir="rtl"><h3>التذاكر</h3></div>' in card
    assert '<div class="prose" lang="ar" dir="rtl"><p><mark>عشرة <span class="word">دنانير' in card
    assert "strength" not in card  # the confidence was measured in English alone
    assert '<header class="article" lang="ar" dir="rtl"><h2>متحف</h2>' in results.article_html(
        passage
    )
    shown = article_view.html(article, [passage], passage, [])
    assert '<article lang="ar" dir="rtl"><h1>متحف</h1>' in shown
    english = replace(passage, article=replace(article, language=None))
    assert "lang=" not in results.article_html(english)
