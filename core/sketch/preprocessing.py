"""A drawing of any size -> the 28x28 image that MNIST would hold of it.

MNIST's digits were scaled to fit 20x20 pixels, keeping their shape, and placed so that their centre of mass is in the
middle of 28x28 (Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, section III.A). A
drawing that is merely resized is not what the networks were trained on. Nor is one whose pen is far wider or finer than
the pens of MNIST, once it is scaled: so the pen is brought to theirs first.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage
from scipy.spatial import KDTree

from core.data import SIDE
from core.images.ready import FAINT, centre, crop, fit, pen_width, resize, with_mnists_pen
from core.sketch.light import brightness

LARGEST = 4_000_000  # pixels of a drawing, 2,000 x 2,000: its floats take 64 MB
SPECK = 0.03  # a blot with less than this share of the ink is no part of a digit
DOTS, DASH = 6, 4  # so many pieces, none of them longer than so many pens, are a dotted line
TOUCHES = np.ones((3, 3), bool)  # ink that meets at a corner is one piece


class SketchError(ValueError):
    """An array that is no drawing. The message is one sentence that says what a drawing is."""


class Steps(NamedTuple):
    """What becomes of a drawing, each a picture (h, w) float32 from 0 (paper) to 1 (ink). Without ink all are empty."""

    raw: np.ndarray  # the ink of the whole drawing
    cropped: np.ndarray  # what lies around the ink is gone, and so are specks; the darkest ink is 1
    pen: np.ndarray  # the pen as wide as MNIST's
    scaled: np.ndarray  # the longer side is 20
    centred: np.ndarray  # (28, 28), the centre of mass in the middle


class Part(NamedTuple):
    """One digit of a drawing: where it stands (top, left, bottom, right, in pixels), and its image (28, 28) float32."""

    box: tuple[int, int, int, int]
    image: np.ndarray


def to_mnist(drawing: np.ndarray, paper: float | None = None) -> np.ndarray:
    """A drawing (h, w), (h, w, 3) or (h, w, 4), uint8 or float from 0 to 1 -> (28, 28) float32 from 0 to 1, ink is 1.

    `paper` is how bright the paper is, from 0 to 1, where that is known. Where it is not, dark ink on light paper and light
    ink on dark are both understood: what lies along the sides is paper. Without any ink the result is empty. Raises
    SketchError for an array that is no drawing.
    """
    return steps(drawing, paper).centred


def steps(drawing: np.ndarray, paper: float | None = None) -> Steps:
    """The same, step by step."""
    return _steps(ink_of(drawing, paper))


def raw_resize(drawing: np.ndarray, paper: float | None = None) -> np.ndarray:
    """What is often done instead: the whole drawing squeezed into (28, 28) float32, its ink from 0 to 1."""
    return resize(ink_of(drawing, paper), SIDE, SIDE)


def digits_apart(drawing: np.ndarray, paper: float | None = None) -> list[Part]:
    """The digits of a drawing that stand side by side, from left to right; none without ink.

    Pieces of ink that stand above one another, or closer together than a pen is wide, are strokes of one digit.
    """
    ink, pieces, boxes = _pieces(ink_of(drawing, paper))
    if not boxes:
        return []
    pen = pen_width(pieces > 0)
    groups: list[list[int]] = []
    spans: list[tuple[int, int]] = []  # columns of each group, from left to right
    for piece in sorted(range(len(boxes)), key=lambda i: boxes[i][1].start):
        left, right = boxes[piece][1].start, boxes[piece][1].stop
        if spans and left < spans[-1][1] + max(1.0, pen / 2):
            groups[-1].append(piece)
            spans[-1] = spans[-1][0], max(spans[-1][1], right)
        else:
            groups.append([piece])
            spans.append((left, right))
    parts = []
    for group in groups:
        rows = [boxes[piece][0] for piece in group]
        columns = [boxes[piece][1] for piece in group]
        top, bottom = min(r.start for r in rows), max(r.stop for r in rows)
        left, right = min(c.start for c in columns), max(c.stop for c in columns)
        alone = np.where(np.isin(pieces, [piece + 1 for piece in group]), ink, 0)[top:bottom, left:right]
        parts.append(Part((top, left, bottom, right), _steps(alone).centred))
    return parts


def ink_of(drawing: np.ndarray, paper: float | None = None) -> np.ndarray:
    """A drawing's ink, (h, w) float32 from 0 (paper) to 1, for the same arguments as `to_mnist`."""
    drawing = np.asarray(drawing)
    if drawing.size == 0 or drawing.ndim not in (2, 3) or (drawing.ndim == 3 and drawing.shape[2] not in (3, 4)):
        raise SketchError(f"A drawing is (h, w), (h, w, 3) or (h, w, 4), not {drawing.shape}.")
    if drawing.dtype != np.uint8 and drawing.dtype.kind != "f":
        raise SketchError(f"A drawing is of uint8 or of floats from 0 to 1, not of {drawing.dtype}.")
    if drawing.shape[0] * drawing.shape[1] > LARGEST:
        raise SketchError(f"A drawing has at most {LARGEST:,} pixels, not {drawing.shape[1]:,} x {drawing.shape[0]:,}.")
    values = drawing.astype(np.float32) / (255 if drawing.dtype == np.uint8 else 1)
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
        raise SketchError("A drawing of floats holds values from 0 to 1 only.")
    grey = brightness(values)
    if paper is None:
        paper = _paper_of(grey)
    ink = ((paper - grey) / paper if paper > 0.5 else (grey - paper) / (1 - paper)).clip(0, 1)
    return np.zeros_like(ink) if ink.min() > FAINT else ink  # without any paper there is no telling


