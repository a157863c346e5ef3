"""Arrays as pictures for a page."""

import io

import numpy as np
import streamlit as st
from PIL import Image

from core.inspection import DARK, LIGHT, Colours


def png(picture: np.ndarray, scale: int = 1) -> bytes:
    """A picture (h, w, 3) uint8 as a PNG, every pixel `scale` times as large, without smoothing.

    At most 256 colours are kept, which is a third of the bytes and, for our scales of one or two hues, no visible loss.
    """
    image = Image.fromarray(picture).quantize(256)
    image = image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def colours() -> Colours:
    """The colours for pictures in the visitor's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT
