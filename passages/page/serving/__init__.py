"""The page and the HTTP API in one server of its own."""
