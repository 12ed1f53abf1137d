"""The judging page, for the operator alone: does this passage answer? Blind, in random order.

It exists only where `PASSAGES_JUDGING` names a folder, and answers only to a browser on the machine
that serves it: labels are kept under whatever name is typed, so a public server is no place for it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from pathlib import Path

import streamlit as st

from passages.errors import BadQuestions, NoQuestions, PassagesError
from passages.evaluation.figures.tables import number
from passages.evaluation.files.writable import writable
from passages.evaluation.judgements import read_lines, write_lines
from passages.evaluation.judging.agreement import agreements
from passages.evaluation.judging.labels import read_labels
from passages.evaluation.judging.pool import SETTINGS
from passages.evaluation.judging.session import JudgingSession, Pools, Task
from passages.evaluation.judging.verdicts import verdicts
from passages.evaluation.measuring import questions_hash
from passages.page import state as server
from passages.page.parts import chrome
from passages.page.parts.local_browser import is_local
from passages.page.reading.render import render
from passages.page.screens import missing
from passages.page.settings import settings
from passages.page.wording import counted, tr
from passages.search.scoring import parse_ranking
from passages.search.searcher import Index

LABELS = "labels.jsonl"
OWN_QUESTIONS = "questions.jsonl"


def main() -> None:
    """Ask for the judge's name, then show one passage after another."""
    folder = settings().judging
    if folder is None or not is_local(st.context.ip_address, dict(st.context.headers)):
        words = tr("Judging is for a browser on the machine that serves this page.")
        chrome.note(f"<p>{words}</p>")
        return
    st.html(f'<div class="page-head"><h1>{tr("Judging")}</h1></div>')
    index = server.wait_for_index()
    if index is None:
        missing.draw()
        return
    judge = st.text_input(tr("Your name"), key="judge", help=tr("Labels are kept under it"))
    if not judge.strip():
        return
    try:
        questions = _questions(folder)
        pools = _pools(index, index.about.name, str(questions), questions_hash(questions))
        _judge(_session(index, pools, questions, folder, judge), folder)
        _write(pools, questions, folder)
    except (BadQuestions, NoQuestions) as error:
        chrome.note(f"<p>{escape(str(error))}</p>")
    except PassagesError as error:
        missing.unusable(error)


def _judge(session: JudgingSession, folder: Path) -> None:
    task = session.next()
    if task is None:
        chrome.note(f"<p>{tr('Nothing is left to judge.')}</p>")
    else:
        _task(task)
    with st.container(key="labels", horizontal=True):
        if task is not None:
            yes = st.button(tr("It answers"), key="yes", type="primary")
            no = st.button(tr("It does not"), key="no")
            skip = st.button(tr("Skip"), key="skip", type="tertiary")
            if yes or no:
                session.label(task, yes)
            if skip:
                session.skip(task)
            if yes or no or skip:
                st.rerun()
        undo = st.button(tr("Take the last one back"), key="undo", type="tertiary")
        if undo and session.undo():
            st.rerun()
    given = tr("{labels} by {judge}").format(
        labels=counted(session.given, "{number} label", "{number} labels"),
        judge=escape(session.judge),
    )
    st.html(f'<p class="quiet">{given}</p>')
    _agreement(folder / LABELS)


def _task(task: Task) -> None:
    path = " › ".join((task.passage.article.title, *task.passage.headings))
    left = counted(
        task.left,
        "{number} passage left of this question",
        "{number} passages left of this question",
    )
    st.html(
        f"<h2>{escape(task.question.text)}</h2>"
        f'<p class="quiet">{left}</p>'
        f'<div class="note"><p class="quiet">{escape(path)}</p>'
        f'<div class="prose">{render(task.passage.text)}</div></div>'
    )


def _agreement(labels: Path) -> None:
    rows = "".join(
        f'<tr><th scope="row">{escape(each.first)}, {escape(each.second)}</th>'
        f"<td>{each.passages}</td><td>{number(each.agreed)}</td><td>{number(each.kappa)}</td></tr>"
        for each in agreements(read_labels(labels))
    )
    if rows:
        st.html(
            f'<div class="figures"><table><thead><tr><th scope="col">{tr("Judges")}</th>'
            f'<th scope="col">{tr("Passages")}</th><th scope="col">{tr("Agreed")}</th>'
            f'<th scope="col">{tr("Kappa")}</th></tr></thead><tbody>{rows}</tbody></table></div>'
        )


def _write(pools: Pools, questions: Path, folder: Path) -> None:
    """Write what most judges say as judged questions, into a new file each time."""
    told = tr("What most judges say, in a new file")
    if not st.button(tr("Write the quotes"), key="write", help=told):
        return
    with st.spinner(tr("Looking for what was judged")):
        found = verdicts(
            read_lines(questions, unjudged=True), pools, list(read_labels(folder / LABELS).values())
        )
    path = folder / f"judged-{datetime.now(UTC):%Y%m%dT%H%M%S}.jsonl"
    if found.lines:
        with writable(path):
            write_lines(path, found.lines)
    chrome.note(f'<p role="status">{escape(found.told(path))}</p>')


def _questions(folder: Path) -> Path:
    """The file of what is asked: the folder's own, or the judged questions of the page.

    Raises:
        NoQuestions: there is none.
        BadQuestions: it cannot be read.
    """
    own = folder / OWN_QUESTIONS
    questions = own if own.is_file() else settings().questions
    read_lines(questions, unjudged=True)  # says what is wrong with it, before it is hashed
    return questions


def _session(
    index: Index, pools: Pools, questions: Path, folder: Path, judge: str
) -> JudgingSession:
    """This judge's session, kept while the browser's is; a new snapshot begins a new one."""
    known = index.about.name, questions_hash(questions), judge
    if st.session_state.get("_judging_of") != known:
        st.session_state["_judging"] = JudgingSession(pools, folder / LABELS, judge)
        st.session_state["_judging_of"] = known
    session: JudgingSession = st.session_state["_judging"]
    return session


@st.cache_resource(max_entries=2, show_spinner=tr("Looking for what to judge"))
def _pools(_index: Index, snapshot: str, questions: str, digest: str) -> Pools:
    asked = [question for question, _ in read_lines(Path(questions), unjudged=True)]
    return Pools(_index, asked, {name: parse_ranking(name) for name in SETTINGS})


main()
