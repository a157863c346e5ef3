"""What is said of a run that was not trained here, beside its numbers: they are what somebody's file says."""

from collections.abc import Iterable

import streamlit as st

from core.runs import Run
from core.words import counted
from ui.shared import plain, run_names

UNCHECKED = (
    "**Uploaded**: somebody brought this run as a file. Its weights are here, and what is computed from them is true of them; its "
    "history, its times and its test accuracy are what the file says."
)


def tell_origin(run: Run) -> None:
    """Say where a run comes from that was uploaded; nothing of any other."""
    if not run.origin:
        return
    finding = run.saved.about.get("finding")
    if run.origin == "uploaded" or not finding:
        st.info(UNCHECKED, icon=":material/upload_file:")
    else:
        icon = ":material/verified:" if run.origin == "checked" else ":material/report:"
        (st.success if run.origin == "checked" else st.warning)(f"**Uploaded.** {plain(finding)}", icon=icon)


def tell_origins(runs: Iterable[Run | None]) -> None:
    """Say which of several runs were uploaded, below numbers that are made of all of them."""
    brought = [run for run in runs if run is not None and run.origin]
    if brought:
        names = ", ".join(plain(name) for name in run_names(run.config for run in brought).values())
        st.caption(f"{counted(len(brought), 'run')} of these, with the numbers that a file says: {names}.")
