"""From a drawing to the image that MNIST would hold of it."""

from itertools import pairwise

import numpy as np
import pytest

from core import checkpoints
from core.config import PRESETS
from core.images.ready import PENS, pen_width
from core.sketch.preprocessing import LARGEST, SketchError, digits_apart, raw_resize, steps, to_mnist
from tests.drawings import drawings
from tests.strokes import STROKES, VARIANTS, drawn, placed


def on_canvas(digit: np.ndarray, size: int = 280, top: int = 20, left: int = 150, scale: int = 4) -> np.ndarray:
    """A digit (28, 28) uint8 drawn small into the corner of a large black canvas, white on black."""
    canvas = np.zeros((size, size), np.uint8)
    drawn = digit.repeat(scale, axis=0).repeat(scale, axis=1)
    canvas[top : top + len(drawn), left : left + len(drawn)] = drawn
    return canvas


def rgba(grey: np.ndarray) -> np.ndarray:
    return np.dstack([grey, grey, grey, np.full_like(grey, 255)])


def black_on_transparent(ink: np.ndarray) -> np.ndarray:
    return np.dstack([np.zeros_like(ink)] * 3 + [ink])


def white_on_transparent(ink: np.ndarray) -> np.ndarray:
    return np.dstack([np.full_like(ink, 255)] * 3 + [ink])


def on_grey_paper(ink: np.ndarray) -> np.ndarray:
    return (200 - ink * 0.7).astype(np.uint8)


LOOKS = {
    "white on black": lambda ink: ink,
    "black on white": lambda ink: 255 - ink,
    "floats": lambda ink: (ink / 255).astype(np.float32),
    "double precision": lambda ink: 1 - ink / 255,
    "RGB": lambda ink: np.dstack([255 - ink] * 3),
    "RGBA, white on black": rgba,
    "RGBA, black on white": lambda ink: rgba(255 - ink),
    "black on transparent": black_on_transparent,
    "white on transparent": white_on_transparent,
    "dark on grey paper": on_grey_paper,
}


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS)
def test_a_small_digit_in_a_corner_is_read_as_in_the_middle(look, trained, digits):
    images, labels = digits.x_test[:500], digits.y_test[:500]
    sketched = np.stack([to_mnist(LOOKS[look](on_canvas(image))) for image in images])
    assert sketched.shape == (500, 28, 28)
    assert sketched.dtype == np.float32
    read = trained.model.predict_proba(sketched).argmax(axis=1)
    as_in_mnist = trained.model.predict_proba(images).argmax(axis=1)
    assert (read == labels).mean() >= (as_in_mnist == labels).mean() - 0.01


def pen_of(image: np.ndarray) -> float:
    """How wide a digit's pen is, in MNIST's pixels where its longer side is 20."""
    fine = image.repeat(8, axis=0).repeat(8, axis=1) > 0.5 * image.max()
    rows, columns = np.nonzero(fine)
    return pen_width(fine) * 20 / max(np.ptp(rows), np.ptp(columns))


@pytest.mark.slow
@pytest.mark.parametrize("look", ["white on black", "black on white", "RGBA, black on white"])
def test_a_digit_of_mnist_comes_back_as_it_was(look, digits):
    images = digits.x_test[:200] / 255
    sketched = np.stack([to_mnist(LOOKS[look](on_canvas(image))) for image in digits.x_test[:200]])
    lengths = np.linalg.norm(images, axis=(1, 2)) * np.linalg.norm(sketched, axis=(1, 2))
    overlap = (images * sketched).sum(axis=(1, 2)) / lengths
    pens = np.array([pen_of(image) for image in images])
    usual = (pens > PENS[0]) & (pens < PENS[1])
    assert usual.mean() > 0.75
    assert (overlap[usual] > 0.99).mean() > 0.95  # a few lie between two pixels, and are rounded to the other one
    others = [alike(images[i], sketched[i]) for i in np.flatnonzero(~usual)]
    assert np.mean(others) > 0.9, "they have another pen, and are the same digits still"


def test_the_digit_fits_20_by_20_with_its_mass_in_the_middle(digits):
    for image in digits.x_test[:50]:
        sketched = to_mnist(on_canvas(image))
        rows, columns = np.nonzero(sketched)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(20, abs=1)
        places = np.arange(28)  # MNIST's own centres of mass lie from 13.5 to 14.5, counted like this
        assert sketched.sum(axis=1) @ places / sketched.sum() == pytest.approx(14, abs=0.51)
        assert sketched.sum(axis=0) @ places / sketched.sum() == pytest.approx(14, abs=0.51)


