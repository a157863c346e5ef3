"""When a network's answer to a drawing counts as sure: from a threshold that is chosen on drawings, not by taste.

The threshold is what 99 in 100 drawn digits get at least, and never less than a half. What it is worth shows in drawings of what is no digit: how many of
them are answered with as much.
"""

import math
from typing import NamedTuple

import numpy as np

from core.config import PRESETS

REFUSED = 0.01  # of drawn digits, at the threshold
LEAST = 0.5  # an answer with less is never sure: all others together have more
DIGITS, OTHERS = 1_000, 800  # drawings that it is chosen on, and what is no digit
VALIDATION = 10_000  # the seed of these drawings: no run has it, so that none has learnt from them
FINE = 1_000  # thresholds to a whole

# The thresholds of the networks that come trained (the tests choose them again): nobody waits for drawings at a first stroke.
SURE: dict[str, float] = {
    PRESETS["MLP full"].key: 0.518,
    PRESETS["CNN full"].key: 0.691,
    PRESETS["CNN sketch"].key: 0.628,
    PRESETS["CNN hands"].key: 0.891,
}


class Doubt(NamedTuple):
    """What follows from a threshold: the share of drawn digits that are refused, and of others that are answered as sure."""

    threshold: float
    refused: float
    passed: float


def digits_drawn() -> np.ndarray:
    """The digits that a threshold is chosen on: (1000, 28, 28) uint8, read-only."""
    from core.images.hands import drawings  # with SciPy, for which home does not wait

    return drawings(DIGITS, VALIDATION)[0]


def no_digits() -> np.ndarray:
    """What is no digit and may be answered as if it were one: (800, 28, 28) uint8, read-only."""
    from core.images.nondigits import nondigits

    return nondigits(OTHERS, VALIDATION)[0]


def threshold(sure: np.ndarray) -> float:
    """From where on an answer counts as sure, by the largest probability (n,) of each drawn digit: in thousandths."""
    return max(LEAST, math.floor(float(np.quantile(sure, REFUSED)) * FINE) / FINE)


def doubt(digits: np.ndarray, others: np.ndarray, at: float) -> Doubt:
    """What a threshold does to drawn digits and to others, by the largest probability of each: (n,) and (m,)."""
    return Doubt(at, float((digits < at).mean()), float((others >= at).mean()))


def curve(digits: np.ndarray, others: np.ndarray) -> list[Doubt]:
    """The same for every threshold that refuses up to a tenth of the digits, from the lowest on."""
    found = (doubt(digits, others, at) for at in [0.0, *np.unique(np.quantile(digits, np.linspace(0, 0.1, 41)))])
    return [one for one in found if one.refused <= 0.1]
