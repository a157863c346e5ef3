"""What is drawn and is no digit: letters and signs, scribbles, two digits that touch, half a digit.

A network that knows ten answers has none for these: they show how much its sureness is worth. Letters that some people
write as others write a digit (I, O, S, Z, b, g, l, q and their like), and halves that are digits, are left out.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from core.data import CLASSES
from core.images.allographs import ALLOGRAPHS, Stroke, strokes_of
from core.images.hands import any_pen, made_ready, written

SIGNS: dict[str, tuple[str, ...]] = {
    "A": ("0,100! 30,0! 60,100!", "12,62! 50,62!"),
    "a": ("52,8 24,0 2,40 10,92 34,96 52,50 54,2! 56,90 66,98",),
    "E": ("54,0! 4,0! 4,100! 56,100!", "4,48! 44,48!"),
    "e": ("4,54! 58,46 50,8 24,2 2,44 16,96 58,84",),
    "F": ("4,100! 4,0! 54,0!", "4,46! 42,46!"),
    "H": ("2,0! 2,100!", "56,0! 56,100!", "2,50! 56,50!"),
    "h": ("4,0! 4,100! 8,58 34,44 46,60 46,100!",),
    "K": ("4,0! 4,100!", "54,0! 6,54! 58,100!"),
    "k": ("4,0! 4,100!", "44,38! 6,70! 46,100!"),
    "M": ("0,100! 6,0! 40,70! 74,0! 80,100!",),
    "m": ("2,20! 4,100! 8,40 28,22 36,40 38,100! 44,40 64,22 72,40 74,100!",),
    "N": ("2,100! 4,0! 56,100! 58,0!",),
    "n": ("2,4! 4,100! 10,30 38,2 54,30 56,100!",),
    "P": ("4,100! 4,0! 40,0 56,26 38,52 4,54!",),
    "R": ("4,100! 4,0! 40,0 54,24 38,48 4,50! 56,100!",),
    "T": ("0,0! 64,0!", "32,0! 32,100!"),
    "V": ("0,0! 30,100! 60,0!",),
    "W": ("0,0! 20,100! 40,20! 60,100! 80,0!",),
    "X": ("0,0! 60,100!", "60,0! 0,100!"),
    "Y": ("0,0! 30,48! 60,0!", "30,48! 30,100!"),
    "&": ("66,100! 16,30 24,2 42,10 32,38 2,70 14,98 40,92 60,56!",),
    "plus": ("40,0! 40,80!", "0,40! 80,40!"),
    "hash": ("20,0! 14,100!", "56,0! 50,100!", "0,32! 72,32!", "-4,68! 68,68!"),
    "question": ("4,22 24,0 52,14 46,40 28,56 26,74!", "26,94 27,98"),
    "heart": ("40,24 24,0 0,20 12,56 40,92! 70,54 80,18 56,0 40,24!",),
    "arrow": ("0,50! 100,50!", "70,24! 100,50! 70,76!"),
    "house": ("0,100! 0,44! 40,0! 80,44! 80,100! 0,100!",),
    "star": ("40,0! 64,76! 0,28! 80,28! 16,76! 40,0!",),
    "wave": ("0,40 16,10 34,40 52,70 70,40 88,10 104,40",),
}
HALVES = ((0, "upper"), (0, "lower"), (2, "lower"), (3, "lower"), (5, "upper"))

SEED = 15  # beside a run's

Lines = list[np.ndarray]


@lru_cache(maxsize=2)
def nondigits(n: int, seed: int) -> tuple[np.ndarray, list[str]]:
    """So many of them, as the networks receive them: (n, 28, 28) uint8, read-only; and of which kind each is, a name of `KINDS`."""
    rng = np.random.default_rng((seed, SEED))
    kinds = [tuple(KINDS)[i % len(KINDS)] for i in range(n)]
    images = np.empty((n, 28, 28), np.uint8)
    for image, kind in zip(images, kinds, strict=True):
        image[...] = (made_ready(KINDS[kind](rng), any_pen(rng)) * 255).round()
    images.flags.writeable = False
    return images, kinds


def _letter(rng: np.random.Generator) -> Lines:
    return written(strokes_of(SIGNS[list(SIGNS)[rng.integers(len(SIGNS))]]), rng)


def _scribble(rng: np.random.Generator) -> Lines:
    """A smooth or jagged line through 6 to 14 places, wherever they are."""
    n = int(rng.integers(6, 15))
    return written([Stroke(rng.uniform(0, 1, (n, 2)), np.full(n, rng.uniform() < 0.3))], rng)


def _digit(digit: int, rng: np.random.Generator) -> Lines:
    kinds = list(ALLOGRAPHS[digit].values())
    return written(strokes_of(kinds[rng.integers(len(kinds))]), rng)


def _two(rng: np.random.Generator) -> Lines:
    """Two digits side by side, close enough to touch."""
    first, second = (_digit(int(digit), rng) for digit in rng.integers(CLASSES, size=2))
    right, left = np.concatenate(first)[:, 0].max(), np.concatenate(second)[:, 0].min()
    shift = np.array([right - left + rng.uniform(-0.12, 0.05), rng.uniform(-0.1, 0.1)])
    return first + [line + shift for line in second]


def _half(rng: np.random.Generator) -> Lines:
    """What is left of a digit when its other half is hidden."""
    digit, half = HALVES[rng.integers(len(HALVES))]
    lines = _digit(digit, rng)
    places = np.concatenate(lines)
    middle = (places[:, 1].min() + places[:, 1].max()) / 2
    pieces = []
    for line in lines:
        kept = line[:, 1] < middle if half == "upper" else line[:, 1] > middle
        ends = np.flatnonzero(np.diff(kept)) + 1
        pieces += [
            piece for piece in np.split(line, ends) if (piece[0, 1] < middle) == (half == "upper") and len(piece) > 2
        ]
    return pieces


KINDS: dict[str, Callable[[np.random.Generator], Lines]] = {
    "letters and signs": _letter,
    "scribbles": _scribble,
    "two digits": _two,
    "half a digit": _half,
}
