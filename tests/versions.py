"""What readers and cutter make of the fixtures, as hashes; run as a command, it records them.

    python -m tests.versions

also increments the version of whatever makes something else than was recorded, so that every index
is read or cut anew. After a merge conflict in the recorded hashes: take either side, run it again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.fuzz_seeds import KINDS, seeds
from passages.articles.chunking import chunk
from passages.articles.corpus import Article, SourceFile, read_article
from passages.errors import UnreadableFile
from tests.support import ROOT
from tests.support.toy import BagOfWords

RECORDED = ROOT / "tests" / "data" / "versions.json"

VERSIONS = {
    "readers": (ROOT / "passages" / "articles" / "readers" / "__init__.py", "READERS_VERSION"),
    "cutter": (ROOT / "passages" / "articles" / "chunking.py", "CHUNKER_VERSION"),
}
"""Where each version stands, and its name."""


def read_hashes() -> dict[str, str]:
    """A hash of the article that each fixture becomes, by the fixture's name."""
    made = {}
    for kind in KINDS:
        for data in seeds(kind):
            file = _named(data, kind)
            try:
                article, _ = read_article(SourceFile("fixture", file, Path(file), 1, 0), data)
                made[file] = _hash(asdict(article))
            except UnreadableFile as error:
                made[file] = _hash(str(error))
    return made


def cut_hashes() -> dict[str, str]:
    """A hash of the passages of each fixture in Markdown, which no reader has seen."""
    made = {}
    for data in seeds(".md"):
        article = Article("fixture", "Fixture", data.decode("utf-8", "replace"))
        passages = chunk(article, BagOfWords().count_tokens, BagOfWords().max_tokens)
        made[_named(data, ".md")] = _hash(
            [{**asdict(passage), "article": None, "words": passage.words} for passage in passages]
        )
    return made


MADE: dict[str, Callable[[], dict[str, str]]] = {"readers": read_hashes, "cutter": cut_hashes}


def version(part: str) -> int:
    """The version that stands in the code."""
    path, name = VERSIONS[part]
    found = re.search(rf"^{name} = (\d+)$", path.read_text("utf-8"), re.MULTILINE)
    assert found, f"{path} has no {name}"
    return int(found[1])


def recorded() -> dict[str, dict[str, Any]]:
    """For each part its version and the hashes of what it made then."""
    found: dict[str, dict[str, Any]] = json.loads(RECORDED.read_text("utf-8"))
    return found


def main() -> None:
    """Record what is made now, and increment the versions of what makes something else."""
    before = recorded() if RECORDED.exists() else {}
    now: dict[str, dict[str, Any]] = {}
    for part, make in MADE.items():
        number, hashes = version(part), make()
        last = before.get(part, {"version": number, "made": {}})
        both = hashes.keys() & last["made"].keys()
        moved = any(hashes[name] != last["made"][name] for name in both)
        if moved and number <= last["version"]:
            number = last["version"] + 1
            path, name = VERSIONS[part]
            text = re.sub(rf"(?m)^{name} = \d+$", f"{name} = {number}", path.read_text("utf-8"))
            path.write_text(text, "utf-8")
            print(f"{name} is {number}")
        now[part] = {"version": number, "made": hashes}
    RECORDED.write_text(json.dumps(now, indent=1) + "\n", "utf-8")


def _named(data: bytes, kind: str) -> str:
    """A name that stays when fixtures are added beside it."""
    return hashlib.sha256(data).hexdigest()[:12] + kind


def _hash(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


if __name__ == "__main__":
    main()
