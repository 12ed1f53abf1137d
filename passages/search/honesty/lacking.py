"""What a question names and a passage does not: words, names, and numbers that it has otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from passages.articles.chunking import Passage
from passages.language.quantities import Quantity, quantities
from passages.language.words import words_of
from passages.search.honesty.asked import SHORTEST_FORM, Asked, Named

_SAID = 3
"""Numbers of a passage that are named beside the one that was asked for."""


@dataclass(frozen=True, slots=True)
class OtherNumber:
    """A number with its unit as it was asked, and what the passage says of that unit."""

    asked: str
    says: str

    def to_json(self) -> dict[str, str]:
        """The fields as JSON values."""
        return {"asked": self.asked, "says": self.says}


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a passage lacks of a question.

    `missing` are words and names, and numbers of whose unit it says nothing. `names` says that one
    of them is a name or a number; `rarest` is the rarity of the rarest word, 0 where none is
    lacking, and `share` the part of the rarity of all weighty words that is lacking.
    """

    missing: tuple[str, ...] = ()
    numbers: tuple[OtherNumber, ...] = ()
    names: bool = False
    rarest: float = 0.0
    share: float = 0.0

    @property
    def caps(self) -> bool:
        """Whether the passage is at most related, however near its words are."""
        return self.names or bool(self.numbers)


NOTHING = Lacking()


def lacking(asked: Asked, passage: Passage, marked: tuple[int, int] | None = None) -> Lacking:
    """What `passage` lacks; what it says in `marked`, a span of its visible text, comes first."""
    text, code = passage.encoder_text, passage.article.code
    held = frozenset(term for word in words_of(text, code) for term in (word.term, *word.parts))
    lacked = [word for word in asked.words if not _has(word, held)]
    whole = sum(word.rarity for word in asked.words)
    missing, names = _joined(lacked, asked.text), any(word.name for word in lacked)
    numbers = []
    if asked.numbers:
        said = quantities(text, code)
        first = len(text) - len(passage.words) + marked[0] if marked else 0
        said.sort(key=lambda each: (each.start < first, each.start))
        for number in asked.numbers:
            like = [each for each in said if each.counts_as(number)]
            as_asked = asked.text[number.start : number.end]
            if any(number.within(each) for each in like):
                continue
            if like:
                numbers.append(OtherNumber(as_asked, _written(like, text, number)))
            elif number.measured or not _says_value(said, number):
                missing, names = [*missing, as_asked], True
    return Lacking(
        tuple(missing),
        tuple(numbers),
        names,
        max((word.rarity for word in lacked), default=0.0),
        sum(word.rarity for word in lacked) / whole if whole else 0.0,
    )


def _says_value(said: Sequence[Quantity], number: Quantity) -> bool:
    """Whether the number is said of anything: of what it counts, another word may be used."""
    return any(each.low <= number.low and number.high <= each.high for each in said)


def _has(word: Named, held: frozenset[str]) -> bool:
    if not word.terms.isdisjoint(held) or (word.parts and word.parts <= held):
        return True
    if not word.root:
        return False
    return any(
        term.startswith(word.root) or word.stem.startswith(term)
        for term in held
        if len(term) >= SHORTEST_FORM
    )


def _joined(lacked: Sequence[Named], question: str) -> list[str]:
    """The words as they were typed, those of one name that stand side by side as one."""
    said: list[str] = []
    last: Named | None = None
    for word in lacked:
        together = f"{said[-1]} {word.text}" if said else ""
        if last is not None and last.name and word.name and together in question:
            said[-1] = together
        else:
            said.append(word.text)
        last = word
    return said


def _written(said: Sequence[Quantity], text: str, like: Quantity) -> str:
    different = dict.fromkeys(each.written(text, like) for each in said)
    return ", ".join(list(different)[:_SAID])
