"""Hits -> cards: those of one section joined, those of one article together, strength in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain, count, groupby

from passages import Answer, Hit
from passages.articles.chunking import Passage
from passages.language.synonyms import Phrase
from passages.page.reading.marking import is_sure, marks, word_marks
from passages.page.reading.origin import origin_html
from passages.page.reading.render import language_attributes, render_passage
from passages.page.state import PAGE
from passages.page.wording import tr
from passages.search.honesty.strength import not_said, strength


@dataclass(frozen=True, slots=True)
class Card:
    """The hits in one section, best first; `number` counts the cards as they are read."""

    number: int
    hits: tuple[Hit, ...]

    @property
    def best(self) -> Passage:
        """The passage that came first."""
        return self.hits[0].passage

    def holds(self, passage: Passage) -> bool:
        """Whether the passage is one of the card's."""
        return any(hit.passage == passage for hit in self.hits)


def cards(hits: Sequence[Hit], first_number: int = 1) -> list[list[Card]]:
    """Cards in the order of the hits, one list a run of hits in one article.

    Hits are joined only where they follow each other: no passage stands below a weaker one.
    Hits A1 A1 A2 B1 A1 (article and section) -> [[A1 A1, A2], [B1], [A1]]
    """
    numbers = count(first_number)
    return [
        [
            Card(next(numbers), tuple(found))
            for _, found in groupby(of_article, key=lambda hit: hit.passage.anchor)
        ]
        for _, of_article in groupby(hits, key=lambda hit: hit.passage.article.id)
    ]


def pages(answer: Answer, shown: int) -> Iterator[list[list[Card]]]:
    """The first `shown` hits as cards, a page of hits at a time: "Show more" moves nothing."""
    number = 1
    for first in range(0, min(shown, len(answer.hits)), PAGE):
        groups = cards(answer.hits[first : min(first + PAGE, shown)], number)
        number += sum(len(group) for group in groups)
        yield groups


def in_reading_order(answer: Answer) -> list[Card]:
    """All cards of the answer, one after the other."""
    groups = chain.from_iterable(pages(answer, len(answer.hits)))
    return list(chain.from_iterable(groups))


def article_html(passage: Passage) -> str:
    """The heading of an article's cards."""
    article = passage.article
    origin = origin_html(article)
    below = f'<p class="origin">{origin}</p>' if origin else ""
    spoken = language_attributes(article)
    return f'<header class="article"{spoken}><h2>{escape(article.title)}</h2>{below}</header>'


def card_html(answer: Answer, card: Card, phrases: Sequence[Phrase] = ()) -> str:
    """A card: its number, heading path, strength, and the passages with what to read first.

    `phrases` mean the same as words of the question.
    """
    said = strength(answer, card.hits[0]) if answer.measured and is_sure(answer) else ""
    lacks = "".join(f"<p>{escape(line)}</p>" for line in not_said(card.hits[0], tr))
    shown = f'<p class="strength {said.split()[0].lower()}">{tr(said)}</p>' if said else ""
    shown += f'<div class="lacks">{lacks}</div>' if lacks else ""
    also = "".join(
        f'<p class="origin">{tr("Also in:")} {escape(_path(passage))}</p>'
        for hit in card.hits
        for passage in hit.other_places
    )
    spoken = language_attributes(card.best.article)
    *above, last = card.best.headings or (tr("Beginning of the article"),)
    path = "".join(f"<span>{escape(heading)}</span>" for heading in above)
    crumbs = f'<p class="crumbs">{path}</p>' if above else ""
    return (
        f'<div class="card"><p class="number" aria-hidden="true">{card.number}</p>'
        f"<div{spoken if card.best.headings else ''}>{crumbs}<h3>{escape(last)}</h3></div>{shown}"
        f'<div class="prose"{spoken}>{"".join(_passages_html(answer, card, phrases))}</div>'
        f"{also}</div>"
    )


def foot_html(passage: Passage, name: str, address: str) -> str:
    """The way into the article, and a button that copies the passage; on paper, its address."""
    article = passage.article
    told = ", ".join(part for part in (_path(passage), article.source, article.date) if part)
    quote = f"“{' '.join(passage.visible.text.split())}”\n{told}"
    where = escape(address)
    return (
        f'<div class="foot"><a class="read" data-app href="{where}">{escape(name)}</a>'
        f'<button type="button" class="copy" data-quote="{escape(quote)}" data-address="{where}" '
        f'data-copied="{tr("Copied")}">'
        f'{tr("Copy quote with link")}</button></div><p class="printed" data-address="{where}"></p>'
    )


def _path(passage: Passage) -> str:
    return " › ".join((passage.article.title, *passage.headings))


def _passages_html(answer: Answer, card: Card, phrases: Sequence[Phrase]) -> Iterator[str]:
    end: int | None = None
    for hit in sorted(card.hits, key=lambda hit: hit.passage.start):
        passage = hit.passage
        if end is not None and passage.article.text[end : passage.start].strip():
            yield '<p class="gap">…</p>'
        end = passage.end
        # Of several passages in one card only the first that was found is to be read first.
        find = marks if hit is card.hits[0] else word_marks
        yield render_passage(passage, find(answer, passage, phrases))
