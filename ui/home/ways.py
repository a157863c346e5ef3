"""Where to go from the home page."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import streamlit as st


class Way(NamedTuple):
    page: str
    icon: str
    words: str  # what one does there
    query: Mapping[str, str] = MappingProxyType({})  # in its address


WAYS = (
    Way(
        "train",
        "model_training",
        "**Train one of your own** in two seconds.",
        {"network": "mlp", "train_size": "2000", "epochs": "30", "hidden_units": "32"},
    ),
    Way("lessons", "school", "**Predict and try**: ten lessons."),
    Way("sketch", "draw", "**Draw more**, and see why they answer so."),
    Way("confusion", "grid_on", "**See their mistakes**, digit by digit."),
    Way("weights", "visibility", "**Look inside**, neuron by neuron."),
)


def ways() -> None:
    """Draw the ways on, a sentence each."""
    with st.container(horizontal=True, key="home_ways"):
        for page, icon, words, query in WAYS:
            st.page_link(f"pages/{page}.py", label=words, icon=f":material/{icon}:", query_params=dict(query))
