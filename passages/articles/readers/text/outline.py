"""Which of the lines that look like headings are, and on what level, from where they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from passages.articles.readers.heading_lines import Style, depth

_PROSE = 60  # a line of this length that is no heading is text, whatever its end
_MAX_RUN = 3  # headings in a row: title, part, chapter; more are a list without marks
_REFRAIN = 3  # a line that occurs so often is a speaker, a caption or a refrain

_SENTENCE_END = re.compile(r"[.?!:;…。]['\"”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines without a blank one between them.

    `style` says that the only line looks like a heading, `mark` by which character it is
    underlined. A level other than 0 makes it a heading. Lines broken `by_hand` stay lines. `rows`
    are the cells of a table.
    """

    lines: tuple[str, ...]
    style: Style | None = None
    mark: str = ""
    level: int = 0
    by_hand: bool = False
    is_list: bool = False
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        """The first line; a heading has no other."""
        return self.lines[0].strip()

    @property
    def is_text(self) -> bool:
        """Whether it can be what a heading stands for; a date or an author's name cannot."""
        return self.style is None and (
            self.is_list
            or len(self.lines) > 1
            or len(self.text) > _PROSE
            or _SENTENCE_END.search(self.text) is not None
        )


def outlined(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, those that are headings with their level."""
    likely = _likely(blocks)
    runs = enumerate(_runs(likely))
    places = [n for number, run in runs for n in _headings(likely, run, opens=number == 0)]
    by_place = dict.fromkeys(places, 0)
    follows = [n - 1 in by_place for n in places]
    levels = _levels([likely[n] for n in places], follows, _has_title(likely, places))
    by_place = dict(zip(places, levels, strict=True))
    return [replace(block, level=by_place.get(n, 0)) for n, block in enumerate(likely)]


def _likely(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, without the style of those that look like headings but are speech or verse."""
    repeats = Counter(block.text for block in blocks if block.style is not None)
    speakers = Counter(_speaker(block.text) for block in blocks)
    verse = _is_verse(blocks)

    def unlikely(block: Block) -> bool:
        speaker = _speaker(block.text)
        return (
            repeats[block.text] >= _REFRAIN
            or (speaker != "" and speakers[speaker] >= _REFRAIN)
            or (verse and block.style is Style.SENTENCE)
        )

    return [replace(block, style=None, level=0) if unlikely(block) else block for block in blocks]


def _speaker(line: str) -> str:
    return line.partition(": ")[0] if ": " in line else ""


def _is_verse(blocks: Sequence[Block]) -> bool:
    """Whether most of the text is broken into lines: there a lone line is no heading."""
    texts = [block for block in blocks if block.is_text and not block.is_list]
    return sum(block.by_hand for block in texts) > len(texts) / 2


def _runs(blocks: Sequence[Block]) -> Iterator[tuple[list[int], bool]]:
    """Places of headings with no text between them, and whether text follows the last one."""
    run: list[int] = []
    for place, block in enumerate(blocks):
        if block.style is not None:
            run.append(place)
        elif block.is_text:
            yield run, True
            run = []
    yield run, False


def _headings(blocks: Sequence[Block], run: tuple[list[int], bool], *, opens: bool) -> list[int]:
    """Those of a run that are headings; the one that opens the text stands on its top."""
    places, text_follows = run
    numbered = Counter(
        depth(blocks[place].text) for place in places if blocks[place].style is Style.NUMBERED
    )
    kept = []
    for place in places:
        block, last = blocks[place], place == places[-1]
        if block.style is Style.UNDERLINED:
            kept.append(place)
        elif not text_follows or (
            block.style is Style.NUMBERED and numbered[depth(block.text)] > 1
        ):
            continue
        elif (
            last
            or (opens and place == places[0])
            or (len(places) <= _MAX_RUN and block.style is not Style.SENTENCE)
        ):
            kept.append(place)
    return kept


def _has_title(blocks: Sequence[Block], places: Sequence[int]) -> bool:
    """Whether the first heading is the title: nothing but headings' like stands before it."""
    if not places or any(block.is_text for block in blocks[: places[0]]):
        return False
    first, *rest = (blocks[place] for place in places)
    alike = sum(block.style is first.style for block in rest)
    if first.style is Style.NUMBERED:
        return False
    return first.style is not Style.QUESTION or 2 * alike <= len(rest)


def _levels(found: Sequence[Block], follows: Sequence[bool], has_title: bool) -> list[int]:
    """Levels by underline, number and capitals; what is marked by none stands below those.

    A heading right below another is its child, and so are the next ones that look like the child
    and not like the parent: questions below "Frequently Asked Questions".
    """
    marks = list(dict.fromkeys(block.mark for block in found[has_title:]))
    all_capitals = all(block.style is Style.CAPITALS for block in found[has_title:])
    levels: list[int] = []
    marked = 1
    children: tuple[Style | None, int] = (None, 0)
    for n, block in enumerate(found):
        if block.level:
            level = marked = block.level
        elif n == 0 and has_title:
            level = 1
        elif block.style is Style.UNDERLINED:
            level = marked = 2 + [mark for mark in marks if mark].index(block.mark)
        elif block.style is Style.NUMBERED:
            level = marked = 1 + depth(block.text)
        elif block.style is Style.CAPITALS and not all_capitals:
            level = marked = 2
        elif block.style is children[0]:
            level = children[1]
        else:
            level = marked + 1
            children = (None, 0)
            if follows[n] and n > has_title:
                level = levels[-1] + 1
                if block.style is not found[n - 1].style:
                    children = (block.style, level)
        levels.append(min(level, 6))
    return levels
