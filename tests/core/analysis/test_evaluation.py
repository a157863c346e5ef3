"""Figures about figures, against SciPy's."""

import pytest
from scipy.stats import binomtest

from core.analysis.evaluation import wilson_interval


@pytest.mark.parametrize(("right", "n"), [(0, 1), (1, 1), (0, 10), (10, 10), (3, 7), (50, 100), (9_528, 10_000)])
def test_the_interval_is_scipys(right, n):
    expected = binomtest(right, n).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson_interval(right, n) == pytest.approx((expected.low, expected.high), abs=1e-7)


def test_no_images_say_nothing():
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("n", [1, 10, 10_000])
def test_the_interval_stays_within_0_and_1(n):
    low, high = wilson_interval(0, n)
    assert low == pytest.approx(0, abs=1e-15)
    assert 0 <= low < high < 1
    low, high = wilson_interval(n, n)
    assert high == pytest.approx(1, abs=1e-15)
    assert 0 < low < high <= 1


def test_more_images_make_it_narrower():
    widths = [high - low for low, high in (wilson_interval(n * 9 // 10, n) for n in (10, 100, 1_000, 10_000))]
    assert widths == sorted(widths, reverse=True)
