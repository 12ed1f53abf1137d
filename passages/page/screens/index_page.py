"""The index page: what is in the index, what went wrong when it was built, how to build it anew."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from passages.errors import PassagesError
from passages.page import state as server
from passages.page.parts import chrome, dates
from passages.page.screens import missing
from passages.page.settings import build_command, settings

if TYPE_CHECKING:
    from passages import Index
    from passages.articles.corpus import Problem

LISTED = 100  # problems and names; the build command prints them all


def main() -> None:
    """The facts, the lengths, the problems, the command."""
    st.html('<div class="page-head"><h1>State of the index</h1></div>')
    index = server.wait_for_index()
    if index is None:
        missing.draw()
        return
    if server.live().problem:
        missing.damaged(still_serving=True)
    try:
        _facts(index)
    except PassagesError as error:  # its encoder cannot be loaded
        missing.unusable(error)
        return
    if settings().service is None:  # otherwise files and problems are at the service
        _changes(index)
        _problems(index.about.problems)
        _rebuild(index)


def _facts(index: Index) -> None:
    from passages.page.contents import contents

    about = index.about
    counted = contents(index)
    facts = {
        "Articles": f"{about.articles:,}",
        "Sections": f"{counted.sections:,}",
        "Passages": f"{about.passages:,}",
        "Sentences": f"{about.sentences:,}",
        "Built": dates.when(about.created),
        "Encoder": f"{about.model.name}, {about.model.precision}",
    }
    listed = "".join(f"<div><dt>{k}</dt><dd>{escape(v)}</dd></div>" for k, v in facts.items())
    st.html(f'<dl class="facts">{listed}</dl>')
    if counted.tokens:
        _lengths(counted.tokens)


def _lengths(tokens: Sequence[int]) -> None:
    import altair as alt

    st.html("<h2>Length of the passages</h2>")
    chart = (
        alt.Chart(alt.InlineData(values=[{"tokens": number} for number in tokens]))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            alt.X("tokens:Q", bin=alt.Bin(maxbins=24), title="tokens, headings included"),
            alt.Y("count():Q", title="passages"),
        )
        .properties(height=220)
    )
    middle = sorted(tokens)[len(tokens) // 2] if tokens else 0
    said = f"Passages have up to {max(tokens, default=0)} tokens, half of them {middle} or fewer."
    st.altair_chart(chart, width="stretch", alt=said)
    st.html(f'<p class="quiet">{said}</p>')


def _changes(index: Index) -> None:
    changes = server.changes(index)
    if not changes:
        return
    kinds = {"New": changes.added, "Changed": changes.changed, "Removed": changes.removed}
    said = "".join(
        f"<p><strong>{kind}:</strong> {escape(', '.join(names[:LISTED]))}</p>"
        for kind, names in kinds.items()
        if names
    )
    chrome.note(f"<h2>The articles have changed since</h2>{said}")


def _problems(problems: Sequence[Problem]) -> None:
    st.html("<h2>Problems of the last build</h2>")
    if not problems:
        st.html('<p class="quiet">None.</p>')
        return
    rows = "".join(
        f'<tr><td>{escape(each.severity)}</td><th scope="row">{escape(each.file)}</th>'
        f"<td>{escape(each.problem)}</td></tr>"
        for each in problems[:LISTED]
    )
    st.html(
        '<div class="figures"><table><thead><tr><th scope="col">Severity</th>'
        '<th scope="col">File</th><th scope="col">Problem</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    if len(problems) > LISTED:
        st.html(f'<p class="quiet">and {len(problems) - LISTED:,} more</p>')


def _rebuild(index: Index) -> None:
    st.html('<h2>Build it anew</h2><p class="quiet">Only what changed is encoded.</p>')
    corpus = server.corpus(index)
    chrome.command(build_command(corpus, settings().index))
    builder = server.builder()
    if builder.error:
        missing.failed(builder.error)
    if builder.running:
        missing.watch()
    elif settings().allow_rebuild and st.button("Rebuild now", key="rebuild"):
        builder.start(corpus)
        st.rerun()


main()
