"""Strokes of a pen: what a canvas says of them, reduced to lists of points; and a picture of them.

A canvas speaks Fabric.js's JSON, from a browser that may send anything: whatever is no freehand path is left out, and what
is kept is bounded.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

Point = tuple[int, int]  # x to the right and y down, in pixels
Strokes = Sequence[Sequence[Point]]

MOST_STROKES, MOST_POINTS = 100, 600  # of a drawing, and of a stroke
FARTHEST = 10_000  # pixels from the corner
SMOOTH = 3  # times as large while it is drawn, for soft edges


def of_canvas(raw: Any) -> list[list[Point]]:
    """The strokes in the JSON of a canvas; none in anything else."""
    return [points for path in paths(raw) if (points := _points(path))]


def paths(raw: Any) -> list[dict]:
    """The freehand paths among the objects of a canvas, in order."""
    objects = raw.get("objects") if isinstance(raw, dict) else None
    if not isinstance(objects, list):
        return []
    found = [one for one in objects[: 2 * MOST_STROKES] if isinstance(one, dict) and isinstance(one.get("path"), list)]
    return found[:MOST_STROKES]


def checked(strokes: Strokes) -> list[list[list[int]]]:
    """Strokes as they are kept: so many of so many points at most, each two whole numbers."""
    return [
        [[round(x), round(y)] for x, y in stroke[:MOST_POINTS] if abs(x) <= FARTHEST and abs(y) <= FARTHEST]
        for stroke in strokes[:MOST_STROKES]
    ]


def drawn(raw: Any, side: int) -> np.ndarray:
    """The picture of a canvas's strokes, each as wide as its pen was: (side, side) uint8, 0 paper to 255 ink."""
    sheet = Image.new("L", (side * SMOOTH, side * SMOOTH))
    draw = ImageDraw.Draw(sheet)
    for path in paths(raw):
        width = _number(path.get("strokeWidth"), 16.0)
        radius = min(max(width, 1.0), side) * SMOOTH / 2
        points = [(x * SMOOTH, y * SMOOTH) for x, y in _points(path)]
        if len(points) > 1:
            draw.line(points, fill=255, width=round(2 * radius), joint="curve")
        for x, y in points:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(sheet.resize((side, side), Image.Resampling.BOX))


def _points(path: dict) -> list[Point]:
    """The points of a path of moves, lines and curves, without two equal ones in a row; of a curve the middle too."""
    points: list[Point] = []
    for command in path["path"][:MOST_POINTS]:
        numbers = [_number(value, math.nan) for value in command[1:]] if isinstance(command, list) else []
        if len(numbers) not in (2, 4) or any(abs(number) > FARTHEST or math.isnan(number) for number in numbers):
            continue
        if len(numbers) == 4 and points:  # a quadratic curve from the last point, around the first pair, to the second
            (x0, y0), (x1, y1, x2, y2) = points[-1], numbers
            _add(points, (x0 + 2 * x1 + x2) / 4, (y0 + 2 * y1 + y2) / 4)
        _add(points, *numbers[-2:])
    return points[:MOST_POINTS]


def _add(points: list[Point], x: float, y: float) -> None:
    point = round(x), round(y)
    if not points or points[-1] != point:
        points.append(point)


def _number(value: Any, otherwise: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return otherwise
    return float(value)
