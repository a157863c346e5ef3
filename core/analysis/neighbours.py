"""The training images that a network finds most like an image: nearest to it by its last hidden layer."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.data import PIXELS
from core.mlp import INK, MLP
from core.networks import Model

if TYPE_CHECKING:
    from core.cnn import Network

IMAGES_AT_ONCE = 500
ROWS_AT_ONCE = 10_000  # of the training set, whose half-precision numbers are unpacked piece by piece


class Neighbour(NamedTuple):
    """A training image, by its place among them, and how far away it is (Euclidean, in what the neurons fire)."""

    place: int
    distance: float


def features(model: Model, images: np.ndarray) -> np.ndarray:
    """What the last hidden layer makes of images (n, 28, 28), uint8 or float from 0 to 1: (n, units) float16.

    Half precision takes half the memory: 50,000 images and 84 units are 8 MB.
    """
    found = [
        _hidden(model, images[start : start + IMAGES_AT_ONCE]).astype(np.float16)
        for start in range(0, len(images), IMAGES_AT_ONCE)
    ]
    return np.concatenate(found)


def nearest(known: np.ndarray, asked: np.ndarray, n: int = 8) -> list[Neighbour]:
    """The n rows of `known` (m, units) that are nearest to `asked` (units,), nearest first."""
    target = asked.astype(np.float32)
    squares = np.empty(len(known), np.float32)
    for start in range(0, len(known), ROWS_AT_ONCE):
        away = known[start : start + ROWS_AT_ONCE].astype(np.float32) - target
        squares[start : start + ROWS_AT_ONCE] = np.einsum("ij,ij->i", away, away)
    n = min(n, len(known))
    places = np.argpartition(squares, n - 1)[:n]
    places = places[np.lexsort((places, squares[places]))]
    return [Neighbour(int(place), float(np.sqrt(squares[place]))) for place in places]


def _hidden(model: Model, images: np.ndarray) -> np.ndarray:
    if isinstance(model, MLP):
        return _hidden_of_mlp(model, images)
    from core.cnn import Network  # here, as torch below: an MLP's neighbours do not wait for it

    assert isinstance(model, Network)
    return _hidden_of_cnn(model, images)


def _hidden_of_mlp(model: MLP, images: np.ndarray) -> np.ndarray:
    pixels = images.reshape(-1, PIXELS)
    x = pixels * INK if pixels.dtype == np.uint8 else pixels.astype(model.w1.dtype)
    return model.forward(x)[0]


def _hidden_of_cnn(model: "Network", images: np.ndarray) -> np.ndarray:
    import torch

    with torch.inference_mode():
        x = model.normalise(torch.tensor(images, device=model.mean.device))
        *_, hidden, _ = model.stages(x)  # the last stage is the logits
        return hidden.values.cpu().numpy()
