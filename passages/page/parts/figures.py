"""What judged questions measured: everyday names of their kinds, and figures for engineers."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from passages.page.reading import dates
from passages.page.wording import counted, tr
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
KINDS = {
    "all": "All questions",
    "direct": "Asked in the articles’ words",
    "paraphrase": "Asked in everyday words",
    "keywords": "A few words only",
    "typo": "With typing errors",
    "across": "Answered in several articles",
    "uncovered": "About something else",
    "near-miss": "Close to the subject, but not answered",
    "feedback": "From readers’ feedback",
    "log": "Asked by readers",
}
"""Everyday names of the kinds of questions; another kind is shown by its own name."""
VERDICTS = {"answered": "an answer", "related": "something related", "not found": "no answer"}
_SHIPPED = ("shipped", SHIPPED)
LABELS = {"marked": "Marked sentence", "words_to_answer": "Words to the answer"}


def draw(found: dict[str, Any], questions: Path) -> None:
    """Draw the table of measures, the chart by kind, how often a word is right, the history."""
    from passages.page import measuring

    _measures(found)
    _chart(found["by_kind"])
    _reliability(found)
    _history(measuring.over_time(questions))


def kind(name: str) -> str:
    """What a kind of questions is called."""
    return tr(KINDS[name]) if name in KINDS else name.replace("-", " ").capitalize()


def _measures(found: dict[str, Any]) -> None:
    answerable = found["questions"] - found["not_covered"]
    rows = "".join(_row(found, name) for name in MEANINGS if name in found["intervals"])
    words = tr(
        "{questions} with answers in the articles, {others} without. "
        "Intervals hold 95 % of resampled means."
    ).format(
        questions=counted(answerable, "{number} question", "{number} questions"),
        others=found["not_covered"],
    )
    st.html(
        f'<div class="figures"><p>{words}</p>'
        f'<table><thead><tr><th scope="col">{tr("Measure")}</th><th scope="col">{tr("Mean")}</th>'
        f'<th scope="col">{tr("Interval")}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(found: dict[str, Any], name: str) -> str:
    low, high = found["intervals"][name]
    digits = 0 if name == "words_to_answer" else 2
    return (
        f'<tr><th scope="row">{tr(LABELS.get(name, name))}<small>{tr(MEANINGS[name])}</small></th>'
        f"<td>{found['measures'][name]:.{digits}f}</td>"
        f"<td>{_interval(f'{low:.{digits}f}', f'{high:.{digits}f}')}</td></tr>"
    )


def _interval(low: str, high: str) -> str:
    return tr("{low} to {high}").format(low=low, high=high)


def _share(low: float, high: float) -> str:
    return _interval(f"{low:.0%}", f"{high:.0%}")


def _chart(rows: list[dict[str, Any]]) -> None:
    import altair as alt

    names = list(dict.fromkeys(row["measure"] for row in rows))
    chosen = st.segmented_control(
        tr("Measure"), names, default=names[0], required=True, key="measure"
    )
    shown = [
        {**row, "label": f"{kind(row['kind'])} ({row['questions']})"}
        for row in rows
        if row["measure"] == chosen
    ]
    whole = alt.Scale(domain=[0, 1])
    axis = alt.X("mean:Q", title=chosen, scale=whole, axis=alt.Axis(tickCount=5))
    down = alt.Y("label:N", title=None, sort=[row["label"] for row in shown])
    tips = [
        alt.Tooltip("label:N", title=tr("Kind")),
        *(alt.Tooltip(f"{name}:Q", format=".3f") for name in ("mean", "low", "high")),
    ]
    base = alt.Chart(alt.InlineData(values=shown))
    lines = base.mark_bar(height=3, opacity=0.4).encode(
        alt.X("low:Q", title=chosen, scale=whole), down, x2="high:Q"
    )
    points = base.mark_point(filled=True, size=90, opacity=1).encode(axis, down, tooltip=tips)
    said = "; ".join(f"{row['label']}: {row['mean']:.2f}" for row in shown)
    chart = (lines + points).properties(height=alt.Step(32))
    about = tr("{measure} by kind of question.").format(measure=chosen)
    st.altair_chart(chart, width="stretch", alt=f"{about} {said}")


def _reliability(found: dict[str, Any]) -> None:
    """How often each word that the page says was right, where the judgements can tell."""
    if not found["pooled"]:
        return
    rows = "".join(
        f'<tr><th scope="row">{escape(row["word"])}<small>{escape(row["where"])}: '
        f"{escape(row['right_means'])}</small></th><td>{row['n']}</td>"
        f"<td>{row['right']['mean']:.0%}</td>"
        f"<td>{_share(row['right']['low'], row['right']['high'])}</td></tr>"
        for row in found["reliability"]
        if row["n"]
    )
    words = counted(
        found["pooled"],
        "On {number} question for which the best passages of several searches were judged.",
        "On {number} questions for which the best passages of several searches were judged.",
    )
    st.html(
        f'<h2>{tr("How often a word is right")}</h2><p class="quiet">{words}</p>'
        f'<div class="figures"><table><thead><tr><th scope="col">{tr("Said")}</th>'
        f'<th scope="col">{tr("Times")}</th><th scope="col">{tr("Right")}</th>'
        f'<th scope="col">{tr("Interval")}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _history(measured: list[Measurement]) -> None:
    """The measures of the shipped setting by snapshot, once there are two to compare."""
    import altair as alt

    shown = [
        {
            "snapshot": f"{dates.when(made.created)} ({made.snapshot[-8:]})",
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
    st.html(f"<h2>{tr('By snapshot')}</h2>")
    across = alt.X("snapshot:N", title=None, sort=alt.EncodingSortField("order"))
    base = alt.Chart(alt.InlineData(values=shown)).encode(
        across, alt.Color("measure:N", title=None), alt.Tooltip(["snapshot:N", "mean:Q"])
    )
    whole = alt.Scale(domain=[0, 1])
    lines = base.mark_line(point=True).encode(alt.Y("mean:Q", title=None, scale=whole))
    bars = base.mark_rule(opacity=0.4).encode(alt.Y("low:Q", scale=whole, title=None), y2="high:Q")
    said = "; ".join(f"{row['snapshot']}, {row['measure']}: {row['mean']:.2f}" for row in shown)
    st.altair_chart(lines + bars, width="stretch", alt=f"{tr('Measures by snapshot.')} {said}")
