"""Digits written a little differently each time they are learnt from: another hand, another pen. NumPy alone.

Each image is turned, sheared, stretched and shifted, bent by a smooth random field (P. Simard, D. Steinkraus, J. Platt,
"Best practices for convolutional neural networks applied to visual document analysis", 2003), and inked with another pen,
now and then with one so wide that gaps and loops close.
"""

import numpy as np

from core.data import SIDE
from core.images.pen import move_border

MIDDLE = (SIDE - 1) / 2
# How far a change goes at the full strength of 1. Standard deviations, in degrees, as shares, and in pixels:
TURN, SLANT, STRETCH, SHIFT = 8.0, 0.12, 0.10, 0.8
KNOTS, BEND = 5, 0.9  # of the field, in either direction, and how far one moves: pixels, a standard deviation
THINNER, THICKER = 0.8, 1.2  # at most, in pixels on either side of a stroke
GAP = 2.5  # at most, in pixels on either side, of what a wide pen closes in half of the images


def augmented(strength: float, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Images (n, 28, 28) uint8 as other people might have written them, (n, 28, 28) float32 from 0 to 1.

    `strength` is from 0, which changes nothing, to 1. The result is decided by the arguments and the state of `rng`.
    """
    x = images * np.float32(1 / 255)
    return with_other_shapes(with_other_pens(x, strength, rng), strength, rng)


def with_other_pens(x: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    """Images (n, 28, 28) with strokes thinner or thicker; in half of them a wide pen has closed the narrow gaps before."""
    gaps = (strength * GAP * np.maximum(rng.uniform(-1, 1, len(x)), 0) ** 2).astype(np.float32)
    wider = (strength * rng.uniform(-THINNER, THICKER, len(x))).astype(np.float32)
    return move_border(move_border(x, gaps), wider - gaps)


def with_other_shapes(x: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    """Images (n, 28, 28) turned, slanted, stretched, shifted and bent, with bilinear interpolation, on empty paper."""
    n = len(x)
    turn, slant, tall, wide, down, right = strength * rng.standard_normal((6, n, 1, 1), dtype=np.float32)
    knots = rng.standard_normal((2, n, KNOTS, KNOTS), dtype=np.float32)
    bent = (strength * BEND) * (WAVES @ knots @ WAVES.T)  # (2, n, 28, 28)
    cos, sin = np.cos(np.deg2rad(TURN * turn)), np.sin(np.deg2rad(TURN * turn))
    tall, wide = np.exp(STRETCH * tall), np.exp(STRETCH * wide)
    from_row = MIDDLE + tall * cos * ROWS + sin * COLUMNS + SHIFT * down + bent[0]
    from_column = MIDDLE + (SLANT * slant - sin) * ROWS + wide * cos * COLUMNS + SHIFT * right + bent[1]
    return _at(x, from_row, from_column)


def _at(x: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """The values of images (n, 28, 28) at places between their pixels, (n, 28, 28); beyond the border there is paper."""
    n, padded = len(x), SIDE + 3  # one pixel before the image and two after it: every place has four neighbours
    paper = np.zeros((n, padded, padded), np.float32)
    paper[:, 1 : SIDE + 1, 1 : SIDE + 1] = x
    values = paper.ravel()
    row, column = np.clip(row, -1, SIDE) + np.float32(1), np.clip(column, -1, SIDE) + np.float32(1)
    before_row, before_column = row.astype(np.intp), column.astype(np.intp)  # rounded down, since both are at least 0
    row -= before_row
    column -= before_column
    place = (before_row + np.arange(n)[:, None, None] * padded) * padded + before_column
    above, below = ((1 - column) * values.take(at) + column * values.take(at + 1) for at in (place, place + padded))
    return (1 - row) * above + row * below


def _waves() -> np.ndarray:
    """What each knot moves, (28, KNOTS): most at its own place, nothing at the next one's, and half a cosine between."""
    distance = np.abs(np.linspace(0, KNOTS - 1, SIDE)[:, None] - np.arange(KNOTS)).clip(0, 1)
    return ((1 + np.cos(np.pi * distance)) / 2).astype(np.float32)


WAVES = _waves()
ROWS, COLUMNS = np.indices((SIDE, SIDE), np.float32) - np.float32(MIDDLE)
