"""Files as people have them: each is read or refused in one line, and the good one beside it is."""

from __future__ import annotations

import os
import signal
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.fuzz_seeds import pdf
from passages.articles.chunking import Passage
from passages.articles.corpus import MAX_FILE_BYTES, Article
from passages.building.intake import read_corpus
from tests.support.invariants import check_article, check_problems, check_text
from tests.support.toy import BagOfWords

GOOD = "# Good\n\nIt is read.\n"
NO_HEADING = ("note", "no heading: the title stands for all of it")
Lines = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def _little_time() -> Iterator[None]:
    """Fail what takes more than 20 seconds of this process's own time: it takes one at most."""

    def fail(*_: object) -> None:
        raise AssertionError("took more than 20 s")

    before = signal.signal(signal.SIGVTALRM, fail)
    signal.setitimer(signal.ITIMER_VIRTUAL, 20)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@dataclass
class Taken:
    """What a build takes from a folder, and what it says; the good file left out."""

    articles: dict[str, Article]
    passages: dict[str, list[Passage]]
    lines: list[tuple[str, str, str]]


def _taken(folder: Path) -> Taken:
    (folder / "good.md").write_text(GOOD, "utf-8")
    taken, problems = read_corpus(folder)
    problems += [problem for item in taken for problem in item.file.problems]
    check_problems(problems)
    articles = {item.article.id: item.article for item in taken}
    for article in articles.values():
        check_text(article)
    count = BagOfWords().count_tokens
    passages = {name: check_article(each, count, 40) for name, each in articles.items()}
    assert articles.pop("good") == Article("good", "Good", GOOD)
    return Taken(
        articles,
        passages,
        sorted((problem.file, problem.severity, problem.problem) for problem in problems),
    )


def _one(folder: Path, data: bytes | str, suffix: str = ".md") -> tuple[Article | None, Lines]:
    """The article made of one file, and what is said about it."""
    name = f"tea{suffix}"
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    taken = _taken(folder)
    assert {file for file, _, _ in taken.lines} <= {name}
    return taken.articles.get("tea"), [line[1:] for line in taken.lines]


TEXT = "# Caf\u00e9\n\nOne \u201ctwo\u201d.\n"
READ = {
    "UTF-8 with a byte order mark": (TEXT.encode("utf-8-sig"), TEXT, []),
    "UTF-16, little end first": (b"\xff\xfe" + TEXT.encode("utf-16-le"), TEXT, []),
    "UTF-16, big end first": (b"\xfe\xff" + TEXT.encode("utf-16-be"), TEXT, []),
    "Windows-1252": (
        TEXT.encode("cp1252"),
        TEXT,
        [("warning", "not UTF-8 (byte 5): decoded as Windows-1252; save it as UTF-8")],
    ),
    "line ends of all systems": (
        "# A\r\n\r\none\rtwo\u0085three\u2028four\u2029five\fsix\vseven",
        "# A\n\none\ntwo\nthree\nfour\n\nfive\n\nsix\nseven",
        [],
    ),
    "invisible characters": (
        "# A\n\nto\u00adgether w\u200bo\u2060r\ufeffd a\u200db \u0645\u06cc\u200c\u062e",
        "# A\n\ntogether word ab \u0645\u06cc\u200c\u062e",
        [],
    ),
    "directions of writing stay": (
        "# A\n\n\u200f\u05d0\u202b\u05d1\u202c\u2067\u05d2\u2069",
        "# A\n\n\u200f\u05d0\u202b\u05d1\u202c\u2067\u05d2\u2069",
        [],
    ),
    "accents apart": ("# A\n\ne\u0301 \u1112\u1161\u11ab", "# A\n\n\u00e9 \ud55c", []),
    "accents apart by a joiner": ("# A\n\ne\u200d\u0301\u200d", "# A\n\n\u00e9", []),
    "a stray control character": (
        "# A\n\nb\x07c",
        "# A\n\nbc",
        [("warning", "control characters left out: 1")],
    ),
    "a byte that is no character": (
        b"# A\n\n\x81",
        "# A\n\n\ufffd",
        [
            ("warning", "characters that cannot be read: 1; save the file as UTF-8"),
            ("warning", "not UTF-8 (byte 5): decoded as Windows-1252; save it as UTF-8"),
        ],
    ),
    "a line of unusual white space": ("# A\n\n\u2003\u3000\u1680\n\nb", None, []),
    "prose between two rules": ("---\n\nprose\n\n---\n\n# A\n\nb", None, []),
    "fields of the wrong type": (
        "---\ntitle: [a, b]\nsource: {a: b}\ndate:\nurl: 1\n---\n# A\n\nb",
        "# A\n\nb",
        [],
    ),
    "front matter that is not YAML": (
        "---\ntitle: [a\n---\n# A\n\nb",
        "# A\n\nb",
        [
            (
                "warning",
                "front matter is not YAML (line 2: expected ',' or ']', but got '<stream end>'): "
                "its fields were read line by line",
            )
        ],
    ),
    "front matter nested 4,000 deep": (
        f"---\na: {'[' * 4000}\n---\n# A\n\nb",
        "# A\n\nb",
        [
            (
                "warning",
                "front matter is not YAML (nested too deep): its fields were read line by line",
            )
        ],
    ),
    "front matter with an unknown alias": (
        "---\na: *b\n---\n# A\n\nb",
        "# A\n\nb",
        [
            (
                "warning",
                "front matter is not YAML (line 2: found undefined alias 'b'): "
                "its fields were read line by line",
            )
        ],
    ),
    "several articles in one file": (
        "# A\n\na\n\n# B\n\nb\n",
        None,
        [("note", "2 headings of the first level: several articles in one file?")],
    ),
    "lists, nested 1,000 deep": ("- " * 1000 + "x", None, [NO_HEADING]),
    "quotes, nested 1,000 deep": (">" * 1000 + "x", None, [NO_HEADING]),
    "headings and no text": (
        "# A\n\n## B",
        None,
        [("note", "headings without any text below them")],
    ),
}


