"""Who is asking: a visitor, who is a browser with a cookie of ours, however many tabs it has; and whether it is the teacher."""

import threading
import time
import uuid
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from core.host.visitors import is_among, is_code, key_of, name_in, name_of_account, new_name, token
from core.runs import Run, RunError, rules
from core.runs.rules import Asker
from ui.shared import runs

COOKIE = "digit_lab_visitor"
SECONDS_OF_A_TRY = 1.0  # so long it takes to hear whether a code is right, and only one at a time is heard

_trying = threading.Lock()


@cache
def _key_of(folder: Path, secret: str) -> bytes:
    return key_of(folder, secret)


def _key() -> bytes:
    return _key_of(runs().folder, runs().hosting.cookie_secret)


def visitor() -> str:
    """The name of who is asking: of the account, else the one in the browser's cookie, else a new one, which the cookie will have."""
    account, key = account_of_this_session(), _key()
    if (
        account
    ):  # asked for each time: whoever signs out is nobody at once, though the browser has yet to leave the page
        return name_of_account(account["iss"], account["sub"], key)
    if "visitor" not in st.session_state:
        st.session_state.visitor = name_in(_sent(), key) or new_name()
    return st.session_state.visitor


def account_of_this_session() -> Mapping[str, Any]:
    """What the provider says of whoever has signed in; nothing of anybody else."""
    if not runs().hosting.sign_in or why_no_sign_in() or not st.user.is_logged_in:
        return {}
    claims = st.user.to_dict()
    return claims if all(isinstance(claims.get(name), str) for name in ("iss", "sub")) else {}


def why_no_sign_in() -> str | None:
    """What is missing for anybody to sign in, in a sentence; None where nothing is."""
    try:
        there = "auth" in st.secrets
    except (FileNotFoundError, StreamlitSecretNotFoundError):
        there = False
    return None if there else "Nobody can sign in: .streamlit/secrets.toml has no section [auth]."


def _sent() -> str:
    sent = st.context.cookies.get(COOKIE)
    return sent if isinstance(sent, str) else ""


def tab() -> str:
    """A random name of this tab, as long as it is open: whoever looks on in another one looks on there."""
    return st.session_state.setdefault("tab", uuid.uuid4().hex)


def asker() -> Asker:
    """Who is asking, and whether as the teacher."""
    return Asker(visitor(), is_teacher())


def is_teacher() -> bool:
    """Whether who is asking has said the teacher's code, or has signed in as one of the teachers."""
    return visitor() in runs().teachers or is_among(runs().hosting.teachers, account_of_this_session())


def new_cookie() -> str:
    """What a browser is to send from now on, "name=value"; nothing where it does. Of an account no cookie tells but that of its session."""
    if account_of_this_session():
        return ""
    signed = token(visitor(), _key())
    return "" if _sent() == signed else f"{COOKIE}={signed}"


def may_change(run: Run) -> bool:
    """Whether who is asking may stop, rename, pin and delete a run."""
    return runs().may_change(run, asker())


def may_change_of(owner: str) -> bool:
    """Whether who is asking may change what has this owner, as core/host/visitors.py writes that."""
    return rules.may_change(owner, asker(), runs().hosting)


def refusal(run: Run) -> str | None:
    """Why who is asking may not change a run, in a sentence; None where they may."""
    try:
        runs().require_change(run, asker())
    except RunError as error:
        return str(error)
    return None


def nothing_trains() -> str | None:
    """Why nothing is trained or kept here, in a sentence; None where it is."""
    try:
        rules.require_kept(runs().hosting)
    except RunError as error:
        return str(error)
    return None


def unless(refused: str | None, usual: str | None = None) -> dict[str, Any]:
    """What a control is told besides: where it is refused it is out of use, and its tooltip says why."""
    return {"disabled": refused is not None, "help": refused or usual}


def sign_in_form() -> None:
    """Where a visitor signs in and out, in the sidebar; nothing where the host does not want that."""
    if not runs().hosting.sign_in:
        return
    missing = why_no_sign_in()
    if missing:
        st.caption(f":material/no_accounts: {missing}")
    elif account_of_this_session():
        teacher = " as a teacher: every run is yours to change" if is_teacher() else ""
        st.caption(f":material/account_circle: You are signed in{teacher}.")
        st.button("Sign out", key="sign_out", type="tertiary", on_click=st.logout)
    else:
        st.button("Sign in", key="sign_in", icon=":material/login:", type="tertiary", on_click=st.login)


def teacher_form() -> None:
    """Where a teacher says the code, in the sidebar; nothing where there is none."""
    if not runs().hosting.teacher_code:
        return
    if visitor() in runs().teachers:
        st.caption(":material/school: You are the teacher here: every run is yours to change.")
        st.button("Leave", key="teacher_leave", type="tertiary", on_click=lambda: runs().teachers.discard(visitor()))
        return
    with (
        st.popover("Teacher", icon=":material/school:", type="tertiary", key="teacher"),
        st.form("teacher_form", border=False),
    ):
        st.text_input("Code", type="password", key="teacher_code", max_chars=200, autocomplete="off")
        st.form_submit_button("Enter", on_click=_try)


def _try() -> None:
    """Hear a code. Whoever guesses has to wait, and so has everybody else who guesses at that moment."""
    said = st.session_state.get("teacher_code", "")
    if not _trying.acquire(blocking=False):
        st.toast("Somebody else is saying a code at this moment: try again.", icon=":material/error:")
        return
    try:
        time.sleep(SECONDS_OF_A_TRY)
        if is_code(str(said), runs().hosting.teacher_code):
            runs().teachers.add(visitor())
        else:
            st.toast("This is not the code.", icon=":material/error:")
    finally:
        _trying.release()
