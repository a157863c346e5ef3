"""Draws the picture of a link's card from the committed data and run: python -m serving.picture."""

from pathlib import Path

import numpy as np
import streamlit
from PIL import Image, ImageDraw, ImageFont

from core import checkpoints
from core.analysis.neurons import SCALE_END, order
from core.charts.colours import DARK, inked
from core.charts.pictures import grid
from core.config import PRESETS
from core.data import CLASSES, load_digits
from serving.card import NAME, PICTURE, SIZE

MARGIN, GAP, COLUMNS = 60, 8, CLASSES  # pixels, pixels, pictures in a row
TILE = (SIZE[0] - 2 * MARGIN - (COLUMNS - 1) * GAP) // COLUMNS
LEVELS = 128  # colours of the file: as many as one sees
LETTERS = "static/static/media/SourceSansVF-Upright.*.woff2"  # the pages' own, which come with Streamlit
WORDS = "Two networks learn to read handwritten digits, and you watch."


def picture() -> Image.Image:
    """The name, a row of digits, and two rows of what neurons of MLP full look for after its last epoch."""
    canvas = Image.new("RGB", SIZE, DARK.paper)
    brush = ImageDraw.Draw(canvas)
    brush.text((MARGIN, 56), NAME, DARK.ink, _letters(76, 700))
    brush.text((MARGIN, 154), WORDS, DARK.ink, _letters(36, 400))
    for place, tile in enumerate([*_written(), *_learnt()]):
        row, column = divmod(place, COLUMNS)
        at = (MARGIN + column * (TILE + GAP), 240 + row * (TILE + GAP) + (row > 0) * 2 * GAP)
        canvas.paste(Image.fromarray(tile).resize((TILE, TILE), Image.Resampling.NEAREST), at)
    return canvas.quantize(LEVELS, dither=Image.Dither.NONE)


def _written() -> np.ndarray:
    """The first test image of every digit: (10, 28, 28, 3) uint8."""
    digits = load_digits()
    first = [int(np.flatnonzero(digits.y_test == digit)[0]) for digit in range(CLASSES)]
    return inked(digits.x_test[first], DARK)


def _learnt() -> list[np.ndarray]:
    """Neurons from all over the order of the digits that they vote for, each a picture (28, 28, 3) uint8 on its own scale."""
    last = checkpoints.load(PRESETS["MLP full"].key).snapshots
    weights = {name: array.astype(np.float32) for name, array in last[max(last)].items()}
    by_votes = order(weights["w1"], weights["w2"], "votes")
    chosen = weights["w1"][by_votes[np.linspace(0, len(by_votes) - 1, 2 * COLUMNS).astype(int)]]
    ends = np.percentile(np.abs(chosen), SCALE_END, axis=1)
    return [grid(row.reshape(1, 28, 28), ends[i : i + 1], 1, DARK) for i, row in enumerate(chosen)]


def _letters(size: int, weight: int) -> ImageFont.FreeTypeFont:
    (file,) = Path(streamlit.__file__).parent.glob(LETTERS)
    letters = ImageFont.truetype(str(file), size)
    letters.set_variation_by_axes([weight])
    return letters


if __name__ == "__main__":
    picture().save(PICTURE, optimize=True)
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} kB")
