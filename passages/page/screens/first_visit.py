"""What a reader sees before the first question: what this is, and examples from the articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from passages.page.contents import sample
from passages.page.parts import chrome
from passages.page.wording import counted, tr

if TYPE_CHECKING:
    from passages import Index
    from passages.articles.chunking import Passage

EXAMPLES = 4
_LOOKED_AT = 400  # passages, spread over the index


def draw(index: Index) -> None:
    """Draw what this is, and the examples as buttons."""
    articles = index.about.articles
    where = counted(articles, "one article", "{number} articles")
    st.html(
        '<p class="lead">'
        + tr(
            "Passages searches {articles} and shows you what they say, word for word and "
            "in its place. Nothing is written for you."
        ).format(articles=where)
        + ' <span class="key">'
        + tr("Press {key} to ask.").format(key="<kbd>/</kbd>")
        + "</span></p>"
    )
    st.html(_recent())
    found = _examples(index, index.about.name)
    if not found:
        return
    with st.container(key="examples"):
        st.html('<h2 class="examples">' + tr("For example") + "</h2>")
        for number, example in enumerate(found):
            if st.button(chrome.literal(example), key=f"example_{number}", type="tertiary"):
                st.query_params["q"] = example
                st.rerun()


def _recent() -> str:
    """Where a script lists the questions that the reader's own browser has kept."""
    return (
        f'<section data-recent hidden><h2 class="examples">{tr("Your recent questions")}</h2>'
        f'<ul class="list"></ul><p class="quiet">{tr("Kept in this browser only.")} '
        f'<button type="button" class="copy" data-clear>{tr("Clear them")}</button></p></section>'
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _examples(_index: Index, snapshot: str) -> list[str]:
    return examples(_index)


def examples(index: Index) -> list[str]:
    """Headings that can be asked, questions first, from as many articles as can be."""
    headings = {
        passage.headings[-1]: passage.article.id
        for passage in sample(index, _LOOKED_AT)
        if _can_be_asked(passage)
    }
    return _choose(headings)


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
