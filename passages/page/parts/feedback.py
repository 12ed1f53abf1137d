"""The question "Was this helpful?": kept only where the operator named a folder for it.

`helpful.jsonl` holds judged questions as `evaluate.py --questions` reads them, for an engineer to
review and merge. `not_helpful.jsonl` has the passage under `not_relevant` instead: that one passage
did not help says nothing of the others, so it is no judged question.
"""

from __future__ import annotations

import json
import logging
import threading
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from passages.page import state as server
from passages.page.gaps.log import UNHELPFUL
from passages.page.settings import settings
from passages.page.wording import tr
from passages.search.answer import key as permalink

if TYPE_CHECKING:
    from passages.articles.chunking import Passage

LARGEST = 20_000_000
"""Bytes of a file after which nothing more is kept: the page may be public."""

_KEPT = "Kept with your question, for the editors of the articles"
logger = logging.getLogger(__name__)
_writing = threading.Lock()


def draw(question: str, passage: Passage, key: str) -> None:
    """Draw the question with two buttons, or the thanks; nothing where neither is kept."""
    folder, log = settings().feedback, server.question_log()
    if folder is None and log is None:
        return
    given = st.session_state.setdefault("_feedback", set())
    about = question, permalink(passage), passage.article.id
    with st.container(key=key, horizontal=True, width="content", vertical_alignment="center"):
        if about not in given:
            st.html(f'<p class="quiet">{tr("Was this helpful?")}</p>', width="content")
            yes = st.button(tr("Yes"), key=f"{key}_yes", type="tertiary", help=tr(_KEPT))
            no = st.button(tr("No"), key=f"{key}_no", type="tertiary", help=tr(_KEPT))
            if not (yes or no):
                return
            if folder is not None:
                keep(folder, question, passage, helpful=yes)
            if log is not None and no:
                log.add(question, UNHELPFUL)
            given.add(about)
            st.rerun()
        st.html(f'<p class="quiet" role="status">{tr("Thank you")}</p>', width="content")


def keep(folder: Path, question: str, passage: Passage, *, helpful: bool) -> None:
    """Append one line of feedback; a full or unwritable disk never reaches the reader."""
    path = folder / ("helpful.jsonl" if helpful else "not_helpful.jsonl")
    line = json.dumps(_line(question, passage, helpful), ensure_ascii=False) + "\n"
    try:
        with _writing:
            folder.mkdir(parents=True, exist_ok=True)
            if path.is_file() and path.stat().st_size > LARGEST:
                logger.warning("%s is full: review it, then empty it", path)
                return
            with path.open("a", encoding="utf-8") as stream:
                stream.write(line)
    except OSError:
        logger.exception("feedback was not kept")


def _line(question: str, passage: Passage, helpful: bool) -> dict[str, Any]:
    quote = {"quote": passage.text, "article": passage.article.id}
    return {
        "id": f"feedback-{uuid.uuid4().hex[:12]}",
        "question": question,
        "kind": "feedback",
        "relevant" if helpful else "not_relevant": [quote],
        "given": datetime.now(UTC).isoformat(timespec="seconds"),
    }
