"""Which pens the networks have learnt from, beside the pen of a drawing."""

import numpy as np
import streamlit as st

from core.charts.colours import Colours, inked
from core.data import CLASSES
from core.images.codes import levels
from core.images.hands import FINEST, WIDEST, pens_in_order
from core.images.ready import BOX, PENS, pen_width
from core.words import listed
from ui.pictures import colours, data_url
from ui.shared import plain
from ui.sketch.answers import Voice
from ui.words import linked

SEED = 3  # of the drawings that are shown
WIDTH = 420  # pixels


def learnt_from(cropped: np.ndarray, asked: list[Voice]) -> None:
    """Say how wide the pen of a drawing is, cropped to its ink (h, w), and which pens and sizes the networks have seen."""
    share = pen_width(cropped > 0.5) / max(cropped.shape)
    fine, wide = (pen / BOX for pen in PENS)
    words = (
        f"**Your pen** is {share:.0%} as wide as the drawing is long. MNIST's pens are {fine:.0%} to {wide:.0%}, nine in ten of "
        "them: a finer or a wider one is brought there. Any size of a drawing becomes 20 pixels."
    )
    names = [plain(one.name) for one in asked if one.drawn]
    if names:
        has = "has" if len(names) == 1 else "have"
        words += (
            f" {listed(names)} {has} also learnt from drawings by pens of {FINEST:.0%} to {WIDEST:.0%}, such as these:"
        )
    st.markdown(linked(words))
    if names:
        alt = f"The digits 0 to 9, drawn by pens from {FINEST:.0%} to {WIDEST:.0%} of their height"
        st.image(_pens(colours()), width=WIDTH, alt=alt)


@st.cache_data(max_entries=2, show_spinner=False)
def _pens(colours: Colours) -> str:
    """The ten digits, each by a wider pen, as a data URL."""
    return data_url(inked(levels(np.hstack(pens_in_order(CLASSES, SEED))), colours), 3)
