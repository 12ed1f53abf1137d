"""The shipped corpus holds the words of the articles as they came: none lost, added or moved."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent
SEED = Path(__file__).parent / "data" / "seed_articles.txt"
ORDER = (
    "ketamine-therapy-for-ptsd",
    "ketamine-therapy-for-addiction",
    "ketamine-dose-for-depression",
)
FURNITURE = {
    "a person going through ptsd",
    "addiction",
    "a person depressed touching a window",
    "Contact Us Today",
    "Contact Us Today!",
    "Learn More Today!",
}


def _parts(name: str) -> tuple[dict[str, str], str]:
    _, front, body = (ROOT / "corpus" / f"{name}.md").read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def _words(markdown: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(markdown)
    inline = [token for token in tokens if token.type == "inline"]
    leaves = [leaf.content for token in inline for leaf in token.children or []]
    return " ".join(leaves).split()


def test_words_are_those_of_the_source() -> None:
    lines = SEED.read_text("utf-8").splitlines()
    left_out = [line.strip() for line in lines if line.strip() in FURNITURE]
    kept = [line.replace("•", " ") for line in lines if line.strip() not in FURNITURE]
    assert sorted(left_out) == sorted(FURNITURE)
    found = [word for name in ORDER for word in _words(_parts(name)[1])]
    assert found == " ".join(kept).split()


@pytest.mark.parametrize("name", ORDER)
def test_front_matter(name: str) -> None:
    fields, body = _parts(name)
    assert fields["source"] == "Impact Psychedelics"
    assert body.lstrip().startswith(f"# {fields['title']}\n")


@pytest.mark.parametrize(
    ("name", "counts"),
    [(ORDER[0], (1, 11, 19)), (ORDER[1], (1, 8, 22)), (ORDER[2], (1, 12, 30))],
)
def test_outline(name: str, counts: tuple[int, int, int]) -> None:
    tokens = MarkdownIt("commonmark").parse(_parts(name)[1])
    tags = [token.tag for token in tokens if token.type == "heading_open"]
    assert tuple(tags.count(tag) for tag in ("h1", "h2", "h3")) == counts
    assert len(tags) == sum(counts)
