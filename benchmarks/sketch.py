"""What follows a stroke on the sketch pad: the drawing made ready, and read by the report's two networks; and a photo read."""

import io

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.compare import Comparison, Target
from core import checkpoints
from core.config import PRESETS
from core.data import Digits
from core.sketch import upload
from core.sketch.preprocessing import to_mnist


def reading(_: Digits) -> Comparison:
    """A 4 of two strokes, as the pad sends it, with a pen that has to be made finer."""
    drawing = four()
    mlp, cnn = (checkpoints.load(PRESETS[name].key).model for name in ("MLP full", "CNN full"))

    def read() -> None:
        image = to_mnist(drawing)[None]
        mlp.predict_proba(image)
        cnn.predict_proba(image)

    return Comparison(
        "One drawing, 280 x 280 pixels, read by the report's MLP and CNN",
        50,
        {"the drawing made ready": lambda: to_mnist(drawing), "ours": read},
        [Target("ours", "below", 0.015)],
    )


def photo(_: Digits) -> Comparison:
    """A 4 on a sheet in light that falls off, with grain."""
    sheet = Image.new("L", (upload.LONGEST, 600), 230)
    draw = ImageDraw.Draw(sheet)
    draw.line([(300, 120), (260, 300), (480, 300)], 40, 40)
    draw.line([(420, 140), (410, 480)], 40, 40)
    light = np.linspace(0.8, 1, 600)[:, None]
    grey = np.asarray(sheet) * light + np.random.default_rng(0).normal(0, 2, (600, upload.LONGEST))
    file = io.BytesIO()
    Image.fromarray(grey.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    data = file.getvalue()
    return Comparison(
        "One photo, 800 x 600 pixels: its ink found and made ready",
        20,
        {"ours": lambda: upload.read(data)},
        [Target("ours", "below", 0.2)],
    )


def four() -> np.ndarray:
    """(280, 280, 4) uint8: black on transparent paper."""
    sheet = Image.new("RGBA", (280, 280))
    draw = ImageDraw.Draw(sheet)
    draw.line([(60, 40), (45, 90), (120, 90)], "black", 22)
    draw.line([(100, 40), (95, 150)], "black", 22)
    return np.asarray(sheet)
