"""What Prometheus is told: requests, questions, how long they took, and what serves."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from passages.search.answer import Answer
from passages.search.searcher import Index

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters of one server; none holds a question, an address or an article."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        registry = self._registry
        self._requests = Counter(
            "passages_requests", "Requests.", ("route", "method", "status"), registry=registry
        )
        self._questions = Counter(
            "passages_questions", "Questions answered.", ("covered",), registry=registry
        )
        self._seconds = Histogram(
            "passages_search_seconds", "Seconds to answer a question.", registry=registry
        )
        self._missing = Counter(
            "passages_part_missing", "Questions that a shard could not be asked.", registry=registry
        )
        self._built = Gauge(
            "passages_built_seconds", "When what serves was built (Unix time).", registry=registry
        )
        self._articles = Gauge("passages_articles", "Articles that serve.", registry=registry)
        self._passages = Gauge("passages_passages", "Passages that serve.", registry=registry)
        self._ready = Gauge("passages_ready", "1 where questions are answered.", registry=registry)

    def request(self, route: str, method: str, status: int) -> None:
        """Count a request."""
        self._requests.labels(route, method, str(status)).inc()

    def answered(self, answer: Answer, seconds: float) -> None:
        """Count a question."""
        self._questions.labels(str(answer.covered).lower()).inc()
        self._seconds.observe(seconds)

    def part_missing(self) -> None:
        """Count a question that was refused because a shard could not be asked."""
        self._missing.inc()

    def text(self, index: Index | None) -> bytes:
        """All of it in the text format of Prometheus."""
        self._ready.set(index is not None)
        self._built.set(datetime.fromisoformat(index.about.created).timestamp() if index else 0)
        self._articles.set(index.about.articles if index else 0)
        self._passages.set(index.about.passages if index else 0)
        return generate_latest(self._registry)
