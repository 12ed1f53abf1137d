"""Books (EPUB)."""
