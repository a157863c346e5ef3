"""Lessons whose runs are trained: what they say, on histories where the truth is known, and on the report's own."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from core import checkpoints
from core.config import PRESETS
from core.history import EpochEnd
from core.lessons import trained
from core.lessons.lesson import Material
from core.mlp import MLP
from core.training import begin, model_at


def history(*ends: tuple[float, float]) -> list[EpochEnd]:
    """Epochs with these training and validation accuracies."""
    return [EpochEnd(i + 1, 1.0, train, val, 0.01, 0.1, 1.0) for i, (train, val) in enumerate(ends)]


def material(digits=None, **ends) -> Material:
    """Runs by their names whose epochs ended so."""
    return Material({name: SimpleNamespace(history=history(*some)) for name, some in ends.items()}, digits)


def rates(*ends: float) -> Material:
    return material(**{name: [(end, end)] for name, end in zip(trained.RATES, ends, strict=True)})


def test_the_best_rate_is_named_and_what_chance_may_have_put_behind_it():
    clear = trained.rate(rates(0.54, 0.90, 0.10))
    assert (clear.answer.value, clear.answer.as_good, clear.holds) == ("0.01", frozenset(), True)
    assert "54.00% with 0.001, 90.00% with 0.01 and 10.00% with 0.3" in clear.sentences[0]
    tied = trained.rate(rates(0.895, 0.90, 0.10))
    assert (tied.answer.value, tied.answer.as_good, tied.holds) == ("0.01", frozenset({"0.001"}), False)
    assert not trained.rate(rates(0.95, 0.90, 0.10)).holds


def batches(small: list[float], large: list[float]) -> Material:
    return material(**{"16": [(end, end) for end in small], "256": [(end, end) for end in large]})


@pytest.mark.parametrize(
    ("small", "large", "answer", "holds"),
    [
        ([0.70] + [0.95] * 15, [0.79] * 16, "small-large", True),
        ([0.70] + [0.95] * 15, [0.70] * 16, "small-even", True),
        ([0.85] + [0.95] * 15, [0.79] * 16, "small-small", False),
        ([0.10] * 16, [0.79] * 16, "large-large", False),
        ([0.79] * 16, [0.79] * 16, "even-even", False),
    ],
)
def test_batches_are_compared_at_equal_epochs_and_at_equal_steps(small, large, answer, holds):
    found = trained.batch(batches(small, large))
    assert (found.answer.value, found.holds) == (answer, holds)
    assert "125 and 128" in found.sentences[1]


def test_the_two_moments_of_equal_steps_differ_by_less_than_a_large_step():
    small, large = (config.steps_per_epoch for config in trained.BATCHES.values())
    assert (small, large) == (125, 8)


@pytest.mark.slow
def test_the_length_of_a_summed_step_is_that_of_autograds_gradient(digits):
    config = trained.SUMS["64"]
    found = Material({"64": begin(config, digits)}, digits)
    model = model_at(found.runs["64"], 0)
    assert isinstance(model, MLP)
    arrays = {
        name: torch.tensor(array.astype(np.float64), requires_grad=True) for name, array in model.arrays().items()
    }
    lengths = []
    for n in (64, 1_024):
        x = torch.tensor(digits.x_train[:n].reshape(n, 784) / 255.0)
        hidden = torch.sigmoid(x @ arrays["w1"].T + arrays["b1"])
        logits = hidden @ arrays["w2"].T + arrays["b2"]
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(digits.y_train[:n].astype(int)), reduction="sum")
        grads = torch.autograd.grad(loss, list(arrays.values()))
        lengths.append(np.sqrt(sum(float((grad**2).sum()) for grad in grads)))
    assert trained.step_ratio(found) == pytest.approx(lengths[1] / lengths[0], rel=1e-4)


def sizes(*ends: tuple[float, float]) -> Material:
    return material(**{name: [end] for name, end in zip(trained.SIZES, ends, strict=True)})


def test_more_images_must_help_every_time_and_every_time_less():
    found = trained.data(sizes((0.70, 0.54), (0.98, 0.85), (0.99, 0.91), (0.99, 0.95), (0.999, 0.975)))
    assert found.holds
    assert found.answer.value == pytest.approx((54, 85, 91, 95, 97.5))
    assert not trained.data(sizes((0.70, 0.54), (0.98, 0.53), (0.99, 0.91), (0.99, 0.95), (0.999, 0.975))).holds
    assert not trained.data(sizes((0.70, 0.54), (0.98, 0.55), (0.99, 0.91), (0.99, 0.95), (0.999, 0.975))).holds


@pytest.mark.parametrize(
    ("strong", "answer"),
    [((0.95, 0.905), "narrower"), ((0.95, 0.94), "better"), ((0.985, 0.905), "same"), ((0.99, 0.88), "wider")],
)
def test_a_brake_is_judged_by_the_gap_and_by_new_images(strong, answer):
    usual = (0.9875, 0.9065)
    ends = {"MLP": [usual], "MLP, strong L2": [strong], "CNN": [(0.998, 0.958)], "CNN, no dropout": [(1.0, 0.9545)]}
    found = trained.brakes(material(**ends))
    assert found.answer.value == answer
    assert found.holds == (answer == "narrower")
    assert "may be chance" in found.sentences[1]


def test_the_runs_of_the_report_are_among_those_that_are_compared():
    assert trained.SIZES["2,000"] == trained.BRAKES["MLP"] == PRESETS["MLP small"]
    assert trained.SIZES["50,000"] == PRESETS["MLP full"]
    assert checkpoints.path_of(PRESETS["MLP full"].key).exists()
