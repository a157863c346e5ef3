"""What is said of a run that there is nothing to see of: it is being trained, came to nothing, was deleted, or never was here."""

from typing import NamedTuple

import streamlit as st

from core.runs import Run
from ui.shared import plain, run_name, runs


def can_be_shown(run: Run) -> bool:
    """Whether there is a network to look at: a live run is watched on Train until it has ended."""
    return not run.live and run.summary is not None and bool(run.summary.history)


def why(key: str, was_here: bool = False) -> str:
    """Why there is nothing to see of a run, as a sentence without its full stop; `was_here` where one has looked at it before."""
    run = runs().find(key)
    if run is None:
        if key in runs().damaged:
            return runs().damaged[key].rstrip(".")
        return f"The run {key} was deleted" if was_here else f"The run {key} is not here"
    called = f"The run {run_name(run.config)} ({key})"
    if run.status == "queued":
        return f"{called} waits to be trained"
    if run.live:
        return f"{called} is being trained{' further' if run.summary and run.summary.history else ''}"
    if can_be_shown(run):
        return f"{called} can be seen by now"
    return f"{called} {'failed' if run.status == 'failed' else 'was stopped'} before an epoch of it was kept"


def way(key: str, page: str) -> None:
    """The way to where more is seen of such a run: Train, or the page that asked for it, once it can be shown there."""
    run = runs().find(key)
    if run is None:
        return
    if can_be_shown(run):
        where, label, icon = page, "See it here", "visibility"
    else:
        where, label, icon = "train", "Watch it on Train" if run.live else "See it on Train", "model_training"
    st.page_link(f"pages/{where}.py", label=f"**{label}**", icon=f":material/{icon}:", query_params={"run": key})


class Absent(NamedTuple):
    """A run that a page was asked for, or showed, and has nothing to show of."""

    key: str
    page: str  # that was asked
    was_here: bool
    then: str  # what the page does instead; may be empty

    def draw(self) -> None:
        """Say why, as it is at this moment, and where to see more of it."""
        run = runs().find(self.key)
        words = why(self.key, self.was_here) + (f": {self.then}." if self.then else ".")
        if run is not None and run.live:
            st.info(plain(words), icon=":material/hourglass_top:")
        else:
            st.warning(plain(words), icon=":material/link_off:")
        way(self.key, self.page)
