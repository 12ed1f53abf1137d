"""Vectors: encoded once, searched with FAISS, token by token, taken from older formats."""
