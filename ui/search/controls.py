"""The controls that every page has that compares runs over networks and seeds."""

from typing import Any

import streamlit as st

from core.config import NAMES, NETWORKS
from core.search.grid import SEEDS
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
