"""Digits as other people might have written them."""

import numpy as np
import pytest
from scipy import ndimage

from core.images import augmentation
from core.images.augmentation import augmented, with_other_shapes


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_without_strength_nothing_changes(digits):
    images = digits.x_train[:100]
    np.testing.assert_allclose(augmented(0.0, images, rng()), images / 255, atol=1e-6)


def test_the_same_random_numbers_give_the_same_images_and_others_give_others(digits):
    images = digits.x_train[:20]
    first, again, other = (augmented(1.0, images, rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (np.abs(first - other).max(axis=(1, 2)) > 0.5).all()


def test_every_image_is_changed_in_a_way_of_its_own_and_stays_ink_on_paper(digits):
    images = np.repeat(digits.x_train[:1], 50, axis=0)
    changed = augmented(1.0, images, rng())
    assert changed.shape == (50, 28, 28)
    assert changed.dtype == np.float32
    assert 0 <= changed.min() <= changed.max() <= 1
    assert len(np.unique(changed.reshape(50, -1), axis=0)) == 50


@pytest.mark.parametrize("strength", [0.3, 1.0])
def test_places_between_pixels_are_read_as_scipy_reads_them(digits, strength, monkeypatch):
    seen = {}
    at = augmentation._at

    def listen(x, row, column):
        seen["places"] = row.copy(), column.copy()
        return at(x, row, column)

    monkeypatch.setattr(augmentation, "_at", listen)
    x = digits.x_train[:30] / np.float32(255)
    ours = with_other_shapes(x, strength, rng(3))
    rows, columns = seen["places"]
    theirs = [
        ndimage.map_coordinates(image, (row, column), order=1, mode="grid-constant")
        for image, row, column in zip(x, rows, columns, strict=True)
    ]
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_turns_shifts_and_stretches_have_their_deviations(digits, monkeypatch):
    """A plane of places is fitted to where 2,000 images take their pixels from."""
    places = []
    monkeypatch.setattr(augmentation, "_at", lambda x, row, column: places.append((row, column)) or x)
    monkeypatch.setattr(augmentation, "BEND", 0.0)
    with_other_shapes(np.zeros((2_000, 28, 28), np.float32), 1.0, rng(4))
    (row, column), grid = places[0], np.indices((28, 28)) - 13.5
    design = np.stack([grid[0].ravel(), grid[1].ravel(), np.ones(784)], axis=1)
    of_row = np.linalg.lstsq(design, row.reshape(2_000, -1).T)[0]  # tall cos, sin, 13.5 + shift
    of_column = np.linalg.lstsq(design, column.reshape(2_000, -1).T)[0]
    turn = np.arcsin(of_row[1])
    assert np.rad2deg(turn).std() == pytest.approx(augmentation.TURN, rel=0.06)
    assert np.log(of_row[0] / np.cos(turn)).std() == pytest.approx(augmentation.STRETCH, rel=0.06)
    assert (of_column[0] + of_row[1]).std() == pytest.approx(augmentation.SLANT, rel=0.06)
    for shift in (of_row[2], of_column[2]):
        assert shift.mean() == pytest.approx(13.5, abs=0.06)
        assert shift.std() == pytest.approx(augmentation.SHIFT, rel=0.06)


@pytest.mark.slow
def test_a_network_that_learnt_from_them_reads_turned_digits_better(few):
    from core.config import MLPConfig
    from core.images.corruption import Corruption, corrupted
    from core.training import begin, evaluate, train

    turned = corrupted(few.x_test, Corruption(degrees=15, right=2))
    accuracy = {}
    for strength in (0.0, 1.0):
        checkpoint = begin(config := MLPConfig(train_size=1_000, epochs=30, augmentation=strength), few)
        for _ in train(config, few, checkpoint):
            pass
        accuracy[strength] = evaluate(checkpoint.model, turned, few.y_test).accuracy
    assert accuracy[1.0] > accuracy[0.0] + 0.02
