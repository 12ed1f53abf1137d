"""The evaluation page."""

import streamlit as st

st.html("<h1>Evaluation</h1>")
