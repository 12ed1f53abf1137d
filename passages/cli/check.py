"""Say whether the index is whole, made by this program, and up to date with its articles."""

from __future__ import annotations

import argparse
from pathlib import Path

from passages.building.changes import changes_since
from passages.building.cutting import CHUNKING
from passages.cli.changes import in_languages, listed
from passages.errors import PassagesError
from passages.index.generation import whole_manifest
from passages.models.supply import find_model
from passages.opening import local_folder, open_index


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="folder of articles")
    parser.add_argument("--index", type=Path, default=Path("index"), help="folder of the index")


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 whole and up to date, else 1."""
    return check(options.corpus, options.index)


def check(corpus: Path, index: Path) -> int:
    """Print what is the case; 0 if the index is whole and up to date, else 1."""
    try:
        opened = open_index(index, verify=True)
        manifest = whole_manifest(local_folder(index) / opened.about.name)
        model = find_model(manifest.model.name, manifest.model.precision)
    except PassagesError as error:
        print(error)
        return 1
    if model != manifest.model or manifest.chunking != CHUNKING:
        with_what = "program" if model == manifest.model else f"{model.name} model"
        print(f"out of date: made with another version of the {with_what}")
        return 1
    changes = changes_since(manifest, corpus)
    languages = in_languages(opened.source.words.languages)
    of_languages = f"; passages by language: {languages}" if languages else ""
    if not changes:
        print(f"whole and up to date: {len(manifest.articles)} articles{of_languages}")
        return 0
    synonyms = "; the synonyms changed" if changes.synonyms else ""
    print(f"out of date: {listed(changes.added, changes.changed, changes.removed)}{synonyms}")
    return 1
