"""The evaluation page: how well the judged questions are answered, by kind and one by one."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from passages.errors import BadQuestions, NoQuestions, PassagesError
from passages.page import state as server
from passages.page.parts import chrome
from passages.page.screens import missing
from passages.page.settings import settings
from passages.search.scoring import SHIPPED

if TYPE_CHECKING:
    from passages.evaluation.files.history import Measurement

MEANINGS = {
    "Success@1": "the first passage answers",
    "RR@10": "one over the rank of the first passage that answers",
    "R@10": "share of the answers that are among the first ten passages",
    "nDCG@10": "all answers, weighed by how high they stand",
    "marked": "the marked sentence is the one that answers",
    "words_to_answer": "words that are read until the answer",
}
_SHIPPED = ("shipped", SHIPPED)
LABELS = {"marked": "Marked sentence", "words_to_answer": "Words to the answer"}


def main() -> None:
    """Measure if need be, then the table of measures, the chart, the questions."""
    st.html(
        '<div class="page-head wide"><h1>Evaluation</h1><p class="lead">Judged questions are asked '
        "of the index that serves now. Intervals hold 95 % of resampled means.</p></div>"
    )
    index = server.wait_for_index()
    if index is None:
        missing.draw()
        return
    bar = st.empty()
    try:
        from passages.page import measuring

        found = measuring.measures(
            index,
            settings().questions,
            lambda done, total: bar.progress(done / total, f"Asking question {done} of {total}"),
        )
    except NoQuestions:
        chrome.note("<p>There are no judged questions for these articles yet.</p>")
        return
    except BadQuestions as error:
        chrome.note(f"<p>The judged questions do not fit these articles: {escape(str(error))}</p>")
        return
    except PassagesError as error:  # its encoder cannot be loaded
        missing.unusable(error)
        return
    bar.empty()
    if not found["by_kind"][0]["questions"]:
        chrome.note("<p>No judged question is one that the articles answer.</p>")
        return
    _measures(found)
    _chart(found["by_kind"])
    _reliability(found)
    _history(measuring.over_time(settings().questions))
    _questions(found["per_question"])


def _measures(found: dict[str, Any]) -> None:
    answerable = found["questions"] - found["not_covered"]
    rows = "".join(_row(found, name) for name in MEANINGS if name in found["intervals"])
    refused = found["measures"].get("answerable_refused")
    answered = found["measures"].get("uncovered_answered")
    told = ""
    if refused is not None and answered is not None:
        told = (
            f"<p>Refused by mistake: {refused:.0%} of the questions that the articles answer. "
            f"Answered by mistake: {answered:.0%} of those that they do not.</p>"
        )
    st.html(
        f'<div class="figures"><p>{chrome.count(answerable, "question")} with answers in the '
        f"articles, {found['not_covered']} without.</p>"
        '<table><thead><tr><th scope="col">Measure</th><th scope="col">Mean</th>'
        '<th scope="col">Interval</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{told}</div>"
    )


def _row(found: dict[str, Any], name: str) -> str:
    low, high = found["intervals"][name]
    digits = 0 if name == "words_to_answer" else 2
    return (
        f'<tr><th scope="row">{LABELS.get(name, name)}<small>{MEANINGS[name]}</small></th>'
        f"<td>{found['measures'][name]:.{digits}f}</td>"
        f"<td>{low:.{digits}f} to {high:.{digits}f}</td></tr>"
    )


def _chart(rows: list[dict[str, Any]]) -> None:
    import altair as alt

    st.html("<h2>By kind of question</h2>")
    names = list(dict.fromkeys(row["measure"] for row in rows))
    chosen = st.segmented_control("Measure", names, default=names[0], required=True, key="measure")
    shown = [
        {**row, "label": f"{row['kind']} ({row['questions']})"}
        for row in rows
        if row["measure"] == chosen
    ]
    whole = alt.Scale(domain=[0, 1])
    axis = alt.X("mean:Q", title=chosen, scale=whole, axis=alt.Axis(tickCount=5))
    kind = alt.Y("label:N", title=None, sort=[row["label"] for row in shown])
    tips = [
        alt.Tooltip("label:N", title="Kind"),
        *(alt.Tooltip(f"{name}:Q", format=".3f") for name in ("mean", "low", "high")),
    ]
    base = alt.Chart(alt.InlineData(values=shown))
    lines = base.mark_bar(height=3, opacity=0.4).encode(
        alt.X("low:Q", title=chosen, scale=whole), kind, x2="high:Q"
    )
    points = base.mark_point(filled=True, size=90, opacity=1).encode(axis, kind, tooltip=tips)
    said = "; ".join(f"{row['label']}: {row['mean']:.2f}" for row in shown)
    chart = (lines + points).properties(height=alt.Step(32))
    st.altair_chart(chart, width="stretch", alt=f"{chosen} by kind of question. {said}")


def _reliability(found: dict[str, Any]) -> None:
    """How often each word that the page says was right, where the judgements can tell."""
    if not found["pooled"]:
        return
    rows = "".join(
        f'<tr><th scope="row">{escape(row["word"])}<small>{escape(row["where"])}: '
        f"{escape(row['right_means'])}</small></th><td>{row['n']}</td>"
        f"<td>{row['right']['mean']:.0%}</td>"
        f"<td>{row['right']['low']:.0%} to {row['right']['high']:.0%}</td></tr>"
        for row in found["reliability"]
        if row["n"]
    )
    st.html(
        "<h2>How often a word is right</h2>"
        f'<p class="quiet">On {chrome.count(found["pooled"], "question")} for which the best '
        "passages of several searches were judged.</p>"
        '<div class="figures"><table><thead><tr><th scope="col">Said</th><th scope="col">Times</th>'
        '<th scope="col">Right</th><th scope="col">Interval</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _history(measured: list[Measurement]) -> None:
    """The measures of the shipped setting by snapshot, once there are two to compare."""
    import altair as alt

    shown = [
        {
            "snapshot": f"{chrome.when(made.created)} ({made.snapshot[-8:]})",
            "order": number,
            "measure": name,
            "mean": made.measures[name],
            "low": made.intervals[name][0],
            "high": made.intervals[name][1],
        }
        for number, made in enumerate(sorted(measured, key=lambda made: made.created))
        for name in ("nDCG@10", "Success@1")
        if made.setting in _SHIPPED and made.measures.get(name) is not None
    ]
    if len({row["snapshot"] for row in shown}) < 2:
        return
    st.html("<h2>By snapshot</h2>")
    across = alt.X("snapshot:N", title=None, sort=alt.EncodingSortField("order"))
    base = alt.Chart(alt.InlineData(values=shown)).encode(
        across, alt.Color("measure:N", title=None), alt.Tooltip(["snapshot:N", "mean:Q"])
    )
    whole = alt.Scale(domain=[0, 1])
    lines = base.mark_line(point=True).encode(alt.Y("mean:Q", title=None, scale=whole))
    bars = base.mark_rule(opacity=0.4).encode(alt.Y("low:Q", scale=whole, title=None), y2="high:Q")
    said = "; ".join(f"{row['snapshot']}, {row['measure']}: {row['mean']:.2f}" for row in shown)
    st.altair_chart(lines + bars, width="stretch", alt=f"Measures by snapshot. {said}")


def _questions(lines: list[dict[str, Any]]) -> None:
    st.html(
        "<h2>Question by question</h2>"
        '<p class="quiet">Sort by a column; a click on a question asks it.</p>'
    )
    table = {
        "Question": [line["question"] for line in lines],
        "Kind": [line["kind"] for line in lines],
        "Rank of the first answer": [line["first_relevant_rank"] for line in lines],
        "Said to be": [line["verdict"] for line in lines],
    }
    chosen = st.dataframe(
        table,
        hide_index=True,
        key="judged",
        height=min(460, 38 + 35 * len(lines)),
        on_select="rerun",
        selection_mode="single-cell",
        column_config={"Question": st.column_config.TextColumn(width="large")},
        alt="The judged questions, each with the rank of the first passage that answers it",
    )
    cells = chosen["selection"]["cells"]
    if cells:
        st.switch_page(chrome.SEARCH, query_params={"q": lines[cells[0][0]]["question"]})


main()
