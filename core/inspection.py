"""What is inside a network, as pictures."""

import numpy as np

from core.mlp import INK, MLP
from core.paint import LIGHT, Colours, diverging, tile


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
