"""What stands on a web page around its article: navigation, sharing, cookies, comments, adverts.

Told by the elements, roles and class names that such parts carry, and by being mostly links.
In doubt a part stays: an article that lost a section is worse than one with a button too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from passages.articles.readers.html.html_tree import Element

_TAGS = frozenset(("nav", "footer", "form", "dialog", "button"))
_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog")
)
_NAMES = """
    ad ads adslot advert advertisement sponsored promo cta cookie cookies cookiebanner consent gdpr
    cmplz onetrust share sharing shares sharedaddy social addtoany related relatives recommended
    recommendations breadcrumb breadcrumbs sidebar comments respond newsletter subscribe signup
    login popup modal paywall pagination pager skip jump editsection headerlink anchorjs
    printfooter catlinks mostread popular trending feedback votes rating footer author noprint
"""
# Names of lists of links, but of a restaurant's menu and a chapter's header too.
_LINK_NAMES = "menu nav navbar navigation toc contents header topbar tags bar"
_LINK_SHARE = 0.8  # of the text of a part: more in links, and the part leads elsewhere
_NAMED_LINK_SHARE = 0.4  # the same where the name says navigation
_NAME_SET, _LINK_NAME_SET = frozenset(_NAMES.split()), frozenset(_LINK_NAMES.split())
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def remove(body: Element) -> None:
    """Take the furniture out of a page."""
    held = _held(body)
    for element in list(body.iterdescendants()):
        if not isinstance(element.tag, str) or element.tag in _HEADINGS:
            continue
        if _is_furniture(element, held[element]):
            most = 2 * held[element].letters > held[body].letters
            if not most and not _is_needed(element):
                element.drop_tree()


def article_parts(body: Element) -> list[Element]:
    """What holds the article: its own element and, where that stands outside, the one of its `h1`.

    Without an element that says so it is the whole page.
    """
    mains = body.xpath(".//main | .//*[@role='main']") or [body]
    main = max(mains, key=_letters)
    articles = main.xpath(".//article[not(ancestor::article)]")
    if len(articles) == 1 and 2 * _letters(articles[0]) > _letters(main):
        main = articles[0]
    heading = body.find(".//h1")
    if heading is None or main is body or main.find(".//h1") is not None:
        return [main]
    above = set(main.iterancestors())
    while heading.getparent() not in above:
        heading = heading.getparent()
    return [heading, main]


def _is_furniture(element: Element, held: _Held) -> bool:
    if element.tag in _TAGS and not _in_heading(element):
        return True
    if element.get("role") in _ROLES or element.get("aria-modal") == "true":
        return True
    names = set(_names(element))
    if names & _NAME_SET:
        return True
    if element.tag in ("header", "aside") or names & _LINK_NAME_SET:
        return held.link_share >= _NAMED_LINK_SHARE
    if element.tag in ("div", "section", "td", "p"):
        return held.links > 1 and held.link_share >= _LINK_SHARE
    return False


def _is_needed(element: Element) -> bool:
    """Whether the article itself must be in there, whatever the element is called."""
    if element.find(".//h1") is not None or element.find(".//main") is not None:
        return True
    return element.tag in ("main", "article", "body")


def _names(element: Element) -> Iterator[str]:
    """The words of the class names; of the id only if it has but one: most are headings' words."""
    for name in (element.get("class") or "").split():
        yield from re.split(r"[-_]+", name.lower())
    yield (element.get("id") or "").lower()


def _in_heading(element: Element) -> bool:
    return any(above.tag in (*_HEADINGS, "summary") for above in element.iterancestors())


@dataclass(frozen=True, slots=True)
class _Held:
    """What is in an element: letters, how many of these in links, and links below it."""

    letters: int
    linked: int
    links: int

    @property
    def link_share(self) -> float:
        return self.linked / self.letters if self.letters else 0


def _held(body: Element) -> dict[Element, _Held]:
    """All elements of the body, each looked at once: what is in it was looked at before it."""
    held: dict[Element, _Held] = {}
    for element in reversed(list(body.iter())):
        letters = len((element.text or "").strip())
        linked = links = 0
        for child in element:
            letters += held[child].letters + len((child.tail or "").strip())
            linked += held[child].linked
            links += held[child].links + (child.tag == "a")
        linked += letters if element.tag in ("a", "button") else 0
        held[element] = _Held(letters, linked, links)
    return held


def _letters(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())
