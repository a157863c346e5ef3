"""One image to look at, by a name that fits into a link: "test-18", "validation-50012", or a whole drawing as a text.

MNIST's own counting is used: its test images are 0 to 9,999, its training images 0 to 59,999, of which the last 10,000
validate here. A drawing is its 784 bytes, compressed, in the letters that an address may hold.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core.data import PIXELS, SIDE, TEST_SIZE, TRAIN_SIZE, Images

FIRST = {"test": 0, "validation": TRAIN_SIZE}  # of each part, by MNIST's counting
EACH = TEST_SIZE  # images has either part
OF_MNIST = re.compile(r"(test|validation)-(\d{1,5})")
DRAWING = "drawing-"
LONGEST = 2_000  # letters of a drawing's name: 784 bytes that do not compress are 1,060


def levels(images: np.ndarray) -> np.ndarray:
    """Ink of any shape, uint8 or float from 0 to 1 -> uint8, 0 paper to 255 ink."""
    return images if images.dtype == np.uint8 else (images * 255).round().astype(np.uint8)


class ChosenError(ValueError):
    """A name that is no image's. The message is one sentence."""


class Chosen(NamedTuple):
    """An image, what it shows where that is known, and what it is called."""

    image: np.ndarray  # (28, 28) uint8, 0 paper to 255 ink
    label: int | None
    code: str  # in a link
    name: str  # in a sentence


def chosen(code: str, part: Callable[[str], Images]) -> Chosen:
    """The image of this name, from the `part` of MNIST that it is in. Raises ChosenError for any other text."""
    if code.startswith(DRAWING):
        return Chosen(_drawing(code), None, code, "your drawing")
    of_mnist = OF_MNIST.fullmatch(code)
    if of_mnist is None:
        raise ChosenError(f"“{code[:40]}” is not the name of an image, such as test-18.")
    where, index = of_mnist[1], int(of_mnist[2])
    first = FIRST[where]
    if not first <= index < first + EACH:
        raise ChosenError(f"There is no {where} image {index:,}: they are numbered {first:,} to {first + EACH - 1:,}.")
    images, labels = part(where)
    return Chosen(images[index - first], int(labels[index - first]), code, name_of(where, index))


def name_of(part: str, index: int) -> str:
    """What an image of MNIST is called, wherever it is named: "test image 9,587". `part` is test, validation or training."""
    return f"{part} image {index:,}"


def code_of_drawing(image: np.ndarray) -> str:
    """The name that `chosen` reads as this image: (28, 28), uint8 or float from 0 to 1."""
    return DRAWING + base64.urlsafe_b64encode(zlib.compress(levels(image).tobytes(), 9)).decode().rstrip("=")


def _drawing(code: str) -> np.ndarray:
    text = code.removeprefix(DRAWING)
    try:
        if len(text) > LONGEST:
            raise ValueError
        unpacker = zlib.decompressobj()
        pixels = unpacker.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), PIXELS + 1)
        image = np.frombuffer(pixels, np.uint8).reshape(SIDE, SIDE)  # ValueError unless it is exactly 784 bytes
    except (ValueError, zlib.error, binascii.Error):
        raise ChosenError("The drawing in this link is damaged: draw it again.") from None
    return image
