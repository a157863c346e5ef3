"""The run that a visitor looks at: the pages that show one run show the same one, whichever of them it was chosen on."""

import streamlit as st

from core.checkpoints import KEY
from core.config import PRESETS
from ui import links
from ui.absent import can_be_shown
from ui.shared import runs

PAGES = ("confusion", "weights")  # whose address says `run`, and after which `epoch` of it
FIRST = PRESETS["MLP full"].key  # what an address of theirs stands for that names none
KEPT = "run_looked_at"


def note(key: str) -> None:
    """Take note that this is the run one looks at, or wants to look at once it is trained."""
    st.session_state[KEPT] = key


def come(page: str) -> None:
    """Take note of the run that somebody has come to a page with, before any way to another page is drawn."""
    key = st.query_params.get("run", "")
    if page.lower() in PAGES and links.entering() and KEY.fullmatch(key):
        note(key)


def way(page: str) -> links.Link | None:
    """The parameters that lead back to a page as it was left, and to the run that one looks at meanwhile."""
    kept, key = links.kept(page), st.session_state.get(KEPT)
    if page not in PAGES or key is None or key == (kept or {}).get("run", FIRST):
        return kept
    run = runs().find(key)
    if run is None or not can_be_shown(run):
        return kept
    return {**{name: words for name, words in (kept or {}).items() if name != "epoch"}, "run": key}
