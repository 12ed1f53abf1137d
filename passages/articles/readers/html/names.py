"""What the names of an element's classes say of it: that it is furniture, or the article.

A class may also say what is beside the element (`content-with-sidebar`), what it lacks
(`no-sidebar`), or how it is at the moment (`share-open`): none of these says what it is.
"""

from __future__ import annotations

import re
from enum import Enum

from passages.articles.readers.html.html_tree import Element

# What may be larger than the article: other people's words, and other articles.
_OTHERS = """
    comments comment commentlist disqus respond replies related relatedposts relateds relatives
    recommended recommendations recommendation recirc recirculation taboola outbrain sidebar
    mostread popular trending cookie cookies cookiebanner consent gdpr cmplz onetrust teasers
"""
_FURNITURE = """
    ad ads adslot adunit advert adverts advertisement advertising sponsored sponsor promo promos
    promotion cta share sharing shares sharebar sharedaddy social socials addtoany addthis
    breadcrumb breadcrumbs newsletter newsletters subscribe subscription signup login popup
    modal paywall pagination pager skip jump editsection headerlink anchorjs printfooter
    catlinks feedback votes rating ratings footer author authors byline bylines noprint toolbar
    tools teaser readmore morefrom morenews copyright legal disclosure disclaimer credit credits
    tagcloud postmeta printonly gallery inlinegallery slideshow carousel slider lightbox
"""
_OTHERS_PAIRS = re.compile(
    r"widget[-_]?area"
    r"|(?:read|see|more|next|prev|previous|latest|other|also|similar|top)[-_]?"
    r"(?:more|from|also|on|in|posts?|articles?|stories|news|topics?|like)"
)
# Names of lists of links, but of a restaurant's menu and a chapter's header too.
_LINKS = """
    menu nav navbar navigation toc contents header topbar tags tag bar links meta list posts
"""
_ARTICLE = """
    article articles articlebody content contents entry hentry post story text main prose copy
    maintext body bodycopy reader document markdown wysiwyg richtext page
"""
_STATE = """
    no not non has have is with without and or on off open opened closed up down left right
    enabled disabled active inactive hide hidden show shown visible layout wrp theme themeform
    template default sticky fixed collapsed expanded loaded state mode support supported width
    full start end row grid columns column col cols single free less allowed ready js embed
    given
"""
_OTHERS_SET, _FURNITURE_SET = frozenset(_OTHERS.split()), frozenset(_FURNITURE.split())
_LINK_SET, _ARTICLE_SET = frozenset(_LINKS.split()), frozenset(_ARTICLE.split())
_STATE_SET = frozenset(_STATE.split())
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


class Says(Enum):
    """What the names of an element say."""

    OTHERS = "furniture, however large: comments, other articles"
    FURNITURE = "furniture"
    PERHAPS_FURNITURE = "furniture, where it is mostly links"
    NOTHING = "nothing"
    ARTICLE = "the article"


def says(element: Element) -> Says:
    """What the names of an element say of it; those of the page itself say how it is laid out."""
    if element.tag in ("html", "body"):
        return Says.NOTHING
    found = [_class(name) for name in (element.get("class") or "").split()]
    found.append(_id(element.get("id") or ""))
    if Says.OTHERS in found or Says.FURNITURE in found:
        if Says.ARTICLE in found:
            return Says.PERHAPS_FURNITURE
        return Says.OTHERS if Says.OTHERS in found else Says.FURNITURE
    for answer in (Says.ARTICLE, Says.PERHAPS_FURNITURE):
        if answer in found:
            return answer
    return Says.NOTHING


def words_of(element: Element) -> set[str]:
    """The words of its classes, each in lower case."""
    return {word.lower() for word in _WORD.findall(element.get("class") or "")}


def _class(name: str) -> Says:
    block, *modifiers = re.split(r"--", name)
    words = [word.lower() for word in _WORD.findall(block)]
    if not words and modifiers:
        return Says.NOTHING
    state = any(_is_state(word) for word in words)
    others = not _OTHERS_SET.isdisjoint(words) or _OTHERS_PAIRS.search(block.lower())
    if others or not _FURNITURE_SET.isdisjoint(words):
        if state:
            return Says.PERHAPS_FURNITURE
        return Says.OTHERS if others else Says.FURNITURE
    if not _LINK_SET.isdisjoint(words):
        return Says.PERHAPS_FURNITURE
    if words and not state and words[-1] in _ARTICLE_SET:
        return Says.ARTICLE
    return Says.NOTHING


def _is_state(word: str) -> bool:
    """Whether it tells how something is: `collapsed`, `cookie-accepted`, but not `related`."""
    if word in _STATE_SET:
        return True
    return word.endswith("ed") and word not in _OTHERS_SET and word not in _FURNITURE_SET


def _id(name: str) -> Says:
    """An id of several words is most often a heading's."""
    words = [word.lower() for word in _WORD.findall(name)]
    return _class(name) if len(words) == 1 else Says.NOTHING
