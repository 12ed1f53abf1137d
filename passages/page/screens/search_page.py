"""The search page: a question in, the passages that answer it out."""

from __future__ import annotations

from contextlib import nullcontext
from html import escape
from itertools import chain
from typing import TYPE_CHECKING

import streamlit as st

from passages.errors import PassagesError
from passages.page import links
from passages.page import state as server
from passages.page.notice import notice
from passages.page.parts import asking, chrome
from passages.page.screens import missing
from passages.page.wording import counted, tr

if TYPE_CHECKING:
    from passages import Answer, Index

CLOSEST = 3  # passages that are shown where none answers


def main() -> None:
    """What was found, or before the first question what there is to find."""
    question = asking.question()
    chrome.title(question)
    read_as = st.empty()
    index = server.wait_for_index()

    if index is None:
        missing.draw()
        return
    if not question:
        from passages.page.screens import first_visit  # it imports the search: not before the box

        first_visit.draw(index)
        return
    notice_by_examples = notice.draw(question, index)
    with st.container(key="narrow"):
        status = st.container()
        articles = asking.narrow(index, question)
    try:
        with st.spinner(tr("Loading …")) if server.is_loading() else nullcontext():
            answer = server.answer(index, question, articles)
    except PassagesError as error:  # its encoder cannot be loaded
        missing.unusable(error)
        return
    notice_by_examples()
    _keep(answer)
    with status:
        _status(answer)
    if answer.replaced:
        read_as.html(_reading(answer, articles))
    _draw_answer(index, answer, articles)


def _draw_answer(index: Index, answer: Answer, articles: tuple[str, ...]) -> None:
    if answer.covered:
        from passages.page.reading import marking

        if not marking.is_sure(answer):
            chrome.note(_only_related(answer))
        _covered(index, answer, articles)
    else:
        _not_covered(index, answer, articles)


def _only_related(answer: Answer) -> str:
    """That the passages may not answer, and what of the question no article has."""
    said = tr("These passages are related. They may not answer the question.")
    return f"{_unknown(answer)}<p>{said}</p>"


def _unknown(answer: Answer) -> str:
    """What of the question no article has."""
    words = ", ".join(escape(word) for word in answer.unknown)
    return f"<p>{tr('No article mentions this: {words}.').format(words=words)}</p>" if words else ""


def _keep(answer: Answer) -> None:
    """Keep the question for the editors, where they look at what is asked: once a session."""
    log = server.question_log()
    kept = st.session_state.setdefault("_kept", set())
    if log is not None and answer.question not in kept:
        kept.add(answer.question)
        log.add(answer.question, answer.verdict)


def _reading(answer: Answer, articles: tuple[str, ...]) -> str:
    """Which words were read as others, and a link that asks them as they were typed."""
    between = tr("as")
    pairs = ", ".join(
        f"<em>{escape(typed)}</em> {between} <em>{escape(read)}</em>"
        for typed, read in answer.replaced
    )
    where = escape(links.address(links.results(f'"{answer.question}"', articles)))
    typed = f'<a data-app href="{where}">{tr("Ask it as typed")}</a>'
    return f'<p class="status reading">{tr("reading")} {pairs} · {typed}</p>'


def _covered(index: Index, answer: Answer, articles: tuple[str, ...]) -> None:
    from passages.page.parts import beside

    shown = _shown(answer)
    _draw(index, answer, shown, articles)
    if shown < len(answer.hits) and st.button(tr("Show more"), key="more"):
        st.session_state["shown"] = (answer.question, shown + server.PAGE)
        st.rerun()
    if others := beside.related(answer, shown):
        st.html(beside.related_html(others, answer.question, articles))


def _not_covered(index: Index, answer: Answer, articles: tuple[str, ...]) -> None:
    from passages.page.parts import beside

    said = tr("I did not find an answer in these articles.")
    if index.about.articles == 1:
        said = tr("I did not find an answer in this article.")
    elif articles:
        said = tr("I did not find an answer in the chosen articles.")
    advice = tr("Try other words, or one question at a time.")
    other = beside.words_html(beside.words_to_try(answer, beside.rarity(index)))
    chrome.note(f"<h2>{said}</h2>{_unknown(answer)}<p>{advice}</p>{other}", "uncovered")
    if articles and st.button(tr("Search all articles"), key="unfilter"):
        st.query_params.pop("in", None)
        st.rerun()
    if answer.hits:
        with st.container(key="closest"):
            st.html(
                f'<div class="closest"><h2>{tr("Closest passages")}</h2><p>'
                f"{tr('They do not answer it; nothing in the articles is nearer.')}</p></div>"
            )
            _draw(index, answer, CLOSEST, articles)


def _status(answer: Answer) -> None:
    """How much was found, for eyes and screen readers alike."""
    words = tr("No answer found for")
    if answer.covered:
        hits = answer.hits[: _shown(answer)]
        sources = len({hit.passage.article.id for hit in hits})
        words = tr("{passages} from {articles} for").format(
            passages=counted(len(hits), "{number} passage", "{number} passages"),
            articles=counted(sources, "{number} article", "{number} articles"),
        )
    asked = answer.question if len(answer.question) < 120 else f"{answer.question[:119]}…"
    st.html(f'<p class="status" role="status">{words} <q>{escape(asked)}</q></p>')


def _legend(answer: Answer) -> str:
    """Explain the two kinds of highlight."""
    words = tr("your words and their synonyms")
    said = f'<span class="word">{tr("Underlined")}</span>: {words}'
    if not answer.covered:
        return said
    sentence = tr("what comes closest to your question")
    return f'<span class="marked">{tr("Highlighted")}</span>: {sentence} · {said}'


def _shown(answer: Answer) -> int:
    """How many hits are shown: more only where the reader asked for more of this very answer."""
    asked, shown = st.session_state.get("shown", ("", server.PAGE))
    return shown if asked == answer.question else server.PAGE


def _draw(index: Index, answer: Answer, shown: int, articles: tuple[str, ...]) -> None:
    """Draw the cards of the first `shown` hits, those of one article under its title."""
    from passages.page.parts import feedback
    from passages.page.reading import marking, results

    phrases = marking.phrases_of(index, answer)
    st.html(f'<p class="legend">{_legend(answer)}</p>')
    groups = list(chain.from_iterable(results.pages(answer, shown)))
    names = links.names([card.best for group in groups for card in group])
    for group in groups:
        st.html(results.article_html(group[0].best))
        for card in group:
            with st.container(key=f"hit_{card.number}"):
                st.html(results.card_html(answer, card, phrases))
                where = links.address(links.reader(card.best, answer.question, articles), "article")
                foot = results.foot_html(card.best, names[card.number - 1], where)
                with st.container(
                    horizontal=True,
                    horizontal_alignment="distribute",
                    vertical_alignment="center",
                ):
                    st.html(foot)
                    if answer.covered:
                        feedback.draw(answer.question, card.best, f"vote_{card.number}")


main()
