"""A file -> a picture, its ink and its digits: what the page and the command line do with a photo or scan.

A file can claim to hold more pixels than the memory has room for, so its size is read before any of them is unpacked, and a
large photo is made smaller while it is.
"""

import io
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps
from scipy import ndimage

from core.sketch import paper
from core.sketch.preprocessing import Part, digits_apart

MAX_BYTES = 10 * 2**20  # a photo of a phone has 4 to 8 MB; .streamlit/config.toml lets 12 through
MAX_PIXELS = 16_000_000  # unpacked in full they take 64 MB as RGBA
MAX_JPEG_PIXELS = 64_000_000  # a JPEG is never unpacked in full, nor is a phone's MPO, which is several of them
LONGEST = 800  # pixels of the longer side that are kept: a digit needs 20
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # and none of those that run programs, such as EPS
MOST_DIGITS = 8  # that are read one by one
NO_DIGIT = "There is no digit on this picture: no ink could be told from the paper."
GRAIN = (
    20  # times the grain of a picture of many bits that its range has to be, to be taken for the ink's and the paper's
)
# What Pillow's readers of a dozen formats trip over in a damaged file.
DAMAGED = OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError, EOFError, Warning


class UploadError(ValueError):
    """A file that is no picture that can be used. The message is one sentence for the person who chose it."""


class Read(NamedTuple):
    """What was found in a file: the picture as `picture` gives it, its ink (h, w) float32, and its digits."""

    picture: np.ndarray
    ink: np.ndarray
    parts: list[Part]
    problem: str  # why there is no digit, in one sentence; empty where there is one


def picture(data: bytes, longest: int = LONGEST) -> np.ndarray:
    """The bytes of an image file -> (h, w), (h, w, 3), or (h, w, 4) where some of it is transparent, uint8, upright.

    Its longer side is at most `longest`. Of an animation it is the first frame. Raises UploadError.
    """
    if len(data) > MAX_BYTES:
        raise UploadError(f"The file has {len(data) / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB can be read.")
    try:
        return _read(data, longest)
    except UploadError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UploadError(_too_large("far more pixels", MAX_PIXELS)) from None
    except Image.UnidentifiedImageError:
        raise UploadError("This is not an image that can be read: use PNG, JPEG, WebP, GIF, BMP or TIFF.") from None
    except DAMAGED:
        raise UploadError("The image is damaged or incomplete: save it again and try once more.") from None


def read(data: bytes) -> Read:
    """The bytes of an image file -> the picture, its ink, and its digits. Raises UploadError."""
    shown = picture(data)
    try:
        ink = paper.ink(shown)
    except paper.PaperError as error:
        return Read(shown, np.zeros(shown.shape[:2], np.float32), [], str(error))
    parts = digits_apart(ink, paper=0.0)
    if len(parts) > MOST_DIGITS:
        return Read(
            shown, ink, [], f"There are {len(parts)} pieces of ink here: at most {MOST_DIGITS} digits can be read."
        )
    return Read(shown, ink, parts, "" if parts else NO_DIGIT)


def _read(data: bytes, longest: int) -> np.ndarray:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        limit = MAX_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MAX_PIXELS
        if width * height > limit:
            raise UploadError(_too_large(f"{width:,} x {height:,} pixels", limit))
        if width * height == 0:
            raise UploadError("The image has no pixels.")
        image.draft("RGB", (longest, longest))  # a JPEG is unpacked at an eighth of its size or more; else nothing
        image.load()
        return np.asarray(ImageOps.exif_transpose(_eight_bits(image, longest)))


def _eight_bits(image: Image.Image, longest: int) -> Image.Image:
    """Small, and in grey, RGB or RGBA of eight bits."""
    exif = image.getexif()
    if image.mode.startswith(("I", "F")):  # 16 or 32 bits of grey, in whatever range the file uses
        image = Image.fromarray(_in_range(np.asarray(image, np.float32)))
    elif image.mode == "1":
        image = image.convert("L")
    elif image.has_transparency_data:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema()[0] == 255:
            image = image.convert("RGB")
    elif image.mode not in ("L", "RGB"):
        image = image.convert("RGB")  # palettes, CMYK, YCbCr, Lab
    image.thumbnail((longest, longest), Image.Resampling.BOX)
    if 0x0112 in exif:  # which way is up
        image.getexif()[0x0112] = exif[0x0112]
    return image


def _in_range(values: np.ndarray) -> np.ndarray:
    """Brightness in any range (h, w) float32 -> uint8, so that what most pixels are is between 0 and 255.

    Single pixels that are hot, dead or no number decide nothing. Black is 0, unless something is far darker or lighter than
    the rest, beyond all grain: then the range is that of the picture.
    """
    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(values.shape, np.uint8)
    values = np.where(finite, values, np.median(values[finite])).astype(np.float64)
    usual = ndimage.median_filter(values, 3)
    low, high = float(usual.min()), float(usual.max())
    grain = 1.48 * float(np.median(np.abs(values - usual)))
    if low >= 0 and high - low <= GRAIN * grain:
        low = 0.0
    return np.clip((values - low) * (255 / ((high - low) or 1.0)), 0, 255).astype(np.uint8)


def _too_large(size: str, limit: int) -> str:
    return f"The image has {size}; at most {limit // 1_000_000} megapixels can be read: make it smaller first."
