"""Where an article comes from and how old it is, as a reader is told."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from passages.page import state as server
from passages.page.reading.dates import in_words, parts_of, years_since
from passages.page.wording import counted, language_of_words, tr

if TYPE_CHECKING:
    from passages.articles.corpus import Article


def origin_html(article: Article) -> str:
    """Source and date, and a word where the article is older than the operator's limit."""
    old = old_words(article.date, server.appearance().old_after_years)
    own = (date_html(article.date), f'<span class="old">{old}</span>' if old else "")
    # Within an article that is read from right to left these words are not.
    said = (f'<bdi lang="{language_of_words()}">{words}</bdi>' for words in own if words)
    return " · ".join(filter(None, (source_html(article), *said)))


def source_html(article: Article) -> str:
    """The source; a link where the article gives an address of the web."""
    source = escape(article.source or "")
    address = (article.url or "").strip()
    if urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname:
        words = source or escape(str(urlsplit(address).hostname))
        return f'<a href="{escape(address)}" rel="noopener noreferrer">{words}</a>'
    return source


def date_html(written: str | None) -> str:
    """`2024-03-01` in words, and as it stands where it is no date."""
    parts = parts_of(written)
    if parts is None:
        return escape(written or "")
    iso = "-".join(f"{part:02}" for part in parts if part)
    return f'<time datetime="{iso}">{in_words(parts)}</time>'


def old_words(written: str | None, limit: float | None) -> str:
    """What a reader is told of an article older than `limit` years, nothing of others."""
    parts = parts_of(written)
    if limit is None or parts is None or (age := years_since(parts)) < limit:
        return ""
    if age < 1:
        return tr("Some months old: it may be out of date.")
    return counted(
        int(age),
        "More than one year old: it may be out of date.",
        "More than {number} years old: it may be out of date.",
    )
