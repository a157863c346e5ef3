"""Two networks on the same images: who is better, at what, and on which images."""

import numpy as np
import streamlit as st

from core.analysis import reading
from core.charts import confusion
from core.words import counted, percent
from ui.confusion.look import Look, digit_image, other_look, two_names
from ui.pictures import colours
from ui.shared import plain
from ui.words import linked

PER_SIDE = 8  # images that only one of two networks reads


def compare(look: Look) -> None:
    """Two networks on the same images: the sentence, the difference, and the images that only one of them reads."""
    other = other_look(look)
    first, second = map(plain, two_names(look, other))  # all that they are used for is Markdown
    if look.version == other.version:
        st.info("These are one and the same. Choose another run, or another epoch, to compare with.")
        return
    with st.container(border=True, key="comparison"):
        sentences = reading.comparison(look.answers, other.answers, (first, second), look.images)
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
        st.caption(linked(reading.explained(sentences, "networks")))
    left, right = st.columns([1.05, 1], gap="large")
    with left:
        painted = confusion.difference_cells(look.answers.matrix, other.answers.matrix, colours())
        table = confusion.matrix_table(painted)
        st.vega_lite_chart(
            confusion.matrix_chart(colours(), points=True) | {"datasets": {"cells": table}},
            key="difference",
            alt="The difference of the two confusion matrices",
        )
        st.caption(
            f"What changes from {first} to {second}, in percentage points of the row. Green is better: more often right, "
            "or less often wrong; orange is worse. An empty cell has not changed by 0.05 points."
        )
    with right:
        _only_one(look, other, (first, second), "first")
        _only_one(other, look, (second, first), "second")


def _only_one(right: Look, wrong: Look, names: tuple[str, str], key: str) -> None:
    """The images that one network reads and the other does not, where the other was surest first."""
    places = np.flatnonzero(right.answers.right & ~wrong.answers.right)
    places = places[np.argsort(-wrong.answers.confidence[places], kind="stable")]
    st.markdown(f"**{counted(len(places), 'image')} that only {names[0]} reads right**")
    if places.size == 0:
        return
    with st.container(horizontal=True, gap="small", key=f"only_{key}"):
        for place in places[:PER_SIDE].tolist():
            with st.container(width=76, gap=None):
                digit_image(wrong, place, scale=3, width=76)
                _, true, digit, p = (array[place] for array in wrong.answers)
                st.caption(f"{true}, not {digit} ({percent(p)})")
    most = f"The {PER_SIDE} that {names[1]} was surest of" if len(places) > PER_SIDE else f"As {names[1]} read them"
    st.caption(f"{most}: the true digit, its answer, and how sure it was.")
