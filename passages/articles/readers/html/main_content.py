"""Where on a web page its article stands, once the furniture is gone."""

from __future__ import annotations

from passages.articles.readers.html.furniture import main_heading
from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.html.measure import Measure, measure
from passages.articles.readers.html.names import Says, says

_NO_CONTAINERS = frozenset(("p", "blockquote", "ul", "ol", "pre"))
_MOST = 0.8  # of the prose around it: what holds more is the article
_NAMED_MOST = 0.4  # the same where its tag or name says so
_SECTION = 0.15  # of the prose of the largest part: one beside it with a heading is a section
_LINK_SHARE = 0.4  # of its text: a section with more leads elsewhere
_HEADING_MOST = 0.3  # of the article: a heading's surroundings with more prose are not its header


def article_parts(body: Element) -> list[Element]:
    """What holds the article: its own element and, where that stands outside, its `h1`.

    Without an element that holds most of the prose it is the whole page.
    """
    measures = measure(body)
    main = _narrowed(_main(body, measures), measures)
    heading = main_heading(body, measures)
    if heading is None or main is body or next(main.iter("h1"), None) is not None:
        return [main]
    above = set(main.iterancestors())
    while heading.getparent() not in above:
        if measures[heading.getparent()].prose > _HEADING_MOST * measures[main].prose:
            break
        heading = heading.getparent()
    return [heading, main]


def _main(body: Element, measures: dict[Element, Measure]) -> Element:
    mains = [e for e in body.iter("main") if measures[e].prose]
    mains += [e for e in body.iterfind(".//*[@role='main']") if measures[e].prose]
    return max(mains, key=lambda e: measures[e].prose, default=body)


def _narrowed(main: Element, measures: dict[Element, Measure]) -> Element:
    """Go down as long as one element holds the article."""
    articles = _articles(main, measures)
    while True:
        if articles[main] == 1 and main.tag != "article":
            only = _only_article(main, articles)
            if measures[only].prose >= _NAMED_MOST * measures[main].prose:
                main = only
                continue
        best = max(main.iterchildren("*"), key=lambda child: measures[child].prose, default=None)
        if best is None or not measures[best].prose or best.tag in _NO_CONTAINERS:
            return main
        named = best.tag == "article" or best.get("itemprop") == "articleBody"
        share = _NAMED_MOST if named or says(best) is Says.ARTICLE else _MOST
        if measures[best].prose < share * measures[main].prose:
            return main
        if _is_divided(best, main, measures):
            return main
        main = best


def _articles(main: Element, measures: dict[Element, Measure]) -> dict[Element, int]:
    """How many `article` elements with prose are in each element, those in these not counted."""
    counts: dict[Element, int] = {}
    for element in reversed(list(main.iter())):
        is_article = element.tag == "article" and measures[element].prose > 0
        counts[element] = 1 if is_article else sum(counts[child] for child in element)
    return counts


def _only_article(main: Element, articles: dict[Element, int]) -> Element:
    while main.tag != "article":
        main = next(child for child in main if articles[child])
    return main


def _is_divided(best: Element, main: Element, measures: dict[Element, Measure]) -> bool:
    """Whether part of the article stands beside the element: paragraphs, or sections."""
    least = _SECTION * measures[best].words
    for child in main.iterchildren("*"):
        held = measures[child]
        if child is best or not held.letters:
            continue
        if (child.tag == "p" and held.prose) or child.tag in ("h2", "h3", "h4", "h5", "h6"):
            return True
        if held.words and child.get("class") and child.get("class") == best.get("class"):
            return True
        if held.headings and held.words >= least and held.link_share < _LINK_SHARE:
            return True
    return False
