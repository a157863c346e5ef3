"""Settings that fold: open where there is room for them, and in a narrow window shut, above what they lead to."""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.component import component

_fold = component(Path(__file__).parent, "fold")


def folded_when_narrow(label: str, icon: str) -> DeltaGenerator:
    """An expander to put settings into, one on a page."""
    _fold(key="fold", height=0)
    return st.expander(label, icon=icon, expanded=True, key="folded_when_narrow")
