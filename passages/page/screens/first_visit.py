"""What a reader sees before the first question: what this is, and questions of these articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from passages.page import links
from passages.page import state as server
from passages.page.contents import sample
from passages.page.wording import counted, tr

if TYPE_CHECKING:
    from passages import Index
    from passages.articles.chunking import Passage

EXAMPLES = 6
_LOOKED_AT = 400  # passages, spread over the index

Topics = Mapping[str, Sequence[str]]
"""Questions by topic; the topic is empty where there is only one."""


def draw(index: Index) -> None:
    """Draw what this is, the reader's own questions, and those of the operator or the headings."""
    looks = server.appearance()
    st.html(f'<p class="lead">{escape(looks.welcome) or _what_this_is(index)} {_slash()}</p>')
    st.html(_recent())
    topics: Topics = looks.questions or _examples(index, index.about.name)
    if not any(topics.values()):
        return
    shown = "".join(
        (f'<h3 class="topic">{escape(topic)}</h3>' if topic else "")
        + f'<ul class="list">{"".join(map(_example, questions))}</ul>'
        for topic, questions in topics.items()
    )
    words = tr("For example")
    st.html(f'<nav aria-label="{words}"><h2 class="examples">{words}</h2>{shown}</nav>')


def _example(question: str) -> str:
    where = escape(links.address(links.results(question, ())))
    return f'<li><a class="example" data-app href="{where}">{escape(question)}</a></li>'


def _what_this_is(index: Index) -> str:
    return tr(
        "Passages searches {articles} and shows you what they say, word for word and in its place. "
        "Nothing is written for you."
    ).format(articles=counted(index.about.articles, "one article", "{number} articles"))


def _slash() -> str:
    words = tr("Press {key} to ask.").format(key="<kbd>/</kbd>")
    return f'<span class="key">{words}</span>'


def _recent() -> str:
    """Where a script lists the questions that the reader's own browser has kept."""
    return (
        f'<section data-recent hidden><h2 class="examples">{tr("Your recent questions")}</h2>'
        f'<ul class="list"></ul><p class="quiet">{tr("Kept in this browser only.")} '
        f'<button type="button" class="copy" data-clear>{tr("Clear them")}</button></p></section>'
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _examples(_index: Index, snapshot: str) -> dict[str, list[str]]:
    return examples(_index)


def examples(index: Index) -> dict[str, list[str]]:
    """Headings that can be asked, questions first, by the titles of as many articles as can be."""
    places = {
        passage.headings[-1]: passage.article
        for passage in sample(index, _LOOKED_AT)
        if _can_be_asked(passage)
    }
    topics: dict[str, list[str]] = {}
    for heading in _choose({heading: article.id for heading, article in places.items()}):
        topics.setdefault(places[heading].title, []).append(heading)
    return topics if len(topics) > 1 else {"": [each for few in topics.values() for each in few]}


def _can_be_asked(passage: Passage) -> bool:
    words = passage.headings[-1].split() if passage.headings else []
    return 4 <= len(words) <= 8


def _choose(articles: dict[str, str]) -> list[str]:
    """Of headings with their articles: each article's turn first, questions, no word twice."""
    chosen: list[str] = []
    while len(chosen) < min(EXAMPLES, len(articles)):
        used = {articles[heading] for heading in chosen}
        said = {word for heading in chosen for word in heading.lower().split()}
        chosen.append(
            min(
                articles.keys() - chosen,
                key=lambda heading: (
                    articles[heading] in used,
                    not heading.endswith("?"),
                    len(said.intersection(heading.lower().split())),
                    len(heading),
                    heading,
                ),
            )
        )
    return chosen
