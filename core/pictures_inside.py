"""What is inside a network painted as pictures, (h, w, 3) uint8 at the size of a screen: filters, feature maps, evidence."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.paint import LIGHT, Colours, digits, diverging, tile

LETTERS = 26  # pixels; a wide picture is shown at half its size, and smaller on a phone
DIM = 0.25  # how much of the ink is left outside of what a filter sees
SHADOW = 0.22  # how much of the ink shows through where a pixel says nothing


def filter_picture(kernels: np.ndarray, largest: float, colours: Colours = LIGHT) -> np.ndarray:
    """The kernels (inputs, k, k) of one filter side by side, on a scale from -largest to largest."""
    squares = diverging(kernels, largest, colours)
    columns = len(squares) if len(squares) <= 3 else -(-len(squares) // max(1, round(len(squares) ** 0.5 / 1.3)))
    sheet = tile(squares, columns, border=1, colours=colours)
    return _enlarged(sheet, max(4, 240 // sheet.shape[1]))


def exciting(
    images: np.ndarray, corners: np.ndarray, size: int, values: np.ndarray, colours: Colours = LIGHT
) -> np.ndarray:
    """Images (n, 28, 28) uint8 with the part that a filter sees lit and framed, six in a row, its answer below each.

    `corners` (n, 2) are the first row and column of those parts, which are `size` pixels wide and may reach beyond the image;
    `values` (n,) are the answers.
    """
    columns, scale, gap = 6, 5, 10
    across, down = 28 * scale + gap, 28 * scale + gap + LETTERS + 10
    sheet = _paper(-(-len(images) // columns) * down, min(len(images), columns) * across, colours)
    draw = _Draw(sheet, colours)
    for i, (image, (top, left), value) in enumerate(zip(images, corners.tolist(), values, strict=True)):
        x, y = i % columns * across, i // columns * down
        lit = np.zeros((28, 28), bool)
        first_row, first_column = max(top, 0), max(left, 0)
        last_row, last_column = min(top + size, 28), min(left + size, 28)
        lit[first_row:last_row, first_column:last_column] = True
        ink = np.where(lit, image, image * DIM).astype(np.uint8)
        draw.paste(_enlarged(digits(ink, colours), scale), x, y)
        ends = x + first_column * scale, y + first_row * scale, x + last_column * scale - 1, y + last_row * scale - 1
        draw.frame(*ends)
        draw.words(f"{value:.1f}", x + 14 * scale, y + 28 * scale + 8, anchor="mt")
    return draw.picture


def sheet_of_maps(maps: np.ndarray, colours: Colours = LIGHT, width: int = 440) -> np.ndarray:
    """Feature maps (n, h, w) side by side in their order, on one scale centred on zero."""
    n, _, across = maps.shape
    columns = 1 if n == 1 else 3 if n <= 6 else int(np.ceil(np.sqrt(n)))
    painted = diverging(maps, float(np.abs(maps).max()), colours)
    scale = max(1, width // (columns * across))
    pictures = painted.repeat(scale, axis=1).repeat(scale, axis=2)
    return tile(pictures, columns, border=3, colours=colours)


def strip_of_units(values: np.ndarray, colours: Colours = LIGHT, columns: int = 30) -> np.ndarray:
    """The units (n,) of a fully connected layer as squares in their order, on one scale centred on zero."""
    squares = diverging(values[:, None, None], float(np.abs(values).max()), colours)
    return tile(squares.repeat(20, axis=1).repeat(20, axis=2), columns, border=2, colours=colours)


def over_ink(
    values: np.ndarray, image: np.ndarray, colours: Colours = LIGHT, largest: float | None = None
) -> np.ndarray:
    """What each pixel says (28, 28), on a scale centred on zero, over the grey shadow of the image's ink (28, 28) uint8.

    Below it the scale itself, with its ends: `largest`, or the largest size of a value.
    """
    end = float(np.abs(values).max()) if largest is None else largest
    zero, ink = np.float32(colours.zero), image[..., None] / np.float32(255)
    base = zero + SHADOW * ink * (np.float32(colours.ink) - zero)
    share = np.clip(values / (end or 1.0), -1, 1)[..., None]
    hue = np.where(share < 0, np.float32(colours.negative), np.float32(colours.positive))
    return with_scale(_enlarged((base + np.abs(share) * (hue - base)).astype(np.uint8), 16), end, colours)


def with_scale(picture: np.ndarray, largest: float, colours: Colours = LIGHT) -> np.ndarray:
    """A picture with its scale below: from -largest, in blue, to largest, in red."""
    height, width, _ = picture.shape
    sheet = _paper(height + 54, width, colours)
    sheet[:height] = picture
    sheet[height + 14 : height + 28] = diverging(np.linspace(-1, 1, width), 1.0, colours)
    draw = _Draw(sheet, colours)
    end = _short(largest)
    for words, x, anchor in ((f"-{end}", 0, "lt"), ("0", width // 2, "mt"), (f"+{end}", width - 1, "rt")):
        draw.words(words, x, height + 34, anchor=anchor, size=18)
    return draw.picture


def _short(number: float) -> str:
    """Three significant digits, and no more zeros than needed."""
    return f"{number:.3g}" if 0.001 <= number < 1000 or number == 0 else f"{number:.1e}"


def _paper(height: int, width: int, colours: Colours) -> np.ndarray:
    sheet = np.empty((height, width, 3), np.uint8)
    sheet[:] = colours.paper
    return sheet


def _enlarged(picture: np.ndarray, scale: int) -> np.ndarray:
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)


class _Draw:
    """A sheet that is drawn on: letters and frames over what is painted already."""

    def __init__(self, sheet: np.ndarray, colours: Colours):
        self.image, self.colours = Image.fromarray(sheet), colours
        self.pen = ImageDraw.Draw(self.image)

    def words(self, words: str, x: int, y: int, anchor: str, size: int = LETTERS) -> None:
        self.pen.text((x, y), words, self.colours.ink, ImageFont.load_default(size), anchor=anchor)

    def frame(self, x0: int, y0: int, x1: int, y1: int) -> None:
        self.pen.rectangle((x0, y0, x1, y1), outline=self.colours.positive, width=3)

    def paste(self, picture: np.ndarray, x: int, y: int) -> None:
        self.image.paste(Image.fromarray(picture), (x, y))

    @property
    def picture(self) -> np.ndarray:
        return np.asarray(self.image)
