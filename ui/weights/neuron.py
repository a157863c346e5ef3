"""One hidden neuron of the MLP: its template, its votes, what excites it, and what it does on each digit."""

from typing import Literal

import numpy as np
import streamlit as st

from core.analysis.neurons import Activation, activation_over, extremes, net_inputs, scale_ends, spread, votes_words
from core.charts.colours import inked
from core.charts.neurons import BINS, ridge_chart, ridge_table, votes_chart, votes_table
from core.charts.outputs import end_of
from core.charts.pictures import grid
from core.charts.sent import sent
from core.data import SIDE, TEST_SIZE
from core.images.codes import name_of
from core.mlp import MLP
from core.words import article, number, share_words, significant
from ui.pictures import colours, data_url
from ui.predictions import Version
from ui.shared import images_of
from ui.weights.film import last_version, reel_of
from ui.weights.look import MLPLook
from ui.weights.state import STATE
from ui.words import linked

EXAMPLES = 8  # images that excite a neuron most, and as many that do least
ENDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}  # of the activation; a ReLU has no upper end
VERDICTS: dict[str, tuple[str, Literal["gray", "violet"], str]] = {
    "working": ("Working", "gray", ":material/check:"),
    "constant": ("Says nothing", "violet", ":material/horizontal_rule:"),
    "saturated": ("Saturated", "violet", ":material/vertical_align_top:"),
    "dead": ("Dead", "violet", ":material/block:"),
}
CRITERIA = (
    "Measured on the 10,000 test images. Says nothing: its activation is nearly the same on all of them (its standard deviation "
    "is below 0.01). Dead: besides that, on at least 95% of them its curve is so flat that it learns next to nothing. "
    "Saturated: as flat as that, but not always the same. Working: none of these. A ReLU is never called saturated, since it "
    "is flat wherever it does not fire."
)
# What a neuron learns little or nothing from: where its activation hardly changes when what it sees does.
FLAT = {
    "sigmoid": "on **{}** it is so close to 0 or 1 that it learns next to nothing from them",
    "tanh": "on **{}** it is so close to −1 or 1 that it learns next to nothing from them",
    "relu": "from the other **{}** it learns nothing",
}


@st.cache_resource(max_entries=8, show_spinner=False)
def inputs_of(version: Version, _model: MLP) -> np.ndarray:
    """The net input of every hidden neuron for every test image: (10000, hidden) float32, 2.6 MB for 64."""
    inputs = net_inputs(_model, images_of("test")[0])
    inputs.flags.writeable = False
    return inputs


def neuron(look: MLPLook) -> None:
    """The neuron that is chosen, closely."""
    units = len(look.model.w1)
    with st.container(border=True, key="neuron"):
        left, right = st.columns([1, 1.6], gap="medium")
        with right:
            st.number_input(
                f"Neuron, 0 to {units - 1}",
                0,
                units - 1,
                step=1,
                key=STATE.key("unit"),
                help="Or click one in the grid.",
            )
        unit = look.state.unit
        inputs = inputs_of(look.version, look.model)[:, unit]
        does = activation_over(look.model, inputs)
        with left:
            _template(look, unit)
        with right:
            _words(look.model.w2[:, unit], does, look.config.activation)
        _charts(look, unit, inputs)
        _examples(inputs, unit)


def _template(look: MLPLook, unit: int) -> None:
    reel, place = reel_of(last_version(look), "w1"), look.epochs.index(look.version.epoch)
    ends = scale_ends(reel, place, look.state.scale)[unit : unit + 1]
    picture = grid(look.model.w1[unit : unit + 1].reshape(-1, SIDE, SIDE), ends, colours=colours())
    st.image(data_url(picture, 6), width=150, alt=f"The template of neuron {unit}")
    st.caption(f"Blue to red: −{significant(ends[0], 2)} to +{significant(ends[0], 2)}")


def _words(weights: np.ndarray, does: Activation, activation: str) -> None:
    label, colour, icon = VERDICTS[does.verdict]
    st.markdown(f"## {votes_words(weights).capitalize()}")
    st.badge(label, color=colour, icon=icon, help=linked(CRITERIA))
    above = {"sigmoid": "above ½", "tanh": "above 0", "relu": "above 0"}[activation]
    flat = FLAT[activation].format(share_words(does.flat, TEST_SIZE))
    st.markdown(
        linked(
            f"Fires ({above}) on **{share_words(does.active, TEST_SIZE)}** of the test images; {flat}. "
            f"Its activation is {number(does.mean, 2)} on average, with a standard deviation of {does.deviation:.2f}."
        )
    )


def _charts(look: MLPLook, unit: int, inputs: np.ndarray) -> None:
    """Its ten output weights, and beside them how it fires for each digit, digit by digit in the same rows."""
    weights = look.model.w2[:, unit]
    activations = look.model.activation(inputs.copy())
    low, high = ENDS.get(look.config.activation, (0.0, end_of(activations)))
    edges = np.linspace(low, high, BINS + 1)
    shares = spread(activations, images_of("test")[1], edges)
    left, right = st.columns([1, 1.35], gap="medium")
    with left, st.container(key="votes"):
        table = votes_table(weights, colours())
        st.vega_lite_chart(
            votes_chart(colours()) | {"datasets": {"votes": sent(table)}},
            key="votes_chart",
            alt=f"The ten output weights of neuron {unit}",
        )
    with right, st.container(key="ridges"):
        table = ridge_table(shares, edges, weights, colours())
        st.vega_lite_chart(
            ridge_chart(low, high, colours()) | {"datasets": {"ridges": sent(table)}},
            key="ridges_chart",
            alt=f"How the activation of neuron {unit} is distributed for each digit",
        )
    st.caption(
        linked(
            "The first: by how much its activation argues for each digit (red, above zero) or against it (blue, below). The second: how "
            "strongly it fires on the test images of each digit, in the colour of its vote; every ridge is as high as its row allows."
        )
    )


def _examples(inputs: np.ndarray, unit: int) -> None:
    if inputs.min() == inputs.max():
        st.caption("All test images excite it equally.")
        return
    most, least = extremes(inputs, EXAMPLES)
    for places, words, name in ((most, "most", "most"), (least, "least", "least")):
        st.markdown(f"**Test images that excite it {words}**")
        with st.container(horizontal=True, gap="xsmall", key=f"excite_{name}"):
            for few in np.split(places, 2):  # one row, or in a narrow window two of equal length
                with st.container(horizontal=True, gap="xsmall", width="content"):
                    for place in few.tolist():
                        _example(place, name)
    st.caption("Under each image its digit: press it, and see why the network answers as it does.")


def _example(place: int, name: str) -> None:
    images, labels = images_of("test")
    with st.container(width=41, gap=None):
        st.image(
            data_url(inked(images[place], colours()), 2),
            width=41,
            alt=f"{name_of('test', place).capitalize()}, {article(labels[place])} {labels[place]}",
        )
        st.button(
            str(labels[place]),
            key=f"{name}_{place}",
            width="stretch",
            help=name_of("test", place).capitalize(),
            on_click=_to_why,
            args=(f"test-{place}",),
        )


def _to_why(code: str) -> None:
    STATE.put(image=code, view="why")
