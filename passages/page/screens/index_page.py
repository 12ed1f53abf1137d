"""The index page: what is in the index, what went wrong when it was built, how to build it anew."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from passages.errors import PassagesError
from passages.page import state as server
from passages.page.parts import chrome
from passages.page.reading import dates
from passages.page.screens import missing
from passages.page.settings import build_command, settings
from passages.page.wording import counted, tr

if TYPE_CHECKING:
    from passages import Index
    from passages.articles.corpus import Problem

LISTED = 100  # problems and names; the build command prints them all


def main() -> None:
    """The facts, the lengths, the problems, the command."""
    st.html(f'<div class="page-head"><h1>{tr("State of the index")}</h1></div>')
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
    with st.spinner(tr("Counting …")):
        found = contents(index)
    facts = {
        tr("Articles"): f"{about.articles:,}",
        tr("Sections"): f"{found.sections:,}",
        tr("Passages"): f"{about.passages:,}",
        tr("Sentences"): f"{about.sentences:,}",
        tr("Built"): dates.when(about.created),
        tr("Encoder"): f"{about.model.name}, {about.model.precision}",
    }
    listed = "".join(f"<div><dt>{k}</dt><dd>{escape(v)}</dd></div>" for k, v in facts.items())
    st.html(f'<dl class="facts">{listed}</dl>')
    if found.tokens:
        _lengths(found.tokens)


def _lengths(tokens: Sequence[int]) -> None:
    import altair as alt

    st.html(f"<h2>{tr('Length of the passages')}</h2>")
    chart = (
        alt.Chart(alt.InlineData(values=[{"tokens": number} for number in tokens]))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            alt.X("tokens:Q", bin=alt.Bin(maxbins=24), title=tr("tokens, headings included")),
            alt.Y("count():Q", title=tr("passages")),
        )
        .properties(height=220)
    )
    middle = sorted(tokens)[len(tokens) // 2] if tokens else 0
    said = tr("Passages have up to {most} tokens, half of them {middle} or fewer.").format(
        most=max(tokens, default=0), middle=middle
    )
    st.altair_chart(chart, width="stretch", alt=said)
    st.html(f'<p class="quiet">{said}</p>')


def _changes(index: Index) -> None:
    changes = server.changes(index)
    if not changes:
        return
    kinds = {
        tr("New"): changes.added,
        tr("Changed"): changes.changed,
        tr("Removed"): changes.removed,
    }
    said = "".join(
        f"<p><strong>{kind}:</strong> {escape(', '.join(names[:LISTED]))}</p>"
        for kind, names in kinds.items()
        if names
    )
    chrome.note(f"<h2>{tr('The articles have changed since')}</h2>{said}")


def _problems(problems: Sequence[Problem]) -> None:
    st.html(f"<h2>{tr('Problems of the last build')}</h2>")
    if not problems:
        st.html(f'<p class="quiet">{tr("None.")}</p>')
        return
    rows = "".join(
        f'<tr><td>{_severity(each)}</td><th scope="row">{escape(each.file)}</th>'
        f"<td>{escape(each.problem)}</td></tr>"
        for each in problems[:LISTED]
    )
    st.html(
        f'<div class="figures"><table><thead><tr><th scope="col">{tr("Severity")}</th>'
        f'<th scope="col">{tr("File")}</th><th scope="col">{tr("Problem")}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    if len(problems) > LISTED:
        more = counted(len(problems) - LISTED, "and {number} more", "and {number} more")
        st.html(f'<p class="quiet">{more}</p>')


def _severity(problem: Problem) -> str:
    return tr("error") if problem.severity == "error" else tr("warning")


def _rebuild(index: Index) -> None:
    words = tr("Only what changed is encoded.")
    st.html(f'<h2>{tr("Build it anew")}</h2><p class="quiet">{words}</p>')
    corpus = server.corpus(index)
    chrome.command(build_command(corpus, settings().index))
    builder = server.builder()
    if builder.error:
        missing.failed(builder.error)
    if builder.running:
        missing.watch()
    elif settings().allow_rebuild and st.button(tr("Rebuild now"), key="rebuild"):
        builder.start(corpus)
        st.rerun()


main()
