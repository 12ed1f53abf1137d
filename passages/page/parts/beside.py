"""Where to go on from an answer: related sections; from none: words that the articles use."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from html import escape

from passages import Answer, Hit, Index
from passages.articles.chunking import Passage
from passages.language.languages import ENGLISH
from passages.language.word_lists import is_commonplace
from passages.language.words import Word, stems_of, words_of
from passages.page import links
from passages.page.reading.render import language_attributes
from passages.page.settings import settings
from passages.page.wording import tr

RELATED, WORDS = 4, 3
_COMMONEST = 3_000  # words of a language that lead nowhere
_SHORTEST = 4  # letters
_NO_NOUNS = ("ly", "ed", "ing")  # how English words end that rarely name a thing


def related(answer: Answer, shown: int) -> list[Passage]:
    """Passages of the sections that come next after those that are shown, each section once."""
    drawn = {_section(hit.passage) for hit in answer.hits[:shown]}
    found: dict[tuple[str, str], Passage] = {}
    for hit in answer.hits[shown:]:
        if hit.passage.headings and _section(hit.passage) not in drawn:
            found.setdefault(_section(hit.passage), hit.passage)
    return list(found.values())[:RELATED]


def related_html(passages: Sequence[Passage], question: str, articles: Sequence[str]) -> str:
    """The sections as links into their articles."""
    items = "".join(
        f"<li{language_attributes(each.article)}>"
        f'<a data-app href="{_address(each, question, articles)}">'
        f"{escape(each.headings[-1])} <small>{escape(each.article.title)}</small></a></li>"
        for each in passages
    )
    heading = tr("Related sections")
    return (
        f'<nav class="related" aria-label="{heading}"><h2>{heading}</h2>'
        f'<ul class="list">{items}</ul></nav>'
    )


def words_to_try(answer: Answer, rarity: Callable[[str], float]) -> list[str]:
    """Words of the headings nearest to a question that found no answer; it has none of them.

    Where the nearest passages have no headings, words of their sentences.

    Args:
        answer: what was found.
        rarity: how rare a term is in the articles: what all of them are about leads nowhere.
    """
    if not answer.hits:
        return []
    code = answer.hits[0].passage.article.code
    asked = set(stems_of(answer.question, code))
    weights: defaultdict[str, float] = defaultdict(float)
    in_hits: Counter[str] = Counter()
    forms: dict[str, str] = {}
    for hit in answer.hits:
        own = {
            word.term: text
            for text, word in _words(hit, code)
            if word.term not in asked and _says_something(text, code)
        }
        in_hits.update(own.keys())
        for term, text in own.items():
            weights[term] += 1 / hit.rank
            forms.setdefault(term, text)
    most = max(1, len(answer.hits) // 4)  # what more of them have is what all articles are about
    best = sorted(weights, key=lambda term: -weights[term] * rarity(term))
    return [forms[term] for term in best if in_hits[term] <= most][:WORDS]


def rarity(index: Index) -> Callable[[str], float]:
    """The idf of a term in an index; a service does not tell it, so all are alike."""
    return (lambda term: 1.0) if settings().service else index.source.words.idf


def words_html(words: Sequence[str]) -> str:
    """The words, each a link that asks it."""
    asked = (
        f'<a data-app href="{escape(links.address(links.results(word, ())))}">{escape(word)}</a>'
        for word in words
    )
    return f"<p>{tr('Words that these articles use:')} {', '.join(asked)}</p>" if words else ""


def _words(hit: Hit, code: str) -> list[tuple[str, Word]]:
    text = " · ".join(hit.passage.headings) or hit.sentence
    found = [(text[word.start : word.end], word) for word in words_of(text, code)]
    return [(each if each.isupper() else each.lower(), word) for each, word in found]


def _says_something(word: str, code: str) -> bool:
    return (
        len(word) >= _SHORTEST
        and word.isalpha()
        and not (code == ENGLISH and word.endswith(_NO_NOUNS))
        and not is_commonplace(word, code, _COMMONEST)
    )


def _section(passage: Passage) -> tuple[str, str]:
    return passage.article.id, passage.anchor


def _address(passage: Passage, question: str, articles: Sequence[str]) -> str:
    return escape(links.address(links.reader(passage, question, articles), "article"))
