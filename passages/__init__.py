"""Passages: questions answered with the passages of your own articles."""

from passages.manifest import IndexDamaged
from passages.search import Answer, Hit, Index, open_index
from passages.store import NoIndex

__all__ = ["Answer", "Hit", "Index", "IndexDamaged", "NoIndex", "open_index"]
