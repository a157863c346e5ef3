"""The ten digits as a pen writes them: strokes in a unit square, x to the right and y down, and a picture of them.

`VARIANTS` has several hands for each digit; the first one is what a browser test draws. None of them is from MNIST.
"""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

Point = tuple[float, float]
Stroke = list[Point]
SMOOTH = 4  # times as large while it is drawn, for soft edges


def arc(x: float, y: float, width: float, height: float, start: float, end: float) -> Stroke:
    """Part of an ellipse around (x, y): from one angle to another in degrees, 0 to the right, 90 down."""
    steps = max(6, round(abs(end - start) / 12))
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + width * math.cos(a), y + height * math.sin(a)) for a in angles]


def bent(*points: Point, steps: int = 8) -> Stroke:
    """A smooth curve through points (E. Catmull, R. Rom, "A class of local interpolating splines", 1974)."""
    ends = [points[0], *points, points[-1]]
    curve = []
    for (x0, y0), (x1, y1), (x2, y2), (x3, y3) in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for t in (i / steps for i in range(steps)):
            curve.append(
                tuple(
                    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
                    for a, b, c, d in ((x0, x1, x2, x3), (y0, y1, y2, y3))
                )
            )
    return [*curve, points[-1]]


VARIANTS: dict[int, list[list[Stroke]]] = {
    0: [
        [arc(0.5, 0.5, 0.30, 0.42, -90, -450)],
        [arc(0.5, 0.5, 0.36, 0.40, -60, -425)],
        [bent((0.60, 0.10), (0.34, 0.22), (0.24, 0.55), (0.38, 0.88), (0.62, 0.84), (0.76, 0.50), (0.66, 0.16), (0.5, 0.1))],
    ],
    1: [
        [[(0.52, 0.08), (0.50, 0.50), (0.48, 0.92)]],
        [[(0.60, 0.08), (0.42, 0.92)]],
        [[(0.38, 0.26), (0.53, 0.08), (0.52, 0.92)]],
    ],
    2: [
        [[*bent((0.22, 0.3), (0.32, 0.12), (0.55, 0.08), (0.74, 0.22), (0.68, 0.44), (0.45, 0.68), (0.22, 0.9)), (0.8, 0.89)]],
        [bent((0.26, 0.24), (0.48, 0.08), (0.70, 0.22), (0.62, 0.50), (0.24, 0.86), (0.34, 0.80), (0.54, 0.86), (0.80, 0.84))],
        [[*bent((0.2, 0.2), (0.5, 0.08), (0.76, 0.26), (0.55, 0.6), (0.2, 0.92)), (0.78, 0.92)]],
    ],
    3: [
        [
            bent((0.24, 0.18), (0.48, 0.08), (0.70, 0.22), (0.62, 0.42), (0.42, 0.48))
            + bent((0.42, 0.48), (0.68, 0.54), (0.76, 0.72), (0.58, 0.90), (0.36, 0.90), (0.20, 0.80))
        ],
        [
            bent((0.26, 0.12), (0.55, 0.10), (0.70, 0.26), (0.46, 0.47))
            + bent((0.46, 0.47), (0.72, 0.62), (0.66, 0.84), (0.40, 0.92), (0.22, 0.84))
        ],
    ],
    4: [
        [[(0.36, 0.10), (0.22, 0.56), (0.80, 0.56)], [(0.64, 0.28), (0.60, 0.92)]],
        [[(0.30, 0.12), (0.26, 0.50), (0.70, 0.50)], [(0.70, 0.10), (0.68, 0.92)]],
        [[(0.62, 0.92), (0.62, 0.10), (0.20, 0.66), (0.82, 0.66)]],
    ],
    5: [
        [
            [(0.32, 0.1), (0.28, 0.46), *bent((0.28, 0.46), (0.52, 0.4), (0.74, 0.56), (0.7, 0.8), (0.46, 0.92), (0.22, 0.84))],
            [(0.32, 0.10), (0.76, 0.10)],
        ],
        [
            [(0.74, 0.1), (0.34, 0.1), (0.3, 0.45), *bent((0.3, 0.45), (0.56, 0.4), (0.74, 0.6), (0.64, 0.86), (0.4, 0.92), (0.22, 0.82))]
        ],
    ],
    6: [
        [bent((0.62, 0.08), (0.40, 0.26), (0.28, 0.55), (0.32, 0.84), (0.54, 0.92), (0.72, 0.76), (0.62, 0.56), (0.42, 0.58), (0.31, 0.72))],
        [bent((0.70, 0.12), (0.44, 0.20), (0.26, 0.50), (0.30, 0.82), (0.52, 0.92), (0.70, 0.74), (0.56, 0.54), (0.32, 0.66))],
    ],
    7: [
        [[(0.22, 0.12), (0.76, 0.12), (0.58, 0.50), (0.44, 0.92)]],
        [[(0.24, 0.14), (0.78, 0.10), (0.42, 0.92)]],
        [[(0.20, 0.14), (0.78, 0.14), (0.46, 0.92)], [(0.38, 0.52), (0.74, 0.50)]],
    ],
    8: [
        [
            bent((0.68, 0.20), (0.50, 0.08), (0.30, 0.22), (0.40, 0.42), (0.62, 0.56), (0.72, 0.76), (0.50, 0.92))
            + bent((0.50, 0.92), (0.28, 0.78), (0.36, 0.58), (0.60, 0.42), (0.70, 0.24), (0.66, 0.16))
        ],
        [arc(0.5, 0.28, 0.20, 0.19, 90, 450), arc(0.5, 0.69, 0.25, 0.22, -90, 270)],
    ],
    9: [
        [[*bent((0.7, 0.28), (0.52, 0.1), (0.32, 0.24), (0.36, 0.46), (0.56, 0.48), (0.7, 0.28)), (0.66, 0.6), (0.58, 0.92)]],
        [arc(0.48, 0.30, 0.21, 0.20, 0, -350) + bent((0.69, 0.26), (0.68, 0.60), (0.62, 0.92))],
    ],
}  # fmt: skip
STROKES: dict[int, list[Stroke]] = {digit: hands[0] for digit, hands in VARIANTS.items()}


def placed(strokes: Sequence[Stroke], left: float, top: float, size: float) -> list[Stroke]:
    """Strokes of the unit square in another square: its corner and its side, in any unit."""
    return [[(left + size * x, top + size * y) for x, y in stroke] for stroke in strokes]


def drawn(strokes: Sequence[Stroke], side: int = 280, pen: float = 14) -> np.ndarray:
    """A picture of strokes in pixels, with a round pen of this width: (side, side) uint8, 0 paper to 255 ink."""
    sheet = Image.new("L", (side * SMOOTH, side * SMOOTH))
    draw = ImageDraw.Draw(sheet)
    radius = pen * SMOOTH / 2
    for stroke in strokes:
        points = [(x * SMOOTH, y * SMOOTH) for x, y in stroke]
        draw.line(points, fill=255, width=max(1, round(2 * radius)), joint="curve")
        for x, y in points:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(sheet.resize((side, side), Image.Resampling.BOX))
