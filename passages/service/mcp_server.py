"""The search as tools and resources of the Model Context Protocol; nothing can be changed by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlencode

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.types import CallToolResult, Resource, TextContent, ToolAnnotations
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from passages.errors import PassagesError
from passages.search.answer import Answer, Hit
from passages.search.query import MAX_QUESTION
from passages.search.searcher import Index
from passages.service.operating.limits import MAX_K
from passages.version import VERSION

Current = Callable[[], Index]
"""The index that serves at this moment; raises a `PassagesError` where there is none."""

T = TypeVar("T")

SCHEME = "passages://articles/"

INSTRUCTIONS = (
    "Passages of a collection of articles, word for word. Ask `search` a question in the reader's "
    "own words. Quote what it finds and name the article. Where it says that the articles do not "
    "cover the question, say so: do not fill the gap from elsewhere as if it came from them."
)
NOTHING = "I did not find an answer in these articles."
NOT_COVERED = (
    f"{NOTHING} The passages below are only the closest ones: they do not answer the question."
)
RELATED = "The articles have related passages. They may not answer the question."
COVERED = "The articles answer this with the passages below, best first."

_READING = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


class ArticleServer(MCPServer[Any]):
    """A server whose resources are the articles that serve at this moment."""

    def __init__(self, current: Current) -> None:
        super().__init__("passages", title="Passages", instructions=INSTRUCTIONS, version=VERSION)
        self._current = current

    async def list_resources(self) -> list[Resource]:
        """Every article as Markdown."""
        entries = await run_in_threadpool(lambda: list(self._current().articles()))
        return [
            Resource(name=article, title=title, uri=uri_of(article), mime_type="text/markdown")
            for article, title in entries
        ]


def server(current: Current, page: str = "") -> MCPServer[Any]:
    """The MCP server over an index.

    Args:
        current: the index to ask.
        page: the address of the page, for permalinks; without one they are paths.
    """
    made = ArticleServer(current)
    tools = _Tools(current, page.rstrip("/"))
    for tool in (tools.search, tools.read_article, tools.list_articles):
        made.add_tool(tool, annotations=_READING)

    @made.resource(f"{SCHEME}{{+article}}", name="article", mime_type="text/markdown")
    def article(article: str) -> str:
        """An article as Markdown."""
        found = current().article(article)
        if found is None:
            raise ResourceNotFoundError(f"There is no article {article!r}.")
        return found.text

    return made


class _Tools:
    """The tools; what they are called with is described by their signatures."""

    def __init__(self, current: Current, page: str) -> None:
        self._current = current
        self._page = page

    def search(
        self,
        question: Annotated[
            str, Field(min_length=1, max_length=MAX_QUESTION, description="in the reader's words")
        ],
        k: Annotated[int, Field(ge=1, le=MAX_K, description="passages to find")] = 5,
        articles: Annotated[
            list[str] | None, Field(description="ids of the articles to search in")
        ] = None,
    ) -> CallToolResult:
        """Find the passages of the articles that answer a question, word for word.

        Says plainly when the articles do not answer it, and what each passage does not mention.
        """
        index = _told(self._current)
        for article in articles or ():
            if index.article(article) is None:
                raise ToolError(f"There is no article {article!r}: `list_articles` lists them.")
        answer = _told(lambda: index.search(question, k, articles or None))
        shown = answer.to_json()
        for hit, each in zip(answer.hits, shown["hits"], strict=True):
            each["permalink"] = self._permalink(hit, each["key"])
        said = _said(answer)
        text = "\n\n".join([said, *map(_as_text, shown["hits"])])
        return _result(text, {"note": said, **shown})

    def read_article(
        self, article: Annotated[str, Field(description="the article's id")]
    ) -> CallToolResult:
        """Read a whole article as Markdown."""
        found = _told(lambda: self._current().article(article))
        if found is None:
            raise ToolError(f"There is no article {article!r}: `list_articles` lists them.")
        fields = ("id", "title", "source", "url", "date", "language", "text")
        return _result(found.text, {name: getattr(found, name) for name in fields})

    def list_articles(self) -> CallToolResult:
        """List the articles by id and title."""
        entries = _told(lambda: list(self._current().articles()))
        listed = [{"id": article, "title": title} for article, title in entries]
        return _result(json.dumps(listed, ensure_ascii=False), {"articles": listed})

    def _permalink(self, hit: Hit, key: str) -> str:
        return f"{self._page}/article?{urlencode({'a': hit.passage.article.id, 'p': key})}"


def uri_of(article: str) -> str:
    """The address of an article's resource."""
    return SCHEME + quote(article)


def _said(answer: Answer) -> str:
    """Whether the articles answer the question, as a sentence."""
    if not answer.hits:
        return NOTHING
    if not answer.covered:
        return NOT_COVERED
    return COVERED if answer.verdict == "answered" else RELATED


def _as_text(hit: dict[str, Any]) -> str:
    """A hit as an assistant reads it: where it stands, its words, and what they lack."""
    lines = [f"{hit['rank']}. {' › '.join([hit['title'], *hit['headings']])}", hit["text"]]
    if hit["missing"]:
        lines.append(f"Not mentioned in this passage: {', '.join(hit['missing'])}")
    lines += [f"Asked: {each['asked']}; it says: {each['says']}" for each in hit["numbers"]]
    lines += [
        f"The same text stands in: {' › '.join([place['title'], *place['headings']])}"
        for place in hit["other_places"]
    ]
    return "\n\n".join([*lines, f"Article {hit['article']}, {hit['permalink']}"])


def _result(text: str, value: dict[str, Any]) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=value)


def _told(ask: Callable[[], T]) -> T:
    """What `ask` gives; an error that the operator can put right is told to the client."""
    try:
        return ask()
    except PassagesError as error:
        raise ToolError(str(error)) from error
