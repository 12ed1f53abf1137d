"""Navigation only; what is drawn is in `screens/`.

`passages serve` has Streamlit import this file for the server (`app`); Streamlit runs it as the
script of every session, whoever made the server.
"""

from __future__ import annotations

import streamlit as st

from passages.page import state as server
from passages.page.parts import asking, chrome
from passages.page.serving.asgi import SCRIPT, SERVER
from passages.page.settings import settings
from passages.page.wording import tr


def draw() -> None:
    """Draw the page that the address names, between header and footer."""
    pages = [
        st.Page(chrome.SEARCH, title=server.appearance().title, default=True),
        st.Page(chrome.ARTICLE, title=tr("Article"), url_path="article"),
        st.Page(chrome.ARTICLES, title=tr("Articles"), url_path="articles"),
        st.Page(chrome.EVALUATE, title=tr("How good is it?"), url_path="evaluation"),
        st.Page(chrome.INDEX, title=tr("State of the index"), url_path="index"),
    ]
    if settings().judging is not None:
        pages.append(st.Page(chrome.JUDGE, title=tr("Judging"), url_path="judging"))
    if settings().gaps is not None:
        pages.append(st.Page(chrome.GAPS, title=tr("What readers asked in vain"), url_path="gaps"))
    page = st.navigation(pages, position="hidden")
    chrome.title("" if page.url_path == "" else page.title)
    looks, question = server.appearance(), asking.question()
    wide = page.url_path not in ("", "articles")
    brand = chrome.header(looks, wide=wide)
    chrome.heading(first=not page.url_path, question=question)
    asking.box()
    with st.container(key="screen"):
        page.run()
    if server.appearance() != looks:  # the index, and with it the articles' folder, is known now
        chrome.brand(brand, server.appearance(), wide=wide)
    chrome.footer()
    chrome.ready(page.url_path or "search", question)


if __name__ == "__main__":
    draw()
else:
    app = st.App(SCRIPT, **SERVER)
