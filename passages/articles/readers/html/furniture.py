"""What stands on a web page around its article: navigation, sharing, cookies, comments, adverts.

Told by the elements, roles and class names that such parts carry, and by being mostly links.
A name condemns only what is small or mostly links, or what is no article beside another part that
is one: an article that lost a section is worse than one with a button too many.
"""

from __future__ import annotations

from passages.articles.readers.html.html_tree import LEVELS, Element
from passages.articles.readers.html.measure import Measure, measure, measure_one
from passages.articles.readers.html.names import Says, says

_TAGS = frozenset(("nav", "footer", "button"))
_HOLDING_TAGS = frozenset(("form", "dialog", "aside"))
_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog")
)
_LINK_SHARE = 0.8  # of the text of a part: more in links, and the part leads elsewhere
_NAMED_LINK_SHARE = 0.4  # the same where the name says navigation
_SMALL = 0.2  # of the page's prose: a part with less may go for its name
_LARGE = 0.75  # a part with more of the prose is the article, whatever it is called
_SECTIONS = 2  # headings that are no links, and the part is an article's
_SITE_NAME = 15  # letters; a shorter heading in a page's title may be the name of the site


def remove(body: Element, *, by_name: bool = True) -> None:
    """Take the furniture out of a page."""
    measures = measure(body)
    page = measures[body]
    needed = _needed(body, measures)
    left: dict[Element, Measure] = {}
    for element in reversed(list(body.iter())):
        left[element] = measure_one(element, left)
        if not isinstance(element.tag, str) or element.tag in LEVELS or element in needed:
            continue
        if _is_furniture(element, measures[element], page, by_name=by_name) or _is_teasers(
            element, left[element], page
        ):
            element.drop_tree()


def _needed(body: Element, measures: dict[Element, Measure]) -> set[Element]:
    """The elements in which the article must be, whatever they are called."""
    needed = set(body.iter("main", "article", "body"))
    title = main_heading(body, measures)
    inside = [] if title is None else [title]
    inside += [main for main in body.iter("main") if measures[main].prose]
    for element in inside:
        needed.update(element.iterancestors())
    return needed


def main_heading(body: Element, measures: dict[Element, Measure]) -> Element | None:
    """The `h1` that the page's title tells, else the first."""
    headings = [heading for heading in body.iter("h1") if measures[heading].letters]
    root = body.getroottree().getroot()
    title = " ".join((root.findtext(".//title") or "").lower().split())
    for heading in headings:
        words = " ".join("".join(heading.itertext("*")).lower().split())
        if words in title and len(words) > _SITE_NAME:
            return heading
    return headings[0] if headings else None


def _is_furniture(element: Element, held: Measure, page: Measure, *, by_name: bool) -> bool:
    if held.prose > _LARGE * page.prose:
        return False
    if element.tag in _TAGS and not _in_heading(element):
        return True
    if element.tag in _HOLDING_TAGS or element.get("aria-modal") == "true":
        if held.headings >= _SECTIONS and held.prose and says(element) is not Says.OTHERS:
            return False
        return held.prose <= _SMALL * page.prose or held.link_share >= _NAMED_LINK_SHARE
    if element.get("role") in _ROLES:
        return True
    if by_name and _is_named(element, held, page):
        return True
    if element.tag == "header":
        return held.link_share >= _NAMED_LINK_SHARE
    if element.tag in ("div", "section", "td", "p"):
        return held.links > (element.tag != "p") and held.link_share >= _LINK_SHARE
    return False


def _is_named(element: Element, held: Measure, page: Measure) -> bool:
    said = says(element)
    if said is Says.PERHAPS_FURNITURE:
        return held.link_share >= _NAMED_LINK_SHARE
    if said not in (Says.FURNITURE, Says.OTHERS):
        return False
    if held.prose <= _SMALL * page.prose or held.link_share >= _NAMED_LINK_SHARE:
        return True
    return said is Says.OTHERS and held.headings < _SECTIONS


def _is_teasers(element: Element, held: Measure, page: Measure) -> bool:
    """Whether it leads to other articles: their headings are links, with a sentence of each."""
    if element.tag not in ("div", "section", "ul", "ol", "table", "aside"):
        return False
    return (
        held.teasers > max(1, held.headings)
        and held.headings < _SECTIONS
        and 2 * held.prose < page.prose
    )


def _in_heading(element: Element) -> bool:
    return any(above.tag in LEVELS or above.tag == "summary" for above in element.iterancestors())
