"""The article page: the whole article, the passage that was found in its middle."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from passages.errors import PassagesError
from passages.page import links
from passages.page import state as server
from passages.page.parts import chrome
from passages.page.screens import missing
from passages.page.wording import tr

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from passages import Answer, Index
    from passages.articles.chunking import Passage
    from passages.articles.corpus import Article
    from passages.page.reading.render import Mark


def main() -> None:
    """Say what is missing, if anything, or draw the article."""
    parameters = st.query_params
    question = parameters.get("q", "").strip()
    articles = tuple(parameters.get_all("in"))
    with st.container(key="bar", horizontal=True, vertical_alignment="center"):
        label = tr("← Back to results") if question else tr("← All articles")
        # Not `st.page_link`: its address leads to another page's when it is opened in a new tab.
        to_results = links.address(links.results(question, articles))
        where = escape(to_results) if question else "articles"
        st.html(f'<p class="back"><a data-app data-back href="{where}">{label}</a></p>')
        steps = st.container(horizontal=True, horizontal_alignment="right", key="steps")
    index = server.wait_for_index()
    if index is None:
        missing.draw()
        return
    article = index.article(parameters.get("a", ""))
    if article is None:
        chrome.title(tr("Article not found"))
        chrome.note(
            f"<h1>{tr('Article not found')}</h1><p>"
            + tr(
                "It is not in the index any more, or the address is not complete. "
                "Ask again to find where the words stand now."
            )
            + "</p>"
        )
        return
    _article(index, article, question, articles, steps)


def _article(
    index: Index, article: Article, question: str, articles: tuple[str, ...], steps: DeltaGenerator
) -> None:
    from passages.page.reading import article_view as reader
    from passages.page.reading import marking
    from passages.search.answer import key as permalink
    from passages.search.answer import resolve

    chrome.title(article.title)
    passages = index.passages_of(article.id)
    wanted = st.query_params.get("p", "")
    target = resolve(wanted, passages) if wanted else None
    changed = False
    if wanted and target is None:
        changed = True
        target = _nearest(index, article.id, question, wanted, passages)
    answer = _answer(index, question, articles)
    with steps:
        _neighbours(answer, target, articles)
    found: list[Mark] = []
    if answer and target:
        found = marking.marks(answer, target, marking.phrases_of(index, answer))
    back = links.address(links.results(question, articles)) if question else None
    st.html(reader.html(article, passages, target, found, changed=changed, back=back))
    section = st.query_params.get("s", "")
    if target is not None or section:
        arrive = reader.scroll_script(permalink(target) if target else "", section)
        st.html(arrive, unsafe_allow_javascript=True)


def _answer(index: Index, question: str, articles: tuple[str, ...]) -> Answer | None:
    if not question:
        return None
    try:
        return server.answer(index, question, articles)
    except PassagesError:  # the article can be read even where nothing can be asked
        return None


def _nearest(
    index: Index, article: str, question: str, wanted: str, passages: list[Passage]
) -> Passage | None:
    """What the question finds in the article now, or else what stands at the same place."""
    answer = _answer(index, question, (article,))
    if answer and answer.hits:
        return answer.hits[0].passage
    start = wanted.partition("-")[0]
    if not start.isdigit():
        return None
    return next((passage for passage in passages if passage.end > int(start)), None)


def _neighbours(answer: Answer | None, target: Passage | None, articles: tuple[str, ...]) -> None:
    """Buttons to the previous and next card of the results, in the order they are read there."""
    from passages.page.reading import results

    if answer is None or target is None:
        return
    found = results.in_reading_order(answer)
    here = [card.best.article.id == target.article.id and card.holds(target) for card in found]
    if not any(here):
        return
    place = here.index(True)
    for label, other in (("Previous", place - 1), ("Next", place + 1)):
        out = not 0 <= other < len(found)
        if st.button(tr(label), key=f"to_{label}", type="tertiary", disabled=out):
            address = links.reader(found[other].best, answer.question, articles)
            st.query_params.from_dict(address)
            st.rerun()


main()
