"""What is said of a grid of runs, where the truth is known."""

import numpy as np
import pytest
from scipy import stats

from core.config import MLPConfig
from core.search.found import Found, outcomes
from core.search.grid import Axis, Grid
from core.search.outcome import Attempt
from core.search.reading import reading
from core.search.ridge import trade_off
from core.search.seeds import deviation, difference
from tests.core.search.made import EPOCHS, MISSING, diverged, run, seeds

SHARED = MLPConfig(train_size=2_000, epochs=EPOCHS)


def grid_of(setting: str, values, n: int = 1) -> Grid:
    return Grid(shared=(SHARED,), axes=(Axis(setting, tuple(values)),), seeds=n)


def said(runs: dict[float, list[Attempt]], setting: str = "learning_rate") -> str:
    """The reading of one network, without bold type."""
    grid = grid_of(setting, runs, max(map(len, runs.values())))
    return " ".join(reading(grid, {("mlp", value): tried for value, tried in runs.items()})).replace("**", "")


NAMED = "by more than the seeds differ"


def test_a_real_difference_is_named_with_its_numbers():
    words = said(
        {
            0.001: seeds(0.85, 0.850, 0.852, 0.854),
            0.01: seeds(0.97, 0.930, 0.932, 0.934),
            0.1: seeds(0.95, 0.900, 0.902, 0.904),
        }
    )
    assert (
        "The MLP's highest validation accuracy is 93.20%, with rate 0.01 (mean of 3 seeds, standard deviation 0.20 points); "
        "the next is 90.20%, with rate 0.1." in words
    )
    assert f"It is better than each of the others, {NAMED}." in words
    assert "at the edge" not in words


def test_equal_means_are_not_told_apart():
    words = said(
        {0.01: seeds(0.97, 0.93, 0.94, 0.95), 0.1: seeds(0.97, 0.95, 0.94, 0.93), 1.0: seeds(0.9, 0.80, 0.81, 0.82)}
    )
    assert "From rate 0.1 it is no further than the seeds differ." in words
    assert NAMED not in words


def test_a_difference_that_the_seeds_can_make_is_none():
    words = said({0.01: seeds(0.97, 0.90, 0.96), 0.1: seeds(0.97, 0.89, 0.93)})
    assert "From rate 0.1 it is no further than the seeds differ." in words


def test_of_one_seed_nothing_is_said_about_the_seeds():
    words = said({0.01: [run(0.99, 0.95)], 0.1: [run(0.9, 0.80)], 1.0: [run(0.5, 0.4)]})
    assert "95.00%, with rate 0.01 (one seed); the next is 80.00%, with rate 0.1." in words
    assert "Whether it is better cannot be said" in words
    for word in ("mean", "standard deviation", NAMED, "under-fits"):
        assert word not in words


def test_seeds_without_any_spread_measure_no_difference():
    words = said({0.01: [run(0.99, 0.95), run(0.99, 0.95)], 0.1: [run(0.9, 0.80), run(0.9, 0.80)]})
    assert "Whether it is better cannot be said" in words


def test_one_that_has_a_single_seed_yet_is_compared_with_nothing():
    words = said({0.001: seeds(0.9, 0.85, 0.86), 0.01: seeds(0.97, 0.93, 0.932), 0.1: [*seeds(0.9, 0.9), MISSING]})
    assert "Whether it is better than rate 0.1 cannot be said" in words
    assert "1 of 6 runs is not at the end: what is compared is the rest." in words


@pytest.mark.parametrize(
    ("best", "words"),
    [
        (0.001, "the smallest learning rate: a smaller one may be better still"),
        (0.1, "the largest learning rate: a larger one may be better still"),
    ],
)
def test_the_highest_at_the_edge_of_what_was_tried_is_said_to_be_there(best, words):
    runs = {value: seeds(0.9, 0.85, 0.852) for value in (0.001, 0.01, 0.1)} | {best: seeds(0.95, 0.93, 0.932)}
    assert f"The highest lies at the edge of what was tried, with {words}." in said(runs)


def test_of_what_is_counted_the_number_is_large_or_small():
    runs = {16: seeds(0.9, 0.85, 0.852), 64: seeds(0.95, 0.93, 0.932)}
    for setting, words in (("hidden_units", "hidden units"), ("epochs", "epochs")):
        grid = grid_of(setting, runs, 2)
        attempts = {("mlp", value): tried for value, tried in runs.items()}
        if setting == "epochs":
            attempts = {
                place: [Attempt(lengthened(one.history, place[1])) for one in tried]
                for place, tried in attempts.items()
            }
        assert f"with the largest number of {words}: a larger one may be better still" in " ".join(
            reading(grid, attempts)
        )


def lengthened(history, epochs):
    """A history of so many epochs that ends as this one."""
    return [history[0]._replace(epoch=epoch) for epoch in range(1, epochs)] + [history[-1]._replace(epoch=epochs)]


def test_where_a_setting_ends_nothing_lies_beyond_its_edge():
    runs = {0.9: seeds(0.9, 0.85, 0.852), 1.0: seeds(0.95, 0.93, 0.932)}
    assert "at the edge" not in said(runs, "learning_rate_decay")
    runs = {"sigmoid": seeds(0.9, 0.85, 0.852), "relu": seeds(0.95, 0.93, 0.932)}
    assert "with relu" in said(runs, "activation")
    assert "at the edge" not in said(runs, "activation")


