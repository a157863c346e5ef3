"""Drawings among the images that a run learns from: digits, and things that are none.

Which drawings there are, the seed of the run decides; which of them an epoch shows, the seed and the epoch.
"""

import math

import numpy as np

from core.config import Config
from core.data import CLASSES

MOST = 15_000  # drawings of a run: half a minute's work before its first step
NO_DIGIT = 0.2  # of the drawings are none


def with_drawings(config: Config, images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What there is to learn from: training images (n, 28, 28) uint8 and labels (n,), and the run's drawings behind them.

    What is no digit is there ten times, once with each label: learning from all of them is learning to prefer none (as with
    the uniform target of D. Hendrycks, M. Mazeika, T. Dietterich, "Deep anomaly detection with outlier exposure", 2019).
    """
    digits, others = _numbers(config)
    if not digits:
        return images, labels
    from core.images.hands import drawings  # with SciPy, which no other run waits for
    from core.images.nondigits import nondigits

    drawn, shown = drawings(digits, config.seed)
    none, _ = nondigits(others, config.seed)
    every = np.arange(CLASSES, dtype=labels.dtype)
    return np.concatenate([images, drawn, *[none] * CLASSES]), np.concatenate([labels, shown, every.repeat(others)])


def order_of(config: Config, epoch: int) -> np.ndarray:
    """The rows of an epoch, (train_size,): every training image once, save where a batch's share of drawings is."""
    rng = np.random.default_rng((config.seed, epoch))
    order = rng.permutation(config.train_size)
    digits, others = _numbers(config)
    if digits:
        place = np.arange(config.train_size) % config.batch_size
        drawn = np.flatnonzero(place < round(config.drawn * config.batch_size))
        rows = rng.integers(digits, size=len(drawn))
        none = rng.uniform(size=len(drawn)) < NO_DIGIT
        rows[none] = digits + rng.integers(CLASSES * others, size=int(none.sum()))
        order[drawn] = config.train_size + rows
    return order


def _numbers(config: Config) -> tuple[int, int]:
    """How many digits are drawn for a run, and how many things that are none: as many as an epoch shows, at most."""
    drawn = min(math.ceil(config.drawn * config.train_size), MOST)
    others = math.ceil(NO_DIGIT * drawn)
    return drawn - others, others
