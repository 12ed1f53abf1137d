"""Labels of several judges -> judged questions with quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from passages.articles.chunking import Passage
from passages.evaluation.judgements import JudgedQuestion
from passages.evaluation.judging.labels import Key, majority
from passages.evaluation.judging.session import Pools
from passages.evaluation.quotes import Place


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Lines to write; ids of questions that still lack labels, and keys on which judges tie."""

    lines: tuple[dict[str, Any], ...]
    unfinished: tuple[str, ...]
    tied: tuple[Key, ...]
    added: int
    removed: int

    def told(self, path: Path) -> str:
        """What was written to `path`, in a sentence; nothing is where no question is judged."""
        if not self.lines:
            return "nothing is written: every question has passages that nobody judged, or a tie"
        return (
            f"{len(self.lines)} questions in {path}: {self.added} quotes added, {self.removed} "
            f"removed; {len(self.unfinished)} questions left as they were "
            f"(labels lacking, or judges tie on {len(self.tied)} passages)"
        )


def verdicts(
    questions: Sequence[tuple[JudgedQuestion, dict[str, Any]]],
    pools: Pools,
    judges: Sequence[dict[Key, bool]],
) -> Verdicts:
    """What most judges say, as judged questions marked as pooled.

    A quote stays where a passage that it overlaps answers; a passage that answers and has no quote
    is quoted whole. A question with a passage nobody judged, or a tie, stays as it is, or is left
    out where it was never judged.
    """
    said = majority(judges)
    lines, unfinished, tied = [], [], []
    added = removed = 0
    for question, fields in questions:
        labels = [(passage, _key(question, passage)) for passage in pools.of(question.id)]
        ties = [key for _, key in labels if key in said and said[key] is None]
        if ties or any(key not in said for _, key in labels):
            tied += ties
            unfinished.append(question.id)
            lines += [fields] if "relevant" in fields else []
            continue
        right = [passage for passage, key in labels if said[key]]
        before = list(zip(fields.get("relevant", ()), pools.places[question.id], strict=True))
        kept = [given for given, place in before if place.whole or _any(place, right)]
        new = [
            {"quote": passage.text, "article": passage.article.id}
            for passage in right
            if not any(_any(place, [passage]) for _, place in before)
        ]
        added, removed = added + len(new), removed + len(before) - len(kept)
        lines.append({**fields, "relevant": kept + new, "pooled": True})
    return Verdicts(tuple(lines), tuple(unfinished), tuple(tied), added, removed)


def _key(question: JudgedQuestion, passage: Passage) -> Key:
    return question.id, passage.article.id, passage.text


def _any(place: Place, passages: Sequence[Passage]) -> bool:
    return any(place.overlaps(each.article.id, each.start, each.end) for each in passages)
