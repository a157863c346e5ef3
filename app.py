"""The home page, and the way in: ask two networks, watch one learn, and go on; below, what has been trained, and from what."""

import numpy as np
import streamlit as st

import ui
from core.charts import curves
from core.charts.colours import Colours, inked, tile
from core.data import CLASSES
from core.images.sample import load_sample, wall_of
from ui.home import asking, forming, table, ways
from ui.pictures import colours, png
from ui.shared import digits
from ui.words import linked

COLUMNS = 30  # of the wall of digits
AVERAGES = 620  # pixels that the average digits are wide, where there is room


@st.cache_data(max_entries=32, show_spinner=False)
def wall(seed: int, colours: Colours) -> bytes:
    """Training images at random, side by side, as a PNG."""
    images = load_sample().wall if seed == 0 else wall_of(digits(), seed)
    return png(tile(inked(images, colours), COLUMNS, border=1, colours=colours), scale=2)


@st.cache_data(max_entries=2, show_spinner=False)
def averages(colours: Colours) -> bytes:
    """The mean of each digit's training images, in two rows, as a PNG."""
    return png(tile(inked(load_sample().means.astype(np.uint8), colours), 5, colours=colours), scale=4)


def shuffle() -> None:
    st.session_state.wall += 1


@st.fragment
def how_many() -> None:
    """How common each digit is: for whoever opens it, and sent to nobody else."""
    folded = st.expander("Images of each digit", icon=":material/bar_chart:", on_change="rerun", key="how_many")
    if not folded.open:
        return
    parts = {part: digits().part(part)[1] for part in ("training", "validation", "test")}
    counts = np.bincount(parts["training"], minlength=CLASSES)
    folded.vega_lite_chart(curves.class_counts(parts), key="class_counts")
    folded.caption(
        f"Of the {counts.sum():,} training images, {counts.max():,} are {counts.argmax()}s, the most, and {counts.min():,} are "
        f"{counts.argmin()}s, the fewest. Whoever guesses is right one time in ten."
    )


ui.frame()
with st.container(key="home_first"):
    st.title("How does a network learn to read?", anchor=False)
    drawing, learning = st.columns([6, 5], gap="large")
    with drawing:
        st.markdown("**Draw a digit, or tap one:** two networks answer.")
        asking.ask()
    with learning:
        st.markdown(linked("**One of them learning:** what its neurons look for."))
        forming.forming()
    ways.ways()

st.header("What has been trained", anchor=False)
table.table()
st.caption(
    "Click a row to open its run, or go to it with the arrow keys and press Enter. The six runs of [the report](report) and "
    "the two that read drawings best come with the project; the others were trained here, or were uploaded where it says so."
)

st.header("What they learn from", anchor=False)
st.markdown(
    linked(
        "**MNIST**: 70,000 digits written by hundreds of people, 28 by 28 pixels each. The networks learn from up to 50,000, are "
        "watched on 10,000 they never learn from (validation), and are judged on 10,000 more at the very end (test)."
    )
)
seed = st.session_state.setdefault("wall", 0)
st.image(wall(seed, colours()), width="stretch", alt="A wall of handwritten digits from the training images")
st.button("Show others", icon=":material/shuffle:", key="shuffle", on_click=shuffle)

st.markdown("**The average of each digit**")
st.image(averages(colours()), width=AVERAGES, alt="The mean image of each digit, 0 to 9")
st.caption(
    linked("The mean of all training images of a digit. Blurred means people disagree: compare the 1 with the 4.")
)
how_many()
