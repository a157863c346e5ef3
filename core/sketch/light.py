"""How bright the paper of a picture is everywhere: transparency, light that falls off, and the lines that are printed on it.

Knows paper alone: what stands out from it is ink, a shadow or the desk, and core/sketch/paper.py tells which.
"""

import numpy as np
from scipy import ndimage

from core.images import LUMA

CONTRAST = 0.08  # of the paper's brightness: ink that differs by so much is read, and whatever differs less is no ink
TOUCHES = np.ones((3, 3), bool)


def brightness(values: np.ndarray) -> np.ndarray:
    """A picture of floats from 0 to 1, (h, w), (h, w, 3) or (h, w, 4) -> (h, w), laid on paper where it is transparent.

    A sheet with a transparent margin lies on its own colour. Ink on nothing lies on white, and is black.
    """
    if values.ndim == 2:
        return values
    grey = values[:, :, :3] @ LUMA
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
    return bool(high - low > CONTRAST or min(height, width) > 0.4 * max(height, width))


def in_even_light(bright: np.ndarray) -> np.ndarray:
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
    sample = slice(None, None, max(1, len(rows) // 4_000))
    rows, columns = rows[sample], columns[sample]
    down, right = rows / height, columns / width
    terms = np.stack([np.ones_like(down), down, right, down * right, down**2, right**2], axis=1)
    values = bright[rows, columns]
    away = np.abs(values - np.median(values))
    for _ in range(3):
        kept = away <= np.quantile(away, 0.6)
        factors = np.linalg.lstsq(terms[kept], values[kept], rcond=None)[0]
        away = np.abs(values - terms @ factors)
    level, by_down, by_right, by_both, by_down_squared, by_right_squared = factors.astype(np.float32)
    down = np.arange(height, dtype=np.float32)[:, None] / height
    right = np.arange(width, dtype=np.float32) / width
    along, across = by_down * down + by_down_squared * down**2, by_right * right + by_right_squared * right**2
    return (level + along + across + by_both * down * right).clip(0, 1)


def paper_of(page: np.ndarray, widest: int) -> np.ndarray:
    """The brightness of the paper everywhere, under the ink as well. Beyond the picture there is paper."""
    smooth = ndimage.uniform_filter(page, 3)
    size = widest, widest
    covered = ndimage.grey_erosion(
        ndimage.grey_dilation(smooth, size, mode="constant", cval=1.0), size, mode="constant", cval=1.0
    )
    return np.minimum(covered, ndimage.uniform_filter(covered, widest // 2 + 1))  # exact where light ends abruptly


def without_lines(darker: np.ndarray) -> np.ndarray:
    """The page without the lines that are printed on it: at least three of them, from side to side or up and down."""
    for axis in (0, 1):
        across = np.moveaxis(darker, axis, 0)
        height, length = across.shape
        level = np.zeros((height, 1), np.float32)
        rows = np.flatnonzero((across > CONTRAST / 4).mean(axis=1) >= 0.65)  # of the others no line is left
        if not len(rows):
            continue
        lines = np.zeros_like(across)
        lines[rows] = ndimage.grey_opening(across[rows], (1, max(3, length // 2)))
        level[rows] = np.quantile(lines[rows], 0.3, axis=1, keepdims=True)
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


def median(values: np.ndarray) -> np.ndarray:
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


def widened(mask: np.ndarray, by: int) -> np.ndarray:
    """A mask (h, w) bool and all that is at most so many pixels away from it, up, down, left and right (SciPy's
    binary_dilation is several times as slow)."""
    for axis in (0, 1):
        wide = mask.copy()
        old, new = np.moveaxis(mask, axis, 0), np.moveaxis(wide, axis, 0)
        for step in range(1, by + 1):
            new[step:] |= old[:-step]
            new[:-step] |= old[step:]
        mask = wide
    return mask
