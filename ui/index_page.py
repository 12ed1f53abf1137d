"""The index page."""

import streamlit as st

st.html("<h1>Index</h1>")
