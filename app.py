"""The page: `streamlit run app.py`. Navigation only; what is drawn is in `passages/page/`.

Streamlit imports this file for the server (`app`) and runs it as the script of every session.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from passages.page import asgi as serving
from passages.page.parts import chrome


def draw() -> None:
    """Draw the page that the address names, between header and footer."""
    pages = [
        st.Page(chrome.SEARCH, title=chrome.NAME, default=True),
        st.Page(chrome.ARTICLE, title="Article", url_path="article"),
        st.Page(chrome.EVALUATE, title="Evaluation", url_path="evaluation"),
        st.Page(chrome.INDEX, title="Index", url_path="index"),
    ]
    page = st.navigation(pages, position="hidden")
    chrome.title("" if page.url_path == "" else page.title)
    chrome.header()
    page.run()
    chrome.footer()
    chrome.ready(page.url_path or "search", st.query_params.get("q", "").strip())


if __name__ == "__main__":
    draw()
else:
    app = st.App(
        Path(__file__).resolve(),
        lifespan=serving.lifespan,
        middleware=serving.MIDDLEWARE,
        routes=serving.ROUTES,
        on_script_error=serving.on_script_error,
    )
