"""Pictures as people bring them, with a known digit or with nothing on them: sizes, formats, light, margins and edges.

A picture is a sheet with a digit of MNIST's test images (written again with a pen, or enlarged), or of Pillow's own font, on
it; then one difficulty of KINDS; then grain, blur and a file format. All of it follows from the seed.
"""

import io
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from core.data import Digits
from tests.drawings import line_of, write

EIGHT_BITS = ("PNG", "JPEG", "MPO", "WEBP", "GIF", "BMP", "TIFF")
LOSSLESS = ("PNG", "BMP", "TIFF")


class Picture(NamedTuple):
    """A file, which digit is on it (None: none), and what is difficult about it."""

    data: bytes
    digit: int | None
    kind: str


class Sheet:
    """A picture in the making: brightness from 0 to 1, (h, w); its ink, its light, and what part of it is there."""

    def __init__(self, rng: np.random.Generator, mask: np.ndarray, paper: float, ink: float):
        self.rng, self.mask, self.paper, self.ink = rng, mask, paper, ink
        self.grey = paper + (ink - paper) * mask
        self.alpha: np.ndarray | None = None
        self.grain, self.blur = float(rng.uniform(0, 0.015)), float(rng.choice([0, 0, 0.5, 1]))
        self.save: Callable[[Sheet], bytes] | None = None

    @property
    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """Down and to the right, from 0 to 1, each (h, w)."""
        height, width = self.grey.shape
        return np.meshgrid(np.linspace(0, 1, height), np.linspace(0, 1, width), indexing="ij")


def digit_mask(rng: np.random.Generator, digits: Digits, digit: int, length: int, fonts=(None,)) -> np.ndarray:
    """A digit cut out at its ink, (h, w) float from 0 to 1; its longer side has so many pixels."""
    how = rng.choice(["pen", "mnist", "printed"])
    if how == "printed" and (
        digit != 1 or fonts != (None,)
    ):  # the flag of its 1 is so long that all three networks read a 7
        font = fonts[rng.integers(len(fonts))]
        font = ImageFont.truetype(font, 300) if font else ImageFont.load_default(300)
        image = Image.new("L", (600, 600))
        ImageDraw.Draw(image).text((150, 100), str(digit), 255, font)
        mask = np.asarray(image) / np.float32(255)
    else:
        number = rng.choice(np.flatnonzero(digits.y_test == digit))
        mask = digits.x_test[number] / np.float32(255)
        if how != "mnist":
            mask = write(line_of(digits.x_test[number]), 220, int(rng.integers(10, 34)), rng)
    rows, columns = np.nonzero(mask > 0.1)
    mask = mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = length / max(mask.shape)
    size = max(2, round(mask.shape[1] * scale)), max(2, round(mask.shape[0] * scale))
    smaller = scale < 1
    resized = Image.fromarray(mask).resize(size, Image.Resampling.BOX if smaller else Image.Resampling.BICUBIC)
    return np.clip(np.asarray(resized), 0, 1)


def placed_on(rng: np.random.Generator, mask: np.ndarray, height: int, width: int, margin: float = 0.08) -> np.ndarray:
    """A digit somewhere on a sheet (height, width), so far from the sides as a share of the shorter one."""
    sheet = np.zeros((height, width), np.float32)
    edge = round(margin * min(height, width))
    top = int(rng.integers(edge, max(edge, height - mask.shape[0] - edge) + 1))
    left = int(rng.integers(edge, max(edge, width - mask.shape[1] - edge) + 1))
    sheet[top : top + mask.shape[0], left : left + mask.shape[1]] = mask
    return sheet


# What can be difficult ----------------------------------------------------------------------------------------------


def plain(sheet: Sheet) -> None:
    pass


def tilted_light(sheet: Sheet) -> None:
    down, right = sheet.places
    angle = sheet.rng.uniform(0, 2 * np.pi)
    sheet.grey = sheet.grey * (
        1 - sheet.rng.uniform(0.2, 0.6) * (0.5 + 0.5 * (np.cos(angle) * down + np.sin(angle) * right))
    )


def vignette(sheet: Sheet) -> None:
    down, right = sheet.places
    sheet.grey = sheet.grey * (1 - sheet.rng.uniform(0.3, 0.8) * ((down - 0.5) ** 2 + (right - 0.5) ** 2))


def soft_shadow(sheet: Sheet) -> None:
    _shade(sheet, sheet.rng.uniform(10, 30), sheet.rng.uniform(0.15, 0.4))


def hard_shadow(sheet: Sheet) -> None:
    _shade(sheet, sheet.rng.uniform(80, 400), sheet.rng.uniform(0.2, 0.5))


