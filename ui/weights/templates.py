"""All templates of the MLP in one picture, through training, and the neuron that is chosen in it."""

import numpy as np
import streamlit as st

from core.analysis.neurons import neuron_table, order, scale_ends, votes_words
from core.charts.colours import Colours
from core.charts.pictures import grid
from core.data import SIDE
from core.mlp import MLP
from ui.pictures import colours, png
from ui.predictions import Version
from ui.weights import neuron
from ui.weights.film import FILM_CAPTION, film, last_version, reel_of
from ui.weights.look import Look, MLPLook, with_state
from ui.weights.state import SCALES, SORTS, STATE
from ui.words import linked

W1 = "w1"


def neurons(look: MLPLook) -> None:
    """What each hidden neuron looks for, and one of them closely."""
    units = len(look.model.w1)
    look = with_state(look, unit=min(look.state.unit, units - 1))
    left, right = st.columns([1, 1], gap="large")
    with left:
        with st.container(horizontal=True, vertical_alignment="bottom", key="grid_controls"):
            st.selectbox("Sorted by", list(SORTS), format_func=SORTS.__getitem__, key=STATE.key("sort"), width=165)
            st.selectbox(
                "Scale of colours", list(SCALES), format_func=SCALES.__getitem__, key=STATE.key("scale"), width=165
            )
        order = order_of(last_version(look), look.state.sort).tolist()
        film(look, W1, order, _columns(units), _names(look.model), "The templates")
        st.caption(linked(_how_to_read(units, look.state.sort)))
        _downloads(look)
    with right:
        neuron.neuron(look)


@st.cache_data(max_entries=64, show_spinner=False)
def order_of(last: Version, sort: str) -> np.ndarray:
    """The neurons in an order that they have at the end, so that each keeps its place while one scrubs."""
    arrays = last.checkpoint.snapshots[last.epoch]
    return order(arrays["w1"].astype(np.float32), arrays["w2"].astype(np.float32), sort)


def _columns(units: int) -> int:
    return int(np.ceil(np.sqrt(units)))


def _names(model: MLP) -> list[str]:
    return [f"Neuron {unit}: {votes_words(weights)}" for unit, weights in enumerate(model.w2.T)]


def _how_to_read(units: int, sort: str) -> str:
    sorted_by = {
        "number": "",
        "norm": "Sorted by how large their weights are at the end, largest first. ",
        "votes": "Sorted by the digit that they vote for most at the end, strongest first. ",
        "similarity": "Sorted so that at the end neighbours are as alike as can be. ",
    }
    return (
        f"The weights from the 784 pixels to each of the {units} hidden neurons, as pictures: ink on red (above zero) makes a "
        f"neuron fire, ink on blue (below zero) holds it back. {sorted_by[sort]}Click one, or choose it with the arrow "
        f"keys. {FILM_CAPTION}"
    )


def _downloads(look: MLPLook) -> None:
    stem = f"{look.version.key}-epoch-{look.version.epoch}"
    # A file is made when no page is there to ask, and perhaps no run any more: what it takes is in hand.
    model, inputs, painted = look.model, neuron.inputs_of(look.version, look.model), colours()
    order, ends = order_of(last_version(look), look.state.sort), _ends(look, look.state.scale)
    with st.popover("Download", icon=":material/download:"):
        st.download_button(
            "Templates (PNG)",
            lambda: grid_png(model, order, ends, painted),
            f"templates-{stem}.png",
            "image/png",
            key="download_grid",
            on_click="ignore",
        )
        st.download_button(
            "Neurons (CSV)",
            lambda: neuron_csv(model, inputs),
            f"neurons-{stem}.csv",
            "text/csv",
            key="download_table",
            on_click="ignore",
        )


def _ends(look: Look, scale: str) -> np.ndarray:
    """The end of each neuron's scale of colours."""
    return scale_ends(reel_of(last_version(look), W1), look.epochs.index(look.version.epoch), scale)


def grid_png(model: MLP, order: np.ndarray, ends: np.ndarray, colours: Colours) -> bytes:
    """The picture as it is shown, three dots for a pixel."""
    pictures = model.w1.reshape(-1, SIDE, SIDE)
    return png(grid(pictures[order], ends[order], _columns(len(order)), colours), 3)


def neuron_csv(model: MLP, inputs: np.ndarray) -> str:
    """Every neuron in numbers, over the 10,000 test images."""
    return neuron_table(model, inputs).to_csv(index=False, float_format="%.6g")
