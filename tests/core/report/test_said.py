"""The numbers of the report agree with each other."""

import numpy as np
import pytest

from core.report import said


def counts() -> np.ndarray:
    return np.array([[said.counted(digit, answer) for answer in range(10)] for digit in range(10)])


@pytest.mark.parametrize("digit", range(10))
def test_each_row_of_its_matrix_is_a_whole_number_of_images_to_the_last_digit(digit):
    row = counts()[digit]
    assert row.sum() == said.IMAGES[digit]
    assert tuple(f"{100 * n / row.sum():.2f}" for n in row) == said.MATRIX[digit]


def test_its_test_accuracy_is_the_diagonal_of_its_matrix_over_5000_images():
    assert said.TEST_IMAGES == 5_000
    assert round(counts().trace() / said.TEST_IMAGES, 4) == said.TEST_ACCURACY["MLP full"]
    assert counts().trace() == 4_764


def test_a_number_off_a_curve_is_known_to_half_of_its_last_digit():
    assert said.About("0.925").half == pytest.approx(0.0005)
    assert said.About("0.9").half == pytest.approx(0.05)
