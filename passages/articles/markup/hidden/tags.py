"""Tags of HTML and of components: headings stay headings, pictures and tabs their words."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from passages.articles.markup.hidden.scan import BLANK_LINE, LONGEST, Scan
from passages.articles.markup.mapped import Mapped
from passages.articles.markup.parsing import is_decoration

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rp rt ruby s "
    "samp small span strike strong sub sup time tt u var wbr"
)
_BREAKING_TAGS = (
    "address article aside blockquote caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol "
    "optgroup option p section select summary table tbody tfoot thead tr ul"
)
_OTHER_TAGS = (
    "area audio base body br button canvas col colgroup datalist embed frame frameset head html "
    "iframe img input label link map meta noscript object output param picture pre progress "
    "script source style svg path g td template textarea th title track video"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_BREAKING = frozenset(_BREAKING_TAGS.split())
_KNOWN = frozenset(f"{_INLINE_TAGS} {_BREAKING_TAGS} {_OTHER_TAGS}".split())
_UNSEEN = frozenset(("script", "style", "svg", "template", "iframe", "noscript"))
_PLAIN = frozenset(
    ["link", "icon", "image", "img", "anchor", "a", "badge"]
)  # whose title is a tool tip

_NAME = re.compile(r"</?([A-Za-z][\w.:-]*)(?=[\s/>])|</?(?=>)")
_DESTINATION = re.compile(r"(?:\]\(|^[ \t>]*\[[^\]\n]+\]:)[ \t]*$", re.MULTILINE)
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_SRC = re.compile(r"""\ssrc\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_HREF = re.compile(r"""\shref\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_LINK_END = re.compile(r"</a\s*>", re.IGNORECASE)
_LABEL = re.compile(r"""\s(?:label|title)\s*=\s*(?:"([^"\n]*)"|'([^'\n]*)')""")
_CODE_TAG = re.compile(r"</?(?:code|span|samp|kbd|b|i|em|strong)\b[^<>]*>|&[#\w]+;", re.IGNORECASE)

Hidden = Callable[[str], Mapped]
"""Makes of a piece of the text what is visible of it."""


def tag(scan: Scan, match: re.Match[str], hidden: Hidden) -> int:
    """Leave out a tag, with all that it hides, or write what it shows in Markdown."""
    text, start = scan.text, match.start()
    name = _NAME.match(text, start)
    written = (name[1] or "") if name else ""
    lower = written.lower()
    if name is None or not (lower in _KNOWN or written == "" or _may_be(written)):
        return match.end()
    end = _end(text, name.end())
    closes = text[start + 1] == "/"
    if end == -1 or not _is_tag(scan, written, start, end):
        return match.end()
    alone = text[end - 2] == "/"
    if lower == "img" and not closes:
        return _picture(scan, start, end)
    if not closes and not alone and (done := _opened(scan, start, end, lower, hidden)):
        return done
    if lower == "details" and not alone:
        return _fold(scan, start, end, closes=closes)
    if not closes and written not in _KNOWN and lower not in _PLAIN:
        found = _LABEL.search(text, name.end(), end)
        if found:
            return _labelled(scan, start, end, found)
    if lower in _BREAKING:
        return scan.leave_out(start, end, scan.own_paragraph(start))
    return scan.leave_out(start, end, "" if lower in _INLINE else scan.space(start))


def _may_be(written: str) -> bool:
    """Whether a component or an element of one's own may have that name."""
    return written[0].isupper() or "-" in written or "." in written


def _is_tag(scan: Scan, written: str, start: int, end: int) -> bool:
    """Whether it is a tag, and not `<your-name>`, `List<String>` or the target of a link."""
    text = scan.text
    if written.lower() in _KNOWN or not written:
        line = text.rfind("\n", 0, start) + 1
        return not _DESTINATION.search(text, line, start)
    if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        return text[start + 1] == "/"
    inside = text[start + 1 : end - 1]
    if inside.endswith("/") or "=" in inside or "{" in inside:
        return True
    return scan.closes(written)


def _opened(scan: Scan, start: int, end: int, lower: str, hidden: Hidden) -> int:
    """Past an element that is more than its tags; 0 if it is not."""
    text = scan.text
    if lower in _UNSEEN:
        closing = re.compile(rf"</{lower}\s*>", re.IGNORECASE).search(text, end)
        return scan.leave_out(start, closing.end() if closing else end, " ")
    if lower == "pre":
        return _preformatted(scan, start, end)
    if lower == "a":
        return _link(scan, start, end)
    if re.fullmatch(r"h[1-6]|summary", lower):
        return _heading(scan, start, end, lower, hidden)
    return 0


