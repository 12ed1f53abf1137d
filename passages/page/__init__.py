"""The web page, which `app.py` draws with Streamlit."""
