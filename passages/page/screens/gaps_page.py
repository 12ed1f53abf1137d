"""What readers asked in vain, for an operator alone: behind a password or the proxy's user."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from passages import Index
from passages.errors import PassagesError
from passages.page import state as server
from passages.page.gaps.groups import Gap, gaps
from passages.page.gaps.log import QuestionLog
from passages.page.parts import chrome, operators
from passages.page.screens import missing
from passages.page.wording import counted, tr


def main() -> None:
    """Let an operator in, then draw the gaps, and what is kept."""
    st.html(f'<div class="page-head"><h1>{tr("What readers asked in vain")}</h1></div>')
    log = server.question_log()
    if log is None:
        return
    if not operators.access().is_set:
        words = tr(
            "This page shows what readers asked, so it opens only with a password or for a user "
            "whom your proxy names. Set {password}, or {header} and {users}."
        )
        names = {
            "password": operators.PASSWORD,
            "header": operators.HEADER,
            "users": operators.USERS,
        }
        shown = {key: f"<code>{name}</code>" for key, name in names.items()}
        chrome.note(f"<p>{words.format(**shown)}</p>")
        return
    if not operators.let_in():
        return
    index = server.wait_for_index()
    if index is None:
        missing.draw()
        return
    try:
        _draw(_gaps(index, index.about.name, log, _state_of(log)))
    except PassagesError as error:
        missing.unusable(error)
    _kept(log)


@st.cache_resource(max_entries=2, show_spinner=tr("Looking at the questions …"))
def _gaps(_index: Index, snapshot: str, _log: QuestionLog, state: tuple[str, int]) -> list[Gap]:
    return gaps(_log.read(), _index)


def _state_of(log: QuestionLog) -> tuple[str, int]:
    """What changes with every question that is kept."""
    return str(log.path), log.path.stat().st_mtime_ns if log.path.is_file() else 0


def _draw(found: Sequence[Gap]) -> None:
    if not found:
        chrome.note(f"<p>{tr('No question was asked in vain.')}</p>")
        return
    rows = "".join(
        f'<tr><th scope="row">{escape(gap.sentence)}{_wordings(gap)}</th>'
        f"<td>{gap.not_found}</td><td>{gap.related}</td><td>{gap.unhelpful}</td>"
        f"<td>{escape(' › '.join(gap.nearest)) or tr('nothing')}</td></tr>"
        for gap in found
    )
    columns = (
        tr("Asked"),
        tr("Found nothing"),
        tr("Only related"),
        tr("Voted unhelpful"),
        tr("Nearest section"),
    )
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    st.html(
        f'<div class="figures"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _wordings(gap: Gap) -> str:
    others = "".join(f"<li>{escape(each)}</li>" for each in gap.questions[1:])
    summary = f"<summary>{tr('Other wordings')}</summary>"
    return f"<details>{summary}<ul>{others}</ul></details>" if others else ""


def _kept(log: QuestionLog) -> None:
    """What is kept, for how long, and a way to erase it."""
    words = tr(
        "Each question that readers asked on this page, with its day and whether an answer was "
        "found, and each “No” to “Was this helpful?”. Nothing of who asked; what looks like an "
        "e-mail address or a long number is left out. It is kept for {days} in {file}, in the "
        "folder of {setting}, and dropped then. Readers are told so beside the search box."
    ).format(
        days=counted(log.days, "{number} day", "{number} days"),
        file=f"<code>{log.path.name}</code>",
        setting="<code>PASSAGES_GAPS</code>",
    )
    st.html(f"<h2>{tr('What is kept')}</h2><p>{words}</p>")
    sure = st.checkbox(tr("I want to erase all of it"), key="sure")
    if st.button(tr("Erase"), key="erase", disabled=not sure):
        log.erase()
        st.rerun()


main()
