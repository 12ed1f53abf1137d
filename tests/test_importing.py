"""Test collections become articles and judged questions; what is left out is named."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from passages.articles.corpus import read_article, scan
from passages.errors import BadQuestions, BadSetting
from passages.evaluation.importing.beir import open_beir
from passages.evaluation.importing.collection import (
    Document,
    Graded,
    Topic,
    as_markdown,
    file_name,
    import_collection,
)
from passages.evaluation.importing.trec import read_documents, read_judged, read_topics
from passages.evaluation.judgements import Judgement, read_questions


def _lines(path: Path, *rows: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row) + "\n" for row in rows)
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def _beir(folder: Path, suffix: str = "") -> Path:
    _lines(
        folder / f"corpus.jsonl{suffix}",
        {"_id": "d1", "title": "Tea", "text": "Tea is green.\n\n# not a heading"},
        {"_id": "a/b", "title": "", "text": "Coffee is black."},
        {"_id": "d3", "title": "Empty", "text": " "},
    )
    _lines(
        folder / f"queries.jsonl{suffix}",
        {"_id": "q1", "text": "which is green?"},
        {"_id": "q2", "text": "which is black?"},
        {"_id": "q3", "text": "nobody judged this"},
    )
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\ta/b\t0\nq2\ta/b\t1\nq2\tgone\t1\nq3\td3\t1\n"
    )
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    return folder


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_beir_folder_becomes_articles_and_graded_judgements(tmp_path: Path, suffix: str) -> None:
    given = open_beir(_beir(tmp_path / "beir", suffix))
    done = import_collection(
        given.documents(), given.topics(), given.judged(), tmp_path / "out", pooled=True
    )
    assert (done.articles, done.questions, done.judgements) == (2, 2, 2)
    assert done.without_relevant == ("q3",)
    assert done.without_text == ("d3",)
    assert done.missing_documents == ("gone",)
    first, second = read_questions(tmp_path / "out" / "questions.jsonl")
    assert first.relevant == (Judgement(None, "d1", 2),)
    assert (second.text, second.relevant) == ("which is black?", (Judgement(None, "a%2Fb", 1),))
    assert first.pooled
    sources, problems = scan(tmp_path / "out" / "corpus")
    assert problems == []
    articles = [read_article(source, source.path.read_bytes())[0] for source in sources]
    assert [(article.id, article.title) for article in articles] == [
        ("a%2Fb", "Untitled"),
        ("d1", "Tea"),
    ]
    assert "\\# not a heading" in articles[1].text


def test_a_split_is_chosen_or_those_there_are_named(tmp_path: Path) -> None:
    folder = _beir(tmp_path)
    assert [graded.grade for graded in open_beir(folder, "dev").judged()] == [1]
    with pytest.raises(BadQuestions, match="no split 'train': there are dev, test"):
        open_beir(folder, "train")


def test_a_folder_of_parquet_files_as_mteb_publishes_it(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")

    def write(name: str, rows: list[dict[str, object]]) -> None:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        parquet.write_table(pyarrow.Table.from_pylist(rows), path)

    write("corpus/corpus-00000-of-00001.parquet", [{"_id": 7, "title": None, "text": "Tea."}])
    write("queries/queries-00000-of-00001.parquet", [{"_id": "q", "text": "what?"}])
    write("data/test-00000-of-00001.parquet", [{"query-id": "q", "corpus-id": 7, "score": 1.0}])
    given = open_beir(tmp_path)
    assert list(given.documents()) == [Document("7", "", "Tea.")]
    assert list(given.topics()) == [Topic("q", "what?")]
    assert list(given.judged()) == [Graded("q", "7", 1)]


def test_nothing_is_left_behind_where_an_import_fails(tmp_path: Path) -> None:
    twice = [Document("d", "", "Tea."), Document("d", "", "Tea.")]
    with pytest.raises(BadQuestions, match="document 'd' stands there twice"):
        import_collection(twice, [Topic("q", "?")], [Graded("q", "d", 1)], tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(BadSetting, match="holds files already"):
        import_collection([], [], [], tmp_path)


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("MED-10", "MED-10"),
        ("http://x.org/?a=b", "http%3A%2F%2Fx.org%2F%3Fa=b"),
        ("..", "%2E%2E"),
        (".hidden", "%2Ehidden"),
        ("_notes", "%5Fnotes"),
        ("50% off", "50%25 off"),
        ("é", "%C3%A9"),
    ],
)
def test_a_document_is_named_so_that_the_corpus_reads_it(document: str, name: str) -> None:
    assert file_name(document) == name


def test_ids_that_some_file_systems_cannot_tell_apart_are_told_apart(tmp_path: Path) -> None:
    documents = [Document("a", "", "One."), Document("A", "", "Two.")]
    judged = [Graded("q", "A", 1), Graded("q", "a", 3)]
    import_collection(documents, [Topic("q", "?")], judged, tmp_path / "out")
    [question] = read_questions(tmp_path / "out" / "questions.jsonl")
    names = [judgement.article for judgement in question.relevant]
    assert [judgement.grade for judgement in question.relevant] == [1, 3]
    assert names[1] == "a"
    assert str(names[0]).startswith("A~")


def test_a_document_is_read_as_the_text_it_is() -> None:
    assert as_markdown(Document("d", "2 * 3 <b>", "one\ntwo\n\n- three\n1. four")) == (
        "# 2 * 3 \\<b>\n\none\ntwo\n\n\\- three\n1\\. four\n"
    )


TOPICS = {
    "classic": "<top>\n<num> Number: 301\n<title> green tea\n\n"
    "<desc> Description:\nIs it so?\n</top>",
    "xml": '<topics task="x"><topic number="301"><query>green tea</query>'
    "<question>is it so</question></topic></topics>",
    "bare": '<topics><topic number="301">green tea</topic></topics>',
    "tsv": "301\tgreen tea\n",
    "jsonl": '{"qid": 301, "title": "green tea"}\n',
}


@pytest.mark.parametrize("form", TOPICS)
def test_topics_in_every_form(form: str, tmp_path: Path) -> None:
    path = tmp_path / ("topics.jsonl" if form == "jsonl" else "topics.txt")
    path.write_text(TOPICS[form])
    assert read_topics(path) == [Topic("301", "green tea")]


def test_another_field_of_a_topic_may_be_asked(tmp_path: Path) -> None:
    path = tmp_path / "topics.txt"
    path.write_text(TOPICS["classic"])
    assert read_topics(path, "desc") == [Topic("301", "Is it so?")]
    with pytest.raises(BadQuestions, match="topic '301' has no field narr"):
        read_topics(path, "narr")


def test_trec_documents_and_judgements(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text(
        "<DOC>\n<DOCNO> FT-1 </DOCNO>\n<HEADLINE>On &amp; off</HEADLINE>\n"
        "<TEXT><P>One.</P></TEXT>\n</DOC>\n<DOC><DOCNO>FT-2</DOCNO>Two.</DOC>"
    )
    (tmp_path / "docs" / "b.tsv").write_text("FT-3\tThree.\n")
    assert list(read_documents(tmp_path / "docs")) == [
        Document("FT-1", "On & off", "One."),
        Document("FT-2", "", "Two."),
        Document("FT-3", "", "Three."),
    ]
    (tmp_path / "qrels").write_text("301 0 FT-1 2\n301 0 FT-2 -1\n")
    assert list(read_judged(tmp_path / "qrels")) == [
        Graded("301", "FT-1", 2),
        Graded("301", "FT-2", -1),
    ]
    (tmp_path / "qrels").write_text("301 FT-1 2\n")
    with pytest.raises(BadQuestions, match="line 1: expected `topic 0 document grade`"):
        list(read_judged(tmp_path / "qrels"))