@pytest.mark.parametrize(
    "canvas",
    [
        np.zeros((280, 280), np.uint8),
        np.full((280, 280), 255, np.uint8),
        np.full((280, 280, 3), 128, np.uint8),
        np.zeros((280, 280, 4), np.uint8),
        np.zeros((1, 1)),
    ],
    ids=["black", "white", "grey", "transparent", "one pixel"],
)
def test_an_empty_canvas_gives_an_empty_image(canvas):
    sketched = to_mnist(canvas)
    assert sketched.shape == (28, 28)
    assert sketched.dtype == np.float32
    assert not sketched.any()


def test_a_1_stays_thin():
    canvas = np.zeros((280, 280), np.uint8)
    canvas[40:240, 60:72] = 255
    ink = to_mnist(canvas) > 0.1
    assert ink.any(axis=1).sum() == 20
    assert ink.any(axis=0).sum() <= 3


@pytest.mark.parametrize(("height", "width"), [(1, 500), (500, 1), (20, 20), (5, 3)])
def test_any_size_of_canvas_will_do(height, width):
    canvas = np.zeros((height, width))
    canvas[height // 2, width // 2] = 1.0
    assert to_mnist(canvas).shape == (28, 28)


def test_the_drawing_stays_as_it_was():
    canvas = np.zeros((50, 50), np.float32)
    canvas[10:40, 20:24] = 1.0
    before = canvas.copy()
    canvas.flags.writeable = False
    to_mnist(canvas)
    assert np.array_equal(canvas, before)


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param(np.zeros(784), id="one dimension"),
        pytest.param(np.zeros((28, 28, 2)), id="two channels"),
        pytest.param(np.zeros((2, 28, 28, 3)), id="two pictures"),
        pytest.param(np.zeros((0, 28)), id="no pixels"),
        pytest.param(np.zeros((28, 28), int), id="whole numbers"),
        pytest.param(np.zeros((28, 28), complex), id="complex numbers"),
        pytest.param(np.full((28, 28), "a"), id="words"),
        pytest.param(np.full((28, 28), np.nan), id="no numbers"),
        pytest.param(np.full((28, 28), 255.0), id="floats beyond 1"),
        pytest.param(np.full((28, 28), -0.1), id="floats below 0"),
    ],
)
def test_what_is_no_drawing_is_refused(drawing):
    with pytest.raises(ValueError, match=r"^A drawing "):
        to_mnist(drawing)


def test_a_drawing_that_is_too_large_is_refused_before_it_is_copied():
    huge = np.broadcast_to(np.uint8(0), (5_000, 5_000, 4))  # takes no memory
    with pytest.raises(SketchError, match=r"^A drawing has at most 4,000,000 pixels, not 5,000 x 5,000\.$"):
        to_mnist(huge)
    assert LARGEST == 4_000_000


@pytest.mark.parametrize("side", [200, 280])
@pytest.mark.parametrize("pen", [4, 9, 14, 30])
@pytest.mark.parametrize("slope", [0.0, 0.4, 1.0])
def test_the_width_of_a_pen_is_that_of_the_line_it_drew(side, pen, slope):
    line = [[(40.0, 60.0), (40.0 + 100, 60.0 + 100 * slope)]]
    assert pen_width(drawn(line, side, pen) > 127) == pytest.approx(pen, rel=0.12, abs=0.5)


@pytest.mark.slow
@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("pen", [2, 5, 10, 16])
def test_every_pen_becomes_one_of_mnists(digit, pen):
    sheet = drawn(placed(VARIANTS[digit][0], 90, 60, 70), pen=pen)
    assert PENS[0] * 0.8 <= pen_of(steps(sheet).pen) <= PENS[1] * 1.25


