"""What app.py draws: one file a page, one for rendering a passage."""
