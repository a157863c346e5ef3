"""A CNN's filters through training, and what excites one of them most: images, and places in them."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.charts.colours import inked
from core.charts.pictures import exciting, filter_picture
from core.data import TEST_SIZE
from core.words import listed, share_words
from ui.pictures import colours, data_url
from ui.predictions import Version
from ui.shared import images_of
from ui.state import move
from ui.weights.film import FILM_CAPTION, film
from ui.weights.look import CNNLook, with_state
from ui.weights.state import STATE
from ui.words import linked

if TYPE_CHECKING:
    from core.analysis.filters import Field, Strongest
    from core.cnn import Network

MOST = 12  # images of a filter


def filters(look: CNNLook) -> None:
    """All filters of a layer in one picture, and the chosen one."""
    from core.analysis.filters import convolutions

    layers = convolutions(look.model)
    weights = {name: layer.weight.detach().cpu().numpy() for name, layer in layers.items()}
    layer = look.state.layer if look.state.layer in weights else next(iter(weights))
    kernels = weights[layer]
    n, inputs = kernels.shape[:2]
    look = with_state(look, layer=layer, unit=look.state.unit if look.state.unit < n * inputs else 0)
    left, right = st.columns([1.1, 1], gap="large")
    with left:
        st.segmented_control(
            "Layer", list(weights), required=True, key=STATE.key("layer"), on_change=STATE.put, kwargs={"unit": 0}
        )
        _film(look, layer, kernels)
    with right:
        _chosen(look, layer, kernels, look.state.unit // inputs)


def _film(look: CNNLook, layer: str, kernels: np.ndarray) -> None:
    """The kernels: in a square of filters where there is one input, else a column for each filter."""
    (n, inputs), size = kernels.shape[:2], _size(kernels)
    if inputs == 1:
        order, columns = list(range(n)), 3 if n <= 6 else 8
        names = [f"Filter {filter}" for filter in range(n)]
        alt = f"The {n} filters of {layer}"
        words = (
            f"The {n} filters of {layer}, {size} weights each. A filter is laid on every place of the image: red weights "
            "(above zero) want ink there, blue ones (below zero) want paper."
        )
    else:
        order, columns = [filter * inputs + row for row in range(inputs) for filter in range(n)], n
        names = [f"Filter {unit // inputs}, input {unit % inputs}" for unit in range(n * inputs)]
        alt = f"The {n} filters of {layer}, a column each, with their {inputs} inputs in rows"
        words = (
            f"The {n} filters of {layer} in columns, each with a kernel of {size} weights for every one of the {inputs} maps of "
            "the layer before, in rows. Red weights (above zero) want that map to be strong there, blue ones (below zero) weak."
        )
    film(look, f"{layer}.weight", order, columns, names, alt, together=inputs > 1)
    st.caption(linked(f"{words} Click one to see what excites it. {FILM_CAPTION}"))


@st.cache_resource(max_entries=8, show_spinner="Showing it all test images …")
def _strongest(version: Version, layer: str, _network: "Network") -> "Strongest":
    """How strongly each filter answers to each test image: a megabyte for sixteen filters, read-only."""
    from core.analysis.filters import strongest

    found = strongest(_network, images_of("test")[0], layer)
    for array in found:
        array.flags.writeable = False
    return found


def _chosen(look: CNNLook, layer: str, kernels: np.ndarray, filter: int) -> None:
    """One filter: its weights, what it looks for, and the images that excite it most."""
    from core.analysis.filters import mean_patch, receptive_field

    _control(kernels, filter)
    field = receptive_field(look.model, layer)
    found = _strongest(look.version, layer, look.model)
    images, _ = images_of("test")
    with st.container(horizontal=True, gap="small", key="chosen_filter"):
        _weights(kernels, filter)
        _looked_for(mean_patch(images, found, field, filter), int((found.values[:, filter] > 0).sum()))
    _exciting(filter, found, field, images)


def _control(kernels: np.ndarray, filter: int) -> None:
    key = f"weights_filter_of_{len(kernels)}"
    move(key, filter)
    st.selectbox(
        "Filter",
        range(len(kernels)),
        key=key,
        format_func=lambda filter: f"filter {filter}",
        on_change=_filter_chosen,
        args=(key, kernels.shape[1]),
        width=200,
    )


def _weights(kernels: np.ndarray, filter: int) -> None:
    inputs = kernels.shape[1]
    with st.container(width=165, gap="small"):
        picture = filter_picture(kernels[filter], float(np.abs(kernels).max()), colours())
        st.image(data_url(picture, max(1, 320 // picture.shape[1])), width=160, alt="Its weights")
        st.caption(
            "Its weights" + (f": {inputs} kernels of {_size(kernels)}." if inputs > 1 else f", {_size(kernels)}.")
        )


def _looked_for(mean: np.ndarray | None, excited: int) -> None:
    """The mean of the patches that excite a filter most, of which there is one for each image that excites it, a hundred at most."""
    with st.container(width=165, gap="small"):
        if mean is not None:
            st.image(data_url(inked(mean, colours()), 12), width=160, alt="The mean of what excites it most")
            st.caption(
                "What it looks for: the one patch that excites it."
                if excited == 1
                else f"What it looks for: the mean of the {min(100, excited)} patches that excite it most."
            )


def _exciting(filter: int, found: "Strongest", field: "Field", images: np.ndarray) -> None:
    """The test images that excite a filter most, and where."""
    places = found.best(filter, MOST)
    if not len(places):
        st.info(f"Nothing excites filter {filter}: after ReLU it is zero at every place of every test image.")
        return
    corners = np.array([field.corner(int(found.rows[i, filter]), int(found.columns[i, filter])) for i in places])
    values = found.values[places, filter]
    st.image(
        data_url(exciting(images[places], corners, field.size, values, colours())),
        alt=f"The {len(places)} test images that excite filter {filter} most: {listed(f'{place:,}' for place in places.tolist())}",
    )
    most = (
        f"The {len(places)} test images that excite it most"
        if len(places) > 1
        else "The only test image that excites it"
    )
    share = float((found.values[:, filter] > 0).mean())
    st.caption(
        linked(
            f"{most}, and where: the {field.size} × {field.size} pixels that it sees are lit and framed. Below, how strongly it fires "
            f"there. It fires somewhere on {share_words(share, TEST_SIZE)} of the 10,000 test images."
        )
    )


def _filter_chosen(key: str, inputs: int) -> None:
    STATE.put(unit=st.session_state[key] * inputs)


def _size(kernels: np.ndarray) -> str:
    return f"{kernels.shape[-2]} × {kernels.shape[-1]}"
