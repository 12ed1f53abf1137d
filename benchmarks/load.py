"""Many readers asking at once: `python -m benchmarks.load`.

Starts the page, and talks to it as a browser does, over its websocket. Every question is asked
once only, so no answer comes from a cache, and every answer is compared with what the library
itself finds: a reader who gets another one's results is an error.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from html import unescape
from itertools import chain, count
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from passages import Index, open_index
from tests.support.site import serving, until

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Exit status: 0 every answer right and the median under the limit, else 1."""
    options = _options()
    questions = _questions()
    index = open_index(options.index)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(options.index.resolve(), Path(folder) / "log") as site,
    ):
        until(lambda: _ready(site.url), "the index does not serve", 60)
        asyncio.run(_session(site.url, [next(questions) for _ in range(5)]))  # warm
        alone = [next(questions) for _ in range(options.asks * 4)]
        one = asyncio.run(_session(site.url, alone))
        asked = [[next(questions) for _ in range(options.asks)] for _ in range(options.sessions)]
        started = time.perf_counter()
        many = asyncio.run(_together(site.url, asked))
        seconds = time.perf_counter() - started
    answers = [*one, *(answer for session in many for answer in session)]
    wrong = [
        question
        for question, (_, shown) in zip([*alone, *chain(*asked)], answers, strict=True)
        if shown != (question, _expected(index, question))
    ]
    single = statistics.median(took for took, _ in one)
    median = statistics.median(took for session in many for took, _ in session)
    slowest = max(took for session in many for took, _ in session)
    print(f"one session:   median {single * 1000:6.0f} ms over {len(one)} questions")
    print(
        f"{options.sessions} sessions:   median {median * 1000:6.0f} ms, slowest "
        f"{slowest * 1000:.0f} ms, {options.sessions * options.asks / seconds:.0f} answers a second"
    )
    print(f"the median is {median / single:.1f} times that of one session (limit {options.limit})")
    print(f"wrong or mixed answers: {len(wrong)} of {len(answers)} {wrong[:3] or ''}")
    return int(bool(wrong) or median > options.limit * single)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=ROOT / "index")
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--asks", type=int, default=5, help="questions a session asks in a row")
    parser.add_argument("--limit", type=float, default=10, help="of the median, in single times")
    return parser.parse_args()


def _questions() -> Iterator[str]:
    """The judged questions, none ever twice."""
    lines = (ROOT / "evaluation" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [" ".join(json.loads(line)["question"].split()) for line in lines]
    for turn in count():
        yield from (f"{question} ({turn})" if turn else question for question in asked)


def _expected(index: Index, question: str) -> str:
    headings = index.search(question).hits[0].passage.headings
    return headings[-1] if headings else "Beginning of the article"


def _ready(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(f"{url}/health", timeout=2).status == 200)
    except OSError:  # not yet, or too busy loading to say so
        return False


Shown = tuple[str, str]
"""The question that the page says it answers, and the heading of its first card."""


async def _together(url: str, asked: list[list[str]]) -> list[list[tuple[float, Shown]]]:
    return await asyncio.gather(*(_session(url, questions) for questions in asked))


async def _session(url: str, questions: list[str]) -> list[tuple[float, Shown]]:
    """One reader: seconds and what was shown, for each question in turn."""
    address = url.replace("http://", "ws://") + "/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], origin=url, max_size=None) as socket:  # type: ignore[arg-type, list-item]
        await _run(socket, "")
        answers = []
        for question in questions:
            started = time.perf_counter()
            html = await _run(socket, urlencode({"q": question}))
            answers.append((time.perf_counter() - started, _shown(html)))
        return answers


async def _run(socket: ClientConnection, query: str) -> str:
    """Run the page with this address; returns the HTML it drew."""
    message = BackMsg()
    message.rerun_script.query_string = query
    await socket.send(message.SerializeToString())
    drawn = []
    async for data in socket:
        forward = ForwardMsg()
        forward.ParseFromString(data if isinstance(data, bytes) else data.encode())
        kind = forward.WhichOneof("type")
        if kind == "delta" and forward.delta.new_element.WhichOneof("type") == "html":
            drawn.append(forward.delta.new_element.html.body)
        elif kind == "delta" and forward.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(forward.delta.new_element.exception.message)
        elif kind == "script_finished":
            return "\n".join(drawn)
    raise ConnectionError("the server closed the connection")


def _shown(html: str) -> Shown:
    asked = re.search(r'data-ready="search" hidden>(.*?)</span>', html, re.DOTALL)
    heading = re.search(r'<div class="card">.*?<h3>(.*?)</h3>', html, re.DOTALL)
    return unescape(asked[1]) if asked else "", unescape(heading[1]) if heading else ""


if __name__ == "__main__":
    sys.exit(main())
