"""The MCP server, asked by the SDK's own client."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.types import CallToolResult

from passages.errors import NoIndex
from passages.opening import open_index
from passages.search.searcher import Index
from passages.service.mcp_server import NOT_COVERED, server
from tests.support.service import serving_app

QUESTION = "how much caffeine is in a cup of coffee?"


def ask_client(transport: Any, ask: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with Client(transport) as client:
            return await ask(client)

    with ThreadPoolExecutor(1) as thread:  # this one may have a loop of the browser tests
        return thread.submit(lambda: asyncio.run(run())).result(120)


def _text(result: CallToolResult) -> str:
    return "".join(getattr(part, "text", "") for part in result.content)


def test_the_tools_only_read(index: Index) -> None:
    tools = ask_client(server(lambda: index), lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == ["search", "read_article", "list_articles"]
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert tools[0].input_schema["required"] == ["question"]


def test_a_question_is_answered_with_the_json_of_the_search(index: Index) -> None:
    made = server(lambda: index, "https://search.example/")
    given = {"question": QUESTION, "k": 2}
    result = ask_client(made, lambda client: client.call_tool("search", given))
    value = dict(result.structured_content)
    note = value.pop("note")
    links = [hit.pop("permalink") for hit in value["hits"]]
    assert value == index.search(QUESTION, 2).to_json()
    assert links[0] == f"https://search.example/article?a=coffee&p={value['hits'][0]['key']}"
    text = _text(result)
    assert text.startswith(note)
    assert "1. Coffee › Caffeine\n\nA cup of coffee holds 95 mg of caffeine." in text


def test_what_the_articles_do_not_cover_is_said_first(index: Index) -> None:
    given = {"question": "who painted the Night Watch?"}
    result = ask_client(server(lambda: index), lambda client: client.call_tool("search", given))
    assert result.structured_content["covered"] is False
    assert result.structured_content["note"] == NOT_COVERED
    assert _text(result).startswith("I did not find an answer in these articles.")


def test_articles_are_listed_and_read_as_tools_and_as_resources(index: Index) -> None:
    async def ask(client: Client) -> tuple[Any, ...]:
        return (
            await client.call_tool("list_articles", {}),
            await client.call_tool("read_article", {"article": "tea"}),
            await client.list_resources(),
            await client.read_resource("passages://articles/tea"),
        )

    listed, read, resources, resource = ask_client(server(lambda: index), ask)
    entries = [{"id": "coffee", "title": "Coffee"}, {"id": "tea", "title": "Tea"}]
    assert listed.structured_content == {"articles": entries}
    tea = index.article("tea")
    assert tea is not None
    assert _text(read) == tea.text == resource.contents[0].text
    assert read.structured_content["title"] == "Tea"
    assert [each.uri for each in resources.resources] == [
        "passages://articles/coffee",
        "passages://articles/tea",
    ]
    assert resources.resources[0].mime_type == resource.contents[0].mime_type == "text/markdown"


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("read_article", {"article": "milk"}, "There is no article 'milk'"),
        ("search", {"question": "tea", "articles": ["milk"]}, "There is no article 'milk'"),
        ("search", {"question": ""}, "at least 1 character"),
        ("search", {"question": "tea", "k": 101}, "less than or equal to 100"),
    ],
)
def test_what_means_nothing_is_refused(index: Index, tool: str, given: Any, said: str) -> None:
    result = ask_client(server(lambda: index), lambda client: client.call_tool(tool, given))
    assert result.is_error
    assert said in _text(result)


def test_without_an_index_the_client_is_told() -> None:
    def current() -> Index:
        raise NoIndex("no index at tea: build it")

    for tool, given in (("search", {"question": "tea"}), ("list_articles", {})):
        result = ask_client(server(current), lambda client: client.call_tool(tool, given))  # noqa: B023
        assert result.is_error
        assert _text(result).endswith("no index at tea: build it")


def test_over_http_the_answer_is_the_same(index: Index) -> None:
    made = server(lambda: index)
    with serving_app(made.streamable_http_app(stateless_http=True)) as service:
        given = {"question": QUESTION}
        result = ask_client(f"{service.url}/mcp", lambda client: client.call_tool("search", given))
    assert result.structured_content["hits"][0]["score"] == index.search(QUESTION).hits[0].score


@pytest.mark.real_model
def test_the_command_answers_over_standard_input_and_output(real_index: Path) -> None:
    command = ["-m", "passages", "mcp", "--index", str(real_index)]
    started = stdio_client(StdioServerParameters(command=sys.executable, args=command))
    question = "who must not take ketamine?"
    result = ask_client(started, lambda client: client.call_tool("search", {"question": question}))
    value = dict(result.structured_content)
    del value["note"]
    for hit in value["hits"]:
        del hit["permalink"]
    assert value == open_index(real_index).search(question, 5).to_json()
