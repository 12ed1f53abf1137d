"""How much of a web page stands in each element: its letters, links, prose and headings."""

from __future__ import annotations

from dataclasses import dataclass

from passages.articles.readers.html.html_tree import BLOCKS, LEVELS, SKIPPED, Element

_PROSE = 80  # letters of one run of text: a button, a byline or a teaser's title has fewer
_NO_RUN = frozenset((*BLOCKS, *LEVELS, "ul", "ol", "table", "blockquote", "pre", "body"))


@dataclass(frozen=True, slots=True)
class Measure:
    """What an element holds, without scripts, styles and whatever else is never shown.

    Attributes:
        letters: of all of its text.
        linked: those of its text in links and buttons.
        links: links below it.
        prose: letters of the runs of text that are as long as a sentence, links within left aside.
        headings: headings that lead nowhere else.
        teasers: headings that are links to another page.
        away: letters in links to other pages.
        run: letters, and letters in links, of text that goes on in the element around it.
    """

    letters: int = 0
    linked: int = 0
    links: int = 0
    prose: int = 0
    headings: int = 0
    teasers: int = 0
    away: int = 0
    run: tuple[int, int] = (0, 0)

    @property
    def words(self) -> int:
        """The letters that are in no link."""
        return self.letters - self.linked

    @property
    def link_share(self) -> float:
        """The share of the text that is in links."""
        return self.linked / self.letters if self.letters else 0


def measure(root: Element) -> dict[Element, Measure]:
    """Measure all elements of a tree, each looked at once: what is in it was looked at before."""
    measures: dict[Element, Measure] = {}
    for element in reversed(list(root.iter())):
        measures[element] = measure_one(element, measures)
    return measures


def measure_one(element: Element, measures: dict[Element, Measure]) -> Measure:
    """Measure an element whose children are measured."""
    tag = element.tag
    if not isinstance(tag, str) or (tag in SKIPPED and tag != "button"):
        return Measure()
    letters = length(element.text)
    linked = links = prose = headings = teasers = away = run_linked = 0
    run = letters
    for child in element:
        held, tail = measures[child], length(child.tail)
        letters += held.letters + tail
        linked += held.linked
        links += held.links + (child.tag == "a")
        prose += held.prose
        headings += held.headings
        teasers += held.teasers
        away += held.away
        run, run_linked = run + held.run[0] + tail, run_linked + held.run[1]
    if element.tag in ("a", "button"):
        linked, run_linked = letters, run
    if element.tag == "a" and _leads_away(element):
        away, prose, headings, teasers = letters, 0, 0, teasers + headings
    if element.tag in LEVELS and letters:
        headings, teasers = (0, teasers + 1) if 2 * away > letters else (headings + 1, teasers)
    elif element.tag in _NO_RUN and run - run_linked >= _PROSE and 2 * run_linked <= run:
        prose += run - run_linked
    if element.tag in _NO_RUN:
        run = run_linked = 0
    return Measure(letters, linked, links, prose, headings, teasers, away, (run, run_linked))


def _leads_away(link: Element) -> bool:
    """Whether a link leads to another page; one to a place has a fragment, on a saved page too."""
    target = link.get("href") or "#"
    return "#" not in target and not target.startswith("javascript:")


def length(text: str | None) -> int:
    """The letters of a text, without the spaces around it."""
    return len(text.strip()) if text else 0
