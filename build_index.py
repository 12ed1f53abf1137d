"""Build or refresh the index: `python build_index.py`. Only what changed is encoded."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tqdm import tqdm

from passages.building.build import Report, build
from passages.building.intake import changes_since
from passages.index import folder as store
from passages.index.writer import CHUNKING
from passages.models.catalogue import find_model
from passages.search.searcher import open_index


def main() -> int:
    """Exit status: 0 built, 1 built but files had problems, 2 nothing published.

    With --check: 0 whole and up to date, else 1.
    """
    options = _options()
    try:
        if options.rollback:
            print(f"serving {store.rollback(options.index)}")
            return 0
        if options.check:
            return _check(options.corpus, options.index)
        with _Bar() as bar:
            report = build(
                options.corpus,
                options.index,
                options.model,
                dry_run=options.dry_run,
                progress=bar.show,
            )
    except (OSError, ValueError, RuntimeError) as error:
        print(f"nothing published: {error}", file=sys.stderr)
        return 2
    for problem in report.problems:
        print(f"{problem.severity}: {problem.file}: {problem.problem}", file=sys.stderr)
    print(json.dumps(report.to_json(), ensure_ascii=False) if options.json else _summary(report))
    return int(any(problem.severity != "note" for problem in report.problems))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="folder of articles")
    parser.add_argument("--index", type=Path, default=Path("index"), help="folder of the index")
    parser.add_argument("--model", help="sentence-transformers model: a name or a folder")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--dry-run", action="store_true", help="report, but publish nothing")
    parser.add_argument("--check", action="store_true", help="is the index whole and up to date?")
    parser.add_argument("--rollback", action="store_true", help="serve the snapshot before again")
    return parser.parse_args()


def _check(corpus: Path, index: Path) -> int:
    try:
        manifest = open_index(index, verify=True).snapshot.manifest
        model = find_model(manifest.model.name, manifest.model.precision)
    except (FileNotFoundError, ValueError) as error:
        print(error)
        return 1
    if model != manifest.model or manifest.chunking != CHUNKING:
        with_what = "program" if model == manifest.model else f"{model.name} model"
        print(f"out of date: made with another version of the {with_what}")
        return 1
    changes = changes_since(manifest, corpus)
    if not changes:
        print(f"whole and up to date: {len(manifest.articles)} articles")
        return 0
    synonyms = "; the synonyms changed" if changes.synonyms else ""
    print(f"out of date: {_list(changes.added, changes.changed, changes.removed)}{synonyms}")
    return 1


def _summary(report: Report) -> str:
    changes = _list(report.added, report.changed, report.removed)
    lines = [
        f"articles: {report.articles} ({changes}; {report.unchanged} unchanged)",
        f"passages: {report.passages} ({report.embedded} encoded with {report.model}, "
        f"{report.reused} carried over)",
    ]
    if report.kept:
        lines.append(f"kept with their last good text: {', '.join(report.kept)}")
    done = "published" if report.published else "nothing published, serving"
    return "\n".join([*lines, f"{done}: {report.snapshot} ({report.seconds:.1f} s)"])


def _list(added: tuple[str, ...], changed: tuple[str, ...], removed: tuple[str, ...]) -> str:
    kinds = (("added", added), ("changed", changed), ("removed", removed))
    return ", ".join(f"{len(names)} {kind}{_named(names)}" for kind, names in kinds)


def _named(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    return f" [{shown}]" if names else ""


class _Bar:
    """A progress bar on a terminal, nothing in a pipe."""

    def __enter__(self) -> _Bar:
        self._bar = tqdm(unit=" texts", disable=not sys.stderr.isatty(), leave=False)
        return self

    def show(self, done: int, total: int) -> None:
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def __exit__(self, *_: object) -> None:
        self._bar.close()


if __name__ == "__main__":
    sys.exit(main())
