"""Pieces of ink: what hangs together, and which of it can be the strokes of a digit.

What lies along the sides of the picture, is solid, goes from side to side in bands, or is far fainter than the rest is none.
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from core.sketch.light import TOUCHES

FINE = 100  # pixels of the shorter side from which on a single pixel is no part of a digit
SPECK = 0.03  # of the ink: a smaller piece is none
FAINT = 0.45  # of the darkest piece's contrast: a fainter one is a shadow
MOST_HOLES = 2  # in a piece of ink
NEARLY_SOLID = 0.65  # of its box, that no digit fills
MOST_AT_SIDES = 6  # times that a 3 meets the sides of a picture that is cut at its ink; for several digits it is more
MOST_PIECES = 16  # of ink on a page that can be read
ROW, UPRIGHT = (
    0.4,
    0.3,
)  # of the height of all the ink, and of the widest piece's width, that the tallest piece is at least
HOLE = 0.004  # of the ink: a smaller hole is a speck of paper
SMALL, NEAR = 0.3, 0.1  # of the longest piece: a blot that is shorter, and so far from others, is no digit


class Piece(NamedTuple):
    """Ink that hangs together."""

    number: int
    rows: slice
    columns: slice
    area: int
    contrast: float
    along: tuple[float, ...]  # how much of each side of the picture it covers, from 0 to 1: top, right, bottom, left
    along_sides: int  # pixels of the sides that it covers
    corners: int  # of the picture, that it covers

    @property
    def height(self) -> int:
        return self.rows.stop - self.rows.start

    @property
    def width(self) -> int:
        return self.columns.stop - self.columns.start

    @property
    def sides(self) -> int:
        """Of the picture, that it touches."""
        return sum(map(bool, self.along))

    @property
    def length(self) -> int:
        return max(self.height, self.width)

    @property
    def solid(self) -> bool:
        """Whether it is a disc or a sheet, as no digit is."""
        return self.fills(0.72)

    @property
    def is_band(self) -> bool:
        """Whether it goes from one side of the picture to the opposite one, such as what is between two printed lines."""
        top, right, bottom, left = map(bool, self.along)
        return (top and bottom) != (left and right)

    def fills(self, share: float) -> bool:
        """Whether it is no line, and fills more than this share of its box."""
        return min(self.height, self.width) > 0.45 * self.length and self.area > share * self.height * self.width

    def inside(self, other: "Piece") -> bool:
        """Whether another piece goes around this one."""
        pairs = (self.rows, other.rows), (self.columns, other.columns)
        return all(two.start + 2 < one.start and one.stop < two.stop - 2 for one, two in pairs)

    def beside(self, other: "Piece") -> int:
        """How many pixels there are between this piece's box and another one's."""
        pairs = (self.rows, other.rows), (self.columns, other.columns)
        return max(0, *(max(one.start, two.start) - min(one.stop, two.stop) for one, two in pairs))


def pieces_of(darker: np.ndarray, inked: np.ndarray) -> tuple[np.ndarray, list[Piece]]:
    """The pieces of ink, numbered in (h, w); specks are left out."""
    numbered, n = ndimage.label(inked, TOUCHES)
    areas = np.bincount(numbered.ravel(), minlength=n + 1)
    boxes = ndimage.find_objects(numbered)
    ring = np.zeros(inked.shape, np.uint8)
    near = 2 if min(inked.shape) >= FINE else 1
    for side in range(4):
        np.rot90(ring, side)[:near] |= 1 << side
    lengths = inked.shape[1], inked.shape[0], inked.shape[1], inked.shape[0]
    found = []
    for number in np.flatnonzero(areas[1:] >= max(2, SPECK / 4 * areas[1:].sum())) + 1:
        rows, columns = boxes[number - 1]
        here = numbered[rows, columns] == number
        sides = [int((here & (ring[rows, columns] >> side & 1 > 0)).sum()) for side in range(4)]
        contrast = float(np.median(darker[rows, columns][here]))
        corners = sum(int(numbered[place]) == number for place in ((0, 0), (0, -1), (-1, 0), (-1, -1)))
        along = tuple(pixels / near / length for pixels, length in zip(sides, lengths, strict=True))
        found.append(
            Piece(int(number), rows, columns, int(areas[number]), contrast, along, round(sum(sides) / near), corners)
        )
    return numbered, found


def strokes_of(pieces: list[Piece]) -> tuple[list[Piece], list[int]]:
    """The pieces that can be strokes, and the numbers of those that lie along the sides of the picture."""
    at_sides = []
    for piece in pieces:
        strip = piece.along_sides >= 0.93 * (piece.height + piece.width)
        whole = sum(share > 0.95 for share in piece.along)  # sides of the picture
        if piece.sides and (
            (strip and piece.sides < 4) or whole > 1
        ):  # at four sides, the picture may end where the ink does
            at_sides.append(piece.number)
    kept = [piece for piece in pieces if piece.number not in at_sides]
    bands = [piece for piece in kept if piece.is_band]
    kept = [piece for piece in kept if not piece.solid and (len(bands) < 3 or piece not in bands)]
    if not kept:
        return [], at_sides
    darkest = max(piece.contrast for piece in kept if piece.area >= 0.1 * max(one.area for one in kept))
    kept = [piece for piece in kept if piece.contrast >= FAINT * darkest]
    inside = [piece for piece in kept if not piece.sides]
    if inside and max(piece.height for piece in inside) >= 0.4 * max(piece.height for piece in kept):
        kept = inside
    total = sum(piece.area for piece in kept)
    kept = [piece for piece in kept if piece.area >= SPECK * total]
    longest = max((piece.length for piece in kept), default=0)
    large = [piece for piece in kept if piece.length >= SMALL * longest]
    return [piece for piece in kept if min(map(piece.beside, large)) <= NEAR * longest], at_sides


def can_be_digits(inked: np.ndarray, kept: list[Piece], pieces: list[Piece]) -> bool:
    """Whether these strokes (h, w) bool, of all pieces, can be digits in one row: not bands, checks, lines of text or the spots
    of a face."""
    if holes(inked) > MOST_HOLES * len(kept) or times_at_sides(inked) > MOST_AT_SIDES:
        return False
    tallest, widest = max(piece.height for piece in kept), max(piece.width for piece in kept)
    span = max(piece.rows.stop for piece in kept) - min(piece.rows.start for piece in kept)
    if tallest < max(ROW * span, UPRIGHT * widest):
        return False
    bands = [piece for piece in pieces if piece.is_band]
    if sum(band in kept for band in bands) > 1 or any(band.area > sum(piece.area for piece in kept) for band in bands):
        return False
    if any(piece.corners > 2 or piece.fills(NEARLY_SOLID) for piece in kept):
        return False
    if any(piece.inside(other) for piece in kept for other in kept):
        return False
    darkest = max(piece.contrast for piece in kept)
    other = [piece for piece in pieces if not piece.sides and not piece.solid and piece.contrast > FAINT * darkest]
    return len(other) <= MOST_PIECES and sum(p.area for p in other if p not in kept) <= sum(p.area for p in kept)


def times_at_sides(inked: np.ndarray) -> int:
    """How often the ink meets the sides of the picture."""
    sides = inked[0], inked[-1], inked[:, 0], inked[:, -1]
    return sum(int(side[0]) + int((side[1:] & ~side[:-1]).sum()) for side in sides)


def holes(inked: np.ndarray) -> int:
    """How many holes there are in the ink, small ones aside."""
    rows, columns = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
    numbered, n = ndimage.label(~np.pad(inked[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 1))
    areas = np.bincount(numbered.ravel(), minlength=n + 1)[1:]
    return int((areas >= max(3, HOLE * inked.sum())).sum()) - 1
