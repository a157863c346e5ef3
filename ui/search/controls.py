"""The controls that every page has that compares runs over networks and seeds."""

from typing import Any

import streamlit as st

from core.config import NAMES, NETWORKS
from core.search.along import ALONG
from core.search.grid import SEEDS
from ui.segments import segments
from ui.state import PageState
from ui.words import explained


def networks(state: PageState[Any]) -> None:
    st.segmented_control(
        "Networks",
        list(NETWORKS),
        selection_mode="multi",
        format_func=NAMES.__getitem__,
        key=state.key("networks"),
    )


def seeds(state: PageState[Any]) -> None:
    st.slider(
        "Seeds",
        int(SEEDS.low),
        int(SEEDS.high),
        key=state.key("seeds"),
        help=explained(
            "seed", "How often each run is repeated from other random weights, to see how much of a result is luck."
        ),
    )


def along(state: PageState[Any]) -> None:
    """At equal what runs are compared, and what their curves are drawn against."""
    segments(
        "Compare at equal",
        ALONG,
        state.key("along"),
        help="Epochs: each run at its end. Steps of the optimiser, or seconds on the machine that trained it: after the last epoch by which "
        "none has had more than the one that has the fewest. A learning rate that falls does so with the epochs. The curves are drawn against the same.",
        label_shown=True,
    )
