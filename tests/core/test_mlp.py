"""The MLP that is written from scratch, against PyTorch, finite differences and a calculation by hand."""

import math
import subprocess
import sys

import numpy as np
import pytest
import torch
from scipy import special, stats
from torch.nn import functional as F

from core.config import MLPConfig
from core.mlp import ACTIVATIONS, MLP, MLPLearner, sigmoid, softmax

TORCH = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
HIDDEN, BATCH = 7, 5


@pytest.fixture
def batch() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.random((BATCH, 784)), rng.integers(10, size=BATCH)


def exact_mlp(activation: str) -> MLP:
    """A network in double precision whose hidden units are neither saturated nor all alike."""
    model = MLP(HIDDEN, activation, dtype=np.float64)
    rng = np.random.default_rng(2)
    model.load({name: rng.normal(0, 0.1, array.shape) for name, array in model.arrays().items()})
    return model


def torch_parameters(model: MLP) -> list[torch.Tensor]:
    return [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in model.arrays().values()]


def torch_loss(parameters, x: np.ndarray, labels: np.ndarray, activation: str) -> torch.Tensor:
    w1, b1, w2, b2 = parameters
    logits = TORCH[activation](torch.tensor(x) @ w1.T + b1) @ w2.T + b2
    return F.cross_entropy(logits, torch.tensor(labels).long(), reduction="sum")


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_equal_autograd(activation, batch):
    model = exact_mlp(activation)
    parameters = torch_parameters(model)
    loss, gradients = model.backward(*batch)
    expected = torch_loss(parameters, *batch, activation)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for ours, theirs in zip(gradients, torch.autograd.grad(expected, parameters), strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_equal_finite_differences(activation, batch):
    model, step = exact_mlp(activation), 1e-6
    gradients = model.backward(*batch)[1]._asdict()
    gradients = {name: gradient.copy() for name, gradient in gradients.items()}  # the next call overwrites them
    rng = np.random.default_rng(3)
    for name, array in model.arrays().items():
        for place in rng.permutation(array.size)[:40]:
            middle = array.flat[place]
            array.flat[place] = middle + step
            above = model.backward(*batch)[0]
            array.flat[place] = middle - step
            below = model.backward(*batch)[0]
            array.flat[place] = middle
            assert gradients[name].flat[place] == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-7)


def test_one_step_equals_a_calculation_by_hand():
    # One hidden unit, one white pixel: f1 = sigmoid(ln 3) = 1 / (1 + 1/3) = 3/4.
    # Only digit 3 has a weight, (4/3) ln 11: its logit is ln 11, all others are 0, so the sum of exp() is 11 + 9 = 20
    # and probs are 11/20 = 0.55 for the 3 and 0.05 for each other digit.
    model = MLP(hidden_units=1, dtype=np.float64)
    model.load({"w1": np.zeros((1, 784)), "b1": np.zeros(1), "w2": np.zeros((10, 1)), "b2": np.zeros(10)})
    model.w1[0, 0], model.w2[3, 0] = math.log(3), math.log(11) / 0.75
    x = np.zeros((1, 784))
    x[0, 0] = 1.0
    f1, probs = model.forward(x)
    assert f1[0, 0] == pytest.approx(0.75)
    assert probs[0] == pytest.approx([0.05] * 3 + [0.55] + [0.05] * 6)

    # The image is a 3: loss = -ln 0.55. delta2 = probs - one_hot = 0.05, but -0.45 for the 3; times f1 it is grad_w2.
    # delta1 = -0.45 * (4/3) ln 11 * 3/4 * (1 - 3/4) = -0.1125 ln 11, which is grad_b1 and, at the white pixel, grad_w1.
    loss, gradients = model.backward(x, np.array([3]))
    assert loss == pytest.approx(-math.log(0.55))
    assert gradients.b2 == pytest.approx([0.05] * 3 + [-0.45] + [0.05] * 6)
    assert gradients.w2[:, 0] == pytest.approx([0.0375] * 3 + [-0.3375] + [0.0375] * 6)
    assert gradients.b1 == pytest.approx([-0.1125 * math.log(11)])
    assert gradients.w1[0] == pytest.approx([-0.1125 * math.log(11)] + [0.0] * 783)

    # Learning rate 0.1 and weight decay 0.5: weights shrink by a factor of 1 - 0.05 before the step, biases do not.
    model.sgd_step(gradients, learning_rate=0.1, weight_decay=0.5)
    assert model.b2[3] == pytest.approx(0.045)
    assert model.b1[0] == pytest.approx(0.01125 * math.log(11))
    assert model.w2[3, 0] == pytest.approx(0.95 * math.log(11) / 0.75 + 0.03375)
    assert model.w1[0, 0] == pytest.approx(0.95 * math.log(3) + 0.01125 * math.log(11))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_step_equals_torchs_sgd_with_decay_on_the_weights_only(activation, batch):
    model = exact_mlp(activation)
    parameters = torch_parameters(model)
    w1, b1, w2, b2 = parameters
    groups = [{"params": [w1, w2], "weight_decay": 0.1}, {"params": [b1, b2], "weight_decay": 0.0}]
    optimizer = torch.optim.SGD(groups, lr=0.05)
    torch_loss(parameters, *batch, activation).backward()
    optimizer.step()
    model.sgd_step(model.backward(*batch)[1], learning_rate=0.05, weight_decay=0.1)
    for ours, theirs in zip(model.arrays().values(), parameters, strict=True):
        np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-12)


