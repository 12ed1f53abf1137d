"""Questions of readers -> groups that ask the same, each with what the articles have for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from passages import Index
from passages.models.encoder import Vectors
from passages.page.gaps.log import UNHELPFUL, Asked

ALIKE = 0.7
"""The least cosine of a question with the middle of its group; with bge-small-en half the pairs of
questions on one matter reach it, and one in two hundred of other pairs."""

LISTED = 100
"""Groups that are looked up in the articles; the rarer ones are left out."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What was asked together, and what the articles have for it now.

    `questions` are the wordings, the most frequent first; `times` how often they were asked, of
    which `not_found` found nothing, `related` something related at most, and `unhelpful` were voted
    so. `nearest` is the heading path of the nearest section, `answered` says that it answers by
    now, and `absent` are the words that no article has.
    """

    questions: tuple[str, ...]
    times: int
    not_found: int
    related: int
    unhelpful: int
    nearest: tuple[str, ...]
    answered: bool
    absent: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The gap in a sentence, for an editor."""
        one = self.times == 1
        asked = f"{self.times:,} question{'' if one else 's'} like “{self.questions[0]}”"
        if self.absent:
            return f"{asked}; no article speaks of {', '.join(self.absent)}"
        who = "an article answers" if self.answered else "no article answers"
        return f"{asked}; {who} {'it' if one else 'them'}{' now' if self.answered else ''}"


@dataclass(slots=True)
class _Group:
    """Questions that ask the same, with the sum of their vectors."""

    questions: list[str]
    sum: Vectors
    verdicts: Counter[str] = field(default_factory=Counter)


def gaps(asked: Sequence[Asked], index: Index) -> list[Gap]:
    """The groups of which a question found nothing, little, or was voted unhelpful.

    Those that found nothing most often come first.

    Raises:
        PassagesError: the encoder of the index cannot be loaded.
    """
    verdicts: dict[str, Counter[str]] = {}
    for each in asked:
        verdicts.setdefault(_plain(each.question), Counter())[each.verdict] += 1
    often = sorted(verdicts, key=lambda question: (-verdicts[question].total(), question))
    found = []
    for group in _grouped(often, index):
        for question in group.questions:
            group.verdicts += verdicts[question]
        if _open(group):
            found.append(group)
    found.sort(key=lambda group: (-_open(group), group.questions[0]))
    return [_gap(group, index) for group in found[:LISTED]]


def _grouped(questions: Sequence[str], index: Index) -> list[_Group]:
    """Each question joins the group whose middle it is nearest to, or begins one."""
    if not questions:
        return []
    vectors = index.encoder().encode_questions(questions)
    groups: list[_Group] = []
    middles = np.empty((len(questions), vectors.shape[1]), np.float32)
    for question, vector in zip(questions, vectors, strict=True):
        cosines = middles[: len(groups)] @ vector
        if len(groups) and cosines.max() >= ALIKE:
            place = int(cosines.argmax())
            groups[place].questions.append(question)
            groups[place].sum = groups[place].sum + vector
        else:
            place = len(groups)
            groups.append(_Group([question], vector))
        middles[place] = groups[place].sum / np.linalg.norm(groups[place].sum)
    return groups


def _open(group: _Group) -> int:
    return group.verdicts["not found"] + group.verdicts["related"] + group.verdicts[UNHELPFUL]


def _gap(group: _Group, index: Index) -> Gap:
    answer = index.search(group.questions[0], k=1)
    verdicts = group.verdicts
    passage = answer.hits[0].passage if answer.hits else None
    return Gap(
        questions=tuple(group.questions),
        times=max(1, verdicts.total() - verdicts[UNHELPFUL]),  # a vote comes after its question
        not_found=verdicts["not found"],
        related=verdicts["related"],
        unhelpful=verdicts[UNHELPFUL],
        nearest=(passage.article.title, *passage.headings) if passage else (),
        answered=answer.verdict == "answered",
        absent=answer.unknown,
    )


def _plain(question: str) -> str:
    return " ".join(question.casefold().split()).rstrip("?!. ")
