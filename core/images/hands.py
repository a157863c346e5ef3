"""Digits drawn as people of several countries write them: strokes, varied anew each time, by pens of any width and shape.

MNIST has neither the styles of every country nor the pens of a screen. Each drawing here is an allograph of
`core.images.allographs` whose points are moved, ends drawn out, strokes set apart, and the whole slanted, turned, stretched
and bent; then inked by a pen of 2 to 33 % of its height and made ready by what makes sketches ready.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from core.data import CLASSES
from core.images.allographs import ALLOGRAPHS, Stroke, line_through, strokes_of
from core.images.ready import centre, crop, fit, with_mnists_pen

FINE = 80  # pixels of the longer side of a drawing when it is inked: four to one of MNIST's
SOFT = 2  # places to a pixel while it is inked, for soft edges
STEPS = 8  # from one point of a stroke to the next
FINEST, WIDEST = 0.02, 0.33  # of a pen, as a share of the longer side of what it draws
CHISEL = 0.35  # how thick a chisel is, as a share of its width
PENS = ("round", "round", "round", "square", "chisel")  # what is drawn with: a screen's pen is round
# How far a drawing varies. Standard deviations, in heights of the digit, in degrees, and as shares:
MOVED, APART, DRAWN_OUT, BEND = 0.022, 0.02, 0.05, 0.05
SLANT, SLANTED_BY, TURN, STRETCH = 0.18, 0.06, 6.0, 0.17
STIFF = 0.5  # at most, of the way from a smooth line to a straight one
SEED = 14  # beside a run's: its drawings are no other random numbers of it


class Pen(NamedTuple):
    """What a drawing is inked with: the share of its longer side that the pen is wide, and its shape."""

    width: float
    shape: str


@lru_cache(maxsize=2)
def drawings(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """So many drawings, as the networks receive them: (n, 28, 28) uint8, and their labels, (n,) uint8; both read-only.

    They are the first n of the seed's: a longer row begins with the same ones. One takes a millisecond or two.
    """
    images, labels = np.empty((n, 28, 28), np.uint8), np.arange(n, dtype=np.uint8) % CLASSES
    rng = np.random.default_rng((seed, SEED))
    for image, label in zip(images, labels.tolist(), strict=True):
        image[...] = (made_ready(written(_any_allograph(label, rng), rng), any_pen(rng)) * 255).round()
    images.flags.writeable = labels.flags.writeable = False
    return images, labels


def pens_in_order(n: int, seed: int) -> list[np.ndarray]:
    """The digits 0 to n - 1, each (28, 28) float32 and drawn by a wider round pen than the one before."""
    rng, widths = np.random.default_rng((seed, SEED)), np.geomspace(FINEST, WIDEST, n)
    return [made_ready(written(_any_allograph(i, rng), rng), Pen(width, "round")) for i, width in enumerate(widths)]


def any_pen(rng: np.random.Generator) -> Pen:
    """A pen: as often from 4 to 8 % as from 8 to 16 %."""
    return Pen(FINEST * (WIDEST / FINEST) ** rng.uniform(), PENS[rng.integers(len(PENS))])


def written(strokes: list[Stroke], rng: np.random.Generator) -> list[np.ndarray]:
    """The lines that a hand makes of strokes: places (n, 2) for each, x and y in heights of the digit."""
    stiff, bend = STIFF * rng.uniform() ** 2, BEND * rng.standard_normal()
    hand = _hand(rng)
    lines = []
    for points, corners in strokes:
        moved = points + MOVED * rng.standard_normal(points.shape) + APART * rng.standard_normal(2)
        line = _basis(corners.tobytes()) @ moved
        straight = _basis(np.ones(len(corners), bool).tobytes()) @ moved
        line = _with_ends((1 - stiff) * line + stiff * straight, rng)
        line[:, 0] += bend * np.sin(np.pi * line[:, 1])
        lines.append(line @ hand)
    return lines


def made_ready(lines: list[np.ndarray], pen: Pen) -> np.ndarray:
    """What the networks receive of lines (n, 2) that a pen draws: (28, 28) float32 from 0 to 1.

    The sheet has but 80 pixels, and the rest is what makes any sketch ready: the two are compared in the tests.
    """
    return centre(fit(with_mnists_pen(crop(inked(lines, pen)), FINE)))


def inked(lines: list[np.ndarray], pen: Pen) -> np.ndarray:
    """Lines (n, 2) as ink, (h, w) float32 from 0 to 1, about 80 pixels on the longer side."""
    places = np.concatenate(lines)
    corner, size = places.min(axis=0), np.ptp(places, axis=0)
    scale = SOFT * FINE / ((1 + pen.width) * size.max())
    nib = _nib(pen, scale * pen.width * size.max())
    margin = np.abs(nib).max() + SOFT
    width, height = (np.ceil((scale * size + 2 * margin) / SOFT) * SOFT).astype(int).tolist()
    sheet = Image.new("L", (width, height))
    draw = ImageDraw.Draw(sheet)
    for line in lines:
        _ink(draw, scale * (line - corner) + margin, nib)
    return np.asarray(sheet.reduce(SOFT), np.float32) / 255


def _any_allograph(digit: int, rng: np.random.Generator) -> list[Stroke]:
    known = _strokes()[digit]
    return known[rng.integers(len(known))]


@lru_cache
def _strokes() -> dict[int, list[list[Stroke]]]:
    return {digit: [strokes_of(words) for words in kinds.values()] for digit, kinds in ALLOGRAPHS.items()}


@lru_cache
def _basis(corners: bytes) -> np.ndarray:
    return line_through(np.frombuffer(corners, bool), STEPS)


def _hand(rng: np.random.Generator) -> np.ndarray:
    """How a hand slants, turns and stretches what it writes: a matrix (2, 2) for places (n, 2)."""
    slant = SLANTED_BY + SLANT * rng.standard_normal()
    turn = np.deg2rad(TURN * rng.standard_normal())
    wide = np.exp(STRETCH * rng.standard_normal())
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.array([[wide, 0.0], [-slant, 1.0]]) @ turned


def _with_ends(line: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A line (n, 2) that begins and ends a little sooner, or goes on straight ahead."""
    for longer in DRAWN_OUT * rng.standard_normal(2):
        step = line[0] - line[2]
        length = float(np.hypot(*step))
        if longer > 0 and length > 0:
            line = np.vstack([line[0] + step * longer / length, line])
        elif longer < 0:
            walked = np.hypot(*np.diff(line, axis=0).T).cumsum()
            line = line[min(int((walked < -longer).sum()), len(line) // 4) :]
        line = line[::-1]
    return line


def _nib(pen: Pen, width: float) -> np.ndarray:
    """The outline of a pen's tip around its middle, (n, 2) in pixels."""
    if pen.shape == "round":
        angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        return width / 2 * np.column_stack([np.cos(angles), np.sin(angles)])
    thick = CHISEL * width if pen.shape == "chisel" else width
    tip = np.array([[-width, -thick], [width, -thick], [width, thick], [-width, thick]]) / 2
    turn = np.sqrt(0.5) * np.array([[1, -1], [1, 1]])  # a chisel is held at 45 degrees
    return tip @ turn if pen.shape == "chisel" else tip


def _ink(draw: ImageDraw.ImageDraw, line: np.ndarray, nib: np.ndarray) -> None:
    """Draw what a pen's tip covers on its way along a line (n, 2)."""
    thinnest = 2 * np.hypot(*nib.T).min() if len(nib) > 4 else np.abs(nib).min()
    places = _evenly(line, max(1.5, 0.6 * thinnest))
    draw.line(places.ravel().tolist(), fill=255, width=max(1, round(thinnest)))
    for outline in (places[:, None] + nib).reshape(len(places), -1).tolist():
        draw.polygon(outline, fill=255)


def _evenly(line: np.ndarray, step: float) -> np.ndarray:
    """Places on a line (n, 2), at most so far apart."""
    walked = np.concatenate([[0.0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    at = np.linspace(0, walked[-1], int(walked[-1] / step) + 2)
    return np.column_stack([np.interp(at, walked, line[:, 0]), np.interp(at, walked, line[:, 1])])
