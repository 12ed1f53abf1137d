"""What is set off in a passage: what comes closest to the question, and the question's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from passages import Answer, Index
from passages.articles.chunking import Passage
from passages.articles.markdown import Block, blocks
from passages.language.synonyms import Phrase
from passages.language.words import Word, spans_of, stems_of, words_of
from passages.page.reading.render import Mark
from passages.page.settings import settings

_BETWEEN = re.compile(r"[\s\-‐‑]+")
"""What may stand between the words of a phrase: anything else makes another phrase of them."""


def is_sure(answer: Answer) -> bool:
    """Whether the best passage may be shown as an answer: no word of the question is unknown."""
    return answer.verdict == "answered" and not answer.unknown


def marks(answer: Answer, passage: Passage, phrases: Sequence[Phrase] = ()) -> list[Mark]:
    """What to set off: the sentence nearest to the question, strongly in the best hit of an answer.

    No sentence where the articles do not cover the question: it would pass for an answer.

    Args:
        answer: the passage is one of its hits.
        passage: what is drawn.
        phrases: what means the same as words of the question, from `phrases_of`.
    """
    hits = answer.hits if answer.covered else ()
    found: list[Mark] = []
    for hit in hits:
        if hit.passage == passage:
            kind: Literal["best", "near"] = "best" if hit.rank == 1 and is_sure(answer) else "near"
            found.append(Mark(*widened(passage, hit.span), kind))
    return found + word_marks(answer, passage, phrases)


def word_marks(answer: Answer, passage: Passage, phrases: Sequence[Phrase] = ()) -> list[Mark]:
    """The words of the question that a passage has, and whole phrases that mean the same.

    What a misspelt word was read as is none of them: that may not be what the reader meant.
    """
    code = passage.article.code
    own = answer.stems & set(stems_of(answer.question, code))
    found = spans_of(own, passage.words, code)
    words = words_of(passage.words, code)
    found += [span for phrase in phrases for span in _places(phrase, passage.words, words)]
    spans = map(passage.in_text, sorted(found))
    return [Mark(start, end, "word") for start, end in spans]


def phrases_of(index: Index, answer: Answer) -> tuple[Phrase, ...]:
    """The phrases that an editor says mean the same as one that stands in the question.

    A service does not tell them: none.
    """
    if settings().service or not answer.hits:
        return ()
    code = answer.hits[0].passage.article.code
    words = words_of(answer.question, code)
    return tuple(
        phrase
        for group in index.source.words.synonyms
        if any(next(_places(each, answer.question, words), None) for each in group)
        for phrase in group
    )


def widened(passage: Passage, span: tuple[int, int]) -> tuple[int, int]:
    """The span of a sentence, or of the whole list that it belongs to with the list's lead-in.

    One item of a list says less than the list, and often the opposite: "Do not take it if …".
    """
    start, end = (passage.start + place for place in span)
    parsed = blocks(passage.article.text)
    for before, block in zip([None, *parsed], parsed, strict=False):
        if block.kind != "list" or end <= _begins(before, block, passage) or start >= block.end:
            continue
        start, end = min(start, _begins(before, block, passage)), max(end, block.end)
    return max(start, passage.start) - passage.start, min(end, passage.end) - passage.start


def _begins(before: Block | None, block: Block, passage: Passage) -> int:
    """Where a list begins: with the last line before it, where that leads to it by a colon."""
    text = passage.article.text
    if before is None or before.kind != "paragraph":
        return block.start
    lead = text[before.start : before.end].rstrip("*_ \n")
    if not lead.endswith((":", "：")):  # the second as Chinese and Japanese have it
        return block.start
    sentences = [passage.in_text(each)[0] + passage.start for each in passage.sentences]
    within = [place for place in sentences if before.start <= place < before.end]
    return max(within, default=before.start)


def _places(phrase: Phrase, text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Where the words of a phrase stand in a text side by side."""
    for first in range(len(words) - len(phrase) + 1):
        run = words[first : first + len(phrase)]
        if tuple(word.term for word in run) == phrase and all(
            _BETWEEN.fullmatch(text, left.end, right.start) for left, right in pairwise(run)
        ):
            yield run[0].start, run[-1].end