def _shade(sheet: Sheet, sharpness: float, depth: float) -> None:
    down, right = sheet.places
    angle = sheet.rng.uniform(0, 2 * np.pi)
    place = np.cos(angle) * (down - 0.5) + np.sin(angle) * (right - 0.5) - sheet.rng.uniform(-0.3, 0.3)
    sheet.grey = sheet.grey * (1 - depth / (1 + np.exp(np.clip(-place * sharpness, -50, 50))))


def faint_shadow_beside(sheet: Sheet) -> None:
    """Of a pen or a finger: soft, faint, and as long as a digit is tall."""
    height, width = sheet.grey.shape
    down, right = sheet.places
    ratio = height / width
    x, y, slope = sheet.rng.uniform(0.1, 0.9), sheet.rng.uniform(0.2, 0.8), sheet.rng.uniform(-0.5, 0.5)
    across = (right - x - slope * (down - y)) / sheet.rng.uniform(0.02, 0.06)
    along = (down - y) * ratio / sheet.rng.uniform(0.1, 0.3)
    sheet.grey = sheet.grey * (1 - sheet.rng.uniform(0.08, 0.2) * np.exp(-(across**2) - along**4))


def strip(sheet: Sheet) -> None:
    """Along one side, or two: the lid of a scanner, the edge of a table."""
    for side in sheet.rng.choice(4, sheet.rng.integers(1, 3), replace=False):
        turned = np.rot90(sheet.grey, side).copy()
        room = _free(np.rot90(sheet.mask, side))
        deep = round(len(turned) * sheet.rng.uniform(0.01, 0.14))
        turned[: max(0, min(deep, room - 3))] = (
            sheet.rng.uniform(0, 0.35) if sheet.paper > 0.5 else sheet.rng.uniform(0.7, 1)
        )
        sheet.grey = np.rot90(turned, -side)


def _free(mask: np.ndarray) -> int:
    """The rows above the ink."""
    return int(np.append(np.flatnonzero(mask.max(axis=1) > 0.2), len(mask))[0])


def desk(sheet: Sheet) -> None:
    """The sheet lies, a little turned, on something darker (or lighter) that fills the rest of the picture."""
    rng = sheet.rng
    height, width = sheet.grey.shape
    angle, size = rng.uniform(-6, 6), rng.uniform(1.1, 1.6)
    tall, wide = round(height * size), round(width * size)
    tone = rng.uniform(0.02, 0.45) if sheet.paper > 0.5 else rng.uniform(0.6, 1)
    top, left = round(rng.uniform(0.2, 0.8) * (tall - height)), round(rng.uniform(0.2, 0.8) * (wide - width))
    grey, there = np.full((tall, wide), tone), np.zeros((tall, wide))
    mask = np.zeros((tall, wide))
    grey[top : top + height, left : left + width] = sheet.grey
    there[top : top + height, left : left + width] = 1
    mask[top : top + height, left : left + width] = sheet.mask
    there, grey, mask = (
        ndimage.rotate(one, angle, reshape=False, order=1, mode="nearest") for one in (there, grey, mask)
    )
    sheet.grey, sheet.mask = grey, mask
    if rng.random() < 0.5:  # wood
        down, right = sheet.places
        sheet.grey = sheet.grey + (1 - there) * rng.uniform(0.01, 0.05) * np.sin(down * rng.uniform(20, 80) + right * 5)


def punch_holes(sheet: Sheet) -> None:
    height, width = sheet.grey.shape
    radius = min(height, width) * sheet.rng.uniform(0.02, 0.05)
    tone = sheet.rng.uniform(0, 0.4) if sheet.paper > 0.5 else sheet.rng.uniform(0.6, 1)
    rows, columns = np.mgrid[:height, :width]
    free = np.flatnonzero(sheet.mask.max(axis=0) > 0.05)
    at = free[0] / 2 if free[0] > width - free[-1] else (width + free[-1]) / 2
    for share in (0.2, 0.8) if sheet.rng.random() < 0.5 else (0.1, 0.4, 0.6, 0.9):
        hole = (rows - share * height) ** 2 + (columns - at) ** 2 <= radius**2
        sheet.grey = np.where(hole, tone, sheet.grey)


def ruled(sheet: Sheet) -> None:
    _lines(sheet, both=False)


def squared(sheet: Sheet) -> None:
    _lines(sheet, both=True)


