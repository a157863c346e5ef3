"""Damage against SciPy's image functions, and as pictures that one can check by hand."""

import numpy as np
import pytest
from scipy import ndimage

from core.config import SettingsError
from core.images.corruption import LEVELS, Corruption, add_noise, corrupted, rotate, shift, single


@pytest.fixture(scope="module")
def images(digits):
    return digits.x_test[:50].astype(np.float32) / 255


@pytest.mark.parametrize("degrees", [-45, -9, 0, 17.5, 45, 90])
def test_a_turn_is_scipys(images, degrees):
    ours = rotate(images, degrees)
    theirs = ndimage.rotate(images, degrees, axes=(1, 2), reshape=False, order=1, mode="grid-constant")
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_a_turn_is_counter_clockwise():
    dot = np.zeros((1, 28, 28), np.float32)
    dot[0, 13, 25] = 1  # on the right
    row, column = np.argwhere(rotate(dot, 45)[0] > 0).mean(axis=0)
    assert row < 10, "now it is further up"
    assert column < 25


@pytest.mark.parametrize(("right", "down"), [(0, 0), (3, 0), (-8, 0), (0, 8), (-2, -5), (8, 8)])
def test_a_shift_is_scipys(images, right, down):
    theirs = ndimage.shift(images, (0, down, right), order=0, mode="grid-constant")
    np.testing.assert_array_equal(shift(images, right, down), theirs)


def test_noise_has_its_deviation_stays_within_0_and_1_and_is_the_same_for_the_same_seed():
    grey = np.full((200, 28, 28), 0.5, np.float32)
    noisy = add_noise(grey, 0.1, seed=3)
    assert noisy.std() == pytest.approx(0.1, rel=0.01)
    assert noisy.mean() == pytest.approx(0.5, abs=0.001)
    wild = add_noise(grey, 5.0, seed=3)
    assert (wild.min(), wild.max()) == (0, 1)
    np.testing.assert_array_equal(noisy, add_noise(grey, 0.1, seed=3))
    assert not np.array_equal(noisy, add_noise(grey, 0.1, seed=4))
    np.testing.assert_array_equal(noisy[:7], add_noise(grey[:7], 0.1, seed=3))


def test_no_corruption_changes_nothing_and_the_originals_stay(digits):
    before = digits.x_test[:20].copy()
    np.testing.assert_array_equal(
        corrupted(digits.x_test[:20], Corruption()), before.astype(np.float32) / np.float32(255)
    )
    everything = corrupted(digits.x_test[:20], Corruption(thicker=2, degrees=20, right=3, down=-2, noise=0.3))
    assert everything.dtype == np.float32
    assert everything.shape == (20, 28, 28)
    assert 0 <= everything.min() <= everything.max() <= 1
    np.testing.assert_array_equal(digits.x_test[:20], before)


def test_floats_and_bytes_are_the_same_image(digits):
    images = digits.x_test[:5]
    corruption = Corruption(degrees=10, thicker=0.5)
    np.testing.assert_allclose(
        corrupted(images, corruption), corrupted(images.astype(np.float32) / np.float32(255), corruption), atol=1e-6
    )


@pytest.mark.parametrize("wrong", [{"degrees": 46}, {"right": 9}, {"down": 0.5}, {"thicker": -2}, {"noise": -0.1}])
def test_corruption_outside_its_limits_is_refused(wrong):
    with pytest.raises(SettingsError):
        Corruption(**wrong)


def test_every_level_is_allowed_and_begins_or_passes_through_no_corruption():
    for kind, levels in LEVELS.items():
        assert Corruption() in [single(kind, level) for level in levels]
        assert list(levels) == sorted(set(levels))
