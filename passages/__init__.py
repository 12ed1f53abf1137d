"""Passages: questions answered with the passages of your own articles.

    from passages import open_index
    answer = open_index("index").search("who must not take ketamine?")

Names are imported when they are first used (PEP 562): `import passages` alone loads nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from passages.errors import (
    BadQuestions,
    BadSetting,
    BuildRunning,
    DraftLeftOut,
    IndexDamaged,
    IndexNotWritten,
    IndexUnusable,
    MissingExtra,
    ModelUnavailable,
    NoArticles,
    NoCorpus,
    NoIndex,
    NoQuestions,
    PartMissing,
    PassagesError,
    ServiceUnavailable,
    StoreUnavailable,
    UnreadableFile,
)

if TYPE_CHECKING:
    from passages.articles.chunking import Passage
    from passages.articles.corpus import Article
    from passages.building.build import Report, build
    from passages.evaluation.evaluate import evaluate
    from passages.opening import open_index
    from passages.search.answer import Answer, Hit
    from passages.search.searcher import Index

__all__ = [
    "Answer",
    "Article",
    "BadQuestions",
    "BadSetting",
    "BuildRunning",
    "DraftLeftOut",
    "Hit",
    "Index",
    "IndexDamaged",
    "IndexNotWritten",
    "IndexUnusable",
    "MissingExtra",
    "ModelUnavailable",
    "NoArticles",
    "NoCorpus",
    "NoIndex",
    "NoQuestions",
    "PartMissing",
    "Passage",
    "PassagesError",
    "Report",
    "ServiceUnavailable",
    "StoreUnavailable",
    "UnreadableFile",
    "build",
    "evaluate",
    "open_index",
]

_HOMES = {
    "Answer": "passages.search.answer",
    "Article": "passages.articles.corpus",
    "Hit": "passages.search.answer",
    "Index": "passages.search.searcher",
    "Passage": "passages.articles.chunking",
    "Report": "passages.building.build",
    "build": "passages.building.build",
    "evaluate": "passages.evaluation.evaluate",
    "open_index": "passages.opening",
}


def __getattr__(name: str) -> Any:
    """Import a name of the face from its home, once."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
