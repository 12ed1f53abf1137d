"""Whether a page is asked for by the operator, and how one shows to be that.

A browser on the machine that serves the page, a user whom the proxy names, or a password.
"""

from __future__ import annotations

import hmac
import os
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from passages.page.parts.local_browser import is_local
from passages.page.wording import tr

PASSWORD, HEADER, USERS = "PASSAGES_PASSWORD", "PASSAGES_USER_HEADER", "PASSAGES_OPERATORS"
_TRIES, _SECONDS = 10, 60.0
_tried: deque[float] = deque(maxlen=_TRIES)


@dataclass(frozen=True, slots=True)
class Access:
    """How an operator is known: a password, or a header of the proxy with one of these users."""

    password: str | None = None
    header: str | None = None
    users: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        """Whether there is a way in at all."""
        return bool(self.password or (self.header and self.users))

    def knows(self, headers: Mapping[str, str]) -> bool:
        """Whether the proxy names one of the operators."""
        if not self.header:
            return False
        sent = {name.lower(): value for name, value in headers.items()}
        return sent.get(self.header.lower(), "") in self.users


def access(environment: Mapping[str, str] = os.environ) -> Access:
    """What the environment says; docs/operating.md lists the variables."""
    return Access(
        environment.get(PASSWORD) or None,
        environment.get(HEADER) or None,
        tuple(environment.get(USERS, "").split()),
    )


def is_operator() -> bool:
    """Whether this browser may start what costs the server work."""
    headers = dict(st.context.headers)
    return is_local(st.context.ip_address, headers) or is_known(headers)


def is_known(headers: Mapping[str, str]) -> bool:
    """Whether this session has given the password, or its proxy names an operator."""
    return bool(st.session_state.get("_operator")) or access().knows(headers)


def let_in() -> bool:
    """Whether this session may see what readers asked; asks for the password where there is one."""
    if is_known(dict(st.context.headers)):
        return True
    expected = access().password
    if expected is None:
        return False
    with st.form("password", border=False, width=420):
        given = st.text_input(tr("Password"), type="password", key="password")
        sent = st.form_submit_button(tr("Open"), key="open")
    if not sent:
        return False
    now = time.monotonic()
    if len(_tried) == _TRIES and now - _tried[0] < _SECONDS:
        _say(tr("Too many tries. Wait a minute."))
        return False
    if not hmac.compare_digest((given or "").encode(), expected.encode()):
        _tried.append(now)
        _say(tr("That is not the password."))
        return False
    st.session_state["_operator"] = True
    st.rerun()


def _say(words: str) -> None:
    st.html(f'<p class="quiet" role="status">{words}</p>')