def test_what_diverged_is_named_and_left_out():
    words = said(
        {
            0.01: seeds(0.97, 0.93, 0.932, 0.934),
            0.1: [*seeds(0.99, 0.98, 0.982), *diverged()],
            1.0: diverged(3),
        }
    )
    assert "93.20%, with rate 0.01" in words
    assert "nothing else has come to an end that it could be compared with" in words
    assert "With rate 0.1 some seeds diverged: it is left out of what is compared." in words
    assert "With rate 1 it diverged." in words


def test_a_run_that_failed_says_why_and_is_not_called_diverged():
    words = said({0.01: [run(0.9, 0.9)], 0.1: [Attempt([], "failed", "No worker could be started.")]})
    assert (
        "With rate 0.1 some runs did not finish: it is left out of what is compared. No worker could be started."
        in words
    )
    assert "diverged" not in words


def test_what_is_worse_on_its_own_images_too_under_fits_and_what_has_a_larger_gap_over_fits():
    words = said(
        {
            16: [run(0.80 + i, 0.80 + i) for i in (0.0, 0.001, 0.002)],
            64: [run(0.95 + i, 0.94 + i) for i in (0.0, 0.001, 0.002)],
            256: [run(0.99 + i, 0.90) for i in (0.0, 0.001, 0.002)],
        },
        "hidden_units",
    )
    assert "With hidden units 16 it under-fits: it is worse than with hidden units 64 on new images" in words
    assert "(80.1% against 95.1%)" in words
    assert "With hidden units 256 it over-fits more than with hidden units 64" in words
    assert "(9.1 points against 1.0)" in words


def test_what_has_learnt_nothing_is_called_that():
    words = said({0.01: seeds(0.97, 0.93, 0.932), 1.0: seeds(0.1, 0.1, 0.1)})
    assert "With rate 1 it has learnt nothing: it answers like chance." in words
    assert "under-fits" not in words, "that would say less"
    words = said({0.01: seeds(0.97, 0.93, 0.932), 1.0: [run(0.1, 0.1), run(0.99, 0.98)]})
    assert "93.10%, with rate 0.01" in words
    assert (
        "With rate 1 some seeds have learnt nothing and others something: it is left out of what is compared." in words
    )
    words = said({0.1: seeds(0.1, 0.1, 0.1), 1.0: seeds(0.1, 0.1, 0.1)})
    assert "highest" not in words


def test_an_end_well_below_the_best_epoch_is_told():
    words = said({0.01: [run(0.97, 0.93, best=0.932)], 0.1: [run(0.97, 0.90, best=0.925)]})
    assert "With rate 0.1 the last epoch is worse than the best one, by 2.50 points." in words


def test_of_runs_that_are_not_there_nothing_is_said():
    assert said({0.01: [MISSING], 0.1: [MISSING]}) == ""
    assert said({0.01: [Attempt(run(0.9, 0.9).history[:2], "training")], 0.1: [MISSING]}) == ""


def test_a_stopped_seed_does_not_pass_for_an_end():
    words = said(
        {0.01: seeds(0.97, 0.93, 0.932), 0.1: [Attempt(run(0.99, 0.99, 0.99).history[:2], "stopped"), MISSING]}
    )
    assert "nothing else has come to an end" in words
    assert "2 of 4 runs are not at the end" in words


TWO = Grid(shared=(SHARED,), axes=(Axis("learning_rate", (0.01, 0.1)), Axis("batch_size", (16, 256))), seeds=3)


def two(low_small: float, high_small: float, low_large: float, high_large: float) -> dict:
    spread = (0.0, 0.002, 0.004)
    ends = {(0.01, 16): low_small, (0.1, 16): high_small, (0.01, 256): low_large, (0.1, 256): high_large}
    return {("mlp", *place): [run(0.97, val + one) for one in spread] for place, val in ends.items()}


def test_two_settings_trade_off_where_either_value_is_better_with_one_of_the_other():
    attempts = two(0.93, 0.85, 0.86, 0.92)
    (words,) = reading(TWO, attempts)
    assert (
        "The two settings **trade off**: with batch 16, rate 0.01 is better than rate 0.1, and with batch 256, rate 0.1 is better than "
        "rate 0.01, both times by more than the seeds differ." in words
    )
    assert "with **rate 0.01 at batch 16**" in words


@pytest.mark.parametrize("ends", [(0.93, 0.85, 0.92, 0.86), (0.93, 0.929, 0.92, 0.921)])
def test_two_settings_do_not_trade_off_where_one_value_is_better_with_both_or_the_seeds_differ_as_much(ends):
    attempts = two(*ends)
    found = Found(TWO, "mlp", attempts, outcomes(TWO, attempts))
    assert trade_off(found.compared()) is None
    assert "trade off" not in reading(TWO, attempts)[0]


def test_the_interval_of_a_difference_is_welch_s():
    rng = np.random.default_rng(3)
    for _ in range(20):
        first, second = rng.normal(0.9, 0.01, rng.integers(2, 6)), rng.normal(0.91, 0.03, rng.integers(2, 6))
        ends = difference(first.tolist(), second.tolist())
        expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
        np.testing.assert_allclose(ends, expected)
        assert deviation(first.tolist()) == pytest.approx(first.std(ddof=1))


@pytest.mark.slow
def test_equal_values_are_called_better_than_all_others_no_more_often_than_the_rule_allows():
    rng = np.random.default_rng(5)
    named = fitted = 0
    for _ in range(400):
        words = said(
            {rate: [run(*rng.normal((0.97, 0.93), 0.003)) for _ in range(3)] for rate in (0.001, 0.01, 0.1, 1.0)}
        )
        named += NAMED in words
        fitted += "under-fits" in words or "over-fits more" in words
    assert named / 400 < 0.05
    assert fitted / 400 < 0.05
