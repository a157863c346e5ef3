"""All templates of the MLP in one picture."""

import streamlit as st

from core import inspection
from ui.pictures import colours, png
from ui.weights.look import Look


def neurons(look: Look) -> None:
    """What each hidden neuron looks for."""
    st.image(png(inspection.templates(look.model.w1, colours()), 2))
