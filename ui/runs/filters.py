"""Which runs the table lists, and in which order."""

import streamlit as st

from core import labels, naming
from core.config import NAMES, describe, preset_name
from core.labels import UNLABELLED
from core.runs import Run
from core.text import folded
from ui.runs import upload
from ui.runs.state import SEEDS, STATE, STATUSES, RunsState
from ui.shared import run_names, runs
from ui.words import explained


def filters(state: RunsState) -> list[Run]:
    """Draw the filters and the upload, and return the runs that they let through: pinned, newest, then the presets."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        st.segmented_control("Network", list(NAMES), format_func=NAMES.__getitem__, key=STATE.key("network"))
        st.segmented_control("Status", list(STATUSES), format_func=STATUSES.__getitem__, key=STATE.key("status"))
        st.text_input(
            "Find",
            key=STATE.key("find"),
            max_chars=60,
            placeholder="a name, tanh, batch 256 …",
            icon=":material/search:",
            width=220,
        )
        st.segmented_control(
            "Seeds",
            list(SEEDS),
            format_func=SEEDS.__getitem__,
            required=True,
            key=STATE.key("grouped"),
            help=explained("seed", "Runs that differ in their seed alone are one row, which opens into its runs."),
        )
        st.space("stretch")
        upload.form()
    given = labels.read(runs().folder)
    every = runs().all()
    names = run_names(run.config for run in every)
    there = [run for run in every if _passes(run, names[run.key], state)]
    return sorted(
        there,
        key=lambda run: (
            not given.get(run.key, UNLABELLED).pinned,
            run.committed,
            naming.preset_place(run.config),
            -run.asked,
        ),
    )


def _passes(run: Run, name: str, state: RunsState) -> bool:
    """Whether the filters let a run through."""
    if state.network and run.config.network != state.network:
        return False
    if state.status and state.status != ("live" if run.live else run.status):
        return False
    words = " ".join([name, NAMES[run.config.network], preset_name(run.config) or "", describe(run.config), run.key])
    return all(word in folded(words) for word in folded(state.find).split())
