"""Two manuals and questions asked of them: `python -m benchmarks.manuals CLONE DIR`.

Turns a clone of the public repository abhi1nandy2/EMNLP-2021-Findings (Nandy et al. 2021, questions
over the manuals of a telephone and a television) into a collection in `DIR`: `corpus/` with an
article a manual and a section a heading, `questions.jsonl` with the section that answers each
question. A question is left out where no section of its name shares words with its answer.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PAIR = re.compile(
    r'"(?:Section Hierarchy|Section_Hierarchy|Hierarchy)"\s*:\s*"(?P<path>[^"\n]*)".*?'
    r'"Question"\s*:\s*"(?P<question>.*?)",?\s*\n\s*"Answer"\s*:\s*"(?P<answer>.*?)"\s*\n',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a manual."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the path of the section that answers it, and the answer."""

    text: str
    path: str
    answer: str
    kind: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clone", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    data = options.clone / "data"
    corpus = options.folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, title, file, questions in (
        ("phone", "Galaxy S10 user manual", "s10_manual_corpus.json", _table(data, "s10")),
        (
            "television",
            "Smart TV e-manual",
            "smart_tv_remote_manual_corpus.json",
            [*_table(data, "smart_tv_remote"), *_archive(data / "smart_remote_QA.zip")],
        ),
    ):
        sections = _sections(json.loads((data / file).read_text(encoding="utf-8")))
        parts = [f"# {title}", *(f"## {each.title}\n\n{each.text}" for each in sections)]
        (corpus / f"{name}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        lines += list(_judged(name, sections, questions))
    numbered = [{"id": f"manual-{number:04}", **line} for number, line in enumerate(lines)]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in numbered)
    (options.folder / "questions.jsonl").write_text(text, encoding="utf-8")
    print(f"{len(numbered)} questions")


def _sections(manual: dict[str, Any]) -> list[Section]:
    """The sections with a body; text in angle and square brackets is left as words."""
    sections = []
    seen: set[str] = set()
    for each in manual.values():
        title = " ".join(each["title"].split())
        lines = [" ".join(str(line).split()) for line in each["text"]]
        lines = [line for line in lines if line and line != title]
        text = re.sub(r"[<>#*_`|\[\]]", "", " ".join(lines))
        if title and text and text not in seen:
            seen.add(text)
            sections.append(Section(title, text))
    return sections


def _table(data: Path, name: str) -> list[Question]:
    text = (data / f"{name}_50_questions.csv").read_text(encoding="utf-8", errors="replace")
    rows = csv.DictReader(io.StringIO(text))
    return [Question(row["question"], row["section_path"], row["answer"], "plain") for row in rows]


def _archive(path: Path) -> list[Question]:
    """The questions in the archive, whose JSON is not always well-formed."""
    questions = []
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".json") and "__MACOSX" not in name:
                kind = name.split()[0].lower().replace("_", "-")
                text = archive.read(name).decode("utf-8", errors="replace")
                questions += [
                    Question(found["question"], found["path"], found["answer"], kind)
                    for found in _PAIR.finditer(text)
                ]
    return questions


def _judged(
    article: str, sections: Sequence[Section], questions: Sequence[Question]
) -> Iterator[dict[str, Any]]:
    asked: set[str] = set()
    for question in questions:
        text = " ".join(question.text.split())
        last = _plain(question.path.split(">")[-1])
        alike = [each for each in sections if _plain(each.title) == last]
        section = max(alike, key=lambda each: _shared(each, question), default=None)
        if section and text.lower() not in asked and _shared(section, question) >= 0.3:
            asked.add(text.lower())
            relevant = [{"quote": section.text, "article": article}]
            yield {"question": text, "kind": question.kind, "relevant": relevant}


def _shared(section: Section, question: Question) -> float:
    """Share of the answer's words that the section has."""
    words = set(_plain(question.answer).split())
    return len(words & set(_plain(section.text).split())) / max(1, len(words))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


if __name__ == "__main__":
    main()
