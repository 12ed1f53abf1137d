"""Template tags, attributes in braces and expressions of MDX: what programs fill in or read.

A tag may say what a reader sees: the label of a tab, the caption of a picture.
"""

from __future__ import annotations

import re

from passages.articles.markup.hidden.scan import BLANK_LINE, Scan

_ENDS = {
    "{{<": ">}}",
    "{{%": "%}}",
    "{{": "}}",
    "{%": "%}",
    "{#": "#}",
    "{/*": "*/}",
    "<%": "%>",
    "<?": "?>",
}
_NAME = re.compile(r"\{[{%][<%]?[-~]?\s*(/?\s*[\w./-]*)")
_CODE = re.compile(r"^[^/]*(?:highlight|code)|^(?:raw|verbatim)$")
_END_COMMENT = re.compile(r"\{%[-~]?\s*endcomment\s*[-~]?%\}")
_COMMENT = re.compile(r"comment\b")
_NAMED_LABEL = re.compile(r"""\b(?:title|label|caption|header|summary)\s*=\s*(["'])(.*?)\1""")
_TAB_NAME = re.compile(r"""\bname\s*=\s*(["'])(.*?)\1""")
_FIRST_LABEL = re.compile(r"""\s*(["'])(.*?)\1""")
_LABELLED_TAGS = "tab tabitem tab-item expand details accordion collapse step card"
_LABELLED = frozenset(_LABELLED_TAGS.split())

_ATTRIBUTE = r"""(?:[\#.][^\s{}"'=]+|[\w:@-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s{}]+))"""
_ATTRIBUTES = re.compile(
    rf"\{{:?[ \t]*{_ATTRIBUTE}(?:[ \t]+(?:{_ATTRIBUTE}|[\w-]+))*[ \t]*\}}"
    r"|\{:?[ \t]*data-[\w-]+[ \t]*\}"
    r"|\{::?/?[A-Za-z_.#][^{}\n]{0,200}\}|\{:/\}|\{[ ]?(?:docsify-ignore(?:-all)?|unnumbered)[ ]?\}"
    r"|\{-\}(?=[ \t]*$)"
    r"|\\\{\#[\w.:-]{1,100}\\?\}(?=[ \t]*$)",
    re.MULTILINE,
)
_VALUE = re.compile(r"\{[A-Za-z_$][\w$]*(?:\.[\w$]+|\[[^\]\n]{1,80}\])*(?:\([^()\n]{0,80}\))?\}")
_STRING = re.compile(r"""\{\s*(?:"([^"\n]*)"|'([^'\n]*)'|`([^`$]*)`)\s*\}""")
_PROGRAM = re.compile(r"=>|&&|\|\||===|\?[^?:]*:|<[A-Z/a-z>]|\.\.\.")
_LONGEST_PROGRAM = 5_000


def template(scan: Scan, match: re.Match[str]) -> int:
    """Leave out a tag of Hugo, Liquid, Jinja, ERB or PHP, or a comment of MDX."""
    text, start = scan.text, match.start()
    opening = next(text[start : start + n] for n in (3, 2) if text[start : start + n] in _ENDS)
    closing = _ENDS[opening]
    found = scan.find(closing, start + len(opening))
    blank = BLANK_LINE.search(text, start, max(start, found))
    if found == -1 or (blank and opening in ("{{", "{%")):
        return match.end()
    end = found + len(closing)
    if closing == "}}" and text[end : end + 1] == "}":
        end += 1
    found_name = _NAME.match(text, start)
    name = found_name[1] if found_name else ""
    if opening == "{%" and _COMMENT.match(name):
        ended = _END_COMMENT.search(text, end)
        return scan.leave_out(start, ended.end() if ended else end)
    alone = text[start:end].rstrip("}>%").rstrip().endswith("/")
    if found_name and opening != "{{" and not alone and _CODE.search(name):
        return _until_closed(scan, start, end, found_name)
    if found_name and opening in ("{{<", "{{%", "{%") and not name.startswith("/"):
        return _labelled(scan, start, end, found_name.end(), name.lower())
    return scan.leave_out(start, end)


def _labelled(scan: Scan, start: int, end: int, after: int, name: str) -> int:
    """Leave out a tag, but for the label that it shows."""
    said = scan.text[after:end]
    label = _NAMED_LABEL.search(said)
    if label is None and name in _LABELLED:
        label = _TAB_NAME.search(said) or _FIRST_LABEL.match(said)
    if label is None or not label[2].strip():
        return scan.leave_out(start, end)
    scan.leave_out(start, after + label.start(2), scan.own_paragraph(start))
    scan.keep(after + label.end(2))
    return scan.leave_out(after + label.end(2), end, scan.own_paragraph(end))


def _until_closed(scan: Scan, start: int, end: int, named: re.Match[str]) -> int:
    """What stands between two template tags as it is; highlighted code as a fence."""
    name = named[1]
    mark = "/" if scan.text.startswith("{{", start) else "end"
    closing = re.compile(rf"\{{[{{%][<%]?[-~]?\s*{mark}\s*{re.escape(name)}\s*[-~]?[>%]?[%}}]\}}")
    found = closing.search(scan.text, end)
    if found is None or "```" in scan.text[end : found.start()]:
        return _labelled(scan, start, end, named.end(), name.lower())
    fence = "" if name in ("raw", "verbatim") else "\n```\n"
    scan.leave_out(start, end, fence)
    scan.keep(found.start())
    return scan.leave_out(found.start(), found.end(), fence)


def attributes(scan: Scan, match: re.Match[str]) -> int:
    """Leave out attributes, and in MDX values and expressions; other braces are text."""
    start = match.start()
    found = _ATTRIBUTES.match(scan.text, start)
    if found is None and scan.components:
        found = _VALUE.match(scan.text, start)
        if found is None:
            return _expression(scan, start) or match.end()
    return scan.drop(found) if found else match.end()


def _expression(scan: Scan, start: int) -> int:
    """An expression of MDX: a string is its words, a program is nothing; 0 if it is text."""
    string = _STRING.match(scan.text, start)
    if string is not None:
        group = next(n for n in (1, 2, 3) if string[n] is not None)
        scan.leave_out(start, string.start(group))
        scan.keep(string.end(group))
        return scan.leave_out(string.end(group), string.end())
    depth = 0
    for brace in re.compile(r"[{}]").finditer(scan.text, start, start + _LONGEST_PROGRAM):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            if _PROGRAM.search(scan.text, start, brace.end()):
                return scan.leave_out(start, brace.end())
            return 0
    return 0
