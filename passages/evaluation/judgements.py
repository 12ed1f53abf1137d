"""Judged questions: what was asked, and what in the articles answers it.

One JSON object a line; `evaluation/README.md` describes the fields. Where the quotes stand in the
articles is found in `quotes`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from passages.articles.readers.decoding import clean
from passages.errors import BadQuestions, NoQuestions

Half = Literal["fit", "test"]

FROZEN = "test_half.txt"
"""Beside the questions: the ids of the test half, one a line; whatever is not in it is to fit on.
Without that file the half follows from a hash of the id."""

_NUMBER = re.compile(r"(?m)^[ \t]*\d{1,9}[.)](?=[ \t])")
_BULLETS = frozenset("-*+•")
_QUOTE_MARKS = str.maketrans("‘’‚‛“”„‟«»", "''''" + '"' * 6)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What answers a question: words of an article, or (`quote` is None) an article as a whole.

    `article` is an id, or None where the quote is unique; `grade` is 1 or more, for nDCG.
    """

    quote: str | None
    article: str | None = None
    grade: int = 1


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question and all that answers it; nothing says that the articles do not cover it.

    `half` says whether it serves to fit or to measure. `pooled` says that the best passages of
    several searches were judged, so that a passage without a label does not answer.
    """

    id: str
    text: str
    kind: str
    relevant: tuple[Judgement, ...]
    half: Half = "fit"
    pooled: bool = False


def read_questions(path: Path) -> list[JudgedQuestion]:
    """Read judged questions, one JSON object a line.

    Raises:
        NoQuestions: there is no such file.
        BadQuestions: it cannot be read; the message names the line.
    """
    return [question for question, _ in read_lines(path)]


def read_lines(
    path: Path, *, unjudged: bool = False
) -> list[tuple[JudgedQuestion, dict[str, Any]]]:
    """Read judged questions, each with the JSON object it was read from.

    Args:
        path: the file of questions.
        unjudged: let a question have no `relevant`: it is to be judged.

    Raises:
        NoQuestions: there is no such file.
        BadQuestions: it cannot be read; the message names the line.
    """
    frozen = _frozen(path.with_name(FROZEN))
    questions: dict[str, tuple[JudgedQuestion, dict[str, Any]]] = {}
    # Not splitlines: JSON may hold U+2028 and other ends of lines as they are.
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            if unjudged:
                question = _question({"relevant": [], **fields}, frozen)
            else:
                question = _question(fields, frozen)
        except KeyError as error:
            raise BadQuestions(f"{path} line {number}: {_lacks(error.args[0])}") from error
        except (TypeError, ValueError, AttributeError) as error:
            raise BadQuestions(f"{path} line {number}: no judged question ({error})") from error
        if question.id in questions:
            raise BadQuestions(f"{path} line {number}: id {question.id!r} stands there twice")
        questions[question.id] = question, fields
    return list(questions.values())


def write_lines(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Write questions, one JSON object a line.

    Raises:
        FileExistsError: the file exists: judgements are never overwritten.
    """
    with path.open("x", encoding="utf-8", newline="\n") as stream:
        stream.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def half_of(question_id: str) -> Half:
    """Which half a question belongs to, by a hash of its id."""
    return "fit" if hashlib.sha256(question_id.encode()).digest()[0] % 2 else "test"


def _lacks(field: str) -> str:
    if field == "relevant":
        return "a question without `relevant`: judge it with `passages judge`"
    return f"no judged question: `{field}` is missing"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NoQuestions(f"no judged questions at {path}") from error
    except OSError as error:
        raise BadQuestions(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadQuestions(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from error


def _frozen(path: Path) -> frozenset[str] | None:
    if not path.is_file():
        return None
    return frozenset(path.read_text(encoding="utf-8").split())


def _question(fields: dict[str, Any], frozen: frozenset[str] | None) -> JudgedQuestion:
    relevant = fields["relevant"]
    if not isinstance(relevant, list):
        raise TypeError("relevant must be a list")
    judgements = tuple(map(_judgement, relevant))
    whole = [judgement.article for judgement in judgements if judgement.quote is None]
    if len(set(whole)) < len(whole):
        raise ValueError("an article stands in relevant twice")
    name = str(fields["id"])
    half: Half = half_of(name) if frozen is None else ("test" if name in frozen else "fit")
    kind = str(fields.get("kind") or ("uncovered" if not judgements else "plain"))
    pooled = fields.get("pooled", False) is True
    return JudgedQuestion(name, str(fields["question"]), kind, judgements, half, pooled)


def _judgement(given: dict[str, Any]) -> Judgement:
    quote, article, grade = given.get("quote"), given.get("article"), given.get("grade", 1)
    if quote is None and not article:
        raise ValueError("neither a quote nor an article")
    if quote is not None and not alike(clean(str(quote)))[0]:
        raise ValueError("a quote without words")
    if not isinstance(grade, int) or isinstance(grade, bool) or grade < 1:
        raise ValueError(f"grade {grade!r} is no whole number from 1 on")
    return Judgement(None if quote is None else str(quote), article, grade)


def alike(text: str) -> tuple[str, Sequence[int]]:
    r"""The text normalised for comparison, and each character's old offset.

    Bullets go wherever they stand, for a quote may hold a list in one line: `"- “A”\n  b - c"` ->
    `'"A" b c'`.
    """
    blank = _NUMBER.sub(lambda mark: " " * len(mark[0]), text.translate(_QUOTE_MARKS))
    characters: list[str] = []
    offsets: list[int] = []
    for word in re.finditer(r"\S+", blank):
        if word[0] in _BULLETS:
            continue
        if characters:
            characters.append(" ")
            offsets.append(word.start() - 1)
        characters.extend(word[0])
        offsets.extend(range(word.start(), word.end()))
    return "".join(characters), offsets
