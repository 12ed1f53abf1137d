"""What a request asks, checked: every invalid value is refused and named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from passages.search.query import MAX_QUESTION
from passages.service.operating.limits import MAX_K, MAX_QUESTIONS
from passages.service.problems import Problem

DEFAULT_K = 10

MAX_ARTICLES = 100
"""Articles that a question may be narrowed to in a body."""

MAX_IN = 20
"""The same in an address, which a server takes 64 kB of."""

MAX_ID = 500
"""Characters of an article's id in a request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a request; `many` says that they came as a list, and are answered as one.

    `articles` are the ids that the search is narrowed to, None for all. With `whole` the
    answer has all that it was made of.
    """

    questions: tuple[str, ...]
    many: bool = False
    k: int = DEFAULT_K
    articles: tuple[str, ...] | None = None
    whole: bool = False


def from_body(body: bytes) -> Asked:
    """The body of `POST /api/search`.

    Raises:
        Problem: 400 where it is no JSON object, 422 where a field means nothing.
    """
    given = _parsed(body)
    known = {"question", "questions", "k", "articles", "whole"}
    if unknown := sorted(given.keys() - known):
        raise Problem(422, f"No field {unknown[0]!r}: there are {', '.join(sorted(known))}.")
    if ("question" in given) == ("questions" in given):
        raise Problem(422, "Send either question or questions.")
    many = "questions" in given
    questions = _texts(given, "questions", MAX_QUESTIONS) if many else (given["question"],)
    if not isinstance(given.get("whole", False), bool):
        raise Problem(422, "whole must be true or false.")
    return Asked(
        tuple(_question(text) for text in questions),
        many,
        _k(given.get("k", DEFAULT_K)),
        _ids(_texts(given, "articles", MAX_ARTICLES)) if "articles" in given else None,
        given.get("whole", False),
    )


def from_query(given: QueryParams) -> Asked:
    """The parameters of `GET /api/search`: `q`, `k`, and `in` once for each article.

    Raises:
        Problem: 422, a parameter that means nothing or is missing.
    """
    if "q" not in given:
        raise Problem(422, "Send the question as the parameter q.")
    articles = given.getlist("in")
    if len(articles) > MAX_IN:
        raise Problem(422, f"in: at most {MAX_IN} articles.")
    return Asked(
        (_question(given["q"]),),
        k=whole(given, "k", DEFAULT_K, MAX_K),
        articles=_ids(tuple(articles)) if articles else None,
    )


def whole(given: QueryParams, name: str, default: int, most: int) -> int:
    """A parameter that is a whole number from 1 to `most`.

    Raises:
        Problem: 422, it is none.
    """
    text = given.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise Problem(422, f"{name} must be a whole number from 1 to {most}.")
    return int(text)


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        given = json.loads(body)
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Problem(422, "A text holds half a character (a lone surrogate).") from None
    except (ValueError, RecursionError):
        raise Problem(400, "The body is not JSON.") from None
    if not isinstance(given, dict):
        raise Problem(422, "The body must be a JSON object.")
    return given


def _texts(given: Mapping[str, Any], name: str, most: int) -> tuple[Any, ...]:
    texts = given[name]
    if not isinstance(texts, list) or not 1 <= len(texts) <= most:
        raise Problem(422, f"{name} must be a list of 1 to {most} texts.")
    return tuple(texts)


def _question(text: Any) -> str:
    if not isinstance(text, str) or not text.strip():
        raise Problem(422, "A question must be a text with something in it.")
    if len(text) > MAX_QUESTION:
        raise Problem(422, f"A question may have {MAX_QUESTION:,} characters.")
    return text


def _k(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        value = 0
    if not 1 <= value <= MAX_K:
        raise Problem(422, f"k must be a whole number from 1 to {MAX_K}.")
    return int(value)


def _ids(ids: tuple[Any, ...]) -> tuple[str, ...]:
    for each in ids:
        if not isinstance(each, str) or not 1 <= len(each) <= MAX_ID:
            raise Problem(422, f"The id of an article is a text of 1 to {MAX_ID:,} characters.")
    return ids
