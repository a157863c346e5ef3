"""Drawings that no network was trained on: MNIST's test images, written again with a round pen of any width and size."""

from typing import NamedTuple

import numpy as np
from PIL import Image
from scipy import ndimage

FINER = 8  # pixels to one of MNIST's while a line is looked for
INK = 0.43  # what is darker belongs to the stroke
SIDE = 280  # of the sheet, in pixels: the sketch pad's


class Drawing(NamedTuple):
    """A digit on a sheet (280, 280) float32, ink is 1; how tall it is and how wide the pen, in pixels."""

    sheet: np.ndarray
    label: int
    length: int
    pen: int


def thinned(inked: np.ndarray) -> np.ndarray:
    """The lines in the middle of strokes (h, w) bool (T. Zhang, C. Suen, "A fast parallel algorithm for thinning digital
    patterns", 1984)."""
    image = np.pad(inked, 1).astype(np.uint8)
    changed = True
    while changed:
        changed = False
        for first in (True, False):
            # The eight neighbours, clockwise from the one above.
            ring = [(0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0)]
            p = [image[row : row + inked.shape[0], column : column + inked.shape[1]] for row, column in ring]
            inner = image[1:-1, 1:-1]
            neighbours = sum(n.astype(int) for n in p)
            crossings = sum(((p[i] == 0) & (p[(i + 1) % 8] == 1)).astype(int) for i in range(8))
            up, right, down, left = p[0], p[2], p[4], p[6]
            one = up * right * down if first else up * right * left
            two = right * down * left if first else up * down * left
            gone = (inner == 1) & (neighbours >= 2) & (neighbours <= 6) & (crossings == 1) & (one == 0) & (two == 0)
            inner[gone] = 0
            changed = changed or bool(gone.any())
    return image[1:-1, 1:-1].astype(bool)


def line_of(image: np.ndarray) -> np.ndarray:
    """The line that a pen follows to write an image (28, 28) uint8: places (n, 2) in pixels of MNIST, from (0, 0)."""
    fine = Image.fromarray(image).resize((28 * FINER, 28 * FINER), Image.Resampling.BICUBIC)
    soft = ndimage.gaussian_filter(np.asarray(fine, np.float32) / 255, FINER * 0.35)
    places = np.argwhere(thinned(soft > INK)) / FINER
    return places - places.min(axis=0)


def write(line: np.ndarray, length: int, pen: int, rng: np.random.Generator) -> np.ndarray:
    """A line (n, 2) written so tall (or wide) and with a pen so wide, in pixels, somewhere on a sheet (280, 280)."""
    scale = length / line.max()
    room = SIDE - pen - 4 - line.max(axis=0) * scale
    places = line * scale + pen / 2 + 2 + rng.uniform(0, np.maximum(room, 1))
    empty = np.ones((SIDE, SIDE), bool)
    empty[tuple(places.round().astype(int).clip(0, SIDE - 1).T)] = False
    if scale > FINER:  # places beside each other are more than a pixel apart now
        empty = ~ndimage.binary_closing(~empty, iterations=int(np.ceil(scale / FINER)))
    return np.clip(pen / 2 - ndimage.distance_transform_edt(empty) + 0.5, 0, 1).astype(np.float32)


def drawings(images: np.ndarray, labels: np.ndarray, seed: int = 0) -> list[Drawing]:
    """Images (n, 28, 28) uint8 written again: 40 to 220 pixels tall, with a pen of 3 to 30, at most half as wide."""
    rng = np.random.default_rng(seed)
    found = []
    for image, label in zip(images, labels.tolist(), strict=True):
        length = int(rng.choice([40, 60, 90, 140, 220]))
        pen = min(int(rng.choice([3, 6, 10, 15, 22, 30])), length // 2)
        found.append(Drawing(write(line_of(image), length, pen, rng), label, length, pen))
    return found