def test_the_learner_takes_the_images_of_the_rows_from_0_to_1(few):
    model = MLP(16, seed=4)
    parameters = torch_parameters(model)
    optimizer = torch.optim.SGD(parameters, lr=0.01)
    learner = MLPLearner(model, few.x_train, few.y_train, batch_size=64, weight_decay=0.0)
    for rows in (np.arange(64), np.array([999, 3, 500])):  # the second batch is the smaller one at an epoch's end
        expected = torch_loss(parameters, few.x_train[rows].reshape(-1, 784) / 255, few.y_train[rows], "sigmoid")
        optimizer.zero_grad()
        expected.backward()
        optimizer.step()
        assert learner.step(rows, learning_rate=0.01, rng_key=()) == pytest.approx(expected.item(), rel=1e-5)
    for ours, theirs in zip(model.arrays().values(), parameters, strict=True):
        np.testing.assert_allclose(ours, theirs.detach().numpy(), atol=1e-6)


def test_weights_start_as_the_report_says():
    model = MLP(hidden_units=256, seed=5)
    for weights, inputs in ((model.w1, 784), (model.w2, 256)):
        deviation = 0.1 / math.sqrt(inputs)
        assert weights.std() == pytest.approx(deviation, rel=5 / math.sqrt(2 * weights.size))  # five standard errors
        assert stats.kstest(weights.ravel() / deviation, "norm").pvalue > 0.01
    assert not model.b1.any()
    assert not model.b2.any()


def test_it_has_as_many_parameters_as_its_settings_say():
    for hidden_units in (16, 64, 256):
        arrays = MLP(hidden_units).arrays().values()
        assert sum(array.size for array in arrays) == MLPConfig(hidden_units=hidden_units).parameter_count
    assert MLPConfig().parameter_count == 50_890  # 784 * 64 + 64 + 64 * 10 + 10


def test_the_seed_decides_the_weights():
    assert np.array_equal(MLP(seed=6).w1, MLP(seed=6).w1)
    assert not np.array_equal(MLP(seed=6).w1, MLP(seed=7).w1)


def test_softmax_and_sigmoid_never_overflow():
    logits = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4], [3.0, 1.0, 2.0]])
    z = np.array([-1e4, -30.0, -1.0, 0.0, 1.0, 30.0, 1e4])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        np.testing.assert_allclose(softmax(logits.copy()), special.softmax(logits, axis=1), rtol=1e-12)
        np.testing.assert_allclose(sigmoid(z.copy()), special.expit(z), atol=1e-15)


def test_pixels_may_be_bytes_or_shares(trained, few):
    bytes_ = trained.model.predict_proba(few.x_test)
    for dtype in (np.float32, np.float64):
        shares = trained.model.predict_proba((few.x_test / 255).astype(dtype))
        np.testing.assert_allclose(bytes_, shares, atol=1e-5)


def test_probabilities_are_ten_to_an_image_and_sum_to_1(trained, few):
    images = np.concatenate([few.x_test, few.x_val[:1]])  # one more than it reads at once
    probs = trained.model.predict_proba(images)
    assert probs.shape == (501, 10)
    assert probs.dtype == np.float32
    np.testing.assert_allclose(probs.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(probs[-1:], trained.model.predict_proba(few.x_val[:1]), atol=1e-6)
    assert trained.model.predict_proba(images[:0]).shape == (0, 10)


def test_it_needs_numpy_alone():
    heavy = ("torch", "streamlit", "pandas", "scipy", "distributed")
    script = f"import sys, core.mlp; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "[]\n"
