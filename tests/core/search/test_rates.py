"""The learning-rate test, on losses whose best rate is known and on the two networks."""

import math
from dataclasses import replace

import numpy as np
import pytest

from core.config import CNNConfig, MLPConfig
from core.mlp import INK, MLP
from core.search.rates import Point, deciding, growing, rate_test, read, steps_of, suggestion

STEPS = 500
CURVATURES = (4, 10, 30, 100, 300, 1000)
FEW = MLPConfig(train_size=300, batch_size=64)


def bowl(curvature: float, noise: float = 0.0) -> list[Point]:
    """The test of gradient descent in curvature / 2 * w^2, seen from a place that jitters.

    A step lands at the bottom with a rate of 1 / curvature, and farther out than before from 2 / curvature on.
    """
    rng, w = np.random.default_rng(0), [1.0]

    def step(number: int, rate: float) -> float:
        loss = 0.5 * curvature * w[0] ** 2
        w[0] -= rate * curvature * (w[0] + noise * rng.normal())
        return loss

    return list(growing(step, 1e-5, 1.0, STEPS))


@pytest.mark.parametrize("curvature", CURVATURES)
def test_in_a_bowl_it_suggests_the_rate_that_leads_to_the_bottom(curvature):
    assert 0.5 <= suggestion(bowl(curvature), STEPS).rate * curvature <= 1.0


@pytest.mark.parametrize("noise", [0.1, 1.0])
@pytest.mark.parametrize("curvature", CURVATURES)
def test_in_a_bowl_with_noise_it_breaks_away_where_steps_lead_out_and_suggests_a_rate_that_is_well_below(
    curvature, noise
):
    found = suggestion(bowl(curvature, noise), STEPS)
    assert 1.8 <= found.away * curvature <= 4
    assert 0.04 <= found.rate * curvature <= 0.4


def test_a_steeper_bowl_is_the_same_test_at_lower_rates():
    """Both have their edge at the same step, but for what 500 steps round."""
    one, other = (suggestion(bowl(curvature), STEPS) for curvature in (50, 500))
    assert one.steepest / other.steepest == pytest.approx(10, rel=0.06)


@pytest.mark.parametrize(
    "loss",
    [
        lambda number, rate: 2.3,
        lambda number, rate: 2.3 + rate,
        lambda number, rate: 2.3 * (1 - 0.09 * number / STEPS),
        lambda number, rate: math.nan,
        lambda number, rate: 0.0,
    ],
    ids=["level", "rising", "hardly falling", "no number", "nothing to learn"],
)
def test_where_nothing_is_learnt_it_suggests_nothing_and_says_so(loss):
    points = list(growing(loss, 1e-5, 1.0, STEPS))
    assert suggestion(points, STEPS) is None
    assert read(suggestion(points, STEPS), len(points)) == [
        f"The loss fell by less than a tenth in {len(points)} steps: this test suggests no learning rate."
    ]


def test_it_is_over_once_the_loss_has_broken_away_or_is_no_number():
    away = list(growing(lambda number, rate: 1.0 if number < 250 else 100.0, 1e-5, 1.0, STEPS))
    assert 250 < len(away) < 270
    ended = list(growing(lambda number, rate: 1 - number / 300 if number < 200 else math.inf, 1e-5, 1.0, STEPS))
    assert len(ended) == 200
    assert suggestion(ended, STEPS).away == ended[-1].rate


def test_the_rate_grows_by_the_same_factor_over_all_that_the_setting_allows(digits):
    points = list(rate_test(replace(FEW, batch_size=1), digits))
    rates = [point.rate for point in points]
    assert rates[0] == pytest.approx(1e-5)
    assert np.ptp(np.diff(np.log(rates))) < 1e-9
    assert steps_of(MLPConfig()) == 500
    assert [steps_of(MLPConfig(batch_size=size)) for size in (1, 1024)] == [2_000, 200]


def test_its_losses_are_those_of_the_run_itself_with_these_rates(digits):
    """The network's own passes and steps, batch after batch in the run's order, into its second epoch."""
    model, points = MLP(), list(rate_test(FEW, digits))[:8]
    order = np.concatenate([np.random.default_rng((0, epoch)).permutation(300) for epoch in (1, 2)])
    batches = [order[start : start + 64] for start in range(0, 256, 64)] + [order[256:300]]
    batches += [order[start : start + 64] for start in range(300, 492, 64)]
    for point, rows in zip(points, batches, strict=True):
        loss, gradients = model.backward(digits.x_train[rows].reshape(-1, 784) * INK, digits.y_train[rows])
        assert point.loss == pytest.approx(loss / len(rows), rel=1e-5)
        model.sgd_step(gradients, point.rate, FEW.weight_decay)


@pytest.mark.slow
@pytest.mark.parametrize("config", [MLPConfig(), CNNConfig()])
def test_what_it_suggests_for_the_report_s_networks_is_near_the_report_s_rate(config, digits):
    """The report found 0.01 by hand for either, and training with 0.02 to be a little better for the MLP."""
    found = suggestion(list(rate_test(config, digits)), steps_of(config))
    assert 0.005 <= found.rate <= 0.05
    assert found.rate < found.away


def test_settings_that_do_not_matter_to_it_share_one():
    one = MLPConfig(train_size=300, learning_rate=0.5, learning_rate_decay=0.9, epochs=3)
    assert deciding(one) == deciding(MLPConfig(train_size=300))
    assert deciding(one) != deciding(MLPConfig(train_size=400))


def test_it_says_which_of_its_two_reasons_decides():
    found = suggestion(bowl(100, 1.0), STEPS)
    assert read(found, STEPS) == [
        f"The loss falls fastest at a learning rate of {found.steepest:.2g}, and breaks away at {found.away:.2g}.",
        f"Suggested: **{found.rate:g}**, where it falls fastest: no more than a tenth of the rate at which it broke away.",
    ]
