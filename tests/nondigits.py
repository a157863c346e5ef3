"""What is drawn and is no digit, for tests alone: other signs, other scribbles and another renderer than core/images/nondigits.py.

Written as tests/hands.py is, and held out as that is: no threshold is chosen on it and nobody learns from it. Half of the
letters are Latin ones that the generator has too, in another hand; the signs are ones that it has not.
"""

from collections.abc import Callable

import numpy as np

from tests.hands import LENGTHS, PATHS, PENS, line_of, written

LETTERS = {
    "A": "M0 140 L46 0 L92 140 M18 88 L76 88",
    "E": "M86 0 L4 0 L4 140 L88 140 M4 66 L70 66",
    "F": "M4 140 L4 0 L84 0 M4 64 L66 64",
    "H": "M4 0 L2 140 M86 0 L88 140 M4 70 L86 66",
    "K": "M4 0 L4 140 M86 0 L8 78 L92 140",
    "M": "M0 140 L12 0 L60 96 L108 0 L120 140",
    "N": "M4 140 L4 0 L88 140 L88 0",
    "P": "M6 140 L4 0 C110 -8 110 76 6 72",
    "R": "M6 140 L4 0 C108 -8 108 70 8 68 L92 140",
    "T": "M0 2 L100 0 M50 2 L48 140",
    "W": "M0 0 L30 140 L60 30 L90 140 L120 0",
    "X": "M0 0 L92 140 M90 0 L2 140",
    "Y": "M0 0 L44 68 L92 0 M44 68 L42 140",
    "e": "M8 78 L88 74 C84 -14 4 -12 4 74 C4 156 70 148 90 120",
    "h": "M6 0 L6 140 C10 40 84 30 82 140",
}
SIGNS = {
    "de": "M0 160 L2 128 L100 128 L102 160 M16 128 C36 92 38 40 38 2 L82 2 L82 128",
    "zhe": "M60 0 L60 140 M0 0 L60 70 L0 140 M120 0 L60 70 L120 140",
    "i": "M4 0 L4 140 L84 0 L84 140",
    "fi": "M60 0 L60 140 M60 30 C-18 10 -18 118 60 104 C138 118 138 10 60 30",
    "ya": "M84 140 L84 0 C-24 -8 -18 84 84 72 M44 74 L2 140",
    "pi": "M0 8 L110 4 M28 8 L20 140 M80 6 C80 60 76 130 104 138",
    "sigma": "M88 6 L4 2 L56 70 L2 138 L92 138",
    "delta": "M56 0 L0 138 L112 138 L56 0",
    "omega": "M0 140 L34 140 C-20 90 -6 0 56 0 C118 0 132 90 78 140 L112 140",
    "psi": "M0 10 C0 100 110 100 110 8 M56 0 L54 140",
    "person": "M56 0 C52 60 34 110 0 140 M52 60 C70 100 90 124 116 138",
    "tree": "M0 44 L116 40 M58 0 L58 140 M56 44 C44 84 24 108 0 122 M60 44 C74 84 92 104 116 118",
    "mountain": "M4 60 L4 134 L112 134 L112 58 M58 0 L58 134",
    "middle": "M4 30 L4 90 L108 90 L108 30 L4 30 M56 0 L56 140",
    "no": "M60 20 C56 70 38 120 22 116 C-10 100 10 10 70 12 C130 18 122 116 74 128",
    "note": "M30 130 C-8 140 0 96 30 104 L34 0 C50 30 90 30 84 74",
    "equal": "M0 10 L100 8 M0 60 L100 58",
    "umbrella": "M0 70 C8 -22 112 -22 120 70 L0 70 M60 70 L60 124 C60 150 30 148 32 124",
    "square": "M0 0 L110 2 L108 112 L2 110 L0 0",
    "cross in a square": "M0 0 L110 2 L108 112 L2 110 L0 0 L108 112 M110 2 L2 110",
    "flower": "M60 60 C20 0 100 0 60 60 C120 20 120 100 60 60 C100 120 20 120 60 60 C0 100 0 20 60 60",
    "flash": "M70 0 L10 76 L60 74 L20 140 L104 50 L54 54 L70 0",
    "cap": "M0 90 L110 90 C100 0 10 0 12 90",
}
HALVES = ((0, True), (0, False), (2, False), (3, False), (5, True))  # the digit, and whether it is the upper half


def _path(paths: dict[str, str], rng: np.random.Generator) -> np.ndarray:
    return line_of(list(paths.values())[rng.integers(len(paths))], rng)


def _scribble(rng: np.random.Generator) -> np.ndarray:
    """A spiral, a zigzag or a tangle of waves."""
    t = np.linspace(0, 1, 3000)
    match rng.integers(3):
        case 0:
            angle, radius = 2 * np.pi * rng.uniform(2, 3.5) * t, 8 + 62 * t
            x, y = radius * np.cos(angle), radius * np.sin(angle) * rng.uniform(0.6, 1.3)
        case 1:
            turns = int(rng.integers(5, 10))
            x, y = 100 * t, rng.uniform(60, 140) * np.abs((t * turns) % 2 - 1) + 20 * np.sin(9 * t)
        case _:
            often, begun = rng.uniform(1, 3.5, (2, 3)), rng.uniform(0, 2 * np.pi, (2, 3))
            x, y = 60 * np.sin(2 * np.pi * often[..., None] * t + begun[..., None]).sum(axis=1)
    line = np.column_stack([y, x])
    return line - line.min(axis=0)


def _digit(digit: int, rng: np.random.Generator) -> np.ndarray:
    return line_of(PATHS[digit][rng.integers(len(PATHS[digit]))], rng)


def _two(rng: np.random.Generator) -> np.ndarray:
    """Two digits that touch."""
    first, second = (_digit(int(digit), rng) for digit in rng.integers(10, size=2))
    shift = [rng.uniform(-8, 8), first[:, 1].max() - rng.uniform(2, 14)]
    line = np.concatenate([first, second + shift])
    return line - line.min(axis=0)


def _half(rng: np.random.Generator) -> np.ndarray:
    digit, upper = HALVES[rng.integers(len(HALVES))]
    line = _digit(digit, rng)
    half = line[(line[:, 0] < line[:, 0].max() / 2) == upper]
    return half - half.min(axis=0)


KINDS: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "letters": lambda rng: _path(LETTERS, rng),
    "signs": lambda rng: _path(SIGNS, rng),
    "scribbles": _scribble,
    "two digits": _two,
    "half a digit": _half,
}


def sheets(kind: str, n: int, seed: int = 0) -> list[np.ndarray]:
    """So many of a kind, each on a sheet (280, 280) float32, with pens, sizes and places as tests/hands.py has them."""
    rng = np.random.default_rng((seed, list(KINDS).index(kind)))
    found = []
    for _ in range(n):
        pen = PENS[rng.integers(len(PENS))]
        length = int(rng.choice([one for one in LENGTHS if pen * one >= 2]))
        found.append(written(KINDS[kind](rng), length, pen, rng))
    return found
