"""Web pages as a browser saves them -> Markdown of the article in them."""

from __future__ import annotations

import codecs
import re
from copy import deepcopy
from dataclasses import dataclass

from passages.articles.readers import writing
from passages.articles.readers.decoding import clean, decode, one_line
from passages.articles.readers.extras import LXML, load
from passages.articles.readers.html import furniture, hidden_text, html_tree
from passages.articles.readers.html.html_tree import Element
from passages.articles.readers.html.main_content import article_parts
from passages.articles.readers.html.measure import Measure, measure
from passages.articles.readers.reading import Reading, language_tag, report_line
from passages.errors import UnreadableFile

MAX_BYTES = 10_000_000  # without the pictures in it; the longest pages of Wikipedia have 3 MB
MAX_ELEMENTS = 100_000  # the longest pages of Wikipedia have half as many; these take seconds
MAX_DEPTH = 150  # page builders reach 50; what is deeper would exhaust Python's stack
MAX_ATTRIBUTES = 30_000  # of one element: the parser's time grows with their square
_LITTLE = 0.25  # of the page's words: less is left, and names may have misled
_HARDLY = 0.1  # of the prose that is found without names: they have
_LONG = 80  # letters of a paragraph that an article has but once
_TOLD_WORDS = 50
_TOLD = "taken from the page's data for search engines: the page itself has less of the article"
_ONLY_LINKS = "nothing but links: was the page drawn by a script? Save it as text"
_SHOWN, _SHOWN_CHARS = 5, 40  # headings of what was left out, in the report; how much of each

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_PICTURE = re.compile(rb"data:[\w/+.;=-]{1,100};base64,[A-Za-z0-9+/=]+")
_TAG = re.compile(r"<[A-Za-z][^<>]*")
_SEPARATOR = re.compile(r"[\s/\"']")
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S{1,2000}) -->")
_SITE = re.compile(r"\s+[|–—·»-]\s+")
_PROPERTY = "//meta[@property='{0}' or @name='{0}']/@content"


def read(data: bytes) -> Reading:
    """Read a web page: its article, without what stands around it.

    Raises:
        UnreadableFile: no text, or beyond the bounds above.
    """
    text, notes = _decode(_PICTURE.sub(b"", data))
    root = parse(text)
    title, url, date = _title(root), _url(root, text), _date(root)
    site = _first(root, _PROPERTY.format("og:site_name"))
    language = language_tag(
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    )
    blocks, more_notes, advice = _article(root)
    markdown = writing.document(blocks)
    return Reading(markdown, title, site, url, date, (*notes, *more_notes), tuple(advice), language)


def _article(root: Element) -> tuple[list[str], list[str], list[str]]:
    """The blocks of the article, and notes and advice on what is not in it."""
    body, told = root.find("body"), hidden_text.told_article(root)
    page: list[str] = []
    held = Measure()
    if body is not None:
        hidden_text.show_alternatives(body)
        hidden_text.unfold(body)
        page = html_tree.to_markdown(body)[0]
        held = measure(body)[body]
    found = _without_furniture(body, page) if page else _Found([])
    blocks = found.blocks
    if len(told.split()) > max(_TOLD_WORDS, 2 * _words(blocks)):
        lines = filter(None, map(str.strip, told.split("\n")))
        told_blocks = [writing.paragraph(clean(line)) for line in lines]
        headline = [block for block in blocks if block.startswith("# ")][:1]
        return headline + told_blocks, [], [_TOLD]
    if not blocks:
        raise UnreadableFile("a web page without text: was it drawn by a script? Save it as text")
    advice = [f"headings found by being bold: {found.guessed}"] if found.guessed else []
    left_out = _left_out(page, blocks)
    if not held.words:
        return blocks, [_ONLY_LINKS], advice
    if held.prose > 2 * found.prose and left_out:
        return blocks, [f"{left_out}: most of its text; does the article miss something?"], advice
    return blocks, [], [*filter(None, [left_out]), *advice]


@dataclass(frozen=True, slots=True)
class _Found:
    """An article: its blocks, how many headings were guessed, letters of its prose, links aside."""

    blocks: list[str]
    guessed: int = 0
    prose: int = 0


def _without_furniture(body: Element, page: list[str]) -> _Found:
    """The article, names heeded; names aside where they would take most of the text with them."""
    found = _blocks(deepcopy(body), by_name=True)
    if _words(found.blocks) < _LITTLE * _words(page):
        others = _blocks(body, by_name=False)
        if _prose(found.blocks) < _HARDLY * _prose(others.blocks):
            return others
    return found if found.blocks else _Found(page, prose=_prose(page))


