"""Arrays as pictures for a page: what a browser unpacks is what was painted."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from core.charts.colours import DARK, LIGHT, inked
from core.charts.pictures import templates
from ui.pictures import SMALL, data_url, png


def unpacked(file: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))


def of_url(url: str) -> np.ndarray:
    head, _, body = url.partition(",")
    assert head == "data:image/webp;base64"
    return unpacked(base64.b64decode(body))


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_digit_as_webp_has_the_colours_that_were_painted_and_those_of_the_png(digits, colours):
    painted = inked(digits.x_train[0].reshape(28, 28), colours)
    shown = of_url(data_url(painted, 3))
    assert shown.shape == (84, 84, 3)
    assert np.abs(shown[1::3, 1::3].astype(int) - painted).max() <= 3, "256 colours are kept"
    assert np.array_equal(shown, unpacked(png(painted, 3)))


def test_a_picture_too_large_to_be_kept_is_as_true_as_one_that_is():
    weights = np.random.default_rng(0).normal(size=(100, 784)).astype(np.float32)
    painted = templates(weights, LIGHT)
    assert painted.nbytes > SMALL
    assert np.array_equal(of_url(data_url(painted, 2)), unpacked(png(painted, 2)))


def test_two_pictures_of_the_same_size_are_not_taken_for_each_other(digits):
    one, other = (inked(digits.x_train[n].reshape(28, 28), LIGHT) for n in (0, 1))
    assert data_url(one, 2) != data_url(other, 2)
    assert data_url(one, 2) != data_url(one, 3)
    assert data_url(one, 2) == data_url(one.copy(), 2)
