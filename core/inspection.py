"""What is inside a network, as pictures."""

from typing import NamedTuple

import numpy as np

from core.mlp import INK, MLP


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


def templates(w1: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """The rows of the first layer's weights (hidden, 784) as one picture, (h, w, 3) uint8, on a common scale.

    The scale is centred on zero and ends at the 99.5th percentile of the sizes, so that one large weight does not leave
    all others pale.
    """
    largest = float(np.percentile(np.abs(w1), 99.5))
    return tile(diverging(w1.reshape(-1, 28, 28).astype(np.float32), largest, colours), colours=colours)


def arguments(model: MLP, image: np.ndarray, digit: int, over: int) -> np.ndarray:
    """How much each hidden neuron argues for one digit and against another, for an image (28, 28): (hidden,) in nats.

    A neuron's firing times the difference of its two output weights. Their sum, plus the difference of the two output
    biases, is log(p(digit) / p(over)): above 0 a neuron argues for `digit`.
    """
    pixels = image.reshape(1, -1) * (INK if image.dtype == np.uint8 else np.float32(1))
    f1, _ = model.forward(pixels.astype(model.w1.dtype))
    return f1[0] * (model.w2[digit] - model.w2[over])


def inked_template(weights: np.ndarray, image: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """A neuron's weights (784,) under the ink of an image (28, 28) uint8: a picture (28, 28, 3) uint8.

    Where there is ink the weights have their full colours, elsewhere they are pale.
    """
    picture = diverging(weights.reshape(28, 28), float(np.percentile(np.abs(weights), 99.5)), colours)
    zero, ink = np.float32(colours.zero), image[..., None] / np.float32(255)
    shadow = 0.2 * ink * (np.float32(colours.ink) - zero)  # or ink where a weight is near zero would not be seen
    return np.clip(zero + shadow + (0.2 + 0.8 * ink) * (picture - zero), 0, 255).astype(np.uint8)


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
