"""A photo or scan -> its ink. Knows paper and light, not files and not digits.

Paper is what is left when everything that is narrower than a pen can be is painted over with what is around it (a
morphological closing, J. Serra, "Image analysis and mathematical morphology", 1982). How wide a pen can be, and whether it is
darker or lighter than the paper, is not known: every way is tried, and the one after which ink and paper are told apart best
is taken. What lies along the sides of the picture, is solid, or is far fainter than the rest is not ink.
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

CONTRAST = 0.08  # of the paper's brightness: ink that differs by so much is read, and whatever differs less is no ink
WIDEST = 1 / 5  # of the shorter side: what a pen is narrower than
WIDEST_ON_ALL = 1 / 2  # where a digit fills the picture
FINE = 100  # pixels of the shorter side from which on a single pixel is no part of a digit
ABOVE_GRAIN = 4  # times the spread of the paper that ink is away from it
SPECK = 0.03  # of the ink: a smaller piece is none
FAINT = 0.45  # of the darkest piece's contrast: a fainter one is a shadow
SMALL, NEAR = 0.3, 0.1  # of the longest piece: a blot that is shorter, and so far from others, is no digit
CLEAR, UNCLEAR = 0.1, 0.35  # of what surrounds the ink looks like ink: hardly any of it, and too much
MOST_HOLES = 3  # in a piece of ink: an 8 has two
MOST_PIECES = 16  # of ink on a page that can be read
TOUCHES = np.ones((3, 3), bool)


class PaperError(ValueError):
    """A picture on which ink and paper cannot be told apart. The message is one sentence."""


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


class Reading(NamedTuple):
    """One way to tell ink from paper: the ink (h, w) from 0 to 1, and how unclear it is."""

    ink: np.ndarray
    unclear: float
    pieces: int


def ink(picture: np.ndarray) -> np.ndarray:
    """A photo or scan, (h, w), (h, w, 3) or (h, w, 4) uint8 -> its ink (h, w) float32 from 0 (paper) to 1.

    Without any ink all is 0. Raises PaperError where there is something that cannot be told from the paper.
    """
    bright = brightness(picture.astype(np.float32) / 255)
    nothing = np.zeros(bright.shape, np.float32)
    if min(bright.shape) < 3 or np.ptp(bright) < CONTRAST / 2:
        return nothing
    if min(bright.shape) >= FINE:
        bright = _in_even_light(_median(bright))  # without single specks
    # In the deepest shadow everything would be ink, and on the whitest paper whatever is whiter.
    pages = (bright, 0.4), (1 - bright, 0.75)
    readings = [_reading(page, WIDEST, floor) for page, floor in pages]
    if min(bright.shape) < FINE or not any(reading and reading.unclear < CLEAR for reading in readings):
        readings += [_reading(page, WIDEST_ON_ALL, floor) for page, floor in pages]
    found = [reading for reading in readings if reading]
    clear = [reading for reading in found if reading.unclear < CLEAR]
    # A pen that is nearly too wide leaves ink that is clear, and not all of it.
    best = max(clear, key=_mass, default=None) or min(found, key=lambda reading: reading.unclear, default=None)
    if best is None or (best.unclear > UNCLEAR and len(found) < len(readings)):  # an edge that is ink in one way only
        return nothing
    if best.unclear > UNCLEAR or best.pieces > MOST_PIECES:
        raise PaperError("It cannot be told what is ink here and what is paper: try plain paper and even light.")
    return best.ink


def _mass(reading: Reading) -> float:
    return float(reading.ink.sum())


def brightness(values: np.ndarray) -> np.ndarray:
    """A picture of floats from 0 to 1, (h, w), (h, w, 3) or (h, w, 4) -> (h, w), laid on paper where it is transparent.

    A sheet with a transparent margin lies on its own colour. Ink on nothing lies on white, and is black.
    """
    if values.ndim == 2:
        return values
    grey = values[:, :, :3] @ np.float32([0.299, 0.587, 0.114])  # ITU-R BT.601
    if values.shape[2] == 3:
        return grey
    alpha = values[:, :, 3]
    opaque = alpha > 0.5
    if not _is_sheet(opaque, grey):
        return 1 - alpha
    paper = _light(grey, opaque)
    whole = ndimage.binary_erosion(opaque, TOUCHES)  # without the mixed colours of its rim
    return np.where(whole, grey * alpha + paper * (1 - alpha), paper)


def _is_sheet(opaque: np.ndarray, grey: np.ndarray) -> bool:
    """Whether what is opaque is a sheet of paper, and not the ink itself."""
    if not opaque.any():
        return False
    rows, columns = np.flatnonzero(opaque.any(axis=1)), np.flatnonzero(opaque.any(axis=0))
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    if opaque.sum() < 0.7 * height * width:
        return False
    low, high = np.quantile(grey[opaque], [0.01, 0.99])
    return high - low > CONTRAST or min(height, width) > 0.4 * max(height, width)


def _in_even_light(bright: np.ndarray) -> np.ndarray:
    """The picture as if the light on it were the same everywhere, as far as that falls off evenly."""
    light = _light(bright, np.ones(bright.shape, bool))
    near = np.abs(bright - light) < CONTRAST / 2
    if near.mean() < 0.5 or light.min() < 0.5 * CONTRAST:
        return bright
    return np.clip(bright * (np.median(light) / light), 0, 1)


def _light(bright: np.ndarray, where: np.ndarray) -> np.ndarray:
    """How bright paper would be everywhere (h, w): the surface of second order that most of the picture is nearest to.

    It is fitted again without what was far from it.
    """
    height, width = bright.shape
    rows, columns = np.nonzero(where)
    some = slice(None, None, max(1, len(rows) // 4_000))
    rows, columns = rows[some], columns[some]
    terms = _second_order(rows / height, columns / width)
    values = bright[rows, columns]
    away = np.abs(values - np.median(values))
    for _ in range(3):
        kept = away <= np.quantile(away, 0.6)
        factors = np.linalg.lstsq(terms[kept], values[kept], rcond=None)[0]
        away = np.abs(values - terms @ factors)
    down, right = np.meshgrid(np.arange(height) / height, np.arange(width) / width, indexing="ij")
    light = (_second_order(down.ravel(), right.ravel()) @ factors).reshape(height, width)
    return light.clip(0, 1).astype(np.float32)


def _second_order(down: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.stack([np.ones_like(down), down, right, down * right, down**2, right**2], axis=1)


def _reading(page: np.ndarray, widest: float, floor: float) -> Reading | None:
    """Dark ink on the lighter page (h, w), by a pen that is narrower than this share of it; None without any.

    How dark the ink is is a share of the paper's brightness, or of `floor` where that is more.
    """
    paper = _paper(page, max(3, round(min(page.shape) * widest) | 1))
    darker = np.clip((paper - page) / np.maximum(paper, floor), 0, 1)
    darker = _without_lines(darker)
    unevenness = 1.48 * float(np.median(np.abs(page - _median(page))))  # from one pixel to the next
    beside = np.zeros(page.shape, bool)  # what is no paper and no ink
    for _ in range(4):
        threshold = _otsu(darker[~beside])
        inked = (darker > threshold) & ~beside
        full = _full(darker, inked, beside, unevenness)
        if full is None:
            return None
        numbered, pieces = _pieces(darker, inked)
        kept, at_sides = _kept(pieces)
        if not at_sides:
            break
        beside |= ndimage.binary_dilation(np.isin(numbered, at_sides), TOUCHES, iterations=2)
    if widest == WIDEST_ON_ALL:  # so wide a shadow is no stroke either
        kept = [piece for piece in kept if piece.sides in (0, 4)]
    if not kept:
        return None
    inked = np.isin(numbered, [piece.number for piece in kept])
    least = threshold / 2
    if min(page.shape) < FINE:  # the soft edges are half of the digit
        least, full = 0.0, float(np.quantile(darker[inked], 0.9))
    soft = np.clip((darker - least) / max(full - least, CONTRAST / 2), 0, 1)
    near = ndimage.binary_dilation(inked, TOUCHES, iterations=2)  # soft edges, but no faint marks elsewhere
    return Reading(
        np.where(near & ~beside, soft, 0).astype(np.float32), _unclear(page, paper, inked, kept, beside), len(kept)
    )


def _median(values: np.ndarray) -> np.ndarray:
    """The median of each pixel and the eight around it, (h, w) (J. Smith, "Implementing median filters in XC4000E FPGAs",
    1996): the median of the largest of the smallest, the middle of the middle and the smallest of the largest of the rows."""
    padded = np.pad(values, 1, mode="edge")
    rows = [padded[down : down + values.shape[0]] for down in range(3)]
    least, middle, most = _sorted(*rows)
    low = np.maximum(np.maximum(least[:, :-2], least[:, 1:-1]), least[:, 2:])
    high = np.minimum(np.minimum(most[:, :-2], most[:, 1:-1]), most[:, 2:])
    return _sorted(low, _sorted(middle[:, :-2], middle[:, 1:-1], middle[:, 2:])[1], high)[1]


def _sorted(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    low, high = np.minimum(a, b), np.maximum(a, b)
    return np.minimum(low, c), np.maximum(low, np.minimum(high, c)), np.maximum(high, c)


def _paper(page: np.ndarray, widest: int) -> np.ndarray:
    """The brightness of the paper everywhere, under the ink as well. Beyond the picture there is paper."""
    smooth = ndimage.uniform_filter(page, 3)
    size = widest, widest
    covered = ndimage.grey_erosion(
        ndimage.grey_dilation(smooth, size, mode="constant", cval=1.0), size, mode="constant", cval=1.0
    )
    return np.minimum(covered, ndimage.uniform_filter(covered, widest // 2 + 1))  # exact where light ends abruptly


def _full(darker: np.ndarray, inked: np.ndarray, beside: np.ndarray, unevenness: float) -> float | None:
    """How much darker than the paper the ink is; None where it is not more than the paper's grain."""
    paper = darker[~inked & ~beside]
    if not inked.any() or not len(paper):
        return None
    paper = paper[:: 1 + len(paper) // 20_000]
    level = float(np.median(paper))
    grain = 1.48 * float(np.median(np.abs(paper - level)))
    full = float(np.median(darker[inked]))
    return full if full - level >= max(0.9 * CONTRAST, ABOVE_GRAIN * grain, 2 * unevenness) else None


def _without_lines(darker: np.ndarray) -> np.ndarray:
    """The page without the lines that are printed on it: at least three of them, from side to side or up and down."""
    for axis in (0, 1):
        across = np.moveaxis(darker, axis, 0)
        height, length = across.shape
        lines = ndimage.grey_opening(across, (1, max(3, length // 2)))
        level = np.quantile(lines, 0.3, axis=1, keepdims=True)
        lined = level > CONTRAST / 4
        found, n = ndimage.label(lined[:, 0])
        thick = np.bincount(found, minlength=n + 1)[1:]
        if n < 3 or thick.max() > height / 12:
            continue
        lines = np.where(lined, np.minimum(lines, 1.2 * level), 0)
        clean = (across - lines) / (1 - lines).clip(0.1)
        gaps = int(np.median(thick)) + 4
        darker = np.moveaxis(np.where(lined, ndimage.grey_closing(clean, (gaps, 1)), clean), 0, axis)
    return darker


def _pieces(darker: np.ndarray, inked: np.ndarray) -> tuple[np.ndarray, list[Piece]]:
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


def _kept(pieces: list[Piece]) -> tuple[list[Piece], list[int]]:
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


def _unclear(page: np.ndarray, paper: np.ndarray, inked: np.ndarray, kept: list[Piece], beside: np.ndarray) -> float:
    """The share of what surrounds the ink that looks more like the ink than like the paper under it."""
    reach = max(3, max(max(piece.height, piece.width) for piece in kept) / 2)
    rows, columns = np.nonzero(inked)
    pad = int(reach) + 1
    top, left = max(0, rows.min() - pad), max(0, columns.min() - pad)
    box = np.s_[top : rows.max() + pad, left : columns.max() + pad]
    page, paper, inked, beside = page[box], paper[box], inked[box], beside[box]
    far = ndimage.distance_transform_edt(~inked)
    if _holes(inked) > MOST_HOLES * len(kept):
        return 1.0
    around = (far > 1.5) & (far <= reach) & ~beside
    if not around.any():
        return 0.0
    page, of_ink, of_paper = (
        np.log(np.maximum(one, 0.05)) for one in (page, page[inked], paper[inked])
    )  # light multiplies
    return float((page[around] < (np.median(of_ink) + np.median(of_paper)) / 2).mean())


def _holes(inked: np.ndarray) -> int:
    """How many holes there are in the ink, small ones aside."""
    numbered, n = ndimage.label(~np.pad(inked, 1))
    areas = np.bincount(numbered.ravel(), minlength=n + 1)[1:]
    return int((areas >= max(3, SPECK * inked.sum())).sum()) - 1


def _otsu(values: np.ndarray) -> float:
    """The threshold between two kinds of values from 0 to 1 that leaves each kind most alike in itself (N. Otsu, "A threshold
    selection method from gray-level histograms", 1979)."""
    counts, edges = np.histogram(values, 256, (0, 1))
    middles = (edges[:-1] + edges[1:]) / 2
    below, above = np.cumsum(counts)[:-1], np.cumsum(counts[::-1])[::-1][1:]
    sum_below, sum_above = np.cumsum(counts * middles)[:-1], np.cumsum((counts * middles)[::-1])[::-1][1:]
    between = below * above * (sum_below / np.maximum(below, 1) - sum_above / np.maximum(above, 1)) ** 2
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float(edges[1:-1][best].mean())  # two values alone are told apart equally well anywhere between them
