"""Judged questions, and where the quotes that answer them stand in the articles."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from passages.articles.corpus import Article
from passages.articles.markdown import Span
from passages.articles.readers.decoding import clean
from passages.errors import BadQuestions, NoQuestions

_NUMBER = re.compile(r"(?m)^[ \t]*\d{1,9}[.)](?=[ \t])")
_BULLETS = frozenset("-*+•")
_QUOTE_MARKS = str.maketrans("‘’‚‛“”„‟«»", "''''" + '"' * 6)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article that answer a question; `article` is an id, or None if unique."""

    quote: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question and all quotes that answer it; none says that the articles do not cover it."""

    id: str
    question: str
    kind: str
    relevant: tuple[Quote, ...]

    @property
    def half(self) -> str:
        """Whether it serves to fit ("fit") or to measure ("test"): a fixed rule on the id."""
        return "fit" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "test"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: `spans` of the article's text, more than one if it is repeated."""

    article: str
    spans: tuple[Span, ...]

    def overlaps(self, article: str, start: int, end: int) -> bool:
        """Whether `start` to `end` of that article's text shares a character with the quote."""
        return article == self.article and any(a < end and start < b for a, b in self.spans)


def read_questions(path: Path) -> list[JudgedQuestion]:
    """Read judged questions, one JSON object a line.

    Raises:
        NoQuestions: there is no such file.
        BadQuestions: it cannot be read; the message names the line.
    """
    questions: dict[str, JudgedQuestion] = {}
    # Not splitlines: JSON may hold U+2028 and other ends of lines as they are.
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadQuestions(f"{path} line {number}: no judged question ({error!r})") from error
        if question.id in questions:
            raise BadQuestions(f"{path} line {number}: id {question.id!r} stands there twice")
        questions[question.id] = question
    return list(questions.values())


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NoQuestions(f"no judged questions in {path}: name them with --questions") from error
    except OSError as error:
        raise BadQuestions(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadQuestions(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from error


def _question(fields: dict[str, object]) -> JudgedQuestion:
    relevant = fields["relevant"]
    if not isinstance(relevant, list):
        raise TypeError("relevant must be a list")
    quotes = tuple(Quote(str(given["quote"]), given.get("article")) for given in relevant)
    if any(not _alike(clean(quote.quote))[0] for quote in quotes):
        raise ValueError("a quote without words")
    kind = str(fields.get("kind") or ("uncovered" if not quotes else "plain"))
    return JudgedQuestion(str(fields["id"]), str(fields["question"]), kind, quotes)


class QuoteFinder:
    """Finds quotes in articles, with white space, list bullets and quote marks made equal."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._texts = {article.id: _alike(article.text) for article in articles}

    def find(self, question: JudgedQuestion) -> list[Place]:
        """Where each quote of the question stands.

        Raises:
            BadQuestions: a quote stands nowhere, or has no article and stands in several places.
        """
        return [self._place(question.id, quote) for quote in question.relevant]

    def _place(self, question_id: str, quote: Quote) -> Place:
        named = quote.article and unicodedata.normalize("NFC", quote.article)  # as ids are
        names = self._texts if named is None else [named]
        found = [place for name in names if (place := self._in_article(name, quote.quote))]
        if not found:
            where = f"article {quote.article!r}" if quote.article else "any article"
            raise BadQuestions(f"{question_id}: quote not found in {where}: {quote.quote[:80]!r}")
        if quote.article is None and (len(found) > 1 or len(found[0].spans) > 1):
            raise BadQuestions(f"{question_id}: quote in several places: {quote.quote[:80]!r}")
        return found[0]

    def _in_article(self, name: str, quote: str) -> Place | None:
        text, offsets = self._texts.get(name, ("", []))
        words = _alike(clean(quote))[0]
        spans = []
        start = text.find(words)
        while start != -1:
            spans.append((offsets[start], offsets[start + len(words) - 1] + 1))
            start = text.find(words, start + 1)
        return Place(name, tuple(spans)) if spans else None


def _alike(text: str) -> tuple[str, Sequence[int]]:
    r"""The text with what is compared as equal made equal, and each character's old offset.

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
