"""Ink made ready as MNIST's was: cropped, its pen as wide as MNIST's pens, its longer side 20 pixels, centred by its mass.

It takes ink alone, (h, w) float32 from 0 (paper) to 1: where it comes from, and what of it is a digit, others know.
"""

import numpy as np
from PIL import Image
from scipy import ndimage

from core.data import SIDE

BOX = 20
FAINT = 0.1  # ink below this share of the darkest is paper
FINE = 160  # pixels of the longer side when the pen is measured: eight to one of MNIST's
PENS = 1.6, 4.2  # the widths, in pixels of MNIST, between which a pen is left as it is; 9 in 10 of MNIST's are
BROUGHT_TO = 2.2, 4.2  # what a finer pen becomes, and a wider one
WHOLE = 0.97  # of the ink must be near what a finer pen leaves of it


def pen_width(inked: np.ndarray) -> float:
    """How wide the pen is that left this ink (h, w) bool, in pixels.

    Across a stroke of width w the distance to the paper rises from 0 to w / 2 and falls again: its mean is w / 4.
    """
    return max(1.0, 4 * float(_depth(inked)[inked].mean()) - 2)  # to the middle of the next pixel it is 1/2 farther


def with_pen(ink: np.ndarray, change: float) -> np.ndarray:
    """Ink (h, w) drawn with a pen that is wider by `change` pixels on either side, or finer where that is below 0.

    The border of the ink moves by so many pixels everywhere, and stays antialiased; a wider pen needs that much paper
    around.
    """
    inked = ink > ink.max() / 2
    outside = ndimage.distance_transform_edt(~inked)
    distance = np.where(inked, _depth(inked) - 0.5, 0.5 - outside)  # to the border, below 0 beyond it
    return np.clip(distance + change + 0.5, 0, 1).astype(np.float32)


def resize(ink: np.ndarray, height: int, width: int) -> np.ndarray:
    """Ink (h, w) at another size; each pixel of a smaller one is the mean of those that it covers."""
    smaller = height * width < ink.size
    how = Image.Resampling.BOX if smaller else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(ink).resize((width, height), how))


def fit(ink: np.ndarray, longer_side: int = BOX) -> np.ndarray:
    """Ink (h, w) scaled so that its longer side has so many pixels."""
    height, width = ink.shape
    scale = longer_side / max(height, width)
    return resize(ink, max(1, round(height * scale)), max(1, round(width * scale)))


def centre(digit: np.ndarray) -> np.ndarray:
    """A digit of at most 20x20, placed in 28x28 so that its centre of mass is in the middle."""
    height, width = digit.shape
    mass = digit.sum()
    row = (digit.sum(axis=1) @ np.arange(height)) / mass
    column = (digit.sum(axis=0) @ np.arange(width)) / mass
    top = int(np.clip(round(SIDE / 2 - row), 0, SIDE - height))
    left = int(np.clip(round(SIDE / 2 - column), 0, SIDE - width))
    image = np.zeros((SIDE, SIDE), np.float32)
    image[top : top + height, left : left + width] = digit
    return image


def crop(ink: np.ndarray) -> np.ndarray:
    """The box around what is not faint."""
    rows, columns = np.nonzero(ink > FAINT * ink.max())
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def with_mnists_pen(cropped: np.ndarray, fineness: int = FINE) -> np.ndarray:
    """Ink drawn with a pen that is as wide as MNIST's once its longer side is 20 pixels; such a pen is left as it is.

    The pen is measured where the longer side has `fineness` pixels.
    """
    fine = fit(cropped, fineness)
    width = pen_width(fine > fine.max() / 2)
    finest, widest = (pen * fineness / BOX for pen in PENS)
    if finest <= width <= widest:
        return cropped
    share = BROUGHT_TO[width > widest] / BOX
    change = (share * fineness - width) / (
        2 * (1 - share)
    )  # so that (width + 2 change) / (fineness + 2 change) = share
    if change > 0:
        return crop(with_pen(np.pad(fine, int(np.ceil(change)) + 1), change))
    finer = with_pen(fine, change)
    while not _is_whole(finer, fine, -change):  # where the strokes are thin, less has to do
        change *= 0.7
        finer = with_pen(fine, change)
    return crop(finer)


def _is_whole(finer: np.ndarray, ink: np.ndarray, removed: float) -> bool:
    """Whether the finer drawing still goes everywhere: widened again by what was removed, it covers the ink."""
    if finer.max() <= 0.5:
        return False
    inked = ink > ink.max() / 2
    near = ndimage.distance_transform_edt(finer <= 0.5) <= removed + 1.5
    return bool((inked & near).sum() >= WHOLE * inked.sum())


def _depth(inked: np.ndarray) -> np.ndarray:
    """How far each pixel of ink (h, w) bool is from the paper, in pixels; beyond the border there is paper."""
    return ndimage.distance_transform_edt(np.pad(inked, 1))[1:-1, 1:-1]
