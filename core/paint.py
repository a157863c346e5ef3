"""Arrays painted as pictures: digits in ink on paper, weights in two hues, many pictures side by side."""

from typing import NamedTuple

import numpy as np


class Colours(NamedTuple):
    """The five colours that pictures of digits and of weights are painted with, each (red, green, blue) from 0 to 255."""

    paper: tuple[int, int, int]
    ink: tuple[int, int, int]
    negative: tuple[int, int, int]
    zero: tuple[int, int, int]
    positive: tuple[int, int, int]


# Blue below zero and red above, as in ColorBrewer's RdBu, which colour-blind people can tell apart; zero is close to the
# page's own background, so that what matters stands out in either theme.
LIGHT = Colours((255, 255, 255), (20, 24, 34), (33, 102, 172), (246, 247, 249), (178, 24, 43))
DARK = Colours((16, 20, 29), (233, 237, 245), (84, 163, 232), (30, 36, 50), (244, 104, 92))


def levels(images: np.ndarray) -> np.ndarray:
    """Ink of any shape, uint8 or float from 0 to 1 -> uint8, 0 paper to 255 ink."""
    return images if images.dtype == np.uint8 else (images * 255).round().astype(np.uint8)


def digits(images: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """Images (..., 28, 28) uint8, 0 paper to 255 ink -> the same in colours, (..., 28, 28, 3) uint8."""
    paper, ink = np.float32(colours.paper), np.float32(colours.ink)
    return (paper + images[..., None] / np.float32(255) * (ink - paper)).astype(np.uint8)


def diverging(values: np.ndarray, largest: float, colours: Colours = LIGHT) -> np.ndarray:
    """Values from -largest to largest -> colours (..., 3) uint8: one hue below zero, one above, none at zero."""
    share = np.clip(values / (largest or 1.0), -1, 1)[..., None]  # a picture of nothing but zeros has no largest
    zero = np.float32(colours.zero)
    end = np.where(share < 0, np.float32(colours.negative), np.float32(colours.positive))
    return (zero + np.abs(share) * (end - zero)).astype(np.uint8)


def tile(pictures: np.ndarray, columns: int | None = None, border: int = 2, colours: Colours = LIGHT) -> np.ndarray:
    """Pictures (n, h, w, 3) side by side in one, on paper; as near to a square as can be unless `columns` says."""
    n, height, width, _ = pictures.shape
    columns = columns or int(np.ceil(np.sqrt(n)))
    rows = -(-n // columns)
    sheet = np.empty((rows * (height + border) + border, columns * (width + border) + border, 3), np.uint8)
    sheet[:] = colours.paper
    for i, picture in enumerate(pictures):
        top, left = i // columns * (height + border) + border, i % columns * (width + border) + border
        sheet[top : top + height, left : left + width] = picture
    return sheet
