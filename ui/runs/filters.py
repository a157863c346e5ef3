"""Which runs the table lists, and in which order."""

import streamlit as st

from core import labels as shelf
from core import naming
from core.config import NAMES, PRESETS, describe, preset_name
from core.labels import Label
from core.runs import Run
from core.text import folded
from ui.runs import upload
from ui.runs.link import STATUSES
from ui.shared import runs


def filters() -> list[Run]:
    """Draw the filters and the upload, and return the runs that they let through: pinned, newest, then the report's."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        st.segmented_control("Network", list(NAMES), format_func=NAMES.get, key="runs_network", persist_state="session")
        st.segmented_control(
            "Status", list(STATUSES), format_func=STATUSES.get, key="runs_status", persist_state="session"
        )
        st.text_input(
            "Find",
            key="runs_find",
            max_chars=60,
            placeholder="a name, tanh, batch 256 …",
            icon=":material/search:",
            width=260,
            persist_state="session",
        )
        st.space("stretch")
        upload.form()
    given = shelf.labels(runs().folder)
    every = runs().all()
    names = naming.names([run.config for run in every], given)
    there = [run for run in every if _passes(run, names[run.key])]
    places = {config.key: place for place, config in enumerate(PRESETS.values())}
    return sorted(
        there,
        key=lambda run: (not given.get(run.key, Label()).pinned, places.get(run.key, -1), -run.asked),
    )


def _passes(run: Run, name: str) -> bool:
    """Whether the filters let a run through."""
    network, status = st.session_state.runs_network, st.session_state.runs_status
    if network and run.config.network != network:
        return False
    if status and status != ("live" if run.live else run.status):
        return False
    words = " ".join([name, NAMES[run.config.network], preset_name(run.config) or "", describe(run.config), run.key])
    return all(word in folded(words) for word in folded(st.session_state.runs_find).split())
