"""The run that one comes from, behind the new one: what was changed, and what that did."""

import streamlit as st

from core.analysis.before_after import changes, effect
from core.runs import Run
from ui.shared import plain, run_name
from ui.train.state import Shown, dismiss


def comparison(shown: Shown, run: Run | None) -> None:
    """Say which run is shown behind these settings' own, what has changed since, and, of two finished ones, to what effect."""
    before = shown.before
    if before is None:
        return
    over = run is not None and run.status == before.status == "done"
    with st.container(horizontal=True, vertical_alignment="center", key="comparison"):
        st.markdown(
            f"Compared with **{plain(run_name(before.config))}**: {plain(changes(before.config, shown.config))}."
            + (f" {effect(before.history, run.history)}" if run and over else "")
            + (" Its curves are the pale ones." if run and run.history else ""),
            width="stretch",
        )
        st.button(
            "Stop comparing",
            key="dismiss",
            icon=":material/close:",
            type="tertiary",
            on_click=dismiss,
            width="content",
        )
