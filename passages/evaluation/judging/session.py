"""One judge at work: what to judge next, blind and in random order; each label is saved at once.

The terminal and the page both work through one of these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from passages.articles.chunking import Passage
from passages.errors import BadSetting
from passages.evaluation.judgements import JudgedQuestion
from passages.evaluation.judging.labels import Key, Label, append_label, read_labels
from passages.evaluation.judging.pool import DEPTH, pool, shuffled
from passages.evaluation.quotes import Place, quote_finder
from passages.search.scoring import Ranking
from passages.search.searcher import Index


@dataclass(frozen=True, slots=True)
class Task:
    """A passage to judge: does it answer the question? `left` counts those of this question."""

    question: JudgedQuestion
    passage: Passage
    left: int

    @property
    def key(self) -> Key:
        """What is judged."""
        return self.question.id, self.passage.article.id, self.passage.text


class Pools:
    """The pools of some questions, each made when it is first needed."""

    def __init__(
        self,
        index: Index,
        questions: Sequence[JudgedQuestion],
        rankings: Mapping[str, Ranking],
        depth: int = DEPTH,
    ) -> None:
        """Find what was quoted before.

        Raises:
            BadQuestions: a quote is not in the articles.
        """
        self.questions = {question.id: question for question in questions}
        found = quote_finder(index).find(questions)
        self.places: dict[str, tuple[Place, ...]] = dict(zip(self.questions, found, strict=True))
        self._index, self._rankings, self._depth = index, rankings, depth
        self._made: dict[str, list[Passage]] = {}

    def of(self, question: str) -> list[Passage]:
        """The passages to judge for the question with this id."""
        if question not in self._made:
            text, places = self.questions[question].text, self.places[question]
            self._made[question] = pool(self._index, text, places, self._rankings, self._depth)
        return self._made[question]


class JudgingSession:
    """Hands out passages to one judge, question by question, until each has a label."""

    def __init__(self, pools: Pools, labels: Path, judge: str) -> None:
        """Go on where this judge left off.

        Raises:
            BadSetting: the judge has no name.
            BadQuestions: the labels cannot be read.
        """
        self.judge = " ".join(judge.split())
        if not self.judge:
            raise BadSetting("a judge needs a name: labels are kept by it")
        self._pools, self._path = pools, labels
        self._given = dict(read_labels(labels).get(self.judge, {}))
        self._skipped: set[Key] = set()
        self._last: list[Key] = []
        self._order = sorted(pools.questions, key=self._own_order)

    @property
    def given(self) -> int:
        """How many labels this judge has given."""
        return len(self._given)

    def next(self) -> Task | None:
        """What to judge next; None when every passage has a label or was skipped."""
        for question in self._order:
            passages = shuffled(self._pools.of(question), question, self.judge)
            tasks = [Task(self._pools.questions[question], each, 0) for each in passages]
            left = [task for task in tasks if task.key not in self._given | self._no_labels()]
            if left:
                return Task(left[0].question, left[0].passage, len(left))
        return None

    def label(self, task: Task, answers: bool) -> None:
        """Keep what the judge says of a passage.

        Raises:
            BadSetting: the labels cannot be written.
        """
        self._keep(task.key, answers)
        self._given[task.key] = answers
        self._last.append(task.key)

    def skip(self, task: Task) -> None:
        """Leave a passage for another day."""
        self._skipped.add(task.key)

    def undo(self) -> bool:
        """Take the last label of this session back; False where there is none.

        Raises:
            BadSetting: the labels cannot be written.
        """
        if not self._last:
            return False
        key = self._last.pop()
        self._keep(key, None)
        del self._given[key]
        return True

    def _keep(self, key: Key, answers: bool | None) -> None:
        given = datetime.now(UTC).isoformat(timespec="seconds")
        append_label(self._path, Label(*key, self.judge, answers, given))

    def _no_labels(self) -> dict[Key, bool]:
        return dict.fromkeys(self._skipped, False)

    def _own_order(self, question: str) -> bytes:
        return hashlib.sha256(repr((self.judge, question)).encode()).digest()
