"""Front matter as people write it: read where it can be, never a reason to lose an article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from passages.articles import readers
from passages.building.intake import read_corpus

BODY = "# H\n\nText.\n"


@pytest.mark.parametrize(
    ("written", "title", "date"),
    [
        ("---\ntitle: A\ndate: 2024-11-02\n---\n", "A", "2024-11-02"),
        ('+++\ntitle = "A: b"\ndate = 2024-11-02\n+++\n', "A: b", "2024-11-02"),
        ("+++\ntitle = 'A'\ndate = 2024-11-02T10:00:00Z\n+++\n", "A", "2024-11-02 10:00:00+00:00"),
        ('{\n  "title": "A",\n  "date": "2024-11-02"\n}\n', "A", "2024-11-02"),
        ("\n---\nTitle: A\n---\n", "A", None),
        ("---\ntitle: No\n...\n", "No", None),
        (';;;\n"title": "A"\n;;;\n', "A", None),
        ('---json\n{"title": "A"}\n---\n', "A", None),
        ('---toml\ntitle = "A"\n---\n', "A", None),
        ('+++\ntitle = "A"\n[params]\ntitle = "B"\n[[menu.main]]\nname = "C"\n+++\n', "A", None),
        ("<!-- made by a program -->\n---\ntitle: A\n---\n", "A", None),
        ("Title: A\nDate: 2024-11-02\n\n", "A", "2024-11-02"),
        ("% A\n% Author\n% 2024-11-02\n\n", "A", "2024-11-02"),
    ],
)
def test_fields_of_every_dialect(written: str, title: str, date: str | None) -> None:
    reading = readers.read((written + BODY).encode(), ".md")
    assert (reading.title, reading.date, reading.text, reading.notes) == (title, date, BODY, ())


@pytest.mark.parametrize(
    ("written", "title", "note"),
    [
        ("---\ntitle: Sleep: a guide\ntags: [x]\n---\n", "Sleep: a guide", "not YAML (line 2"),
        ("---\ntitle: A\n\tdate: x\n---\n", "A", "not YAML (line 3"),
        ("---\ntitle: 'A's guide'\n---\n", "A's guide", "not YAML (line 2"),
        ("---\ntitle: @home\n---\n", "@home", "not YAML (line 2"),
        ("---\ntitle: {{ page.name }}\n---\n", None, "not YAML (line 2"),
        ('---\ntitle: "{{ page.name }}"\n---\n', None, "template in line 2"),
        ("+++\ntitle = Winter guide\n+++\n", "Winter guide", "not TOML (line 2"),
        ('{\n"title": "A",\n}\n', "A", "not JSON (line 3"),
        ("---\ntitle: *A* b\n---\n", "*A* b", "not YAML (line 2"),
        ("---\ntitle: [A] b\n---\n", "[A] b", "not YAML (line 2"),
        ("---\ntitle: A\n", "A", "never closed (line 2"),
    ],
)
def test_what_is_not_quite_right_is_read_with_a_warning(
    written: str, title: str | None, note: str
) -> None:
    reading = readers.read((written + BODY).encode(), ".md")
    assert (reading.title, reading.text) == (title, BODY)
    assert note in reading.notes[0]


@pytest.mark.parametrize(
    "prose",
    [
        "---\n\nprose\n\n---\n",
        "---\n\nNote: this is prose\n\n---\n",
        "---\nNote: this is no title at all.\n---\n",
        "+++\nprose\n+++\n",
        "{ not json }\n",
    ],
)
def test_prose_between_rules_is_text(prose: str) -> None:
    assert readers.read((prose + BODY).encode(), ".md").text == prose + BODY


def test_a_permalink_is_the_address_where_there_is_no_other() -> None:
    for name in ("url", "permalink"):
        written = f"---\n{name}: https://example.org/a\nlang: pt-BR\n---\n{BODY}"
        reading = readers.read(written.encode(), ".md")
        assert (reading.url, reading.language) == ("https://example.org/a", "pt-BR")


@pytest.mark.parametrize("field", ["draft: true", "draft: yes", "published: false"])
def test_drafts_are_left_out_and_named_unless_wanted(field: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\n{field}\n---\n{BODY}")
    (tmp_path / "b.md").write_text(f"---\ndraft: false\n---\n{BODY}")
    taken, problems = read_corpus(tmp_path)
    assert [item.article.id for item in taken] == ["b"]
    assert ("a.md", "note") in [(each.file, each.severity) for each in problems]
    taken, problems = read_corpus(tmp_path, drafts=True)
    assert [item.article.id for item in taken] == ["a", "b"]
    assert problems == []


def test_pictures_inside_the_file_are_left_out_when_it_is_read() -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo" * 900 + "="
    text = (
        f"# A\n\n![the valve]({picture}) b ![x][1]\n\n[1]: <{picture}>\n\n<img src='{picture}'>\n"
    )
    reading = readers.read(text.encode(), ".md")
    assert "base64" not in reading.text
    assert "![the valve](data:,) b" in reading.text
    assert json.dumps(reading.text).count("iVBOR") == 0
