"""Passages: questions answered with the passages of your own articles."""

from passages.index.folder import NoIndex
from passages.index.manifest import IndexDamaged
from passages.search.searcher import Answer, Hit, Index, open_index

__all__ = ["Answer", "Hit", "Index", "IndexDamaged", "NoIndex", "open_index"]
