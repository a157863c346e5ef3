"""A photo or scan -> its ink. Knows paper and light, not files and not digits.

Paper is what is left when everything that is narrower than a pen can be is painted over with what is around it (a
morphological closing, J. Serra, "Image analysis and mathematical morphology", 1982). How wide a pen can be, and whether it is
darker or lighter than the paper, is not known: every way is tried, and the one after which ink and paper are told apart best
is taken.
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from core.images.ready import pen_width
from core.sketch.light import CONTRAST, brightness, in_even_light, median, paper_of, widened, without_lines
from core.sketch.pieces import FINE, can_be_digits, pieces_of, strokes_of

WIDEST = 1 / 5  # of the shorter side: what a pen is narrower than
WIDEST_ON_ALL = 1 / 2  # where a digit fills the picture
ABOVE_GRAIN = 4  # times the spread of the paper that ink is away from it
CLEAR, UNCLEAR = 0.1, 0.2  # of what surrounds the ink looks like ink: hardly any of it, and too much
COARSE = 60  # pixels of half a digit are as good as more of them, to see what surrounds it
BROADEST = 0.35  # of the length of the ink is a pen
FADES = 0.22  # of its contrast is what the ink leaves right beside it, at most


class PaperError(ValueError):
    """A picture on which ink and paper cannot be told apart. The message is one sentence."""


class Reading(NamedTuple):
    """One way to tell ink from paper: the ink (h, w) from 0 to 1, and how unclear it is."""

    ink: np.ndarray
    unclear: float


def ink(picture: np.ndarray) -> np.ndarray:
    """A photo or scan, (h, w), (h, w, 3) or (h, w, 4) uint8 -> its ink (h, w) float32 from 0 (paper) to 1.

    Without any ink all is 0. Raises PaperError where there is something that cannot be told from the paper.
    """
    bright = brightness(picture.astype(np.float32) / 255)
    nothing = np.zeros(bright.shape, np.float32)
    if min(bright.shape) < 3 or np.ptp(bright) < CONTRAST / 2:
        return nothing
    if min(bright.shape) >= FINE:
        bright = in_even_light(median(bright))  # without single specks
    # In the deepest shadow everything would be ink, and on the whitest paper whatever is whiter.
    pages = (bright, 0.4), (1 - bright, 0.75)
    unevenness = 1.48 * float(np.median(np.abs(bright - median(bright))))
    readings = [_reading(page, WIDEST, floor, unevenness) for page, floor in pages]
    if min(bright.shape) < FINE or not any(reading and reading.unclear < CLEAR for reading in readings):
        readings += [_reading(page, WIDEST_ON_ALL, floor, unevenness) for page, floor in pages]
    found = [reading for reading in readings if reading]
    clear = [reading for reading in found if reading.unclear < CLEAR]
    # A pen that is nearly too wide leaves ink that is clear, and not all of it.
    best = max(clear, key=_mass, default=None) or min(found, key=lambda reading: reading.unclear, default=None)
    if best is None or (best.unclear > UNCLEAR and len(found) < len(readings)):  # an edge that is ink in one way only
        return nothing
    if best.unclear > UNCLEAR:
        raise PaperError("It cannot be told what is ink here and what is paper: try plain paper and even light.")
    return best.ink


def _mass(reading: Reading) -> float:
    return float(reading.ink.sum())


def _reading(page: np.ndarray, widest: float, floor: float, unevenness: float) -> Reading | None:
    """Dark ink on the lighter page (h, w), by a pen that is narrower than this share of it; None without any.

    How dark the ink is is a share of the paper's brightness, or of `floor` where that is more. By `unevenness` one pixel of
    paper differs from the next.
    """
    paper = paper_of(page, max(3, round(min(page.shape) * widest) | 1))
    darker = np.clip((paper - page) / np.maximum(paper, floor), 0, 1)
    darker = without_lines(darker)
    beside = np.zeros(page.shape, bool)  # what is no paper and no ink
    for _ in range(4):
        threshold = _otsu(darker[~beside])
        inked = (darker > threshold) & ~beside
        full = _full(darker, inked, beside, unevenness)
        if full is None:
            return None
        numbered, pieces = pieces_of(darker, inked)
        kept, at_sides = strokes_of(pieces)
        if not at_sides:
            break
        beside |= widened(_of(numbered, at_sides), 2)
    if widest == WIDEST_ON_ALL:  # so wide a shadow is no stroke either
        kept = [piece for piece in kept if piece.sides in (0, 4)]
    if not kept:
        return None
    inked = _of(numbered, [piece.number for piece in kept])
    assert full is not None  # or the search would have ended
    least = threshold / 2
    if min(page.shape) < FINE:  # the soft edges are half of the digit
        least, full = 0.0, float(np.quantile(darker[inked], 0.9))
    soft = np.clip((darker - least) / max(full - least, CONTRAST / 2), 0, 1)
    near = widened(inked, 2)  # soft edges, but no faint marks elsewhere
    ink = np.where(near & ~beside, soft, 0).astype(np.float32)
    if not can_be_digits(inked, kept, pieces):
        return Reading(ink, 1.0)
    reach = max(3.0, max(piece.length for piece in kept) / 2)
    box = _around(inked, int(reach) + 1)
    return Reading(ink, _unclear(page[box], paper[box], darker[box], inked[box], beside[box], reach))


def _around(inked: np.ndarray, by: int) -> tuple[slice, slice]:
    """The box around the ink, larger by so many pixels where the picture is."""
    spans = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
    down, right = (slice(max(0, span[0] - by), span[-1] + by + 1) for span in spans)
    return down, right


def _of(numbered: np.ndarray, numbers: list[int]) -> np.ndarray:
    """Where the pieces with these numbers are."""
    chosen = np.zeros(int(numbered.max()) + 1, bool)
    chosen[numbers] = True
    return chosen[numbered]


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


def _unclear(
    page: np.ndarray, paper: np.ndarray, darker: np.ndarray, inked: np.ndarray, beside: np.ndarray, reach: float
) -> float:
    """The share of what surrounds the ink, all (h, w), up to `reach` pixels away, that looks more like the ink than like the
    paper under it; 1 where the ink fades into what surrounds it, as no pen does.
    """
    step = max(1, round(reach / COARSE))
    of_ink, of_paper = (float(np.median(np.log(np.maximum(one[inked], 0.05)))) for one in (page, paper))
    full, pen = float(np.median(darker[inked])), pen_width(inked)
    if pen > BROADEST * max(inked.any(axis=1).sum(), inked.any(axis=0).sum()):
        return 1.0
    page, darker, beside, inked = (one[::step, ::step] for one in (page, darker, beside, widened(inked, step - 1)))
    far = ndimage.distance_transform_edt(~inked)
    around = (far > 1.5) & ~beside
    close = around & (far * step > 2) & (far * step <= max(4, pen / 2))
    if close.any() and np.quantile(darker[close], 0.75) > FADES * full:
        return 1.0
    around &= far * step <= reach
    like_ink = np.log(np.maximum(page, 0.05)) < (of_ink + of_paper) / 2  # light multiplies
    return max((float(like_ink[where].mean()) for where in (around, close) if where.any()), default=0.0)


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
