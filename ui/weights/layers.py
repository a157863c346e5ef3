"""One image on its way through a CNN: the picture after every layer, from the pixels to ten probabilities."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.analysis.attribution import softmax_steps
from core.charts import outputs
from core.charts.colours import inked
from core.charts.pictures import sheet_of_maps, strip_of_units
from core.images.codes import Chosen, chosen
from ui.pictures import colours, data_url
from ui.predictions import Version
from ui.shared import images_of
from ui.weights.look import CNNLook, image_control
from ui.weights.question import verdict
from ui.words import linked

if TYPE_CHECKING:
    from core.analysis.filters import Layer
    from core.cnn import Network

# How to read what a step makes: red above zero, blue below.
READ = {
    "normalised": "The pixels less their mean over the training images, in standard deviations: paper is a little below zero.",
    "convolution": "Each map is one filter laid on every place: red, above zero, where what is below is like the filter, blue, "
    "below zero, where it is like its opposite.",
    "batch norm": "Each map less its mean over the training images, in standard deviations, then scaled and shifted.",
    "ReLU": "What is below zero becomes zero: only what a filter was looking for is left.",
    "pooling": "Of each 2 × 2 places only the strongest is kept: where exactly something is no longer matters.",
    "fully connected": "Each square is a unit that weighs everything above it. After ReLU it is the redder, the more it fires; "
    "one that does not fire is blank.",
}


def layers(look: CNNLook) -> None:
    """The picture after every layer, block by block, from top to bottom."""
    image = image_control(look)
    steps = layers_of(look.version, image.code, look.model)
    logits = steps[-1].values.astype(np.float64)
    verdict(logits, image, look.name)
    _block("The input", steps[:1], image)
    maps = [step for step in steps[1:] if step.values.ndim == 3]
    starts = [i for i, step in enumerate(maps) if step.kind == "convolution"]
    for start, end in zip(starts, [*starts[1:], len(maps)], strict=True):
        _arrow()
        _block(maps[start].name, maps[start:end], image)
    _arrow()
    _units([step for step in steps[:-1] if step.values.ndim == 1])
    _arrow()
    _outputs(logits, image)


@st.cache_resource(max_entries=256, show_spinner=False)
def layers_of(version: Version, code: str, _network: "Network") -> list["Layer"]:
    """What every step of a network makes of the image with this name. Only to be looked at."""
    from core.analysis.filters import layers

    return layers(_network, chosen(code, images_of).image)


def _arrow() -> None:
    st.markdown(":material/arrow_downward:", text_alignment="center")


def _block(title: str, steps: list["Layer"], image: Chosen) -> None:
    """Some steps side by side: on a phone below each other, in their order."""
    with st.container(border=True, key=f"block_{steps[0].name}"):
        st.markdown(f"## {title}")
        columns = st.columns(max(3, len(steps)), gap="medium")
        if steps[0].name == "input":
            with columns[0]:
                st.markdown(f"**{image.name.capitalize()}** · 28 × 28")
                st.image(_sized(inked(image.image, colours())), width="stretch", alt=image.name)
                st.caption("As it was drawn: 0 is paper, 255 is ink.")
            columns = columns[1:]
        for column, step in zip(columns, steps, strict=False):
            with column:
                maps, height, width = step.values.shape
                shape = f"{maps} × {height} × {width}" if maps > 1 else f"{height} × {width}"
                st.markdown(linked(f"**{_capital(step.kind)}** · {shape}"))
                st.image(
                    _sized(sheet_of_maps(step.values, colours())),
                    width="stretch",
                    alt=f"{step.kind} of {step.name}: {shape}",
                )
                st.caption(linked(READ[step.kind]))


def _sized(picture: np.ndarray) -> str:
    """A picture with more dots than a column is wide, so that it stays sharp."""
    return data_url(picture, max(2, 600 // picture.shape[1]))


def _capital(words: str) -> str:
    """The words with a capital letter in front, and "ReLU" as it is."""
    return words[0].upper() + words[1:]


def _units(steps: list["Layer"]) -> None:
    """The hidden fully connected layers as strips."""
    with st.container(border=True, key="block_units"):
        st.markdown("## Fully connected layers")
        for column, step in zip(st.columns(2, gap="medium"), steps, strict=False):
            with column:
                n = len(step.values)
                st.markdown(f"**{step.name}** · {n} units")
                st.image(
                    _sized(strip_of_units(step.values, colours())), width="stretch", alt=f"The {n} units of {step.name}"
                )
        st.caption(linked(READ["fully connected"]))


def _outputs(logits: np.ndarray, image: Chosen) -> None:
    """The ten outputs: logits, then probabilities."""
    probs = softmax_steps(logits).probs
    end = outputs.end_of(logits)
    with st.container(border=True, key="block_outputs"):
        st.markdown("## Ten outputs")
        left, middle = st.columns(2, gap="medium")
        with left:
            st.markdown("**Logits**")
            rows = outputs.logit_rows(logits, image.label, colours())
            chart = outputs.outputs_chart(-end if logits.min() < 0 else 0.0, end, colours())
            st.vega_lite_chart(chart | {"datasets": {"outputs": rows}}, key="logits", alt="The ten logits as bars")
            st.caption(
                linked(
                    "What the last layer makes of its inputs: one number for each digit, called its logit. The largest is the answer."
                )
            )
        with middle:
            st.markdown("**Probabilities**")
            rows = outputs.probability_rows(probs, image.label, colours())
            chart = outputs.outputs_chart(0.0, 1.0, colours())
            st.vega_lite_chart(
                chart | {"datasets": {"outputs": rows}}, key="probs", alt="The ten probabilities as bars"
            )
            st.caption(
                linked(f"Softmax makes ten shares of them that sum to 1. {outputs.key_of_outputs(probs, image.label)}")
            )
