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
        return min(self.height, self.width) > 0.45 * self.length and self.area > 0.72 * self.height * self.width

    @property
    def is_band(self) -> bool:
        """Whether it goes from one side of the picture to the opposite one, such as what is between two printed lines."""
        top, right, bottom, left = map(bool, self.along)
        return (top and bottom) != (left and right)

    def beside(self, other: "Piece") -> int:
        """How many pixels there are between this piece's box and another one's."""
        pairs = (self.rows, other.rows), (self.columns, other.columns)
        return max(0, *(max(one.start, two.start) - min(one.stop, two.stop) for one, two in pairs))


def pieces_of(darker: np.ndarray, inked: np.ndarray) -> tuple[np.ndarray, list[Piece]]:
    """The pieces of ink, numbered in (h, w); specks are left out."""
    numbered, n = ndimage.label(inked, TOUCHES)
    areas = np.bincount(numbered.ravel(), minlength=n + 1)
    boxes = ndimage.find_objects(numbered)
    ring = np.zeros(inked.shape, int)
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
        along = tuple(pixels / near / length for pixels, length in zip(sides, lengths, strict=True))
        found.append(Piece(int(number), rows, columns, int(areas[number]), contrast, along, round(sum(sides) / near)))
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


def holes(inked: np.ndarray) -> int:
    """How many holes there are in the ink, small ones aside."""
    numbered, n = ndimage.label(~np.pad(inked, 1))
    areas = np.bincount(numbered.ravel(), minlength=n + 1)[1:]
    return int((areas >= max(3, SPECK * inked.sum())).sum()) - 1