def _lines(sheet: Sheet, both: bool) -> None:
    """Printed lines of about 170 on 245, under the ink; 1 to 3 pixels wide."""
    height, width = sheet.grey.shape
    every = max(8, round(min(height, width) * sheet.rng.uniform(0.05, 0.16)))
    wide = int(np.clip(every // 10, 1, 3))
    line = sheet.paper * sheet.rng.uniform(0.68, 0.85) if sheet.paper > 0.5 else sheet.paper + 0.2
    lined = np.full(sheet.grey.shape, sheet.paper)
    for start in range(every // 2, height, every):
        lined[start : start + wide] = line
    if both:
        for start in range(every // 2, width, every):
            lined[:, start : start + wide] = line
    sheet.grey = lined + (sheet.ink - lined) * sheet.mask


def pencil(sheet: Sheet) -> None:
    contrast = sheet.rng.uniform(0.1, 0.2)
    sheet.paper = max(sheet.paper, 0.6)
    sheet.grey = sheet.paper * (1 - contrast * sheet.mask)
    sheet.grain = min(sheet.grain, contrast / 15)


def noise(sheet: Sheet) -> None:
    sheet.grain = float(sheet.rng.uniform(0.03, 0.08))


def out_of_focus(sheet: Sheet) -> None:
    sheet.blur = min(sheet.grey.shape) * float(sheet.rng.uniform(0.005, 0.015))


def cut_at_the_ink(sheet: Sheet) -> None:
    rows, columns = np.nonzero(sheet.mask > 0.3)
    sheet.grey = sheet.grey[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    sheet.blur = 0


def cut_at_one_side(sheet: Sheet) -> None:
    """The ink just touches a side."""
    side = sheet.rng.integers(4)
    first = np.flatnonzero(np.rot90(sheet.mask, side).max(axis=1) > 0.3)[0]
    sheet.grey = np.rot90(np.rot90(sheet.grey, side)[first:], -side)
    sheet.blur = min(sheet.blur, 0.5)


def light_on_dark(sheet: Sheet) -> None:
    sheet.grey = 1 - sheet.grey


def transparent_paper(sheet: Sheet) -> None:
    sheet.alpha = sheet.mask
    sheet.grey = np.full(sheet.mask.shape, sheet.rng.uniform(0, 1))
    sheet.grain = sheet.blur = 0


def transparent_margin(sheet: Sheet) -> None:
    """A card, light or dark, on nothing; what lies under the nothing is black or white."""
    height, width = sheet.grey.shape
    tall, wide = round(height * sheet.rng.uniform(1.02, 1.6)), round(width * sheet.rng.uniform(1.02, 1.6))
    top, left = round(sheet.rng.uniform(0, tall - height)), round(sheet.rng.uniform(0, wide - width))
    if sheet.rng.random() < 0.4:
        sheet.grey = 1 - sheet.grey
    grey, alpha = np.full((tall, wide), sheet.rng.choice([0.0, 1.0])), np.zeros((tall, wide))
    grey[top : top + height, left : left + width] = sheet.grey
    alpha[top : top + height, left : left + width] = 1
    sheet.grey, sheet.alpha = grey, alpha
    sheet.blur = 0


def rounded_corners(sheet: Sheet) -> None:
    height, width = sheet.grey.shape
    if sheet.rng.random() < 0.4:
        sheet.grey = 1 - sheet.grey
    shape = Image.new("L", (width * 2, height * 2))
    radius = min(height, width) * 2 * sheet.rng.uniform(0.05, 0.4)
    ImageDraw.Draw(shape).rounded_rectangle((0, 0, width * 2 - 1, height * 2 - 1), radius, 255)
    sheet.alpha = np.asarray(shape.resize((width, height), Image.Resampling.BOX)) / 255.0
    sheet.grey = np.where(sheet.alpha > 0, sheet.grey, sheet.rng.choice([0.0, 1.0]))
    sheet.blur = 0


def sixteen_bits(sheet: Sheet) -> None:
    def save(sheet: Sheet) -> bytes:
        top = sheet.rng.choice([65_535, 4_095, 1_000, 30_000])
        values = (sheet.grey * top).astype(np.uint16)
        for _ in range(sheet.rng.integers(0, 4)):  # hot pixels, and dead ones
            place = tuple(sheet.rng.integers(0, side) for side in values.shape)
            values[place] = sheet.rng.choice([0, 65_535])
        return _saved(Image.fromarray(values), sheet.rng.choice(["PNG", "TIFF"]))

    sheet.save = save


def floats(sheet: Sheet) -> None:
    def save(sheet: Sheet) -> bytes:
        low, high = [(0, 1), (0, 255), (-1, 1), (-2.5, 0.5), (0, 1e-3), (0, 65_535)][sheet.rng.integers(6)]
        values = (low + sheet.grey * (high - low)).astype(np.float32)
        for _ in range(sheet.rng.integers(0, 3)):
            place = tuple(sheet.rng.integers(0, side) for side in values.shape)
            values[place] = sheet.rng.choice([50 * high, np.nan, low - 9 * (high - low)])
        return _saved(Image.fromarray(values), "TIFF")

    sheet.save = save


def whole_numbers(sheet: Sheet) -> None:
    sheet.save = lambda sheet: _saved(Image.fromarray((sheet.grey * 200_000).astype(np.int32)), "TIFF")


def two_colours(sheet: Sheet) -> None:
    sheet.save = lambda sheet: _saved(Image.fromarray(sheet.grey > (sheet.paper + sheet.ink) / 2), "PNG")


def of_a_phone(sheet: Sheet) -> None:
    """Large, held upright, two pictures in one file."""

    def save(sheet: Sheet) -> bytes:
        image = Image.fromarray(_levels(sheet.grey)).convert("RGB")
        image = image.resize((image.width * 3, image.height * 3), Image.Resampling.BILINEAR)
        exif = Image.Exif()
        exif[0x0112] = 6
        lying = image.transpose(Image.Transpose.ROTATE_90)
        small = lying.resize((lying.width // 8, lying.height // 8))
        return _saved(lying, "MPO", save_all=True, append_images=[small], exif=exif, quality=80)

    sheet.save = save


def coloured(sheet: Sheet) -> None:
    """Ink and paper of colours, not of greys."""

    def save(sheet: Sheet) -> bytes:
        paper, pen = (
            np.float32([[1, 0.97, 0.85], [0.1, 0.2, 0.6]])
            if sheet.rng.random() < 0.6
            else np.float32([[0.9, 0.95, 1], [0.75, 0.1, 0.1]])
        )
        share = ((sheet.grey - sheet.ink) / (sheet.paper - sheet.ink))[:, :, None]
        return _saved(Image.fromarray(_levels(pen + (paper - pen) * share)), sheet.rng.choice(EIGHT_BITS))

    sheet.save = save


KINDS = (
    plain, tilted_light, vignette, soft_shadow, hard_shadow, faint_shadow_beside, strip, desk, punch_holes, ruled, squared,
    pencil, noise, out_of_focus, cut_at_the_ink, cut_at_one_side, light_on_dark, transparent_paper, transparent_margin,
    rounded_corners, sixteen_bits, floats, whole_numbers, two_colours, of_a_phone, coloured,
)  # fmt: skip
ON_BLANK = (
    plain, tilted_light, soft_shadow, hard_shadow, strip, desk, ruled, squared, noise, light_on_dark,
    transparent_margin, rounded_corners, sixteen_bits, floats,
)  # fmt: skip


def _levels(grey: np.ndarray) -> np.ndarray:
    return (np.clip(grey, 0, 1) * 255).round().astype(np.uint8)


def _saved(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _file(sheet: Sheet) -> bytes:
    if sheet.blur:
        sheet.grey = ndimage.gaussian_filter(sheet.grey, sheet.blur)
    if sheet.grain:
        sheet.grey = sheet.grey + sheet.rng.normal(0, sheet.grain, sheet.grey.shape)
    sheet.grey = np.clip(sheet.grey, 0, 1)
    if sheet.save:
        return sheet.save(sheet)
    levels = _levels(sheet.grey)
    if sheet.alpha is not None:
        bands = np.dstack([levels, levels, levels, _levels(sheet.alpha)])
        return _saved(Image.fromarray(bands), sheet.rng.choice(["PNG", "WEBP", "TIFF"]), lossless=True)
    kind = str(sheet.rng.choice(EIGHT_BITS if min(levels.shape) > 60 else LOSSLESS))
    image = Image.fromarray(levels)
    if kind in ("JPEG", "WEBP", "MPO"):
        return _saved(image.convert("RGB"), kind, quality=int(sheet.rng.integers(60, 96)))
    return _saved(image if sheet.rng.random() < 0.5 else image.convert("RGB"), kind)


def pictures(digits: Digits, n: int, seed: int, fonts=(None,)) -> list[Picture]:
    """So many pictures, every kind of difficulty in turn; on every eighth there is nothing."""
    return [_picture(digits, number, seed, fonts) for number in range(n)]


def _picture(digits: Digits, number: int, seed: int, fonts) -> Picture:
    rng = np.random.default_rng((seed, number))
    short = int(rng.choice([40, 100, 200, 300, 450]))
    height, width = rng.permutation([short, round(short * rng.uniform(1, 1.5))])
    dark = rng.random() < 0.12
    paper = rng.uniform(0.05, 0.3) if dark else rng.uniform(0.7, 1)
    ink = rng.uniform(0.75, 1) if dark else rng.uniform(0, 0.4) * paper
    if number % 8 == 7:
        kind = ON_BLANK[number // 8 % len(ON_BLANK)]
        digit, mask = None, np.zeros((height, width), np.float32)
    else:
        kind = KINDS[number % len(KINDS)]
        digit = int(rng.integers(10))
        length = max(16, round(min(height, width) * rng.uniform(0.3, 0.8)))
        mask = placed_on(rng, digit_mask(rng, digits, digit, length, fonts), height, width)
    sheet = Sheet(rng, mask, paper, ink)
    kind(sheet)
    name = kind.__name__.replace("_", " ")
    return Picture(_file(sheet), digit, name if digit is not None else f"nothing, {name}")
