"""Digits written with another pen: the border of every stroke moves outwards or inwards. NumPy alone."""

import numpy as np


def move_border(x: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Images (n, h, w) float32 with strokes thicker by so many pixels (n,) on every side, or thinner where that is below 0.

    Each whole pixel is one grey dilation (or erosion) with the four neighbours of a pixel; a part of one is that share of
    the way to the next.
    """
    x = x.copy()
    for widen, size in ((np.maximum, pixels), (np.minimum, -pixels)):
        for step in range(int(np.ceil(max(size.max(initial=0), 0)))):
            (moved,) = np.nonzero(size > step)
            share = np.minimum(size[moved] - step, 1).astype(np.float32)[:, None, None]
            before = x[moved]
            x[moved] = (1 - share) * before + share * _with_neighbours(before, widen)
    return x


def _with_neighbours(x: np.ndarray, widen: np.ufunc) -> np.ndarray:
    """The maximum (or minimum) of every pixel and its four neighbours; beyond the edge there is paper."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    result = x.copy()
    for neighbour in (padded[:, :-2, 1:-1], padded[:, 2:, 1:-1], padded[:, 1:-1, :-2], padded[:, 1:-1, 2:]):
        widen(result, neighbour, out=result)
    return result
