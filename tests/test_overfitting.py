"""Sweeps, and what is said about them."""

import numpy as np
import pytest

from core import charts, charts_overfitting
from core.config import CNNConfig, MLPConfig, SettingsError
from core.overfitting import Sweep, by_epoch, from_link, outcome, reading, rows, to_link
from core.training import EpochEnd


def history(*accuracies: tuple[float, float], seconds: float = 1.0) -> list[EpochEnd]:
    """A history with these training and validation accuracies."""
    return [
        EpochEnd(epoch, 1 - train, train, val, 0.01, seconds, 1 - val)
        for epoch, (train, val) in enumerate(accuracies, 1)
    ]


def test_a_sweep_is_networks_times_sizes_times_seeds():
    sweep = Sweep(networks=("mlp", "cnn"), sizes=(2_000, 500), seeds=2, shared=MLPConfig(epochs=5, hidden_units=32))
    assert len(sweep.configs()) == 8
    assert list(sweep.panels()) == [("mlp", 500), ("mlp", 2_000), ("cnn", 500), ("cnn", 2_000)]
    assert sweep.panels()["cnn", 500] == [CNNConfig(train_size=500, epochs=5, seed=seed) for seed in (0, 1)]
    assert sweep.configs()[0] == MLPConfig(train_size=500, epochs=5), "what only an MLP has is not shared"


def test_the_reports_comparison_is_the_default():
    assert Sweep().configs() == [MLPConfig(train_size=2_000), MLPConfig()]


@pytest.mark.parametrize(
    "wrong",
    [{"networks": ()}, {"sizes": (500,)}, {"sizes": (500, 500)}, {"sizes": (99, 500)}, {"seeds": 0}, {"seeds": 6}],
)
def test_what_cannot_be_compared_is_refused(wrong):
    with pytest.raises(SettingsError):
        Sweep(**wrong)


def test_a_link_carries_the_whole_sweep():
    sweep = Sweep(networks=("mlp", "cnn"), sizes=(100, 700, 50_000), seeds=3, shared=MLPConfig(epochs=7, batch_size=32))
    assert from_link(to_link(sweep)) == (sweep, [])


def test_an_outcome_is_the_mean_and_the_ends_over_the_seeds():
    seeds = [history((0.5, 0.5), (0.9, 0.8), seconds=2), history((0.5, 0.5), (1.0, 0.7), seconds=3)]
    result = outcome("mlp", 500, seeds)
    assert result.training == pytest.approx((0.95, 0.9, 1.0))
    assert result.validation == pytest.approx((0.75, 0.7, 0.8))
    assert result.gap == pytest.approx((20, 10, 30))
    assert result.seconds == pytest.approx((5, 4, 6))
    assert outcome("mlp", 500, [[], []]) is None


def test_a_band_reaches_over_the_seeds_that_have_come_so_far():
    seeds = [history((0.1, 0.1), (0.2, 0.2)), history((0.3, 0.3))]
    assert by_epoch(seeds, "train_accuracy") == [
        (1, (pytest.approx(0.2), 0.1, 0.3)),
        (2, (pytest.approx(0.2), 0.2, 0.2)),
    ]


def test_a_panel_has_at_most_a_few_hundred_points_per_line():
    table = charts_overfitting.panel_table(charts.ACCURACY, [history(*[(0.9, 0.8)] * 2_000)])
    assert table.groupby("series").size().max() <= charts.MOST_POINTS
    assert set(table["epoch"]) >= {1, 2_000}


def test_panels_share_an_axis_that_holds_the_ends_of_all():
    tables = [
        charts_overfitting.panel_table(charts.ACCURACY, [history(*[(value, value - 0.05)] * 20)])
        for value in (0.9, 0.7)
    ]
    low, high = charts_overfitting.domain_of(charts.ACCURACY, tables)
    assert low == pytest.approx(0.65)
    assert high == 1.0


@pytest.mark.parametrize(
    ("small", "large", "words"),
    [
        ((0.99, 0.90), (0.99, 0.97), "It over-fits the small set: more data took 7.0 points off the gap"),
        ((0.90, 0.91), (0.95, 0.95), "Neither is over-fitting to speak of."),
        ((0.95, 0.93), (0.99, 0.90), "Here the gap grows with the data"),
        ((0.20, 0.18), (0.99, 0.97), "has hardly learned yet"),
    ],
)
def test_the_words_follow_from_the_numbers(small, large, words):
    outcomes = [outcome("mlp", 500, [history(small)]), outcome("mlp", 50_000, [history(large)])]
    assert words in reading(outcomes, {})[0]


def test_seeds_that_differ_more_than_sizes_are_not_made_a_finding():
    small = [history((0.99, 0.90)), history((0.99, 0.96))]
    large = [history((0.99, 0.92)), history((0.99, 0.95))]
    outcomes = [outcome("mlp", 500, small), outcome("mlp", 50_000, large)]
    assert "nothing can be said about the gap" in reading(outcomes, {})[0]


def test_a_run_that_diverged_is_named():
    assert reading([], {("cnn", 500): "Diverged at epoch 2."}) == [
        "With 500 images the CNN did not finish. Diverged at epoch 2."
    ]


def test_no_gap_is_called_so():
    outcomes = [outcome("mlp", 500, [history((0.9, 0.92))])]
    assert "no gap" in reading(outcomes, {})[0]
    assert np.isclose(rows(outcomes)[0]["Gap, points"], -2)
