"""An uploaded file -> a picture, and a photo or scan -> its ink. Knows files, not digits.

A file can claim to hold more pixels than the memory has room for, so its size is read before any of them is unpacked, and a
large photo is made smaller while it is.
"""

import io

import numpy as np
from PIL import Image, ImageOps
from scipy import ndimage

MAX_BYTES = 5 * 2**20
MAX_PIXELS = 16_000_000  # unpacked in full they take 64 MB as RGBA
MAX_JPEG_PIXELS = 64_000_000  # a JPEG is never unpacked in full
LONGEST = 800  # pixels of the longer side that are kept: a digit needs 20
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # and none of those that run programs, such as EPS
STROKE = 1 / 5  # of the shorter side: no pen is wider, so what is narrower and darker than its surroundings is ink
CONTRAST = 0.08  # of the paper's brightness: whatever differs less is its grain
FINE = 100  # pixels of the shorter side from which on a single pixel is no part of a digit
TOUCHES = np.ones((3, 3), bool)
# What Pillow's readers of a dozen formats trip over in a damaged file.
DAMAGED = OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError, EOFError, Warning


class UploadError(ValueError):
    """A file that is no picture that can be used. The message is one sentence for the person who chose it."""


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


def ink(picture: np.ndarray) -> np.ndarray:
    """A photo or scan, as `picture` gives it -> its ink (h, w) float32 from 0 (paper) to 1, whatever the light was like.

    The paper is what is left when everything narrower than a pen can be is painted over with what is around it
    (a morphological closing, J. Serra, "Image analysis and mathematical morphology", 1982); ink is what differs from it by
    more than N. Otsu's threshold ("A threshold selection method from gray-level histograms", 1979) or half of it, for
    soft edges. Without any ink all is 0.
    """
    grey = _grey(picture)
    if min(grey.shape) < 3 or np.ptp(grey) < CONTRAST:
        return np.zeros(grey.shape, np.float32)
    if _is_light_on_dark(grey):
        grey = 1 - grey
    paper = _paper(grey)
    darker = np.clip((paper - grey) / np.maximum(paper, 0.4), 0, 1)  # in the deepest shadow everything would be ink
    if min(grey.shape) >= FINE:
        darker = ndimage.median_filter(darker, 3)  # without single specks
    threshold = _otsu(darker)
    inked = darker > threshold
    if threshold < CONTRAST or not inked.any():
        return np.zeros(grey.shape, np.float32)
    full = float(np.median(darker[inked]))
    soft = np.clip((darker - threshold / 2) / max(full - threshold / 2, CONTRAST), 0, 1)
    near = ndimage.binary_dilation(inked, TOUCHES, iterations=2)  # soft edges, but no faint marks elsewhere
    return np.where(near, soft, 0).astype(np.float32)


def _read(data: bytes, longest: int) -> np.ndarray:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        limit = MAX_JPEG_PIXELS if image.format == "JPEG" else MAX_PIXELS
        if width * height > limit:
            raise UploadError(_too_large(f"{width:,} x {height:,} pixels", limit))
        if width * height == 0:
            raise UploadError("The image has no pixels.")
        image.draft("RGB", (longest, longest))  # a JPEG is unpacked at an eighth of its size or more; else nothing
        image.load()
        image = _eight_bits(image, longest)
        return np.asarray(ImageOps.exif_transpose(image))


def _eight_bits(image: Image.Image, longest: int) -> Image.Image:
    """Small, and in grey, RGB or RGBA of eight bits."""
    exif = image.getexif()
    if image.mode.startswith(("I", "F")):  # 16 or 32 bits of grey, in whatever range the file uses
        values = np.asarray(image, np.float32)
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        scaled = np.nan_to_num((values - low) * (255 / ((high - low) or 1.0)))
        image = Image.fromarray(np.clip(scaled, 0, 255).astype(np.uint8))
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


def _too_large(size: str, limit: int) -> str:
    return f"The image has {size}; at most {limit // 1_000_000} megapixels can be read: make it smaller first."


def _grey(picture: np.ndarray) -> np.ndarray:
    """(h, w) float32 from 0 (black) to 1; transparent paper is as far from the ink as it can be."""
    values = picture.astype(np.float32) / 255
    if values.ndim == 2:
        return values
    grey = values[:, :, :3] @ np.float32([0.299, 0.587, 0.114])  # ITU-R BT.601
    if values.shape[2] == 3:
        return grey
    alpha = values[:, :, 3]
    dark = float((grey * alpha).sum()) < 0.5 * float(alpha.sum())
    return grey * alpha + (1.0 if dark else 0.0) * (1 - alpha)


def _is_light_on_dark(grey: np.ndarray) -> bool:
    """Whether the ink is lighter than the paper: what is far from the paper's even light lies mostly above it.

    The even light is a tilted plane, fitted twice: the second time without what was far from it.
    """
    rows, columns = np.mgrid[-1:1:32j, -1:1:32j]
    small = np.asarray(Image.fromarray(grey).resize((32, 32), Image.Resampling.BOX))
    terms = np.stack([np.ones(32 * 32), rows.ravel(), columns.ravel()], axis=1)
    kept = np.abs(small.ravel() - np.median(small)) <= np.quantile(np.abs(small - np.median(small)), 0.7)
    plane = terms @ np.linalg.lstsq(terms[kept], small.ravel()[kept], rcond=None)[0]
    away = small.ravel() - plane
    return float((away[away > 0] ** 2).sum()) > float((away[away < 0] ** 2).sum())


def _paper(grey: np.ndarray) -> np.ndarray:
    """The brightness of the paper everywhere, under the ink as well."""
    side = max(3, round(min(grey.shape) * STROKE))
    return ndimage.uniform_filter(ndimage.grey_closing(ndimage.uniform_filter(grey, 3), (side, side)), side // 2 + 1)


def _otsu(values: np.ndarray) -> float:
    """The threshold between two kinds of values from 0 to 1 that leaves each kind most alike in itself."""
    counts, edges = np.histogram(values, 128, (0, 1))
    middles = (edges[:-1] + edges[1:]) / 2
    below, above = np.cumsum(counts)[:-1], np.cumsum(counts[::-1])[::-1][1:]
    sum_below, sum_above = np.cumsum(counts * middles)[:-1], np.cumsum((counts * middles)[::-1])[::-1][1:]
    between = below * above * (sum_below / np.maximum(below, 1) - sum_above / np.maximum(above, 1)) ** 2
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float(edges[1:-1][best].mean())  # two values alone are told apart equally well anywhere between them
