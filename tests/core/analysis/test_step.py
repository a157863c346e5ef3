"""One step, opened: against PyTorch's autograd, MLP.backward itself and sgd_step by hand."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core import checkpoints
from core.analysis.step import Batch, Rule, after, batch_of, factors, steepest, step
from core.config import ACTIVATIONS, PRESETS
from core.mlp import MLP

TORCH = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
SUMMED = Rule(0.05, 0.01)
AVERAGED = Rule(0.05, 0.01, mean=True)
NAMES = ("w1", "b1", "w2", "b2")


def exact(activation: str) -> MLP:
    """A network in double precision whose hidden neurons are neither saturated nor all alike."""
    model, rng = MLP(7, activation, dtype=np.float64), np.random.default_rng(2)
    model.load({name: rng.normal(0, 0.1, array.shape) for name, array in model.arrays().items()})
    return model


def some(n: int) -> Batch:
    rng = np.random.default_rng(n)
    return Batch(rng.random((n, 784)), rng.integers(10, size=n))


def by_autograd(model: MLP, batch: Batch, activation: str, reduction: str) -> dict[str, np.ndarray]:
    """The gradients of weights, biases and of both layers' sums, by PyTorch in double precision."""
    w1, b1, w2, b2 = (torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in model.arrays().values())
    z1 = torch.tensor(batch.x, dtype=torch.float64) @ w1.T + b1
    z2 = TORCH[activation](z1) @ w2.T + b2
    loss = F.cross_entropy(z2, torch.tensor(batch.labels).long(), reduction=reduction)
    asked = dict(zip((*NAMES, "z1", "z2"), (w1, b1, w2, b2, z1, z2), strict=True))
    found = torch.autograd.grad(loss, list(asked.values()))
    return {name: gradient.numpy() for name, gradient in zip(asked, found, strict=True)}


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("n", [1, 8])
def test_the_backward_pass_equals_autograd(activation, n):
    model, batch = exact(activation), some(n)
    found, expected = step(model, batch, SUMMED), by_autograd(model, batch, activation, "sum")
    for name in NAMES:
        np.testing.assert_allclose(getattr(found.gradients, name), expected[name], atol=1e-9)
    np.testing.assert_allclose(found.delta1, expected["z1"], atol=1e-9)
    np.testing.assert_allclose(found.delta2, expected["z2"], atol=1e-9)
    np.testing.assert_allclose(found.sent_back * found.slope, found.delta1, atol=1e-9)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_mean_is_that_of_autograd(activation):
    model, batch = exact(activation), some(8)
    found, expected = step(model, batch, AVERAGED), by_autograd(model, batch, activation, "mean")
    for name in NAMES:
        np.testing.assert_allclose(getattr(found.gradients, name), expected[name], atol=1e-9)


@pytest.mark.parametrize("name", ["MLP full", "MLP small"])
def test_the_gradients_of_a_trained_network_are_those_of_its_own_backward(name, digits):
    model = checkpoints.load(PRESETS[name].key).model
    batch = batch_of(digits.x_test[18], int(digits.y_test[18]), digits.x_train[:7], digits.y_train[:7])
    found = step(model, batch, SUMMED)
    loss, gradients = model.backward(batch.x[:1], batch.labels[:1])
    assert found.loss == loss
    np.testing.assert_allclose(found.delta2[0], gradients.b2, atol=1e-6)
    np.testing.assert_allclose(found.delta1[0], gradients.b1, atol=1e-6)
    for ours, theirs in zip(found.gradients, model.backward(*batch)[1], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    expected = by_autograd(model, batch, "sigmoid", "sum")
    for name in NAMES:
        np.testing.assert_allclose(getattr(found.gradients, name), expected[name], atol=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("n", [1, 8, 64])
def test_ten_steps_are_ten_calls_of_sgd_step_bit_for_bit(activation, n, digits):
    model, by_hand = MLP(32, activation, seed=4), MLP(32, activation, seed=4)
    batch = batch_of(digits.x_test[3], 0, digits.x_train[: n - 1], digits.y_train[: n - 1])
    for _ in range(10):
        by_hand.sgd_step(by_hand.backward(*batch)[1], 0.05, 0.01)
    stepped = after(model, batch, SUMMED, 10)
    for name, array in by_hand.arrays().items():
        np.testing.assert_array_equal(stepped.arrays()[name], array)


def test_the_weights_after_a_step_are_those_before_the_next(digits):
    model = MLP(32, seed=4)
    batch = batch_of(digits.x_test[3], 0, digits.x_train[:7], digits.y_train[:7])
    for rule in (SUMMED, AVERAGED):
        third = step(after(model, batch, rule, 2), batch, rule)
        fourth = step(after(model, batch, rule, 3), batch, rule)
        for name in NAMES:
            np.testing.assert_array_equal(third.after[name], fourth.before[name])
        np.testing.assert_array_equal(third.probs_after, after(model, batch, rule, 3).forward(batch.x[:1])[1][0])
        assert third.loss_after == fourth.loss


def test_the_network_that_is_looked_at_stays_as_it_is(digits):
    model = MLP(32, seed=4)
    batch = batch_of(digits.x_test[3], 0, digits.x_train[:7], digits.y_train[:7])
    after(model, batch, SUMMED, 5)
    found = step(model, batch, SUMMED)
    for name, array in MLP(32, seed=4).arrays().items():
        np.testing.assert_array_equal(model.arrays()[name], array)
        np.testing.assert_array_equal(found.before[name], array)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("rule", [SUMMED, AVERAGED])
def test_a_weights_gradient_is_the_product_of_its_factors(activation, rule):
    found = step(exact(activation), some(8), rule)
    divisor = 8 if rule.mean else 1
    for layer in ("w1", "w2"):
        gradient = getattr(found.gradients, layer)
        for row, column in [(0, 0), (3, 5), (6, gradient.shape[1] - 1), steepest(found, layer)]:
            parts = factors(found, layer, row, column)
            assert parts.gradient == gradient[row, column]
            assert parts.products.sum() / divisor == pytest.approx(parts.gradient, abs=1e-12)


def test_the_steepest_weight_has_the_largest_gradient():
    found = step(exact("tanh"), some(3), SUMMED)
    for layer in ("w1", "w2"):
        gradient = getattr(found.gradients, layer)
        assert abs(gradient[steepest(found, layer)]) == np.abs(gradient).max()


def test_one_step_on_an_image_alone_lowers_its_loss(digits):
    found = step(MLP(32, seed=1), batch_of(digits.x_test[0], 7, digits.x_train[:0], digits.y_train[:0]), Rule(0.01, 0))
    assert found.loss == pytest.approx(-np.log(found.probs[0, 7]), rel=1e-6)
    assert found.loss_after == pytest.approx(-np.log(found.probs_after[7]), rel=1e-6)
    assert found.loss_after < found.loss


def test_a_step_beyond_all_numbers_says_so(digits):
    batch = batch_of(digits.x_test[0], 7, digits.x_train[:63], digits.y_train[:63])
    model = MLP(32, "relu", seed=1)
    assert step(model, batch, Rule(0.001, 0)).finite
    model.w1 *= np.float32(1e30)
    model.w2 *= np.float32(1e30)
    assert not step(after(model, batch, Rule(1.0, 0), 3), batch, Rule(1.0, 0)).finite
