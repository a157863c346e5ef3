"""All allographs that drawings are made of, as one picture: python -m tests.allographs [FILE]. A row for each digit."""

import sys

import numpy as np
from PIL import Image

from core.images.allographs import ALLOGRAPHS, line_through, strokes_of
from core.images.hands import Pen, inked

FILE = "docs/allographs.png"
CELL = 60  # pixels
PEN = Pen(0.06, "round")


def picture() -> np.ndarray:
    """Grey levels (height, width) uint8: ink is dark."""
    rows = [[_cell(words) for words in kinds.values()] for kinds in ALLOGRAPHS.values()]
    most = max(map(len, rows))
    paper = np.zeros((CELL, CELL), np.float32)
    ink = np.vstack([np.hstack(row + [paper] * (most - len(row))) for row in rows])
    return (255 * (1 - ink)).round().astype(np.uint8)


def _cell(words: tuple[str, ...]) -> np.ndarray:
    ink = inked([line_through(corners, 8) @ points for points, corners in strokes_of(words)], PEN)
    scale = (CELL - 12) / max(ink.shape)
    height, width = (max(1, round(scale * side)) for side in ink.shape)
    small = np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BOX))
    cell = np.zeros((CELL, CELL), np.float32)
    top, left = (CELL - height) // 2, (CELL - width) // 2
    cell[top : top + height, left : left + width] = small
    return cell


if __name__ == "__main__":
    Image.fromarray(picture()).save(sys.argv[1] if len(sys.argv) > 1 else FILE, optimize=True)
