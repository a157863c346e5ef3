"""A second set of drawings that nobody learns from: other hands, other lines and another renderer than core/images/hands.py.

The lines are those of a plotter: straight ones and cubic Béziers, as an SVG path has them, in a box 100 wide and 140 tall.
They were written down from how digits are taught and written in Germany, France, the United States, Japan and Russia, apart
from the generator's table, and are never tuned to what a network reads. tests/drawings.py writes them: it paints the
distance to a line, where the generator stamps a pen's tip.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tests.drawings import SIDE, write

ELLIPSE = "M50 0 C22 0 2 32 2 70 C2 108 22 140 50 140 C78 140 98 108 98 70 C98 32 78 0 50 0"
PATHS: dict[int, tuple[str, ...]] = {
    0: (
        ELLIPSE,
        ELLIPSE + " M88 8 L14 134",  # slashed, as engineers do
        "M66 4 C30 -6 4 36 4 78 C4 120 26 140 48 140 C80 140 96 104 96 66 C96 34 86 14 74 10",  # not closed
        "M58 2 C20 6 8 50 14 92 C20 134 66 150 84 112 C98 80 92 14 52 4 C44 2 38 6 34 14",  # run over its start
        "M50 4 C34 4 24 36 24 70 C24 104 34 138 50 138 C66 138 76 104 76 70 C76 36 66 4 50 4",
    ),
    1: (
        "M50 0 L50 140",
        "M10 58 L58 0 L58 140",  # Germany
        "M26 28 C40 22 48 12 52 0 L52 140 M22 140 L84 140",  # as printed
        "M56 0 L40 140 L58 6",  # there and back
        "M30 16 L54 0 L54 140",
        "M62 2 C56 40 48 100 46 140",
        "M22 138 L62 0 L58 140",  # up and down
    ),
    2: (
        "M6 36 C10 8 34 0 52 0 C80 0 94 20 94 40 C94 76 34 108 4 140 L98 140",
        "M10 30 C18 4 44 -2 62 4 C90 16 88 52 66 84 C48 110 26 138 10 136 C-2 132 8 114 26 118 C50 124 70 142 98 132",
        "M8 14 C40 -8 92 -2 90 36 C88 70 40 104 6 138 C34 126 70 130 100 136",
        "M8 6 L88 4 L6 138 L96 136",
    ),
    3: (
        "M10 18 C26 -4 84 -6 84 34 C84 58 60 66 38 66 C66 66 94 74 94 102 C94 146 28 150 4 120",
        "M10 4 L86 4 L42 56 C74 54 96 74 94 100 C90 144 30 148 6 124",
        "M-10 30 C10 -6 78 -10 78 30 C78 54 56 62 40 66 C72 66 90 88 82 112 C70 148 4 150 -26 118",  # long ends
        "M14 20 C36 -10 86 2 78 36 C72 58 46 72 34 64 C26 56 44 52 58 62 C98 84 96 134 50 140 C28 142 12 132 4 120",
    ),
    4: (
        "M40 0 L4 88 L96 88 M70 44 L66 140",
        "M72 140 L72 0 L4 98 L98 98",
        "M8 0 C4 30 2 50 6 66 C24 72 60 70 82 66 M84 0 L78 140",
        "M30 2 L10 72 L98 66 M76 16 L58 140",
        "M66 2 L2 96 L92 96 M66 2 L62 138",
        "M34 4 L8 78 L76 74 L70 20 L56 138",  # in one line
    ),
    5: (
        "M16 4 L10 62 C34 48 94 50 92 94 C90 144 26 150 2 124 M16 4 L92 4",
        "M90 2 L20 2 L12 64 C40 46 96 60 90 102 C84 144 24 148 4 126",
        "M88 8 C56 -6 18 -2 16 26 C14 62 92 58 90 104 C88 146 24 146 4 122",
        "M24 14 L14 64 C44 50 84 62 82 98 C80 136 10 164 -26 128 M24 12 C52 12 84 8 112 -6",  # long ends
        "M86 2 L12 2 L12 58 L66 58 C100 62 98 138 62 138 L4 138",
    ),
    6: (
        "M78 4 C34 10 4 60 4 98 C4 128 24 140 48 140 C76 140 92 122 92 98 C92 74 74 62 52 62 C30 62 12 76 6 98",
        "M62 0 C44 34 12 76 10 104 C8 128 28 140 48 138 C72 136 88 118 84 98 C78 68 32 70 14 98",
        "M18 0 C12 40 4 90 10 116 C20 150 84 142 86 104 C86 66 32 66 10 104",
        "M92 18 C66 -14 6 34 6 92 C6 126 30 142 54 138 C86 134 96 98 76 80 C58 66 22 72 10 100",
    ),
    7: (
        "M4 4 L94 4 C74 48 46 96 38 140",
        "M4 4 L94 4 L36 140 M20 74 L82 68",  # crossed
        "M4 34 L6 4 L94 4 L40 140",  # hooked
        "M2 18 C12 -4 26 4 44 6 C62 8 78 8 94 2 C70 50 54 92 50 140",
        "M4 30 L8 4 L94 2 L44 140 M16 78 L88 70",
        "M10 12 L90 2 L62 140",
    ),
    8: (
        "M82 22 C66 -8 14 -6 14 34 C14 72 92 64 92 104 C92 150 6 150 6 106 C6 66 84 70 84 30 C84 22 82 18 78 14",
        "M50 64 C18 60 10 4 50 0 C90 4 82 60 50 64 C4 68 -6 136 50 140 C106 136 96 68 50 64",
        "M104 0 C80 30 70 4 44 2 C8 4 14 44 44 62 C94 90 96 138 48 140 C0 138 6 90 44 68 C72 50 96 22 110 -6",  # as %
        "M66 6 C30 -8 6 28 34 54 C58 74 94 92 80 122 C62 152 10 142 14 108 C18 76 84 54 78 14",  # open above
        "M20 18 C34 -8 82 -2 82 28 C82 66 8 70 8 106 C8 150 92 148 90 106 C88 68 18 66 16 30",
    ),
    9: (
        "M90 30 C84 -6 14 -14 6 38 C2 82 78 84 88 36 L90 12 L88 140",
        "M88 40 C90 -12 12 -14 10 36 C10 84 84 80 88 40 C88 84 70 124 40 140",
        "M86 28 C70 -10 10 0 12 40 C16 80 76 72 86 26 C92 60 92 102 78 126 C64 146 30 142 14 126",
        "M86 6 C44 -8 4 12 8 44 C14 84 78 66 86 10 L82 140",
        "M96 34 C92 -8 26 -10 22 36 C22 80 86 76 96 26 L36 140",
    ),
}  # fmt: skip

PENS = (0.04, 0.08, 0.12, 0.20, 0.33)  # of the longer side of the line
LENGTHS = (30, 50, 80, 130, 200)  # pixels of the pad


class Drawing(NamedTuple):
    """A digit on a sheet (280, 280) float32, ink is 1; how long it is, in pixels, and how wide the pen, as a share of that."""

    sheet: np.ndarray
    label: int
    length: int
    pen: float


def line_of(path: str, rng: np.random.Generator) -> np.ndarray:
    """A path written by one hand: places (n, 2), rows and columns, close together."""
    hand = np.array([[rng.uniform(0.75, 1.3), 0], [rng.uniform(-0.35, 0.15), 1.0]])  # wide or narrow; slanted
    angle = np.deg2rad(rng.uniform(-9, 9))
    hand = hand @ [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    waves = rng.uniform(-4, 4, (2, 2)), rng.uniform(0.6, 1.6, 2), rng.uniform(0, 2 * np.pi, 2)
    places = []
    for curve in _curves(path, rng):
        t = np.linspace(0, 1, 200)[:, None]
        knots = curve + rng.normal(0, 2.2, curve.shape) * ([[0], [1], [1], [0]] if len(curve) == 4 else 0)
        if len(curve) == 2:
            places.append((1 - t) * knots[0] + t * knots[1])
        else:
            a, b, c, d = knots
            places.append((1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d)
    line = np.concatenate(places)
    sizes, often, begun = waves
    line = line + np.sin(line[:, ::-1] / 140 * 2 * np.pi * often + begun) * sizes[0]
    line = (line @ hand)[:, ::-1]
    return line - line.min(axis=0)


def _curves(path: str, rng: np.random.Generator) -> list[np.ndarray]:
    """The pieces of a path, each with two or four points; places where pieces meet are moved together."""
    curves, at = [], np.zeros(2)
    for piece in path.replace("M", "|M").replace("L", "|L").replace("C", "|C").split("|")[1:]:
        points = np.array([float(number) for number in piece[1:].split()]).reshape(-1, 2)
        points[-1] += rng.normal(0, 2.5, 2)
        if piece[0] != "M":
            curves.append(np.vstack([at, points]))
        at = points[-1]
    return curves


def drawings(n: int, pen: float, seed: int = 0) -> Iterator[Drawing]:
    """So many drawings with a pen of this share of their longer side, of every digit, size and place."""
    rng = np.random.default_rng((seed, round(1000 * pen)))
    for i in range(n):
        label, length = i % 10, int(rng.choice([one for one in LENGTHS if pen * one >= 2]))
        line = line_of(PATHS[label][rng.integers(len(PATHS[label]))], rng)
        yield Drawing(written(line, length, pen, rng), label, length, pen)


def written(line: np.ndarray, length: int, pen: float, rng: np.random.Generator) -> np.ndarray:
    """A line (n, 2) on a sheet (280, 280), wherever there is room for it."""
    return write(line, min(length, SIDE - round(pen * length) - 6), max(2, round(pen * length)), rng)