def _blocks(body: Element, *, by_name: bool) -> _Found:
    furniture.remove(body, by_name=by_name)
    parts = article_parts(body)
    blocks, guessed = html_tree.to_markdown(*parts)
    return _Found(_once(blocks), guessed, sum(measure(part)[part].prose for part in parts))


def _once(blocks: list[str]) -> list[str]:
    """The blocks without long ones that stand on the page a second time, and their headings."""
    seen: set[str] = set()
    once: list[str] = []
    for block in blocks:
        if len(block) >= _LONG and block[0] != "#":
            if block in seen:
                if once[-1] in seen and once[-1][0] == "#":
                    once.pop()
                continue
            seen.update((block, once[-1] if once else block))
        once.append(block)
    return once


def _words(blocks: list[str]) -> int:
    return sum(len(block.split()) for block in blocks)


def _prose(blocks: list[str]) -> int:
    return sum(len(block) for block in blocks if len(block) >= _LONG and block[0] not in "#-|")


def parse(text: str) -> Element:
    """The tree of an HTML document.

    Raises:
        UnreadableFile: no document, more than the bounds above, or lxml is not installed.
    """
    html = load("lxml.html", ".html", LXML)
    etree = load("lxml.etree", ".html", LXML)
    for tag in _TAG.finditer(text):
        length = tag.end() - tag.start()
        if length > MAX_ATTRIBUTES and len(_SEPARATOR.findall(tag[0])) > MAX_ATTRIBUTES:
            raise UnreadableFile(f"an element with more than {MAX_ATTRIBUTES:,} attributes")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableFile("holds no text") from error
    elements = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > MAX_DEPTH:
            raise UnreadableFile(f"elements nested more than {MAX_DEPTH} deep: no article")
        if elements > MAX_ELEMENTS:
            raise UnreadableFile(f"more than {MAX_ELEMENTS:,} elements: no article")
    return root


def _left_out(page: list[str], article: list[str]) -> str:
    """What an editor should know of the page's parts that are not in the article."""
    kept = tuple(block for block in article if block[0] == "#")
    words = _words(page) - _words(article)
    same = set(kept)  # most are; to compare each with each takes the square of their number
    headings = [
        report_line(block.lstrip("# "), _SHOWN_CHARS)
        for block in page
        if block[0] == "#" and block not in same and not block.startswith(kept)
    ]
    named = f", headed {', '.join(map(repr, headings[:_SHOWN]))}" if headings else ""
    return f"left out around the article: {words} words{named}" if words > 0 else ""


def _decode(data: bytes) -> tuple[str, list[str]]:
    """The text by the encoding that the page names, else as any text is decoded."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            f"{len(data) // 1_000_000} MB of HTML: at most {MAX_BYTES // 1_000_000}"
        )
    named = _CHARSET.search(data[:4096])
    if named is None or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data)
    try:
        # Browsers read "latin-1" as Windows-1252, and so do the people who wrote it.
        name = codecs.lookup(named[1].decode()).name
        text = data.decode({"iso8859-1": "cp1252", "ascii": "utf-8"}.get(name, name))
    except (LookupError, UnicodeError):
        return decode(data)
    return decode(text.encode("utf-8", "replace"))


def _title(root: Element) -> str | None:
    """The only `h1` heading, or what the page says its title is, without the name of the site."""
    headings = [heading for heading in root.iter("h1") if heading.text_content().strip()]
    if len(headings) == 1:
        return None
    told = _first(root, _PROPERTY.format("og:title")) or _first(root, "//head/title/text()")
    return _SITE.split(told)[0] if told else None


def _url(root: Element, text: str) -> str | None:
    saved = _SAVED_FROM.search(text[:4096])
    told = _first(root, "//link[@rel='canonical']/@href")
    return told or _first(root, _PROPERTY.format("og:url")) or (saved[1] if saved else None)


def _date(root: Element) -> str | None:
    names = ("article:published_time", "date", "DC.date", "dc.date", "article:modified_time")
    told = (_first(root, _PROPERTY.format(name)) for name in names)
    return next(filter(None, told), None) or _first(root, "//time/@datetime")


def _first(root: Element, path: str) -> str | None:
    found = root.xpath(path)
    return one_line(str(found[0])) if found else None
