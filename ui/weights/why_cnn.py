"""Why a CNN answers as it does: which ink its logit comes from, and what happens where the ink is covered."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.analysis.attribution import Attribution
from core.data import CLASSES
from core.images.codes import Chosen, chosen
from core.words import percent, signed
from ui.predictions import Version
from ui.shared import images_of
from ui.weights.attribution_picture import attribution_picture
from ui.weights.look import CNNLook
from ui.weights.question import LOGIT, Question, question, times_words, verdict
from ui.weights.softmax import softmax
from ui.weights.state import STATE
from ui.words import linked, table

if TYPE_CHECKING:
    from core.cnn import Network


def explain(look: CNNLook, image: Chosen) -> None:
    """The attribution to the ink by its gradient, what covering it changes, and softmax."""
    logits = logits_of(look.version, image.code, look.model)
    verdict(logits, image, look.name)
    asked = question(logits, image, look.state.against)
    left, right = st.columns(2, gap="large")
    with left:
        _gradients(look, image, asked)
    with right:
        _occlusion(look, image, asked)
    softmax(logits, image.label)


@st.cache_resource(max_entries=512, show_spinner=False)
def logits_of(version: Version, code: str, _network: "Network") -> np.ndarray:
    """What a network says (10,) to an image with this name."""
    from core.analysis.filters import layers

    return layers(_network, chosen(code, images_of).image)[-1].values.astype(np.float64)


@st.cache_resource(max_entries=256, show_spinner=False)
def _integrated(version: Version, code: str, digit: int, over: int | None, _network: "Network") -> Attribution:
    from core.analysis.filters import integrated_gradients

    return integrated_gradients(_network, chosen(code, images_of).image, digit, over)


@st.cache_resource(max_entries=128, show_spinner=False)
def _occluded(version: Version, code: str, size: int, _network: "Network") -> np.ndarray:
    from core.analysis.filters import occluded

    return occluded(_network, chosen(code, images_of).image, size)


def _gradients(look: CNNLook, image: Chosen, asked: Question) -> None:
    """The ink that the logit comes from."""
    st.markdown(f"## The ink that speaks {asked.words}")
    found = _integrated(look.version, image.code, asked.digit, asked.over, look.model)
    attribution_picture(found.pixels, image.image, f"How much every pixel of {image.name} speaks {asked.words}")
    st.caption(
        linked(
            f"**Red ink speaks {asked.words}**, blue ink the other way round. The ink appears little by little on blank paper, and "
            f"each pixel is given, as its attribution, what it adds to the {asked.logit} on the way (the method of integrated gradients, Sundararajan et "
            f"al., 2017). {LOGIT}"
        )
    )
    pixels = found.pixels
    lines = [
        (f"Ink that speaks {asked.words}", pixels[pixels > 0].sum()),
        ("Ink that speaks the other way", pixels[pixels < 0].sum()),
        ("Blank paper, before any ink", found.blank),
    ]
    rest = found.total - found.blank - pixels.sum()
    lines += [("Missed by the steps on the way", rest)]
    rows = [(words, signed(value, 2)) for words, value in lines]
    rows.append((f"**The {asked.logit}**", f"**{signed(found.total, 2)}**"))
    st.markdown(table(("What adds up", "Amount"), rows, numbers=1))


def _occlusion(look: CNNLook, image: Chosen, asked: Question) -> None:
    """What a square of paper changes, wherever it lies."""
    st.markdown("## What happens where it is covered")
    size = look.state.square
    logs = _occluded(look.version, image.code, size, look.model)
    whole = _occluded(look.version, image.code, 0, look.model)[0, 0].astype(np.float64)
    drop = whole[asked.digit] - logs[..., asked.digit].astype(np.float64)
    attribution_picture(
        drop, image.image, f"How much covering each place of {image.name} lowers the probability of {asked.digit}"
    )
    st.caption(
        f"A square of paper is laid on every place. **Red: {asked.digit} is less probable with the square there**, blue: more "
        "probable. On the scale, +1 stands for 2.7 times less probable, +2.3 for ten times."
    )
    st.slider("Side of the square, in pixels", 0, 10, key=STATE.key("square"))
    st.markdown(_worst_place(size, logs, drop, whole, asked))


def _worst_place(size: int, logs: np.ndarray, drop: np.ndarray, whole: np.ndarray, asked: Question) -> str:
    """What happens where it hurts most, in a sentence."""
    if size == 0:
        return "A square without a side covers nothing, so nothing changes."
    row, column = np.unravel_index(int(drop.argmax()), drop.shape)
    if drop[row, column] < 0.0005:
        return f"No place lowers the probability of {asked.digit}."
    before, after = (percent(float(np.exp(log[asked.digit]))) for log in (whole, logs[row, column]))
    loss = f"the probability of {asked.digit} falls from {before} to {after}"
    if before == after:
        loss = f"{asked.digit} becomes {times_words(float(drop[row, column]))} times less probable"
    answer = int(logs[row, column].argmax())
    then = f"and the answer is {answer}" if answer != int(whole.argmax()) else "and the answer stays the same"
    others = len({*logs.reshape(-1, CLASSES).argmax(axis=1).tolist()}) - 1
    beside = f" In all, {others} other answers can be brought about in this way." if others > 1 else ""
    return f"Covering row {row}, column {column} hurts most: {loss}, {then}.{beside}"
