"""What stands on a long page, as a row of links to its places."""

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from ui.component import component
from ui.words import in_a_row

_arrive = component(Path(__file__).parent, "contents")


def contents(places: Iterable[tuple[str, str]]) -> None:
    """Draw the links, each by its words and its anchor, and show the place that the address names, if it names one."""
    _arrive(key="arrive", height=0)
    with st.container(key="names"):
        st.markdown(in_a_row((words, f"#{anchor}") for words, anchor in places))
