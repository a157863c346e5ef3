"""Arrays painted as pictures: digits in ink on paper, weights in two hues, many pictures side by side."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

BORDER = 2  # pixels of paper between pictures


class Colours(NamedTuple):
    """What pictures and charts are painted with, each (red, green, blue) from 0 to 255. A colour means one thing."""

    paper: tuple[int, int, int]
    ink: tuple[int, int, int]
    negative: tuple[int, int, int]  # below zero: a weight, what speaks against
    zero: tuple[int, int, int]
    positive: tuple[int, int, int]  # above zero: a weight, what speaks for
    right: tuple[int, int, int]  # an answer that is right, the true digit, better than before
    wrong: tuple[int, int, int]  # an answer that is wrong, worse than before
    line: tuple[int, int, int]  # a measurement that is neither
    other: tuple[int, int, int]  # one of many, none of which is meant


# Blue below zero and red above, as in ColorBrewer's RdBu, and green for right and orange for wrong, from Okabe and Ito:
# colour-blind people can tell them apart. Zero is close to the page's own background, so that what matters stands out in
# either theme.
LIGHT = Colours(
    paper=(255, 255, 255),
    ink=(20, 24, 34),
    negative=(33, 102, 172),
    zero=(246, 247, 249),
    positive=(178, 24, 43),
    right=(0, 132, 96),
    wrong=(204, 112, 0),
    line=(122, 81, 149),
    other=(142, 146, 160),
)
DARK = Colours(
    paper=(16, 20, 29),
    ink=(233, 237, 245),
    negative=(84, 163, 232),
    zero=(30, 36, 50),
    positive=(244, 104, 92),
    right=(46, 199, 154),
    wrong=(255, 170, 60),
    line=(183, 155, 224),
    other=(120, 128, 145),
)


def css(colour: Iterable[float]) -> str:
    """A colour as charts and web pages write it: "#rrggbb"."""
    return "#{:02x}{:02x}{:02x}".format(*(int(level) for level in colour))


def floats(colour: tuple[int, int, int]) -> np.ndarray:
    """A colour as an array (3,) to mix with others."""
    return np.array(colour, np.float32)


def inked(images: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """Images (..., 28, 28) uint8, 0 paper to 255 ink -> the same in colours, (..., 28, 28, 3) uint8."""
    paper, ink = floats(colours.paper), floats(colours.ink)
    return (paper + images[..., None] / np.float32(255) * (ink - paper)).astype(np.uint8)


def diverging(values: np.ndarray, largest: float, colours: Colours = LIGHT) -> np.ndarray:
    """Values from -largest to largest -> colours (..., 3) uint8: one hue below zero, one above, none at zero."""
    share = np.clip(values / (largest or 1.0), -1, 1)[..., None]  # a picture of nothing but zeros has no largest
    zero = floats(colours.zero)
    end = np.where(share < 0, floats(colours.negative), floats(colours.positive))
    return (zero + np.abs(share) * (end - zero)).astype(np.uint8)


def tile(
    pictures: np.ndarray, columns: int | None = None, border: int = BORDER, colours: Colours = LIGHT
) -> np.ndarray:
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


def row(pictures: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """Pictures (n, h, w, 3) in one row, with paper between them and none around."""
    return tile(pictures, len(pictures), colours=colours)[BORDER:-BORDER, BORDER:-BORDER]


def on_sheets(images: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """Images (..., 28, 28) uint8 in colours, on paper whose edges are seen: where on it the ink lies can be told."""
    return inked(images, colours._replace(paper=blend(colours.paper, colours.ink, 0.1)))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours "#rrggbb", from 1 to 21 (W3C, "Web content accessibility guidelines" 2.2)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@lru_cache(1024)
def _luminance(colour: str) -> float:
    levels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: tuple[int, int, int], colours: Colours) -> str:
    """Whichever of ink and paper is easier to read on a colour."""
    return max((css(colours.ink), css(colours.paper)), key=lambda ink: contrast(ink, css(colour)))


def blend(start: tuple[int, int, int], end: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    """A colour between two, by a share from 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue
