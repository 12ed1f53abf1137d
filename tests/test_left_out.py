"""What of a folder becomes articles, and what the report says of the rest."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from passages.articles.corpus import SourceFile, read_article, scan

TEXT = "# Tents\n\nA tent is mended with tape.\n"


def _folder(root: Path, files: Iterable[str]) -> None:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT, "utf-8")


def _scanned(root: Path) -> tuple[list[str], list[tuple[str, str, str]]]:
    found, problems = scan(root)
    return [source.id for source in found], [(p.file, p.severity, p.problem) for p in problems]


FOLDERS = {
    "Jekyll": (
        [
            *("_posts/2024-03-01-mending.md", "about.md", "_layouts/post.html", "_config.yml"),
            *("_drafts/idea.md", "_drafts/old/idea.md", "Gemfile"),
        ],
        ["_posts/2024-03-01-mending", "about"],
        [
            ("_drafts", "note", "2 files left out, the folder's name begins with _"),
            ("_layouts", "note", "1 file left out, the folder's name begins with _"),
            ("Gemfile", "note", "left out: no reader for files without suffix"),
            ("_config.yml", "note", "left out: its name begins with _"),
        ],
    ),
    "Hugo": (
        ["_index.md", "tents/_index.md", "tents/_index.de.md", "tents/a.png", "tents/b.svg"],
        ["_index", "tents/_index", "tents/_index.de"],
        [("tents", "note", "2 files left out, no reader for .png, .svg")],
    ),
    "Obsidian": (
        ["Tents.md", ".obsidian/app.json", ".obsidian/plugins/x/README.md", ".trash/Old.md"],
        ["Tents"],
        [
            (".obsidian", "note", "folder left out: its name begins with ."),
            (".trash", "note", "folder left out: its name begins with ."),
        ],
    ),
    "a repository": (
        [
            *(".git/HEAD", ".gitignore", ".editorconfig", "node_modules/x/README.md"),
            *("docs/a.mdx", "docs/b.mdown", "docs/c.mkd", "docs/d.qmd", "docs/e.Rmd"),
        ],
        ["docs/a", "docs/b", "docs/c", "docs/d", "docs/e"],
        [
            (".git", "note", "folder left out: its name begins with ."),
            ("node_modules", "note", "folder left out: it holds packages of programs"),
            (".", "note", "2 files left out, their names begin with .: .editorconfig, .gitignore"),
        ],
    ),
    "an editor's own": (
        ["tea.md", "_synonyms.txt", "_to do.md", "sub/_synonyms.txt", "~$tea.docx", "tea.rtf"],
        ["tea"],
        [
            ("_to do.md", "note", "left out: its name begins with _"),
            ("sub/_synonyms.txt", "note", "left out: its name begins with _"),
            ("tea.rtf", "error", "no reader for .rtf: save it as .docx, .pdf, .html, .md or .txt"),
            ("~$tea.docx", "note", "left out: its name begins with ~$"),
        ],
    ),
    "many folders alike": (
        [f"{name}/_category_.json" for name in "abcdefg"] + ["a/tea.md"],
        ["a/tea"],
        [
            (
                ".",
                "note",
                "7 files left out, their names begin with _: a/_category_.json, "
                "b/_category_.json, c/_category_.json, d/_category_.json, e/_category_.json, …; "
                "in a, b, c, d, e, …",
            )
        ],
    ),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_articles_and_what_is_left_out(name: str, tmp_path: Path) -> None:
    files, articles, lines = FOLDERS[name]
    _folder(tmp_path, files)
    found, said = _scanned(tmp_path)
    assert found == articles
    assert sorted(said) == sorted(lines)


@pytest.mark.parametrize(
    ("file", "title", "date"),
    [
        ("_posts/2024-03-01-mending-a-tent.md", "mending a tent", "2024-03-01"),
        ("2024-03-01.md", "2024 03 01", None),
        ("tents/_index.md", "tents", None),
        ("how-to/README.md", "how to", None),
        ("index.md", "index", None),
    ],
)
def test_what_a_file_name_tells(file: str, title: str, date: str | None, tmp_path: Path) -> None:
    source = SourceFile("x", file, tmp_path / Path(file).name, 0, 0)
    article, _ = read_article(source, b"It is mended with tape.\n")
    assert (article.title, article.date) == (title, date)


def test_what_a_file_says_goes_before_its_name(tmp_path: Path) -> None:
    source = SourceFile("x", "2024-03-01-tent.md", tmp_path / "2024-03-01-tent.md", 0, 0)
    article, _ = read_article(source, b"---\ndate: 2025-01-02\n---\n# Tents\n\nTape.\n")
    assert (article.title, article.date) == ("Tents", "2025-01-02")
