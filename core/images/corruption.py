"""Corrupted digits: turned, shifted, written with another pen, or covered with noise. NumPy alone, and the same every time."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.data import PIXELS, SIDE
from core.images.pen import move_border
from core.kinds import Range, check_settings, setting

SEED = 0  # of the noise: every network is shown the same


@dataclass(frozen=True)
class Corruption:
    """What is done to an image, in this order: the pen, the turn, the shift, the noise. By default nothing.

    Raises SettingsError where a value is outside its limits.
    """

    thicker: float = setting(0.0, Range(-1.0, 3.0, float))  # pixels on every side of a stroke; below 0 it gets thinner
    degrees: float = setting(0.0, Range(-45.0, 45.0, float))  # counter-clockwise
    right: int = setting(0, Range(-8, 8, int))  # pixels
    down: int = setting(0, Range(-8, 8, int))  # pixels
    noise: float = setting(0.0, Range(0.0, 1.0, float))  # standard deviation, where ink is 1 and paper 0

    def __post_init__(self) -> None:
        check_settings(self)


# The levels at which each kind of corruption is measured on its own.
LEVELS: dict[str, tuple[float, ...]] = {
    "degrees": tuple(range(-45, 46, 9)),
    "right": tuple(range(-8, 9, 2)),
    "down": tuple(range(-8, 9, 2)),
    "thicker": (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0),
    "noise": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0),
}


def single(kind: str, level: float) -> Corruption:
    """One kind of corruption on its own."""
    values: dict[str, Any] = {kind: level}
    return replace(Corruption(), **values)


def corrupted(images: np.ndarray, corruption: Corruption, seed: int = SEED) -> np.ndarray:
    """Images (n, 28, 28), uint8 or float from 0 to 1 -> the corrupted ones, (n, 28, 28) float32 from 0 to 1.

    The noise of an image depends on the seed and on its place among the images, on nothing else.
    """
    x = images.astype(np.float32) / np.float32(255 if images.dtype == np.uint8 else 1)
    if corruption.thicker:
        x = move_border(x, np.full(len(x), corruption.thicker))
    if corruption.degrees:
        x = rotate(x, corruption.degrees)
    if corruption.right or corruption.down:
        x = shift(x, corruption.right, corruption.down)
    if corruption.noise:
        x = add_noise(x, corruption.noise, seed)
    return x


def rotate(x: np.ndarray, degrees: float) -> np.ndarray:
    """Images (n, 28, 28) turned counter-clockwise about their middle, with bilinear interpolation, on empty paper.

    A turn is linear in the pixels, so it is one matrix (784, 784) for all images.
    """
    angle, middle = np.deg2rad(degrees), (SIDE - 1) / 2
    rows, columns = np.indices((SIDE, SIDE)) - middle  # rows count downwards
    from_row = middle + np.cos(angle) * rows + np.sin(angle) * columns
    from_column = middle - np.sin(angle) * rows + np.cos(angle) * columns
    turn = np.zeros((PIXELS, PIXELS), np.float32)  # pixel of the image, pixel of the result
    to = np.arange(PIXELS).reshape(SIDE, SIDE)
    for row, row_weight in _neighbours(from_row):
        for column, column_weight in _neighbours(from_column):
            inside = (row >= 0) & (row < SIDE) & (column >= 0) & (column < SIDE)
            weight = (row_weight * column_weight)[inside]
            turn[(row * SIDE + column)[inside], to[inside]] += weight
    return (x.reshape(len(x), -1) @ turn).reshape(x.shape)


def shift(x: np.ndarray, right: int, down: int) -> np.ndarray:
    """Images (n, 28, 28) moved by whole pixels; what leaves is lost, and empty paper follows."""
    moved = np.zeros_like(x)
    moved[:, max(down, 0) : SIDE + min(down, 0), max(right, 0) : SIDE + min(right, 0)] = x[
        :, max(-down, 0) : SIDE + min(-down, 0), max(-right, 0) : SIDE + min(-right, 0)
    ]
    return moved


def add_noise(x: np.ndarray, deviation: float, seed: int) -> np.ndarray:
    """Images (n, 28, 28) plus independent normal noise on every pixel, cut off below 0 and above 1."""
    noise = np.random.default_rng(seed).standard_normal(x.shape, np.float32)
    return np.clip(x + np.float32(deviation) * noise, 0, 1)


def _neighbours(place: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """The whole pixels before and after a place, each with its weight."""
    before = np.floor(place).astype(int)
    part = place - before
    return [(before, 1 - part), (before + 1, part)]