def alike(first: np.ndarray, second: np.ndarray) -> float:
    """The cosine between two images, the second moved by a pixel where that brings them closer."""
    moved = [np.roll(second, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return max(float((first * other).sum()) for other in moved) / np.linalg.norm(first) / np.linalg.norm(second)


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("hand", [0, 1])
def test_the_same_digit_looks_the_same_whatever_its_size_place_and_pen(digit, hand):
    def image(left, top, size, pen):
        return to_mnist(drawn(placed(VARIANTS[digit][hand], left, top, size), pen=pen))

    usual = image(70, 70, 140, 14)
    likeness = [
        alike(usual, image(left, top, size, pen))
        for left, top, size, pen in [
            (5, 5, 60, 6),
            (20, 10, 240, 24),
            (200, 190, 70, 7),
            (40, 40, 160, 30),
            (100, 5, 120, 3),
        ]
    ]
    assert min(likeness) > 0.8, likeness


def test_each_step_does_what_its_name_says():
    sheet = drawn(placed(VARIANTS[4][0], 150, 20, 100), pen=30)
    raw, cropped, pen, scaled, centred = steps(sheet)
    assert raw.shape == (280, 280)
    np.testing.assert_allclose(raw, sheet / 255, atol=1e-6)
    rows, columns = np.nonzero(sheet)
    assert cropped.shape == pytest.approx((np.ptp(rows) + 1, np.ptp(columns) + 1), abs=2)
    assert pen_of(pen) < pen_of(cropped)
    assert max(scaled.shape) == 20
    assert centred.shape == (28, 28)
    assert centred.sum() == pytest.approx(scaled.sum())
    for picture in (raw, cropped, pen, scaled, centred):
        assert picture.dtype == np.float32
        assert 0 <= picture.min() <= picture.max() <= 1


def test_a_wide_pen_never_breaks_a_stroke_that_is_thin_elsewhere():
    blot = drawn([[(60, 60), (60, 120)]], pen=60)
    hair = drawn([[(60, 120), (60, 240)]], pen=5)
    ink = steps(np.maximum(blot, hair)).pen
    assert (ink.max(axis=1)[:-1] > 0.5).all(), "the hair is there from top to bottom"


def test_specks_are_no_part_of_a_digit():
    sheet = drawn(placed(VARIANTS[5][0], 90, 60, 120), pen=12)
    speckled = sheet.copy()
    speckled[5:9, 270:275] = speckled[250:253, 4:8] = 255
    np.testing.assert_array_equal(to_mnist(speckled), to_mnist(sheet))


def test_a_pencil_is_as_good_as_ink_but_the_shade_of_paper_is_none():
    sheet = drawn(placed(VARIANTS[8][0], 60, 60, 120), pen=10) / 255
    np.testing.assert_allclose(to_mnist(0.9 - 0.3 * sheet), to_mnist(sheet), atol=0.02)
    assert not to_mnist(0.9 - 0.05 * sheet).any()


@pytest.mark.slow
def test_a_drawing_that_touches_the_border_survives(digits, trained):
    for image in digits.x_test[:50]:
        rows, columns = np.nonzero(image)
        tight = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        touching = np.zeros((tight.shape[0] + 40, tight.shape[1] + 60), np.uint8)
        touching[: tight.shape[0], : tight.shape[1]] = tight
        np.testing.assert_allclose(to_mnist(touching), to_mnist(np.pad(touching, 30)), atol=1e-6)


@pytest.mark.parametrize("number", ["7", "42", "10", "123", "908"])
def test_digits_that_stand_apart_are_found_from_left_to_right(number):
    strokes = [placed(VARIANTS[int(digit)][0], 10 + 88 * i, 60 + 20 * i, 84) for i, digit in enumerate(number)]
    parts = digits_apart(drawn([stroke for digit in strokes for stroke in digit], pen=8))
    assert len(parts) == len(number)
    for part, digit in zip(parts, strokes, strict=True):
        np.testing.assert_allclose(part.image, to_mnist(drawn(digit, pen=8)), atol=1e-6)
        top, left, bottom, right = part.box
        xs, ys = zip(*(point for stroke in digit for point in stroke), strict=True)
        assert (top, left, bottom, right) == pytest.approx((min(ys) - 4, min(xs) - 4, max(ys) + 4, max(xs) + 4), abs=2)


@pytest.mark.parametrize("digit", range(10))
def test_one_digit_of_any_hand_is_one_part(digit):
    for hand in VARIANTS[digit]:
        for pen in (3, 8, 20):
            (part,) = digits_apart(drawn(placed(hand, 60, 60, 120), pen=pen))
            np.testing.assert_allclose(part.image, to_mnist(drawn(placed(hand, 60, 60, 120), pen=pen)), atol=1e-6)


def test_an_empty_drawing_has_no_digits():
    assert digits_apart(np.zeros((50, 50), np.uint8)) == []


def test_a_raw_resize_is_the_mean_of_what_a_pixel_covers():
    sheet = drawn(placed(VARIANTS[3][0], 60, 60, 120))
    np.testing.assert_allclose(raw_resize(sheet), sheet.reshape(28, 10, 28, 10).mean(axis=(1, 3)) / 255, atol=1e-6)


@pytest.mark.parametrize("side", [28, 280])
@pytest.mark.parametrize("paper", [0.0, 1.0])
def test_where_the_paper_is_known_a_digit_along_the_border_is_no_paper(side, paper):
    down, right = np.mgrid[:side, :side] / side * 28
    ring = np.hypot((down - 13.5) / 14, (right - 13.5) / 14)
    zero = ((ring < 1.02) & (ring > 0.8)).astype(np.float32)
    wide = side // 28
    zero[:wide] = zero[-wide:] = zero[:, :wide] = zero[:, -wide:] = 1  # all of the border is ink
    drawing = zero if paper == 0 else 1 - zero
    (part,) = digits_apart(drawing, paper=paper)
    np.testing.assert_array_equal(part.image, to_mnist(drawing, paper=paper))
    assert part.box == (0, 0, side, side)
    assert part.image[4:-4, 4].mean() > 0.5, "the border is ink"
    assert part.image[10:-10, 10:-10].max() < 0.3, "and the middle is paper"


def test_paper_without_any_paper_left_has_no_digit():
    assert digits_apart(np.ones((28, 28), np.float32), paper=0.0) == []


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("every", [2, 3])
def test_a_dotted_line_is_one_digit(digit, every):
    cells = np.zeros((28, 28), np.float32)
    for stroke in placed(STROKES[digit], 2, 2, 24):
        walked = 0.0
        for (x0, y0), (x1, y1) in pairwise(stroke):
            length = float(np.hypot(x1 - x0, y1 - y0))
            for share in np.arange(0, 1, 0.25 / max(length, 0.25)):
                if (walked + share * length) % every < 0.25:
                    cells[round(y0 + share * (y1 - y0)), round(x0 + share * (x1 - x0))] = 1
            walked += length
    (part,) = digits_apart(cells, paper=0.0)
    whole = to_mnist(drawn(placed(STROKES[digit], 20, 20, 240), 280, 15), paper=0.0)
    assert alike(part.image, whole) > 0.6


@pytest.mark.parametrize("under", [0, 255])
def test_a_card_with_a_transparent_margin_lies_on_its_own_paper(under):
    sheet = 255 - drawn(placed(VARIANTS[3][0], 60, 60, 160), pen=12)
    card = np.full((400, 400, 4), (under, under, under, 0), np.uint8)
    card[60:340, 60:340] = rgba(sheet)
    np.testing.assert_allclose(to_mnist(card), to_mnist(sheet), atol=0.02)


# What each network reads of 1,000 test images that were written again by a round pen, less a margin: of all, and of those
# whose pen is no hair and less than a quarter as wide as they are tall, so that they do not fill themselves up.
READS = {"MLP full": (0.925, 0.945), "CNN full": (0.95, 0.96), "CNN sketch": (0.97, 0.98)}


@pytest.fixture(scope="module")
def sketched(digits):
    """Drawings made ready for a network, and merely resized; their labels; and which have a pen of a usual width."""
    found = drawings(digits.x_test[:1_000], digits.y_test[:1_000])
    usual = np.array([0.03 < drawing.pen / drawing.length < 0.25 for drawing in found])
    ready, resized = (np.stack([make(drawing.sheet) for drawing in found]) for make in (to_mnist, raw_resize))
    return ready, resized, digits.y_test[:1_000], usual


@pytest.mark.slow
@pytest.mark.parametrize("name", READS)
def test_drawings_of_all_sizes_places_and_pens_are_read(name, sketched):
    ready, resized, labels, usual = sketched
    model = checkpoints.load(PRESETS[name].key).model
    right, right_resized = (model.predict_proba(images).argmax(axis=1) == labels for images in (ready, resized))
    print(
        f"{name}: {right.mean():.1%}, with a usual pen {right[usual].mean():.1%}, merely resized {right_resized.mean():.1%}"
    )
    assert right.mean() >= READS[name][0]
    assert right[usual].mean() >= READS[name][1]
    assert right_resized.mean() < 0.7, "that is why"
