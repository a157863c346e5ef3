"""One hidden neuron of the MLP: its template, its votes, what excites it, and what it does on each digit."""

import numpy as np
import streamlit as st

from core import inspection
from ui.predictions import Version, images_of, model
from ui.weights.look import Look


@st.cache_resource(max_entries=8, show_spinner=False)
def inputs_of(version: Version) -> np.ndarray:
    """The net input of every hidden neuron for every test image: (10000, hidden) float32, 2.6 MB for 64."""
    inputs = inspection.net_inputs(model(version), images_of("test")[0])
    inputs.flags.writeable = False
    return inputs


def neuron(look: Look) -> None:
    """The neuron that is chosen."""
    st.write("neuron")
