"""Where quotes stand in the articles and, for one that is not found, the nearest text."""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from passages.articles.corpus import Article
from passages.articles.markdown import Span
from passages.articles.readers.decoding import clean
from passages.errors import BadQuestions
from passages.evaluation.judgements import JudgedQuestion, Judgement, alike
from passages.search.searcher import Index

ALIKE = 0.5
"""How alike a text has to be to a quote, by letters, to be named as the nearest."""

MUCH_ALIKE = 0.8
"""How alike a text of the quote's own article has to be for no other article to be looked at."""

_ARTICLES = 3  # that are looked through for the nearest text, those that share most of its words
_SHOWN = 160  # characters of a quote in a message
_SLACK = 8  # words by which either end of the nearest text is moved to fit best


@dataclass(frozen=True, slots=True)
class Place:
    """Where a judgement stands: `spans` of the article's text, more than one if it is repeated.

    `whole` says that the article is judged as a whole, so that its one span is all of it.
    """

    article: str
    spans: tuple[Span, ...]
    grade: int = 1
    whole: bool = False

    def overlaps(self, article: str, start: int, end: int) -> bool:
        """Whether `start` to `end` of that article's text shares a character with the quote."""
        return article == self.article and any(a < end and start < b for a, b in self.spans)


@dataclass(frozen=True, slots=True)
class Near:
    """The text nearest to a quote: a slice of an article, and how alike it is, from 0 to 1."""

    article: str
    text: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Unfound:
    """A judgement that does not fit the articles: of which question, why, and what is nearest."""

    question: str
    judgement: Judgement
    why: str
    near: Near | None = None

    def __str__(self) -> str:
        said = f"{self.question}: {self.why}"
        if self.judgement.quote is not None:
            said += f": {_clipped(self.judgement.quote)}"
        if self.near:
            likeness = f"{self.near.likeness:.0%} alike, in {self.near.article!r}"
            said += f"\n    nearest ({likeness}): {_clipped(self.near.text)}"
        return said


class QuotesNotFound(BadQuestions):
    """Judgements that do not fit the articles, all of them at once."""

    def __init__(self, unfound: Sequence[Unfound], judged: int) -> None:
        self.unfound = tuple(unfound)
        head = f"{len(unfound)} of {judged} judgements do not fit the articles"
        super().__init__("\n  ".join([f"{head}:", *map(str, unfound)]))


def quote_finder(index: Index) -> QuoteFinder:
    """Finds quotes in the articles of an index."""
    found = (index.article(name) for name, _ in index.articles())
    return QuoteFinder(article for article in found if article is not None)


