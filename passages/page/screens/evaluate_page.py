"""The page "How good is it?": how well judged questions are answered, by kind and one by one."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from passages.errors import BadQuestions, NoQuestions
from passages.page import state as server
from passages.page.parts import chrome, figures, operators
from passages.page.screens import missing
from passages.page.settings import settings
from passages.page.wording import tr

if TYPE_CHECKING:
    from passages import Index


def main() -> None:
    """What was measured, in a reader's words; below it the figures, for engineers."""
    lead = tr("We tested the search with questions whose answers are known. This is how it did.")
    st.html(
        f'<div class="page-head"><h1>{tr("How good is it?")}</h1><p class="lead">{lead}</p></div>'
    )
    index = server.wait_for_index()
    if index is None:
        missing.draw()
        return
    try:
        found = server.measurer().measures(index, settings().questions)
    except NoQuestions:
        chrome.note(f"<p>{tr('There are no questions with known answers for these articles.')}</p>")
        return
    except BadQuestions as error:
        _unfit(str(error))
        return
    if found is None:
        _not_yet(index)
    elif not found["by_kind"][0]["questions"]:
        words = tr("No judged question is one that the articles answer.")
        chrome.note(f"<p>{words}</p>")
    else:
        _draw(found)


def _not_yet(index: Index) -> None:
    """Say that nobody has asked the questions of these articles; an operator may start it."""
    measurer = server.measurer()
    if measurer.running:
        _watch()
        return
    if measurer.error:
        _unfit(measurer.error)
    words = tr("This has not been measured since the articles changed.")
    chrome.note(f"<p>{words}</p>")
    if operators.is_operator():
        if st.button(tr("Ask the questions now"), key="measure"):
            measurer.start(index, settings().questions)
            st.rerun()
    elif operators.access().password:
        with st.expander(tr("Operator")):
            operators.let_in()


def _unfit(error: str) -> None:
    words = tr("The questions could not be asked of these articles: {error}")
    chrome.note(f"<p>{words.format(error=escape(error))}</p>")


@st.fragment(run_every=1)
def _watch() -> None:
    """Show how far the run is, to whoever looks; draw the page anew when it is over."""
    measurer = server.measurer()
    if not measurer.running:
        st.rerun()
    share = measurer.done / measurer.total if measurer.total else 0.0
    words = tr("Asking the questions. You may leave this page: it goes on.")
    st.progress(share, f"{words} {measurer.done} / {measurer.total}" if measurer.total else words)


def _draw(found: dict[str, Any]) -> None:
    _in_words(found)
    _kinds(found["by_kind"])
    _questions(found["per_question"])
    with st.expander(tr("Figures for engineers"), key="figures"):
        figures.draw(found, settings().questions)


def _in_words(found: dict[str, Any]) -> None:
    """The measures that a reader can use, each as a sentence with its range."""
    first, marked = (_share(found, name) for name in ("Success@1", "marked"))
    said = [
        tr("Of 100 questions that the articles answer, the first passage answers {share}.").format(
            share=first
        )
    ]
    if marked:
        said.append(
            tr("The highlighted sentence is the one that answers in {share} of 100.").format(
                share=marked
            )
        )
    lines = found["per_question"]
    answerable = [line["verdict"] for line in lines if line["answerable"]]
    others = [line["verdict"] for line in lines if not line["answerable"]]
    if others:
        said += [
            tr("Of 100 that the articles answer, it wrongly finds nothing for {number}.")
            .format(number=_of_hundred(answerable, "not found")),
            tr("Of 100 that they do not answer, it wrongly shows an answer to {wrong}, and to "
               "{related} passages that “may not answer the question”.")
            .format(wrong=_of_hundred(others, "answered"), related=_of_hundred(others, "related")),
        ]  # fmt: skip
    asked = tr("{number} questions were asked; other questions may fare better or worse.").format(
        number=f"{found['questions']:,}"
    )
    items = "".join(f"<li>{each}</li>" for each in said)
    st.html(f'<div class="figures"><ul class="said">{items}</ul><p class="quiet">{asked}</p></div>')


def _of_hundred(verdicts: Sequence[str], verdict: str) -> str:
    """How many of a hundred got this verdict."""
    return f"{100 * verdicts.count(verdict) / len(verdicts):.0f}" if verdicts else "0"


def _share(found: dict[str, Any], name: str) -> str:
    """`87 (82 to 91)`: of a hundred, with the interval; nothing where it was not measured."""
    if name not in found["intervals"]:
        return ""
    mean, (low, high) = found["measures"][name], found["intervals"][name]
    within = tr("{low} to {high}").format(low=f"{100 * low:.0f}", high=f"{100 * high:.0f}")
    return f"<strong>{100 * mean:.0f}</strong> ({within})"


def _kinds(rows: list[dict[str, Any]]) -> None:
    shown = "".join(
        f'<tr><th scope="row">{escape(figures.kind(row["kind"]))}</th><td>{row["questions"]}</td>'
        f"<td>{100 * row['mean']:.0f}</td></tr>"
        for row in rows
        if row["measure"] == "Success@1"
    )
    st.html(
        f'<h2>{tr("By kind of question")}</h2><div class="figures"><table><thead><tr>'
        f'<th scope="col">{tr("Kind")}</th><th scope="col">{tr("Questions")}</th>'
        f'<th scope="col">{tr("Answered first, of 100")}</th></tr></thead>'
        f"<tbody>{shown}</tbody></table></div>"
    )


def _questions(lines: list[dict[str, Any]]) -> None:
    st.html(
        f"<h2>{tr('Question by question')}</h2>"
        f'<p class="quiet">{tr("A click on a question asks it.")}</p>'
    )
    table = {
        tr("Question"): [line["question"] for line in lines],
        tr("Kind"): [figures.kind(line["kind"]) for line in lines],
        tr("Place of the first answer"): [line["first_relevant_rank"] for line in lines],
        tr("What the page says"): [tr(figures.VERDICTS[line["verdict"]]) for line in lines],
    }
    chosen = st.dataframe(
        table,
        hide_index=True,
        key="judged",
        height=min(460, 38 + 35 * len(lines)),
        on_select="rerun",
        selection_mode="single-cell",
        column_config={tr("Question"): st.column_config.TextColumn(width="large")},
        alt=tr("The questions, each with the place of the first passage that answers it"),
    )
    cells = chosen["selection"]["cells"]
    if cells:
        st.switch_page(chrome.SEARCH, query_params={"q": lines[cells[0][0]]["question"]})


main()
