"""Arrays as pictures for a page."""

import base64
import io
from functools import lru_cache

import numpy as np
import streamlit as st
from PIL import Image

from core.charts.colours import DARK, LIGHT, Colours

KEPT = 256  # pictures that need not be made again for the next visitor
SMALL = 200_000  # bytes, which one of them has at most


def png(picture: np.ndarray, scale: int = 1) -> bytes:
    """A picture (h, w, 3) uint8 as a PNG, every pixel `scale` times as large, without smoothing.

    At most 256 colours are kept, which is a third of the bytes and, for our scales of one or two hues, no visible loss.
    """
    file = io.BytesIO()
    _enlarged(picture, scale).save(file, "PNG")
    return file.getvalue()


def _enlarged(picture: np.ndarray, scale: int) -> Image.Image:
    image = Image.fromarray(picture).quantize(256)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def data_url(picture: np.ndarray, scale: int = 1) -> str:
    """The same as a text that holds the whole picture, for small ones that come and go: as WebP, which loses nothing of it either and
    is a third to a half smaller.

    A picture that Streamlit serves as a file is gone once the page no longer shows it, and a browser that was still about
    to fetch it reports an error.
    """
    encode = _encoded if picture.nbytes <= SMALL else _encoded.__wrapped__
    return encode(picture.tobytes(), picture.shape[:2], scale)


@lru_cache(KEPT)
def _encoded(pixels: bytes, shape: tuple[int, int], scale: int) -> str:
    file = io.BytesIO()
    picture = np.frombuffer(pixels, np.uint8).reshape(*shape, 3)
    _enlarged(picture, scale).convert("RGB").save(file, "WEBP", lossless=True)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"


def png_url(file: bytes) -> str:
    """A PNG as such a text."""
    return f"data:image/png;base64,{base64.b64encode(file).decode()}"


def colours() -> Colours:
    """The colours for pictures in the visitor's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def palette() -> tuple[str, ...]:
    """The colours for lines and bars in the visitor's theme, e.g. "#0072b2"."""
    return tuple(st.get_option(f"theme.{st.context.theme.type or 'light'}.chartCategoricalColors"))