class QuoteFinder:
    """Finds quotes in articles, with white space, list bullets and quote marks made equal."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = {article.id: article.text for article in articles}
        self._texts = {name: alike(text) for name, text in self._articles.items()}
        self._words: dict[str, frozenset[str]] = {}

    def find(self, questions: Sequence[JudgedQuestion]) -> list[tuple[Place, ...]]:
        """Where the judgements of each question stand.

        Raises:
            QuotesNotFound: some stand nowhere, or name no article and stand in several places.
        """
        found: list[tuple[Place, ...]] = []
        unfound: list[Unfound] = []
        for question in questions:
            places = [self._place(question.id, judgement) for judgement in question.relevant]
            unfound += [place for place in places if isinstance(place, Unfound)]
            found.append(tuple(place for place in places if isinstance(place, Place)))
        if unfound:
            raise QuotesNotFound(unfound, sum(len(question.relevant) for question in questions))
        return found

    def _place(self, question: str, judgement: Judgement) -> Place | Unfound:
        named = judgement.article and unicodedata.normalize("NFC", judgement.article)  # as ids are
        if named and named not in self._texts:
            return self._unfound(question, judgement, f"there is no article {named!r}")
        if judgement.quote is None:
            article = str(named)
            return Place(article, ((0, len(self._articles[article])),), judgement.grade, whole=True)
        names = [named] if named else list(self._texts)
        found = [(name, spans) for name in names if (spans := self._spans(name, judgement.quote))]
        if not found:
            where = f"article {named!r}" if named else "any article"
            return self._unfound(question, judgement, f"quote not found in {where}")
        if not named and (len(found) > 1 or len(found[0][1]) > 1):
            return Unfound(question, judgement, "quote in several places: name its article")
        return Place(*found[0], judgement.grade)

    def _spans(self, name: str, quote: str) -> tuple[Span, ...]:
        text, offsets = self._texts[name]
        words = alike(clean(quote))[0]
        spans = []
        start = text.find(words)
        while start != -1:
            spans.append((offsets[start], offsets[start + len(words) - 1] + 1))
            start = text.find(words, start + 1)
        return tuple(spans)

    def _unfound(self, question: str, judgement: Judgement, why: str) -> Unfound:
        """The judgement with the text nearest to it, in its own article if it is much alike."""
        if judgement.quote is None:
            return Unfound(question, judgement, why)
        wanted = alike(clean(judgement.quote))[0].split(" ")
        own = [judgement.article] if judgement.article in self._texts else []
        near = self._nearest(wanted, own)
        if near is None or near.likeness < MUCH_ALIKE:
            elsewhere = self._nearest(wanted, self._sharing_most(wanted))
            near = max(near, elsewhere, key=lambda each: each.likeness if each else 0.0)
        return Unfound(question, judgement, why, near)

    def _sharing_most(self, wanted: Sequence[str]) -> list[str]:
        """The articles that hold most of the words."""
        words = frozenset(map(_bare, wanted))
        held = {name: len(words & self._bare_words(name)) for name in self._texts}
        return heapq.nlargest(_ARTICLES, held, key=lambda name: held[name])

    def _bare_words(self, name: str) -> frozenset[str]:
        if name not in self._words:
            self._words[name] = frozenset(map(_bare, self._texts[name][0].split(" ")))
        return self._words[name]

    def _nearest(self, wanted: Sequence[str], names: Sequence[str]) -> Near | None:
        best = Near("", "", 0.0)
        for name in names:
            text, offsets = self._texts[name]
            start = _densest(text, wanted)
            if start is None:
                continue
            first, after, likeness = _fitted(text, start, wanted)
            if likeness > best.likeness:
                slice_ = self._articles[name][offsets[first] : offsets[after - 1] + 1]
                best = Near(name, slice_, likeness)
        return best if best.likeness >= ALIKE else None


def _densest(text: str, wanted: Sequence[str]) -> int | None:
    """The word at which the stretch begins that shares most of the words; None without one."""
    missing = Counter(map(_bare, wanted))
    words = list(map(_bare, text.split(" ")))
    shared = best = 0
    place = None
    for end, word in enumerate(words):
        shared += missing[word] > 0
        missing[word] -= 1
        if end >= len(wanted):
            left = words[end - len(wanted)]
            missing[left] += 1
            shared -= missing[left] > 0
        if shared > best:
            best, place = shared, max(0, end + 1 - len(wanted))
    return place


def _bare(word: str) -> str:
    """A word without case and punctuation: `"Yes,` -> `yes`."""
    return re.sub(r"\W+", "", word).casefold()


def _fitted(text: str, start: int, wanted: Sequence[str]) -> tuple[int, int, float]:
    """Start, end and likeness of the stretch about word `start` that is most like the words."""
    ends = [match.span() for match in re.finditer(r"\S+", text)]
    quote = " ".join(wanted)
    best = ends[start][0], ends[start][1], 0.0
    for first in range(max(0, start - _SLACK), min(len(ends), start + _SLACK + 1)):
        middle = first + len(wanted)
        for after in range(max(first + 1, middle - _SLACK), min(len(ends), middle + _SLACK) + 1):
            a, b = ends[first][0], ends[after - 1][1]
            likeness = Levenshtein.normalized_similarity(quote, text[a:b], score_cutoff=best[2])
            if likeness > best[2]:
                best = a, b, likeness
    return best


def _clipped(text: str) -> str:
    words = " ".join(text.split())
    return repr(words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…")
