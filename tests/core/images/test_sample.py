"""What lies ready of the training images, against the images themselves."""

import numpy as np
import pytest

from core.data import DataError
from core.images.sample import SAMPLE_FILE, load_sample, save_sample, wall_of


def test_the_means_are_those_of_all_training_images_to_the_last_bit(digits):
    for digit, mean in enumerate(load_sample().means):
        np.testing.assert_array_equal(mean, digits.x_train[digits.y_train == digit].mean(axis=0))


def test_the_wall_is_the_first_of_the_walls(digits):
    first, second = wall_of(digits, 0), wall_of(digits, 1)
    np.testing.assert_array_equal(load_sample().wall, first)
    assert (first != second).any()
    there = {image.tobytes() for image in digits.x_train}
    assert {image.tobytes() for image in [*first, *second]} <= there


def test_a_file_that_is_made_anew_says_the_same(digits, tmp_path):
    save_sample(digits, tmp_path / "again.npz")
    for made, kept in zip(load_sample(tmp_path / "again.npz"), load_sample(), strict=True):
        np.testing.assert_array_equal(made, kept)


def test_nobody_can_change_what_everybody_shares():
    for array in load_sample():
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_missing_or_damaged_file_says_how_to_get_it_back(tmp_path):
    path = tmp_path / SAMPLE_FILE.name
    restore = r"Restore it with “git checkout -- data/sample\.npz”\.$"
    with pytest.raises(DataError, match=r"sample\.npz is missing\. " + restore):
        load_sample(path)
    path.write_bytes(SAMPLE_FILE.read_bytes()[:10_000])
    with pytest.raises(DataError, match=restore):
        load_sample(path)