def _end(text: str, place: int) -> int:
    """Past the `>` that ends a tag, whose attributes may hold quotes and braces; -1 if none."""
    depth, quote = 0, ""
    for at in range(place, min(len(text), place + LONGEST)):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and (depth or text[at - 1] in "= \t\n"):
            quote = char
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == ">" and depth <= 0:
            return at + 1
        elif (char == "<" and depth <= 0) or (char == "\n" and text[at - 1] == "\n"):
            return -1
    return -1


def _picture(scan: Scan, start: int, end: int) -> int:
    """Write the description of a picture."""
    alt, source = (each.search(scan.text, start, end) for each in (_ALT, _SRC))
    if alt is None:
        return scan.leave_out(start, end, scan.space(start))
    group = 1 if alt[1] is not None else 2
    linked = re.search(r"<a\b[^<>]*>\s*$|\[\s*$", scan.text[max(0, start - 500) : start])
    if is_decoration(alt[group], source[1] if source else "", linked=linked is not None):
        return scan.leave_out(start, end, scan.space(start))
    scan.leave_out(start, alt.start(group), scan.space(start))
    scan.keep(alt.end(group))
    after = scan.text[end : end + 1]
    return scan.leave_out(alt.end(group), end, " " if after.isalnum() else "")


def _link(scan: Scan, start: int, end: int) -> int:
    """Write a link as one; 0 if it leads nowhere or holds brackets."""
    target = _HREF.search(scan.text, start, end)
    closing = _LINK_END.search(scan.text, end, end + LONGEST)
    if target is None or closing is None:
        return 0
    inside = scan.text[end : closing.start()]
    if re.search(r"[\[\]`]|\n[ \t]*\n|<(?!br|img|b|i|/)", inside) or not inside.strip():
        return 0
    scan.close_later(closing.span(), "](#)" if target[1].startswith("#") else "](page)")
    return scan.leave_out(start, end, "[")


def _labelled(scan: Scan, start: int, end: int, label: re.Match[str]) -> int:
    """Leave out the tag of a component, but for the label that it shows."""
    group = 1 if label[1] is not None else 2
    if not label[group].strip():
        return scan.leave_out(start, end, scan.space(start))
    scan.leave_out(start, label.start(group), scan.own_paragraph(start))
    scan.keep(label.end(group))
    return scan.leave_out(
        label.end(group), end, "\n\n" if scan.text[end : end + 1] == "\n" else " "
    )


def _fold(scan: Scan, start: int, end: int, *, closes: bool) -> int:
    """Note where a part that folds begins and ends; with a summary it is a section."""
    if not closes:
        scan.folds.append([scan.level, 0])
        return scan.leave_out(start, end, scan.own_paragraph(start))
    if not scan.folds:
        return scan.leave_out(start, end, scan.own_paragraph(start))
    around, summary = scan.folds.pop()
    if not summary:
        return scan.leave_out(start, end, scan.own_paragraph(start))
    scan.level = around
    scan.leave_out(start, end, "\n\n")
    scan.ends.append((end, summary))
    return end


def _preformatted(scan: Scan, start: int, end: int) -> int:
    """Write preformatted text as a fence of code, without the tags in it; 0 if it has a fence."""
    closing = re.compile(r"</pre\s*>", re.IGNORECASE).search(scan.text, end)
    if closing is None or "```" in scan.text[end : closing.start()]:
        return 0
    scan.leave_out(start, end, "\n```\n")
    for found in _CODE_TAG.finditer(scan.text, end, closing.start()):
        instead = html.unescape(found[0]) if found[0][0] == "&" else ""
        scan.leave_out(found.start(), found.end(), instead)
    scan.keep(closing.start())
    return scan.leave_out(closing.start(), closing.end(), "\n```\n")


def _heading(scan: Scan, start: int, end: int, name: str, hidden: Hidden) -> int:
    """Write a heading in HTML as one in Markdown; 0 if it is none."""
    text = scan.text
    closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, end, end + 1_000)
    if closing is None or BLANK_LINE.search(text, end, closing.start()):
        return 0
    inside = hidden(text[end : closing.start()])
    if not inside.text.strip():
        return scan.leave_out(start, closing.end())
    if name == "summary":
        level = min(6, scan.level + 1)
        if scan.folds and not scan.folds[-1][1]:
            scan.folds[-1][1] = scan.level = level
    else:
        level = scan.level = int(name[1])
    scan.leave_out(start, closing.end(), "\n\n")
    scan.out.put("#" * level + " ", start)
    for at, place in inside.runs:
        following = next((a for a, _ in inside.runs if a > at), len(inside.text))
        piece = inside.text[at:following].replace("\n", " ")
        scan.out.put(piece, end + place)
    scan.out.put("\n\n", closing.end())
    return closing.end()
