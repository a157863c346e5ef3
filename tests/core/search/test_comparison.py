"""Whether two settings differ by more than their seeds, where the truth is known."""

import numpy as np
import pytest
from scipy import stats

from core.config import MLPConfig
from core.search.comparison import Side, comparison
from core.search.outcome import Attempt
from tests.core.search.made import EPOCHS, MISSING, diverged, run, seeds

CONFIG = MLPConfig(train_size=2_000, epochs=EPOCHS)
MORE, NO_MORE = "is more than the seeds differ", "is no more than the seeds differ"


def said(first: list[Attempt], second: list[Attempt]) -> str:
    return comparison(Side("A", CONFIG, first), Side("B", CONFIG, second)).replace("**", "")


def test_a_real_difference_is_told_with_its_numbers_whichever_comes_first():
    a, b = [0.900, 0.902, 0.904], [0.930, 0.932, 0.934]
    words = said(seeds(0.95, *a), seeds(0.97, *b))
    test = stats.ttest_ind(b, a, equal_var=False)
    low, high = test.confidence_interval(0.95)
    assert words == (
        "Of the validation images B reads 93.20% right (mean of 3 seeds, standard deviation 0.20 points), A 90.20% (mean of 3 seeds, "
        f"standard deviation 0.20 points). The difference, 3.00 points (95% interval +{100 * low:.2f} to +{100 * high:.2f}), {MORE}."
    )
    swapped = comparison(Side("B", CONFIG, seeds(0.97, *b)), Side("A", CONFIG, seeds(0.95, *a)))
    assert swapped.replace("**", "") == words


def test_equal_means_do_not_differ():
    words = said(seeds(0.97, 0.93, 0.94, 0.95), seeds(0.97, 0.95, 0.94, 0.93))
    assert "The difference, 0.00 points (95% interval −" in words
    assert NO_MORE in words


def test_what_the_seeds_can_make_is_no_difference_and_seldom_called_one():
    rng = np.random.default_rng(0)
    false = sum(
        MORE in said(seeds(0.97, *rng.normal(0.93, 0.01, 3)), seeds(0.97, *rng.normal(0.93, 0.01, 3)))
        for _ in range(400)
    )
    assert false <= 34  # 5 % of 400 are 20, and more than 34 come about once in a thousand times


def test_one_seed_each_is_no_comparison():
    assert said([run(0.9, 0.9)], [run(0.9, 0.8)]) == ""
    assert said(seeds(0.9, 0.9, 0.91), [run(0.9, 0.8)]) == ""


def test_seeds_without_spread_measure_nothing():
    words = said([run(0.9, 0.9)] * 2, [run(0.9, 0.8)] * 2)
    assert "cannot be said: the seeds have no spread to measure it by" in words
    assert "more than" not in words


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ([*seeds(0.9, 0.9, 0.91), *diverged()], "Nothing is compared: of B 1 of 3 seeds diverged."),
        ([*seeds(0.9, 0.9, 0.91), Attempt([], "failed", "The disk is full.")], "of B 1 of 3 seeds did not finish."),
        (seeds(0.9, 0.9, 0.1), "Nothing is compared: of B 1 of 2 seeds learnt nothing."),
        ([run(0.9, 0.9), MISSING], "cannot be said yet: of B 1 of 2 runs is done."),
        ([Attempt(run(0.9, 0.9).history[:2], "stopped")] * 2, "cannot be said yet: of B none of 2 runs is done."),
    ],
)
def test_what_cannot_be_said_is_not_said(second, why):
    words = said(seeds(0.97, 0.93, 0.94), second)
    assert why in words
    assert "points" not in words


def test_what_is_not_at_its_end_is_left_out_and_named():
    words = said([*seeds(0.97, 0.93, 0.94), MISSING], seeds(0.9, 0.80, 0.81))
    assert MORE in words
    assert "mean of 2 seeds" in words
    assert words.endswith("1 run that is not at the end is left out.")
