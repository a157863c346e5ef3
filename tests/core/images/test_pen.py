"""Another pen, against SciPy's morphology."""

import numpy as np
import pytest
from scipy import ndimage

from core.images.pen import move_border

CROSS = ndimage.generate_binary_structure(2, 1)[None]  # a pixel and its four neighbours


@pytest.fixture(scope="module")
def images(digits):
    return digits.x_test[:50].astype(np.float32) / 255


def by(images: np.ndarray, pixels: float) -> np.ndarray:
    return move_border(images, np.full(len(images), pixels))


@pytest.mark.parametrize("pixels", [1, 2, 3])
def test_a_thicker_pen_is_scipys_dilation_and_a_thinner_one_its_erosion(images, pixels):
    thicker, thinner = images, images
    for _ in range(pixels):
        thicker = ndimage.grey_dilation(thicker, footprint=CROSS, mode="constant", cval=0)
        thinner = ndimage.grey_erosion(thinner, footprint=CROSS, mode="constant", cval=0)
    np.testing.assert_array_equal(by(images, pixels), thicker)
    np.testing.assert_array_equal(by(images, -pixels), thinner)


def test_half_a_pixel_is_half_the_way(images):
    np.testing.assert_allclose(by(images, 1.5), (by(images, 1) + by(images, 2)) / 2, atol=1e-6)
    np.testing.assert_allclose(by(images, -0.5), (images + by(images, -1)) / 2, atol=1e-6)


def test_every_image_has_a_pen_of_its_own(images):
    pixels = np.random.default_rng(0).uniform(-2, 2, len(images))
    alone = [move_border(image[None], pixels[[i]])[0] for i, image in enumerate(images)]
    np.testing.assert_array_equal(move_border(images, pixels), alone)


def test_the_images_stay_as_they_were(images):
    before = images.copy()
    by(images, 1.0)
    np.testing.assert_array_equal(images, before)
    assert by(images[:0], 1.0).shape == (0, 28, 28)
