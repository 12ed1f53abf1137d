"""Navigation only; what is drawn is in `screens/`.

`passages serve` has Streamlit import this file for the server (`app`); Streamlit runs it as the
script of every session, whoever made the server.
"""

from __future__ import annotations

import streamlit as st

from passages.page.parts import asking, chrome
from passages.page.serving.asgi import SCRIPT, SERVER
from passages.page.settings import settings


def draw() -> None:
    """Draw the page that the address names, between header and footer."""
    pages = [
        st.Page(chrome.SEARCH, title=chrome.NAME, default=True),
        st.Page(chrome.ARTICLE, title="Article", url_path="article"),
        st.Page(chrome.EVALUATE, title="Evaluation", url_path="evaluation"),
        st.Page(chrome.INDEX, title="Index", url_path="index"),
    ]
    if settings().judging is not None:
        pages.append(st.Page(chrome.JUDGE, title="Judging", url_path="judging"))
    page = st.navigation(pages, position="hidden")
    chrome.title("" if page.url_path == "" else page.title)
    chrome.header()
    if page.url_path:
        asking.ask_from_elsewhere()
    page.run()
    chrome.footer()
    chrome.ready(page.url_path or "search", st.query_params.get("q", "").strip())


if __name__ == "__main__":
    draw()
else:
    app = st.App(SCRIPT, **SERVER)
