"""From a drawing to the image that MNIST would hold of it."""

import numpy as np
import pytest

from core.sketch import to_mnist


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


@pytest.mark.parametrize("look", LOOKS)
def test_a_small_digit_in_a_corner_is_read_as_in_the_middle(look, trained, digits):
    images, labels = digits.x_test[:500], digits.y_test[:500]
    sketched = np.stack([to_mnist(LOOKS[look](on_canvas(image))) for image in images])
    assert sketched.shape == (500, 28, 28)
    assert sketched.dtype == np.float32
    read = trained.model.predict_proba(sketched).argmax(axis=1)
    as_in_mnist = trained.model.predict_proba(images).argmax(axis=1)
    assert (read == labels).mean() >= (as_in_mnist == labels).mean() - 0.01


@pytest.mark.parametrize("look", ["white on black", "black on white", "RGBA, black on white"])
def test_a_digit_of_mnist_comes_back_as_it_was(look, digits):
    images = digits.x_test[:200] / 255
    sketched = np.stack([to_mnist(LOOKS[look](on_canvas(image))) for image in digits.x_test[:200]])
    lengths = np.linalg.norm(images, axis=(1, 2)) * np.linalg.norm(sketched, axis=(1, 2))
    overlap = (images * sketched).sum(axis=(1, 2)) / lengths
    assert (overlap > 0.99).mean() > 0.95  # a few lie between two pixels, and are rounded to the other one


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
