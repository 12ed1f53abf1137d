"""The page: `streamlit run app.py`. `passages serve` serves the same from any folder."""

from __future__ import annotations

import streamlit as st

from passages.page.serving.asgi import SCRIPT, SERVER

app = st.App(SCRIPT, **SERVER)  # Streamlit looks for these words in the script it is given
