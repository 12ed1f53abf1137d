"""Formulas in TeX -> code: what looks like Markdown in them is none."""

from __future__ import annotations

import re

from passages.articles.markup.hidden.scan import Scan

_TEX = re.compile(r"[\\^=*]|_[\w{]")  # in brackets that may be no more than escaped brackets
_MARKUP = re.compile(r"[*_\\~`\[\]<>{}^]")
_DOLLAR = re.compile(r"[^\n$`]{0,200}?[^\s$`\\](\$)(?![\w`])")


def formula(scan: Scan, match: re.Match[str]) -> int:
    r"""Write `$…$`, `$$…$$`, `\(…\)` or `\[…\]` as it is, where it would be read as Markdown."""
    text, start, opening = scan.text, match.start(), match[0]
    if opening == "$$":
        return _displayed(scan, match)
    if opening == "$":
        closing = _DOLLAR.match(text, match.end())
        end = closing.end() if closing else -1
    else:
        end = text.find("\\)" if opening == "\\(" else "\\]", match.end()) + 2
    inside = text[match.end() : max(end - len(opening), 0)]
    if not (_MARKUP if opening == "$" else _TEX).search(inside):
        return match.end()
    if "\n" in inside:
        return _fenced(scan, start, start, end, end)
    return _as_code(scan, start, end)


def _displayed(scan: Scan, match: re.Match[str]) -> int:
    text, start = scan.text, match.start()
    found = scan.find("$$", match.end())
    if found == -1:
        return match.end()
    end = found + 2
    inside = text[match.end() : found]
    if "\n" not in inside:
        return _as_code(scan, start, end) if _MARKUP.search(inside) else end
    alone = not text[text.rfind("\n", 0, start) + 1 : start].strip(" \t>")
    if alone and text[end : end + 1] in ("", "\n", " ", "{"):
        return _fenced(scan, start, match.end(), found, end)
    return match.end()


def _as_code(scan: Scan, start: int, end: int) -> int:
    ticks = "`"
    while ticks in scan.text[start:end]:
        ticks += "`"
    scan.leave_out(start, start, ticks)
    scan.keep(end)
    return scan.leave_out(end, end, ticks)


def _fenced(scan: Scan, start: int, first: int, last: int, end: int) -> int:
    """Write what stands between `first` and `last` as a fence of code."""
    scan.leave_out(start, first, "\n```\n")
    scan.keep(last)
    return scan.leave_out(last, end, "\n```\n")
