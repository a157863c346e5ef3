"""What is inside a network painted as pictures, (h, w, 3) uint8: filters, feature maps, attributions."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.analysis.neurons import SCALE_END, TINY
from core.charts.colours import LIGHT, Colours, diverging, floats, inked, tile
from core.data import SIDE
from core.images import LUMA
from core.words import MINUS, number

LETTERS = 26  # pixels; a wide picture is shown at half its size, and smaller on a phone
DIM = 0.25  # how much of the ink is left outside of what a filter sees
SHADOW = 0.22  # how much of the ink shows through where a pixel says nothing
CELL = 90  # dots of a number's square
DOTS = 600  # that a framed picture is wide, about


def templates(w1: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """The rows of the first layer's weights (hidden, 784) as one picture, (h, w, 3) uint8, on a common scale.

    The scale is centred on zero and ends at the 99.5th percentile of the sizes.
    """
    largest = float(np.percentile(np.abs(w1), SCALE_END))
    return tile(diverging(w1.reshape(-1, SIDE, SIDE).astype(np.float32), largest, colours), colours=colours)


def inked_template(weights: np.ndarray, image: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """A neuron's weights (784,) under the ink of an image (28, 28) uint8: a picture (28, 28, 3) uint8.

    Where there is ink the weights have their full colours, elsewhere they are pale.
    """
    picture = diverging(weights.reshape(SIDE, SIDE), float(np.percentile(np.abs(weights), SCALE_END)), colours)
    zero, ink = floats(colours.zero), image[..., None] / np.float32(255)
    shadow = 0.2 * ink * (floats(colours.ink) - zero)  # or ink where a weight is near zero would not be seen
    return np.clip(zero + shadow + (0.2 + 0.8 * ink) * (picture - zero), 0, 255).astype(np.uint8)


def grid(weights: np.ndarray, ends: np.ndarray, columns: int | None = None, colours: Colours = LIGHT) -> np.ndarray:
    """Weights (n, h, w) as one picture (height, width, 3) uint8, each unit on a scale from -end to end: ends (n,).

    A dot is a weight, or a third of one, as `_dots` says.
    """
    shares = weights.astype(np.float32) / np.maximum(ends, TINY)[:, None, None]
    return tile(_enlarged(diverging(shares, 1.0, colours), _dots(weights)), columns, colours=colours)


def filter_picture(kernels: np.ndarray, largest: float, colours: Colours = LIGHT) -> np.ndarray:
    """The kernels (inputs, k, k) of one filter side by side, on a scale from -largest to largest: a dot is half a weight."""
    squares = _enlarged(diverging(kernels, largest, colours), 2)
    n = len(squares)
    if n == 1:
        return squares[0]
    columns = n if n <= 3 else -(-n // max(1, round(n**0.5 / 1.3)))
    return tile(squares, columns, border=1, colours=colours)


def exciting(
    images: np.ndarray, corners: np.ndarray, size: int, values: np.ndarray, colours: Colours = LIGHT
) -> np.ndarray:
    """Images (n, 28, 28) uint8 with the part that a filter sees lit and framed, six in a row, its answer below each.

    `corners` (n, 2) are the first row and column of those parts, which are `size` pixels wide and may reach beyond the image;
    `values` (n,) are the answers.
    """
    columns, scale, gap = 6, 5, 10
    across, down = SIDE * scale + gap, SIDE * scale + gap + LETTERS + 10
    sheet = _paper(-(-len(images) // columns) * down, min(len(images), columns) * across, colours)
    draw = _Draw(sheet, colours)
    for i, (image, (top, left), value) in enumerate(zip(images, corners.tolist(), values, strict=True)):
        x, y = i % columns * across, i // columns * down
        lit = np.zeros((SIDE, SIDE), bool)
        first_row, first_column = max(top, 0), max(left, 0)
        last_row, last_column = min(top + size, SIDE), min(left + size, SIDE)
        lit[first_row:last_row, first_column:last_column] = True
        ink = np.where(lit, image, image * DIM).astype(np.uint8)
        draw.paste(_enlarged(inked(ink, colours), scale), x, y)
        ends = x + first_column * scale, y + first_row * scale, x + last_column * scale - 1, y + last_row * scale - 1
        draw.frame(*ends)
        draw.words(f"{value:.1f}", x + SIDE // 2 * scale, y + SIDE * scale + 8)
    return draw.picture


def sheet_of_maps(maps: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """Feature maps (n, h, w) side by side in their order, on one scale centred on zero.

    A dot is a value, or a third of one, as `_dots` says.
    """
    n = len(maps)
    painted = diverging(maps, float(np.abs(maps).max()), colours)
    if n == 1:
        return painted[0]
    columns = 3 if n <= 6 else int(np.ceil(np.sqrt(n)))
    return tile(_enlarged(painted, _dots(maps)), columns, border=1, colours=colours)


def strip_of_units(values: np.ndarray, colours: Colours = LIGHT, columns: int = 30) -> np.ndarray:
    """The units (n,) of a fully connected layer as squares of ten dots in their order, on one scale centred on zero."""
    squares = diverging(values[:, None, None], float(np.abs(values).max()), colours)
    return tile(_enlarged(squares, 10), columns, border=1, colours=colours)


def of_digits(values: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """A value for each digit (10,) as squares side by side, on one scale centred on zero, with the digits below them."""
    side, gap = 60, 8
    squares = _enlarged(diverging(values.reshape(-1, 1, 1), float(np.abs(values).max()), colours), side)
    draw = _Draw(_paper(side + gap + LETTERS, len(values) * (side + gap) - gap, colours), colours)
    for digit, square in enumerate(squares):
        x = digit * (side + gap)
        draw.paste(square, x, 0)
        draw.words(str(digit), x + side // 2, side + gap)
    return draw.picture


def cell_words(values: np.ndarray) -> list[list[str]]:
    """The numbers (rows, columns) as `numbered` writes them."""
    return [[number(value, 2) for value in row] for row in values.tolist()]


def numbered(values: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """Values (rows, columns) as squares with their numbers in them, on one scale centred on zero: (h, w, 3) uint8."""
    painted = diverging(values, float(np.abs(values).max()), colours)
    gap = 4
    height, width = (n * (CELL + gap) - gap for n in values.shape)
    draw = _Draw(_paper(height, width, colours), colours)
    bright = {letters: float(LUMA @ floats(letters)) for letters in (colours.ink, colours.paper)}
    for row, words in enumerate(cell_words(values)):
        for column, word in enumerate(words):
            x, y, colour = column * (CELL + gap), row * (CELL + gap), painted[row, column]
            draw.paste(_enlarged(colour[None, None], CELL), x, y)
            letters = max(bright, key=lambda one: abs(bright[one] - float(LUMA @ colour)))
            draw.number(word, x + CELL // 2, y + CELL // 2, letters)
    return draw.picture


def framed(
    picture: np.ndarray, corner: tuple[int, int], size: int, margin: int = 0, colours: Colours = LIGHT
) -> np.ndarray:
    """A picture (h, w, 3) enlarged, with a frame around `size` x `size` of its dots from `corner` (row, column) on.

    Around it lies a `margin` of so many dots, into which the frame may reach: what a convolution pads.
    """
    times = max(2, DOTS // (picture.shape[1] + 2 * margin))
    edge = ((margin, margin), (margin, margin))
    padded = np.stack([np.pad(picture[..., i], edge, constant_values=colours.zero[i]) for i in range(3)], axis=-1)
    draw = _Draw(_enlarged(padded, times), colours)
    top, left = ((place + margin) * times for place in corner)
    draw.frame(left, top, left + size * times - 1, top + size * times - 1, 6)
    return draw.picture


def matrix(values: np.ndarray, colours: Colours = LIGHT) -> np.ndarray:
    """Values (rows, columns) as squares of ten dots, on one scale centred on zero: (h, w, 3) uint8."""
    squares = diverging(values.reshape(-1, 1, 1), float(np.abs(values).max()), colours)
    return tile(_enlarged(squares, 10), values.shape[1], border=1, colours=colours)


def over_ink(values: np.ndarray, image: np.ndarray, largest: float, colours: Colours = LIGHT) -> np.ndarray:
    """What each pixel says (28, 28), over the grey shadow of the image's ink (28, 28) uint8: (30, 28, 3).

    The last row is the scale, from -largest to largest.
    """
    zero, ink = floats(colours.zero), image[..., None] / np.float32(255)
    base = zero + SHADOW * ink * (floats(colours.ink) - zero)
    share = np.clip(values / (largest or 1.0), -1, 1)[..., None]
    hue = np.where(share < 0, floats(colours.negative), floats(colours.positive))
    sheet = _paper(SIDE + 2, SIDE, colours)
    sheet[:SIDE] = base + np.abs(share) * (hue - base)
    sheet[SIDE + 1] = diverging(np.linspace(-1, 1, SIDE), 1.0, colours)
    return sheet


def _paper(height: int, width: int, colours: Colours) -> np.ndarray:
    sheet = np.empty((height, width, 3), np.uint8)
    sheet[:] = colours.paper
    return sheet


def _dots(pictures: np.ndarray) -> int:
    """The dots of a value along each side of pictures (n, h, w): three where the border between them would seem wide otherwise."""
    return 1 if pictures.shape[1] > 8 else 3


def _enlarged(pictures: np.ndarray, times: int) -> np.ndarray:
    """Pictures (…, h, w, 3) with every dot so many times as large."""
    return pictures.repeat(times, axis=-3).repeat(times, axis=-2)


@lru_cache
def _letters(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


class _Draw:
    """A sheet that is drawn on: letters and frames over what is painted already."""

    def __init__(self, sheet: np.ndarray, colours: Colours):
        self.image, self.colours = Image.fromarray(sheet), colours
        self.pen = ImageDraw.Draw(self.image)

    def words(self, words: str, x: int, y: int) -> None:
        """Write words below (x, y), centred."""
        self.pen.text((x, y), words, self.colours.ink, _letters(LETTERS), anchor="mt")

    def number(self, words: str, x: int, y: int, colour: tuple[int, int, int]) -> None:
        """Write a number around (x, y), as large as a square has room for it."""
        words = words.replace(MINUS, "-")  # Pillow's letters have no minus sign
        self.pen.text((x, y), words, colour, _letters(min(LETTERS, 10 * LETTERS // (2 * len(words)))), anchor="mm")

    def frame(self, x0: int, y0: int, x1: int, y1: int, width: int = 3) -> None:
        self.pen.rectangle((x0, y0, x1, y1), outline=self.colours.line, width=width)

    def paste(self, picture: np.ndarray, x: int, y: int) -> None:
        self.image.paste(Image.fromarray(picture), (x, y))

    @property
    def picture(self) -> np.ndarray:
        return np.asarray(self.image)
