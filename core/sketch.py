"""A drawing of any size -> the 28x28 image that MNIST would hold of it.

MNIST's digits were scaled to fit 20x20 pixels, keeping their shape, and placed so that their centre of mass is in the
middle of 28x28 (Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, section III.A). A
drawing that is merely resized is not what the networks were trained on.
"""

import numpy as np
from PIL import Image

SIZE, BOX = 28, 20
FAINT = 0.1  # ink below this share of the darkest is paper


def to_mnist(drawing: np.ndarray) -> np.ndarray:
    """A drawing (h, w), (h, w, 3) or (h, w, 4), uint8 or float from 0 to 1 -> (28, 28) float32 from 0 to 1, ink is 1.

    Dark ink on light paper and light ink on dark are both understood: what there is less of is ink. Without any ink the
    result is empty. Raises ValueError for an array that is no picture.
    """
    ink = ink_of(drawing)
    rows, columns = np.nonzero(ink > FAINT * max(ink.max(), FAINT))
    if rows.size == 0:
        return np.zeros((SIZE, SIZE), np.float32)
    cropped = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return centre(fit(cropped))


def ink_of(drawing: np.ndarray) -> np.ndarray:
    """A picture's ink, (h, w) float32 from 0 (paper) to 1. Transparent is paper where a picture has transparency."""
    drawing = np.asarray(drawing)
    if drawing.size == 0 or drawing.ndim not in (2, 3) or (drawing.ndim == 3 and drawing.shape[2] not in (3, 4)):
        raise ValueError(f"A drawing is (h, w), (h, w, 3) or (h, w, 4), not {drawing.shape}.")
    if drawing.dtype != np.uint8 and drawing.dtype.kind != "f":
        raise ValueError(f"A drawing is of uint8 or of floats from 0 to 1, not of {drawing.dtype}.")
    values = drawing.astype(np.float32) / (255 if drawing.dtype == np.uint8 else 1)
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
        raise ValueError("A drawing of floats holds values from 0 to 1 only.")
    grey = values if values.ndim == 2 else values[:, :, :3] @ np.float32([0.299, 0.587, 0.114])  # ITU-R BT.601
    if values.ndim == 3 and values.shape[2] == 4:
        alpha = values[:, :, 3]
        if np.median(edge(alpha)) < 0.5:
            return alpha  # transparent paper: whatever is there is ink, of any colour
        grey = grey * alpha + np.median(edge(grey)) * (1 - alpha)
    paper = np.median(edge(grey))  # the paper is what lies around, and need not be quite white
    ink = (paper - grey) / paper if paper > 0.5 else (grey - paper) / (1 - paper)
    return ink.clip(0, 1)


def edge(values: np.ndarray) -> np.ndarray:
    """What lies along the four sides of a picture (h, w)."""
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])


def fit(ink: np.ndarray) -> np.ndarray:
    """Ink scaled so that its longer side is 20 pixels, with antialiasing."""
    height, width = ink.shape
    scale = BOX / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(
        Image.fromarray(ink).resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR)
    )


def centre(digit: np.ndarray) -> np.ndarray:
    """A digit of at most 20x20, placed in 28x28 so that its centre of mass is in the middle."""
    height, width = digit.shape
    mass = digit.sum()
    row = (digit.sum(axis=1) @ np.arange(height)) / mass
    column = (digit.sum(axis=0) @ np.arange(width)) / mass
    top = int(np.clip(round(SIZE / 2 - row), 0, SIZE - height))
    left = int(np.clip(round(SIZE / 2 - column), 0, SIZE - width))
    image = np.zeros((SIZE, SIZE), np.float32)
    image[top : top + height, left : left + width] = digit
    return image
