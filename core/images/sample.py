"""What is shown of the training images before anybody asks for more: a wall of them, and the mean of each digit.

Both lie ready in a file of 57 kB, so that nobody waits for 60,000 images to see 240. It is made by `python -m core.images.sample`.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.data import CLASSES, DATA_FILE, Digits, load_digits, read_array

SAMPLE_FILE = DATA_FILE.with_name("sample.npz")
ON_THE_WALL = 240  # images


class Sample(NamedTuple):
    """Read-only arrays."""

    wall: np.ndarray  # (240, 28, 28) uint8: `wall_of(digits, 0)`
    means: np.ndarray  # (10, 28, 28) float64, 0 to 255: the mean training image of each digit


def wall_of(digits: Digits, seed: int) -> np.ndarray:
    """Training images at random, (240, 28, 28), in MNIST's order; another seed shows others."""
    chosen = np.random.default_rng(seed).choice(len(digits.x_train), ON_THE_WALL, replace=False)
    return digits.x_train[np.sort(chosen)]


@lru_cache(maxsize=2)
def load_sample(path: Path = SAMPLE_FILE) -> Sample:
    """The sample from its file. Raises DataError where that is missing or cannot be read."""
    sums, counts, wall = (read_array(path, name) for name in ("sums", "counts", "wall"))
    return Sample(wall, _read_only(sums / counts[:, None, None]))


def save_sample(digits: Digits, path: Path = SAMPLE_FILE) -> None:
    """Make the file. It holds sums, whose quotients are the means to the last bit."""
    each = [digits.x_train[digits.y_train == digit] for digit in range(CLASSES)]
    np.savez_compressed(
        path,
        wall=wall_of(digits, 0),
        sums=np.stack([images.sum(axis=0, dtype=np.uint32) for images in each]),
        counts=np.array([len(images) for images in each], np.uint32),
    )


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


if __name__ == "__main__":
    save_sample(load_digits())
