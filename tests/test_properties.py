"""What holds of every text: nothing is lost, every offset is exact, the same text is cut the same.

The texts are of two kinds: any characters at all, and pieces of Markdown set together at random,
which reach the places where a parser errs. What holds is written down in `invariants`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from passages.articles import readers
from passages.articles.chunking import Passage, TokenCounter, chunk
from passages.articles.corpus import Article, SourceFile, read_article
from passages.articles.markdown import blocks
from passages.articles.readers.decoding import clean, decode
from passages.articles.visible import document
from passages.index.folder import serving
from passages.index.snapshot import Snapshot
from passages.models.encoder import Encoder
from passages.models.supply import find_model
from tests.support.invariants import check_article, check_text
from tests.support.toy import BagOfWords, build

QUICK = settings(
    max_examples=150,
    deadline=None,  # the machine may be busy
    derandomize=True,  # a failure is one for everybody
    database=None,
    suppress_health_check=list(HealthCheck),
)

PIECES = (
    *("# H", "## Sub *head*", "#### deep", "#", "Title\n---", "Two\nlines\n===", "x\n=", "-", "="),
    *("one two three. Four five!", "A lead:", "- item one", "- item two. More", "1. first", "- "),
    *("   - nested", "* * *", "> # quoted", "> > twice", ">", "```\n# code\n```", "~~~\nopen", "`"),
    *("| a | b |\n|---|---|\n| c | d |", "| a |\n|-|", "|", "[ref]: http://x.y", "[a]: b 'c'"),
    *("<div>\n# html\n</div>", "<!--", "-->", "<p>", "    code", "\t", "x" * 60, "word " * 30),
    *("Dr. Who, e.g. 0.5 mg. Next.", "\u2028", "\u00a0", "\x0c", "\x1f", "\u3000", "\u0085", "\r"),
    *(
        "\u00e9",
        "e\u0301",
        "\U0001f600",
        "\u4e2d\u6587\u3002\u6587",
        "\u202e",
        "\\",
        "&amp;",
        "\ufeff",
    ),
    *("- a\n\n  b\n\n- c", "break  \nbreak", "---", "...", "title: a", "\u0301" * 40, "a.b.", "?!"),
)
ENDS = ("\n", "\n\n", " ", "\n  ", "\n> ", "", "\n- ", "\n    ")
MARKDOWN = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(ENDS)), min_size=1, max_size=14
).map(lambda parts: "".join(piece + end for piece, end in parts))
ANY = st.text(st.characters(codec="utf-8"), max_size=200)
LIMITS = st.sampled_from((8, 12, 20, 256))


def _article(text: str) -> Article:
    """What `readers` would make of it, headings of its own included."""
    return Article("a", "A title", clean(text.replace("\0", "")))


def _pieces(texts: Sequence[str]) -> list[int]:
    """Tokens as an encoder for languages without spaces has them: three letters each."""
    return [2 + -(-len("".join(text.split())) // 3) for text in texts]


@pytest.mark.parametrize("count", [BagOfWords().count_tokens, _pieces], ids=["words", "pieces"])
@QUICK
@given(text=MARKDOWN | ANY, limit=LIMITS)
@example(text="\u2028", limit=8)
@example(text="a\n\n\u2028\n\nb", limit=8)
@example(text="[a]: b\nc\n===", limit=8)
@example(text="lead\n\n[r]: http://x\n\n## A\n\n" + "One two. Three!\n\n1. five\n" * 9, limit=20)
@example(text="> " * 50 + "x", limit=8)
def test_nothing_is_lost_and_every_offset_is_exact(
    count: TokenCounter, text: str, limit: int
) -> None:
    check_article(_article(text), count, limit)


@pytest.mark.real_model
def test_no_passage_is_longer_than_the_real_encoder_takes() -> None:
    encoder = Encoder(find_model())

    @settings(QUICK, max_examples=12)
    @given(text=MARKDOWN | ANY, limit=st.sampled_from((24, 64)))
    def holds(text: str, limit: int) -> None:
        check_article(_article(text), encoder.count_tokens, limit)

    holds()


@QUICK
@given(text=MARKDOWN | ANY)
def test_blocks_stand_apart_and_in_order(text: str) -> None:
    text, end = clean(text), 0
    for block in blocks(text):
        assert end <= block.start < block.end
        assert text[block.start : block.end] == text[block.start : block.end].rstrip()
        for first, last in block.items:
            assert block.start <= first < last <= block.end
        end = block.end


@QUICK
@given(text=MARKDOWN)
def test_a_heading_path_is_what_stands_above(text: str) -> None:
    article = _article(text)
    headings = [block for block in blocks(article.text) if block.kind == "heading"]
    tops = [block for block in headings if block.level == 1]
    for passage in chunk(article, BagOfWords().count_tokens, 20):
        above = [block for block in headings if block.start < passage.start]
        path = [
            block
            for n, block in enumerate(above)
            if all(block.level < later.level for later in above[n + 1 :])
        ]
        title = tops[0] if len(tops) == 1 else None
        assert passage.headings == tuple(each.heading for each in path if each is not title)
        assert passage.prefix.endswith((passage.headings or (article.title,))[-1][-3:])


@QUICK
@given(text=MARKDOWN | ANY)
def test_the_same_text_is_cut_the_same(text: str) -> None:
    def passages() -> list[Passage]:
        return chunk(_article(text), BagOfWords().count_tokens, 20)

    first = passages()
    document.cache_clear()
    assert passages() == first


@QUICK
@given(text=MARKDOWN | ANY)
def test_clean_text_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    if "\u0301" * 30 not in text:
        assert unicodedata.is_normalized("NFC", once)


@QUICK
@given(text=ANY.filter(lambda text: "\0" not in text), bom=st.booleans())
def test_text_in_utf_8_and_utf_16_is_the_same(text: str, bom: bool) -> None:
    encodings = ("utf-8-sig" if bom else "utf-8", "utf-16")
    try:
        read, other = (decode(text.encode(encoding)) for encoding in encodings)
    except ValueError as error:
        assert "control characters" in str(error)  # noqa: PT017 any text may hold many
        return
    assert read == other


@QUICK
@given(data=st.binary(max_size=300), suffix=st.sampled_from((".md", ".txt", ".html")))
@example(data=b"-----\n" * 2000, suffix=".txt")
@example(data=b'<p role="heading" aria-level="">x', suffix=".html")
def test_any_bytes_are_an_article_or_refused(data: bytes, suffix: str) -> None:
    source = SourceFile("a", f"a{suffix}", Path(f"a{suffix}"), len(data), 0)
    try:
        article, _ = read_article(source, data)
    except ValueError as error:
        assert "\n" not in str(error)  # noqa: PT017 either way is right
        return
    check_text(article)
    check_article(article, BagOfWords().count_tokens, 20)


@settings(QUICK, max_examples=60)
@given(text=MARKDOWN)
def test_words_of_plain_text_are_all_in_its_markdown(text: str) -> None:
    def words(text: str) -> list[str]:
        return "".join(char if char.isalnum() else " " for char in text).split()

    text = clean(text)
    try:
        reading = readers.read(text.encode(), ".txt")
    except ValueError:
        assert not text.strip()
        return
    assert words(reading.text) == words(text)


@settings(QUICK, max_examples=8)
@given(texts=st.lists(MARKDOWN, min_size=1, max_size=4))
def test_a_rebuild_has_the_same_passages_and_vectors(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    corpus, index = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("index")
    (corpus / "good.md").write_text("# Good\n\nIt is read.\n", "utf-8")
    for number, text in enumerate(texts):
        (corpus / f"{number}.md").write_text(text, "utf-8")
    kept = []
    for folder in (index / "one", index / "two"):
        build(corpus, folder)
        snapshot = Snapshot(serving(folder))
        kept.append((list(snapshot.passages()), snapshot.vectors[:].tobytes()))
    assert kept[0] == kept[1]
    assert build(corpus, index / "one").published is False
