"""Strokes of a pen: what a pad says of them, checked; the paper that they are on; and a picture of it.

A pad speaks from a browser, which may send anything: whatever is no stroke is left out, and what is kept is bounded.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

Point = tuple[float, float]  # x to the right and y down, in pixels
Strokes = Sequence[Sequence[Point]]

MOST_STROKES, MOST_POINTS = 100, 600  # of a drawing, and of a stroke
WIDEST = 100  # pixels of a pen
FARTHEST = 10_000  # pixels from the corner
MOST_EVER = 2**53  # strokes: up to there a browser counts exactly
FINE = 4  # places to a pixel, as in ui/pad.js; and pixels to one while a picture is drawn, for soft edges


class Stroke(NamedTuple):
    """A line of a round pen; a single point is a dot."""

    width: int  # of the pen, in pixels
    points: list[Point]


class Paper(NamedTuple):
    """What is on the paper, as the browser knows it, or as the server does.

    Strokes are drawn over there and taken back over here, and neither waits for the other. How many there have ever been
    tells which of them one of the two has not heard of yet: the last ones.
    """

    drawn: int = 0  # strokes so far, those that were taken back among them
    strokes: tuple[Stroke, ...] = ()

    def and_then(self, told: "Paper") -> "Paper":
        """This paper with the strokes that another one tells of and this one has not heard of."""
        unheard = told.drawn - self.drawn
        return Paper(told.drawn, (*self.strokes, *told.strokes[-unheard:])[:MOST_STROKES]) if unheard > 0 else self

    def holding(self, strokes: Sequence[Stroke]) -> "Paper":
        """The same paper after other strokes were left on it."""
        return Paper(self.drawn, tuple(strokes))


def paper_of(said: Any) -> Paper:
    """What a pad says is on its paper, {"drawn": 1, "strokes": [{"width": 18, "points": [[140, 60], ...]}]}; of anything
    else, empty paper."""
    if not isinstance(said, dict):
        return Paper()
    strokes = (_stroke(one) for one in _some(said.get("strokes"), MOST_STROKES))
    return Paper(_whole(said.get("drawn"), 0, MOST_EVER) or 0, tuple(one for one in strokes if one.points))


def checked(strokes: Strokes) -> list[list[list[int]]]:
    """Strokes as they are kept: so many of so many points at most, each two whole numbers."""
    return [
        [[round(x), round(y)] for x, y in stroke[:MOST_POINTS] if abs(x) <= FARTHEST and abs(y) <= FARTHEST]
        for stroke in strokes[:MOST_STROKES]
    ]


def drawn(strokes: Sequence[Stroke], side: int) -> np.ndarray:
    """The picture of strokes, each as wide as its pen was: (side, side) uint8, 0 paper to 255 ink."""
    sheet = Image.new("L", (side * FINE, side * FINE))
    draw = ImageDraw.Draw(sheet)
    for width, points in strokes:
        radius = width * FINE // 2
        centres = [(round(x * FINE), round(y * FINE)) for x, y in points]
        if len(centres) > 1:
            draw.line(centres, fill=255, width=2 * radius)
        for x, y in centres:  # round ends and bends; Pillow counts the last pixel in
            draw.ellipse((x - radius, y - radius, x + radius - 1, y + radius - 1), fill=255)
    return np.asarray(sheet.resize((side, side), Image.Resampling.BOX))


def _stroke(said: Any) -> Stroke:
    """A stroke; without points where it is none."""
    fields = said if isinstance(said, dict) else {}
    width = _whole(fields.get("width"), 1, WIDEST)
    points = [_point(one) for one in _some(fields.get("points"), MOST_POINTS)]
    return Stroke(width or 1, [point for point in points if point is not None] if width else [])


def _point(said: Any) -> Point | None:
    if not isinstance(said, list) or len(said) != 2 or not all(_is_number(one, -FARTHEST, FARTHEST) for one in said):
        return None
    x, y = (round(one * FINE) / FINE for one in said)
    return x, y


def _some(said: Any, most: int) -> list:
    return said[:most] if isinstance(said, list) else []


def _whole(said: Any, least: int, most: int) -> int | None:
    return round(said) if _is_number(said, least, most) else None


def _is_number(said: Any, least: int, most: int) -> bool:
    """Whether something is a number between two others; NaN is not, nor is True."""
    return isinstance(said, int | float) and not isinstance(said, bool) and least <= said <= most
