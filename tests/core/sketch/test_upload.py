"""Files from outside: read upright, small and in few colours, or refused with a sentence; and the ink of a photo."""

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from core import checkpoints
from core.config import PRESETS
from core.sketch.paper import ink
from core.sketch.preprocessing import to_mnist
from core.sketch.upload import LONGEST, MAX_BYTES, UploadError, picture
from tests.strokes import STROKES, drawn, placed


def saved(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def four(side: int = 280, pen: float = 14) -> np.ndarray:
    """A 4 in the upper left, ink 255."""
    return drawn(placed(STROKES[4], 0.1 * side, 0.1 * side, 0.6 * side), side, pen)


def png_that_claims(width: int, height: int) -> bytes:
    """A file that says it is an image of this size, and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_the_usual_formats_show_the_same_digit(kind):
    found = picture(saved(Image.fromarray(255 - four()), kind))
    grey = found if found.ndim == 2 else found.mean(axis=2)
    assert grey.shape == (280, 280)
    assert np.abs(grey - (255.0 - four())).mean() < 3


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_whatever_the_pixels_are_made_of_the_ink_is_the_same(mode):
    image = Image.fromarray(255 - four())
    sixteen_bits = Image.fromarray((255 - four()).astype(np.uint16) * 257)
    image = sixteen_bits if mode == "I;16" else image.convert(mode, dither=Image.Dither.NONE)
    found = ink(picture(saved(image, "TIFF" if mode in ("CMYK", "F", "I") else "PNG")))
    assert np.abs(found - four() / 255).mean() < 0.02


def test_transparent_paper_is_paper_whatever_colour_the_ink_has():
    for colour in (0, 255):
        pixels = np.full((280, 280, 4), colour, np.uint8)
        pixels[:, :, 3] = four()
        found = ink(picture(saved(Image.fromarray(pixels))))
        assert np.abs(found - four() / 255).mean() < 0.02, colour


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_as_the_camera_was_held(orientation):
    upright = Image.fromarray(255 - four()).convert("RGB")
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = picture(saved(stored, "JPEG", exif=exif, quality=95))
    assert np.abs(found.mean(axis=2) - (255.0 - four())).mean() < 2


def test_of_an_animation_it_is_the_first_frame():
    frames = [Image.fromarray(255 - four()), Image.fromarray(four())]
    found = ink(picture(saved(frames[0], "GIF", save_all=True, append_images=frames[1:])))
    assert np.abs(found - four() / 255).mean() < 0.02


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This is not an image"),
        (b"%PDF-1.7 and more", "This is not an image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is not an image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "This is not an image"),
        (bytes(MAX_BYTES + 1), "at most 10 MB"),
        (png_that_claims(10_000, 10_000), "at most 16 megapixels"),
        (png_that_claims(2_000_000, 2_000_000), "at most 16 megapixels"),
        (png_that_claims(1_000, 1_000), "damaged or incomplete"),
        (saved(Image.fromarray(four()))[:400], "damaged or incomplete"),
        (saved(Image.fromarray(four()).convert("RGB"), "JPEG")[:2_000], "damaged or incomplete"),
        (saved(Image.fromarray(four()), "GIF")[:200], "damaged or incomplete"),
        (saved(Image.fromarray(four()), "TIFF")[:60_000], "damaged or incomplete"),
    ],
)
def test_what_is_no_picture_is_refused_with_one_sentence(data, sentence):
    tracemalloc.start()
    with pytest.raises(UploadError, match=sentence):
        picture(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20 * 2**20


def test_any_file_with_wrong_bytes_in_it_is_read_or_refused():
    rng = np.random.default_rng(0)
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"):
        whole = saved(Image.fromarray(255 - four()), kind)
        for _ in range(40):
            data = bytearray(whole)
            for place in rng.integers(0, min(len(data), 600), 3):
                data[place] = rng.integers(0, 256)
            try:
                found = picture(bytes(data))
            except UploadError:
                continue
            assert found.dtype == np.uint8
            assert max(found.shape[:2]) <= LONGEST


def test_a_large_photo_becomes_small_while_it_is_read():
    psutil = pytest.importorskip("psutil")
    data = saved(Image.new("L", (8_000, 6_000), 200), "JPEG")
    process = psutil.Process()
    before = process.memory_info().rss
    assert picture(data).shape[:2] == (600, 800)
    assert process.memory_info().rss - before < 60 * 2**20


def photo(digit: int, side: int = 600, light_ink: bool = False, seed: int = 0) -> np.ndarray:
    """A photo of a digit on paper: light that falls off to one corner, a soft shadow across it, grain, and blur."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:1:side*1j, 0:1:side*1j]  # fmt: skip
    light = 0.95 - 0.45 * (0.6 * x + 0.4 * y) - 0.15 / (1 + np.exp((x + 0.5 * y - 0.8) * 30))
    strokes = drawn(placed(STROKES[digit], side * 0.3, side * 0.25, side * 0.4), side, side * 0.022) / 255
    paper, pen = (0.25, 0.9) if light_ink else (0.9, 0.25)
    grey = light * (paper + (pen - paper) * strokes) + rng.normal(0, 0.02, (side, side))
    return np.clip(grey * 255, 0, 255).astype(np.uint8)


@pytest.mark.slow
@pytest.mark.parametrize("light_ink", [False, True])
@pytest.mark.parametrize("digit", range(10))
def test_a_photo_in_uneven_light_is_read(digit, light_ink):
    cnn = checkpoints.load(PRESETS["CNN full"].key).model
    found = ink(picture(saved(Image.fromarray(photo(digit, light_ink=light_ink)), "JPEG", quality=80)))
    clean = drawn(placed(STROKES[digit], 180, 150, 240), 600, 600 * 0.022) / 255
    inked = found > 0.5
    assert (inked & (clean > 0.5)).sum() / (inked | (clean > 0.5)).sum() > 0.8, "the ink, and nothing else"
    assert cnn.predict_proba(to_mnist(found)[None]).argmax() == digit


@pytest.mark.parametrize("shape", [(1, 1), (2, 500), (400, 400), (400, 400, 3), (400, 400, 4)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_page_without_ink_has_none(shape, value):
    assert ink(np.full(shape, value, np.uint8)).max() == 0


def test_grain_is_no_ink():
    rng = np.random.default_rng(0)
    paper = np.clip(rng.normal(210, 4, (500, 400)), 0, 255).astype(np.uint8)
    assert ink(paper).max() == 0


def test_an_image_of_mnist_itself_stays_itself(digits):
    for image in digits.x_test[:50]:
        found = ink(picture(saved(Image.fromarray(image))))
        assert np.corrcoef(found.ravel(), image.ravel())[0, 1] > 0.85
