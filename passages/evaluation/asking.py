"""Judged questions asked of an index: every setting answers from one pass of signals."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from passages.evaluation.judgements import JudgedQuestion
from passages.evaluation.quotes import Place
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
        """Whether the hit overlaps what answers the question."""
        passage = hit.passage
        span = passage.start, passage.end
        return any(place.overlaps(passage.article.id, *span) for place in self.places)

    @property
    def first_relevant(self) -> Hit | None:
        """The first hit that answers."""
        return next((hit for hit in self.answer.hits if self.answers(hit)), None)

    @property
    def words_to_answer(self) -> int:
        """Words a reader goes through until the answer: the passages above it and its own."""
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
        start = hit.passage.start
        article, span = hit.passage.article.id, (start + hit.span[0], start + hit.span[1])
        return any(place.overlaps(article, *span) for place in self.places)

    def gains(self) -> list[list[int]]:
        """For each hit the judgements (numbers) that it is the first to overlap."""
        left = dict(enumerate(self.places))
        gains = []
        for hit in self.answer.hits:
            passage = hit.passage
            found = [
                number
                for number, place in left.items()
                if place.overlaps(passage.article.id, passage.start, passage.end)
            ]
            for number in found:
                del left[number]
            gains.append(found)
        return gains


def ask(
    questions: Sequence[JudgedQuestion],
    places: Sequence[tuple[Place, ...]],
    answers: Callable[[str], Mapping[str, Answer]],
    progress: Callable[[int, int], object] = lambda done, total: None,
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