def _paper_of(grey: np.ndarray) -> float:
    """How bright the paper is: what lies around, which need not be quite white.

    Where a picture is cut at the ink on all four sides, what lies around is neither: then the ink is in one piece.
    """
    usual = float(np.median(edge(grey)))
    middle = (float(grey.min()) + float(grey.max())) / 2
    for inked in (grey < middle, grey > middle):
        other = grey[~inked]
        if _ends_at_all_sides(inked) and not _ends_at_all_sides(~inked) and len(other):
            return float(np.median(other))
    return usual


def _ends_at_all_sides(inked: np.ndarray) -> bool:
    """Whether one piece reaches all four sides of a picture (h, w) bool, and is no frame around it."""
    sides = inked[0], inked[-1], inked[:, 0], inked[:, -1]
    if not all(side.any() for side in sides) or edge(inked).mean() > 0.65:
        return False
    numbered, _ = ndimage.label(inked, TOUCHES)
    first, *others = (set(numbered[place].tolist()) - {0} for place in (0, -1, np.s_[:, 0], np.s_[:, -1]))
    return bool(first.intersection(*others))


def edge(values: np.ndarray) -> np.ndarray:
    """What lies along the four sides of a picture (h, w)."""
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])


def _steps(ink: np.ndarray) -> Steps:
    joined, pieces, boxes = _pieces(ink)
    if not boxes:
        nothing = np.zeros((SIDE, SIDE), np.float32)
        return Steps(ink, nothing, nothing, nothing, nothing)
    cropped = crop(np.where(pieces > 0, joined, 0))
    cropped /= cropped.max()  # a pencil's grey is ink as well
    pen = with_mnists_pen(cropped)
    scaled = fit(pen)
    return Steps(ink, cropped, pen, scaled, centre(scaled))


def _pieces(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[tuple[slice, slice]]]:
    """The ink, with dotted lines joined; its pieces that hang together, numbered from 1 in (h, w), and the box of each.

    Specks are left out.
    """
    darkest = float(ink.max())
    if darkest < FAINT:  # a shade of the paper
        return ink, np.zeros(ink.shape, int), []
    numbered, n = ndimage.label(ink > FAINT * darkest, TOUCHES)
    if n >= DOTS:
        ink = _with_dots_joined(ink, numbered)
        numbered, n = ndimage.label(ink > FAINT * darkest, TOUCHES)
    sizes = np.bincount(numbered.ravel(), minlength=n + 1)[1:]
    kept = np.flatnonzero(sizes >= SPECK * sizes.sum())
    new = np.zeros(n + 1, int)
    new[kept + 1] = np.arange(1, len(kept) + 1)
    boxes = ndimage.find_objects(numbered)
    return ink, new[numbered], [boxes[i] for i in kept]


def _with_dots_joined(ink: np.ndarray, numbered: np.ndarray) -> np.ndarray:
    """Ink with a line from each dot or dash to those next to it, where most of it is dots or dashes."""
    pen = pen_width(numbered > 0)
    boxes = ndimage.find_objects(numbered)
    sides = np.array([[rows.stop - rows.start, columns.stop - columns.start] for rows, columns in boxes])
    dots = np.flatnonzero(sides.max(axis=1) <= DASH * pen) + 1
    if len(dots) < DOTS or np.isin(numbered, dots).sum() < 0.5 * (numbered > 0).sum():
        return ink
    places = np.array(ndimage.center_of_mass(numbered > 0, numbered, dots))  # (dots, 2)
    tree = KDTree(places)
    spacing = float(np.median(tree.query(places, 2)[0][:, 1]))
    sheet = Image.fromarray(ink)
    draw = ImageDraw.Draw(sheet)
    for first, second in tree.query_pairs(1.5 * spacing):
        ends = [(round(x), round(y)) for y, x in places[[first, second]]]
        draw.line(ends, fill=float(ink.max()), width=max(1, round(float(np.median(sides)))))
    return np.maximum(ink, np.asarray(sheet))