@pytest.mark.parametrize("name", READ)
def test_read(name: str, tmp_path: Path) -> None:
    data, text, lines = READ[name]
    article, said = _one(tmp_path, data)
    assert article is not None
    assert article.text == (data if text is None else text)
    assert unicodedata.is_normalized("NFC", article.text)
    assert said == lines


REFUSED = {
    "0 bytes": ("", "holds no text"),
    "white space alone": (" \n\t\u00a0\u200b\u2028", "holds no text"),
    "front matter alone": ("---\ntitle: A\n---\n", "holds no text"),
    "UTF-16 without a byte order mark": (
        TEXT.encode("utf-16-le"),
        "holds NUL bytes, so it is no text: save it as UTF-8 text",
    ),
    "a NUL byte": ("# A\n\nb\0c", "holds NUL bytes, so it is no text: save it as UTF-8 text"),
    "a picture": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "holds NUL bytes, so it is no text: save it as UTF-8 text",
    ),
    "other bytes": (
        bytes(range(1, 256)) * 9,
        "holds 243 control characters, so it is no text",
    ),
    "11 MB": ("x" * 11_000_000, "11 MB of text: at most 10 MB; divide it"),
    "a book too many": (
        "x" * 2_000_001,
        "2,000,001 characters: an article has at most 2,000,000; divide it",
    ),
    "a million headings": ("#\n" * 1_000_000, "1,000,000 headings: an article has at most 10,000"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    data, line = REFUSED[name]
    article, said = _one(tmp_path, data)
    assert article is None
    [(severity, problem)] = said
    assert severity == "error"
    assert problem[: len(line)] == line


HTML = {
    "nested 1,000 deep": ("<div>" * 1000 + "x", "elements nested more than 150 deep: no article"),
    "millions of tags": ("<p>" * 3_000_000, "more than 100,000 elements: no article"),
    "a huge attribute": ("<p a='" + "x" * 10_000_000 + "'>", "10 MB of HTML: at most 10"),
    "many attributes": (
        "<p" + " a=b" * 100_000 + ">x",
        "an element with more than 30,000 attributes",
    ),
    "nested quotes": (
        "<blockquote>" * 140 + "<p>x" * 50_000,
        "2,099,979 characters: an article has at most 2,000,000; divide it",
    ),
    "headings": ("<h2>x</h2>" * 40_000, "40,000 headings: an article has at most 10,000"),
}


@pytest.mark.parametrize("name", HTML)
def test_html_bombs(name: str, tmp_path: Path) -> None:
    data, line = HTML[name]
    assert _one(tmp_path, data, ".html") == (None, [("error", line)])


SLOW_ONCE = {
    "spaces amid a heading": (".txt", "# a" + " " * 100_000 + "b"),
    "dashes before a letter": (".txt", "text\n" + "-" * 100_000 + "x\ntext\n"),
    "lines of dashes": (".txt", "-----\n" * 3000),
    "kinds of heading in turn": (".txt", "1. Aa bb\nBB BB\n" * 4000),
    "many headings": (".txt", "".join(f"Head Line {n}\n\nText.\n\n" for n in range(4000))),
    "items": (".md", "- x\n" * 10_000),
    "short sentences": (".md", "A b. " * 10_000),
    "long headings above many": (
        ".md",
        "".join(f"{'#' * level} {'w ' * 480}\n\n" for level in range(1, 5))
        + "###### a\n\nx\n\n" * 3000,
    ),
    "elements with a space in each": (".html", "<p>x" + "<b> </b>" * 30_000 + "y"),
    "buttons in boxes in boxes": (
        ".html",
        "<p>x" + ("<div>" * 40 + "<button class=faq>a b</button>" + "</div>" * 40) * 700,
    ),
    "alternatives in alternatives": (".html", "<p>x<noscript>" * 40 + "word " * 100_000),
    "data in data": (
        ".html",
        "<p>x<script type=application/ld+json>" + "[" * 90_000 + "]" * 90_000 + "</script>",
    ),
    "articles in articles": (".html", ("<article><p>x" * 60 + "</article>" * 60) * 300),
    "links in boxes in boxes": (".html", "<div class=x>" * 120 + "<a>y</a> " * 20_000),
}


@pytest.mark.parametrize("name", SLOW_ONCE)
def test_time_grows_as_the_file_does(name: str, tmp_path: Path) -> None:
    suffix, text = SLOW_ONCE[name]
    article, _ = _one(tmp_path, text, suffix)
    assert article is not None
    assert len(article.text) <= 2 * len(text)


@pytest.mark.parametrize("text", [b"." * 20_000 + b"x", b"x" * 50_000])
def test_time_grows_as_the_lines_of_a_pdf_do(text: bytes, tmp_path: Path) -> None:
    page = b"BT /F1 11 Tf 72 770 Td (%s) Tj 0 -20 Td (It is read.) Tj ET" % text
    (tmp_path / "tea.pdf").write_bytes(pdf([page], []))
    assert _taken(tmp_path).articles["tea"].text.endswith("It is read.\n")


def test_a_heading_of_10_000_characters(tmp_path: Path) -> None:
    heading = "long " * 2000
    (tmp_path / "tea.md").write_text(f"# A\n\n## {heading}\n\ntext\n\n## {heading[:900]}", "utf-8")
    taken = _taken(tmp_path)
    assert {passage.headings for passage in taken.passages["tea"]} == {()}  # so long it is text
    named = ("long " * 16)[:78]
    line = f"no text below '{named} …': no question finds such a heading"
    assert taken.lines == [("tea.md", "note", line)]


def test_a_title_is_a_line_however_long_the_page_says_it_is(tmp_path: Path) -> None:
    page = f"<title>{'long ' * 200_000}</title><link rel=canonical href='http://{'x' * 3000}'><p>x"
    article, _ = _one(tmp_path, page, ".html")
    assert article is not None
    assert (len(article.title), article.url) == (300, None)


def test_a_table_of_10_000_rows(tmp_path: Path) -> None:
    rows = [f"| row {number} | {number}.5 mg |" for number in range(10_000)]
    (tmp_path / "tea.md").write_text("\n".join(["# A", "", rows[0], "|---|---|", *rows[1:]]))
    passages = _taken(tmp_path).passages["tea"]
    sentences = [p.words[a:b] for p in passages for a, b in p.sentences]
    assert sentences == [row.strip("| ").replace(" | ", "\t") for row in rows]
    assert all(p.words.startswith("row 0\t0.5 mg\n") for p in passages)


def test_links_and_odd_names(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (tmp_path / "secret.md").write_text("# Secret\n\nx\n", "utf-8")
    (folder / "out.md").symlink_to(tmp_path / "secret.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "gone.md").symlink_to("nowhere.md")
    (folder / "round").symlink_to(folder)
    (folder / "in.md").symlink_to("good.md")
    os.mkfifo(folder / "pipe.md")
    for name in ("two\nlines.md", "\U0001f375 tea.md", "a..b...md", "notes", "e\u0301.MD"):
        (folder / name).write_text("# A\n\nx\n", "utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.md")).write_text("# A\n\nx\n", "utf-8")
    unprintable = "a line break or another unprintable character in its name: rename it"
    taken = _taken(folder)
    assert set(taken.articles) == {"in", "\U0001f375 tea", "a..b..", "\u00e9"}
    assert taken.lines == [
        ("\\udcff.md", "error", unprintable),
        ("gone.md", "error", "symbolic link that leads nowhere"),
        ("loop.md", "error", "symbolic link that leads nowhere"),
        ("notes", "note", "left out: no reader for files without suffix"),
        ("out.md", "error", "symbolic link that leads out of the corpus folder: not followed"),
        ("pipe.md", "error", "not a regular file: not read"),
        ("round", "note", "symbolic link to a folder: not followed"),
        ("two\\nlines.md", "error", unprintable),
    ]


def test_two_files_of_one_name_and_a_saved_page(tmp_path: Path) -> None:
    (tmp_path / "tea.md").write_text("# A\n\nx\n", "utf-8")
    (tmp_path / "tea.txt").write_text("x\n", "utf-8")
    (tmp_path / "page.html").write_text("<h1>Page</h1><p>x</p>", "utf-8")
    for folder in ("page_files", "other_files"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "frame.html").write_text("<h1>Advert</h1><p>x</p>", "utf-8")
    taken = _taken(tmp_path)
    assert set(taken.articles) == {"tea", "page", "other_files/frame"}
    assert taken.lines == [
        ("page_files", "note", "pictures and scripts of a saved page: not read"),
        ("tea.txt", "error", "same article id as tea.md: rename one of them"),
    ]


def test_a_file_beyond_the_bound_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "tea.md").open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1_000_000)
    assert _taken(tmp_path).lines == [
        ("tea.md", "error", "51 MB: files of more than 50 MB are not read")
    ]
