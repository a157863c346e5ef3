"""What the pixels of an image say, as a picture with its scale."""

import numpy as np
import streamlit as st

from core.charts.pictures import over_ink
from core.words import significant
from ui.pictures import colours, data_url

WIDTH = 448  # pixels of a screen, at most


def attribution_picture(values: np.ndarray, image: np.ndarray, alt: str) -> None:
    """Draw values (28, 28) over the ink of an image (28, 28), and the ends of their scale below."""
    largest = float(np.abs(values).max())
    with st.container(width=WIDTH, gap=None):
        st.image(data_url(over_ink(values, image, largest, colours()), 16), width="stretch", alt=alt)
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            ends = (
                ("", "0", "") if largest == 0 else (f"−{significant(largest, 3)}", "0", f"+{significant(largest, 3)}")
            )
            for words in ends:
                st.caption(words, width="content")
