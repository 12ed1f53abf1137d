"""Judged questions asked of an index: every setting answers from one pass of signals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from passages.articles.chunking import Passage
from passages.articles.markdown import Span
from passages.evaluation.judgements import JudgedQuestion
from passages.evaluation.quotes import Place
from passages.progress import Progress, silent
from passages.search.answer import Answer, Hit

CUTOFF = 10
"""Passages that a reader is thought to look at."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question as it was answered; `places` are where its judgements stand.

    `seconds` is what the question took with all settings that were scored in the same pass.
    """

    question: JudgedQuestion
    places: tuple[Place, ...]
    answer: Answer
    seconds: float = 0.0

    def answers(self, hit: Hit) -> bool:
        """Whether the hit, or another place of its text, overlaps what answers the question."""
        return any(_holds(hit, place) for place in self.places)

    @property
    def first_relevant(self) -> Hit | None:
        """The first hit that answers."""
        return next((hit for hit in self.answer.hits if self.answers(hit)), None)

    @property
    def words_to_answer(self) -> int:
        """Words read up to the answer: those of the passages above it, and its own."""
        first = self.first_relevant
        hits = self.answer.hits[: min(first.rank, CUTOFF) if first else CUTOFF]
        return sum(len(hit.passage.words.split()) for hit in hits)

    @property
    def marked(self) -> bool | None:
        """Whether the sentence marked in the first hit that answers is one that answers.

        None where articles are judged as a whole: any sentence of them would do.
        """
        if any(place.whole for place in self.places):
            return None
        hit = self.first_relevant
        if hit is None or hit.rank > CUTOFF:
            return False
        spans = [(hit.passage, hit.span), *_same_sentences(hit)]
        return any(
            place.overlaps(passage.article.id, passage.start + start, passage.start + end)
            for passage, (start, end) in spans
            for place in self.places
        )

    def gains(self) -> list[list[int]]:
        """For each hit, the numbers of the judgements that it is the first to overlap."""
        left = dict(enumerate(self.places))
        gains = []
        for hit in self.answer.hits:
            found = [number for number, place in left.items() if _holds(hit, place)]
            for number in found:
                del left[number]
            gains.append(found)
        return gains


def _holds(hit: Hit, place: Place) -> bool:
    """Whether the hit names a place that overlaps this one: its passage, or another of its text."""
    return any(
        place.overlaps(passage.article.id, passage.start, passage.end)
        for passage in (hit.passage, *hit.other_places)
    )


def _same_sentences(hit: Hit) -> Iterator[tuple[Passage, Span]]:
    """The hit's sentence in the other places of its text."""
    for passage in hit.other_places:
        start = passage.words.find(hit.sentence)
        if start >= 0:
            yield passage, passage.in_text((start, start + len(hit.sentence)))


def ask(
    questions: Sequence[JudgedQuestion],
    places: Sequence[tuple[Place, ...]],
    answers: Callable[[str], Mapping[str, Answer]],
    progress: Progress = silent,
) -> dict[str, list[Answered]]:
    """Ask every question once; returns a run for each setting, in the order of the questions.

    Args:
        questions: what is asked.
        places: where the judgements of each question stand (`QuoteFinder.find`).
        answers: a question's answer by each setting, as `Index.answers` gives them.
        progress: called with the questions done and their number.
    """
    runs: dict[str, list[Answered]] = {}
    for done, (question, found) in enumerate(zip(questions, places, strict=True), start=1):
        started = time.perf_counter()
        answered = answers(question.text)
        seconds = time.perf_counter() - started
        for setting, answer in answered.items():
            runs.setdefault(setting, []).append(Answered(question, found, answer, seconds))
        progress(done, len(questions))
    return runs
