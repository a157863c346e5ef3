"""What is said of a run that was not trained here, beside its numbers: they are what somebody's file says."""

from collections.abc import Iterable

import streamlit as st

from core.runs import Run
from core.words import counted
from ui.shared import plain, run_names, runs, told_in_passing
from ui.visitors import nothing_trains, unless, visitor

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


def offer_check(run: Run) -> None:
    """Offer to train a finished upload again, to see whether it comes to the same; say where such a check stands."""
    if not run.origin or run.status != "done":
        return
    check = runs().check_of(run.key)
    if check is not None and check.live:
        st.caption(":material/hourglass: Being checked: it is trained again here, from its settings.")
        return
    if check is not None and (check.error or check.notice):
        st.error(f"It could not be checked. {plain(check.error or check.notice)}", icon=":material/error:")
    st.button(
        "Check" if run.origin == "uploaded" else "Check again",
        key="check",
        icon=":material/fact_check:",
        on_click=_check,
        args=(run.key,),
        **unless(
            nothing_trains(),
            "Trains it again here from its settings, in its turn, and compares the weights bit for bit.",
        ),
    )


def _check(key: str) -> None:
    with told_in_passing():
        runs().check(key, visitor())


def tell_origins(some: Iterable[Run | None]) -> None:
    """Say which of several runs were uploaded, below numbers that are made of all of them."""
    brought = [run for run in some if run is not None and run.origin]
    if brought:
        names = ", ".join(plain(name) for name in run_names(run.config for run in brought).values())
        st.caption(f"{counted(len(brought), 'run')} of these, with the numbers that a file says: {names}.")
